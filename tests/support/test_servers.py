#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private servers answer, start again on their data, and leave nothing behind, whoever is killed."""
import os
import signal
import subprocess
import sys
import time
import unittest

import servers

HERE = os.path.dirname(os.path.abspath(__file__))


def psql(url, sql):
    return subprocess.run(["psql", "-XAtqc", sql, url], capture_output=True, text=True, check=True).stdout.strip()


def wait_until_gone(path):
    end = time.monotonic() + 60
    while os.path.exists(path):
        assert time.monotonic() < end, path + " is still there"
        time.sleep(0.01)


class Servers(unittest.TestCase):
    def test_killed_and_started_again(self):
        with servers.PostgreSQL() as server:
            psql(server.url, "CREATE TABLE a (b int); INSERT INTO a VALUES (7)")
            server.kill()
            server.start()
            self.assertEqual(psql(server.url, "SELECT b FROM a"), "7")
            server.pause()
            server.resume()
            server.stop()
            server.start()
            self.assertEqual(psql(server.url, "SELECT b FROM a"), "7")
        self.assertFalse(os.path.exists(server.directory))

    def test_paused_ones_end(self):
        with servers.PostgreSQL(tcp=True) as server:
            server.pause()
        self.assertFalse(os.path.exists(server.directory))

    def test_durable(self):
        with servers.PostgreSQL(durable=True, settings={"max_connections": "17"}) as server:
            self.assertEqual(psql(server.url, "SHOW fsync"), "on")
            self.assertEqual(psql(server.url, "SHOW max_connections"), "17")

    def test_status(self):
        for script in ("with-postgresql", "with-redis"):
            status = subprocess.run([os.path.join(HERE, script), "sh", "-c", "exit 7"], check=False).returncode
            self.assertEqual(status, 7)

    def run_and_kill(self, script, question, number):
        process = subprocess.Popen([os.path.join(HERE, script), "sh", "-c", question + "; echo $$; exec sleep 1000"],
                                   stdout=subprocess.PIPE, text=True, start_new_session=True)
        directory, command = process.stdout.readline().strip(), int(process.stdout.readline())
        self.assertTrue(os.path.isdir(directory), directory)
        process.send_signal(number)
        process.wait(timeout=60)
        process.stdout.close()
        wait_until_gone(directory)
        wait_until_gone(f"/proc/{command}")

    def test_nothing_remains(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            self.run_and_kill("with-postgresql", 'psql -XAtqc "SHOW data_directory" "$GUICHE_TEST_DATABASE" | xargs dirname', number)
            self.run_and_kill("with-redis", 'redis-cli -u "$GUICHE_TEST_REDIS" config get dir | tail -n 1', number)


if __name__ == "__main__":
    sys.exit(unittest.main())
