# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the shell share: the application with the sample company, driven by accessible name."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import atspi  # noqa: E402

GUICHE = os.environ["GUICHE"]


class Desk:
    """The running desktop; `with Desk("--demo") as desk`."""

    def __init__(self, *arguments, environment=None):
        self.arguments = arguments
        self.environment = dict(os.environ, GSETTINGS_BACKEND="keyfile", **(environment or {}))
        self.process = None
        self.log = None

    def __enter__(self):
        folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "gtk-4.0")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "settings.ini"), "w", encoding="ascii") as file:
            file.write("[Settings]\ngtk-font-name=Cantarell 11\ngtk-decoration-layout=:close\ngtk-enable-animations=false\n")
        self.log = open(os.path.join(os.environ["OUT"], "guiche.log"), "a", encoding="utf-8")
        self.process = subprocess.Popen([GUICHE, *self.arguments], env=self.environment, stdout=self.log, stderr=subprocess.STDOUT)
        self.application = atspi.application("guiche")
        self.window = atspi.focus_window("^Guichê$")
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            atspi.picture("failure")
            sys.stderr.write(atspi.dump(self.application)[-6000:] + "\n")
        self.process.terminate()
        code = self.process.wait(60)
        self.log.close()
        with open(self.log.name, encoding="utf-8") as file:
            self.complaints = [line for line in file if "CRITICAL" in line or "WARNING **" in line and "dbind" not in line]
        if kind is None and self.complaints:
            raise AssertionError("the application complained:\n" + "".join(self.complaints[:10]))
        self.code = code

    def find(self, role, name, timeout=10):
        return atspi.find(self.application, role, name, timeout=timeout, showing=False)

    def has(self, role, name):
        return bool(atspi.find_all(self.application, role, name, showing=False))

    def wait(self, role, name, timeout=10):
        return self.find(role, name, timeout)

    def wait_gone(self, role, name, timeout=10):
        atspi.wait_until(lambda: not self.has(role, name), timeout, "%s %r to go" % (role, name))

    def dialog(self, title):
        """The window of that title, with the keyboard's focus."""
        dialog = self.find(None, title)
        self.focus("^%s$" % re.escape(title))
        return dialog

    def press(self, name, role="button", within=None):
        atspi.press(atspi.find(within or self.application, role, name, showing=False))

    def open_menu(self, name):
        """A menu button holds the button that opens it."""
        for node, _ in atspi.walk(self.find(None, name)):
            if node.getRoleName() in ("toggle button", "push button", "button") and node.queryAction().nActions > 0:
                return atspi.press(node)
        raise atspi.NotFound(name)

    def choose(self, item):
        atspi.press(self.find(None, re.compile("^_?%s$" % item)))

    def fill(self, name, text, within=None):
        atspi.set_text(atspi.find(within or self.application, "text", name, showing=False), text)

    def key(self, *keys):
        atspi.key(*keys)

    def focus(self, title="^Guichê$"):
        atspi.focus_window(title)

    def focus_newest(self):
        """Gives the keyboard to the window that was opened last: there is no window manager to do it."""
        windows = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "guiche"], capture_output=True, text=True).stdout.split()
        subprocess.run(["xdotool", "windowfocus", "--sync", windows[-1]], check=False)

    def conversations(self):
        """The rows of the list, as they are read out."""
        conversations = self.find("list", "Conversations")
        return [item.name for item in conversations if item.name]

    def view(self, key, title):
        """Goes to a view by its key and waits for its title."""
        self.key(key)
        self.wait("label", title)
