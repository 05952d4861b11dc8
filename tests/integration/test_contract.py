# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract other programs rely on, line by line, against the real server."""

import hashlib
import json
import unittest

from guiched import Server, Stream, new_id

# What is empty is absent: attachments, quote, edited_at, deleted_at, mentions.
MESSAGE_MEMBERS = {"id", "conversation_id", "seq", "client_id", "sender", "kind", "body", "at", "state"}
CONVERSATION_MEMBERS = {"id", "kind", "channel", "customer_id", "title", "queue", "priority", "state", "assignee_id",
                        "last_seq", "last_message", "waiting_since", "opened_at", "snoozed_until", "closed_at",
                        "close_reason", "created_at", "updated_at", "members", "customer_read_seq", "agent_read_seq",
                        "customer_delivered_seq", "agent_delivered_seq"}


class Contract(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.ana = cls.server.sign_in("ana")
        cls.sofia = cls.server.sign_in("sofia")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def assertMembers(self, record, members):
        self.assertEqual(members - set(record), set())

    def visit(self, subject="technical_normal"):
        visitor = self.server.open_visit(subject)
        return visitor, visitor.visit["conversation_id"]

    def accepted(self):
        visitor, conversation = self.visit()
        self.assertEqual(self.ana.post(f"/api/v1/conversations/{conversation}/accept").status, 200)
        return visitor, conversation

    def write(self, conversation, **members):
        body = {"client_id": new_id(), "body": "Boa tarde!", **members}
        return self.ana.post(f"/api/v1/conversations/{conversation}/messages", body)

    # --- starting and signing in ---------------------------------------------------------

    def test_ready_line(self):
        ready = self.server.ready
        self.assertIs(ready["ready"], True)
        self.assertEqual(ready["url"], f"http://127.0.0.1:{self.server.port}")
        self.assertEqual(ready["tenant"], "demo")
        self.assertEqual(ready["chat"], ready["url"] + "/chat/demo")

    def test_sample_users(self):
        for login, role in (("ana", "agent"), ("bruno", "agent"), ("sofia", "supervisor"), ("admin", "admin")):
            session = self.server.sign_in(login).session
            self.assertMembers(session, {"token", "refresh_token", "expires_at", "user"})
            self.assertMembers(session["user"], {"id", "login", "name", "role"})
            self.assertEqual((session["user"]["login"], session["user"]["role"]), (login, role))
            self.assertIsInstance(session["expires_at"], int)

    def test_refresh_and_logout(self):
        client = self.server.sign_in("bruno")
        reply = client.post("/api/v1/auth/refresh", {"refresh_token": client.session["refresh_token"]})
        self.assertEqual(reply.status, 200)
        self.assertMembers(reply.json(), {"token", "refresh_token", "expires_at", "user"})
        client.token = reply.json()["token"]
        self.assertEqual(client.get("/api/v1/me").status, 200)
        self.assertEqual(client.post("/api/v1/auth/logout").status, 200)
        self.assertEqual(client.get("/api/v1/me").code, "unauthenticated")
        reply = client.post("/api/v1/auth/refresh", {"refresh_token": reply.json()["refresh_token"]}, token="")
        self.assertEqual((reply.status, reply.code), (401, "unauthenticated"))

    # --- web chat ------------------------------------------------------------------------

    def test_visit(self):
        visitor, conversation = self.visit("financial")
        self.assertMembers(visitor.visit, {"token", "visitor_id", "conversation_id"})
        record = self.ana.get(f"/api/v1/conversations/{conversation}").json()
        self.assertMembers(record, CONVERSATION_MEMBERS)
        self.assertEqual((record["state"], record["queue"], record["channel"]), ("waiting", "financial", "webchat"))
        self.assertEqual(record["customer_id"], visitor.visit["visitor_id"])

    def test_visit_is_checked(self):
        for body, field in (({"subject": "financial"}, "name"), ({"name": "M", "subject": "nada"}, "subject"),
                            ({"name": " \t", "subject": "financial"}, "name"),
                            ({"name": "M", "subject": "financial", "phone": "12"}, "phone"),
                            ({"name": "M", "subject": "financial", "email": "x"}, "email"),
                            ({"name": 7, "subject": "financial"}, "name")):
            reply = self.server.client().post("/api/v1/webchat/demo/visitors", body)
            self.assertEqual((reply.status, reply.code), (400, "invalid-request"), body)
            self.assertEqual(reply.json()["error"]["details"]["field"], field)
        reply = self.server.client().post("/api/v1/webchat/nenhuma/visitors", {"name": "M", "subject": "financial"})
        self.assertEqual(reply.status, 404)

    def test_visit_opened_once(self):
        body = {"client_id": new_id(), "name": "Maria", "subject": "financial"}
        replies = [self.server.client().post("/api/v1/webchat/demo/visitors", body) for _ in range(2)]
        self.assertEqual([r.status for r in replies], [201, 200])
        for member in ("visitor_id", "conversation_id"):
            self.assertEqual(replies[0].json()[member], replies[1].json()[member])
        for reply in replies:
            self.assertEqual(self.server.client(reply.json()["token"]).get("/api/v1/webchat/conversation").status, 200)

    def test_visitor_writes_once(self):
        visitor, conversation = self.visit()
        body = {"client_id": new_id(), "body": "Olá <b>mundo</b> \u202e &amp; 'x'"}
        first = visitor.post("/api/v1/webchat/messages", body)
        again = visitor.post("/api/v1/webchat/messages", body)
        self.assertEqual((first.status, again.status), (201, 200))
        self.assertMembers(first.json(), MESSAGE_MEMBERS)
        self.assertEqual(first.json(), again.json())
        self.assertEqual(first.json()["conversation_id"], conversation)
        self.assertIn("<b>mundo</b>", first.json()["body"])
        items = visitor.get("/api/v1/webchat/messages?after=1").json()["items"]
        self.assertEqual([item["client_id"] for item in items], [body["client_id"]])

    def test_visitor_state_and_position(self):
        first, _ = self.visit("cancellation")
        second, conversation = self.visit("cancellation")
        state = second.get("/api/v1/webchat/conversation").json()
        self.assertMembers(state, {"conversation", "position", "agent", "messages", "seq"})
        self.assertEqual(state["conversation"], {"id": conversation, "state": "waiting", "queue": "cancellation"})
        before = first.get("/api/v1/webchat/conversation").json()["position"]
        self.assertEqual(state["position"], before + 1)
        stream = self.server.stream(second, state["seq"], visitor=True)
        self.assertEqual(stream.status, 101)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        self.sofia.post(f"/api/v1/conversations/{first.visit['conversation_id']}/accept")
        frame = stream.until(lambda m: m.get("op") == "position" and m["position"] != before + 1, "the new position")[-1]
        self.assertEqual(frame["position"], before)
        stream.close()

    def test_closed_conversation_waits_again(self):
        visitor, conversation = self.accepted()
        self.assertEqual(self.ana.post(f"/api/v1/conversations/{conversation}/close", {"reason": "resolvido"}).status, 200)
        self.assertEqual(visitor.get("/api/v1/webchat/conversation").json()["conversation"]["state"], "closed")
        self.assertEqual(visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "mais uma"}).status, 201)
        record = self.ana.get(f"/api/v1/conversations/{conversation}").json()
        self.assertIn(record["state"], ("waiting", "open"))

    def test_visitor_never_sees_notes(self):
        visitor, conversation = self.accepted()
        self.assertEqual(self.write(conversation, body="segredo", kind="note").status, 201)
        self.write(conversation, body="pública")
        for path in ("/api/v1/webchat/messages", "/api/v1/webchat/conversation"):
            self.assertNotIn(b"segredo", visitor.get(path).body)
        stream = self.server.stream(visitor, 0, visitor=True)
        seen = stream.until(lambda m: m.get("op") in ("ready", "snapshot_required"), "ready")
        self.assertNotIn("segredo", json.dumps(seen))
        self.assertIn("pública", json.dumps(seen, ensure_ascii=False))
        reply = visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "x", "kind": "note"})
        self.assertEqual(reply.status, 400)

    def test_visitor_stream_by_query_token(self):
        visitor, _ = self.visit()
        stream = Stream(self.server.port, f"/api/v1/webchat/stream?token={visitor.token}&since=0")
        self.assertEqual(stream.status, 101)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "oi"})
        stream.until(lambda m: m.get("kind") == "message.created" and m["data"]["message"]["body"] == "oi", "the message")

    def test_visitor_read_reaches_agent(self):
        visitor, conversation = self.accepted()
        seq = self.write(conversation).json()["seq"]
        self.assertEqual(visitor.post("/api/v1/webchat/read", {"seq": seq}).status, 200)
        page = self.ana.get(f"/api/v1/conversations/{conversation}/messages?after={seq - 1}").json()
        self.assertEqual(page["items"][0]["state"], 3)
        self.assertEqual(visitor.post("/api/v1/webchat/read", {"seq": 1}).status, 200)
        self.assertEqual(self.ana.get(f"/api/v1/conversations/{conversation}").json()["customer_read_seq"], seq)

    def test_delivered_by_the_stream(self):
        visitor, conversation = self.accepted()
        stream, desktop = self.server.stream(visitor, visitor=True), self.server.stream(self.ana)
        for each in (stream, desktop):
            each.until(lambda m: m.get("op") == "ready", "ready")
        seq = self.write(conversation).json()["seq"]
        stream.say({"op": "delivered", "ref": "d", "seq": seq + 50})
        event = desktop.until(lambda m: m.get("kind") == "message.delivery", "the delivery")[-1]["data"]
        self.assertEqual((event["side"], event["state"], event["seq"]), ("customer", 2, seq))
        sent = visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "oi"}).json()
        desktop.say({"op": "delivered", "ref": "e", "conversation_id": conversation, "seq": sent["seq"]})
        event = stream.until(lambda m: m.get("kind") == "message.delivery" and m["data"]["side"] == "agent", "the other")[-1]["data"]
        self.assertEqual((event["state"], event["seq"]), (2, sent["seq"]))
        stream.say({"op": "delivered", "ref": "f", "seq": 1})
        stream.until(lambda m: m.get("op") == "ack" and m.get("ref") == "f", "the acknowledgement")
        self.assertEqual(self.ana.get(f"/api/v1/conversations/{conversation}").json()["customer_delivered_seq"], seq)

    # --- the desk ------------------------------------------------------------------------

    def test_views(self):
        visitor, conversation = self.visit()
        for view in ("mine", "queue", "all", "closed", "snoozed", "channels"):
            page = self.ana.get(f"/api/v1/conversations?view={view}&limit=5")
            self.assertEqual(page.status, 200, view)
            self.assertMembers(page.json(), {"items", "next_cursor"})
        ids = [c["id"] for c in self.ana.get("/api/v1/conversations?view=queue&limit=200").json()["items"]]
        self.assertIn(conversation, ids)
        self.assertEqual(self.ana.get("/api/v1/conversations?view=outra").status, 400)

    def test_pages_are_whole(self):
        seen, cursor = [], ""
        for _ in range(1000):
            page = self.ana.get(f"/api/v1/conversations?view=closed&limit=37&cursor={cursor}").json()
            seen += [c["id"] for c in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
        self.assertGreater(len(seen), 300)
        self.assertEqual(len(seen), len(set(seen)))

    def test_life_of_a_conversation(self):
        _, conversation = self.accepted()
        path = f"/api/v1/conversations/{conversation}/"
        self.assertEqual(self.server.sign_in("bruno").post(path + "accept").code, "already-assigned")
        reply = self.ana.post(path + "transfer", {"queue": "financial", "note": "boleto"})
        self.assertEqual((reply.status, reply.json()["queue"], reply.json()["state"]), (200, "financial", "waiting"))
        self.assertEqual(self.ana.post(path + "accept").json()["state"], "open")
        until = self.ana.get("/api/v1/conversations/" + conversation).json()["updated_at"] + 3_600_000_000
        self.assertEqual(self.ana.post(path + "snooze", {"until": until}).json()["state"], "snoozed")
        self.assertEqual(self.ana.post(path + "reopen").json()["state"], "open")
        self.assertEqual(self.ana.post(path + "close", {"reason": "resolvido"}).json()["state"], "closed")
        self.assertEqual(self.write(conversation).code, "conversation-closed")
        self.assertEqual(self.ana.post(path + "reopen").json()["state"], "open")
        self.assertEqual(self.write(conversation).status, 201)

    def test_messages(self):
        _, conversation = self.accepted()
        client_id = new_id()
        first = self.write(conversation, client_id=client_id)
        again = self.write(conversation, client_id=client_id, body="outro texto")
        self.assertEqual((first.status, again.status), (201, 200))
        self.assertMembers(first.json(), MESSAGE_MEMBERS)
        self.assertEqual(first.json()["id"], again.json()["id"])
        self.assertEqual(again.json()["body"], "Boa tarde!")
        quoted = self.write(conversation, quote=first.json()["id"]).json()
        self.assertEqual(quoted["quote"]["id"], first.json()["id"])
        page = self.ana.get(f"/api/v1/conversations/{conversation}/messages?limit=200").json()
        self.assertMembers(page, {"items", "has_more"})
        self.assertEqual([m["seq"] for m in page["items"]], list(range(1, len(page["items"]) + 1)))

    def test_message_is_checked(self):
        _, conversation = self.accepted()
        for members in ({"client_id": "x"}, {"client_id": None}, {"body": 7}, {"body": "x" * 10001}, {"kind": "system"},
                        {"attachments": "x"}, {"quote": new_id()}, {"attachments": [{"file_id": new_id()}]}):
            self.assertIn(self.write(conversation, **members).status, (400, 404), members)

    def test_files(self):
        _, conversation = self.accepted()
        body = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
        reply = self.ana.request("POST", "/api/v1/files?name=foto%20nova.png", body, {"Content-Type": "image/png"})
        self.assertIn(reply.status, (200, 201))
        record = reply.json()
        self.assertMembers(record, {"id", "type", "size", "sha256"})
        self.assertEqual((record["type"], record["size"]), ("image/png", len(body)))
        self.assertEqual(record["sha256"], hashlib.sha256(body).hexdigest())
        message = self.write(conversation, kind="image", body="", attachments=[{"file_id": record["id"]}])
        self.assertEqual(message.status, 201, message.body)
        whole = self.ana.get("/api/v1/files/" + record["id"])
        self.assertEqual((whole.status, whole.body), (200, body))
        part = self.ana.get("/api/v1/files/" + record["id"], headers={"Range": "bytes=10-19"})
        self.assertEqual((part.status, part.body), (206, body[10:20]))
        self.assertEqual(part.headers["content-range"], f"bytes 10-19/{len(body)}")
        self.assertEqual(self.ana.get("/api/v1/files/" + record["id"], headers={"Range": "bytes=999999-"}).status, 416)

    def test_a_png_that_is_a_program(self):
        reply = self.ana.request("POST", "/api/v1/files?name=x.png", b"\x7fELF\x02\x01\x01" + bytes(200), {"Content-Type": "image/png"})
        self.assertEqual((reply.status, reply.code), (415, "unsupported-type"))
        visitor, _ = self.visit()
        reply = visitor.request("POST", "/api/v1/webchat/files?name=x.png", b"MZ" + bytes(200), {"Content-Type": "image/png"})
        self.assertEqual(reply.status, 415)

    def test_renditions(self):
        visitor, conversation = self.accepted()
        with open(__file__.rsplit("/tests/", 1)[0] + "/data/sample/agente-visita.ogg", "rb") as sound:
            ogg = sound.read()
        with open(__file__.rsplit("/tests/", 1)[0] + "/data/sample/agente-visita.m4a", "rb") as sound:
            m4a = sound.read()
        voice = self.ana.request("POST", "/api/v1/files?name=voz.ogg", ogg, {"Content-Type": "audio/ogg"}).json()
        self.assertEqual(voice["type"], "audio/ogg")
        self.assertEqual(self.write(conversation, kind="voice", body="",
                                    attachments=[{"file_id": voice["id"], "duration_ms": 10191, "waveform": "00ff"}]).status, 201)
        path = "/api/v1/webchat/files/" + voice["id"]
        self.assertEqual(visitor.get(path).body, ogg)
        self.assertEqual(visitor.get(path + "?format=aac").status, 404)
        upload = f"/api/v1/files/{voice['id']}/renditions"
        self.assertEqual(self.sofia.request("POST", upload, m4a, {"Content-Type": "audio/mp4"}).status, 404)
        self.assertEqual(self.ana.request("POST", upload, ogg, {"Content-Type": "audio/ogg"}).status, 415)
        self.assertEqual(self.ana.request("POST", upload, m4a, {"Content-Type": "audio/mp4"}).status, 201)
        reply = visitor.get(path + "?format=aac")
        self.assertEqual((reply.status, reply.body, reply.headers["content-type"]), (200, m4a, "audio/mp4"))

    # --- events --------------------------------------------------------------------------

    def test_sync_pages_to_the_end(self):
        _, conversation = self.accepted()
        message = self.write(conversation).json()
        since, seen, more = self.ana.get("/api/v1/snapshot").json()["seq"] - 20, [], True
        while more:
            page = self.ana.get(f"/api/v1/sync?since={since}&limit=3").json()
            self.assertMembers(page, {"events", "next", "more"})
            self.assertGreaterEqual(page["next"], since)
            seen, since, more = seen + page["events"], page["next"], page["more"]
        for event in seen:
            self.assertMembers(event, {"seq", "at", "kind", "data"})
        seqs = [event["seq"] for event in seen]
        self.assertEqual(seqs, sorted(set(seqs)))
        created = [e for e in seen if e["kind"] == "message.created" and e["data"]["message"]["id"] == message["id"]]
        self.assertEqual(len(created), 1)
        self.assertEqual(created[0]["data"]["message"], message)

    def test_snapshot_required(self):
        newest = self.ana.get("/api/v1/snapshot").json()["seq"]
        reply = self.ana.get(f"/api/v1/sync?since={newest + 1000}")
        self.assertEqual((reply.status, reply.code), (409, "snapshot-required"))
        stream = self.server.stream(self.ana, newest + 1000)
        self.assertEqual(stream.next(), {"op": "snapshot_required"})
        self.assertIsNone(stream.next())
        self.assertEqual(stream.close_code, 4409)

    def test_snapshot(self):
        snapshot = self.ana.get("/api/v1/snapshot").json()
        self.assertMembers(snapshot, {"seq", "me", "users", "queues", "canned_replies", "conversations", "customers",
                                      "messages", "drafts", "read_marks", "scheduled_messages"})
        self.assertEqual(snapshot["me"]["login"], "ana")
        self.assertEqual({q["key"] for q in snapshot["queues"]},
                         {"technical_urgent", "technical_normal", "commercial", "financial", "cancellation"})
        self.assertNotIn("closed", {c["state"] for c in snapshot["conversations"]})

    def test_stream_replays_then_pushes(self):
        _, conversation = self.accepted()
        since = self.ana.get("/api/v1/snapshot").json()["seq"]
        missed = self.write(conversation, body="perdida").json()
        stream = self.server.stream(self.ana, since)
        seen = stream.until(lambda m: m.get("op") == "ready", "ready")
        self.assertIn(missed["id"], [m["data"]["message"]["id"] for m in seen if m.get("kind") == "message.created"])
        live = self.write(conversation, body="ao vivo").json()
        event = stream.until(lambda m: m.get("kind") == "message.created", "the live message")[-1]
        self.assertEqual(event["data"]["message"], live)
        stream.say({"op": "seen", "seq": event["seq"]})
        stream.say({"op": "ping", "ref": "r1"})
        self.assertEqual(stream.until(lambda m: m.get("op") == "pong", "the pong")[-1]["ref"], "r1")
        stream.close()

    def test_message_over_the_stream(self):
        _, conversation = self.accepted()
        stream = self.server.stream(self.ana)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        request = {"op": "message.send", "ref": "7", "conversation_id": conversation, "client_id": new_id(), "body": "pelo fio"}
        acks = []
        for _ in range(2):
            stream.say(request)
            acks.append(stream.until(lambda m: m.get("op") == "ack", "the acknowledgement")[-1])
        self.assertEqual(acks[0]["ref"], "7")
        self.assertEqual(acks[0]["message"]["id"], acks[1]["message"]["id"])
        stream.say(dict(request, ref="8", conversation_id=new_id()))
        error = stream.until(lambda m: m.get("op") == "error", "the refusal")[-1]
        self.assertEqual((error["ref"], error["error"]["code"]), ("8", "not-found"))
        stream.say(dict(request, ref="9", client_id=new_id(), send_at=4102444800000000))
        error = stream.until(lambda m: m.get("op") == "error", "the refusal")[-1]
        self.assertEqual((error["error"]["code"], error["error"]["details"]["field"]), ("invalid-request", "send_at"))

    def test_chosen_presence_waits_for_its_user(self):
        elisa, watcher = self.server.sign_in("elisa"), self.server.stream(self.sofia)
        watcher.until(lambda m: m.get("op") == "ready", "ready")
        stream = self.server.stream(elisa)
        stream.until(lambda m: m.get("op") == "ready", "ready")
        stream.say({"op": "presence", "status": "busy"})
        mine = lambda status: lambda m: (m.get("op"), m.get("user_id"), m.get("status")) == ("presence", elisa.session["user"]["id"], status)
        watcher.until(mine("busy"), "being busy")
        stream.close()
        watcher.until(mine("offline"), "having gone")
        stream = self.server.stream(elisa)
        watcher.until(mine("busy"), "being busy again")
        stream.close()

    def test_typing_both_ways(self):
        visitor, conversation = self.accepted()
        agent_stream = self.server.stream(self.ana)
        visitor_stream = self.server.stream(visitor, visitor=True)
        for stream in (agent_stream, visitor_stream):
            stream.until(lambda m: m.get("op") == "ready", "ready")
        visitor_stream.say({"op": "typing", "conversation_id": conversation, "is_typing": True})
        frame = agent_stream.until(lambda m: m.get("op") == "typing", "the customer typing")[-1]
        self.assertEqual((frame["conversation_id"], frame["user"]["kind"], frame["is_typing"]), (conversation, "customer", True))
        agent_stream.say({"op": "typing", "conversation_id": conversation, "is_typing": True})
        frame = visitor_stream.until(lambda m: m.get("op") == "typing", "the agent typing")[-1]
        self.assertEqual(frame["user"]["kind"], "agent")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
