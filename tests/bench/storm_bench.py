#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Five thousand live streams end at once and come back: how long until each is complete again, and what that costs.

By a proxy's sudden death (one node, another proxy takes them) on SQLite, by a node's (another node takes them) on
PostgreSQL. Every stream is another visitor's, so nothing of one helps another; clients wait as ours do, with full jitter
up to half a second and doubling. The aim: 99 of 100 within 10 s, less than a core for 2,000 clients.

storm_bench.py GUICHED RECONNECT_STORM [--streams N] [--only WORD]...
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from bench_engines import PostgreSql, Sqlite
from bench_server import cpu_seconds

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from servers import free_port  # noqa: E402


class Proxy:
    """HAProxy that passes TCP on."""

    def __init__(self, target):
        self.port = free_port()
        with tempfile.NamedTemporaryFile("w", suffix=".cfg", delete=False) as file:
            file.write(f"global\n  maxconn 9000\n  nbthread 1\ndefaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n  timeout server 1h\n"
                       f"listen proxy\n  bind 127.0.0.1:{self.port} backlog 8192\n  server node 127.0.0.1:{target}\n")
        self.path = file.name
        self.process = subprocess.Popen([shutil.which("haproxy") or "/usr/sbin/haproxy", "-db", "-f", self.path], stderr=subprocess.DEVNULL)

    def kill(self):
        self.process.kill()
        self.process.wait()
        os.unlink(self.path)


def storm(arguments, case, node, port, other_port, kill, servers, database_cpu):
    """@kill ends what the streams go through at @port; @servers serve them afterwards."""
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.write("\n".join(node.idle_paths(arguments.streams)) + "\n")
        file.flush()
        clients = subprocess.Popen([arguments.storm, file.name, str(port), str(other_port)], stdout=subprocess.PIPE, text=True)
        clients.stdout.readline()
        used = [server.cpu_seconds() for server in servers], database_cpu(), cpu_seconds(clients.pid)
        kill()
        figures = json.loads(clients.stdout.readline())
        clients.wait()
        server_s = sum(server.cpu_seconds() for server in servers) - sum(used[0])
        database_s = database_cpu() - used[1]
    print(f"  {case:<42} {figures['lost']:,} streams back: p50 {figures['p50_ms']:,.0f} ms  p99 {figures['p99_ms']:,.0f} ms  all {figures['max_ms']:,.0f} ms; "
          f"{figures['attempts'] / figures['lost']:.2f} attempts each; CPU guiched {server_s:.2f} s, database {database_s:.2f} s "
          f"({server_s / figures['lost'] * 1e6:,.0f} us of guiched a stream)", flush=True)


def by_proxy(arguments):
    engine = Sqlite(arguments.guiched)
    try:
        node = engine.node().enter(conversations=0)
        first, second = Proxy(node.port), Proxy(node.port)
        time.sleep(0.5)
        storm(arguments, "a proxy is killed (SQLite)", node, first.port, second.port, first.kill, [node], engine.cpu_seconds)
        second.kill()
        node.stop()
    finally:
        engine.close()


def by_node(arguments):
    for with_redis in (True, False):
        engine = PostgreSql(arguments.guiched, with_redis=with_redis)
        try:
            first = engine.node(1).enter(conversations=0)
            second = engine.node(2, options=()).enter(conversations=0)

            def kill(process=first.process):
                process.kill()
                process.wait()

            case = f"a node is killed (PostgreSQL{'' if with_redis else ', no Redis'})"
            storm(arguments, case, second, first.port, second.port, kill, [second], engine.cpu_seconds)
            second.stop()
        finally:
            engine.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("guiched")
    parser.add_argument("storm")
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--only", action="append")
    arguments = parser.parse_args()
    for word, run in (("proxy", by_proxy), ("node", by_node)):
        if not arguments.only or word in arguments.only:
            run(arguments)


if __name__ == "__main__":
    sys.exit(main())
