#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two nodes over PostgreSQL and Redis: what happens at one is seen at the other. Run beside them: with-nodes 2 test_live_nodes.py"""
import json
import os
import socket
import time
import unittest

from guiched import Client, Stream, new_id, wait_for

PORTS = [int(url.rsplit(":", 1)[1]) for url in os.environ["GUICHE_TEST_NODE_URLS"].split()]


def command(line):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.environ["GUICHE_TEST_NODES"])
        connection.sendall(line.encode() + b"\n")
        answer = connection.makefile().readline().strip()
    assert answer == "ok", answer


def health(node):
    client = Client(PORTS[node])
    try:
        return client.get("/health/ready")
    finally:
        client.close()


class Nodes(unittest.TestCase):
    def setUp(self):
        self.streams = []
        for node in (0, 1):
            wait_for(lambda: health(node).json()["bus"] == "connected", "the bus")

    def tearDown(self):
        for stream in self.streams:
            stream.socket.close()

    def sign_in(self, login, node):
        reply = Client(PORTS[node]).post("/api/v1/auth/login", {"tenant": "demo", "login": login, "password": "guiche"})
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json()

    def listen(self, login, node, user=None):
        """(user, stream) once the stream is complete."""
        user = user or self.sign_in(login, node)
        stream = Stream(PORTS[node], "/api/v1/stream", user["token"])
        self.assertEqual(stream.status, 101)
        self.streams.append(stream)
        self.expect(stream, "op", "ready")
        return user, stream

    def expect(self, stream, key, value, check=lambda message: True):
        """The next message with @key @value that @check likes."""
        while True:
            message = stream.next()
            self.assertIsNotNone(message, f"closed with {stream.close_code} before {value}")
            if message.get(key) == value and check(message):
                return message

    def expect_presence(self, stream, user, status):
        """Told at once, or already when the stream began."""
        def is_it(message):
            items = message.get("items", [message])
            return {"user_id": user["user"]["id"], "status": status}.items() <= {
                key: value for item in items for key, value in item.items() if item["user_id"] == user["user"]["id"]}.items()

        while True:
            message = stream.next()
            self.assertIsNotNone(message)
            if message.get("op") in ("presence", "presences") and is_it(message):
                return

    def test_presence_and_typing(self):
        _, ana = self.listen("ana", 0)
        bruno, stream = self.listen("bruno", 1)
        self.expect_presence(ana, bruno, "available")
        stream.say({"op": "presence", "status": "busy"})
        self.expect_presence(ana, bruno, "busy")
        client = Client(PORTS[1], bruno["token"])
        other = next(user for user in client.get("/api/v1/users").json()["items"] if user["login"] == "ana")
        direct = client.post("/api/v1/direct", {"user_id": other["id"]}).json()
        stream.say({"op": "typing", "conversation_id": direct["id"], "is_typing": True})
        typing = self.expect(ana, "op", "typing")
        self.assertEqual((typing["conversation_id"], typing["user"]["id"]), (direct["id"], bruno["user"]["id"]))
        stream.say({"op": "viewing", "conversation_id": direct["id"]})
        self.expect(ana, "op", "viewing", lambda message: message["user_ids"] == [bruno["user"]["id"]])
        sent = client.post(f"/api/v1/conversations/{direct['id']}/messages", {"client_id": new_id(), "body": "oi"}).json()
        self.expect(ana, "kind", "message.created", lambda event: event["data"]["message"]["id"] == sent["id"])
        stream.socket.close()
        self.expect_presence(ana, bruno, "offline")

    def test_a_dead_node_takes_its_people_with_it(self):
        _, ana = self.listen("ana", 0)
        bruno, _ = self.listen("bruno", 1)
        self.expect_presence(ana, bruno, "available")
        began = time.monotonic()
        command("kill 1")
        self.expect_presence(ana, bruno, "offline")
        print(f"# offline {time.monotonic() - began:.1f} s after the node's death", flush=True)
        command("start 1")

    def test_presence_without_redis(self):
        _, ana = self.listen("ana", 0)
        carla, _ = self.listen("carla", 1)
        self.expect_presence(ana, carla, "available")
        command("redis kill")
        try:
            for node in (0, 1):
                wait_for(lambda: health(node).json()["bus"] == "away", "the loss to be noticed")
                self.assertEqual(health(node).status, 200)
            sofia, stream = self.listen("sofia", 1)
            self.expect_presence(ana, sofia, "available")
            stream.say({"op": "presence", "status": "away"})
            self.expect_presence(ana, sofia, "away")
            stream.socket.close()
            self.expect_presence(ana, sofia, "offline")
        finally:
            command("redis start")
        began = time.monotonic()
        for node in (0, 1):
            wait_for(lambda: health(node).json()["bus"] == "connected", "the bus")
        print(f"# connected {time.monotonic() - began:.2f} s after Redis was back", flush=True)

    def test_access_is_taken_away_everywhere(self):
        bruno, stream = self.listen("bruno", 1)
        same, again = self.listen("bruno", 1)
        admin = Client(PORTS[0], self.sign_in("admin", 0)["token"])
        user = bruno["user"]["id"]
        # What may be seen changes: streams at the other node follow.
        queues = admin.get("/api/v1/queues").json()["items"]
        queue = next(one for one in queues if user in one["members"])
        others = [member for member in queue["members"] if member != user]
        self.assertEqual(admin.patch(f"/api/v1/queues/{queue['key']}", {"members": others}).status, 200)
        changed = self.expect(stream, "kind", "access.changed")
        self.assertNotIn(queue["key"], changed["data"]["queues"])
        # One session ends at the other node.
        self.assertEqual(Client(PORTS[0], same["token"]).post("/api/v1/auth/logout").status, 200)
        while again.next() is not None:
            pass
        self.assertEqual(again.close_code, 4401)
        # All of them.
        self.assertEqual(admin.patch(f"/api/v1/users/{user}", {"is_enabled": False}).status, 200)
        while stream.next() is not None:
            pass
        self.assertEqual(stream.close_code, 4401)
        wait_for(lambda: Client(PORTS[1], bruno["token"]).get("/api/v1/me").status == 401, "the token to be refused")
        self.assertEqual(admin.patch(f"/api/v1/users/{user}", {"is_enabled": True}).status, 200)
        self.assertEqual(admin.patch(f"/api/v1/queues/{queue['key']}", {"members": queue["members"]}).status, 200)

    def test_not_ready_without_the_database(self):
        command("postgresql pause")
        try:
            # Answered all the same, at once.
            wait_for(lambda: health(0).status == 503, "ready to be taken back")
            self.assertEqual(health(0).json()["status"], "unavailable")
            self.assertEqual(Client(PORTS[0]).get("/health/live").status, 200)
        finally:
            command("postgresql resume")
        wait_for(lambda: health(0).status == 200 and health(1).status == 200, "ready")

    def test_figures(self):
        text = Client(PORTS[0]).get("/metrics").body.decode()
        for name in ("guiche_bus_connected 1", "guiche_database_reachable 1", "guiche_wakes_heard_total ", "guiche_database_connections ",
                     "guiche_jobs_discarded_total ", 'guiche_node_info{node="node0",engine="postgresql"} 1'):
            self.assertIn("\n" + name, text)


if __name__ == "__main__":
    print(json.dumps({"ports": PORTS}))
    unittest.main(verbosity=2, warnings="ignore")
