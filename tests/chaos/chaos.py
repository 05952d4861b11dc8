#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several nodes behind a balancer, over one PostgreSQL and Redis, under load, while everything fails; then the audit.

The seed that is printed decides the load and the faults: --seed repeats a run."""

import argparse
import asyncio
import os
import random
import resource
import sys
import time

import network
from cluster import SLOWNESS, Cluster

DESCRIPTION = __doc__


def say(text=""):
    print("# " + text if text else "#", flush=True)


def parse(arguments):
    parser = argparse.ArgumentParser(description=DESCRIPTION)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("GUICHE_CHAOS_SEED", "0")))
    parser.add_argument("--seconds", type=float, default=300, help="of faults, about (default: 300)")
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--nodes", type=int, default=3)
    parser.add_argument("--agent-pace", type=float, default=5, help="seconds between what one agent does")
    parser.add_argument("--visitor-pace", type=float, default=15, help="seconds between a visitor's messages")
    parser.add_argument("--quiet", type=float, default=8, help="seconds between faults")
    parser.add_argument("--calm", type=float, default=8, help="seconds of load alone, first")
    parser.add_argument("--faults", help="only kinds that contain one of these words, separated by commas; 'none' for no fault")
    parser.add_argument("--short", action="store_true", help="every kind once, as short as may be")
    parser.add_argument("--sqlite", action="store_true", help="one node on SQLite")
    parser.add_argument("--durable", action="store_true", help="PostgreSQL on the disk, with fsync")
    parser.add_argument("--relays", action="store_true", help="cut by relays in user space even where network namespaces are allowed")
    parser.add_argument("--logs", help="directory where the logs are kept")
    options = parser.parse_args(arguments)
    options.seed = options.seed or random.SystemRandom().randrange(1, 1 << 30)
    return options


def choose(options, cluster):
    from faults import make_schedule, possible_kinds
    kinds = possible_kinds(cluster)
    if options.faults == "none":
        return []
    if options.faults:
        words = options.faults.split(",")
        kinds = [kind for kind in kinds if any(word in kind for word in words)]
    return make_schedule(options.seed, kinds, len(cluster.nodes), options.seconds, options.quiet, options.short)


async def hurt(schedule, cluster, load, quiet_s):
    for number, fault in enumerate(schedule):
        say(f"{number + 1:>3} of {len(schedule)}: {fault}")
        await asyncio.to_thread(fault.run, cluster)
        await asyncio.sleep(quiet_s)
        fault.delays, fault.lags = load.take_delays()


async def run(options, cluster):
    from audit import Audit
    from load import Load, wait_until_served
    from report import calm, table
    load = Load(cluster, options.seed, options.agents, options.visitors)
    try:
        began = time.monotonic()
        await wait_until_served(cluster.host, cluster.port, 30 * SLOWNESS)
        await load.set_up()
        await load.begin(options.agent_pace, options.visitor_pace)
        say(f"{len(load.agents)} agents and {len(load.visitors)} visitors are there after {time.monotonic() - began:.0f} s")
        schedule = choose(options, cluster)
        calm_began = time.monotonic()
        await asyncio.sleep(options.calm)
        calm_ended, calm_delays = time.monotonic(), load.take_delays()
        await hurt(schedule, cluster, load, options.quiet)
        ended = time.monotonic()
        await load.stop(45 * SLOWNESS)
        healed = time.monotonic()
        is_settled = await load.settle(60 * SLOWNESS)
        say(f"settled {time.monotonic() - healed:.1f} s after the load ended" if is_settled else "did not settle")
        await asyncio.sleep(max(0.0, 12.5 - (time.monotonic() - ended)))  # the last messages to be sent later are due
        is_settled = await load.settle(60 * SLOWNESS)
        audit = Audit(cluster, load)
        findings = await audit.run()
        if not is_settled:
            findings.append("I4: not every stream came back: " + ", ".join(client.name for client in load.clients if not client.is_live)[:300])
        say(f"{ended - calm_began:.0f} s of load; {sum(client.connections for client in load.clients):,} stream connections; "
            f"answers that asked for a repeat: {dict(load.statuses)}; hints to reconnect: {load.hints}")
        for note in audit.notes:
            say(note)
        for line in [calm(load.sends, calm_began, calm_ended, *calm_delays)] + table(schedule, load.sends, ended):
            say(line)
        return findings
    finally:
        load.close()


def main():
    options = parse(sys.argv[1:])
    network.enter(options.relays)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    cluster = Cluster(1 if options.sqlite else options.nodes, options.sqlite, options.durable)
    say(f"seed {options.seed}; {len(cluster.nodes)} nodes, {'SQLite' if options.sqlite else 'PostgreSQL and Redis'}; cut by {cluster.network.NAME}")
    findings = ["the run itself failed"]
    try:
        cluster.start()
        findings = asyncio.run(run(options, cluster))
    finally:
        findings += cluster.close()
        if options.logs:
            cluster.keep_logs(options.logs)
        cluster.remove()
    for finding in findings:
        say("WRONG " + finding)
    say("nothing wrong" if not findings else f"repeat with --seed {options.seed}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
