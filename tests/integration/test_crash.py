# SPDX-License-Identifier: GPL-3.0-or-later
"""F1: many senders while guiched is killed with SIGKILL again and again; then the audit.

I1 every acknowledged message is there exactly once; I2 what was sent without an answer is there once or not at all, and a retry
returns the same id; I3 each conversation's seq is 1..n without hole or swap; I4 every reader that came back holds what the
server holds; I6 a conversation has one assignee at most; I9 the audit chain verifies."""

import http.client
import os
import random
import resource
import threading
import time
import unittest

from guiched import Client, Server, Stream, new_id, wait_for

SLOWNESS = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1"))
SECONDS = float(os.environ.get("GUICHE_CRASH_SECONDS", "12"))
SENDERS = 24
IS_ON_POSTGRESQL = "ON_POSTGRESQL" in os.environ
SEED = int(os.environ.get("GUICHE_CRASH_SEED", "0")) or random.randrange(1 << 30)


class Sender(threading.Thread):
    """One visitor or agent who writes numbered lines and repeats each until it is acknowledged."""

    def __init__(self, number, port, token, path, stop):
        super().__init__(daemon=True)
        self.number, self.path, self.stop_event = number, path, stop
        self.client = Client(port, token, timeout=5)
        self.acknowledged = []  # (client_id, id, seq, body)
        self.unanswered = None  # the client_id without an answer at the end
        self.retried = 0
        self.trouble = None

    def run(self):
        try:
            self.write_on()
        except Exception as trouble:  # noqa: what a thread meets is told by the audit
            self.trouble = repr(trouble)

    def write_on(self):
        count = 0
        while not self.stop_event.is_set():
            count += 1
            body = {"client_id": new_id(), "body": f"{self.number}:{count}"}
            if not self.deliver(body):
                self.unanswered = body["client_id"]
                return

    def deliver(self, body):
        while True:
            try:
                reply = self.client.post(self.path, body)
                if reply.status in (200, 201):
                    record = reply.json()
                    self.acknowledged.append((body["client_id"], record["id"], record["seq"], record["body"]))
                    return True
                if reply.status not in (503, 429):
                    raise AssertionError(f"{reply.status} {reply.body}")
            except (OSError, http.client.HTTPException):
                self.client.close()
                self.retried += 1
            if self.stop_event.is_set():
                return False
            time.sleep(0.02)  # the pace of the workload, not a wait for a condition


class StreamSender(Sender):
    """The same over the live stream: `message.send`, acknowledged by `ack`."""

    def __init__(self, number, port, token, conversation, stop):
        super().__init__(number, port, token, None, stop)
        self.port, self.token, self.conversation = port, token, conversation
        self.stream = None

    def deliver(self, body):
        request = dict(body, op="message.send", ref=body["client_id"], conversation_id=self.conversation)
        while True:
            try:
                if self.stream is None:
                    self.stream = Stream(self.port, "/api/v1/stream", self.token, timeout=5)
                self.stream.say(request)
                return self.take_answer(body)
            except (OSError, ConnectionError):
                self.close_stream()
                self.retried += 1
            if self.stop_event.is_set():
                return False
            time.sleep(0.02)  # the pace of the workload, not a wait for a condition

    def take_answer(self, body):
        while True:
            frame = self.stream.next()
            if frame is None:
                raise ConnectionError("closed")
            if frame.get("ref") != body["client_id"]:
                if "kind" in frame and frame["seq"] % 64 == 0:
                    self.stream.say({"op": "seen", "seq": frame["seq"]})
                continue
            if frame["op"] == "error":
                if frame["error"]["code"] in ("unavailable", "rate-limited"):
                    raise ConnectionError("try again")
                raise AssertionError(frame)
            record = frame["message"]
            self.acknowledged.append((body["client_id"], record["id"], record["seq"], record["body"]))
            return True

    def close_stream(self):
        if self.stream is not None:
            self.stream.close()
        self.stream = None

    def run(self):
        try:
            super().run()
        finally:
            self.close_stream()


class Reader(threading.Thread):
    """A stream that comes back after each crash and keeps what it was told, as a desktop does."""

    def __init__(self, port, path, token, since, stop, titles="Visitante %"):
        super().__init__(daemon=True)
        self.port, self.path, self.token, self.stop_event = port, path, token, stop
        self.titles = titles  # of the conversations it is told about
        self.since = since
        self.messages = {}  # conversation → {seq: message id}
        self.trouble = []
        self.connections = 0

    def run(self):
        while not self.stop_event.is_set():
            try:
                self.read(Stream(self.port, f"{self.path}?since={self.since}", self.token, timeout=2))
            except (OSError, ConnectionError):
                time.sleep(0.02)

    def read(self, stream):
        self.connections += 1
        try:
            while not self.stop_event.is_set():
                frame = stream.next()
                if frame is None:
                    return
                if "kind" in frame:
                    self.apply(frame, stream)
        finally:
            stream.close()

    def apply(self, event, stream):
        if event["seq"] <= self.since:
            self.trouble.append(f"event {event['seq']} after {self.since}")
        self.since = event["seq"]
        if event["kind"] == "message.created":
            message = event["data"]["message"]
            known = self.messages.setdefault(message["conversation_id"], {})
            if known.setdefault(message["seq"], message["id"]) != message["id"]:
                self.trouble.append(f"two messages at {message['seq']}")
        if event["seq"] % 64 == 0:
            stream.say({"op": "seen", "seq": event["seq"]})


class Crash(unittest.TestCase):
    def test_killed_again_and_again(self):
        print(f"# seed {SEED}, {SECONDS:.0f} s, {SENDERS} senders")
        dice = random.Random(SEED)
        with Server() as server:
            self.prepare(server)
            for thread in self.senders + self.readers:
                thread.start()
            kills = self.kill_again_and_again(server, dice)
            self.stop.set()
            for sender in self.senders:
                sender.join(60 * SLOWNESS)
            self.finish(server)
            self.report(kills)
            self.audit(server)

    def prepare(self, server):
        self.stop, self.reading_over = threading.Event(), threading.Event()
        ana, sofia = server.sign_in("ana"), server.sign_in("sofia")
        self.token = sofia.token
        since = ana.get("/api/v1/snapshot").json()["seq"]
        self.senders, self.conversations, self.readers = [], [], []
        for number in range(SENDERS // 2):
            visitor = server.open_visit(("technical_normal", "financial", "commercial")[number % 3], f"Visitante {number}")
            conversation = visitor.visit["conversation_id"]
            self.conversations.append(conversation)
            self.assertEqual(ana.post(f"/api/v1/conversations/{conversation}/accept").status, 200)
            self.senders.append(Sender(number, server.port, visitor.token, "/api/v1/webchat/messages", self.stop))
            if number % 2:
                self.senders.append(StreamSender(1000 + number, server.port, ana.token, conversation, self.stop))
            else:
                self.senders.append(Sender(1000 + number, server.port, ana.token, f"/api/v1/conversations/{conversation}/messages", self.stop))
            if number < 2:
                self.readers.append(Reader(server.port, "/api/v1/webchat/stream", visitor.token, since, self.reading_over,
                                           f"Visitante {number}"))
        for token in (ana.token, sofia.token):
            self.readers.append(Reader(server.port, "/api/v1/stream", token, since, self.reading_over))

    def kill_again_and_again(self, server, dice):
        kills, began = 0, time.monotonic()
        while time.monotonic() < began + SECONDS * SLOWNESS or (
                (kills < 6 or self.n_acknowledged() < 600) and time.monotonic() < began + 20 * SECONDS * SLOWNESS):
            time.sleep(dice.uniform(0.05, 0.9) * SLOWNESS)  # the moment of the crash
            server.kill()
            server.start()
            kills += 1
        return kills

    def finish(self, server):
        """The readers catch up once the server stays (I4)."""
        wait_for(lambda: all(self.is_complete(server, reader) for reader in self.readers), "every reader to hold everything", 60 * SLOWNESS)
        self.reading_over.set()
        for reader in self.readers:
            reader.join(60)

    def is_complete(self, server, reader):
        held = sum(len(reader.messages.get(c, {})) for c in self.conversations)
        expected = server.query("SELECT count(*) FROM messages m JOIN conversations c ON c.number = m.conversation "
                                f"WHERE c.channel = 'webchat' AND c.title LIKE '{reader.titles}' AND m.seq > 1")
        return held >= int(expected[0][0])

    def n_acknowledged(self):
        return sum(len(s.acknowledged) for s in self.senders)

    def report(self, kills):
        acknowledged = self.n_acknowledged()
        retried = sum(s.retried for s in self.senders)
        print(f"# {kills} kills, {acknowledged} acknowledged messages, {retried} retries, "
              f"{sum(r.connections for r in self.readers)} stream connections")
        self.assertGreater(kills, 3)
        self.assertGreater(acknowledged, 500)

    def read_conversation(self, client, conversation):
        items, before = [], 1 << 30
        while True:
            page = client.get(f"/api/v1/conversations/{conversation}/messages?before={before}&limit=200").json()
            items = page["items"] + items
            if not page["has_more"]:
                return items
            before = items[0]["seq"]

    def audit(self, server):
        client = server.client(server.sign_in("sofia").token)
        stored = {c: self.read_conversation(client, c) for c in self.conversations}
        by_client_id = {}
        for conversation, items in stored.items():
            self.assertEqual([m["seq"] for m in items], list(range(1, len(items) + 1)), "I3: seq without holes")
            for message in items:
                if message["kind"] == "text":
                    by_client_id.setdefault(message["client_id"], []).append(message)
        for sender in self.senders:
            self.audit_sender(sender, by_client_id)
        for reader in self.readers:
            self.audit_reader(reader, stored)
        admin = server.sign_in("admin")
        self.assertGreater(admin.get("/api/v1/audit/verify").json()["entries"], 0, "I9")
        if not IS_ON_POSTGRESQL:
            self.assertEqual(server.query("PRAGMA integrity_check"), [["ok"]])
        first, last, count = map(int, server.query("SELECT min(seq), max(seq), count(*) FROM events")[0])
        self.assertEqual(last - first + 1, count, "events without gaps")

    def audit_sender(self, sender, by_client_id):
        self.assertIsNone(sender.trouble)
        for client_id, message_id, seq, body in sender.acknowledged:
            found = by_client_id.get(client_id, [])
            self.assertEqual([(m["id"], m["seq"], m["body"]) for m in found], [(message_id, seq, body)], "I1")
        seqs = [seq for _, _, seq, _ in sender.acknowledged]
        self.assertEqual(seqs, sorted(set(seqs)), "I3: a sender's order is kept")
        if sender.unanswered is not None:
            self.assertLessEqual(len(by_client_id.get(sender.unanswered, [])), 1, "I2")

    def audit_reader(self, reader, stored):
        self.assertEqual(reader.trouble, [])
        for conversation, known in reader.messages.items():
            if conversation not in stored:
                continue
            expected = {m["seq"]: m["id"] for m in stored[conversation]}
            for seq, message_id in known.items():
                self.assertEqual(expected.get(seq), message_id)
            held = sorted(known)
            self.assertEqual(held, list(range(held[0], len(expected) + 1)), "I4: nothing missing")


@unittest.skipIf(IS_ON_POSTGRESQL, "the files are PostgreSQL's")
class FullDisk(unittest.TestCase):
    """F4: no byte more fits; then there is room again."""

    def test_full_and_free_again(self):
        with Server() as server:
            visitor = server.open_visit()
            tenant = os.path.join(server.directory, "tenants", "demo")
            largest = max(os.path.getsize(os.path.join(tenant, name)) for name in os.listdir(tenant))
            acknowledged, statuses = [], set()

            def send():
                reply = visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "x" * 5000})
                statuses.add(reply.status)
                if reply.status == 201:
                    acknowledged.append(reply.json()["id"])
                return reply

            send()
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (largest + 65536, resource.RLIM_INFINITY))
            for _ in range(3000):
                reply = send()
                if reply.status != 201:
                    break
            self.assertEqual((reply.status, reply.code), (507, "storage-full"))
            self.assertNotIn(server.directory.encode(), reply.body)
            self.assertEqual(visitor.get("/api/v1/webchat/conversation").status, 200)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            wait_for(lambda: send().status == 201, "room on the disk to be used")
            self.assertEqual(statuses, {201, 507})
            server.kill()
            server.start()
            items, before = [], 1 << 30
            while before > 1:
                page = server.client(visitor.token).get(f"/api/v1/webchat/messages?before={before}&limit=200").json()
                items, before = page["items"] + items, page["items"][0]["seq"]
            self.assertEqual([m["seq"] for m in items], list(range(1, len(items) + 1)))
            self.assertEqual([m["id"] for m in items if m["kind"] == "text"], acknowledged)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
