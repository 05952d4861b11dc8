# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes over PostgreSQL with its replica and Redis, behind HAProxy: all from the shipped files."""

import json
import os
import signal
import subprocess

from .database import Patroni, Streaming
from .processes import SHIPPED, Place, TrialError, filled, wait_for
from .services import Authority, HaProxy, Redis


def find_program(name, variable):
    """The program of the environment's @variable, of the build folder, or of the path."""
    build = os.path.join(SHIPPED, "..", "..", "..", "build", "backend", name)
    return os.environ.get(variable) or (os.path.abspath(build) if os.path.exists(build) else name)


def unit_settings(name):
    """The lines of a shipped drop-in as (key, value)."""
    return [tuple(line.split("=", 1)) for line in filled("systemd/node.conf", {}).splitlines()
            if "=" in line and not line.startswith("#") and line.split("=", 1)[0] == name]


class Node:
    """One guiched with the shipped configuration and what its unit gives it."""

    def __init__(self, cluster, number):
        self.cluster, self.place, self.number = cluster, cluster.place, number
        self.name = f"node{number + 1}"
        self.port = self.place.port()
        self.process = self.ready = None
        self.config = self.place.file(f"{self.name}.conf", filled("guiched.conf", {
            "listen=0.0.0.0": "listen=127.0.0.1",
            "port=8480": f"port={self.port}",
            "proxy_addresses=10.0.0.11 10.0.0.12": "proxy_addresses=127.0.0.1",
            "metrics_addresses=10.0.0.61": "metrics_addresses=127.0.0.1",
            "public_url=https://atendimento.example": f"public_url={cluster.url}",
            "/srv/guiche/files": self.place.directory("files"),
            "redis://guiche@10.0.0.41:6379": f"redis://guiche@127.0.0.1:{cluster.redis.port}",
            "10.0.0.31:5432": f"127.0.0.1:{cluster.database.ports[0]}",
            "10.0.0.32:5432": f"127.0.0.1:{cluster.database.ports[1]}",
            "/etc/guiche/ca.pem": cluster.authority.certificate,
        }))

    def environment(self):
        """As systemd would: credentials in a directory of their own, and the unit's variables."""
        values = {"CREDENTIALS_DIRECTORY": self.cluster.credentials, "GUICHE_NODE_NAME": self.name}
        for _, assignment in unit_settings("Environment"):
            key, value = assignment.split("=", 1)
            values[key] = value.replace("%d", self.cluster.credentials)
        return {**os.environ, **values, **self.cluster.node_environment}

    def start(self, *options):
        command = [self.cluster.guiched, "--data", self.place.directory(f"{self.name}-data"), "--config", self.config, *options]
        self.process = self.place.start(command, f"{self.name}.log", env=self.environment(), stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            self.place.end(self.process)
            raise TrialError(f"{self.name} did not start: {self.place.log(self.name + '.log')[-2000:]}")
        self.ready = json.loads(line)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, patience_s=20):
        """Asks it to end and waits; what it answered is its exit status."""
        self.process.end_with = signal.SIGTERM
        self.place.end(self.process, patience_s)
        return self.process.returncode

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.place.end(self.process)


class Cluster:
    def __init__(self, n_nodes=3, with_patroni=False, with_proxy=True, guiched=None, node_environment=None, patience_s=1):
        self.guiched = guiched or find_program("guiched", "GUICHED")
        self.node_environment = node_environment or {}
        self.place = Place()
        self.authority = Authority(self.place)
        self.redis = Redis(self.place)
        self.database = (Patroni if with_patroni else Streaming)(self.place, self.authority)
        self.credentials = self._make_credentials()
        self.proxy = HaProxy(self.place, self.authority, patience_s) if with_proxy else None
        self.nodes = [Node(self, number) for number in range(n_nodes)]
        if self.proxy:
            self.proxy.configure([node.port for node in self.nodes])

    def _make_credentials(self):
        """What the unit loads: two keys of 32 random bytes and two passwords."""
        directory = self.place.directory("credentials")
        known = {"store.password": self.database.settings.password.encode(), "bus.password": self.redis.password.encode()}
        for _, value in unit_settings("LoadCredential"):
            name = value.split(":", 1)[0]
            with open(os.open(os.path.join(directory, name), os.O_WRONLY | os.O_CREAT, 0o400), "wb") as file:
                file.write(known.get(name) or os.urandom(32))
        return directory

    def start(self, with_sample=False):
        """Everything; @with_sample: with the sample company."""
        self.redis.start()
        self.database.start()
        if with_sample:
            # A node with --demo does not wait for its clients to go when it ends: it only makes the company.
            self.nodes[0].start("--demo")
            self.nodes[0].stop()
        for node in self.nodes:
            node.start()
        if self.proxy:
            self.proxy.start()
            wait_for(lambda: all(state == "UP" for state in self.proxy.states().values()), "the proxy to find every node")

    @property
    def url(self):
        """Where clients go: the proxy, or the only node."""
        return f"https://localhost:{self.proxy.port}" if self.proxy else ""

    def close(self):
        self.place.close()
