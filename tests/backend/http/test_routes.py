#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every facility of the ring over real sockets: success, refusal, bad input."""

import hashlib
import json
import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest

from server_process import Server, wait_for

ID = "0192f0c1-2345-7abc-8def-0123456789ab"


class Routes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(limits_enabled="false", http_allowed_origins="https://loja.example")
        cls.large = os.urandom(3 * 1024 * 1024)
        with open(os.path.join(cls.server.directory, "large.ogg"), "wb") as large:
            large.write(cls.large)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def ask(self, *arguments, **named):
        return self.server.request(*arguments, **named)

    def post(self, body, **named):
        return self.ask("POST", "/api/v1/test/messages", body, token=self.server.agent, **named)

    # --- handlers ---
    def test_write(self):
        reply = self.post({"body": "olá"})
        self.assertEqual(reply.status, 201)
        self.assertEqual(reply.json()["body"], "olá")
        self.assertEqual(reply.headers["content-type"], "application/json")
        self.assertEqual(reply.headers["cache-control"], "no-store")
        self.assertEqual(reply.headers["x-content-type-options"], "nosniff")
        self.assertNotIn("access-control-allow-origin", reply.headers)
        self.assertNotIn("server", reply.headers)

    def test_read_with_path_and_query(self):
        reply = self.ask("GET", "/api/v1/test/things/%s?limit=7&q=a%%20b" % ID, token=self.server.agent)
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.json(), {"id": ID, "role": "agent", "address": "127.0.0.1", "limit": 7, "q": "a b"})

    def test_token_in_query_for_get_only(self):
        self.assertEqual(self.ask("GET", "/api/v1/test/things/%s?token=%s" % (ID, self.server.agent)).status, 200)
        self.assertEqual(self.ask("POST", "/api/v1/test/messages?token=" + self.server.agent, {"body": "x"}).status, 401)

    def test_head(self):
        reply = self.ask("HEAD", "/api/v1/test/things/" + ID, token=self.server.agent)
        self.assertEqual(reply.status, 200)
        self.assertGreater(int(reply.headers["content-length"]), 10)

    def test_worker_and_ring(self):
        self.assertEqual(self.ask("GET", "/api/v1/test/slow?ms=1", token=self.server.agent).status, 200)
        self.assertEqual(self.ask("POST", "/api/v1/test/ring", {"body": "x"}).status, 200)

    def test_keep_alive_and_pipelining(self):
        with self.server.connect() as connection:
            for _ in range(20):
                self.assertEqual(self.post({"body": "x"}, connection=connection).status, 201)
            one = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
            connection.send(one * 10)
            for _ in range(10):
                self.assertEqual(connection.read_reply().status, 200)

    def test_both_ways_share_a_connection(self):
        """Writes are answered past libsoup, everything else through it: in the order asked."""
        write = ("POST /api/v1/test/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                 "Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"body\":\"x\"}" % self.server.agent).encode()
        write = write.replace(b"Length: 12", b"Length: %d" % len(b'{"body":"x"}'))
        read = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        refused = write.replace(b"Bearer ", b"Bearer x")
        nothing = b"DELETE /api/v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n"
        expected = [(write, 201), (read, 200), (refused, 401), (write, 201), (nothing, 404), (refused, 401), (read, 200)]
        with self.server.connect() as connection:
            connection.send(b"".join(data for data, _ in expected) * 30)
            for _, status in expected * 30:
                self.assertEqual(connection.read_reply().status, status)
        with self.server.connect() as connection:
            for byte in write + read + write:
                connection.send(bytes([byte]))
            self.assertEqual([connection.read_reply().status for _ in range(3)], [201, 200, 201])
        with self.server.connect() as connection:
            connection.send(write.replace(b"Host: a", b"Host: a\r\nConnection: close"))
            reply = connection.read_reply()
            self.assertEqual((reply.status, reply.headers["x-content-type-options"]), (201, "nosniff"))
            self.assertRegex(reply.headers["date"], r"^\w{3}, \d\d \w{3} 20\d\d \d\d:\d\d:\d\d GMT$")
            self.assertTrue(connection.is_closed())

    def test_many_refusals_in_a_row(self):
        data = b"POST /api/v1/test/messages HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
        with self.server.connect() as connection:
            threading.Thread(target=connection.send, args=(data * 20000,)).start()
            for _ in range(20000):
                self.assertEqual(connection.read_reply().status, 401)

    def test_http_1_0(self):
        with self.server.connect() as connection:
            connection.send(b"GET /health HTTP/1.0\r\n\r\n")
            self.assertEqual(connection.read_reply().status, 200)
            self.assertTrue(connection.is_closed())

    def test_connection_close(self):
        with self.server.connect() as connection:
            reply = self.post({"body": "x"}, headers={"Connection": "close"}, connection=connection)
            self.assertEqual(reply.status, 201)
            self.assertTrue(connection.is_closed())

    def test_body_in_pieces(self):
        with self.server.connect() as connection:
            body = json.dumps({"body": "x" * 3000}).encode()
            head = "POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            data = (head % len(body)).encode() + body
            for start in range(0, len(data), 7):
                connection.send(data[start:start + 7])
            self.assertEqual(connection.read_reply().status, 200)

    def test_chunked_body_closes_after_the_reply(self):
        with self.server.connect() as connection:
            connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"bod\r\n7\r\ny\":\"x\"}\r\n0\r\n\r\n")
            self.assertEqual(connection.read_reply().status, 200)
            self.assertTrue(connection.is_closed())

    def test_expect_continue(self):
        with self.server.connect() as connection:
            connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            b"Content-Length: 12\r\nExpect: 100-continue\r\n\r\n")
            self.assertEqual(connection.read_reply().status, 100)
            connection.send(b"{\"body\":\"x\"}")
            self.assertEqual(connection.read_reply().status, 200)
        reply = self.ask("POST", "/api/v1/test/ring", {"body": "x"}, headers={"Expect": "200-ok"})
        self.assertEqual(reply.status, 417)

    # --- refusals ---
    def test_no_token(self):
        reply = self.ask("POST", "/api/v1/test/messages", {"body": "x"})
        self.assertEqual((reply.status, reply.code), (401, "unauthenticated"))
        self.assertEqual(reply.headers["www-authenticate"], "Bearer")

    def test_bad_token(self):
        for token in ("x", self.server.agent[:-4] + "AAAA", "a.b.c", "A" * 5000):
            reply = self.ask("POST", "/api/v1/test/messages", {"body": "x"}, token=token)
            self.assertEqual((reply.status, reply.code), (401, "unauthenticated"))

    def test_roles(self):
        self.assertEqual(self.ask("GET", "/api/v1/test/admin/" + ID, token=self.server.agent).code, "forbidden")
        self.assertEqual(self.ask("GET", "/api/v1/webchat/test/" + ID, token=self.server.agent).code, "forbidden")
        self.assertEqual(self.ask("GET", "/api/v1/test/things/" + ID, token=self.server.visitor).code, "forbidden")
        self.assertEqual(self.ask("GET", "/api/v1/webchat/test/" + ID, token=self.server.visitor).status, 200)

    def test_not_found_and_method(self):
        self.assertEqual(self.ask("GET", "/nothing").code, "not-found")
        self.assertEqual(self.ask("GET", "/api/v1/test/things/no-id", token=self.server.agent).code, "not-found")
        reply = self.ask("DELETE", "/api/v1/test/messages", token=self.server.agent)
        self.assertEqual((reply.status, reply.code), (405, "method-not-allowed"))
        self.assertEqual(reply.headers["allow"], "OPTIONS, POST")
        self.assertEqual(self.ask("GET", "/api/v1/test/large/nobody").code, "not-found")

    def test_inside_errors_stay_inside(self):
        reply = self.ask("POST", "/api/v1/test/failure", token=self.server.agent)
        self.assertEqual((reply.status, reply.code), (500, "internal"))
        self.assertNotIn(b"secret", reply.body)
        self.assertIn("a secret of the inside", self.server.read_log())
        with self.server.connect() as connection:
            for _ in range(3):
                reply = self.ask("POST", "/api/v1/test/failure", token=self.server.agent, connection=connection)
                self.assertEqual(reply.status, 500)

    def test_bad_bodies(self):
        for body, code, field in (
                (b"", "unsupported-type", None),
                (b"{", "unsupported-type", None)):
            self.assertEqual(self.ask("POST", "/api/v1/test/messages", body or b"x", token=self.server.agent).code, code)
        json_type = {"Content-Type": "application/json; charset=utf-8"}
        for body, code in ((b"{", "invalid-json"), (b"[]", "invalid-json"), (b"\xff", "invalid-json"),
                           (b'{"body":"a","body":"b"}', "invalid-json"), (b'{"body":"\\u0000"}', "invalid-json"),
                           (b"{'body':'x'}", "invalid-json"), (b'{"body":"x"} x', "invalid-json"),
                           (b'{"body":' + b"[" * 100 + b"]" * 100 + b"}", "invalid-json")):
            reply = self.post(body, headers=json_type)
            self.assertEqual((reply.status, reply.code), (400, code), body)
        for body, field in (({}, "body"), ({"body": 5}, "body"), ({"body": ""}, "body"),
                            ({"body": "x", "client_id": "y"}, "client_id"), ({"body": "x" * 4001}, "body")):
            reply = self.post(body)
            self.assertEqual((reply.status, reply.code), (400, "invalid-request"))
            self.assertEqual(reply.json()["error"]["details"]["field"], field)

    def test_bad_query(self):
        for query, field in (("limit=0", "limit"), ("limit=x", "limit"), ("q=" + "x" * 21, "q")):
            reply = self.ask("GET", "/api/v1/test/things/%s?%s" % (ID, query), token=self.server.agent)
            self.assertEqual(reply.json()["error"]["details"]["field"], field)

    def test_signing_out_refuses_the_token_at_once(self):
        with Server() as server:
            self.assertEqual(server.request("GET", "/api/v1/test/things/" + ID, token=server.agent).status, 200)
            self.assertEqual(server.request("POST", "/api/v1/test/sign-out", token=server.agent).status, 204)
            reply = server.request("GET", "/api/v1/test/things/" + ID, token=server.agent)
            self.assertEqual((reply.status, reply.code), (401, "unauthenticated"))

    def open_stream(self, server, connection):
        connection.send(("GET /api/v1/stream?token=%s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                         % server.agent).encode())
        self.assertEqual(connection.read_reply().status, 101)

    def read_until_close(self, connection):
        """The code of the close frame that ends what the server sends."""
        while b"\x88" not in connection.buffer and connection._more():
            pass
        at = connection.buffer.index(b"\x88")
        return int.from_bytes(connection.buffer[at + 2:at + 4], "big")

    def test_ending_a_session_closes_its_streams(self):
        for path in ("/api/v1/test/access", "/api/v1/test/sign-out"):
            with Server() as server, server.connect() as connection:
                self.open_stream(server, connection)
                self.assertEqual(server.request("POST", path, token=server.agent).status, 204)
                self.assertEqual(self.read_until_close(connection), 4401)
                self.assertEqual(server.request("GET", "/api/v1/test/things/" + ID, token=server.agent).status, 401)

    def test_shutdown_parts_from_streams(self):
        with Server() as server, server.connect() as connection:
            self.open_stream(server, connection)
            server.terminate()
            self.assertEqual(self.read_until_close(connection), 1001)

    def test_stream_without_upgrade(self):
        self.assertIn(self.ask("GET", "/api/v1/stream", token=self.server.agent).status, (400, 426))
        self.assertEqual(self.ask("GET", "/api/v1/stream").status, 401)
        self.assertEqual(self.ask("GET", "/api/v1/webchat/stream", token=self.server.agent).status, 403)

    # --- CORS ---
    def test_origins(self):
        for origin, is_allowed in (("https://loja.example", True), ("https://other.example", False), ("null", False)):
            path = "/api/v1/webchat/test/" + ID
            reply = self.ask("GET", path, token=self.server.visitor, headers={"Origin": origin})
            self.assertEqual(reply.headers.get("access-control-allow-origin"), origin if is_allowed else None)
            reply = self.ask("OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "GET"})
            self.assertEqual(reply.status, 204)
            self.assertEqual(reply.headers.get("access-control-allow-origin"), origin if is_allowed else None)
        reply = self.ask("OPTIONS", "/api/v1/test/messages", headers={"Origin": "https://loja.example"})
        self.assertNotIn("access-control-allow-origin", reply.headers)

    # --- files ---
    def test_file_and_ranges(self):
        path, size = "/api/v1/test/large", len(self.large)
        reply = self.ask("GET", path)
        self.assertEqual((reply.status, reply.body == self.large), (200, True))
        self.assertEqual(reply.headers["accept-ranges"], "bytes")
        self.assertEqual(reply.headers["content-disposition"], "inline; filename*=UTF-8''nota%20de%20voz.ogg")
        self.assertIn("sandbox", reply.headers["content-security-policy"])
        for text, start, end in (("bytes=0-0", 0, 1), ("bytes=1000-1999", 1000, 2000), ("bytes=-5", size - 5, size),
                                 ("bytes=%d-" % (size - 300000), size - 300000, size)):
            reply = self.ask("GET", path, headers={"Range": text})
            self.assertEqual((reply.status, reply.body == self.large[start:end]), (206, True), text)
            self.assertEqual(reply.headers["content-range"], "bytes %d-%d/%d" % (start, end - 1, size))
        reply = self.ask("GET", path, headers={"Range": "bytes=%d-" % size})
        self.assertEqual((reply.status, reply.code), (416, "range-not-satisfiable"))
        self.assertEqual(reply.headers["content-range"], "bytes */%d" % size)
        for text in ("bytes=0-1,5-6", "bytes=-6--1", "cats=1-2", "bytes=9-3"):
            self.assertEqual(self.ask("GET", path, headers={"Range": text}).status, 200)
        self.assertEqual(self.ask("GET", path, headers={"Range": "bytes=0-1", "If-Range": "\"x\""}).status, 200)
        self.assertEqual(int(self.ask("HEAD", path).headers["content-length"]), size)

    def test_upload(self):
        content = b"%PDF-1.4\n" + os.urandom(1024 * 1024)
        reply = self.ask("POST", "/api/v1/test/files?name=a.pdf", content, token=self.server.agent,
                         headers={"Content-Type": "application/pdf"})
        self.assertEqual(reply.status, 200, reply.body)
        self.assertEqual(reply.json()["sha256"], hashlib.sha256(content).hexdigest())
        self.assertEqual(reply.json()["size"], len(content))

    def test_chunked_upload(self):
        with self.server.connect() as connection:
            connection.send(("POST /api/v1/test/files?name=a.txt HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                             "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" % self.server.agent).encode())
            for _ in range(100):
                connection.send(b"400\r\n" + b"a" * 1024 + b"\r\n")
            connection.send(b"0\r\n\r\n")
            self.assertEqual(connection.read_reply().json()["size"], 102400)

    def test_refused_uploads(self):
        path = "/api/v1/test/files?name=a"
        self.assertEqual(self.ask("POST", path, b"x").code, "unauthenticated")
        self.assertEqual(self.ask("POST", path, b"x" * 1000000).code, "unauthenticated")
        self.assertEqual(self.ask("POST", "/api/v1/test/files", b"x", token=self.server.agent).code, "invalid-request")
        with self.server.connect() as connection:
            connection.send(("POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 27000000\r\n\r\n"
                             % (path, self.server.agent)).encode())
            self.assertEqual(connection.read_reply().code, "too-large")

    def test_upload_that_breaks_off(self):
        with self.server.connect() as connection:
            connection.send(("POST /api/v1/test/files?name=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                             "Content-Length: 100000\r\n\r\n" % self.server.agent).encode() + b"x" * 5000)
        self.assertTrue(self.server.is_alive())

    # --- what the ring says about itself ---
    def test_health(self):
        self.assertEqual(self.ask("GET", "/health/live").json(), {"status": "ok"})
        for path in ("/health", "/health/ready"):
            health = self.ask("GET", path).json()
            self.assertTrue(health.pop("node") and health.pop("version"))
            engine = "postgresql" if "GUICHE_TEST_DATABASE" in os.environ else "sqlite"
        self.assertEqual(health, {"status": "ok", "engine": engine, "is_database_reachable": True, "bus": "none",
                                      "is_draining": False})

    def test_metrics(self):
        self.post({"body": "x"})
        text = self.ask("GET", "/metrics").body
        check = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
        self.assertEqual((check.returncode, check.stdout, check.stderr), (0, b"", b""))
        for name in (b"guiche_write_queue_depth", b"guiche_commit_seconds_total", b"guiche_streams", b"guiche_jobs_dead",
                     b"guiche_events_published_total", b"process_resident_memory_bytes"):
            self.assertIn(b"\n" + name + b" ", text)
        self.assertIn(b'guiche_http_requests_total{method="POST",route="/api/v1/test/messages",status="201"}', text)
        self.assertIn(b'guiche_http_request_duration_seconds_bucket{method="POST",route="/api/v1/test/messages",le="+Inf"}', text)

    def test_metrics_are_for_this_machine(self):
        with Server(http_behind_proxy="true") as server:
            self.assertEqual(server.request("GET", "/metrics").status, 200)
            self.assertEqual(server.request("GET", "/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status, 404)
            health = server.request("GET", "/health", headers={"X-Forwarded-For": "203.0.113.9"})
            self.assertEqual((health.status, health.json()), (200, {"status": "ok"}))

    def test_metrics_are_for_who_watches(self):
        with Server(http_behind_proxy="true", http_metrics_addresses="2001:db8::9 203.0.113.9") as server:
            for address, status in (("203.0.113.9", 200), ("2001:db8:0:0::9", 200), ("203.0.113.90", 404)):
                self.assertEqual(server.request("GET", "/metrics", headers={"X-Forwarded-For": address}).status, status)

    def test_docs(self):
        reply = self.ask("GET", "/docs")
        self.assertEqual((reply.status, reply.headers["content-type"]), (200, "text/html; charset=utf-8"))
        self.assertIn("default-src 'none'", reply.headers["content-security-policy"])
        self.assertNotIn(b"http://", reply.body)
        self.assertNotIn(b"https://", reply.body)
        self.assertEqual(self.ask("GET", "/docs", headers={"If-None-Match": reply.headers["etag"]}).status, 304)
        self.assertEqual(self.ask("GET", "/docs/docs.css").headers["content-type"], "text/css; charset=utf-8")
        self.assertEqual(self.ask("GET", "/docs/nothing.css").code, "not-found")
        self.assertEqual(self.ask("GET", "/docs/../index.html").code, "not-found")

    def test_clients_that_go_away(self):
        """Between request and reply, at every stage."""
        for path, body in (("GET /api/v1/test/slow?ms=30", b""), ("POST /api/v1/test/messages", b'{"body":"x"}'),
                           ("GET /api/v1/test/large", b"")):
            for _ in range(20):
                with self.server.connect() as connection:
                    connection.send(("%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
                                     "Content-Length: %d\r\n\r\n" % (path, self.server.agent, len(body))).encode() + body)
        wait_for(lambda: b"guiche_http_requests_in_progress 1\n" in self.ask("GET", "/metrics").body, "the handlers")

    def test_shutdown_answers_what_was_accepted(self):
        with Server() as server:
            with server.connect() as busy, server.connect() as idle:
                server.request("GET", "/health", connection=idle)
                busy.send(("GET /api/v1/test/slow?ms=700 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
                           % server.agent).encode())
                wait_for(lambda: b"in_progress 2\n" in server.request("GET", "/metrics").body, "the slow request")
                server.terminate()
                self.assertTrue(idle.is_closed())
                self.assertEqual(busy.read_reply().status, 200)
                self.assertTrue(busy.is_closed())
                self.assertEqual(server.process.wait(timeout=60), 0)

    def test_worker_queue_is_bounded(self):
        with Server(http_worker_threads=1, http_worker_queue=2, limits_enabled="false") as server:
            statuses = []

            def ask():
                statuses.append(server.request("GET", "/api/v1/test/slow?ms=1200", token=server.agent).status)
            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(set(statuses), {200, 503})

    def test_forwarded_addresses(self):
        for settings, address in (({}, "127.0.0.1"), ({"http_behind_proxy": "true"}, "203.0.113.9"),
                                  ({"http_behind_proxy": "true", "http_proxy_addresses": "192.0.2.1"}, "127.0.0.1")):
            with Server(**settings) as server:
                reply = server.request("GET", "/api/v1/test/things/" + ID, token=server.agent,
                                       headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9"})
                self.assertEqual(reply.json()["address"], address)

    def test_unix_socket(self):
        path = os.path.join(tempfile.mkdtemp(), "guiche.sock")
        with Server(http_listen=path) as server:
            client = socket.socket(socket.AF_UNIX)
            client.connect(path)
            client.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            self.assertIn(b"200 OK", client.recv(4096))
            client.close()
        self.assertFalse(os.path.exists(path))

    def test_refuses_a_public_address(self):
        with self.assertRaisesRegex(RuntimeError, "behind_proxy"):
            Server(http_listen="0.0.0.0")
        with self.assertRaisesRegex(RuntimeError, "loopback only"):
            Server(http_listen="0.0.0.0", http_behind_proxy="true", limits_enabled="false")
        with self.assertRaisesRegex(RuntimeError, "not an address"):
            Server(http_listen="example")


if __name__ == "__main__":
    unittest.main(verbosity=2)
