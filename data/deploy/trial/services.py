# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around the nodes, from the shipped files: certificates, Redis, HAProxy."""

import hashlib
import os
import re
import secrets
import shutil
import socket

from .processes import answers, filled, wait_for


class Authority:
    """An authority of one's own and certificates of it for 127.0.0.1, as sslmode=verify-full wants them."""

    def __init__(self, place):
        self.place = place
        self.certificate = os.path.join(place.path, "ca.pem")
        self._key = os.path.join(place.path, "ca.key")
        place.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                   "-subj", "/CN=Guichê trial", "-utf8", "-keyout", self._key, "-out", self.certificate])

    def issue(self, name, is_servers=False):
        """Paths of a certificate and its key."""
        base = os.path.join(self.place.path, name)
        self.place.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-subj", f"/CN={name}", "-keyout", base + ".key", "-out", base + ".csr"])
        self.place.file(name + ".ext", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        self.place.run(["openssl", "x509", "-req", "-in", base + ".csr", "-CA", self.certificate, "-CAkey", self._key,
                        "-CAcreateserial", "-days", "30", "-extfile", base + ".ext", "-out", base + ".pem"])
        if is_servers and self.place.user:
            os.chown(base + ".key", self.place.user.pw_uid, self.place.user.pw_gid)
        return base + ".pem", base + ".key"


class Redis:
    def __init__(self, place):
        self.place, self.port, self.process = place, place.port(), None
        self.password = secrets.token_hex(16)
        users = place.file("users.acl", filled("redis/users.acl", {"#" + "0" * 64: "#" + hashlib.sha256(self.password.encode()).hexdigest()}))
        self._config = place.file("redis.conf", filled("redis/redis.conf", {
            "bind 10.0.0.41": "bind 127.0.0.1",
            "port 6379": f"port {self.port}",
            "/etc/redis/users.acl": users,
        }))

    def start(self):
        self.process = self.place.start(["redis-server", self._config, "--dir", self.place.path], "redis.log")
        wait_for(lambda: answers(self.port), "Redis")

    def stop(self):
        self.place.end(self.process)

    def ask(self, *words, user="guiche", password=None):
        """What redis-cli prints; the refusal when it is refused."""
        environment = {**os.environ, "REDISCLI_AUTH": self.password if password is None else password}
        return self.place.run(["redis-cli", "-p", self.port, "--no-auth-warning", "--user", user, *words], env=environment).strip()


class HaProxy:
    """The shipped haproxy.cfg on loopback."""

    def __init__(self, place, authority, patience_s=1):
        """@patience_s: how long a node may take to say how it is; more where the machine has much else to do."""
        self.place, self.process, self.config, self.patience_s = place, None, None, patience_s
        self.port, self.plain_port, self.figures_port = place.port(), place.port(), place.port()
        certificate, key = authority.issue("proxy")
        with open(certificate, encoding="ascii") as chain, open(key, encoding="ascii") as secret:
            self._pem = place.file("proxy-both.pem", chain.read() + secret.read(), 0o600)
        self.admin = os.path.join(place.path, "haproxy.sock")

    def configure(self, ports):
        """@ports: of the nodes, at most the three of the file."""
        text = filled("haproxy.cfg", {
            "maxconn 40000": "maxconn 4000",
            "log /dev/log local0": "log stderr format short local0",
            "/run/haproxy/admin.sock": self.admin,
            "timeout check 1s": f"timeout check {self.patience_s}s",
            "bind :443": f"bind 127.0.0.1:{self.port}",
            "bind :80\n": f"bind 127.0.0.1:{self.plain_port}\n",
            "bind :8405": f"bind 127.0.0.1:{self.figures_port}",
            "10.0.0.0/24": "127.0.0.0/8",
            "/etc/haproxy/atendimento.pem": self._pem,
            **{f"10.0.0.{21 + number}:8480": f"127.0.0.1:{port}" for number, port in enumerate(ports)},
        })
        text = re.sub(r"^  server node\d 10\.0\.0\.\d+:8480\n", "", text, flags=re.MULTILINE)
        self.config = self.place.file("haproxy.cfg", text)

    def check(self):
        return self.place.run([find_haproxy(), "-c", "-f", self.config])

    def start(self):
        self.process = self.place.start([find_haproxy(), "-db", "-f", self.config], "haproxy.log")
        wait_for(lambda: answers(self.port), "HAProxy")

    def stop(self):
        self.place.end(self.process)

    def states(self):
        """What the proxy thinks of each node: {"node1": "UP", …}."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(5)
            link.connect(self.admin)
            link.sendall(b"show stat\n")
            data = b""
            while chunk := link.recv(65536):
                data += chunk
        rows = [line.split(",") for line in data.decode().splitlines()]
        return {row[1]: row[17] for row in rows if len(row) > 17 and row[0] == "nodes" and row[1] != "BACKEND"}


def find_haproxy():
    # Not in the path of a user who is not root.
    return shutil.which("haproxy") or "/usr/sbin/haproxy"
