# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes in a temporary directory that end with whoever started them, free ports, filled-in files."""

import ctypes
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SHIPPED = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "several-machines")
SLOWNESS = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1"))
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


class TrialError(Exception):
    pass


def wait_for(condition, what, deadline_s=30, every_s=0.05):
    """What @condition returned once it is true; TrialError after the deadline."""
    end = time.monotonic() + deadline_s * SLOWNESS
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TrialError(f"waited in vain for {what}")
        select.select([], [], [], every_s)


def filled(name, substitutions):
    """The text of a shipped file with addresses and sizes of this machine; each must occur in it."""
    with open(os.path.join(SHIPPED, name), encoding="utf-8") as file:
        text = file.read()
    for old, new in substitutions.items():
        if old not in text:
            raise TrialError(f"{name} does not contain {old}")
        text = text.replace(old, str(new))
    return text


def answers(port, host="127.0.0.1"):
    try:
        socket.create_connection((host, port), timeout=2).close()
        return True
    except OSError:
        return False


class Place:
    """A temporary directory, its free ports and the processes started in it."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="guiche-trial-")
        os.chmod(self.path, 0o755)
        # PostgreSQL refuses root.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self._sockets = []
        self._processes = []

    def port(self):
        """A free port that nobody is given twice: its socket is kept, unused, until the end."""
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 0))
        self._sockets.append(taken)
        return taken.getsockname()[1]

    def directory(self, name, is_servers=False):
        path = os.path.join(self.path, name)
        os.makedirs(path, mode=0o700, exist_ok=True)
        if is_servers and self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def file(self, name, text, mode=0o644, is_servers=False):
        path = os.path.join(self.path, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        if is_servers and self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def _as_server(self, is_servers, more):
        """What subprocess needs to run as the servers' user, whose home is this place: libpq looks there."""
        if not is_servers:
            return more
        user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return {**more, **user, "env": {**(more.get("env") or os.environ), "HOME": self.path}}

    def run(self, command, is_servers=False, **more):
        """Runs a command to its end and returns what it printed; TrialError when it failed."""
        done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=self.path, **self._as_server(is_servers, more))
        if done.returncode != 0:
            raise TrialError(f"{' '.join(map(str, command))}: {done.stdout.strip()}")
        return done.stdout

    def start(self, command, log, is_servers=False, end_with=signal.SIGTERM, **more):
        """Starts a process that gets @end_with when we are gone; its output goes to the file @log."""

        def follow_us():
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
                signal.signal(number, signal.SIG_DFL)
            _libc.prctl(PR_SET_PDEATHSIG, int(end_with))

        with open(os.path.join(self.path, log), "ab") as output:
            process = subprocess.Popen([str(part) for part in command], stdout=more.pop("stdout", output), stderr=output,
                                       stdin=subprocess.DEVNULL, cwd=self.path, preexec_fn=follow_us, start_new_session=True,
                                       **self._as_server(is_servers, more))
        process.end_with = end_with
        self._processes.append(process)
        return process

    def end(self, process, patience_s=20):
        """Ends a process, one that is stopped too, and waits for it."""
        if process.poll() is None:
            process.send_signal(process.end_with)
            process.send_signal(signal.SIGCONT)
            try:
                process.wait(patience_s * SLOWNESS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout:
            process.stdout.close()
        if process in self._processes:
            self._processes.remove(process)

    def log(self, name):
        try:
            with open(os.path.join(self.path, name), encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def close(self):
        for process in reversed(list(self._processes)):
            self.end(process)
        for taken in self._sockets:
            taken.close()
        shutil.rmtree(self.path, ignore_errors=True)
