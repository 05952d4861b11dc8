# SPDX-License-Identifier: GPL-3.0-or-later
"""The migrations as they are compiled in: those of migrations.gresource.xml, in their order."""
import os
import xml.etree.ElementTree

MIGRATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "backend", "store", "migrations")
DATABASES = ("tenant", "control")
ENGINES = ("sqlite", "postgresql")


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
