#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQLite against PostgreSQL (alone, and with a synchronous replica) through the real guiched, on the same machine in the
same run: acknowledged messages, what they cost and what they leave on the disk, and replaying 20,000 events.

Every write is durable before its acknowledgement. Server, database and load share the machine's cores without pinning;
the CPU columns tell who used what of one core. With fewer cores than three the load and PostgreSQL take from guiched.

engines_bench.py GUICHED STREAM_LOAD [--only WORD]... [--seconds N]
"""
import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request

from bench_engines import PostgreSql, Sqlite
from bench_server import Run

REPLAYED = 20000
# name, how it is sent, arguments of the load. "one at a time": what one agent feels.
CASES = [
    ("by stream, 64 in flight, to 10", "stream", ["--streams", 10, "--senders", 10, "--in-flight", 64]),
    ("by POST, 64 in flight, to 10", "http", ["--streams", 10, "--senders", 64, "--in-flight", 64]),
    ("by POST, one at a time", "http", ["--streams", 1, "--senders", 1, "--in-flight", 1]),
    ("steady 200/s by POST, to 20", "http", ["--streams", 20, "--senders", 16, "--rate", 200]),
]


def measured(engine, server, load, arguments, by, seconds):
    """The load's figures, and per message what guiched and the database used, what grew and what was written."""
    before = (time.monotonic(), engine.cpu_seconds(), server.cpu_seconds(), engine.written_bytes(), server.seq())
    options = arguments + ["--seconds", seconds] + (server.http if by == "http" else [])
    figures = Run(load, server, options, core=None).finish()
    after = (time.monotonic(), engine.cpu_seconds(), server.cpu_seconds(), engine.written_bytes(), server.seq())
    elapsed, messages = after[0] - before[0], max(1, figures["acked"])
    figures["database_cpu"] = (after[1] - before[1]) / elapsed
    figures["database_us"] = (after[1] - before[1]) * 1e6 / messages
    figures["server_us"] = (after[2] - before[2]) * 1e6 / messages
    figures["written"] = None if before[3] is None else (after[3] - before[3]) / messages
    figures["events"] = (after[4] - before[4]) / messages
    return figures


def show(case, engine, figures):
    written = "" if figures["written"] is None else f"  log {figures['written'] / 1000:4.1f} kB a message"
    print(f"  {case:<31} {engine.name:<21} {figures['acks_per_s']:>7,.0f}/s  p50 {figures['ack_p50_us'] / 1000:6.2f} ms  p99 {figures['ack_p99_us'] / 1000:6.2f} ms  "
          f"CPU a message: guiched {figures['server_us']:4.0f} us, database {figures['database_us']:4.0f} us  "
          f"(of a core: {figures['server_cpu'] * 100:3.0f} %, {figures['database_cpu'] * 100:3.0f} %, load {figures['load_cpu'] * 100:3.0f} %){written}", flush=True)


def replay(engine, server, load):
    """20,000 events in pages of 1,000 over one connection, as an agent's desktop that was away asks for them."""
    first = server.seq()
    while server.seq() < first + REPLAYED:
        Run(load, server, ["--streams", 1, "--senders", 1, "--in-flight", 256, "--seconds", 2, "--warm-up", 0], core=None).finish()
    last = server.seq()
    before = (time.monotonic(), server.cpu_seconds(), engine.cpu_seconds())
    since, size, count = last - REPLAYED, 0, 0
    while since < last:
        request = urllib.request.Request(f"{server.url}/api/v1/sync?since={since}&limit=1000", headers={"Authorization": "Bearer " + server.token})
        with urllib.request.urlopen(request) as reply:
            body = reply.read()
        size += len(body)
        page = json.loads(body)
        count += len(page["events"])
        since = page["next"]
    elapsed = time.monotonic() - before[0]
    print(f"  {'replay of 20,000 events':<31} {engine.name:<21} {elapsed * 1000:6.0f} ms  ({count / elapsed:,.0f} events/s, {size / 1e6:.1f} MB; CPU "
          f"guiched {(server.cpu_seconds() - before[1]) * 1e6 / count:.1f} us, database {(engine.cpu_seconds() - before[2]) * 1e6 / count:.1f} us an event)", flush=True)


def stream_replay(engine, server):
    """The same over the live stream: from opening it to the last event."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
    from guiched import Stream
    last = server.seq()
    began = time.monotonic()
    stream = Stream(server.port, f"/api/v1/stream?since={last - REPLAYED}", server.token)
    count = 0
    while True:
        message = stream.next()
        if message is None:
            raise RuntimeError(f"the stream was closed with {stream.close_code} after {count} events")
        if "kind" in message:
            count += 1
            if count % 200 == 0:
                stream.say({"op": "seen", "seq": message["seq"]})
            if message["seq"] >= last:
                break
    elapsed = time.monotonic() - began
    stream.close()
    print(f"  {'the same over the stream':<31} {engine.name:<21} {elapsed * 1000:6.0f} ms  ({count / elapsed:,.0f} events/s, the reader in Python)", flush=True)


def show_disk(engine, first, messages, events):
    grown = engine.disk_bytes() - first[0]
    tables = sorted(((size - first[1].get(name, 0), name) for name, size in engine.table_bytes().items()), reverse=True)[:3]
    print(f"  {'on the disk':<31} {engine.name:<21} {grown / messages:,.0f} bytes a message of 100 bytes, with its {events / messages:.1f} events, indexes and search"
          + "".join(f"; {name} {size / messages:,.0f}" for size, name in tables), flush=True)


def compare(arguments, make):
    engine = make()
    try:
        server = engine.node().enter()
        first = (engine.disk_bytes(), engine.table_bytes())
        messages = events = 0
        for case, by, options in CASES:
            if wanted(arguments, case):
                figures = measured(engine, server, arguments.load, options, by, arguments.seconds)
                messages += figures["acked"]
                events += figures["events"] * figures["acked"]
                show(case, engine, figures)
        if messages > 0:
            show_disk(engine, first, messages, events)
        if wanted(arguments, "replay"):
            replay(engine, server, arguments.load)
            stream_replay(engine, server)
        server.stop()
    finally:
        engine.close()


def wanted(arguments, case):
    return not arguments.only or any(word in case for word in arguments.only)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("guiched")
    parser.add_argument("load")
    parser.add_argument("--only", action="append")
    parser.add_argument("--seconds", type=int, default=4)
    arguments = parser.parse_args()
    print(f"  {os.cpu_count()} cores; PostgreSQL {subprocess.run(['psql', '--version'], capture_output=True, text=True).stdout.split()[2]}")
    compare(arguments, lambda: Sqlite(arguments.guiched))
    compare(arguments, lambda: PostgreSql(arguments.guiched))
    compare(arguments, lambda: PostgreSql(arguments.guiched, with_replica=True))


if __name__ == "__main__":
    sys.exit(main())
