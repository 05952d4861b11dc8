# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the cluster that comes as customers and agents do: by HTTPS, through the proxy."""
import http.client
import json
import os
import socket
import ssl
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "data", "deploy"))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
from guiched import Reply, SLOWNESS, Stream, new_id  # noqa: E402


class Front:
    """One person; connects anew when the connection is gone, and does not repeat anything by itself."""

    def __init__(self, cluster, token=None, port=None, through=None):
        """@port: past the proxy, in plain text; @through: another proxy with TLS."""
        self.cluster, self.token = cluster, token
        self.port = port or through or cluster.proxy.port
        self.tls = None if port else ssl.create_default_context(cafile=cluster.authority.certificate)
        self.connection = None

    def request(self, method, path, body=None, headers=None):
        headers = {**({"Authorization": "Bearer " + self.token} if self.token else {}), **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.connection is None:
            timeout = 20 * SLOWNESS
            self.connection = (http.client.HTTPSConnection("localhost", self.port, context=self.tls, timeout=timeout) if self.tls
                               else http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout))
        try:
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            reply = self.connection.getresponse()
            return Reply(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
        except (http.client.HTTPException, OSError):
            self.close()
            raise

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, body)

    def sign_in(self, login, password="guiche"):
        reply = self.post("/api/v1/auth/login", {"tenant": "demo", "login": login, "password": password})
        assert reply.status == 200, reply.body
        self.token = reply.json()["token"]
        return self

    def stream(self, since=None):
        query = "" if since is None else f"?since={since}"
        return Stream(self.port, "/api/v1/stream" + query, self.token, tls=self.tls)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Reader(threading.Thread):
    """An open stream, read as a desktop does. @hint: it was told to come back; @is_over: it ended, with @close_code or cut."""

    def __init__(self, front):
        super().__init__(daemon=True)
        self.stream = front.stream()
        self.stream.socket.settimeout(None)
        self.hint, self.is_over = None, False
        self.start()

    def run(self):
        count = 0
        try:
            while (message := self.stream.next()) is not None:
                count += 1
                if message.get("op") == "reconnect":
                    self.hint = message
                elif "seq" in message and count % 50 == 0:
                    self.stream.say({"op": "seen", "seq": message["seq"]})
        except OSError:
            pass
        self.is_over = True

    @property
    def close_code(self):
        return self.stream.close_code

    def close(self):
        try:
            self.stream.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(10 * SLOWNESS)
        self.stream.close()


class Writer(threading.Thread):
    """Writes one message after another to a conversation; repeats what was not acknowledged, with the same client_id, as
    clients do. @acknowledged: the ids by client_id; @longest_s: the longest time until one was acknowledged."""

    def __init__(self, cluster, token, conversation):
        super().__init__(daemon=True)
        self.front = Front(cluster, token)
        self.path = f"/api/v1/conversations/{conversation}/messages"
        self.acknowledged, self.refused = {}, []
        self.longest_s, self.repeats = 0.0, 0
        self._ends = threading.Event()

    def run(self):
        while not self._ends.is_set():
            self._write(new_id())

    def _write(self, name):
        began = time.monotonic()
        while time.monotonic() < began + 120 * SLOWNESS:
            try:
                reply = self.front.post(self.path, {"client_id": name, "body": f"Mensagem {len(self.acknowledged)}"})
                if reply.status in (200, 201):
                    self.acknowledged[name] = reply.json()["id"]
                    self.longest_s = max(self.longest_s, time.monotonic() - began)
                    return
                if reply.status < 500 and reply.status != 429:
                    self.refused.append((reply.status, reply.body))
                    return
            except (http.client.HTTPException, OSError):
                pass
            self.repeats += 1
            self._ends.wait(0.05)
        self.refused.append(("late", name))

    def finish(self):
        self._ends.set()
        self.join(150 * SLOWNESS)
        self.front.close()
