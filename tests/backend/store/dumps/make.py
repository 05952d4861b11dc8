#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""make.py: with a release's programs ($GUICHED, $GUICHECTL), a small company as that release keeps it, as text in a folder
here named for schema and engine. Run by hand for each release; beside with-postgresql (and with on-postgresql's wrappers as
programs) for PostgreSQL. test_upgrade.py brings each folder to the present."""
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "..", "integration"))

from guiched import Server, new_id  # noqa: its path is set above

PASSWORD = "uma senha longa"
LINES = ("bom dia, sem internet", "já vejo — um instante", "'aspas' e \\barra\\")


def administer(directory, *arguments, text=""):
    subprocess.run([os.environ["GUICHECTL"], "--data", directory, *arguments], input=text, text=True, check=True, stdout=subprocess.DEVNULL)


def fill(directory):
    administer(directory, "tenant", "add", "serra", "Conecta Serra")
    administer(directory, "user", "add", "ana", "Ana Souza", "--password-stdin", text=PASSWORD + "\n")
    administer(directory, "queue", "members", "technical_normal", "ana")
    with Server(demo=False, directory=directory) as server:
        visitor = server.open_visit(name="Maria Teste", tenant="serra")
        ana = server.sign_in("ana", PASSWORD, "serra")
        conversation = visitor.visit["conversation_id"]
        path = f"/api/v1/conversations/{conversation}/messages"
        visitor.post("/api/v1/webchat/messages", {"client_id": new_id(), "body": LINES[0]})
        ana.post(f"/api/v1/conversations/{conversation}/accept")
        for line in LINES[1:]:
            ana.post(path, {"client_id": new_id(), "body": line})
        messages = ana.get(path).json()
    return {"tenant": "serra", "login": "ana", "password": PASSWORD, "conversation": conversation, "messages": messages}


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def dump_sqlite(directory):
    databases = {"control": "control.db", "tenant": "tenants/serra/guiche.db"}
    texts, version = {}, 0
    for name, path in databases.items():
        with sqlite3.connect(os.path.join(directory, path)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            texts[name] = "\n".join([f"PRAGMA user_version = {version};", *connection.iterdump()]) + "\n"
        connection.close()
    return version, texts


def dump_postgresql(url):
    texts = {}
    for name, schema in (("control", "control"), ("tenant", "tenant_serra")):
        text = subprocess.run(["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--schema", schema, url], check=True,
                              capture_output=True, text=True).stdout
        # An older psql does not know them.
        texts[name] = re.sub(r"^\\(un)?restrict .*\n", "", text, flags=re.M)
    version = subprocess.run(["psql", "-XAtqc", "SELECT version FROM tenant_serra.schema_version", url], check=True, capture_output=True, text=True)
    return int(version.stdout), texts


def main():
    with tempfile.TemporaryDirectory() as directory:
        expected = fill(directory)
        url = os.environ.get("GUICHE_TEST_DATABASE")
        if url:
            database = subprocess.run(["psql", "-XAtqc", "SELECT datname FROM pg_database WHERE datname LIKE 'data\\_%'", url], check=True,
                                      capture_output=True, text=True).stdout.strip()
            version, texts = dump_postgresql(url.rsplit("/", 1)[0] + "/" + database)
        else:
            version, texts = dump_sqlite(directory)
        folder = os.path.join(HERE, "%04d-%s" % (version, "postgresql" if url else "sqlite"))
        os.makedirs(folder, exist_ok=True)
        for name, text in texts.items():
            write(folder, name + ".sql", text)
        for key in ("audit.key", "token.key"):
            with open(os.path.join(directory, key), "rb") as file:
                write(folder, key + ".hex", file.read().hex() + "\n")
        write(folder, "expected.json", json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
    print(folder)


if __name__ == "__main__":
    main()
