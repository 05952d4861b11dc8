#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run and later starts: a company of one's own on this computer, straight to the inbox the next time, signing in again when the
stored token is gone, an address that is none, and (without a Secret Service) being told so."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk_shell import Desk, atspi  # noqa: E402

PASSWORD = "segredo-forte"
HAS_KEYRING = "keyring" not in os.environ.get("GUICHE_SESSION_WITHOUT", "")


def choose_row(desk, name):
    """The keyboard gets to the row; Enter chooses it."""
    row = desk.find("list item", name)
    for key in ["Tab"] * 6 + ["Down"] * 2 + ["Up"] * 2:
        if row.getState().contains(atspi.pyatspi.STATE_FOCUSED):
            break
        desk.key(key)
        atspi.time.sleep(0.1)  # the focus has no event of its own to wait for
    desk.key("Return")


def test_bad_address(desk):
    desk.wait("label", "Welcome to Guichê")
    atspi.picture("first-run")
    choose_row(desk, "Connect to a Server")
    desk.fill("Address", "not an address")
    desk.fill("Company", "demo")
    desk.fill("User", "ana")
    desk.fill("Password", "x")
    desk.press("Sign In")
    desk.wait(None, re.compile("^This is not the address"))
    desk.fill("Address", "http://127.0.0.1:9")
    desk.press("Sign In")
    desk.wait(None, re.compile("^The server cannot be reached"))
    atspi.picture("first-run-unreachable")
    desk.press("Back")


def test_own_company(desk):
    choose_row(desk, "On This Computer")
    desk.wait("label", "Your Company on This Computer")
    desk.fill("Your Name", "Joana Prado")
    desk.fill("Password, at least 8 characters", PASSWORD)
    desk.fill("Password, again", PASSWORD)
    atspi.picture("first-run-own")
    desk.press("Begin")
    atspi.wait_until(lambda: desk.has("list", "Views, queues and colleagues"), 30, "the desk")
    atspi.picture("own-company")
    if not HAS_KEYRING:
        desk.wait("label", re.compile("password store of this computer"), 45)


def test_straight_to_the_inbox(desk):
    desk.wait("list", "Views, queues and colleagues")
    desk.wait_gone("label", re.compile("^(Offline|Connecting)"), 30)
    assert not desk.has("label", "Welcome to Guichê")


def test_sign_in_again(desk):
    desk.wait("label", "Sign In Again")
    desk.fill("Password", "wrong-password")
    desk.press("Sign In")
    desk.wait(None, "User or password is wrong.", 30)
    atspi.picture("sign-in-again")
    desk.fill("Password", PASSWORD)
    desk.press("Sign In")
    atspi.wait_until(lambda: desk.has("list", "Views, queues and colleagues"), 30, "the desk")


def visible_windows():
    return subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Guichê$"], capture_output=True, text=True).stdout.split()


def test_background(desk):
    """With the preference on, the closed window is only hidden; starting again shows it, in the same process."""
    desk.wait("list", "Views, queues and colleagues")
    desk.key("ctrl+comma")
    dialog = desk.dialog("Preferences")
    row = atspi.find(dialog, "list item", "Run in Background", showing=False)
    toggle = next(node for node, _ in atspi.walk(row) if node.getRoleName() in ("toggle button", "switch", "check box"))
    atspi.press(toggle)
    desk.focus("^Preferences$")
    desk.key("Escape")
    desk.wait_gone(None, "Run in Background")
    desk.focus()
    desk.key("ctrl+w")
    atspi.wait_until(lambda: not visible_windows(), 10, "the window to hide")
    assert desk.process.poll() is None
    subprocess.run([desk.process.args[0]], check=True, timeout=60, env=desk.environment)
    atspi.wait_until(visible_windows, 10, "the window to come back")
    assert desk.process.poll() is None


def run(name, test, *arguments):
    with Desk(*arguments) as desk:
        for one in test if isinstance(test, tuple) else (test,):
            one(desk)
    print("ok", name, flush=True)


def main():
    run("first run", (test_bad_address, test_own_company))
    if HAS_KEYRING:
        run("second start", test_straight_to_the_inbox)
        subprocess.run(["secret-tool", "clear", "login", "admin"], check=True)
    run("sign in again", test_sign_in_again)
    if HAS_KEYRING:
        run("background", test_background)
    return 0


if __name__ == "__main__":
    sys.exit(main())
