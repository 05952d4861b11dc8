# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to the cluster: kinds of faults, and a schedule of them that a seed decides."""

import random
import signal
import time

from cluster import RESTART_PAUSE_S, SLOWNESS

WAYS = ("both", "to", "from")


class Fault:
    """One kind with its target and how long it lasts: begin() hurts, end() heals and waits until all is as before."""

    def __init__(self, kind, dice, n_nodes, lasts=None):
        self.kind = kind
        self.act, self.shortest, self.longest, self.needs = KINDS[kind]
        self.lasts = lasts if lasts is not None else dice.uniform(self.shortest, self.longest)
        self.nodes = dice.sample(range(n_nodes), n_nodes)
        self.way = dice.choice(WAYS)
        self.began = self.healed = None
        self.delays = []  # of events on their way to live clients, until the next fault
        self.lags = []  # of the load itself

    def __str__(self):
        target = f" node{self.nodes[0]}" if self.kind.startswith(("node", "cut")) else ""
        way = f" ({self.way})" if self.kind.startswith("cut") else ""
        return f"{self.kind}{target}{way} for {self.lasts:.1f} s"

    def run(self, cluster):
        self.began = time.monotonic()
        self.act(self, cluster)
        self.healed = time.monotonic()

    def pause(self):
        time.sleep(self.lasts)  # the length of the fault, not a wait for a condition

    def node(self, cluster, place=0):
        return cluster.nodes[self.nodes[place]]


def kill_node(fault, cluster):
    node = fault.node(cluster)
    node.kill()
    fault.pause()
    node.start()
    node.wait_ready()


def kill_two_nodes(fault, cluster):
    nodes = [fault.node(cluster, 0), fault.node(cluster, 1)]
    for node in nodes:
        node.kill()
    fault.pause()
    for node in nodes:
        node.start()
    for node in nodes:
        node.wait_ready()


def kill_nodes_in_turn(fault, cluster):
    """F1: any node, again and again, at any moment of its work, one at a time."""
    dice, end, number = random.Random(str(fault.nodes)), time.monotonic() + fault.lasts, 0
    while time.monotonic() < end:
        node = cluster.nodes[fault.nodes[number % len(fault.nodes)]]
        number += 1
        node.kill(wanted=True)
        time.sleep(RESTART_PAUSE_S + dice.uniform(0.1, 0.9) * SLOWNESS)
        node.wait_ready()


def stop_node(fault, cluster):
    node = fault.node(cluster)
    node.stop()
    node.start()
    node.wait_ready()


def roll_nodes(fault, cluster):
    """An upgrade: each node is drained and comes back before the next goes."""
    for number in fault.nodes:
        cluster.nodes[number].stop()
        cluster.nodes[number].start()
        cluster.nodes[number].wait_ready()
        time.sleep(0.5)  # until the balancer's next check


def pause_node(fault, cluster):
    node = fault.node(cluster)
    node.send(signal.SIGSTOP)
    fault.pause()
    node.send(signal.SIGCONT)


def cut(peer):
    def act(fault, cluster):
        cluster.network.cut(fault.nodes[0], peer, fault.way)
        fault.pause()
        cluster.network.heal(fault.nodes[0])
    return act


def kill_postgresql(fault, cluster):
    cluster.postgresql.kill()
    fault.pause()
    cluster.postgresql.start()


def restart_postgresql(fault, cluster):
    cluster.postgresql.stop()
    fault.pause()
    cluster.postgresql.start()


def pause_postgresql(fault, cluster):
    cluster.postgresql.pause()
    fault.pause()
    cluster.postgresql.resume()


def end_connections(fault, cluster):
    """pg_terminate_backend for everybody, some times."""
    end = time.monotonic() + fault.lasts
    while time.monotonic() < end:
        cluster.postgresql.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'")
        time.sleep(0.3)


def lose_replies(fault, cluster):
    """PostgreSQL's replies are lost and then the connection: what became of a COMMIT is not known."""
    dice, end, number = random.Random(str(fault.nodes)), time.monotonic() + fault.lasts, 0
    while time.monotonic() < end:
        node = fault.nodes[number % len(fault.nodes)]
        number += 1
        cluster.network.cut(node, "postgresql", "from")
        time.sleep(dice.uniform(0.02, 0.1))
        cluster.network.sever(node, "postgresql")
        cluster.network.heal(node)
        time.sleep(dice.uniform(0.02, 0.2))


def kill_redis(fault, cluster):
    cluster.redis.kill()
    fault.pause()
    cluster.redis.start()


def pause_redis(fault, cluster):
    cluster.redis.pause()
    fault.pause()
    cluster.redis.resume()


def flush_redis(fault, cluster):
    end = time.monotonic() + fault.lasts
    while time.monotonic() < end:
        cluster.redis.say("FLUSHALL")
        cluster.redis.say("CLIENT KILL TYPE pubsub")
        time.sleep(0.2)


def kill_balancer(fault, cluster):
    """F7: everybody is gone at once and comes back."""
    cluster.kill_balancer()
    fault.pause()
    cluster.start_balancer()


def kill_node_and_postgresql(fault, cluster):
    node = fault.node(cluster)
    cluster.postgresql.kill()
    node.kill()
    fault.pause()
    cluster.postgresql.start()
    node.start()
    node.wait_ready()


def lose_redis_and_node(fault, cluster):
    cluster.redis.kill()
    kill_node(fault, cluster)
    cluster.redis.start()


# kind → what is done, shortest and longest in seconds, what there must be: nodes, "sql" for PostgreSQL and Redis
KINDS = {
    "node-kill": (kill_node, 1, 4, 1),
    "node-stop": (stop_node, 0, 0, 1),
    "node-pause-short": (pause_node, 0.3, 1.5, 1),
    "node-pause-long": (pause_node, 6, 14, 1),
    "nodes-killed-two": (kill_two_nodes, 1, 4, 2),
    "nodes-killed-in-turn": (kill_nodes_in_turn, 4, 10, 1),
    "nodes-rolled": (roll_nodes, 0, 0, 2),
    "cut-postgresql": (cut("postgresql"), 3, 12, "sql"),
    "cut-redis": (cut("redis"), 3, 12, "sql"),
    "cut-balancer": (cut("balancer"), 3, 12, 2),
    "postgresql-kill": (kill_postgresql, 0, 2, "sql"),
    "postgresql-restart": (restart_postgresql, 0, 1, "sql"),
    "postgresql-pause": (pause_postgresql, 1, 8, "sql"),
    "postgresql-connections-ended": (end_connections, 0.5, 3, "sql"),
    "postgresql-replies-lost": (lose_replies, 2, 6, "sql"),
    "redis-kill": (kill_redis, 1, 6, "sql"),
    "redis-pause": (pause_redis, 1, 8, "sql"),
    "redis-flush": (flush_redis, 1, 4, "sql"),
    "balancer-kill": (kill_balancer, 0.2, 2, 1),
    "node-and-postgresql-kill": (kill_node_and_postgresql, 0.5, 2, "sql"),
    "redis-and-node-kill": (lose_redis_and_node, 1, 4, "sql"),
}


def possible_kinds(cluster):
    has_sql = cluster.postgresql is not None
    return [kind for kind, (_, _, _, needs) in KINDS.items() if (has_sql if needs == "sql" else len(cluster.nodes) >= needs)]


def make_schedule(seed, kinds, n_nodes, seconds, quiet_s, is_short):
    """Every kind once in the seed's order, then as many more as there is time for. @is_short: once each, as short as may be."""
    dice = random.Random(seed)
    schedule, left = [], seconds
    while True:
        for kind in dice.sample(kinds, len(kinds)):
            fault = Fault(kind, dice, n_nodes, KINDS[kind][1] if is_short else None)
            left -= fault.lasts + quiet_s
            if not is_short and left < 0 and len(schedule) >= len(kinds):
                return schedule
            schedule.append(fault)
        if is_short:
            return schedule
