# SPDX-License-Identifier: GPL-3.0-or-later
"""The migrations as they are compiled in: those of migrations.gresource.xml, in their order."""
import os
import xml.etree.ElementTree

MIGRATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "backend", "store", "migrations")
DATABASES = ("tenant", "control")
ENGINES = ("sqlite", "postgresql")

# What PostgreSQL says about a schema.
FACTS = {
    "relation": "SELECT relkind, relname FROM pg_class WHERE relnamespace = '{schema}'::regnamespace AND relkind NOT IN ('r', 'i')",
    "column": """
        SELECT relname, row_number() OVER (PARTITION BY relname ORDER BY attnum), attname, format_type(atttypid, atttypmod), attnotnull,
          attidentity, attgenerated, (SELECT collname FROM pg_collation WHERE pg_collation.oid = attcollation),
          (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum)
        FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
        WHERE relnamespace = '{schema}'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped""",
    "constraint": """
        SELECT relname, contype, convalidated, pg_get_constraintdef(pg_constraint.oid)
        FROM pg_constraint JOIN pg_class ON conrelid = pg_class.oid
        WHERE connamespace = '{schema}'::regnamespace""",
    "index": """
        SELECT replace(pg_get_indexdef(indexrelid), ' {schema}.', ' ')
        FROM pg_index JOIN pg_class ON indexrelid = pg_class.oid
        WHERE relnamespace = '{schema}'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)""",
}


def listed(database, engine):
    """(alias, path) of each file."""
    tree = xml.etree.ElementTree.parse(os.path.join(MIGRATIONS, "migrations.gresource.xml"))
    prefix = f"/io/github/guiche/Guiche/migrations/{database}/{engine}"
    files = [file for folder in tree.iter("gresource") if folder.get("prefix") == prefix for file in folder.iter("file")]
    return sorted((file.get("alias"), file.text) for file in files)


def scripts(database, engine):
    texts = []
    for _, path in listed(database, engine):
        with open(os.path.join(MIGRATIONS, path), encoding="utf-8") as file:
            texts.append(file.read())
    return texts
