#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several nodes over one PostgreSQL: two against one, what a wake-up across nodes takes with Redis and without, and what
200 companies cost that nobody uses, on each engine.

One company's writes have one order, so two nodes cannot write it faster than one: they share its lock. Companies are
independent: nodes add up until the database (or the machine) has no more. The database's share of the processors is
printed, because that is what more nodes do not help against.

nodes_bench.py GUICHED GUICHECTL STREAM_LOAD MAKE_COMPANIES [--only WORD]... [--seconds N] [--companies N]
"""
import argparse
import os
import subprocess
import sys
import threading
import time
import uuid

from bench_engines import PostgreSql, Sqlite
from bench_server import Run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "integration"))
from guiched import Stream  # noqa: E402

PASSWORD = "uma senha longa"


def wanted(arguments, case):
    return not arguments.only or any(word in case for word in arguments.only)


def ctl(arguments, engine, *words, text=None):
    options, environment = engine.tool()
    subprocess.run([arguments.guichectl, *options, *words], check=True, input=text, text=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, **environment})


def make_company(arguments, engine, key):
    """A company with a supervisor who may do everything in the queue of the visits."""
    ctl(arguments, engine, "tenant", "add", key, "Outra empresa")
    ctl(arguments, engine, "--tenant", key, "user", "add", "sofia", "Sofia Lima", "--role", "supervisor", "--password-stdin", text=PASSWORD + "\n")
    ctl(arguments, engine, "--tenant", key, "queue", "members", "financial", "sofia")


class Target:
    """A company at a node, for a run of the load: the node itself is in one company at a time."""

    def __init__(self, node, tenant="demo", password="guiche", conversations=16):
        node.enter(tenant, "sofia", password, conversations)
        self.node, self.name, self.port = node, node.name, node.port
        self.token, self.conversations = node.token, node.conversations

    @property
    def stream_paths(self):
        self.node.token = self.token
        return self.node.stream_paths

    def cpu_seconds(self):
        return self.node.cpu_seconds()

    def file(self, name, lines):
        return self.node.file(f"{name}-{uuid.uuid4()}", lines)


def run_together(arguments, engine, targets, in_flight):
    """The load on all of them at one time."""
    options = ["--streams", 10, "--senders", 10, "--in-flight", in_flight, "--seconds", arguments.seconds]
    nodes = list({id(target.node): target.node for target in targets}.values())
    before = (time.monotonic(), engine.cpu_seconds(), [node.cpu_seconds() for node in nodes])
    runs = [Run(arguments.load, target, options, core=None) for target in targets]
    figures = [run.finish() for run in runs]
    elapsed = time.monotonic() - before[0]
    return {
        "acks_per_s": sum(one["acks_per_s"] for one in figures),
        "p99_ms": max(one["ack_p99_us"] for one in figures) / 1000,
        "nodes": [(node.cpu_seconds() - used) / elapsed for node, used in zip(nodes, before[2])],
        "database": (engine.cpu_seconds() - before[1]) / elapsed,
        "load": sum(one["load_cpu"] for one in figures),
    }


def two_nodes(arguments):
    """One company and two, each on one node and on two; 64 messages in flight altogether."""
    if not wanted(arguments, "two nodes"):
        return
    engine = PostgreSql(arguments.guiched)
    try:
        first = engine.node(1)
        make_company(arguments, engine, "outra")
        second = engine.node(2, options=())
        demo, other = Target(first), Target(second, "outra", PASSWORD)
        for case, targets, in_flight in [
            ("one company, one node", [demo], 64),
            ("one company, two nodes", [demo, Target(second, conversations=demo.conversations)], 32),
            ("two companies, one node", [demo, Target(first, "outra", PASSWORD, other.conversations)], 32),
            ("two companies, two nodes", [demo, other], 32),
        ]:
            figures = run_together(arguments, engine, targets, in_flight)
            shares = " + ".join(f"{cpu * 100:.0f}" for cpu in figures["nodes"])
            print(f"  {case:<31} {figures['acks_per_s']:>7,.0f}/s  p99 {figures['p99_ms']:6.2f} ms  of a core: nodes {shares} %, "
                  f"database {figures['database'] * 100:.0f} %, load {figures['load'] * 100:.0f} %", flush=True)
        first.stop()
        second.stop()
    finally:
        engine.close()


class Listener(threading.Thread):
    """Notes when each message arrives on a stream."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.arrived = {}
        self.stream = Stream(node.port, f"/api/v1/stream?since={node.seq()}", node.token)

    def run(self):
        try:
            while (message := self.stream.next()) is not None:
                now = time.monotonic()
                if message.get("kind") == "message.created":
                    self.arrived[message["data"]["message"]["client_id"]] = now
        except OSError:
            pass


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000 if values else float("nan")


def wake_ups(arguments):
    """One message at a time, sent at one node: when is it seen at a stream of that node, and of another?"""
    if not wanted(arguments, "wake-up"):
        return
    for with_redis, count, what in ((True, 300, "with Redis"), (False, 12, "without Redis")):
        engine = PostgreSql(arguments.guiched, with_redis=with_redis)
        try:
            first = engine.node(1).enter()
            second = engine.node(2, options=()).enter(conversations=first.conversations)
            here, there = Listener(first), Listener(second)
            here.start()
            there.start()
            used = second.cpu_seconds()
            sent = {}
            for number in range(count):
                name = str(uuid.uuid4())
                sent[name] = time.monotonic()
                first.call(f"/api/v1/conversations/{first.conversations[number % 16]}/messages", {"client_id": name, "body": "Bom dia"})
                end = time.monotonic() + 10
                while name not in there.arrived and time.monotonic() < end:
                    time.sleep(0.0005)
            used = (second.cpu_seconds() - used) * 1e6 / count
            own = [here.arrived[name] - at for name, at in sent.items() if name in here.arrived]
            other = [there.arrived[name] - at for name, at in sent.items() if name in there.arrived]
            print(f"  {'wake-up ' + what:<31} from POST to the same node's stream p50 {percentile(own, 0.5):6.2f} ms; to another node's p50 {percentile(other, 0.5):7.2f} ms, "
                  f"p99 {percentile(other, 0.99):7.2f} ms ({len(other)} of {count} seen; {used:,.0f} us of the other node's CPU each)", flush=True)
            first.stop()
            second.stop()
        finally:
            engine.close()


def at_rest(arguments):
    """A node that has opened so many companies, and nobody comes."""
    if not wanted(arguments, "at rest"):
        return
    for make in (Sqlite, PostgreSql):
        engine = make(arguments.guiched)
        try:
            empty = engine.node(options=())
            time.sleep(2)
            base = (empty.rss_bytes(), engine.memory_bytes(), engine.connections(), engine.disk_bytes())
            empty.stop()
            options, environment = engine.tool()
            began = time.monotonic()
            subprocess.run([arguments.make_companies, options[1], str(arguments.companies)], check=True, env={**os.environ, **environment})
            made_ms = (time.monotonic() - began) * 1000 / arguments.companies
            began = time.monotonic()
            node = engine.node(options=())
            started_s = time.monotonic() - began
            time.sleep(10)
            before = (node.cpu_seconds(), engine.cpu_seconds())
            time.sleep(20)
            cpu = [(node.cpu_seconds() - before[0]) / 20, (engine.cpu_seconds() - before[1]) / 20]
            n = arguments.companies
            print(f"  {f'{n} companies at rest':<31} {engine.name:<21} guiched {node.rss_bytes() / 1e6:.0f} MB ({(node.rss_bytes() - base[0]) / n / 1000:.0f} kB a company), "
                  f"database {engine.memory_bytes() / 1e6:.0f} MB, {engine.connections()} connections, {threads(node)} threads, "
                  f"{descriptors(node)} descriptors; CPU {cpu[0] * 100:.1f} % + {cpu[1] * 100:.1f} % of a core; "
                  f"disk {(engine.disk_bytes() - base[3]) / n / 1e6:.2f} MB, making {made_ms:.0f} ms a company; start {started_s:.1f} s", flush=True)
            node.stop()
        finally:
            engine.close()


def threads(server):
    return len(os.listdir(f"/proc/{server.process.pid}/task"))


def descriptors(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("guiched")
    parser.add_argument("guichectl")
    parser.add_argument("load")
    parser.add_argument("make_companies")
    parser.add_argument("--only", action="append")
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--companies", type=int, default=200)
    arguments = parser.parse_args()
    two_nodes(arguments)
    wake_ups(arguments)
    at_rest(arguments)


if __name__ == "__main__":
    sys.exit(main())
