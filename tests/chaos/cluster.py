# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes, balancer, PostgreSQL and Redis: started, ended in every way, started again as systemd does. Blocking calls."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import network  # noqa: E402
import servers  # noqa: E402

GUICHED = os.environ.get("GUICHED", "guiched")
GUICHECTL = os.environ.get("GUICHECTL", "guichectl")
SLOWNESS = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1"))
START_S = 30 * SLOWNESS
RESTART_PAUSE_S = 0.3  # RestartSec
HTTP_PORT = 8480

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "deploy", "several-machines")
# What the database does about nodes that are gone: as shipped.
WATCHING = ("tcp_", "client_connection_check_interval", "idle_in_transaction_session_timeout")


def shipped_balancer(host, port, servers_):
    """The shipped haproxy.cfg without TLS and what belongs to it, in front of @servers_: name → (address, port)."""
    with open(os.path.join(SHIPPED, "haproxy.cfg"), encoding="utf-8") as file:
        sections = re.split(r"^(?=global|defaults|frontend|backend)", file.read(), flags=re.MULTILINE)
    defaults = next(section for section in sections if section.startswith("defaults")).replace("  log global\n", "")
    backend = next(section for section in sections if section.startswith("backend nodes"))
    backend = re.sub(r"^  server .*\n", "", backend, flags=re.MULTILINE)
    lines = "".join(f"  server {name} {address}:{node_port}\n" for name, (address, node_port) in servers_.items())
    return f"global\n  maxconn 9000\n  nbthread 1\n{defaults}frontend guiche\n  bind {host}:{port}\n  default_backend nodes\n{backend.rstrip()}\n{lines}"


def shipped_watching():
    settings = {}
    with open(os.path.join(SHIPPED, "postgresql", "guiche.conf"), encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition("=")
            if name.startswith(WATCHING):
                settings[name.strip()] = value.split("#")[0].strip()
    return settings


def free_port(host="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


# A commit takes as long as on a disk, so that faults meet it.
COMMITTING = {"fsync": "on", "commit_delay": "5000", "commit_siblings": "0"}


class PostgreSQL(servers.PostgreSQL):
    """Also on the nodes' network, and able to say when each transaction was committed."""

    def __init__(self, host, durable):
        super().__init__(durable=durable, tcp=True, settings={"listen_addresses": f"'127.0.0.1,{host}'", "track_commit_timestamp": "on",
                                                              **COMMITTING, **shipped_watching()})
        self.node_host = host
        with open(os.path.join(self.data, "pg_hba.conf"), "a", encoding="ascii") as file:
            file.write("host all all 10.77.0.0/24 trust\n")

    def query(self, statement):
        """Rows as lists of texts."""
        command = [os.path.join(self.programs, "psql"), "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", statement]
        if not os.path.exists(command[0]):
            command[0] = "psql"
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [line.split("\t") for line in output.splitlines()]


    def watch_jobs(self, schema):
        """Every claim and outcome of a job from now on is a row of public.job_history."""
        self.query(f"""
            CREATE TABLE public.job_history (number bigserial PRIMARY KEY, id bytea, kind text, was text, state text, was_token bigint, token bigint,
                                             owner text, was_until bigint, at bigint);
            GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO PUBLIC;
            CREATE FUNCTION public.note_job() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              INSERT INTO public.job_history (id, kind, was, state, was_token, token, owner, was_until, at)
                VALUES (new.id, new.kind, old.state, new.state, old.lease_token, new.lease_token, new.lease_owner, old.lease_until,
                        (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
              RETURN NULL;
            END $$;
            CREATE TRIGGER note_job AFTER UPDATE ON {schema}.jobs FOR EACH ROW
              WHEN (old.state <> new.state OR old.lease_token <> new.lease_token) EXECUTE FUNCTION public.note_job()""")


class Redis(servers.Redis):
    def __init__(self, host):
        super().__init__()
        self.host = host

    def command(self):
        command = super().command()
        if self.host != "127.0.0.1":
            command.insert(command.index("127.0.0.1") + 1, self.host)
        return command + ["--protected-mode", "no"]

    def say(self, words):
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(words.encode() + b"\r\n")
            connection.recv(64)


class Node:
    """One guiched, which somebody starts again whenever it ends."""

    def __init__(self, cluster, number, address, port, environment):
        self.cluster, self.number, self.address, self.port = cluster, number, address, port
        self.front_port = port  # where the balancer reaches it
        self.front_port = port  # where the balancer reaches it
        self.name = f"node{number}"
        self.directory = os.path.join(cluster.directory, self.name)
        self.environment = dict(os.environ, **environment)
        self.log_path = os.path.join(cluster.directory, self.name + ".log")
        self.process = None
        self.is_wanted = self.is_ready = False
        self.is_expected = False  # that it ends
        self.own_ends = []  # how it ended by itself, after it had been ready
        self.starts = 0
        self.turn = threading.Lock()
        self.thread = None

    def start(self):
        """Begins to keep it running; wait_ready() waits."""
        self.is_wanted = True
        if self.thread is None:
            self.thread = threading.Thread(target=self.keep, daemon=True)
            self.thread.start()

    def keep(self):
        while self.cluster.is_open:
            if not self.is_wanted:
                time.sleep(0.01)
                continue
            self.run_once()
            time.sleep(RESTART_PAUSE_S)

    def run_once(self):
        command = network.DYING + self.cluster.network.prefix(self.number)
        command += [GUICHED, "--data", self.directory, "--port", str(self.port)]
        with open(self.log_path, "ab") as log:
            log.write(b"--- started\n")
            with self.turn:
                if not self.is_wanted:
                    return
                self.is_expected = False
                self.starts += 1
                self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=self.environment)
        was_ready = self.is_ready = bool(self.process.stdout.readline())
        self.process.stdout.read()
        status = self.process.wait()
        self.process.stdout.close()
        self.is_ready = False
        if not self.is_expected and (was_ready or status < 0):
            self.own_ends.append(f"{self.name} ended by itself with {status}")
        if self.is_expected and status not in (0, -signal.SIGKILL):
            self.own_ends.append(f"{self.name} ended with {status} after it had been told to")

    def wait_ready(self):
        end = time.monotonic() + START_S
        while not self.is_ready:
            if time.monotonic() > end:
                raise AssertionError(f"{self.name} did not become ready:\n{self.log()[-1000:]}")
            time.sleep(0.01)

    def log(self):
        with contextlib.suppress(OSError), open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()
        return ""

    def send(self, number, is_end=False):
        with self.turn:
            if self.process is None or self.process.poll() is not None:
                return
            self.is_expected = self.is_expected or is_end
            self.process.send_signal(number)

    def kill(self, wanted=False):
        """As a crash or a power cut does; @wanted: it is started again at once."""
        self.is_wanted, self.is_ready = wanted, False
        self.send(signal.SIGKILL, True)

    def stop(self):
        """As systemd does, and waits."""
        self.is_wanted = False
        process = self.process
        self.send(signal.SIGTERM, True)
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            if process.poll() is None:
                self.own_ends.append(f"{self.name} did not end within 60 s of SIGTERM")
                self.send(signal.SIGKILL, True)


class Cluster:
    def __init__(self, n_nodes, use_sqlite=False, durable=False):
        self.is_open = True
        self.directory = tempfile.mkdtemp(prefix="guiche-chaos-")
        self.network = network.make()
        self.host = self.network.host
        self.port = free_port()
        self.tenant, self.password = "empresa", "administrar-bem"  # the company and its administrator's password
        self.postgresql = self.redis = self.balancer = None
        self.use_sqlite = use_sqlite
        if not use_sqlite:
            self.postgresql = PostgreSQL(self.host, durable).start()
            self.redis = Redis(self.host).start()
        self.nodes = [self.make_node(number) for number in range(n_nodes)]

    def make_node(self, number):
        port = HTTP_PORT if isinstance(self.network, network.Namespaces) else free_port()
        services = {} if self.use_sqlite else {"postgresql": self.postgresql.port, "redis": self.redis.port}
        address, reached = self.network.add_node(number, port, services)
        keys = os.path.join(self.directory, "keys")
        os.makedirs(keys, mode=0o700, exist_ok=True)
        environment = {
            "GUICHE_HTTP_LISTEN": address, "GUICHE_HTTP_BEHIND_PROXY": "true",
            "GUICHE_HTTP_PROXY_ADDRESSES": self.host, "GUICHE_HTTP_PUBLIC_URL": f"http://{self.host}:{self.port}", "GUICHE_NODE_NAME": f"node{number}",
            "GUICHE_NODE_DRAIN_S": "1",
        }
        if not self.use_sqlite:
            database, bus = reached["postgresql"], reached["redis"]
            environment.update({
                "GUICHE_STORE_URL": "postgresql://postgres@%s:%d/postgres" % database, "GUICHE_BUS_URL": "redis://%s:%d/0" % bus,
                "GUICHE_NODE_KEYS": keys, "GUICHE_FILES_DIRECTORY": os.path.join(self.directory, "files"),
            })
        return Node(self, number, address, port, environment)

    def control(self, node, *arguments, text=None):
        """guichectl, in the place of @node: on its data, or through its API when it runs."""
        where = ["--server", f"http://{node.address}:{node.port}"] if node.is_ready else ["--data", node.directory]
        return subprocess.run(self.network.prefix(node.number) + [GUICHECTL] + where + list(arguments), input=text, text=True, capture_output=True,
                              env=dict(node.environment, GUICHE_PASSWORD=self.password), timeout=120, check=False)

    def make_company(self):
        for arguments in (["tenant", "add", self.tenant, "Empresa"],
                          ["user", "add", "admin", "Administração", "--tenant", self.tenant, "--role", "admin", "--password-stdin"]):
            done = self.control(self.nodes[0], *arguments, text=self.password + "\n")
            if done.returncode != 0:
                raise AssertionError(f"guichectl {arguments}: {done.stderr}")

    def start(self):
        """The first node alone, then the others."""
        self.make_company()
        if self.postgresql is not None:
            self.postgresql.watch_jobs("tenant_" + self.tenant)
        self.nodes[0].start()
        self.nodes[0].wait_ready()
        for node in self.nodes[1:]:
            node.start()
        for node in self.nodes[1:]:
            node.wait_ready()
        self.start_balancer()

    def start_balancer(self):
        if isinstance(self.network, network.Relays) and self.balancer is None:
            for node in self.nodes:
                node.front_port = self.network.front(node.number, node.port)
        path = os.path.join(self.directory, "haproxy.cfg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(shipped_balancer(self.host, self.port, {node.name: (node.address, node.front_port) for node in self.nodes}))
        with open(os.path.join(self.directory, "haproxy.log"), "ab") as log:
            self.balancer = subprocess.Popen(network.DYING + [shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", path], stdout=log, stderr=log)

    def kill_balancer(self):
        self.balancer.kill()
        self.balancer.wait()

    @property
    def running(self):
        return [node for node in self.nodes if node.is_wanted]

    def rows(self, statement):
        """Of the company's database; every value as text."""
        if not self.use_sqlite:
            return self.postgresql.query(f"SET search_path = tenant_{self.tenant}; " + statement)
        import sqlite3  # noqa: only here
        with contextlib.closing(sqlite3.connect(f"file:{self.nodes[0].directory}/tenants/{self.tenant}/guiche.db?mode=ro", uri=True)) as db:
            return [[str(value) for value in row] for row in db.execute(statement)]

    def verify_audit(self):
        """guichectl's word for the chain of the audit log."""
        reply = self.control(self.running[0], "--tenant", self.tenant, "--json", "audit", "verify")
        return reply.returncode, reply.stdout + reply.stderr

    def close(self):
        """Ends everything in order; returns what did not end well."""
        for node in self.nodes:
            node.send(signal.SIGCONT)
            node.stop()
        self.is_open = False
        for node in self.nodes:
            if node.thread is not None:
                node.thread.join(10)
        if self.balancer is not None:
            self.kill_balancer()
        for server in (self.postgresql, self.redis):
            if server is not None:
                shutil.copy(os.path.join(server.directory, "log"), os.path.join(self.directory, server.NAME + ".log"))
                server.resume()
                server.close()
        self.network.close()
        return [end for node in self.nodes for end in node.own_ends]

    def remove(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def keep_logs(self, where):
        """The logs for who looks into a failure."""
        os.makedirs(where, exist_ok=True)
        for name in os.listdir(self.directory):
            if name.endswith((".log", ".cfg")):
                shutil.copy(os.path.join(self.directory, name), where)
