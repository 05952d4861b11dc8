# SPDX-License-Identifier: GPL-3.0-or-later
"""PostgreSQL and its replica from the shipped files: by hand (streaming), or kept by Patroni."""

import glob
import os
import secrets
import signal
import urllib.request

from .processes import SHIPPED, TrialError, answers, filled, wait_for

# What an example for 8 GB becomes on a machine that has other things to do.
SMALL = {
    "shared_buffers = 2GB": "shared_buffers = 128MB",
    "effective_cache_size = 6GB": "effective_cache_size = 512MB",
    "maintenance_work_mem = 256MB": "maintenance_work_mem = 64MB",
}


def binaries():
    """The newest PostgreSQL's bin directory."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: float(path.split("/")[4]))
    if not found:
        raise TrialError("PostgreSQL is not installed (Debian: postgresql)")
    return found[-1]


class Settings:
    """Passwords, certificate and the files both databases share."""

    def __init__(self, place, authority):
        self.place, self.authority = place, authority
        self.password, self.replication, self.superuser = (secrets.token_hex(16) for _ in range(3))
        self.certificate, self.key = authority.issue("database", is_servers=True)
        self.hba = place.file("pg_hba.conf", filled("postgresql/pg_hba.conf", {"10.0.0.0/24": "127.0.0.0/8", "peer": "trust"}))
        self.config = place.file("postgresql.guiche.conf", filled("postgresql/guiche.conf", {
            **SMALL,
            "listen_addresses = '*'": "listen_addresses = '127.0.0.1'",
            "/etc/guiche/database.pem": self.certificate,
            "/etc/guiche/database.key": self.key,
        }))

    def environment(self, port, user="postgres", database="postgres"):
        password = {"postgres": self.superuser, "replicator": self.replication, "guiche": self.password}[user]
        return {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": user, "PGDATABASE": database,
                "PGPASSWORD": password, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": self.authority.certificate,
                "PGCONNECT_TIMEOUT": "5"}

    def ask(self, port, sql, **who):
        return self.place.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql], env=self.environment(port, **who)).strip()

    def is_primary(self, port):
        try:
            return answers(port) and self.ask(port, "SELECT pg_is_in_recovery()") == "f"
        except TrialError:
            return False

    def create_application(self, port):
        self.place.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(SHIPPED, "postgresql/create.sql")],
                       env={**self.environment(port), "GUICHE_PASSWORD": self.password, "REPLICATION_PASSWORD": self.replication})


class Database:
    """What both ways have in common; ports[0] is the first primary."""

    def __init__(self, place, authority):
        self.place = place
        self.ports = [place.port(), place.port()]
        self.settings = Settings(place, authority)

    def url(self):
        """The shipped [store] url with this machine's addresses."""
        (line,) = [line for line in filled("guiched.conf", {
            "10.0.0.31:5432": f"127.0.0.1:{self.ports[0]}",
            "10.0.0.32:5432": f"127.0.0.1:{self.ports[1]}",
            "/etc/guiche/ca.pem": self.settings.authority.certificate,
        }).splitlines() if line.startswith("url=postgresql://")]
        return line[len("url="):]

    def primary(self):
        """The port of the primary; None while there is none."""
        return next((port for port in self.ports if self.settings.is_primary(port)), None)

    def ask(self, sql, **who):
        return self.settings.ask(wait_for(self.primary, "a primary"), sql, **who)


class Streaming(Database):
    """A primary and a replica with a slot, synchronous; promoted by hand."""

    def __init__(self, place, authority):
        super().__init__(place, authority)
        self.processes = [None, None]
        self.directories = [place.directory(f"database{number}", is_servers=True) for number in (1, 2)]

    def _start(self, number, *options):
        directory = self.directories[number]
        self.processes[number] = self.place.start(
            [os.path.join(binaries(), "postgres"), "-D", directory, "-c", f"port={self.ports[number]}",
             "-c", f"unix_socket_directories={directory}", "-c", f"hba_file={self.settings.hba}",
             "-c", f"cluster_name=database{number + 1}", *options],
            f"database{number + 1}.log", is_servers=True, end_with=signal.SIGINT)
        environment = self.settings.environment(self.ports[number])
        wait_for(lambda: self.place.run(["sh", "-c", "pg_isready -q && echo yes || :"], env=environment).strip(), f"database {number + 1}", 60, 0.1)

    def start(self, with_replica=True):
        directory = self.directories[0]
        secret = self.place.file("superuser.password", self.settings.superuser, 0o600, is_servers=True)
        self.place.run([os.path.join(binaries(), "initdb"), "-D", directory, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
                        "--data-checksums", "-A", "scram-sha-256", f"--pwfile={secret}"], is_servers=True)
        self._include(directory)
        self._start(0)
        self.settings.create_application(self.ports[0])
        if with_replica:
            self.add_replica(1)

    def _include(self, directory):
        with open(os.path.join(directory, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(f"include '{self.settings.config}'\n")

    def add_replica(self, number):
        """As the README says: a base backup through a new slot, then synchronous."""
        source = self.ports[1 - number]
        name = f"database{number + 1}"
        self.place.run([os.path.join(binaries(), "pg_basebackup"), "-D", self.directories[number], "-R", "-X", "stream", "-c", "fast",
                        "-C", "-S", name, "-d", f"application_name={name}"],
                       is_servers=True, env=self.settings.environment(source, "replicator"))
        self._start(number)
        self.settings.ask(source, f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self.settings.ask(source, "SELECT pg_reload_conf()")
        wait_for(lambda: self.settings.ask(source, "SELECT sync_state FROM pg_stat_replication") == "sync", "the replica to be synchronous", every_s=0.2)

    def kill(self, number):
        """The machine is gone: nothing is written any more, nobody is told."""
        self.processes[number].send_signal(signal.SIGQUIT)
        self.place.end(self.processes[number])

    def promote(self, number):
        """As the runbook says: the replica becomes the primary, and waits for nobody."""
        directory = self.directories[number]
        self.place.run([os.path.join(binaries(), "pg_ctl"), "promote", "-w", "-D", directory], is_servers=True)
        self.settings.ask(self.ports[number], "ALTER SYSTEM RESET synchronous_standby_names")
        self.settings.ask(self.ports[number], "SELECT pg_reload_conf()")

    def fail_over(self):
        self.kill(0)
        self.promote(1)


class Patroni(Database):
    """The same two under Patroni, with one etcd: who is primary is decided without anybody."""

    def __init__(self, place, authority):
        super().__init__(place, authority)
        self.processes = [None, None]
        self.etcd_port, self.etcd_peer_port = place.port(), place.port()
        self.rest_ports = [place.port(), place.port()]
        self.configs = [self._config(number) for number in (0, 1)]

    def _config(self, number):
        text = filled("patroni/patroni.yml", {
            "name: database1": f"name: database{number + 1}",
            "10.0.0.31:8008": f"127.0.0.1:{self.rest_ports[number]}",
            "10.0.0.31:5432": f"127.0.0.1:{self.ports[number]}",
            "[10.0.0.21:2379, 10.0.0.22:2379, 10.0.0.23:2379]": f"[127.0.0.1:{self.etcd_port}]",
            "data_dir: /var/lib/postgresql/15/guiche": "data_dir: " + os.path.join(self.place.directory(f"patroni{number + 1}", is_servers=True), "data"),
            "/usr/lib/postgresql/15/bin": binaries(),
            "/etc/guiche/postgresql/guiche.conf": self.settings.config,
            "/etc/guiche/postgresql/pg_hba.conf": self.settings.hba,
            "/var/lib/postgresql/.pgpass_patroni": os.path.join(self.place.directory(f"patroni{number + 1}", is_servers=True), "pgpass"),
            "unix_socket_directories: /var/run/postgresql": "unix_socket_directories: " + self.place.directory(f"patroni{number + 1}", is_servers=True),
            "/etc/guiche/ca.pem": self.settings.authority.certificate,
        })
        return self.place.file(f"patroni{number + 1}.yml", text)

    def _start_etcd(self):
        text = filled("patroni/etcd.default", {
            "10.0.0.21:2379": f"127.0.0.1:{self.etcd_port}",
            "/var/lib/etcd/guiche": self.place.directory("etcd"),
            ",node2=http://10.0.0.22:2380,node3=http://10.0.0.23:2380": "",
            "10.0.0.21:2380": f"127.0.0.1:{self.etcd_peer_port}",
        })
        values = dict(line.split(" #")[0].split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
        self.place.start(["etcd"], "etcd.log", env={**os.environ, **values})
        wait_for(lambda: answers(self.etcd_port), "etcd")

    def start_one(self, number):
        environment = {**os.environ, "PATRONI_SUPERUSER_PASSWORD": self.settings.superuser, "PATRONI_REPLICATION_PASSWORD": self.settings.replication}
        self.processes[number] = self.place.start(["patroni", self.configs[number]], f"patroni{number + 1}.log", is_servers=True, env=environment)

    def start(self):
        self._start_etcd()
        self.start_one(0)
        wait_for(self._says_primary, "the first primary", 90, 0.3)
        self.settings.create_application(self.ports[0])
        self.start_one(1)
        self.wait_for_replica()

    def _says_primary(self):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.rest_ports[0]}/primary", timeout=5).close()
            return True
        except OSError:
            return False

    def wait_for_replica(self):
        wait_for(lambda: self.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == "1", "a synchronous replica", 120, 0.5)

    def postmaster(self, number):
        with open(os.path.join(self.place.path, f"patroni{number + 1}", "data", "postmaster.pid"), encoding="ascii") as file:
            return int(file.readline())

    def fail_over(self):
        """The primary's machine is gone, and the promotion is nobody's work."""
        number = self.ports.index(self.primary())
        self.processes[number].kill()
        self.place.end(self.processes[number])
        os.kill(self.postmaster(number), signal.SIGQUIT)
        wait_for(lambda: self.settings.is_primary(self.ports[1 - number]), "Patroni to promote the replica", 120, 0.2)
