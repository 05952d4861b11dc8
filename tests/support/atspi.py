# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a running application through AT-SPI, by accessible name, never by coordinates. Every wait has a deadline."""
import os
import re
import subprocess
import time

import pyatspi

# GTK 4.8 says "push button"; newer ones say "button".
ROLE_SPELLINGS = {"button": ("push button", "button", "toggle button"), "entry": ("text", "entry", "password text")}


# By how much a loaded machine or a sanitised program may be slower: only what fails takes as long.
PATIENCE = 4 if not os.environ.get("GUICHE_SANITIZED") else 8


class NotFound(AssertionError):
    pass


def wait_until(condition, timeout=10, what="condition"):
    """Returns the first true value of condition(); raises AssertionError after timeout seconds of a quiet machine."""
    timeout *= PATIENCE
    end = time.monotonic() + timeout
    while True:
        try:
            value = condition()
        except Exception as error:  # a node may vanish while it is read
            value, last = None, error
        else:
            last = None
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %g s in vain for %s%s" % (timeout, what, ": %s" % last if last else ""))
        time.sleep(0.05)


def application(name, timeout=15):
    def search():
        for node in pyatspi.Registry.getDesktop(0):
            if node and node.name == name:
                return node
        return None
    return wait_until(search, timeout, "application %r" % name)


def walk(node, depth=0):
    yield node, depth
    try:
        children = list(node)
    except Exception:
        return
    for child in children:
        if child is not None:
            yield from walk(child, depth + 1)


def dump(node):
    lines = []
    for item, depth in walk(node):
        try:
            lines.append("%s%s %r" % ("  " * depth, item.getRoleName(), item.name))
        except Exception:
            continue
    return "\n".join(lines)


def is_showing(node):
    """GTK 4.8 sets SHOWING for windows only, so: visible and with a size."""
    if not node.getState().contains(pyatspi.STATE_VISIBLE):
        return False
    extents = node.queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    return extents.width > 0 and extents.height > 0


def matches(node, role, name):
    if role and node.getRoleName() not in ROLE_SPELLINGS.get(role, (role,)):
        return False
    if name is None:
        return True
    return name == node.name if isinstance(name, str) else bool(name.search(node.name or ""))


def find_all(root, role=None, name=None, showing=True):
    return [node for node, _ in walk(root) if matches(node, role, name) and (not showing or is_showing(node))]


def find(root, role=None, name=None, timeout=10, showing=True):
    """The first node of that role (or spelling of it) and name (text or compiled pattern)."""
    def search():
        for node, _ in walk(root):
            if matches(node, role, name) and (not showing or is_showing(node)):
                return node
        return None
    try:
        return wait_until(search, timeout, "%s %r" % (role, name))
    except AssertionError as error:
        raise NotFound("%s\n%s" % (error, dump(root))) from None


def text_of(node):
    text = node.queryText()
    return text.getText(0, text.characterCount)  # getText(0, -1) is '' on GTK 4.8


def set_text(node, value):
    node.queryEditableText().setTextContents(value)


def press(node):
    action = node.queryAction()
    names = [action.getName(i) for i in range(action.nActions)]
    action.doAction(names.index("click") if "click" in names else 0)


def activate_row(root, name, window="Guichê", steps=12):
    """For rows, which offer no action in GTK 4.8: the keyboard goes there, and Return."""
    row = find(root, "list item", name)
    focus_window(window)
    for move in ["Tab", "Down"] * steps:
        if row.getState().contains(pyatspi.STATE_FOCUSED):
            key("Return")
            return
        key(move)
    raise AssertionError("the keyboard did not reach %r" % name)


def key(*keys):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)


def type_text(text):
    subprocess.run(["xdotool", "type", "--delay", "15", text], check=True)


def focus_window(title_pattern):
    windows = wait_until(lambda: subprocess.run(["xdotool", "search", "--name", title_pattern], capture_output=True, text=True).stdout.split(),
                         10, "window %r" % title_pattern)
    subprocess.run(["xdotool", "windowfocus", "--sync", windows[-1]], check=False)
    return windows[-1]


def picture(name, window="root"):
    """Writes OUT/name.png: what is on the screen."""
    path = os.path.join(os.environ.get("OUT", "."), re.sub(r"[^\w.-]", "-", name) + ".png")
    subprocess.run(["import", "-window", window, path], check=True)
    return path


def press_notification_action(label, timeout=15):
    """Presses the action with that label in a notification, as a person would: waits until one offers it."""
    run = os.environ["XDG_RUNTIME_DIR"]
    offered = os.path.join(run, "notification-offered")
    with open(os.path.join(run, "notification-action"), "w", encoding="utf-8") as file:
        file.write(label)
    if os.path.exists(offered):
        os.remove(offered)

    def press_it():
        subprocess.run(["dunstctl", "context"], check=True)
        time.sleep(0.2)  # the daemon asks in a process of its own
        with open(offered, encoding="utf-8") as file:
            return label in file.read()
    wait_until(press_it, timeout, "a notification with %r" % label)
