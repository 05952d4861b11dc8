# SPDX-License-Identifier: GPL-3.0-or-later
"""A server process on a free port and raw sockets towards it; for the tests beside it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PROGRAM = os.environ.get("HTTP_TEST_SERVER", "http-test-server")


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json()["error"]["code"]


class Connection:
    """One socket; sends what it is told and reads whole replies."""

    def __init__(self, port, timeout=60.0):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return len(data) > 0

    def read_reply(self, method="GET"):
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                raise ConnectionError("closed before a reply: %r" % self.buffer[:200])
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            headers[name.lower()] = value
        length = int(headers.get("content-length", "0"))
        if method == "HEAD" or status in (204, 304) or status < 200:
            length = 0
        while len(self.buffer) < length:
            if not self._more():
                raise ConnectionError("closed in the middle of a reply")
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return Reply(status, headers, body)

    def is_closed(self):
        """Waits until the server closes; False when something else arrives."""
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionError:
            return True


class Server:
    def __init__(self, **settings):
        self.directory = tempfile.mkdtemp(prefix="guiche-http-")
        environment = dict(os.environ, GUICHE_HTTP_PORT="0", G_DEBUG="fatal-criticals")
        # Under AddressSanitizer freed memory would be kept and look like growth.
        environment["ASAN_OPTIONS"] = ":".join(filter(None, (environment.get("ASAN_OPTIONS"), "quarantine_size_mb=1",
                                                             "thread_local_quarantine_size_kb=64")))
        for key, value in settings.items():
            environment["GUICHE_" + key.upper()] = str(value)
        self.is_stopping = False
        self.log_path = os.path.join(self.directory, "log")
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(
            [PROGRAM, self.directory], env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        words = self.process.stdout.readline().split()
        if len(words) != 3:
            self.process.wait()
            self.process.stdout.close()
            log = self.read_log()
            self.log.close()
            raise RuntimeError(log)
        self.port, self.agent, self.visitor = int(words[0]), words[1], words[2]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        try:
            code = self.stop()
        finally:
            log = self.read_log()
            self.log.close()
            self.process.stdout.close()
            shutil.rmtree(self.directory, ignore_errors=True)
        assert code == 0, "the server ended with %s: %s" % (code, log[-4000:])

    def read_log(self):
        self.log.flush()
        with open(self.log_path) as log:
            return log.read()

    def terminate(self):
        """Once: the second signal would not be an orderly one."""
        if self.process.poll() is None and not self.is_stopping:
            self.process.send_signal(signal.SIGTERM)
        self.is_stopping = True

    def stop(self):
        self.terminate()
        return self.process.wait(timeout=60)

    def connect(self, timeout=60.0):
        return Connection(self.port, timeout)

    def memory(self):
        """Resident bytes."""
        with open("/proc/%d/statm" % self.process.pid) as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.process.pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def request(self, method, path, body=None, token=None, headers=None, connection=None):
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: localhost"]
        if token:
            lines.append("Authorization: Bearer " + token)
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            lines.append("Content-Type: application/json")
        if isinstance(body, str):
            body = body.encode()
        if body is not None:
            lines.append("Content-Length: %d" % len(body))
        lines += ["%s: %s" % item for item in (headers or {}).items()]
        data = ("\r\n".join(lines) + "\r\n\r\n").encode() + (body or b"")
        if connection is not None:
            connection.send(data)
            return connection.read_reply(method)
        with self.connect() as fresh:
            fresh.send(data)
            return fresh.read_reply(method)

    def is_alive(self):
        try:
            return self.request("GET", "/health").status == 200
        except ConnectionError:
            return False


def wait_for(condition, what, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.02)
