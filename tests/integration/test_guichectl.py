# SPDX-License-Identifier: GPL-3.0-or-later
"""guichectl on a free data directory and through a running server: the same words, the same refusals."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from guiched import Server, new_id, wait_for

PROGRAM = os.environ["GUICHECTL"]
# Several servers' database is administered beside those who run.
IS_ON_POSTGRESQL = "ON_POSTGRESQL" in os.environ
SOURCE = __file__.rsplit("/tests/", 1)[0]


class Guichectl(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="guiche-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.environment = {}

    def ctl(self, *arguments, status=0, text=None):
        result = subprocess.run([PROGRAM, "--data", self.directory] + list(arguments), capture_output=True, text=True, input=text or "",
                                timeout=60, env=dict(os.environ, **self.environment))
        self.assertEqual(result.returncode, status, (arguments, result.stderr, result.stdout))
        if status != 0:
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        return result.stdout

    def ctl_json(self, *arguments, **more):
        return json.loads(self.ctl("--json", *arguments, **more))

    def make_company(self):
        self.ctl("tenant", "add", "serra", "Conecta Serra")
        self.ctl("user", "add", "admin", "Chefe", "--role", "admin", "--password-stdin", text="uma senha longa\n")
        self.ctl("user", "add", "ana", "Ana <b>Souza</b>", "--password-stdin", text="uma senha longa\n")

    def test_usage(self):
        for wrong in ((), ("nonsense",), ("user",), ("user", "nonsense"), ("user", "add"), ("user", "list", "surplus"), ("--nonsense",),
                      ("user", "list", "--limit", "0")):
            self.ctl(*wrong, status=2)
        help_text = self.ctl("--help")
        for word in ("user add LOGIN NAME", "events", "Exit status", "GUICHE_TOKEN"):
            self.assertIn(word, help_text)
        self.assertRegex(self.ctl("--version"), r"^guichectl \d")

    def test_example_is_the_shipped_one(self):
        with open(SOURCE + "/data/guiched.conf", encoding="utf-8") as shipped:
            self.assertEqual(self.ctl("config", "example"), shipped.read(),
                             "data/guiched.conf is old: guichectl config example > data/guiched.conf")

    def test_from_nothing_without_a_server(self):
        self.ctl("user", "list", status=1)
        self.make_company()
        self.assertEqual([t["key"] for t in self.ctl_json("tenant", "list")["items"]], ["serra"])
        self.ctl("tenant", "add", "serra", "Outra", status=1)
        self.ctl("user", "add", "bia", "Bia", "--password-stdin", text="curta\n", status=1)
        self.ctl("user", "add", "ana", "Ana", "--password-stdin", text="uma senha longa\n", status=1)
        self.assertEqual({u["login"] for u in self.ctl_json("user", "list")["items"]}, {"admin", "ana"})
        self.ctl("queue", "members", "financial", "ana", "admin")
        self.assertEqual(self.ctl_json("user", "show", "ana")["queues"], ["financial"])
        self.ctl("queue", "members", "financial", "-")
        self.assertEqual(self.ctl_json("user", "show", "ana")["queues"], [])
        self.ctl("user", "disable", "admin", status=1)
        self.assertFalse(self.ctl_json("user", "disable", "ana")["is_enabled"])
        self.assertTrue(self.ctl_json("user", "enable", "ana")["is_enabled"])
        self.assertEqual(self.ctl_json("user", "change", "ana", "--role", "supervisor", "--name", "Ana S.")["role"], "supervisor")
        actions = [entry["action"] for entry in self.ctl_json("audit", "list")["items"]]
        self.assertIn("user.create", actions)
        self.assertEqual(self.ctl_json("audit", "verify")["entries"], len(actions))
        self.assertEqual(self.ctl_json("job", "list")["items"], [])
        events = [json.loads(line) for line in self.ctl("--json", "events", "--since", "0").splitlines()]
        self.assertIn("user.created", {event["kind"] for event in events})

    def test_through_a_running_server(self):
        self.make_company()
        with Server(demo=False, directory=self.directory) as server:
            if not IS_ON_POSTGRESQL:
                self.ctl("user", "list", status=1)  # neither token nor password
            self.environment = {"GUICHE_PASSWORD": "uma senha longa"}
            self.assertEqual({u["login"] for u in self.ctl_json("user", "list")["items"]}, {"admin", "ana"})
            if not IS_ON_POSTGRESQL:
                self.ctl("--login", "ana", "job", "list", status=1)
                self.ctl("tenant", "add", "nova", "Nova", status=1)
            visitor = server.open_visit(tenant="serra", name="<b>Maria</b>")
            conversation = visitor.visit["conversation_id"]
            visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "linha 1\nlinha 2 \u202e\x1b[31m"})
            table = self.ctl("conversation", "messages", conversation)
            self.assertNotIn("\x1b", table)
            self.assertEqual(len(table.splitlines()), 3)
            self.assertEqual(self.ctl_json("conversation", "show", conversation)["state"], "waiting")
            self.ctl("conversation", "transfer", conversation, "financial", "--note", "boleto")
            self.ctl("queue", "members", "financial", "ana")
            ana = self.ctl_json("user", "show", "ana")["id"]
            self.assertEqual(self.ctl_json("conversation", "assign", conversation, "ana")["assignee_id"], ana)
            added = self.ctl_json("customer", "add", "João Teste", "--phone", "34 99999-0001", "--email", "j@example.com")
            self.assertEqual((added["phones"], added["emails"]), (["34999990001"], ["j@example.com"]))
            self.assertEqual(self.ctl_json("conversation", "close", conversation, "--reason", "teste")["close_reason"], "teste")
            self.assertEqual(self.ctl_json("conversation", "reopen", conversation)["state"], "open")
            self.assertEqual(self.ctl_json("customer", "show", visitor.visit["visitor_id"])["name"], "<b>Maria</b>")
            self.assertEqual(len(self.ctl_json("customer", "list", "maria")["items"]), 1)
            self.environment = {"GUICHE_TOKEN": server.sign_in("admin", "uma senha longa", "serra").token}
            self.ctl("user", "password", "ana", "--password-stdin", text="outra senha longa\n")
            server.sign_in("ana", "outra senha longa", "serra")

    def test_follow(self):
        self.make_company()
        with Server(demo=False, directory=self.directory) as server:
            token = server.sign_in("admin", "uma senha longa", "serra").token
            process = subprocess.Popen([PROGRAM, "--data", self.directory, "events", "--since", "0", "--follow"],
                                       stdout=subprocess.PIPE, env=dict(os.environ, GUICHE_TOKEN=token))
            first = json.loads(process.stdout.readline())
            self.assertEqual(first["seq"], 1)
            visitor = server.open_visit(tenant="serra")
            visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "ao vivo"})
            seen = []

            def arrived():
                seen.append(json.loads(process.stdout.readline()))
                return seen[-1]["kind"] == "message.created" and seen[-1]["data"]["message"]["body"] == "ao vivo"

            wait_for(arrived, "the live message")
            self.assertEqual([e["seq"] for e in seen], sorted({e["seq"] for e in seen}))
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=60), 0)
            process.stdout.close()


if __name__ == "__main__":
    unittest.main(warnings="ignore")
