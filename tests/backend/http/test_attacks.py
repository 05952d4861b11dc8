#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hostile clients do: each attack ends with a clear status or a closed connection, the
server's memory grows by less than 16 MiB, and it goes on serving."""

import os
import resource
import select
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

from server_process import Server, wait_for

MIB = 1024 * 1024
ID = "0192f0c1-2345-7abc-8def-0123456789ab"


def flood(connection, piece, total):
    """Sends until the server stops it; returns how much went out."""
    sent = 0
    try:
        while sent < total:
            connection.send(piece)
            sent += len(piece)
    except OSError:
        pass
    return sent


class Attacks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(http_head_timeout_s=2, http_body_timeout_s=2, http_idle_timeout_s=3,
                            http_write_timeout_s=2, limits_enabled="false")
        with open(os.path.join(cls.server.directory, "large.ogg"), "wb") as large:
            large.truncate(256 * MIB)
        for _ in range(200):  # warm: caches, pools and buffers have their size
            cls.server.is_alive()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def setUp(self):
        self.before = self.server.memory()

    def tearDown(self):
        self.assertTrue(self.server.is_alive())
        self.assertLess(self.server.memory() - self.before, 16 * MIB)

    def refuse(self, data, status):
        """Sends @data on a fresh connection: one refusal, then the end."""
        with self.server.connect() as connection:
            connection.send(data)
            reply = connection.read_reply()
            self.assertEqual(reply.status, status, data[:100])
            self.assertIn("error", reply.json())
            self.assertTrue(connection.is_closed(), data[:100])

    # --- bodies ---
    def test_huge_body_with_length(self):
        with self.server.connect() as connection:
            connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            b"Content-Length: %d\r\n\r\n" % (512 * MIB))
            self.assertLess(flood(connection, b"x" * 65536, 512 * MIB), 64 * MIB)
            self.assertIn(b"413", connection.socket.recv(100))

    def test_huge_body_in_chunks(self):
        with self.server.connect() as connection:
            connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n")
            piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
            self.assertLess(flood(connection, piece, 512 * MIB), 64 * MIB)

    def test_huge_body_towards_nothing(self):
        for path in ("/nothing", "/health", "/api/v1/test/messages"):
            with self.server.connect() as connection:
                connection.send(("POST %s HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" % path).encode())
                self.assertLess(flood(connection, b"10000\r\n" + b"x" * 65536 + b"\r\n", 512 * MIB), 64 * MIB)

    def test_chunk_with_absurd_size(self):
        for size in (b"ffffffffffffffff", b"-1", b"7fffffffffffffff", b"zz", b""):
            with self.server.connect() as connection:
                connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\n{}\r\n")
                connection.socket.settimeout(60)
                try:
                    while connection.socket.recv(4096):
                        pass
                except ConnectionError:
                    pass

    def test_large_upload_goes_to_disk(self):
        with self.server.connect(timeout=30) as connection:
            connection.send(("POST /api/v1/test/files?name=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                             "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n"
                             % (self.server.agent, 20 * MIB)).encode())
            flood(connection, b"\0" * 65536, 20 * MIB)
            self.assertEqual(connection.read_reply().json()["size"], 20 * MIB)

    def test_upload_without_end(self):
        with self.server.connect() as connection:
            connection.send(("POST /api/v1/test/files?name=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n" % self.server.agent).encode())
            self.assertLess(flood(connection, b"10000\r\n" + b"x" * 65536 + b"\r\n", 512 * MIB), 96 * MIB)

    def test_compressed_body(self):
        reply = self.server.request("POST", "/api/v1/test/ring", b"x" * 100, headers={"Content-Encoding": "gzip"})
        self.assertEqual(reply.code, "unsupported-type")

    def test_deep_json(self):
        for body in (b"[" * 200000, b'{"body":' + b"[" * 100000 + b"]" * 100000 + b"}", b'{"a":' * 40000):
            reply = self.server.request("POST", "/api/v1/test/ring", body, headers={"Content-Type": "application/json"})
            self.assertEqual((reply.status, reply.code), (400, "invalid-json"))

    # --- heads ---
    def test_large_headers(self):
        self.refuse(b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200000, 431)
        self.refuse(b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431)
        self.refuse(b"GET /health HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 100 + b"\r\n", 431)

    def test_smuggling(self):
        post = b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\n"
        hidden = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
        for headers in (b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
                        b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n",
                        b"Content-Length: 6\r\nContent-Length: 0\r\n",
                        b"Content-Length: 6, 0\r\n",
                        b"Content-Length : 6\r\n",
                        b"Transfer-Encoding : chunked\r\n",
                        b"Content-Length: 0\r\n Transfer-Encoding: chunked\r\n"):
            self.refuse(post + headers + b"\r\n0\r\n\r\n" + hidden, 400)
        self.refuse(post + b"Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden, 501)
        self.refuse(post + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden, 501)
        self.refuse(b"GET /health HTTP/1.1\nHost: a\n\n" + hidden, 400)

    def test_bare_line_feed_in_chunks_smuggles_nothing(self):
        with self.server.connect() as connection:
            connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                            b"Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n"
                            b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            try:
                connection.read_reply()
                self.assertTrue(connection.is_closed())
            except ConnectionError:
                pass

    def test_duplicate_host(self):
        self.refuse(b"GET /health HTTP/1.1\r\nHost: good\r\nHost: evil\r\n\r\n", 400)
        self.refuse(b"GET http://evil/health HTTP/1.1\r\nHost: good\r\n\r\n", 400)
        self.refuse(b"GET /health HTTP/1.1\r\n\r\n", 400)

    def test_other_protocols(self):
        self.refuse(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400)
        self.refuse(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400)
        self.refuse(b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400)
        self.refuse(b"GET /health HTTP/3.0\r\nHost: a\r\n\r\n", 501)

    def test_path_traversal(self):
        for path in ("/docs/../../../etc/passwd", "/docs/%2e%2e/%2e%2e/etc/passwd", "/docs/..%2f..%2fetc%2fpasswd",
                     "/docs/%5c..%5c", "//etc/passwd"):
            self.assertEqual(self.server.request("GET", path).code, "not-found", path)

    # --- time ---
    def test_half_open_requests(self):
        with_connections = [self.server.connect() for _ in range(400)]
        for connection in with_connections[:200]:
            connection.send(b"GET /health HT")
        wait_for(lambda: b"guiche_http_connections 1\n" in self.server.request("GET", "/metrics").body,
                 "half-open connections to be closed", 15)
        for connection in with_connections:
            connection.socket.close()

    def test_slow_headers_and_bodies(self):
        for start in (b"GET /health HTTP/1.1\r\n",
                      b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"):
            with self.server.connect() as connection:
                connection.send(start)
                started = time.monotonic()
                try:
                    for _ in range(80):
                        if start.startswith(b"GET"):
                            connection.send(b"X: y\r\n")
                        if select.select([connection.socket], [], [], 0.5)[0]:
                            break
                    self.assertEqual(connection.read_reply().status, 408)
                except ConnectionError:
                    pass
                self.assertLess(time.monotonic() - started, 30)

    def test_dripping_body(self):
        for framing, drop in ((b"Content-Length: 100000", b" "), (b"Transfer-Encoding: chunked", b"1\r\n \r\n")):
            with self.server.connect() as connection:
                connection.send(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n\r\n")
                started = time.monotonic()
                try:
                    while time.monotonic() - started < 40 and not select.select([connection.socket], [], [], 0.2)[0]:
                        connection.send(drop)
                except ConnectionError:
                    pass
                self.assertLess(time.monotonic() - started, 30)

    def test_idle_connection_is_closed(self):
        with self.server.connect() as connection:
            self.server.request("GET", "/health", connection=connection)
            self.assertTrue(connection.is_closed())

    # --- reading ---
    def test_range_amplification(self):
        many = "bytes=" + ",".join("0-" for _ in range(1000))
        with self.server.connect() as connection:
            connection.send(("GET /api/v1/test/large HTTP/1.1\r\nHost: a\r\nRange: %s\r\n\r\n" % many).encode())
            self.assertIn(b"200 OK", connection.socket.recv(100))

    def test_clients_that_do_not_read(self):
        connections = []
        for _ in range(40):
            connection = self.server.connect()
            connection.send(b"GET /api/v1/test/large HTTP/1.1\r\nHost: a\r\n\r\n")
            connections.append(connection)
        wait_for(lambda: b"guiche_http_connections 1\n" in self.server.request("GET", "/metrics").body,
                 "those who do not read to be dropped")
        self.assertLess(self.server.memory() - self.before, 16 * MIB)
        for connection in connections:
            connection.socket.close()

    def test_pipelining_without_reading(self):
        with self.server.connect() as connection:
            connection.socket.settimeout(3)
            sent = flood(connection, b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 100, 512 * MIB)
            self.assertLess(sent, 64 * MIB)

    # --- numbers ---
    def test_connections_of_one_address_are_capped(self):
        with Server(http_max_connections_per_address=20) as server:
            open_ones, closed = [], 0
            for _ in range(60):
                connection = server.connect()
                try:
                    connection.send(b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                    connection.read_reply()
                    open_ones.append(connection)
                except ConnectionError:
                    closed += 1
            self.assertEqual((len(open_ones), closed), (20, 40))
            for connection in open_ones:
                connection.socket.close()
            wait_for(lambda: server.is_alive(), "a place to be free again")

    def test_descriptor_exhaustion_does_not_spin(self):
        with Server(limits_enabled="false") as server:
            resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (48, 48))
            connections = [server.connect() for _ in range(80)]
            time.sleep(0.3)
            before = server.cpu_seconds()
            started = time.monotonic()
            while time.monotonic() - started < 1.5:
                select.select([], [], [], 0.1)
            self.assertLess(server.cpu_seconds() - before, 0.3)
            for connection in connections:
                connection.socket.close()
            wait_for(lambda: server.is_alive(), "descriptors to be free again")
            self.assertNotIn(b"exhausted_total 0\n", server.request("GET", "/metrics").body)

    def test_ten_thousand_visits_of_one_address(self):
        with Server() as server:
            before = server.memory()
            with server.connect(timeout=30) as connection:
                body = b'{"body":"x"}'
                one = (b"POST /api/v1/test/visits?ms=0 HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                       b"Content-Length: %d\r\n\r\n" % len(body)) + body
                statuses = {}
                for _ in range(100):
                    connection.send(one * 100)
                    for _ in range(100):
                        reply = connection.read_reply()
                        statuses[reply.status] = statuses.get(reply.status, 0) + 1
                self.assertEqual(set(statuses), {200, 429})
                self.assertLess(statuses[200], 40)
                self.assertEqual(reply.code, "rate-limited")
                self.assertGreaterEqual(int(reply.headers["retry-after"]), 1)
            self.assertLess(server.memory() - before, 16 * MIB)


    def test_flood_of_sign_ins_holds_up_nothing_else(self):
        with Server(limits_enabled="false", http_worker_threads=1) as server:
            flood = [server.connect() for _ in range(80)]
            for connection in flood:
                connection.send(b"GET /api/v1/test/sign-in?ms=150 HTTP/1.1\r\nHost: a\r\n\r\n")
            started = time.monotonic()
            self.assertEqual(server.request("GET", "/api/v1/test/slow?ms=1", token=server.agent).status, 200)
            took = time.monotonic() - started
            self.assertEqual({connection.read_reply().status for connection in flood}, {200, 503})
            self.assertLess(took, (time.monotonic() - started) / 2)

    def test_forwarded_addresses_are_limited_one_by_one(self):
        """Only the address the proxy appended counts: what the client wrote before it does not help."""
        with Server(http_behind_proxy="true") as server:
            def visit(forwarded):
                return server.request("POST", "/api/v1/test/visits?ms=0", {"body": "x"},
                                      headers={"X-Forwarded-For": forwarded}).status
            statuses = [visit("10.0.0.%d, 203.0.113.9" % i) for i in range(30)]
            self.assertIn(429, statuses)
            self.assertEqual(visit("203.0.113.9, 203.0.113.10"), 200)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp(prefix="guiche-tls-")
        cls.certificate = os.path.join(cls.directory, "certificate.pem")
        cls.key = os.path.join(cls.directory, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", "/CN=localhost", "-days", "2", "-keyout", cls.key, "-out", cls.certificate],
                       check=True, capture_output=True)
        os.chmod(cls.key, 0o600)
        cls.server = Server(http_tls_certificate=cls.certificate, http_tls_key=cls.key, http_head_timeout_s=2)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def connect(self, minimum, maximum, ciphers=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(self.certificate)
        context.minimum_version, context.maximum_version = minimum, maximum
        if ciphers:
            context.set_ciphers(ciphers)
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.server.port), timeout=30),
                                   server_hostname="localhost")

    def assert_serves(self, connection):
        for _ in range(3):
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            data = b""
            while b"}" not in data:
                data += connection.recv(4096)
            self.assertIn(b"200 OK", data)

    def test_versions(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.connect(version, version) as connection:
                self.assert_serves(connection)
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.connect(version, version, "ALL:@SECLEVEL=0")

    def test_ciphers(self):
        version = ssl.TLSVersion.TLSv1_2
        for cipher in ("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"):
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                self.connect(version, version, cipher + ":@SECLEVEL=0")

    def test_large_body_and_reply(self):
        with self.connect(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) as connection:
            body = b'{"body":"' + b"x" * 4000 + b'"}'
            for _ in range(20):
                connection.sendall(b"POST /api/v1/test/ring HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                                   b"Content-Length: %d\r\n\r\n" % len(body) + body)
                data = b""
                while b"}" not in data:
                    data += connection.recv(4096)
                self.assertIn(b"200 OK", data)

    def test_writes(self):
        with self.connect(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) as connection:
            body = b'{"body":"x"}'
            one = ("POST /api/v1/test/messages HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n"
                   "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                   % (self.server.agent, len(body))).encode() + body
            connection.sendall(one * 50)
            data = b""
            while data.count(b"201 Created") < 50 or not data.endswith(b"}"):
                data += connection.recv(65536)
            self.assertIn(b"Strict-Transport-Security", data)

    def test_stream(self):
        with self.connect(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) as connection:
            connection.sendall(("GET /api/v1/stream?since=0&token=%s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
                                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" % self.server.agent).encode())
            data = b""
            while b'"op":"ready"' not in data:
                data += connection.recv(4096)
            self.assertIn(b"101 Switching Protocols", data)
            connection.sendall(bytes([0x81, 0x80 | 23, 0, 0, 0, 0]) + b'{"op":"ping","ref":"a"}')
            while b'"op":"pong"' not in data:
                data += connection.recv(4096)

    def test_half_handshakes(self):
        connections = []
        for data in (b"", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"):
            for _ in range(10):
                connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
                connection.sendall(data)
                connections.append(connection)
        for connection in connections:
            try:
                while connection.recv(4096):
                    pass
            except ConnectionError:
                pass
            connection.close()
        with self.connect(ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3) as connection:
            self.assert_serves(connection)

    def test_bad_files(self):
        for certificate, key in ((self.key, self.key), (self.certificate, "/nothing")):
            with self.assertRaisesRegex(RuntimeError, "tls_"):
                Server(http_tls_certificate=certificate, http_tls_key=key)


if __name__ == "__main__":
    unittest.main(verbosity=2)
