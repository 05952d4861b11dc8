#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request costs the ring: 64 in flight over keep-alive, server on one core, load on another.

http_bench.py HTTP_TEST_SERVER HTTP_LOAD
"""
import json
import os
import signal
import subprocess
import sys
import tempfile

from bench_server import LOAD_CORE, SERVER_CORE, cpu_seconds, on_core

BODY = '{"body":"Bom dia, minha internet caiu de novo","client_id":"{uuid}"}'


def measure(server, load, port, token, name, path, requests):
    command = [load, "--port", port, "--path", path, "--method", "POST", "--token", token, "--connections", "64", "--body", BODY]
    subprocess.run(command + ["--requests", "3000"], check=True, stdout=subprocess.DEVNULL)
    before = cpu_seconds(server.pid)
    result = json.loads(subprocess.run(command + ["--requests", str(requests)], check=True, capture_output=True,
                                       preexec_fn=on_core(LOAD_CORE)).stdout)
    cpu_us = (cpu_seconds(server.pid) - before) * 1e6 / requests
    print("%-34s %8.0f/s  p50 %6.0f us  p99 %6.0f us  CPU %5.1f us a request" %
          (name, result["rate"], result["p50_us"], result["p99_us"], cpu_us))


def main(program, load):
    with tempfile.TemporaryDirectory() as directory:
        server = subprocess.Popen([program, directory], stdout=subprocess.PIPE, text=True, preexec_fn=on_core(SERVER_CORE),
                                  env=dict(os.environ, GUICHE_HTTP_PORT="0", GUICHE_LIMITS_ENABLED="false"))
        port, agent, _ = server.stdout.readline().split()
        measure(server, load, port, agent, "answered by the ring", "/api/v1/test/ring", 100000)
        measure(server, load, port, agent, "one row written, durable", "/api/v1/test/messages", 60000)
        server.send_signal(signal.SIGTERM)
        server.wait(10)


if __name__ == "__main__":
    main(*sys.argv[1:])
