# SPDX-License-Identifier: GPL-3.0-or-later
"""test_statements.py BUILD/backend: every SQL statement in the compiled back end is prepared on both engines."""
import os
import re
import sqlite3
import subprocess
import sys
import unittest

import schemas
import servers

BACKEND = ""

# An engine's own words stand in its own files, in migrations and where companies move from one to the other.
ENGINE_FILES = re.compile(r"(sqlite|postgresql|migrations|\bmove)[a-z-]*\.c\.o$")
# Compiled literals end with NUL, macros are spelled out in them.
STATEMENT = re.compile(rb"(?<![\x20-\x7e])((?:SELECT|INSERT|UPDATE|DELETE|WITH)\s[^\0]+)(?=\0)")
# The engine binds no other number; PostgreSQL could not tell.
ARITHMETIC = re.compile(r"[-+*/%]\s*\$(\d+)")
FEWEST = 100

PREPARE_ALL = """
CREATE FUNCTION pg_temp.try_types (statement text, types text[]) RETURNS text LANGUAGE plpgsql AS $function$
DECLARE
  list text := CASE WHEN cardinality(types) > 0 THEN '(' || array_to_string(types, ', ') || ')' ELSE '' END;
  number int;
  answer text;
  type text;
BEGIN
  EXECUTE 'PREPARE tried ' || list || ' AS ' || statement;
  DEALLOCATE tried;
  RETURN NULL;
EXCEPTION
  WHEN indeterminate_datatype OR ambiguous_parameter THEN
    -- The engine sends the type of the call that bound it; one of them has to fit.
    number := substring(SQLERRM FROM '\\$(\\d+)')::int;
    FOREACH type IN ARRAY ARRAY['bigint', 'text', 'bytea'] LOOP
      WHILE cardinality(types) < number LOOP types := array_append(types, 'unknown'); END LOOP;
      types[number] := type;
      answer := pg_temp.try_types(statement, types);
      IF answer IS NULL THEN RETURN NULL; END IF;
    END LOOP;
    RETURN answer;
  WHEN OTHERS THEN
    RETURN SQLERRM;
END $function$;
SELECT file || ': ' || statement || E'\\n    ' || answer
FROM (SELECT file, statement, pg_temp.try_types(statement, types) AS answer FROM statements) AS tried WHERE answer IS NOT NULL;
"""


def find_statements():
    """(statement, object file's name) of every literal that is one."""
    found = {}
    for folder, _, names in os.walk(BACKEND):
        for name in names:
            if name.endswith(".c.o") and not ENGINE_FILES.search(name):
                with open(os.path.join(folder, name), "rb") as file:
                    for match in STATEMENT.finditer(file.read()):
                        found[match.group(1).decode()] = name
    return found


class Statements(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.statements = find_statements()

    def test_are_found(self):
        self.assertGreater(len(self.statements), FEWEST)

    def test_sqlite(self):
        connection = sqlite3.connect(":memory:")
        connection.execute("ATTACH ':memory:' AS control")
        for database in ("tenant", "control"):
            for script in schemas.scripts(database, "sqlite"):
                script = re.sub(r"(CREATE (?:UNIQUE )?(?:TABLE|INDEX) )", r"\1control.", script) if database == "control" else script
                connection.executescript(script)
        wrong = []
        for statement, file in self.statements.items():
            parameters = {number: None for number in re.findall(r"\$(\d+)", statement)}
            try:
                connection.execute("EXPLAIN " + statement, parameters)
            except sqlite3.Error as error:
                wrong.append(f"{file}: {statement}\n    {error}")
        connection.close()
        self.assertEqual(wrong, [], "\n".join(wrong))

    def test_postgresql(self):
        script = ["SET client_min_messages = warning;"]
        for database in ("tenant", "control"):
            script += [f"CREATE SCHEMA {database};", f"SET search_path = {database};"] + schemas.scripts(database, "postgresql")
        script += ["SET search_path = tenant, control;", "CREATE TEMPORARY TABLE statements (file text, statement text, types text[]);"]
        for statement, file in self.statements.items():
            numbers = set(map(int, ARITHMETIC.findall(statement)))
            types = ["bigint" if number in numbers else "unknown" for number in range(1, max(numbers, default=0) + 1)]
            script.append("INSERT INTO statements VALUES ('%s', $statement$%s$statement$, '{%s}');" % (file, statement, ",".join(types)))
        with servers.PostgreSQL() as server:
            result = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-", server.url], input="\n".join(script) + PREPARE_ALL,
                                    capture_output=True, text=True)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.stdout, "", result.stdout)


if __name__ == "__main__":
    BACKEND = sys.argv.pop(1)
    sys.exit(unittest.main())
