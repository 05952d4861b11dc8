# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks share: servers, what they cost by /proc, and runs of the load against them."""
import ctypes
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


_libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def on_core(core):
    """For preexec_fn: on this core (None: wherever the system puts it), and gone when the benchmark is."""

    def prepare():
        _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if core is not None:
            os.sched_setaffinity(0, {core})

    return prepare


def family(pid):
    """A process and all below it."""
    pids = [pid]
    for one in pids:
        try:
            with open(f"/proc/{one}/task/{one}/children", encoding="ascii") as children:
                pids += [int(child) for child in children.read().split()]
        except OSError:
            pass
    return pids


def cpu_seconds(*pids):
    """What these used so far, with the children that they have waited for."""
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
            ticks += sum(int(field) for field in fields[11:15])
        except OSError:
            pass
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_bytes(pid, field="Rss"):
    """Rss, or Pss: what it shares with others counted in parts."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
            for line in rollup:
                if line.startswith(field + ":"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Server:
    """A server process, on its core, with what the load needs to know."""

    def __init__(self, name, command, environment=None, core=SERVER_CORE):
        self.name = name
        self.directory = tempfile.mkdtemp(prefix="guiche-bench-")
        command = [part.replace("@DIR@", self.directory) for part in command]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=on_core(core),
                                        env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{name} did not start")
        self.ready = json.loads(line)

    def cpu_seconds(self):
        return cpu_seconds(self.process.pid)

    def rss_bytes(self):
        return memory_bytes(self.process.pid)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    def file(self, name, lines):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        return path


class Guiche(Server):
    """guiched without rate limits, by default with the sample company; agents listen and send, visitors idle."""

    http = ["--http", "/api/v1/conversations/"]
    UNLIMITED = {"GUICHE_LIMITS_ENABLED": "false", "GUICHE_STREAM_MAX_PER_USER": "1000", "GUICHE_DEMO_VISIT_INTERVAL_S": "0",
                 "GUICHE_NODE_DRAIN_S": "0"}

    def __init__(self, guiched, name="Guichê", environment=None, core=SERVER_CORE, data="@DIR@", options=("--demo",)):
        super().__init__(name, [guiched, "--data", data, "--port", "0", *options], {**self.UNLIMITED, **(environment or {})}, core)
        self.url = self.ready["url"]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.token = None

    def enter(self, tenant="demo", login="sofia", password="guiche", conversations=16):
        """Signs in, and opens @conversations to write to, or takes those of another node."""
        self.tenant, self.token = tenant, None
        self.token = self.call("/api/v1/auth/login", {"tenant": tenant, "login": login, "password": password})["token"]
        self.conversations = ([self.visit(number)["conversation_id"] for number in range(conversations)] if isinstance(conversations, int)
                              else conversations)
        return self

    def seq(self):
        """Of the last event."""
        return self.call("/api/v1/snapshot")["seq"]

    @property
    def stream_paths(self):
        """From now on: what an earlier run left is not replayed."""
        return [f"/api/v1/stream?token={self.token}&since={self.seq()}"]

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": "application/json"})
        if self.token:
            request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)

    def visit(self, number):
        return self.call(f"/api/v1/webchat/{self.tenant}/visitors", {"name": f"Visita {number}", "subject": "financial"})

    def idle_paths(self, count):
        return [f"/api/v1/webchat/stream?token={self.visit(number)['token']}" for number in range(count)]


class Run:
    """One run of the load against one server."""

    def __init__(self, load, server, arguments, idle=None, core=LOAD_CORE):
        command = [load, "-p", str(server.port), "--paths", server.file("paths", server.stream_paths),
                   "--conversations", server.file("conversations", server.conversations), "--token", server.token]
        if idle is not None:
            command += ["--idle-paths", server.file("idle", idle)]
        self.server = server
        self.process = subprocess.Popen(command + [str(argument) for argument in arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, preexec_fn=on_core(core))
        self.opened = json.loads(self.process.stdout.readline() or "null")
        self.before = (time.monotonic(), server.cpu_seconds())

    def finish(self):
        out, _ = self.process.communicate(timeout=120)
        after = (time.monotonic(), self.server.cpu_seconds())
        if self.process.returncode != 0 or not out.strip():
            raise RuntimeError(f"the load failed against {self.server.name}")
        figures = json.loads(out.strip().splitlines()[-1])
        figures["server_cpu"] = (after[1] - self.before[1]) / (after[0] - self.before[0])
        if figures["errors"] or figures["lost_connections"] or figures["acked"] > figures["fewest_received"]:
            print(f"  WRONG: {figures}")
        return figures
