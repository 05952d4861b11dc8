#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages over the live stream and by POST: Guichê and the two Node.js peers in the same run.

The server runs on one core, the load on another. Peers are measured when their packages can be
installed (npm; better-sqlite3 is compiled against Debian's headers) and left out, saying so, when
they cannot. Figures are printed, one line a case.

stream_bench.py GUICHED STREAM_LOAD [--only WORD]... [--seconds N]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

from bench_server import LOAD_CORE, SERVER_CORE, Guiche, Run, Server, on_core

HERE = os.path.dirname(os.path.abspath(__file__))


class Peer(Server):
    def __init__(self, mode, directory):
        super().__init__(f"{mode} Node", ["node", os.path.join(directory, "peer.js"), mode, "@DIR@/peer.db"])
        self.port = self.ready["port"]
        self.token = "none"
        self.stream_paths = ["/stream"]
        self.conversations = [f"conversation-{number}" for number in range(16)]

    def idle_paths(self, count):
        return ["/idle"] * count

    http = ["--http", "/api/v1/conversations/"]


def peers_directory():
    """Where the peers' packages are; None when they cannot be installed."""
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "guiche-bench-peers")
    os.makedirs(cache, exist_ok=True)
    for name in ("peer.js", "package.json"):
        shutil.copy(os.path.join(HERE, "peers", name), cache)
    if not os.path.isdir(os.path.join(cache, "node_modules", "better-sqlite3", "build")):
        if shutil.which("npm") is None:
            return None
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"], cwd=cache,
                              env={**os.environ, "npm_config_nodedir": "/usr"}, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            return None
    return cache


def show(case, server, figures):
    print(f"  {case:<34} {server.name:<13} {figures['acks_per_s']:>8,.0f}/s  p50 {figures['ack_p50_us'] / 1000:6.2f} ms  "
          f"p99 {figures['ack_p99_us'] / 1000:6.2f} ms  delivered {figures['delivered_per_s']:>10,.0f}/s "
          f"{figures['delivered_mb_per_s']:6.0f} MB/s  server {figures['server_cpu'] * 100:3.0f} %  load {figures['load_cpu'] * 100:3.0f} %",
          flush=True)


def messages(arguments, make_servers):
    for by in ("stream", "http"):
        for streams in (10, 100):
            case = f"by {'POST' if by == 'http' else 'stream'}, to {streams}"
            if arguments.only and not any(word in case for word in arguments.only):
                continue
            for make in make_servers:
                server = make()
                options = ["--streams", streams, "--senders", min(streams, 16) if by == "stream" else 64, "--in-flight", 64, "--seconds", arguments.seconds]
                figures = Run(arguments.load, server, options + (server.http if by == "http" else [])).finish()
                server.stop()
                show(case, server, figures)


def steady(arguments, make_servers):
    """Far from saturation: what one message takes."""
    for by in ("stream", "http"):
        case = f"steady 2,000/s by {'POST' if by == 'http' else 'stream'}, to 100"
        if arguments.only and not any(word in case for word in arguments.only):
            continue
        for make in make_servers:
            server = make()
            options = ["--streams", 100, "--senders", 16, "--rate", 2000, "--seconds", arguments.seconds]
            figures = Run(arguments.load, server, options + (server.http if by == "http" else [])).finish()
            server.stop()
            show(case, server, figures)


def typing(arguments, make_servers):
    case = "typing beside 16 senders"
    if arguments.only and not any(word in case for word in arguments.only):
        return
    for make in make_servers:
        server = make()
        options = ["--streams", 18, "--senders", 16, "--in-flight", 16, "--typing", 200, "--seconds", arguments.seconds]
        figures = Run(arguments.load, server, options).finish()
        server.stop()
        print(f"  {case:<34} {server.name:<13} p50 {figures['typing_p50_us'] / 1000:.3f} ms  p99 {figures['typing_p99_us'] / 1000:.3f} ms "
              f"({figures['typing_n']} frames; {figures['acks_per_s']:,.0f} messages/s)", flush=True)


def idle(arguments, make_servers):
    case = "5,000 idle, 2,000 messages/s to 10"
    if arguments.only and not any(word in case for word in arguments.only):
        return
    for make in make_servers:
        server = make()
        options = ["--streams", 10, "--senders", 10, "--rate", 2000, "--seconds", arguments.seconds]
        without = Run(arguments.load, server, options).finish()
        paths = server.idle_paths(5000)
        before = server.rss_bytes()
        run = Run(arguments.load, server, options, paths)
        grown = server.rss_bytes() - before
        beside = run.finish()
        server.stop()
        print(f"  {case:<34} {server.name:<13} server {without['server_cpu'] * 100:.1f} % without, {beside['server_cpu'] * 100:.1f} % with; "
              f"p99 {without['ack_p99_us'] / 1000:.2f} and {beside['ack_p99_us'] / 1000:.2f} ms; {grown / 5000:,.0f} bytes a stream", flush=True)


def hub_alone(arguments):
    """Publishing and writing without database, route or handler; batches of 32 events of 700 bytes."""
    case = "hub alone"
    if arguments.hub is None or (arguments.only and not any(word in case for word in arguments.only)):
        return
    for streams, batch, size in ((10, 32, 700), (100, 32, 700), (100, 64, 700), (100, 32, 150)):
        bench = subprocess.Popen([arguments.hub, str(streams), str(batch), str(size), str(arguments.seconds)], stdout=subprocess.PIPE, text=True,
                                 preexec_fn=on_core(SERVER_CORE))
        port = json.loads(bench.stdout.readline())["port"]
        with tempfile.NamedTemporaryFile("w", suffix=".paths") as paths:
            paths.write("\n".join(f"/stream?user={user}&since=-1" for user in range(4)) + "\n")
            paths.flush()
            load = subprocess.Popen([arguments.load, "-p", str(port), "--paths", paths.name, "--streams", str(streams), "--in-flight", "0",
                                     "--warm-up", "0", "--seconds", "60"], stdout=subprocess.DEVNULL, preexec_fn=on_core(LOAD_CORE))
            figures = json.loads(bench.stdout.readline())
            load.kill()
            load.wait()
        bench.wait()
        print(f"  {case + f', to {streams}':<34} batches of {batch}, {size} bytes: {figures['events_per_s']:>9,.0f} messages/s, "
              f"{figures['frames_per_write']:.0f} frames a write, CPU {figures['cpu'] * 100:.0f} %", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("guiched")
    parser.add_argument("load")
    parser.add_argument("--only", action="append")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--hub", help="the program that measures the hub alone")
    arguments = parser.parse_args()
    makers = [lambda: Guiche(arguments.guiched).enter()]
    directory = None if arguments.no_peers else peers_directory()
    if directory is None:
        print("  the peers are left out: node, npm or their packages are not there")
    else:
        makers += [lambda: Peer("plain", directory), lambda: Peer("careful", directory)]
    hub_alone(arguments)
    messages(arguments, makers)
    steady(arguments, makers)
    typing(arguments, makers)
    idle(arguments, makers)


if __name__ == "__main__":
    sys.exit(main())
