# SPDX-License-Identifier: GPL-3.0-or-later
"""Private PostgreSQL and Redis servers for tests: real ones, in memory, gone when who started them is gone.

`with PostgreSQL() as server:` gives `server.url`; so does `Redis()`. `kill`, `pause`, `resume` and `start` are there for
tests of faults. From outside Python: tests/support/with-postgresql and with-redis."""

import contextlib
import fcntl
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

MEMORY = "/dev/shm"
MEMORY_NEEDED = 512 << 20
DEADLINE_S = 60


def memory_directory():
    """Where a sync costs nothing, if there is room."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return tempfile.gettempdir()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]
    return []


def send(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def is_alive(pid):
    """Not so a zombie, which somebody else may have to reap."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False


class PrivateServer:
    """A server process in a directory of its own, both ended by a guard when this process ends, however it does."""

    NAME = ""
    END_SIGNAL = signal.SIGTERM

    def __init__(self, parent=None):
        self.process = None
        self.directory = tempfile.mkdtemp(prefix=f"guiche-{self.NAME}-", dir=parent or memory_directory())
        self._pid_path = os.path.join(self.directory, "pid")
        self._guard, self._guard_pipe = self._start_guard()

    def _start_guard(self):
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid > 0:
            os.close(reading)
            return pid, writing
        try:
            os.setsid()
            os.close(writing)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(null, descriptor)
            os.closerange(3, reading)
            os.closerange(reading + 1, 256)
            os.read(reading, 1)
            self._end()
        finally:
            os._exit(0)

    def _end(self):
        """In the guard. Twice: a server that was just being started may show up once more."""
        for _ in range(2):
            with contextlib.suppress(OSError, ValueError), open(self._pid_path, encoding="ascii") as file:
                self._end_process(int(file.read()))
            shutil.rmtree(self.directory, ignore_errors=True)

    def _end_process(self, pid):
        for paused in [pid] + children_of(pid):
            send(paused, signal.SIGCONT)
        send(pid, self.END_SIGNAL)
        end = time.monotonic() + 5
        while is_alive(pid) and time.monotonic() < end:
            time.sleep(0.002)
        for remaining in children_of(pid) + [pid]:
            send(remaining, signal.SIGKILL)

    def command(self):
        raise NotImplementedError

    def is_ready(self):
        raise NotImplementedError

    def user(self):
        return None

    def log(self):
        with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def start(self):
        """Starts, or starts again on the same data and address, and waits until it answers."""
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen(["sh", "-c", 'echo $$ >"$0"; exec "$@"', self._pid_path] + self.command(),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.directory,
                                            start_new_session=True, **as_user(self.user()))
        end = time.monotonic() + DEADLINE_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.NAME} did not start:\n{self.log()[-4000:]}")
            time.sleep(0.002)
        return self

    def kill(self):
        """As a crash does: at once, without a word."""
        for child in [self.process.pid] + children_of(self.process.pid):
            send(child, signal.SIGKILL)
        self.process.wait()

    def stop(self, number=signal.SIGINT):
        """In order (PostgreSQL: SIGINT ends sessions, SIGTERM waits for them); it can be started again."""
        self.process.send_signal(number)
        self.process.wait(timeout=DEADLINE_S)

    def pause(self):
        for child in [self.process.pid] + children_of(self.process.pid):
            send(child, signal.SIGSTOP)

    def resume(self):
        for child in [self.process.pid] + children_of(self.process.pid):
            send(child, signal.SIGCONT)

    def close(self):
        """Ends it and takes its directory away."""
        os.close(self._guard_pipe)
        if self.process is not None:
            self.process.wait(timeout=DEADLINE_S)
        os.waitpid(self._guard, 0)

    def __enter__(self):
        return self.start()

    def __exit__(self, *unused):
        self.close()


def as_user(name):
    if name is None:
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def find_postgresql():
    """The folder of its programs, the newest version's; on PATH otherwise."""
    folders = [os.path.dirname(path) for path in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    folders.sort(key=lambda folder: int(folder.split("/")[4]))
    on_path = shutil.which("initdb")
    if not folders and on_path is None:
        raise RuntimeError("PostgreSQL is not installed (Debian: postgresql)")
    return folders[-1] if folders else os.path.dirname(os.path.realpath(on_path))


def unprivileged_user():
    """PostgreSQL does not run as root."""
    if os.getuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


class PostgreSQL(PrivateServer):
    """On a UNIX socket; with @tcp on a free port of 127.0.0.1 instead. @durable: on the disk and with fsync."""

    NAME = "postgresql"
    END_SIGNAL = signal.SIGQUIT  # at once, but shared memory is given back
    SETTINGS = {
        "shared_buffers": "32MB", "max_connections": "200", "jit": "off", "max_wal_size": "256MB", "dynamic_shared_memory_type": "mmap",
        "log_line_prefix": "'%m [%p] '", "fsync": "off", "full_page_writes": "off",
    }

    def __init__(self, durable=False, tcp=False, settings=None):
        super().__init__(tempfile.gettempdir() if durable else None)
        self.programs = find_postgresql()
        self.data = os.path.join(self.directory, "data")
        self.port = free_port() if tcp else 5432
        self.host = "127.0.0.1" if tcp else self.directory
        self.settings = dict(self.SETTINGS, port=str(self.port), listen_addresses="'%s'" % (self.host if tcp else ""),
                             unix_socket_directories="'%s'" % self.directory)
        if durable:
            self.settings.update(fsync="on", full_page_writes="on")
        self.settings.update(settings or {})
        self._copy_template()

    @property
    def url(self):
        return "postgresql://postgres@%s:%d/postgres" % (self.host.replace("/", "%2F"), self.port)

    def user(self):
        return unprivileged_user()

    def _copy_template(self):
        """initdb takes half a second: once a machine and version, kept in the temporary directory."""
        version = subprocess.run([os.path.join(self.programs, "postgres"), "--version"], capture_output=True, text=True, check=True)
        name = "guiche-postgresql-template-%d-%s" % (os.getuid(), version.stdout.split()[2])
        template = os.path.join(tempfile.gettempdir(), name)
        owner = pwd.getpwnam(self.user()).pw_uid if self.user() else os.getuid()
        with open(template + ".lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.path.exists(template):
                self._make_template(template)
        status = os.lstat(template)
        if status.st_uid != owner or status.st_mode & 0o77:
            raise RuntimeError(f"{template} is somebody else's")
        if self.user():
            shutil.chown(self.directory, self.user())
        subprocess.run(["cp", "-a", template, self.data], check=True)
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="ascii") as file:
            file.writelines(f"{name} = {value}\n" for name, value in self.settings.items())

    def _make_template(self, template):
        making = tempfile.mkdtemp(prefix=os.path.basename(template) + "-", dir=os.path.dirname(template))
        if self.user():
            shutil.chown(making, self.user())
        try:
            subprocess.run([os.path.join(self.programs, "initdb"), "-D", making, "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8",
                            "--locale=C.UTF-8", "--wal-segsize=1"], check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user(self.user()))
            os.rename(making, template)
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def command(self):
        return [os.path.join(self.programs, "postgres"), "-D", self.data]

    def start(self):
        # What a killed one left: its process may be anybody's by now.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self.data, "postmaster.pid"))
        return super().start()

    def is_ready(self):
        with contextlib.suppress(OSError), open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
            return file.read().rstrip().endswith("ready")
        return False


class Redis(PrivateServer):
    """On a free port of 127.0.0.1, keeping nothing."""

    NAME = "redis"

    def __init__(self):
        super().__init__()
        self.port = free_port()

    @property
    def url(self):
        return "redis://127.0.0.1:%d" % self.port

    def command(self):
        return ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", self.directory]

    def is_ready(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False


def run_beside(server, variable, command):
    """Runs @command while @server does, its address in @variable; returns what a shell would as its status."""
    with server:
        environment = dict(os.environ, **{variable: server.url})
        # Who kills only this process does not leave the command behind.
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--"] + command, env=environment)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: process.send_signal(number))
        status = process.wait()
    return status if status >= 0 else 128 - status
