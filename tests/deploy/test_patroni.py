#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shipped patroni.yml and etcd: the replica is made, kept synchronous and promoted without anybody; nodes follow, and
the old primary comes back as the replica."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from front import Front, Writer  # noqa: E402
from guiched import wait_for  # noqa: E402
from trial.cluster import Cluster  # noqa: E402


class UnderPatroni(unittest.TestCase):
    def setUp(self):
        self.cluster = Cluster(1, with_patroni=True, node_environment={"GUICHE_DEMO_VISIT_INTERVAL_S": "0"})
        self.addCleanup(self.cluster.close)
        self.cluster.start(with_sample=True)

    def test_failing_over_and_back(self):
        database = self.cluster.database
        first = database.ports.index(database.primary())
        ana = Front(self.cluster).sign_in("ana")
        self.addCleanup(ana.close)
        visit = ana.post("/api/v1/webchat/demo/visitors", {"name": "Maria Teste", "subject": "financial"}).json()
        ana.post(f"/api/v1/conversations/{visit['conversation_id']}/accept", {})
        writer = Writer(self.cluster, ana.token, visit["conversation_id"])
        writer.start()
        wait_for(lambda: len(writer.acknowledged) > 5, "messages before")
        database.fail_over()
        count = len(writer.acknowledged)
        wait_for(lambda: len(writer.acknowledged) > count + 5, "messages after", 60)
        writer.finish()
        self.assertEqual(writer.refused, [])
        rows = database.ask("SELECT count(*) FROM tenant_demo.messages WHERE client_id IN (%s)" % ",".join(
            "'\\x%s'" % name.replace("-", "") for name in writer.acknowledged), user="guiche", database="guiche")
        self.assertEqual(int(rows), len(writer.acknowledged))
        database.start_one(first)
        database.wait_for_replica()
        print(f"# the longest wait for an acknowledgement was {writer.longest_s:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
