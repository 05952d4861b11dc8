#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attacks on live streams, against the real guiched: memory grows by less than 16 MiB, the close code is clear, and a
well-behaved client beside the attack notices nothing."""
import base64
import json
import os
import select
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.request

GUICHED = os.environ["GUICHED"]
IS_SANITIZED = os.environ.get("GUICHE_SANITIZED") == "1"
MIB = 1024 * 1024
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(opcode, payload=b"", fin=True, masked=True, length=None, mask=b"\x12\x34\x56\x78"):
    head = bytes([(0x80 if fin else 0) | opcode])
    length = len(payload) if length is None else length
    bit = 0x80 if masked else 0
    if length < 126:
        head += bytes([bit | length])
    elif length < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", length)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", length)
    if not masked:
        return head + payload
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")


class Stream:
    """A plain client over a socket; the handshake is done."""

    def __init__(self, server, path, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", server.port))
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            self.fill()
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101 "), head

    def fileno(self):
        return self.socket.fileno()

    def fill(self):
        more = self.socket.recv(65536)
        if not more:
            raise EOFError
        self.data += more

    def send(self, data):
        """FALSE when the server has hung up meanwhile."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def receive(self):
        while True:
            length = self.data[1] & 127 if len(self.data) >= 2 else 0
            at = 4 if length == 126 else 10 if length == 127 else 2
            if len(self.data) >= at:
                if length == 126:
                    length = struct.unpack(">H", self.data[2:4])[0]
                elif length == 127:
                    length = struct.unpack(">Q", self.data[2:10])[0]
                if len(self.data) >= 2 and len(self.data) >= at + length:
                    opcode, payload = self.data[0] & 15, self.data[at:at + length]
                    self.data = self.data[at + length:]
                    return opcode, payload
            self.fill()

    def text_with(self, start):
        while True:
            opcode, payload = self.receive()
            if opcode == TEXT and payload.startswith(start):
                return json.loads(payload)

    def close_code(self):
        while True:
            opcode, payload = self.receive()
            if opcode == CLOSE:
                return struct.unpack(">H", payload[:2])[0]

    def close(self):
        self.socket.close()


class Server:
    def __init__(self, environment):
        self.directory = tempfile.mkdtemp(prefix="guiche-attack-")
        self.process = subprocess.Popen([GUICHED, "--data", self.directory, "--port", "0", "--demo"], stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **environment})
        self.url = json.loads(self.process.stdout.readline())["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.token = self.call("/api/v1/auth/login", {"tenant": "demo", "login": "sofia", "password": "guiche"})["token"]
        self.conversation = self.call("/api/v1/webchat/demo/visitors", {"name": "Visita", "subject": "financial"})["conversation_id"]

    def call(self, path, body=None):
        request = urllib.request.Request(self.url + path, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        if hasattr(self, "token"):
            request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request) as reply:
            return json.load(reply)

    def stream(self, **options):
        return Stream(self, f"/api/v1/stream?token={self.token}", **options)

    def memory(self):
        with open(f"/proc/{self.process.pid}/statm") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.terminate()
        status = self.process.wait(20)
        shutil.rmtree(self.directory, ignore_errors=True)
        return status


def message(server, number, body):
    return frame(TEXT, json.dumps({"op": "message.send", "ref": number, "conversation_id": server.conversation,
                                   "client_id": f"01932f6a-0000-7000-8000-{number:012x}", "body": body}).encode())


class Attacks(unittest.TestCase):
    number = 0

    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 20000), hard))
        cls.server = Server({"GUICHE_LIMITS_ENABLED": "false", "GUICHE_STREAM_MAX_PER_USER": "10000"})

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def setUp(self):
        self.good = self.server.stream()
        self.good.text_with(b'{"op":"ready"')
        self.memory = self.server.memory()

    def tearDown(self):
        """Still alive, and not fatter."""
        self.say("ainda aqui")
        grown = self.server.memory() - self.memory
        self.good.close()
        if not IS_SANITIZED:
            self.assertLess(grown, 16 * MIB)

    def say(self, body):
        Attacks.number += 1
        self.good.send(message(self.server, Attacks.number, body))
        ack = self.good.text_with(b'{"op":"ack"')
        self.good.send(frame(TEXT, b'{"op":"seen","seq":%d}' % 10**9))
        self.assertEqual(ack["ref"], Attacks.number)

    def refused_with(self, data, code):
        stream = self.server.stream()
        stream.send(data)
        self.assertEqual(stream.close_code(), code)
        stream.close()

    def test_unmasked(self):
        self.refused_with(frame(TEXT, b'{"op":"ping"}', masked=False), 1002)

    def test_reserved(self):
        self.refused_with(frame(3), 1002)
        self.refused_with(b"\xc1" + frame(TEXT, b"{}")[1:], 1002)

    def test_binary(self):
        self.refused_with(frame(BINARY, b"abc"), 1003)

    def test_invalid_text(self):
        self.refused_with(frame(TEXT, b'{"op":"\xed\xa0\x80"}'), 1007)

    def test_announced_sizes(self):
        self.refused_with(frame(TEXT, b"x", length=65537), 1009)
        self.refused_with(frame(TEXT, b"x", length=2**62), 1009)
        self.refused_with(frame(TEXT, b"x", length=2**63), 1002)

    def test_large_message(self):
        whole = b"x" * 65536
        self.refused_with(frame(TEXT, whole, fin=False) + frame(0, whole, fin=False) * 3 + frame(0, b"x"), 1009)

    def test_fragment_flood(self):
        self.refused_with(frame(TEXT, b"", fin=False) + frame(0, b"", fin=False) * 100000, 1009)

    def test_close_codes(self):
        self.refused_with(frame(CLOSE, b"\x03"), 1002)
        self.refused_with(frame(CLOSE, struct.pack(">H", 1005)), 1002)
        self.refused_with(frame(CLOSE, struct.pack(">H", 1000) + b"tchau"), 1000)

    def test_json(self):
        stream = self.server.stream()
        for text in (b"[" * 60000, b'{"op":"ping","a":' + b"[" * 30000 + b"]" * 30000 + b"}", b'{"op":1e999}', b"nonsense"):
            stream.send(frame(TEXT, text))
            self.assertEqual(stream.text_with(b'{"op":"error"')["error"]["code"], "invalid-json")
        stream.close()

    def test_messages_in_parts_on_many_streams(self):
        """Each within its bounds, together too much."""
        part = frame(TEXT, b"x" * 65536, fin=False) + frame(0, b"x" * 65536, fin=False) * 2 + frame(0, b"x" * 60000, fin=False)
        streams = [self.server.stream() for _ in range(100)]
        for stream in streams:
            stream.send(part)
        codes = []
        deadline = time.monotonic() + 60
        while len(codes) <= 50 and time.monotonic() < deadline:
            for stream in select.select(streams, [], [], 1)[0]:
                stream.socket.settimeout(0.02)
                try:
                    codes.append(stream.close_code())
                except TimeoutError:
                    continue
                except (EOFError, ConnectionResetError):
                    pass
                streams.remove(stream)
                stream.close()
        for stream in streams:
            stream.close()
        self.assertGreater(len(codes), 50)
        self.assertEqual(set(codes), {1013})

    def test_ping_flood_without_reading(self):
        """Nobody is obliged to answer each ping; what is not read does not pile up."""
        stream = self.server.stream(receive_buffer=4096)
        stream.socket.settimeout(3)
        pings = frame(PING, b"p" * 125) * 1000
        try:
            for _ in range(200):
                stream.send(pings)
        except TimeoutError:
            pass
        self.say("durante")
        stream.close()

    def test_operations_without_reading(self):
        stream = self.server.stream(receive_buffer=4096)
        stream.socket.settimeout(3)
        operations = frame(TEXT, b'{"op":"ping","ref":"' + b"r" * 60 + b'"}') * 1000
        try:
            for _ in range(300):
                stream.send(operations)
        except TimeoutError:
            pass
        self.say("durante")
        stream.close()

    def test_slow_readers(self):
        slow = [self.server.stream(receive_buffer=4096) for _ in range(200)]
        for _ in range(20):
            for _ in range(20):
                Attacks.number += 1
                self.good.send(message(self.server, Attacks.number, "m" * 4000))
            for _ in range(20):
                last = self.good.text_with(b'{"op":"ack"')
            self.good.send(frame(TEXT, b'{"op":"seen","seq":%d}' % 10**9))
        self.assertEqual(last["ref"], Attacks.number)
        for stream in slow:
            stream.close()

    def test_thousands_of_streams(self):
        descriptors = self.server.descriptors()
        before = self.server.memory()
        count = 500 if IS_SANITIZED else 5000
        streams = [self.server.stream() for _ in range(count)]
        grown = self.server.memory() - before
        print(f"{grown / count:.0f} bytes a stream")
        self.say("para todos")
        for stream in streams:
            stream.close()
        deadline = time.monotonic() + 60
        while self.server.descriptors() > descriptors + 20:  # readers' connections to the database may be new
            self.assertLess(time.monotonic(), deadline, "descriptors are left")
            time.sleep(0.05)
        if not IS_SANITIZED:
            self.assertLess(grown, count * 4096)
        self.memory = self.server.memory()

    def test_half_handshakes(self):
        sockets = []
        for text in (b"GET /api/v1/stream HTTP/1.1\r\nUpgrade: websocket\r\n", b"", b"GET"):
            for _ in range(100):
                client = socket.create_connection(("127.0.0.1", self.server.port))
                client.sendall(text)
                sockets.append(client)
        self.say("durante")
        for client in sockets:
            client.close()

    def handshake(self, **changed):
        headers = {"Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
                   "Sec-WebSocket-Version": "13"}
        method = changed.pop("method", "GET")
        token = changed.pop("token", self.server.token)
        headers.update({name.replace("_", "-"): value for name, value in changed.items()})
        text = f"{method} /api/v1/stream?token={token} HTTP/1.1\r\n"
        text += "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None) + "\r\n"
        with socket.create_connection(("127.0.0.1", self.server.port), 20) as client:
            client.sendall(text.encode())
            return int(client.recv(4096).split()[1])

    def test_handshakes(self):
        self.assertEqual(self.handshake(), 101)
        self.assertEqual(self.handshake(Upgrade="WebSocket", Connection="keep-alive, upgrade"), 101)
        self.assertEqual(self.handshake(Upgrade=None), 426)
        self.assertEqual(self.handshake(Upgrade="h2c"), 426)
        self.assertEqual(self.handshake(Connection=None), 426)
        self.assertEqual(self.handshake(Sec_WebSocket_Version="8"), 426)
        self.assertEqual(self.handshake(Sec_WebSocket_Version=None), 426)
        for key in (None, "", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25jZSE=", "!!!!IHNhbXBsZSBub25jZQ=="):
            self.assertEqual(self.handshake(Sec_WebSocket_Key=key), 400, key)
        self.assertEqual(self.handshake(token="x"), 401)
        self.assertEqual(self.handshake(method="POST"), 405)
        self.assertEqual(self.handshake(Sec_WebSocket_Extensions="permessage-deflate"), 101)


class Limited(unittest.TestCase):
    """With the limits of a real installation."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server({})

    @classmethod
    def tearDownClass(cls):
        assert cls.server.stop() == 0

    def test_flood_of_frames(self):
        stream = self.server.stream()
        stream.send(frame(PONG) * 2000)
        self.assertEqual(stream.close_code(), 1008)

    def test_streams_of_one_user(self):
        streams = [self.server.stream() for _ in range(17)]
        self.assertEqual(streams[0].close_code(), 4429)
        for stream in streams:
            stream.close()

    def test_signed_out(self):
        other = self.server.call("/api/v1/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})
        stream = Stream(self.server, f"/api/v1/stream?token={other['token']}")
        stream.text_with(b'{"op":"ready"')
        request = urllib.request.Request(self.server.url + "/api/v1/auth/logout", b"{}", {"Content-Type": "application/json",
                                         "Authorization": "Bearer " + other["token"]})
        urllib.request.urlopen(request).close()
        self.assertEqual(stream.close_code(), 4401)


if __name__ == "__main__":
    unittest.main(verbosity=2)
