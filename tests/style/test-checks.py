#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks see what they are there for: each is run on a small tree with one fault."""
import os
import subprocess
import tempfile
import unittest

AUX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build-aux")
TABLE = "| room | floor | owns | same floor |\n|---|---|---|---|\n"


def tree(files):
    top = tempfile.TemporaryDirectory()
    for name, text in files.items():
        path = os.path.join(top.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    subprocess.run(["git", "init", "-q", top.name], check=True)
    return top


def run(check, top):
    result = subprocess.run([os.path.join(AUX, check), top.name], capture_output=True, text=True)
    return result.returncode, result.stdout + result.stderr


class Layers(unittest.TestCase):
    ROOMS = {"backend/README.md": TABLE + "| base | 0 | ids | |\n| store | 2 | sql | |\n| http | 3 | x | |\n| people | 4 | x | |\n| desk | 4 | x | people |\n",
             "app/README.md": TABLE + "| client | 1 | x | |\n| chat | 3 | x | |\n"}

    def check(self, name, include):
        with tree({**self.ROOMS, name: '#include "%s"\n' % include}) as top:
            return subprocess.run([os.path.join(AUX, "check-layers"), top], capture_output=True, text=True).returncode

    def test_down_is_fine(self):
        self.assertEqual(self.check("backend/store/a.c", "base/id.h"), 0)

    def test_up_is_not(self):
        self.assertEqual(self.check("backend/store/a.c", "http/route.h"), 1)

    def test_beside_needs_a_word(self):
        self.assertEqual(self.check("backend/desk/a.c", "people/user.h"), 0)
        self.assertEqual(self.check("backend/people/a.c", "desk/message.h"), 1)

    def test_the_desktop_takes_only_base_and_protocol(self):
        self.assertEqual(self.check("app/client/a.c", "base/id.h"), 0)
        self.assertEqual(self.check("app/client/a.c", "store/db.h"), 1)

    def test_a_room_without_a_row(self):
        self.assertEqual(self.check("backend/cellar/a.c", "base/id.h"), 1)


class Source(unittest.TestCase):
    HEAD = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"

    def check(self, name, text):
        top = tree({name: text})
        with top:
            return run("check-source", top)[0]

    def test_clean(self):
        self.assertEqual(self.check("backend/desk/a.c", self.HEAD + "int a;\n"), 0)

    def test_faults(self):
        for fault in ("goto out;\n", "/* TODO */\n", "\tint a;\n", "int a; \n", 'q ("SELECT a FROM b");\n', "gtk_label_set_markup (l, t);\n"):
            self.assertEqual(self.check("backend/desk/a.c", self.HEAD + fault), 1, fault)

    def test_sql_has_its_files(self):
        self.assertEqual(self.check("backend/desk/a-store.c", self.HEAD + 'q ("SELECT a FROM b");\n'), 0)

    def test_licence(self):
        self.assertEqual(self.check("backend/desk/a.c", "int a;\n"), 1)


class Results(unittest.TestCase):
    def count(self, *results):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
            log.write("".join('{"name":"t","result":"%s"}\n' % result for result in results))
            log.flush()
            done = subprocess.run([os.path.join(AUX, "count-results"), "0", log.name], capture_output=True, text=True)
            return done.returncode, done.stdout.splitlines()[-1]

    def test_counts(self):
        self.assertEqual(self.count("OK", "SKIP"), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertEqual(self.count("OK", "TIMEOUT"), (1, "1 passed, 1 failed, 0 skipped"))

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(self.count()[0], 1)


class Translation(unittest.TestCase):
    PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Send"\nmsgstr "Enviar"\n'

    def check(self, listed, source):
        top = tree({"po/POTFILES": listed, "po/pt_BR.po": self.PO, "app/chat/a.c": source})
        with top:
            return run("check-translation", top)[0]

    def test_complete(self):
        self.assertEqual(self.check("app/chat/a.c\n", 'f (_("Send"));\n'), 0)

    def test_a_string_without_translation(self):
        self.assertEqual(self.check("app/chat/a.c\n", 'f (_("Receive"));\n'), 1)

    def test_a_file_not_listed(self):
        self.assertEqual(self.check("", 'f (_("Send"));\n'), 1)


if __name__ == "__main__":
    unittest.main()
