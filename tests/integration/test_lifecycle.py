# SPDX-License-Identifier: GPL-3.0-or-later
"""How guiched starts and ends: refusals, the embedded server, shutdown, memory and speed."""

import json
import os
import resource
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

from guiched import PROGRAM, Server, new_id, wait_for

SLOWNESS = float(os.environ.get("GUICHE_TEST_SLOWNESS", "1"))
IS_SANITIZED = SLOWNESS > 1


def run(*arguments, environment=None, **more):
    return subprocess.run([PROGRAM] + list(arguments), capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, **(environment or {})), **more)


class Lifecycle(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="guiche-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def assertRefused(self, result, words, status=1):
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(words, result.stderr)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        self.assertEqual(result.stdout, "")

    def test_version_and_usage(self):
        self.assertRegex(run("--version").stdout, r"^guiched \d+\.\d+\.\d+\n$")
        self.assertRefused(run("--nonsense"), "nonsense", 2)
        self.assertRefused(run("--port", "70000"), "--port", 2)
        self.assertRefused(run("surplus"), "surplus", 2)
        self.assertIn("--embedded", run("--help").stdout)

    def test_demo_only_on_loopback(self):
        result = run("--data", self.directory, "--demo", "--port", "0", environment={"GUICHE_HTTP_LISTEN": "0.0.0.0"})
        self.assertRefused(result, "loopback")

    def test_no_limits_only_on_loopback(self):
        result = run("--data", self.directory, "--port", "0", environment={
            "GUICHE_HTTP_LISTEN": "0.0.0.0", "GUICHE_HTTP_BEHIND_PROXY": "true", "GUICHE_LIMITS_ENABLED": "false"})
        self.assertRefused(result, "loopback")

    def test_public_address_needs_a_proxy(self):
        result = run("--data", self.directory, "--port", "0", environment={"GUICHE_HTTP_LISTEN": "0.0.0.0"})
        self.assertEqual(result.returncode, 1, result.stderr)

    def test_wrong_configuration(self):
        path = os.path.join(self.directory, "guiched.conf")
        with open(path, "w", encoding="utf-8") as conf:
            conf.write("[http]\nporta=1\n")
        self.assertRefused(run("--data", self.directory, "--config", path), "porta")

    def test_port_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assertRefused(run("--data", self.directory, "--port", str(port)), str(port))

    def test_second_instance_is_refused(self):
        with Server(directory=self.directory) as server:
            self.assertRefused(run("--data", self.directory, "--port", "0"), "in use")
            self.assertEqual(server.client().get("/health").status, 200)
            server.kill()
            server.start()
            self.assertEqual(server.client().get("/health").status, 200)

    def test_data_directory_that_cannot_be(self):
        self.assertRefused(run("--data", "/proc/nowhere", "--port", "0"), "/proc/nowhere")

    def test_full_disk_at_start(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

        result = run("--data", self.directory, "--port", "0", "--demo", preexec_fn=limit)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        with Server(directory=self.directory) as server:
            self.assertEqual(server.sign_in("ana").get("/api/v1/me").status, 200)

    def test_sigterm_ends_it_at_once(self):
        with Server(directory=self.directory) as server:
            ana = server.sign_in("ana")
            stream = server.stream(ana)
            stream.until(lambda m: m.get("op") == "ready", "ready")
            half_open = socket.create_connection(("127.0.0.1", server.port))
            half_open.sendall(b"POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            status, seconds = server.stop()
            self.assertEqual(status, 0, server.log())
            self.assertLess(seconds, 20)
            while stream.next() is not None:
                pass
            self.assertEqual(stream.close_code, 1001)
            half_open.close()

    def test_what_was_acknowledged_survives_sigterm(self):
        with Server(directory=self.directory) as server:
            visitor = server.open_visit()
            sent = [visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": str(i)}).json()["id"] for i in range(20)]
            server.stop()
            server.start()
            items = server.client(visitor.token).get("/api/v1/webchat/messages?limit=100").json()["items"]
            self.assertEqual([m["id"] for m in items if m["kind"] == "text"], sent)

    def test_embedded_ends_with_its_parent(self):
        process = subprocess.Popen([PROGRAM, "--data", self.directory, "--port", "0", "--embedded"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ready = json.loads(process.stdout.readline())
        self.assertTrue(ready["ready"])
        self.assertEqual(ready["first_run"]["login"], "admin")
        process.stdin.close()
        self.assertEqual(process.wait(timeout=60), 0)
        process.stdout.close()

    def test_embedded_first_admin_can_sign_in_once_told(self):
        process = subprocess.Popen([PROGRAM, "--data", self.directory, "--port", "0", "--embedded"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        ready = json.loads(process.stdout.readline())
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()
        with Server(demo=False, directory=self.directory) as server:
            self.assertNotIn("first_run", server.ready)
            server.sign_in("admin", ready["first_run"]["password"], ready["tenant"])

    def test_log_is_json_without_content(self):
        with Server(directory=self.directory, environment={"G_MESSAGES_DEBUG": "all"}) as server:
            visitor = server.open_visit(name="Segredo da Silva")
            visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": "conteudo-secreto"})
            server.stop()
            log = server.log()
            for line in log.splitlines():
                self.assertIn("level", json.loads(line), line)
            for secret in ("Segredo", "conteudo-secreto", visitor.token, "guiche.$"):
                self.assertNotIn(secret, log)

    @unittest.skipIf(IS_SANITIZED, "figures are of the real build")
    def test_ready_at_once_and_in_20_mb(self):
        with Server(directory=self.directory) as server:
            server.stop()
            times = []
            for _ in range(7):
                began = time.monotonic()
                server.start()
                times.append(time.monotonic() - began)
                if len(times) < 7:
                    server.stop()
            print(f"# ready in {min(times) * 1000:.1f} ms (best), {sorted(times)[3] * 1000:.1f} ms (median), "
                  f"{server.memory_kb()} KB resident")
            self.assertLess(min(times), 1)  # it waits for nothing; how fast it is depends on the machine
            self.assertLess(server.memory_kb(), 20 * 1024)
            server.sign_in("ana").get("/api/v1/snapshot")
            wait_for(lambda: server.memory_kb() < 24 * 1024, "the memory of Argon2id to be given back")
            print(f"# {server.memory_kb()} KB after a sign-in and a snapshot")


if __name__ == "__main__":
    unittest.main(warnings="ignore")
