# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: forged and ended sessions, lock-out, roles, other companies' data, floods of visitors."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import threading
import time
import unittest

from guiched import Server, new_id, wait_for

IS_SANITIZED = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1")) > 1


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def forge(header, claims, key=b""):
    signed = encode(json.dumps(header).encode()) + "." + encode(json.dumps(claims).encode())
    digest = hmac.new(key, signed.encode(), hashlib.sha256).digest() if key is not None else b""
    return signed + "." + encode(digest)


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def assertRefused(self, token):
        for path in ("/api/v1/me", "/api/v1/snapshot", "/api/v1/webchat/conversation"):
            reply = self.server.client(token).get(path)
            self.assertEqual((reply.status, reply.code), (401, "unauthenticated"), token[:80])
        from guiched import Stream
        stream = Stream(self.server.port, "/api/v1/stream", token)
        if stream.status == 101:
            while stream.next() is not None:
                pass
            self.assertEqual(stream.close_code, 4401)
        else:
            self.assertEqual(stream.status, 401)

    def test_forged_tokens(self):
        token = self.server.sign_in("ana").token
        header, claims, signature = token.split(".")
        good = decode(claims)
        with open(os.path.join(self.server.directory, "token.key"), "rb") as key_file:
            key = key_file.read()
        admin = dict(good, role="admin")
        elsewhere = dict(good, tenant="../demo")
        forged = [
            forge({"alg": "none", "typ": "JWT"}, good, None),
            forge({"alg": "none", "typ": "JWT"}, good, None).rstrip(".") + "." + signature,
            forge({"alg": "None"}, good, None),
            forge({"alg": "HS512", "typ": "JWT"}, good, key),
            forge({"alg": "ES256", "typ": "JWT"}, good, key),
            forge({"alg": "RS256", "typ": "JWT"}, good, key),
            forge({"alg": "HS256", "typ": "JWT"}, admin, b"guess"),
            forge({"alg": "HS256", "typ": "JWT"}, admin, b""),
            header + "." + encode(json.dumps(admin).encode()) + "." + signature,
            header + "." + claims + "." + encode(bytes(32)),
            header + "." + claims + ".",
            header + "." + claims,
            token[:-2] + ("AA" if token[-2:] != "AA" else "BB"),
            "x", "..", "a.b.c", "Bearer", token + "A" * 9000,
            forge({"alg": "HS256", "typ": "JWT"}, dict(good, exp=int(time.time()) - 120), key),
            forge({"alg": "HS256", "typ": "JWT"}, elsewhere, key),
            forge({"alg": "HS256", "typ": "JWT"}, dict(good, aud="other"), key),
            forge({"alg": "HS256", "typ": "JWT"}, {k: v for k, v in good.items() if k != "exp"}, key),
            forge({"alg": "HS256", "typ": "JWT"}, dict(good, sid=new_id()), key),
            forge({"alg": "HS256", "typ": "JWT"}, dict(good, sub=new_id()), key),
        ]
        for number, bad in enumerate(forged):
            with self.subTest(number=number):
                reply = self.server.client(bad).get("/api/v1/me")
                self.assertIn(reply.status, (401, 431), bad[:80])
        self.assertRefused(forged[0])
        self.assertEqual(self.server.client(token).get("/api/v1/me").status, 200)

    def test_refresh_token_used_twice_ends_the_session(self):
        client = self.server.sign_in("bruno")
        stolen = client.session["refresh_token"]
        path = "/api/v1/auth/refresh"
        current = client.post(path, {"refresh_token": stolen}, token="").json()
        # Within the grace, a lost reply is forgiven; the tokens of both replies belong to one session.
        self.assertEqual(client.post(path, {"refresh_token": stolen}, token="").status, 200)
        self.assertEqual(client.get("/api/v1/me", token=current["token"]).status, 200)
        for wrong in ("demo." + encode(os.urandom(32)), "demo.", "nenhuma." + encode(os.urandom(32)), "x" * 200):
            reply = client.post(path, {"refresh_token": wrong}, token="")
            self.assertEqual((reply.status, reply.code), (401, "unauthenticated"))

    def test_logout_ends_stream_and_token(self):
        client = self.server.sign_in("ana")
        other = self.server.sign_in("ana")
        stream = self.server.stream(client)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        began = time.monotonic()
        self.assertEqual(client.post("/api/v1/auth/logout").status, 200)
        while stream.next() is not None:
            pass
        self.assertEqual(stream.close_code, 4401)
        self.assertLess(time.monotonic() - began, 30)  # seconds; a loaded machine takes more than a few
        self.assertRefused(client.token)
        self.assertEqual(other.get("/api/v1/me").status, 200)

    def test_logout_everywhere(self):
        clients = [self.server.sign_in("bruno") for _ in range(3)]
        self.assertEqual(clients[0].post("/api/v1/auth/logout-everywhere").status, 200)
        for client in clients:
            wait_for(lambda: client.get("/api/v1/me").status == 401, "the session's end")
            reply = client.post("/api/v1/auth/refresh", {"refresh_token": client.session["refresh_token"]}, token="")
            self.assertEqual(reply.status, 401)

    def test_disabled_user_is_out_within_seconds(self):
        admin = self.server.sign_in("admin")
        user = admin.post("/api/v1/users", {"login": "temp", "name": "Temporária", "role": "agent", "password": "uma senha longa"})
        self.assertEqual(user.status, 201, user.body)
        client = self.server.sign_in("temp", "uma senha longa")
        stream = self.server.stream(client)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        began = time.monotonic()
        self.assertEqual(admin.patch("/api/v1/users/" + user.json()["id"], {"is_enabled": False}).status, 200)
        while stream.next() is not None:
            pass
        self.assertEqual(stream.close_code, 4401)
        wait_for(lambda: client.get("/api/v1/me").status == 401, "the session's end")
        self.assertLess(time.monotonic() - began, 30)  # seconds; a loaded machine takes more than a few
        reply = self.server.client().post("/api/v1/auth/login", {"tenant": "demo", "login": "temp", "password": "uma senha longa"})
        self.assertEqual(reply.code, "credentials-invalid")

    def test_password_change(self):
        admin = self.server.sign_in("admin")
        user = admin.post("/api/v1/users", {"login": "troca", "name": "Troca", "role": "agent", "password": "primeira senha"}).json()
        here, there = self.server.sign_in("troca", "primeira senha"), self.server.sign_in("troca", "primeira senha")
        change = {"current_password": "errada", "new_password": "segunda senha"}
        self.assertEqual(here.patch("/api/v1/me", change).code, "credentials-invalid")
        self.assertEqual(here.patch("/api/v1/me", dict(change, current_password="primeira senha", new_password="12345678")).code,
                         "invalid-request")
        self.assertEqual(here.patch("/api/v1/me", dict(change, current_password="primeira senha")).status, 200)
        wait_for(lambda: there.get("/api/v1/me").status == 401, "the other session's end")
        self.assertEqual(here.get("/api/v1/me").status, 200)
        self.server.sign_in("troca", "segunda senha")
        self.assertEqual(admin.patch("/api/v1/users/" + user["id"], {"password": "terceira senha"}).status, 200)
        wait_for(lambda: here.get("/api/v1/me").status == 401, "the session's end")

    def test_profile(self):
        heitor = self.server.sign_in("heitor")
        reply = heitor.patch("/api/v1/me", {"status_text": "no campo <b>hoje</b>"})
        self.assertEqual((reply.status, reply.json()["status_text"]), (200, "no campo <b>hoje</b>"))
        # What a profile may not hold: a role is the admins' to give.
        reply = heitor.patch("/api/v1/me", {"role": "admin", "is_enabled": True})
        self.assertEqual(heitor.get("/api/v1/me").json()["role"], "agent", reply.body)

    def test_roles(self):
        user = self.server.sign_in("admin").get("/api/v1/users").json()["items"][0]["id"]
        calls = [("POST", "/api/v1/users", {"login": "novo", "name": "N", "role": "admin", "password": "uma senha longa"}),
                 ("PATCH", "/api/v1/users/" + user, {"role": "admin"}), ("GET", "/api/v1/jobs", None), ("GET", "/api/v1/audit", None),
                 ("GET", "/api/v1/audit/verify", None), ("POST", f"/api/v1/jobs/{new_id()}/retry", {})]
        for login in ("ana", "sofia"):
            client = self.server.sign_in(login)
            for method, path, body in calls:
                reply = client.request(method, path, body)
                self.assertEqual((reply.status, reply.code), (403, "forbidden"), (login, path))
        reply = self.server.sign_in("ana").patch("/api/v1/queues/financial", {"members": []})
        self.assertEqual(reply.status, 403)

    def test_demoted_user_may_less_at_once(self):
        admin = self.server.sign_in("admin")
        user = admin.post("/api/v1/users", {"login": "chefia", "name": "Chefia", "role": "supervisor", "password": "uma senha longa"}).json()
        client = self.server.sign_in("chefia", "uma senha longa")
        change = {"name": "Financeiro"}
        self.assertEqual(client.patch("/api/v1/queues/financial", change).status, 200)
        self.assertEqual(admin.patch("/api/v1/users/" + user["id"], {"role": "agent"}).status, 200)
        wait_for(lambda: client.patch("/api/v1/queues/financial", change).status == 403, "the lower role")
        self.assertEqual(client.get("/api/v1/me").json()["role"], "agent")

    def test_visits_do_not_wait_for_sign_ins(self):
        threads = [threading.Thread(target=self.server.client().post, args=(
            "/api/v1/auth/login", {"tenant": "demo", "login": f"nobody{n}", "password": "x"})) for n in range(40)]
        for thread in threads:
            thread.start()
        self.server.open_visit()
        was_busy = any(thread.is_alive() for thread in threads)
        for thread in threads:
            thread.join()
        self.assertTrue(was_busy, "it waited for the sign-ins")

    def test_audit_chain_holds(self):
        admin = self.server.sign_in("admin")
        self.assertGreater(admin.get("/api/v1/audit/verify").json()["entries"], 100)
        entries = admin.get("/api/v1/audit?since=0&limit=1000").json()["items"]
        self.assertEqual([e["seq"] for e in entries], list(range(1, len(entries) + 1)))
        self.assertNotIn("argon2", json.dumps(entries))


class LockOut(unittest.TestCase):
    def test_delay_grows_and_spares_sessions(self):
        with Server() as server:
            signed_in = server.sign_in("ana")
            attempt = {"tenant": "demo", "login": "ana", "password": "errada"}
            replies = [server.client().post("/api/v1/auth/login", attempt) for _ in range(6)]
            self.assertEqual([r.code for r in replies], ["credentials-invalid"] * 5 + ["locked-out"])
            self.assertEqual(replies[5].status, 429)
            self.assertTrue(1 <= int(replies[5].headers["retry-after"]) <= 30)
            reply = server.client().post("/api/v1/auth/login", dict(attempt, password="guiche"))
            self.assertEqual(reply.code, "locked-out")
            self.assertEqual(signed_in.get("/api/v1/me").status, 200)
            reply = signed_in.post("/api/v1/auth/refresh", {"refresh_token": signed_in.session["refresh_token"]}, token="")
            self.assertEqual(reply.status, 200)
            server.sign_in("bruno")

    def test_many_at_once_are_bounded(self):
        with Server() as server:
            statuses = []

            def attempt(number):
                reply = server.client().post("/api/v1/auth/login", {"tenant": "demo", "login": f"u{number}", "password": "x"})
                statuses.append(reply.status)

            before = server.memory_kb()
            threads = [threading.Thread(target=attempt, args=(n,)) for n in range(60)]
            for thread in threads:
                thread.start()
            peak = 0
            while any(thread.is_alive() for thread in threads):
                peak = max(peak, server.memory_kb())
                threads[-1].join(0.02)
            for thread in threads:
                thread.join()
            self.assertEqual(set(statuses) - {401, 429, 503}, set())
            if not IS_SANITIZED:
                self.assertLess(peak - before, 2 * 64 * 1024 + 16 * 1024)


class Visitors(unittest.TestCase):
    def test_ten_thousand_from_one_address(self):
        with Server(limits=True) as server:
            client = server.client()
            before = server.memory_kb()
            statuses = {}
            for number in range(10000):
                reply = client.post("/api/v1/webchat/demo/visitors", {"name": f"V {number}", "subject": "financial"})
                statuses[reply.status] = statuses.get(reply.status, 0) + 1
                if reply.status == 429:
                    self.assertGreaterEqual(int(reply.headers["retry-after"]), 1)
            self.assertEqual(set(statuses), {201, 429})
            self.assertLess(statuses[201], 200)
            if not IS_SANITIZED:
                self.assertLess(server.memory_kb() - before, 16 * 1024)
            self.assertEqual(server.sign_in("ana").get("/api/v1/me").status, 200)


class Tenants(unittest.TestCase):
    """Every route of the OpenAPI document with the ids of another company: there is nothing."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.server.stop()
        ctl = os.environ["GUICHECTL"]
        run = lambda *a, **m: subprocess.run([ctl, "--data", cls.server.directory] + list(a), check=True, capture_output=True, **m)
        run("tenant", "add", "outra", "Outra Empresa")
        for login, role in (("chefe", "admin"), ("gerente", "supervisor"), ("atendente", "agent")):
            run("--tenant", "outra", "user", "add", login, login.title(), "--role", role, "--password-stdin", input=b"uma senha longa\n")
        cls.server.start()
        cls.collect()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    @classmethod
    def collect(cls):
        admin, ana = cls.server.sign_in("admin"), cls.server.sign_in("ana")
        visitor = cls.server.open_visit()
        conversation = visitor.visit["conversation_id"]
        ana.post(f"/api/v1/conversations/{conversation}/accept")
        file = ana.request("POST", "/api/v1/files?name=a.txt", b"segredo da demo", {"Content-Type": "text/plain"}).json()["id"]
        message = ana.post(f"/api/v1/conversations/{conversation}/messages",
                           {"client_id": new_id(), "body": "segredo", "kind": "file", "attachments": [{"file_id": file}]}).json()
        snapshot = ana.get("/api/v1/snapshot").json()
        channel = [c for c in snapshot["conversations"] if c["kind"] == "channel"][0]["id"]
        cls.ids = {
            "conversations": conversation, "messages": message["id"], "files": file, "channels": channel,
            "customers": visitor.visit["visitor_id"], "users": snapshot["users"][0]["id"],
            "canned-replies": snapshot["canned_replies"][0]["id"], "scheduled": new_id(), "jobs": new_id(),
        }
        cls.document = cls.server.client().get("/api/v1/openapi.json").json()
        cls.body = {"client_id": new_id(), "body": "x", "seq": 1, "reason": "x", "until": 4102444800000000, "queue": "financial",
                    "user_id": cls.ids["users"], "members": [], "name": "Invasor", "title": "x", "shortcut": "x", "role": "agent"}
        cls.demo_before = cls.fingerprint(admin)

    @classmethod
    def fingerprint(cls, admin):
        return [admin.get(path).body for path in (
            "/api/v1/conversations/" + cls.ids["conversations"], f"/api/v1/conversations/{cls.ids['conversations']}/messages",
            "/api/v1/customers/" + cls.ids["customers"], "/api/v1/users", "/api/v1/canned-replies")]

    def path_of(self, template):
        parts = template.split("/")
        if "{id}" in parts:
            parts[parts.index("{id}")] = self.ids[parts[parts.index("{id}") - 1]]
        return "/".join(self.ids["messages"] if part == "{message_id}" else part for part in parts)

    def body_of(self, operation):
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is None:
            return b"x" if "requestBody" in operation else None
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        known = self.document["components"]["schemas"].get(name, schema).get("properties", {})
        return {key: self.body[key] for key in known if key in self.body}

    def test_every_route_with_ids(self):
        clients = [self.server.sign_in(login, "uma senha longa", "outra") for login in ("chefe", "gerente", "atendente")]
        tried = 0
        for template, operations in self.document["paths"].items():
            if not re.search(r"\{(id|message_id)\}", template) or "/webchat/" in template:
                continue
            for method, operation in operations.items():
                if method not in ("get", "post", "put", "patch", "delete"):
                    continue
                for client in clients:
                    reply = client.request(method.upper(), self.path_of(template), self.body_of(operation))
                    tried += 1
                    self.assertIn(reply.status, (404, 403), (method, template, reply.body[:200]))
                    if client is clients[0]:
                        self.assertEqual((reply.status, reply.code), (404, "not-found"), (method, template))
                    self.assertNotIn(b"segredo", reply.body)
        self.assertGreater(tried, 60)
        self.assertEqual(self.fingerprint(self.server.sign_in("admin")), self.demo_before)

    def test_lists_and_streams_hold_nothing_of_others(self):
        client = self.server.sign_in("chefe", "uma senha longa", "outra")
        for template, operations in self.document["paths"].items():
            if "{" in template or "get" not in operations or not template.startswith("/api/v1/") or template.endswith("openapi.json"):
                continue
            body = client.get(template + "?q=segredo&since=0&view=all").body
            for secret in list(self.ids.values()) + ["segredo"]:
                self.assertNotIn(secret.encode(), body, template)
        stream = self.server.stream(client, 0)
        seen = stream.until(lambda m: m.get("op") == "ready", "ready")
        self.assertNotIn(self.ids["conversations"], json.dumps(seen))

    def test_foreign_ids_inside_bodies(self):
        client = self.server.sign_in("gerente", "uma senha longa", "outra")
        self.assertEqual(client.post("/api/v1/direct", {"user_id": self.ids["users"]}).status, 400)
        visitor = self.server.open_visit(tenant="outra", subject="financial")
        conversation = visitor.visit["conversation_id"]
        self.assertEqual(client.post(f"/api/v1/conversations/{conversation}/assign", {"user_id": self.ids["users"]}).status, 400)
        for members in ({"quote": self.ids["messages"]}, {"attachments": [{"file_id": self.ids["files"]}]}):
            reply = client.post(f"/api/v1/conversations/{conversation}/messages", {"client_id": new_id(), "body": "x", **members})
            self.assertIn(reply.status, (400, 404), members)

    def test_visitors_see_their_own_only(self):
        mine, other = self.server.open_visit(), self.server.open_visit(name="Outra Visitante")
        other.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "segredo da outra"})
        file = other.request("POST", "/api/v1/webchat/files?name=a.txt", b"segredo", {"Content-Type": "text/plain"}).json()["id"]
        self.assertEqual(mine.get("/api/v1/webchat/files/" + file).status, 404)
        self.assertEqual(mine.get("/api/v1/webchat/files/" + self.ids["files"]).status, 404)
        self.assertEqual(mine.get("/api/v1/webchat/files/..%2f..%2ftoken.key").status, 404)
        self.assertNotIn(b"segredo", mine.get("/api/v1/webchat/conversation").body)
        reply = mine.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "x", "attachments": [{"file_id": file}]})
        self.assertIn(reply.status, (400, 404))
        for template, operations in self.document["paths"].items():
            if not template.startswith("/api/v1/") or "/webchat/" in template or "/auth/" in template or template.endswith("openapi.json"):
                continue
            for method, operation in operations.items():
                reply = mine.request(method.upper(), self.path_of(template).replace("{key}", "financial"), self.body_of(operation))
                self.assertIn(reply.status, (401, 403), (method, template, reply.body[:100]))
        agent = self.server.sign_in("ana")
        for path in ("/api/v1/webchat/conversation", "/api/v1/webchat/messages"):
            self.assertIn(agent.get(path).status, (401, 403))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
