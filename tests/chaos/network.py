# SPDX-License-Identifier: GPL-3.0-or-later
"""The wires between balancer, nodes, PostgreSQL and Redis, which can be cut in both directions or in one.

`Namespaces`: every node in a network namespace of its own, packets dropped by iptables as a broken network drops them. Where
that is not allowed, `Relays`: a process copies bytes and stops copying; connections still open then, which a broken network
would not let them."""

import json
import os
import shutil
import subprocess
import sys

BRIDGE_ADDRESS = "10.77.0.1"
HERE = os.path.dirname(os.path.abspath(__file__))
INSIDE = "GUICHE_CHAOS_INSIDE"
DYING = ["setpriv", "--pdeathsig", "KILL", "--"]  # with who started it


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def are_namespaces_allowed():
    if os.getuid() != 0 or not all(shutil.which(program) for program in ("unshare", "nsenter", "ip", "iptables", "ss")):
        return False
    trial = "ip link add veth0 type veth peer name veth1 && ip link add br0 type bridge && iptables -A INPUT -p tcp --dport 1 -j DROP"
    return subprocess.run(["unshare", "--net", "sh", "-c", trial], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def enter(use_relays):
    """Starts this program again in a network of its own, unless it is there already, not wanted or not allowed."""
    if use_relays or os.environ.get(INSIDE) or not are_namespaces_allowed():
        return
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, "-B"] + sys.argv)


class Namespaces:
    NAME = "network namespaces and iptables"
    host = BRIDGE_ADDRESS  # of balancer, PostgreSQL and Redis

    def __init__(self):
        self.holders, self.ports = [], {}
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "br0", "type", "bridge")
        run("ip", "address", "add", BRIDGE_ADDRESS + "/24", "dev", "br0")
        run("ip", "link", "set", "br0", "up")

    def add_node(self, number, port, services):
        """@services: name → port of what the node talks to. Returns its address and theirs."""
        holder = subprocess.Popen(["unshare", "--net"] + DYING + ["sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE)
        holder.stdout.readline()
        self.holders.append(holder)
        outer, address = f"veth{number}", f"10.77.0.{10 + number}"
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "link", "set", outer, "master", "br0", "up")
        for command in (["ip", "address", "add", address + "/24", "dev", "eth0"], ["ip", "link", "set", "eth0", "up"], ["ip", "link", "set", "lo", "up"]):
            run(*self.prefix(number), *command)
        self.ports[number] = dict(services, balancer=port)
        return address, {name: (BRIDGE_ADDRESS, service) for name, service in services.items()}

    def prefix(self, number):
        return ["nsenter", f"--net=/proc/{self.holders[number].pid}/ns/net"]

    def cut(self, number, peer, direction):
        """@direction, seen from the node: "to", "from" or "both"."""
        port, is_server = str(self.ports[number][peer]), peer == "balancer"
        rules = {"to": ["OUTPUT", "--sport" if is_server else "--dport"], "from": ["INPUT", "--dport" if is_server else "--sport"]}
        for way in ("to", "from") if direction == "both" else (direction,):
            chain, match = rules[way]
            run(*self.prefix(number), "iptables", "-A", chain, "-p", "tcp", match, port, "-j", "DROP")

    def heal(self, number):
        run(*self.prefix(number), "iptables", "-F")

    def sever(self, number, peer):
        """The node's connections to @peer are gone, and what was on them."""
        run(*self.prefix(number), "ss", "-K", "dst", BRIDGE_ADDRESS, "dport", "=", f":{self.ports[number][peer]}")

    def close(self):
        for holder in self.holders:
            holder.kill()
            holder.wait()
            holder.stdout.close()


class Relays:
    NAME = "user-space relays"
    host = "127.0.0.1"

    def __init__(self):
        self.process = subprocess.Popen(DYING + [sys.executable, "-B", os.path.join(HERE, "relay.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def add_node(self, number, port, services):
        return "127.0.0.1", {name: ("127.0.0.1", self.tell(do="relay", name=f"{number} {name}", port=service)) for name, service in services.items()}

    def front(self, number, port):
        """Where the balancer reaches the node."""
        return self.tell(do="relay", name=f"{number} balancer", port=port)

    def prefix(self, number):
        return []

    def cut(self, number, peer, direction):
        # To a relay "up" is from who connects to who listens.
        ways = {"both": ["up", "down"], "to": ["down" if peer == "balancer" else "up"], "from": ["up" if peer == "balancer" else "down"]}
        self.tell(do="cut", name=f"{number} {peer}", ways=ways[direction])

    def heal(self, number):
        self.tell(do="heal", name=f"{number} ")

    def sever(self, number, peer):
        self.tell(do="sever", name=f"{number} {peer}")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def make():
    return Namespaces() if os.environ.get(INSIDE) else Relays()
