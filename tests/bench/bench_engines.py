# SPDX-License-Identifier: GPL-3.0-or-later
"""The two engines to be compared: SQLite in a directory, and PostgreSQL as data/deploy ships it, durable both."""
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "data", "deploy"))
from bench_server import Guiche, cpu_seconds, family, memory_bytes  # noqa: E402
from trial.database import Streaming  # noqa: E402
from trial.processes import Place  # noqa: E402
from trial.services import Authority, Redis  # noqa: E402


class Sqlite:
    name = "SQLite"

    def __init__(self, guiched):
        self.guiched = guiched
        self.data = tempfile.mkdtemp(prefix="guiche-bench-data-")

    def node(self, number=1, options=("--demo",), core=None, **environment):
        return Guiche(self.guiched, self.name, environment, core, self.data, options)

    def tool(self):
        """Arguments and environment with which guichectl works on the same data."""
        return ["--data", self.data], {}

    def cpu_seconds(self):
        return 0.0

    def memory_bytes(self):
        return 0

    def connections(self):
        return 0

    def disk_bytes(self):
        return sum(os.path.getsize(os.path.join(folder, name)) for folder, _, names in os.walk(self.data) for name in names)

    def table_bytes(self):
        return {}

    def written_bytes(self):
        return None

    def close(self):
        shutil.rmtree(self.data, ignore_errors=True)


class PostgreSql:
    """A primary, TLS and passwords as shipped; with a replica also synchronous. Nodes share keys and files."""

    def __init__(self, guiched, with_replica=False, with_redis=True):
        self.name = "PostgreSQL + replica" if with_replica else "PostgreSQL"
        self.guiched = guiched
        self.place = Place()
        self.database = Streaming(self.place, Authority(self.place))
        self.database.start(with_replica)
        self.redis = Redis(self.place) if with_redis else None
        if self.redis:
            self.redis.start()

    def environment(self, number):
        url = self.database.url().replace("guiche@", f"guiche:{self.database.settings.password}@")
        values = {"GUICHE_STORE_URL": url, "GUICHE_NODE_NAME": f"node{number}", "GUICHE_STORE_CONNECTIONS": "24",
                  "GUICHE_NODE_KEYS": self.place.directory("keys"), "GUICHE_FILES_DIRECTORY": self.place.directory("files")}
        if self.redis:
            values["GUICHE_BUS_URL"] = f"redis://guiche:{self.redis.password}@127.0.0.1:{self.redis.port}/0"
        return values

    def node(self, number=1, options=("--demo",), core=None, **environment):
        return Guiche(self.guiched, self.name, {**self.environment(number), **environment}, core, self.place.directory(f"data{number}"), options)

    def tool(self):
        return ["--data", self.place.directory("tool")], {**self.environment(9), "GUICHE_NODE_NAME": "tool"}

    def _pids(self):
        return [pid for process in self.database.processes if process for pid in family(process.pid)]

    def cpu_seconds(self):
        return cpu_seconds(*self._pids())

    def memory_bytes(self):
        """What it uses, shared memory counted once."""
        return sum(memory_bytes(pid, "Pss") for pid in self._pids())

    def connections(self):
        return int(self.database.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'guiche'"))

    def disk_bytes(self):
        return int(self.database.ask("SELECT pg_database_size('guiche')"))

    def table_bytes(self):
        """Of the sample company, with indexes."""
        rows = self.database.ask("SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables WHERE schemaname = 'tenant_demo'",
                                 user="guiche", database="guiche")
        return {name: int(size) for name, size in (row.split("|") for row in rows.splitlines())}

    def written_bytes(self):
        """Of the log since ever."""
        return int(self.database.ask("SELECT pg_current_wal_lsn() - '0/0'").split(".")[0])

    def close(self):
        self.place.close()
