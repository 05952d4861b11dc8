# SPDX-License-Identifier: GPL-3.0-or-later
"""Several guiched over one PostgreSQL, with Redis and without: they are one installation."""

import concurrent.futures
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import servers
from guiched import PROGRAM, Server, new_id, wait_for

GUICHECTL = os.environ.get("GUICHECTL", "guichectl")


class Nodes:
    """What several servers share; start() adds one."""

    def __init__(self, redis=None):
        self.directory = tempfile.mkdtemp(prefix="guiche-nodes-")
        self.database = servers.PostgreSQL().start()
        self.redis = redis
        self.servers = {}

    def environment(self, name):
        shared = {"GUICHE_STORE_URL": self.database.url, "GUICHE_NODE_NAME": name, "GUICHE_NODE_DRAIN_S": "0",
                  "GUICHE_NODE_KEYS": self.directory + "/keys", "GUICHE_FILES_DIRECTORY": self.directory + "/files",
                  "GUICHE_JOBS_LEASE_S": "2"}
        if self.redis:
            shared["GUICHE_BUS_URL"] = self.redis.url
        return shared

    def start(self, name):
        """Also again, after it was killed."""
        if name in self.servers:
            return self.servers[name].start()
        data = os.path.join(self.directory, name)
        self.servers[name] = Server(environment=self.environment(name), directory=data)
        return self.servers[name]

    def start_together(self, *names):
        with concurrent.futures.ThreadPoolExecutor() as threads:
            return list(threads.map(self.start, names))

    def guichectl(self, *arguments):
        return subprocess.run([GUICHECTL, "--data", os.path.join(self.directory, "guichectl"), "--json", *arguments],
                              env=dict(os.environ, **self.environment("")), capture_output=True, text=True, timeout=120)

    def rows(self, sql, schema="tenant_demo"):
        rows = subprocess.run(["psql", "-XAtq", "-F", "\t", "-c", sql, self.database.url], capture_output=True, text=True, check=True,
                              env=dict(os.environ, PGOPTIONS=f"-c search_path={schema}"))
        return [line.split("\t") for line in rows.stdout.splitlines()]

    def close(self):
        for server in self.servers.values():
            server.__exit__()
        self.database.close()
        if self.redis:
            self.redis.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def write(client, conversation, body, **members):
    reply = client.post(f"/api/v1/conversations/{conversation}/messages", {"client_id": new_id(), "body": body, **members})
    assert reply.status in (200, 201, 202), reply.body
    return reply.json()


def is_message(body):
    return lambda event: event.get("kind") == "message.created" and event["data"]["message"]["body"] == body


def texts(events):
    """What people wrote."""
    messages = [event["data"]["message"] for event in events if event.get("kind") == "message.created"]
    return [message["body"] for message in messages if message["kind"] != "system"]


class Installation:
    """What holds with Redis and without."""

    WITH_REDIS = False

    @classmethod
    def setUpClass(cls):
        cls.nodes = Nodes(servers.Redis().start() if cls.WITH_REDIS else None)
        cls.addClassCleanup(cls.nodes.close)
        cls.a, cls.b = cls.nodes.start_together("a", "b")
        cls.ana = cls.a.sign_in("ana")

    def accepted(self, server=None, ana=None):
        """A visitor at b, accepted at a."""
        visitor = (server or self.b).open_visit()
        conversation = visitor.visit["conversation_id"]
        self.assertEqual((ana or self.ana).post(f"/api/v1/conversations/{conversation}/accept").status, 200)
        return visitor, conversation

    def test_sample_is_made_once(self):
        self.assertEqual(self.nodes.rows("SELECT count(*) FROM users WHERE login = 'ana'"), [["1"]])
        self.assertEqual(self.nodes.rows("SELECT count(*) FROM tenants WHERE key = 'demo'", "control"), [["1"]])

    def test_token_of_one_at_the_other(self):
        self.assertEqual(self.b.client(self.ana.token).get("/api/v1/me").json()["login"], "ana")

    def test_events_in_order_at_both(self):
        visitor, conversation = self.accepted()
        streams = [server.stream(server.client(self.ana.token)) for server in (self.a, self.b)]
        for stream in streams:
            stream.until(lambda message: message.get("op") == "ready", "ready")
        at_b = self.b.client(self.ana.token)
        bodies = []
        for number in range(10):
            bodies.append(f"de a {number}")
            write(self.ana, conversation, bodies[-1])
            bodies.append(f"de b {number}")
            write(at_b, conversation, bodies[-1])
        write(self.ana, conversation, "fim")
        for stream in streams:
            events = stream.until(is_message("fim"), "the last message")
            self.assertEqual(texts(events), bodies + ["fim"])
            seqs = [event["seq"] for event in events if "seq" in event and "kind" in event]
            self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
            stream.close()

    def test_visitor_hears_the_other_node(self):
        visitor, conversation = self.accepted()
        stream = self.b.stream(visitor, visitor=True)
        stream.until(lambda message: message.get("op") == "ready", "ready")
        write(self.ana, conversation, "Bom dia!")
        stream.until(is_message("Bom dia!"), "the agent's message")
        stream.close()

    def test_positions(self):
        """Who waits at b moves up when who came first at a is accepted at a."""
        first = self.a.open_visit("financial")
        second = self.b.open_visit("financial")
        stream = self.b.stream(second, visitor=True)
        stream.until(lambda message: message.get("op") == "ready", "ready")
        before = second.get("/api/v1/webchat/conversation").json()["position"]
        self.assertEqual(self.ana.post(f"/api/v1/conversations/{first.visit['conversation_id']}/accept").status, 200)
        stream.until(lambda message: message.get("op") == "position" and message["position"] == before - 1, "the new position")
        stream.close()
        self.assertEqual(self.ana.post(f"/api/v1/conversations/{second.visit['conversation_id']}/accept").status, 200)

    def test_files(self):
        content = os.urandom(4000)
        ana = self.a.sign_in("ana")
        reply = ana.request("POST", "/api/v1/files?name=a.bin", content, {"Content-Type": "application/octet-stream"})
        self.assertEqual(reply.status, 201, reply.body)
        other = self.b.client(ana.token).get("/api/v1/files/" + reply.json()["id"])
        self.assertEqual((other.status, other.body), (200, content))

    def test_same_file_at_both_at_once(self):
        content = os.urandom(100000)
        clients = [self.a.client(self.ana.token), self.b.client(self.ana.token)]
        with concurrent.futures.ThreadPoolExecutor() as threads:
            replies = list(threads.map(lambda client: client.request(
                "POST", "/api/v1/files?name=a.bin", content, {"Content-Type": "application/octet-stream"}), clients))
        for reply in replies:
            self.assertEqual(reply.status, 201, reply.body)
            self.assertEqual(self.b.client(self.ana.token).get("/api/v1/files/" + reply.json()["id"]).body, content)

    def test_new_company(self):
        key = "nova" + new_id()[:8]
        made = self.nodes.guichectl("tenant", "add", key, "Nova")
        self.assertEqual(made.returncode, 0, made.stderr)
        for server in (self.a, self.b):
            wait_for(lambda server=server: server.client().post(f"/api/v1/webchat/{key}/visitors", {"name": "M", "subject": "financial"}).status == 201,
                     "the company at both nodes")

    def test_nodes_are_listed(self):
        listed = self.nodes.guichectl("nodes")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        rows = {row["name"]: row for row in json.loads(listed.stdout)["items"]}
        for name, server in (("a", self.a), ("b", self.b)):
            self.assertEqual((rows[name]["address"], rows[name]["alive"]), (server.ready["url"], True))

    def test_same_name_is_refused(self):
        twin = subprocess.run([PROGRAM, "--port", "0", "--data", os.path.join(self.nodes.directory, "twin")],
                              env=dict(os.environ, **self.nodes.environment("a")), capture_output=True, text=True, timeout=120)
        self.assertEqual(twin.returncode, 1)
        self.assertIn("a server called a runs already", twin.stderr)

    def test_other_keys_are_refused(self):
        environment = dict(os.environ, **self.nodes.environment("stranger"))
        environment["GUICHE_NODE_KEYS"] = self.nodes.directory + "/other-keys"
        stranger = subprocess.run([PROGRAM, "--port", "0", "--data", os.path.join(self.nodes.directory, "stranger")],
                                  env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(stranger.returncode, 1)
        self.assertIn("copy audit.key and token.key", stranger.stderr)

    def test_later_is_sent_once_though_its_node_dies(self):
        c = self.nodes.start("c")
        ana = c.client(self.ana.token)
        visitor, conversation = self.accepted(c, ana)
        body = "depois " + new_id()
        write(ana, conversation, body, send_at=int((time.time() + 3) * 1e6))
        c.kill()
        count = f"SELECT count(*) FROM messages WHERE body = '{body}'"
        wait_for(lambda: self.nodes.rows(count) == [["1"]], "the scheduled message")
        self.nodes.start("c")
        # What a restarted node takes back of its own must not send it again.
        write(self.ana, conversation, "fim")
        wait_for(lambda: self.nodes.rows("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running') AND due_at < "
                                         "EXTRACT(EPOCH FROM clock_timestamp()) * 1000000") == [["0"]], "no job due")
        self.assertEqual(self.nodes.rows(count), [["1"]])

    def test_stopped_and_going_on(self):
        """A node that does not run for a while goes on where the others are by then."""
        c = self.nodes.start("d")
        ana = c.client(self.ana.token)
        visitor, conversation = self.accepted(c, ana)
        stream = c.stream(ana)
        stream.until(lambda message: message.get("op") == "ready", "ready")
        c.process.send_signal(signal.SIGSTOP)
        bodies = [f"parado {number}" for number in range(5)]
        for body in bodies:
            write(self.ana, conversation, body)
        c.process.send_signal(signal.SIGCONT)
        write(self.ana, conversation, "de volta")
        self.assertEqual(texts(stream.until(is_message("de volta"), "what came meanwhile")), bodies + ["de volta"])
        stream.close()


class WithoutRedis(Installation, unittest.TestCase):
    pass


class WithRedis(Installation, unittest.TestCase):
    WITH_REDIS = True

    def check_events(self, count, what):
        """A message written at a arrives at b."""
        visitor, conversation = self.accepted()
        stream = self.b.stream(self.b.client(self.ana.token))
        stream.until(lambda message: message.get("op") == "ready", "ready")
        for number in range(count):
            write(self.ana, conversation, f"{what} {number}")
        self.assertEqual(texts(stream.until(is_message(f"{what} {count - 1}"), what)), [f"{what} {number}" for number in range(count)])
        stream.close()

    def test_redis_comes_and_goes(self):
        redis = self.nodes.redis
        self.check_events(3, "com Redis")
        subprocess.run(["redis-cli", "-u", redis.url, "FLUSHALL"], check=True, capture_output=True)
        self.check_events(3, "esvaziado")
        redis.pause()
        self.check_events(3, "parado")
        redis.resume()
        self.check_events(3, "de volta")
        redis.kill()
        self.check_events(3, "sem Redis")
        redis.start()
        self.check_events(3, "reiniciado")


class RollingUpgrade(unittest.TestCase):
    """A node of the next version has migrated the database: what it added does not concern those of this version."""

    def expand(self, nodes, readable_by):
        for schema in ("control", "tenant_demo"):
            nodes.rows(f"UPDATE schema_version SET version = version + 1, readable_by = {readable_by}", schema)

    def test_side_by_side(self):
        nodes = Nodes()
        try:
            old = nodes.start("old")
            ana = old.sign_in("ana")
            visitor = old.open_visit()
            conversation = visitor.visit["conversation_id"]
            self.assertEqual(ana.post(f"/api/v1/conversations/{conversation}/accept").status, 200)
            stream = old.stream(ana)
            stream.until(lambda message: message.get("op") == "ready", "ready")

            nodes.rows("ALTER TABLE messages ADD COLUMN mood TEXT; ALTER TABLE jobs ADD COLUMN priority BIGINT NOT NULL DEFAULT 0; "
                       "CREATE TABLE moods (name TEXT PRIMARY KEY)")
            self.expand(nodes, 1)
            write(ana, conversation, "a antiga continua")
            other = nodes.start("other")
            write(other.client(ana.token), conversation, "e outra igual começa")
            texts_seen = texts(stream.until(is_message("e outra igual começa"), "what the other wrote"))
            self.assertEqual(texts_seen, ["a antiga continua", "e outra igual começa"])
            stream.close()

            self.expand(nodes, "version + 1")
            write(ana, conversation, "quem já serve continua")
            late = subprocess.run([PROGRAM, "--port", "0", "--data", os.path.join(nodes.directory, "late")],
                                  env=dict(os.environ, **nodes.environment("late")), capture_output=True, text=True, timeout=120)
            self.assertEqual(late.returncode, 1)
            self.assertIn("newer version of the program", late.stderr)
        finally:
            nodes.close()


if __name__ == "__main__":
    unittest.main()
