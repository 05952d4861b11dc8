# SPDX-License-Identifier: GPL-3.0-or-later
"""A real guiched on a temporary directory and a free port, and clients towards it. Standard library only."""

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time
import http.client
import urllib.parse
import uuid

PROGRAM = os.environ.get("GUICHED", "guiched")
SLOWNESS = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1"))
DEADLINE_S = 60 * SLOWNESS  # only what fails takes as long


def new_id():
    return str(uuid.uuid4())


def wait_for(condition, what, deadline_s=None):
    """Returns what @condition returned once it is true; fails after the deadline."""
    end = time.monotonic() + (deadline_s or DEADLINE_S)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain for " + what)
        select.select([], [], [], 0.01)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json()["error"]["code"]


class Client:
    """One keep-alive connection with an optional token."""

    def __init__(self, port, token=None, timeout=30 * SLOWNESS):
        self.port, self.token, self.timeout = port, token, timeout
        self.connection = None

    def request(self, method, path, body=None, headers=None, token=None):
        headers = dict(headers or {})
        token = token if token is not None else self.token
        if token:
            headers["Authorization"] = "Bearer " + token
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self.connection.request(method, path, body, headers)
                reply = self.connection.getresponse()
                return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
            except (http.client.HTTPException, OSError):
                self.close()
                if attempt == 2 or method not in ("GET",):
                    raise

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, {} if body is None else body, **more)

    def patch(self, path, body, **more):
        return self.request("PATCH", path, body, **more)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Stream:
    """A WebSocket client, as strict as it has to be."""

    def __init__(self, port, path, token=None, timeout=DEADLINE_S, tls=None):
        """@tls: an SSLContext, when a proxy stands in front."""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.status = int(head.split(b" ")[1])
        self.close_code = None

    def _more(self):
        data = self.socket.recv(262144)
        if not data:
            raise ConnectionError("the stream ended")
        self.buffer += data

    def _take(self, length):
        while len(self.buffer) < length:
            self._more()
        data, self.buffer = self.buffer[:length], self.buffer[length:]
        return data

    def send_frame(self, opcode, payload):
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([0x80 | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def say(self, message):
        self.send_frame(1, json.dumps(message).encode())

    def next(self):
        """The next message as an object; None when the server has closed (then see close_code)."""
        while True:
            first, second = self._take(2)
            length = second & 0x7F
            if length == 126:
                length = struct.unpack(">H", self._take(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self._take(8))[0]
            payload = self._take(length)
            opcode = first & 0x0F
            if opcode == 9:
                self.send_frame(10, payload)
            elif opcode == 8:
                self.close_code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
                return None
            elif opcode == 1:
                return json.loads(payload)

    def until(self, condition, what):
        """Reads on to the first message that meets @condition; returns all read, that one last."""
        seen = []
        end = time.monotonic() + DEADLINE_S
        while time.monotonic() < end:
            message = self.next()
            if message is None:
                raise AssertionError(f"closed with {self.close_code} before {what}")
            seen.append(message)
            if condition(message):
                return seen
        raise AssertionError("waited in vain for " + what)

    def close(self):
        self.socket.close()


class Server:
    """guiched; by default the sample company, without simulated customers and limits."""

    def __init__(self, demo=True, limits=False, arguments=(), environment=None, directory=None):
        self.directory = directory or tempfile.mkdtemp(prefix="guiche-test-")
        self.owns_directory = directory is None
        self.arguments = ["--data", self.directory] + (["--demo"] if demo else []) + list(arguments)
        self.environment = dict(os.environ, GUICHE_DEMO_VISIT_INTERVAL_S="0",
                                GUICHE_LIMITS_ENABLED="true" if limits else "false", **(environment or {}))
        self.process = None
        self.port = 0
        self.errors = tempfile.TemporaryFile()
        self.start()

    def start(self):
        """Starts or starts again; on the same port after the first time."""
        self.process = subprocess.Popen([PROGRAM, "--port", str(self.port)] + self.arguments, stdout=subprocess.PIPE,
                                        stderr=self.errors, env=self.environment)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise RuntimeError("guiched did not start: " + self.log())
        self.ready = json.loads(line)
        self.port = urllib.parse.urlparse(self.ready["url"]).port
        return self

    def log(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        """Ends it as an administrator does; returns its exit status and how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        return status, time.monotonic() - began

    def __enter__(self):
        return self

    def __exit__(self, failure=None, *unused):
        """Ends it in order, and fails when it did not end well (a sanitiser's report counts)."""
        status = self.stop()[0] if self.process.poll() is None else self.process.returncode
        log = self.log()
        self.errors.close()
        if self.owns_directory:
            shutil.rmtree(self.directory, ignore_errors=True)
        if failure is None and status not in (0, -signal.SIGKILL):
            raise AssertionError(f"guiched ended with {status}: {log[-4000:]}")

    def query(self, sql, tenant="demo"):
        """Rows of a company's database as lists of text, read beside the server."""
        on_postgresql = os.environ.get("ON_POSTGRESQL")
        if on_postgresql:
            url = subprocess.run([on_postgresql, "--url", self.directory], capture_output=True, text=True, check=True).stdout.strip()
            rows = subprocess.run(["psql", "-XAtq", "-F", "\t", "-c", sql, url], capture_output=True, text=True, check=True,
                                  env=dict(os.environ, PGOPTIONS=f"-c search_path=tenant_{tenant}"))
            return [line.split("\t") for line in rows.stdout.splitlines()]
        path = os.path.join(self.directory, "tenants", tenant, "guiche.db")
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return [[str(value) for value in row] for row in connection.execute(sql)]

    def memory_kb(self, field="VmRSS"):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1])
        raise KeyError(field)

    def client(self, token=None):
        return Client(self.port, token)

    def sign_in(self, login, password="guiche", tenant="demo"):
        reply = self.client().post("/api/v1/auth/login", {"tenant": tenant, "login": login, "password": password})
        assert reply.status == 200, reply.body
        client = self.client(reply.json()["token"])
        client.session = reply.json()
        return client

    def open_visit(self, subject="technical_normal", name="Maria Teste", tenant="demo"):
        reply = self.client().post(f"/api/v1/webchat/{tenant}/visitors", {"name": name, "subject": subject})
        assert reply.status == 201, reply.body
        client = self.client(reply.json()["token"])
        client.visit = reply.json()
        return client

    def stream(self, client, since=None, visitor=False):
        query = "" if since is None else f"?since={since}"
        path = "/api/v1/webchat/stream" if visitor else "/api/v1/stream"
        return Stream(self.port, path + query, client.token)
