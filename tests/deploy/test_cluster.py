#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped set-up, run for real: two nodes over PostgreSQL and its replica and Redis, behind HAProxy, through which
everything goes. Nodes leave, hang and die; Redis goes; the primary dies and the replica is promoted."""
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import nginx  # noqa: E402
from front import Front, Reader, Writer  # noqa: E402
from guiched import Client, new_id, wait_for  # noqa: E402
from trial.cluster import Cluster, find_program  # noqa: E402
from trial.processes import SHIPPED, answers  # noqa: E402


class SeveralMachines(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster(2, patience_s=4, node_environment={"GUICHE_DEMO_VISIT_INTERVAL_S": "0"})
        cls.addClassCleanup(cls.cluster.close)
        cls.addClassCleanup(cls.end_in_order)
        cls.cluster.start(with_sample=True)
        cls.ana = Front(cls.cluster).sign_in("ana")
        cls.addClassCleanup(cls.ana.close)
        visitor = Front(cls.cluster)
        cls.addClassCleanup(visitor.close)
        visit = visitor.post("/api/v1/webchat/demo/visitors", {"name": "Maria Teste", "subject": "financial"}).json()
        cls.conversation = visit["conversation_id"]
        cls.ana.post(f"/api/v1/conversations/{cls.conversation}/accept", {})

    @classmethod
    def end_in_order(cls):
        """A sanitiser's report counts."""
        for node in cls.cluster.nodes:
            if node.process and node.process.poll() is None and node.stop() != 0:
                raise AssertionError(f"{node.name} ended with {node.process.returncode}: {cls.cluster.place.log(node.name + '.log')[-4000:]}")

    def setUp(self):
        self.all_up()

    def all_up(self):
        wait_for(lambda: all(state == "UP" for state in self.cluster.proxy.states().values()), "every node in the proxy", 60)

    def at(self, node):
        """Ana at one node, past the proxy."""
        return self.front(self.ana.token, node.port)

    def front(self, token=None, port=None):
        front = Front(self.cluster, token, port)
        self.addCleanup(front.close)
        return front

    def write(self, front, name=None):
        return front.post(f"/api/v1/conversations/{self.conversation}/messages", {"client_id": name or new_id(), "body": "Bom dia"})

    def messages(self, front):
        """client_id: id of everything in the conversation; fails when one is there twice."""
        found, since, more = {}, 0, True
        while more:
            page = front.get(f"/api/v1/sync?since={since}&limit=1000").json()
            since, more = page["next"], page["more"]
            for event in page["events"]:
                message = event["data"].get("message") if event["kind"] == "message.created" else None
                if message and message["conversation_id"] == self.conversation:
                    self.assertNotIn(message["id"], found.values())
                    found[message["client_id"]] = message["id"]
        return found

    def during(self, fault):
        """Writes while @fault happens; every acknowledged message is there once afterwards, at every node."""
        writer = Writer(self.cluster, self.ana.token, self.conversation)
        writer.start()
        wait_for(lambda: len(writer.acknowledged) > 5, "messages before the fault")
        fault()
        count = len(writer.acknowledged)
        wait_for(lambda: len(writer.acknowledged) > count + 5, "messages after the fault", 60)
        writer.finish()
        self.assertEqual(writer.refused, [])
        self.all_up()
        for node in self.cluster.nodes:
            found = wait_for(lambda: (there := self.messages(self.at(node))) and set(writer.acknowledged) <= set(there) and there, "all messages at the node")
            for name, identity in writer.acknowledged.items():
                self.assertEqual(found[name], identity)
        print(f"# the longest wait for an acknowledgement was {writer.longest_s:.2f} s of {len(writer.acknowledged)} messages, with {writer.repeats} repeats",
              file=sys.stderr, flush=True)

    def test_the_same_message_at_every_node(self):
        name = new_id()
        first, second = (self.write(self.at(node), name) for node in self.cluster.nodes)
        self.assertEqual((first.status, second.status), (201, 200))
        self.assertEqual(first.json()["id"], second.json()["id"])

    def test_streams_of_all_nodes_hear_it(self):
        since = self.ana.get("/api/v1/snapshot").json()["seq"]
        streams = [self.at(node).stream(since) for node in self.cluster.nodes] + [self.ana.stream(since)]
        name = new_id()
        self.assertEqual(self.write(self.ana, name).status, 201)
        for stream in streams:
            stream.until(lambda message: message.get("kind") == "message.created" and message["data"]["message"]["client_id"] == name, "the message")
            stream.close()

    def test_front_door(self):
        plain = self.front(port=self.cluster.proxy.plain_port).get("/chat/demo")
        self.assertEqual((plain.status, plain.headers["location"][:8]), (308, "https://"))
        page = self.ana.get("/chat/demo")
        self.assertEqual((page.status, page.headers["strict-transport-security"]), (200, "max-age=31536000"))
        self.assertEqual(self.ana.get("/metrics").status, 403)
        self.assertEqual(self.front(port=self.cluster.nodes[0].port).get("/metrics").status, 200)
        self.assertIn(b"haproxy_server_status", self.front(port=self.cluster.proxy.figures_port).get("/metrics").body)
        self.assertEqual(self.front(port=self.cluster.proxy.figures_port).get("/").status, 403)
        # A client that would take TLS 1.1, were it offered.
        old = ssl.create_default_context(cafile=self.cluster.authority.certificate)
        old.set_ciphers("DEFAULT:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        front = self.front()
        front.tls = old
        self.assertRaises(OSError, front.get, "/health")

    def test_who_came_is_believed_from_the_proxy(self):
        """What a client says about its own address is not believed: the proxy's word comes last."""
        forged = self.front()
        for _ in range(3):
            forged.request("POST", "/api/v1/auth/login", {"tenant": "demo", "login": "ana", "password": "errada"}, {"X-Forwarded-For": "203.0.113.7"})
        admin = self.front().sign_in("admin")
        self.assertNotIn("203.0.113.7", admin.get("/api/v1/audit?since=0&limit=200").body.decode())

    def readers(self):
        """Four streams through the proxy, which gives every node some."""
        readers = [Reader(self.ana) for _ in range(4)]
        for reader in readers:
            self.addCleanup(reader.close)
        return readers

    def test_draining_keeps_streams_until_they_are_sent_elsewhere(self):
        node = self.cluster.nodes[0]
        readers = self.readers()

        def restart():
            node.signal(signal.SIGTERM)
            wait_for(lambda: self.cluster.proxy.states()[node.name].startswith("NOLB"), "the proxy to see it")
            self.assertEqual([reader.is_over for reader in readers], [False] * 4)
            # Not asked twice: then it would end at once.
            self.assertEqual(node.process.wait(60), 0)
            node.stop()
            node.start()

        self.during(restart)
        told = [reader for reader in readers if reader.hint]
        self.assertIn(len(told), (1, 2, 3))
        self.assertEqual([reader.is_over for reader in readers if not reader.hint], [False] * (4 - len(told)))
        wait_for(lambda: all(reader.is_over for reader in told), "the told ones to end")
        self.assertEqual({reader.close_code for reader in told}, {1012})

    def test_killed(self):
        node = self.cluster.nodes[1]

        def kill():
            node.kill()
            wait_for(lambda: self.cluster.proxy.states()[node.name] == "DOWN", "the proxy to see it")
            node.start()

        self.during(kill)

    def test_hanging_is_dead(self):
        """A node that does not answer: its streams are cut, so that clients go elsewhere at once."""
        node = self.cluster.nodes[1]
        readers = self.readers()

        def hang():
            node.signal(signal.SIGSTOP)
            wait_for(lambda: self.cluster.proxy.states()[node.name] == "DOWN", "the proxy to see it")
            wait_for(lambda: any(reader.is_over for reader in readers), "its streams to be cut")
            node.signal(signal.SIGCONT)

        self.during(hang)
        self.assertFalse(all(reader.is_over for reader in readers))

    def test_without_redis(self):
        def gone_and_back():
            self.cluster.redis.stop()
            self.test_streams_of_all_nodes_hear_it()
            self.cluster.redis.start()

        self.during(gone_and_back)

    def test_nginx_instead(self):
        """The other proxy: a dead node is gone round, and what may be repeated is."""
        place, node = self.cluster.place, self.cluster.nodes[1]
        with open(os.path.join(SHIPPED, "nginx.conf"), encoding="utf-8") as file:
            text = file.read()
        port = place.port()
        config = nginx.configure(place, text, *self.cluster.authority.issue("nginx"), port, place.port(), [node.port for node in self.cluster.nodes])
        process = place.start(nginx.command(place, config), "nginx.log")
        self.addCleanup(place.end, process)
        wait_for(lambda: answers(port), "nginx")
        front = Front(self.cluster, self.ana.token, through=port)
        self.addCleanup(front.close)
        reader = Reader(front)
        self.addCleanup(reader.close)
        node.kill()
        name = new_id()
        for _ in range(6):
            self.assertIn(self.write(front, name).status, (200, 201))
            self.assertEqual(front.get("/api/v1/snapshot").status, 200)
        node.start()
        self.assertEqual(front.get("/metrics").status, 403)

    def test_redis_user(self):
        """The ACL: what nodes need is allowed, the rest is not."""
        redis = self.cluster.redis
        for allowed in (("set", "guiche:x", "1", "px", "1000"), ("get", "guiche:x"), ("incrby", "guiche:n", "2"), ("pexpire", "guiche:n", "10"), ("publish", "guiche:x", "1")):
            self.assertNotIn("NOPERM", redis.ask(*allowed), allowed)
        for refused in (("get", "other"), ("keys", "*"), ("flushall",), ("config", "get", "*"), ("eval", "return 1", "0"), ("acl", "list")):
            self.assertIn("NOPERM", redis.ask(*refused), refused)
        self.assertIn("NOAUTH", redis.ask("ping", password="wrong"))

    def administer(self, *words, text=""):
        """guichectl on a node's machine, beside the running node, as the README says."""
        node = self.cluster.nodes[0]
        environment = {**os.environ, "CREDENTIALS_DIRECTORY": self.cluster.credentials, "GUICHE_NODE_KEYS": self.cluster.credentials}
        done = subprocess.run([find_program("guichectl", "GUICHECTL"), "--config", node.config, "--data", self.cluster.place.directory("node1-data"), *words],
                              env=environment, input=text, capture_output=True, text=True, timeout=240)
        self.assertEqual((done.returncode, done.stderr.count("\n")), (0, done.stderr.count('"level":"notice"')), (words, done.stderr))
        return done.stdout

    def test_a_company_is_added_beside_running_nodes(self):
        self.administer("tenant", "add", "serra", "Conecta Serra")
        self.administer("--tenant", "serra", "user", "add", "bia", "Bia Prado", "--password-stdin", text="uma senha longa\n")
        self.assertIn("serra", self.administer("tenant", "list"))
        self.assertIn("node2", self.administer("nodes"))

        def signs_in(node):
            return self.front(port=node.port).post("/api/v1/auth/login", {"tenant": "serra", "login": "bia", "password": "uma senha longa"}).status == 200

        for node in self.cluster.nodes:
            wait_for(lambda: signs_in(node), f"{node.name} to know the company", 60)

    def test_z_the_primary_dies(self):
        """Last: afterwards there is no replica any more."""
        processes = [node.process.pid for node in self.cluster.nodes]
        database = self.cluster.database

        def fail_over():
            database.fail_over()
            wait_for(lambda: all(self.front(port=node.port).get("/health/ready").status == 200 for node in self.cluster.nodes), "nodes to follow", 60)

        self.during(fail_over)
        self.assertEqual(database.primary(), database.ports[1])
        self.assertEqual([node.process.pid for node in self.cluster.nodes], processes)


class Try(unittest.TestCase):
    """data/deploy/try: comes up, says where, and leaves nothing behind."""

    def processes_in(self, place):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/cwd").startswith(place):
                    found.append(int(pid))
            except OSError:
                pass
        return found

    def run_it(self, end):
        program = os.path.join(os.path.dirname(os.path.dirname(SHIPPED)), "deploy", "try")
        process = subprocess.Popen([program, "--nodes", "1"], stdout=subprocess.PIPE, text=True)
        said = ""
        while "Ctrl-C ends" not in said:
            line = process.stdout.readline()
            self.assertTrue(line, said)
            said += line
        place = re.search(r"logs\s+(\S+)", said)[1]
        port = int(re.search(r"node1\s+127\.0\.0\.1:(\d+)", said)[1])
        node = Client(port)
        self.assertEqual(node.get("/health/ready").status, 200)
        node.close()
        self.assertGreater(len(self.processes_in(place)), 4)
        process.send_signal(end)
        process.wait(60)
        process.stdout.close()
        wait_for(lambda: self.processes_in(place) == [], "everything to end", 60)
        return process.returncode, place

    def test_ends_cleanly(self):
        status, place = self.run_it(signal.SIGINT)
        self.assertEqual(status, 0)
        self.assertFalse(os.path.exists(place))

    def test_killed_leaves_no_process(self):
        _, place = self.run_it(signal.SIGKILL)
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
