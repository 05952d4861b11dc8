# SPDX-License-Identifier: GPL-3.0-or-later
"""Both engines' migrations end with the same tables, columns, constraints, indexes and rows.

SQLite's own text of its schema is translated word for word into a second PostgreSQL schema; PostgreSQL's catalogue then
says both in the same words."""
import os
import re
import sqlite3
import subprocess
import sys
import unittest

import schemas
import servers

# What stands on one side only, as the comparison says it: and why.
EXCEPTIONS = {
}


def translate(sql):
    """A CREATE statement of SQLite's in PostgreSQL's words."""
    sql = re.sub(r"\)\s*(STRICT|WITHOUT ROWID|,|\s)*$", ")", sql)
    sql = re.sub(r"\bINTEGER\b", "BIGINT", sql)
    sql = re.sub(r"\bBLOB\b", "BYTEA", sql)
    sql = re.sub(r"\bX'([0-9A-Fa-f]*)'", r"'\\x\1'", sql)
    return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', sql)


def value_text(value):
    if value is None:
        return "null"
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


class Schemas(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = servers.PostgreSQL().start()
        cls.addClassCleanup(cls.server.close)
        cls.used_exceptions = set()

    def psql(self, script, schema):
        environment = dict(os.environ, PGOPTIONS=f"-c search_path={schema} -c client_min_messages=warning")
        result = subprocess.run(["psql", "-XqAt", "-F", " | ", "-v", "ON_ERROR_STOP=1", "-1", "-f", "-", self.server.url], input=script,
                                env=environment, capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return sorted(result.stdout.splitlines())

    def fresh(self, schema):
        self.psql(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}", "public")

    def make_sqlite(self, database):
        connection = sqlite3.connect(":memory:")
        connection.execute("PRAGMA foreign_keys = ON")
        for script in schemas.scripts(database, "sqlite"):
            connection.executescript(script)
        return connection

    def make_postgresql(self, database):
        self.fresh("postgresql")
        for script in schemas.scripts(database, "postgresql"):
            self.psql(script, "postgresql")

    def translate_all(self, connection):
        """A table may name one that comes after it: its foreign keys wait."""
        statements = [(kind, translate(sql)) for kind, sql in connection.execute(
            "SELECT type, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, rowid")]
        tables = [sql for kind, sql in statements if kind == "table"]
        self.assertTrue(all(kind in ("table", "index") for kind, _ in statements))
        self.fresh("sqlite")
        done = []
        while tables:
            ready = [sql for sql in tables if all(re.search(rf'CREATE TABLE "?{name}"?\s', " ".join(done) + sql)
                                                  for name in re.findall(r'REFERENCES "?(\w+)', sql))]
            self.assertTrue(ready, "tables that wait for each other: " + "\n".join(tables))
            done += ready
            tables = [sql for sql in tables if sql not in ready]
        self.psql(";\n".join(done + [sql for kind, sql in statements if kind == "index"]), "sqlite")

    def compare(self, what, one, other):
        differences = [f"{what} in {engine} only: {fact}" for engine, facts in
                       (("sqlite", set(one) - set(other)), ("postgresql", set(other) - set(one))) for fact in sorted(facts)]
        self.used_exceptions.update(difference for difference in differences if difference in EXCEPTIONS)
        self.assertEqual([difference for difference in differences if difference not in EXCEPTIONS], [])

    def check_database(self, database):
        names = {engine: [alias for alias, _ in schemas.listed(database, engine)] for engine in schemas.ENGINES}
        self.assertEqual(names["sqlite"], names["postgresql"])
        self.assertEqual([int(name[:4]) for name in names["sqlite"]], list(range(1, len(names["sqlite"]) + 1)))

        with self.make_sqlite(database) as connection:
            self.make_postgresql(database)
            self.translate_all(connection)
            for what, query in schemas.FACTS.items():
                sides = [self.psql(query.format(schema=engine), engine) for engine in schemas.ENGINES]
                self.assertTrue(what != "column" or sides[0])
                self.compare(what, *sides)
            for name, strict, sql in connection.execute("SELECT name, strict, sql FROM pragma_table_list JOIN sqlite_schema USING (name)"):
                self.assertTrue(strict or name.startswith("sqlite_"), name + " is not STRICT")
            self.compare_rows(connection)
        connection.close()

    def compare_rows(self, connection):
        rows, queries = [], []
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info ({table})")]
            rows += [" | ".join(map(value_text, (table,) + row)) for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}")]
            texts = ", ".join(f"COALESCE({column}::text, 'null')" for column in columns)
            queries.append(f"SELECT concat_ws(' | ', '{table}', {texts}) FROM {table}")
        self.compare("row", rows, self.psql("\nUNION ALL ".join(queries), "postgresql"))

    def test_same(self):
        for database in schemas.DATABASES:
            with self.subTest(database):
                self.check_database(database)
        self.assertEqual(set(EXCEPTIONS), self.used_exceptions)

    def test_every_file_is_listed(self):
        known = {path for database in schemas.DATABASES for engine in schemas.ENGINES for _, path in schemas.listed(database, engine)}
        present = {os.path.relpath(os.path.join(folder, name), schemas.MIGRATIONS)
                   for folder, _, names in os.walk(schemas.MIGRATIONS) for name in names if name.endswith(".sql")}
        self.assertEqual(known, present)


if __name__ == "__main__":
    sys.exit(unittest.main())
