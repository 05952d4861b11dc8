#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every shipped file is read by the program that it is for, which finds nothing to say."""
import os
import re
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "..", "data", "deploy")]
import nginx  # noqa: E402
from trial.cluster import Cluster, unit_settings  # noqa: E402
from trial.processes import SHIPPED, Place, filled  # noqa: E402
from trial.services import Authority, find_haproxy  # noqa: E402

ONE = os.path.join(os.path.dirname(SHIPPED), "one-machine")
GUICHED, GUICHECTL = os.environ["GUICHED"], os.environ["GUICHECTL"]


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def run(*command, **more):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return done.returncode, done.stdout


class InAPlace(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.close)


class Units(InAPlace):
    def verify(self, *drop_ins):
        """systemd-analyze's opinion of guiched.service with these drop-ins, as exposure and complaints."""
        self.place.directory("units")
        self.place.file("units/guiched.service", read(ONE, "guiched.service").replace("/usr/bin/guiched", GUICHED))
        self.place.directory("units/guiched.service.d")
        for number, text in enumerate(drop_ins):
            self.place.file(f"units/guiched.service.d/{number}.conf", text)
        units = os.path.join(self.place.path, "units")
        complaints = run("systemd-analyze", "verify", "guiched.service", env={**os.environ, "SYSTEMD_UNIT_PATH": units + ":"})
        root = self.place.directory("root/etc/systemd/system")
        shutil.copytree(units, root, dirs_exist_ok=True)
        exposure = run("systemd-analyze", "security", "--offline=true", "--threshold=15", "--root", os.path.join(self.place.path, "root"), "guiched.service")
        return complaints, exposure

    def test_one_machine(self):
        complaints, exposure = self.verify()
        self.assertEqual(complaints, (0, ""))
        self.assertEqual(exposure[0], 0, exposure[1])

    def test_node_keeps_the_sandbox(self):
        complaints, exposure = self.verify(read(SHIPPED, "systemd/node.conf"))
        self.assertEqual(complaints, (0, ""))
        self.assertEqual(exposure[0], 0, exposure[1])

    def test_the_check_can_fail(self):
        complaints, exposure = self.verify("[Service]\nNoNewPrivileges=no\nCapabilityBoundingSet=~\nSystemCallFilter=\nProtectSystem=maybe\n")
        self.assertIn("protect system", complaints[1])
        self.assertNotEqual(exposure[0], 0)

    def test_the_node_loads_what_it_needs(self):
        names = {value.split(":")[0] for _, value in unit_settings("LoadCredential")}
        self.assertEqual(names, {"audit.key", "token.key", "store.password", "bus.password"})
        self.assertIn(("Environment", "GUICHE_NODE_KEYS=%d"), unit_settings("Environment"))

    def test_user(self):
        self.place.directory("root/etc")
        status, text = run("systemd-sysusers", "--root", os.path.join(self.place.path, "root"), os.path.join(SHIPPED, "systemd/guiche.sysusers"))
        self.assertEqual(status, 0, text)
        self.assertIn("guiche:x:848:", read(self.place.path, "root/etc/passwd"))


class Proxies(InAPlace):
    def setUp(self):
        super().setUp()
        self.certificate, self.key = Authority(self.place).issue("proxy")

    def check_haproxy(self, text):
        pem = self.place.file("both.pem", read(self.certificate) + read(self.key), 0o600)
        config = self.place.file("haproxy.cfg", re.sub(r"/etc/\S+\.pem", pem, text).replace("/run/haproxy", self.place.path))
        return run(find_haproxy(), "-c", "-f", config)

    def check_nginx(self, text):
        return run(*nginx.command(self.place, nginx.configure(self.place, text, self.certificate, self.key), "-t"))

    def test_haproxy(self):
        for text in (read(ONE, "haproxy.cfg"), read(SHIPPED, "haproxy.cfg")):
            status, said = self.check_haproxy(text)
            self.assertEqual((status, "WARNING" in said), (0, False), said)
        self.assertNotEqual(self.check_haproxy(read(SHIPPED, "haproxy.cfg").replace("leastconn", "least"))[0], 0)

    def test_nginx(self):
        for text in (read(ONE, "nginx.conf"), read(SHIPPED, "nginx.conf")):
            status, said = self.check_nginx(text)
            self.assertEqual((status, "[warn]" in said), (0, False), said)
        self.assertNotEqual(self.check_nginx(read(SHIPPED, "nginx.conf").replace("least_conn", "least"))[0], 0)

    def test_both_repeat_the_same(self):
        """What may be sent twice is the same in both: the messages' routes, which need a client_id."""
        pattern = "^/api/v1/(conversations/[^/]+|webchat)/messages$"
        for name in ("haproxy.cfg", "nginx.conf"):
            self.assertIn(pattern, read(SHIPPED, name))


class Monitoring(unittest.TestCase):
    def test_promtool(self):
        folder = os.path.join(SHIPPED, "prometheus")
        for command in (("check", "config", "prometheus.yml"), ("check", "rules", "rules.yml"), ("test", "rules", "rules-test.yml")):
            status, said = run("promtool", *command, cwd=folder)
            self.assertEqual((status, "FAILED" in said), (0, False), said)

    def test_metrics_exist(self):
        """A rule about a figure that guiched does not have would never speak."""
        source = ""
        top = os.path.join(SHIPPED, "..", "..", "..", "backend")
        for folder, _, names in os.walk(top):
            source += "".join(read(folder, name) for name in names if name.endswith(".c"))
        for name in set(re.findall(r"\bguiche_[a-z_]+\b", read(SHIPPED, "prometheus/rules.yml"))):
            self.assertIn('"' + re.sub(r"_(bucket|sum|count)$", "", name), source, name)


class Databases(InAPlace):
    def test_patroni_agrees(self):
        """What Patroni must keep itself is what guiche.conf says."""
        config = dict(re.findall(r"^(\w+) = '?([^'\n]*)'?$", read(SHIPPED, "postgresql/guiche.conf"), re.MULTILINE))
        kept = re.search(r"      parameters:\n((?:        .*\n)+)", read(SHIPPED, "patroni/patroni.yml"))[1]
        pairs = re.findall(r'(\w+): "?([^"\n]*)"?', kept)
        self.assertGreater(len(pairs), 5)
        for name, value in pairs:
            self.assertEqual(config[name], value, name)

    def test_connections_suffice(self):
        """What all nodes may open, one more while an upgrade runs, and 20 to spare."""
        each = int(re.search(r"^connections=(\d+)", read(SHIPPED, "guiched.conf"), re.MULTILINE)[1])
        all_of_them = int(re.search(r"^max_connections = (\d+)", read(SHIPPED, "postgresql/guiche.conf"), re.MULTILINE)[1])
        self.assertLessEqual(4 * each + 20, all_of_them)

    def test_redis_allows_what_the_bus_says(self):
        """The ACL names the commands of the bus and no more."""
        rules = filled("redis/users.acl", {}).splitlines()
        self.assertEqual(rules[0], "user default off")
        self.assertIn("-@all +@connection +@pubsub +set +get +incrby +pexpire", rules[1])


class Configuration(InAPlace):
    def test_every_key_is_known(self):
        """A key that is not in the example is refused by guiched."""
        example = run(GUICHECTL, "config", "example")[1]
        known = set(re.findall(r"^#?([a-z_]+)=", example, re.MULTILINE))
        shipped = set(re.findall(r"^([a-z_]+)=", read(SHIPPED, "guiched.conf"), re.MULTILINE))
        self.assertTrue(shipped)
        self.assertEqual(shipped - known, set())

    def test_the_trial_fills_everything_in(self):
        cluster = Cluster(3, guiched=GUICHED)
        self.addCleanup(cluster.close)
        self.assertIn("valid", cluster.proxy.check())
        for node in cluster.nodes:
            self.assertNotIn("10.0.0.", read(node.config))
        self.assertNotIn("10.0.0.", read(cluster.proxy.config))


if __name__ == "__main__":
    unittest.main(verbosity=2)
