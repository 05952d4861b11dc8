# SPDX-License-Identifier: GPL-3.0-or-later
"""A company as each release kept it (dumps/, made by dumps/make.py) is brought to the present by the real programs: all that was
said is there, its log verifies, somebody can go on working, and its schema is that of a new company."""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import schemas
import servers
from guiched import Server, new_id

DUMPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dumps")
KEYS = ("audit.key", "token.key")


def read(folder, name):
    with open(os.path.join(DUMPS, folder, name), encoding="utf-8") as file:
        return file.read()


def psql(url, script, *options):
    result = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", *options, "-f", "-", url], input=script, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return sorted(result.stdout.splitlines())


class Upgrade(unittest.TestCase):
    maxDiff = None

    def restore_keys(self, folder, directory):
        for name in KEYS:
            with open(os.path.join(directory, name), "wb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(bytes.fromhex(read(folder, name + ".hex")))

    def use(self, folder, directory, environment):
        """Nothing is missing, and work goes on."""
        expected = json.loads(read(folder, "expected.json"))
        path = f"/api/v1/conversations/{expected['conversation']}/messages"
        with Server(demo=False, directory=directory, environment=environment) as server:
            ana = server.sign_in(expected["login"], expected["password"], expected["tenant"])
            self.assertEqual(ana.get(path).json(), expected["messages"])
            reply = ana.post(path, {"client_id": new_id(), "body": "depois"})
            self.assertEqual(reply.status, 201, reply.body)
            self.assertEqual(reply.json()["seq"], expected["messages"]["items"][-1]["seq"] + 1)
        verified = subprocess.run([os.environ["GUICHECTL"], "--data", directory, "--json", "audit", "verify"], check=True, capture_output=True,
                                  env=dict(os.environ, **environment))
        self.assertGreater(json.loads(verified.stdout)["entries"], 0)

    def check_sqlite(self, folder, directory):
        os.makedirs(os.path.join(directory, "tenants", "serra"), mode=0o700)
        paths = {name: os.path.join(directory, path) for name, path in (("control", "control.db"), ("tenant", "tenants/serra/guiche.db"))}
        for name, path in paths.items():
            with sqlite3.connect(path) as connection:
                connection.executescript(read(folder, name + ".sql"))
            connection.close()
        self.use(folder, directory, {})
        for name, path in paths.items():
            fresh = sqlite3.connect(":memory:")
            for script in schemas.scripts(name, "sqlite"):
                fresh.executescript(script)
            upgraded = sqlite3.connect(path)
            both = [sorted(connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"), key=str) for connection in (fresh, upgraded)]
            fresh.close()
            upgraded.close()
            self.assertEqual(*both)

    def check_postgresql(self, folder, directory):
        with servers.PostgreSQL() as server:
            for name in ("control", "tenant"):
                psql(server.url, read(folder, name + ".sql"))
            self.use(folder, directory, {"GUICHE_STORE_URL": server.url})
            for name, schema in (("control", "control"), ("tenant", "tenant_serra")):
                psql(server.url, "\n".join(["CREATE SCHEMA fresh;", "SET search_path = fresh;", *schemas.scripts(name, "postgresql")]))
                for what, query in schemas.FACTS.items():
                    both = [psql(server.url, f"SET search_path = {side};" + query.format(schema=side)) for side in ("fresh", schema)]
                    self.assertEqual(both[0], [fact for fact in both[1] if "schema_version|" not in fact], what)
                psql(server.url, "SET client_min_messages = warning; DROP SCHEMA fresh CASCADE")

    def test_every_dump(self):
        folders = sorted(name for name in os.listdir(DUMPS) if name[:1].isdigit())
        self.assertTrue(folders)
        for folder in folders:
            with self.subTest(folder), tempfile.TemporaryDirectory() as directory:
                self.restore_keys(folder, directory)
                engine = folder.split("-")[1]
                {"sqlite": self.check_sqlite, "postgresql": self.check_postgresql}[engine](folder, directory)


if __name__ == "__main__":
    sys.exit(unittest.main())
