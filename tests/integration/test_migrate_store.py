# SPDX-License-Identifier: GPL-3.0-or-later
"""guichectl migrate-store: a company moves to PostgreSQL and back while people work in it.

What was acknowledged is there once; old and new place hold the same rows in the moment of the switch, compared here by
other means than the program's; a move that is killed anywhere goes on; what is in the way is named and left alone."""

import contextlib
import http.client
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from guiched import SLOWNESS, Client, Server, new_id, wait_for

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import servers  # noqa: E402

PROGRAM = os.environ["GUICHECTL"]
SEED = int(os.environ.get("GUICHE_MOVE_SEED", "0")) or random.randrange(1 << 30)
HALF_MIGRATED = "migration-done:5"  # control has its tables, the company only those of its first two migrations
FAILPOINTS = ("move-step", "move-verified", "move-sealed", "move-ready", "move-published", "move-finished")
KILLED = 137


class Writer(threading.Thread):
    """A visitor who writes numbered lines, each until it is acknowledged, wherever the company is served."""

    def __init__(self, number, place, visitor):
        super().__init__(daemon=True)
        self.number, self.place = number, place
        self.token, self.conversation = visitor.token, visitor.visit["conversation_id"]
        self.acknowledged = []  # (id, seq, body)
        self.longest_s = 0.0  # that one line waited
        self.trouble = None
        self.stop = threading.Event()

    def run(self):
        count = 0
        try:
            while not self.stop.is_set():
                count += 1
                self.deliver({"client_id": new_id(), "body": f"{self.number}:{count} " + "ção " * (count % 50)})
                time.sleep(0.005)  # the pace of the workload, not a wait for a condition
        except Exception as trouble:  # noqa: what a thread meets is told by the test
            self.trouble = repr(trouble)

    def deliver(self, line):
        began = time.monotonic()
        while True:
            try:
                reply = Client(self.place.port, self.token, timeout=20).post("/api/v1/webchat/messages", line)
                if reply.status in (200, 201):
                    self.acknowledged.append((reply.json()["id"], reply.json()["seq"], line["body"]))
                    self.longest_s = max(self.longest_s, time.monotonic() - began)
                    return
                if reply.status not in (503, 429):
                    raise AssertionError(f"{reply.status} {reply.body}")
            except (OSError, http.client.HTTPException):
                pass
            if self.stop.is_set():
                return
            time.sleep(0.01)


class Desk(threading.Thread):
    """An agent who changes and takes away: edits, deletions, drafts, marks, closed and new conversations."""

    def __init__(self, place, token, conversations, seed):
        super().__init__(daemon=True)
        self.place, self.token, self.conversations, self.dice = place, token, list(conversations), random.Random(seed)
        self.n_done, self.trouble, self.stop, self.mine = 0, None, threading.Event(), []

    def run(self):
        while not self.stop.is_set():
            try:
                self.do_something(Client(self.place.port, self.token, timeout=20))
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)

    def do_something(self, client):
        conversation = self.dice.choice(self.conversations)
        path = f"/api/v1/conversations/{conversation}"
        deed = self.dice.randrange(5)
        if deed == 0 or not self.mine:
            reply = client.post(path + "/messages", {"client_id": new_id(), "body": "resposta"})
            if reply.status == 201:
                self.mine.append((conversation, reply.json()["id"]))
        elif deed == 1:
            where, message = self.mine.pop(self.dice.randrange(len(self.mine)))
            reply = client.request("DELETE", f"/api/v1/conversations/{where}/messages/{message}")
        elif deed == 2:
            where, message = self.dice.choice(self.mine)
            reply = client.patch(f"/api/v1/conversations/{where}/messages/{message}", {"body": "corrigida"})
        elif deed == 3:
            reply = client.request("PUT", path + "/draft", {"body": "rascunho " * self.dice.randrange(9)})
        else:
            reply = client.post(path + "/read", {"seq": 1 + self.dice.randrange(3)})
        self.n_done += reply.status < 300
        if reply.status == 503:
            time.sleep(0.02)


class Place:
    """Where the company is served at the moment."""

    port = 0


def rows_of_sqlite(path):
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for name, in map(tuple, connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'move_%'"))]
        return {name: sorted(json.dumps({key: "\\x" + row[key].hex() if isinstance(row[key], bytes) else row[key] for key in row.keys()},
                                        sort_keys=True) for row in connection.execute(f"SELECT * FROM {name}")) for name in names}


def psql(url, sql):
    return subprocess.run(["psql", "-XAtqc", sql, url], capture_output=True, text=True, check=True).stdout


def rows_of_postgresql(url, schema):
    names = psql(url, f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}' AND tablename NOT LIKE 'move_%' "
                      "AND tablename <> 'schema_version'").split()
    return {name: sorted(json.dumps(json.loads(line), sort_keys=True)
                         for line in psql(url, f"SELECT row_to_json(t) FROM {schema}.{name} t").splitlines()) for name in names}


class MigrateStore(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        cls.postgresql = servers.PostgreSQL().start()
        cls.addClassCleanup(cls.postgresql.close)
        cls.n_databases = 0
        print(f"# seed {SEED}")

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="guiche-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.files = os.path.join(self.directory, "files")
        self.keys = os.path.join(self.directory, "sqlite")
        self.environment = {"GUICHE_FILES_DIRECTORY": self.files}
        self.dice = random.Random(SEED)

    def path(self, name):
        return os.path.join(self.directory, name)

    def database(self):
        """Of its own, on the private server."""
        type(self).n_databases += 1
        name = f"move{self.n_databases}"
        psql(self.postgresql.url, f"CREATE DATABASE {name}")
        return self.postgresql.url.rsplit("/", 1)[0] + "/" + name

    def server(self, name, demo=False, **environment):
        server = Server(demo=demo, directory=self.path(name), environment=dict(self.environment, **environment))
        self.addCleanup(lambda: server.process.poll() is None and server.kill())
        return server

    def node(self, name, url):
        return self.server(name, GUICHE_STORE_URL=url, GUICHE_NODE_KEYS=self.keys, GUICHE_NODE_NAME=name)

    def command(self, data, *arguments):
        return [PROGRAM, "--data", self.path(data), "migrate-store"] + list(arguments)

    def ctl(self, data, *arguments, status=0, **environment):
        result = subprocess.run(self.command(data, *arguments), capture_output=True, text=True, timeout=300,
                                env=dict(os.environ, **self.environment, **environment))
        self.assertEqual(result.returncode, status, (arguments, result.stderr[-3000:], result.stdout[-3000:]))
        return result.stderr if status not in (0, KILLED) else result.stdout

    def kill_at_random(self, data, *arguments, **environment):
        """Again and again, each time after a little longer; TRUE when it came to its end."""
        for turn in range(40):
            with subprocess.Popen(self.command(data, *arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  env=dict(os.environ, **self.environment, **environment)) as process:
                try:
                    _, errors = process.communicate(timeout=(0.02 + 0.02 * turn * self.dice.random()) * SLOWNESS)
                    self.assertEqual(process.returncode, 0, errors)
                    return turn
                except subprocess.TimeoutExpired:
                    process.kill()
        return 40

    def work(self, server, place, n=6):
        """Writers and an agent at work."""
        place.port = server.port
        visitors = [server.open_visit(("technical_normal", "financial", "commercial")[i % 3], f"Visitante {i}") for i in range(n)]
        ana = server.sign_in("ana")
        for visitor in visitors:
            self.assertEqual(ana.post(f"/api/v1/conversations/{visitor.visit['conversation_id']}/accept").status, 200)
        workers = [Writer(i, place, visitor) for i, visitor in enumerate(visitors)]
        workers.append(Desk(place, ana.token, [v.visit["conversation_id"] for v in visitors], SEED))
        for worker in workers:
            worker.start()
        self.addCleanup(lambda: [worker.stop.set() for worker in workers])
        writers = workers[:-1]
        wait_for(lambda: all(len(writer.acknowledged) > 20 for writer in writers), "the work to be going on")
        return workers

    def end_work(self, server, workers):
        counts = [len(worker.acknowledged) for worker in workers[:-1]]
        wait_for(lambda: all(len(w.acknowledged) > count + 5 for w, count in zip(workers, counts)), "the work to go on at the new place")
        for worker in workers:
            worker.stop.set()
        for worker in workers:
            worker.join(60)
            self.assertIsNone(worker.trouble)
        for writer in workers[:-1]:
            items, before = [], 1 << 30
            while before > 1:
                page = Client(server.port, writer.token).get(f"/api/v1/webchat/messages?before={before}&limit=200").json()
                items, before = page["items"] + items, page["items"][0]["seq"]
            mine = [(m["id"], m["seq"], m["body"]) for m in items if m["body"].startswith(f"{writer.number}:")]
            self.assertEqual([m["seq"] for m in items], list(range(1, len(items) + 1)))
            self.assertEqual([m for m in mine if m in set(writer.acknowledged)], writer.acknowledged, "acknowledged, once, in order")
        admin = server.sign_in("admin")
        self.assertGreater(admin.get("/api/v1/audit/verify").json()["entries"], 0)

    def report(self, name, output, workers):
        done = json.loads(output.splitlines()[-1])
        self.assertEqual((done["phase"], done["was_done"]), ("done", False), done)
        print(f"# {name}: {done['rows']} rows, {done['changes']} changes followed, {done['elapsed_ms']} ms, switch {done['switch_ms']} ms; "
              f"the longest that a line waited: {max(w.longest_s for w in workers[:-1]):.2f} s")

    def upload(self, server):
        """Bytes that are a company's file."""
        ana = server.sign_in("ana")
        reply = ana.request("POST", "/api/v1/files?name=a.txt", ("um arquivo" * 100).encode(), headers={"Content-Type": "text/plain"})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["id"]

    def sqlite_rows(self, name):
        return rows_of_sqlite(os.path.join(self.path(name), "tenants", "demo", "guiche.db"))

    def assertSame(self, ours, theirs):
        self.assertEqual(sorted(ours), sorted(theirs))
        for table in ours:
            self.assertEqual(ours[table], theirs[table], table)

    # --- there and back ---

    def test_there_and_back_under_work(self):
        url, place = self.database(), Place()
        old = self.server("sqlite", demo=True)
        file_id = self.upload(old)
        workers = self.work(old, place)
        output = self.ctl("sqlite", "--to", url, "--json")
        self.report("SQLite to PostgreSQL", output, workers)
        self.assertSame(self.sqlite_rows("sqlite"), rows_of_postgresql(url, "tenant_demo"))
        refused = old.client().post("/api/v1/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})
        self.assertEqual((refused.status, refused.code), (503, "unavailable"))
        self.assertNotIn(b"SQL", refused.body)
        node = self.node("node", url)
        place.port = node.port
        wait_for(lambda: all(w.acknowledged for w in workers[:-1]), "the work")
        self.assertEqual(node.sign_in("ana").get(f"/api/v1/files/{file_id}").body, ("um arquivo" * 100).encode())
        old.kill()

        there = dict(GUICHE_STORE_URL=url, GUICHE_NODE_KEYS=self.keys)
        output = self.ctl("node", "--to", "sqlite:" + self.path("back"), "--json", **there)
        self.report("PostgreSQL to SQLite", output, workers)
        self.assertSame(rows_of_postgresql(url, "tenant_demo"), self.sqlite_rows("back"))
        with contextlib.closing(sqlite3.connect(os.path.join(self.path("back"), "tenants", "demo", "guiche.db"))) as connection:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(connection.execute("PRAGMA foreign_key_check").fetchall(), [])
        refused = node.client().post("/api/v1/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})
        self.assertEqual((refused.status, refused.code), (503, "unavailable"))
        back = self.server("back")
        place.port = back.port
        self.end_work(back, workers)
        self.assertGreater(workers[-1].n_done, 10)

    def test_killed_anywhere(self):
        """At every point that is named and many that are not, in both directions, with writers."""
        url, place = self.database(), Place()
        old = self.server("sqlite", demo=True)
        workers = self.work(old, place, n=3)
        for name in (HALF_MIGRATED,) + FAILPOINTS:
            self.ctl("sqlite", "--to", url, status=KILLED, GUICHE_FAILPOINT=name)
        self.ctl("sqlite", "--to", url)
        self.assertSame(self.sqlite_rows("sqlite"), rows_of_postgresql(url, "tenant_demo"))
        self.assertIn("has moved already", self.ctl("sqlite", "--to", url))
        node = self.node("node", url)
        place.port = node.port
        old.kill()
        there = dict(GUICHE_STORE_URL=url, GUICHE_NODE_KEYS=self.keys)
        self.ctl("node", "--to", "sqlite:" + self.path("back"), status=KILLED, GUICHE_FAILPOINT=HALF_MIGRATED, **there)
        turns = self.kill_at_random("node", "--to", "sqlite:" + self.path("back"), **there)
        for name in FAILPOINTS[1:]:
            self.ctl("node", "--to", "sqlite:" + self.path("back"), status=0 if turns < 40 else KILLED, GUICHE_FAILPOINT=name, **there)
        self.ctl("node", "--to", "sqlite:" + self.path("back"), **there)
        print(f"# killed {turns} times at random")
        self.assertSame(rows_of_postgresql(url, "tenant_demo"), self.sqlite_rows("back"))
        back = self.server("back")
        place.port = back.port
        self.end_work(back, workers)

    def test_nodes_take_it_up_by_themselves(self):
        """Servers that run on the target already have the company when it has moved, and not before."""
        url = self.database()
        old = self.server("sqlite", demo=True)
        old.stop()
        self.ctl("sqlite", "--to", url, status=KILLED, GUICHE_FAILPOINT="move-ready")
        node = self.node("node", url)
        login = {"tenant": "demo", "login": "ana", "password": "guiche"}
        self.assertEqual(node.client().post("/api/v1/auth/login", login).status, 401)
        self.ctl("sqlite", "--to", url)
        wait_for(lambda: node.client().post("/api/v1/auth/login", login).status == 200, "the node to have the company")

    def test_all_companies(self):
        for key in ("norte", "serra"):
            subprocess.run([PROGRAM, "--data", self.path("sqlite"), "tenant", "add", key, key.title()], check=True, capture_output=True)
        url = self.database()
        self.ctl("sqlite", "--to", url, "--tenant", "serra")
        self.assertEqual(psql(url, "SELECT key || name FROM control.tenants"), "serraSerra\n")
        self.assertRegex(self.ctl("sqlite", "--to", url), "(?s)norte: done.*serra: has moved already")
        self.assertEqual(psql(url, "SELECT key FROM control.tenants ORDER BY key").split(), ["norte", "serra"])

    # --- what is refused ---

    def test_a_dry_run_changes_nothing(self):
        url = self.database()
        old = self.server("sqlite", demo=True)
        self.assertRegex(self.ctl("sqlite", "--to", url, "--dry-run"), r"demo: \d{4,} rows would be copied")
        self.assertEqual(psql(url, "SELECT COUNT(*) FROM pg_tables WHERE schemaname LIKE 'tenant%' OR schemaname = 'control'"), "0\n")
        self.assertFalse(self.sqlite_has_triggers())
        self.assertEqual(old.stop()[0], 0)

    def sqlite_has_triggers(self):
        path = os.path.join(self.path("sqlite"), "tenants", "demo", "guiche.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'move%'").fetchone()[0] > 0

    def test_a_target_with_data_is_left_alone(self):
        url = self.database()
        for name in ("sqlite", "other"):
            self.server(name, demo=True).stop()
        self.assertIn("is not empty", self.ctl("sqlite", "--to", "sqlite:" + self.path("other"), status=1))
        self.assertFalse(self.sqlite_has_triggers())
        self.ctl("sqlite", "--to", url)
        before = rows_of_postgresql(url, "tenant_demo")
        self.assertIn("is not empty", self.ctl("other", "--to", url, status=1))
        self.assertEqual(rows_of_postgresql(url, "tenant_demo"), before)

    def test_other_keys_are_refused(self):
        url = self.database()
        for name in ("sqlite", "other"):
            self.server(name, demo=True).stop()
        self.ctl("sqlite", "--to", url)
        psql(url, "DROP SCHEMA tenant_demo CASCADE")
        psql(url, "DELETE FROM control.tenants")
        self.assertIn("the target has another audit.key", self.ctl("other", "--to", url, status=1))

    def test_other_versions_are_refused(self):
        self.server("sqlite", demo=True).stop()
        self.ctl("sqlite", "--to", "sqlite:" + self.path("newer"), status=KILLED, GUICHE_FAILPOINT="move-step")
        newer = os.path.join(self.path("newer"), "tenants", "demo", "guiche.db")
        with contextlib.closing(sqlite3.connect(newer)) as connection:
            connection.execute("PRAGMA user_version = 999")
        self.assertIn("schema 999", self.ctl("sqlite", "--to", "sqlite:" + self.path("newer"), status=1))

    def test_a_move_is_given_up(self):
        url, place = self.database(), Place()
        old = self.server("sqlite", demo=True)
        self.ctl("sqlite", "--to", url, status=KILLED, GUICHE_FAILPOINT="move-sealed")
        login = {"tenant": "demo", "login": "ana", "password": "guiche"}
        self.assertEqual(old.client().post("/api/v1/auth/login", login).status, 503)
        self.ctl("sqlite", "--to", url, "--abandon")
        self.assertFalse(self.sqlite_has_triggers())
        wait_for(lambda: old.client().post("/api/v1/auth/login", login).status == 200, "the company to go on")
        workers = self.work(old, place, n=2)
        self.ctl("sqlite", "--to", url)
        self.assertIn("has moved", self.ctl("sqlite", "--to", url, "--abandon", status=1))
        self.assertSame(self.sqlite_rows("sqlite"), rows_of_postgresql(url, "tenant_demo"))
        for worker in workers:
            worker.stop.set()

    def test_words(self):
        self.server("sqlite", demo=True).stop()
        self.assertIn("neither postgresql", self.ctl("sqlite", "--to", "mysql://a", status=1))
        self.assertIn("say where to", self.ctl("sqlite", status=1))
        self.assertIn("there is no company nenhuma", self.ctl("sqlite", "--to", self.database(), "--tenant", "nenhuma", status=1))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
