#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's whole day in the window, on the sample company: views, what is done with a conversation, the customer, search,
internal conversations, preferences, profile, signing out and in. A picture of each view stays in OUT."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk_shell import Desk, atspi  # noqa: E402


def title_of(desk):
    """Whom the shown conversation is with."""
    return desk.shown


def open_first(desk):
    """Opens the first conversation of the list by the keyboard."""
    names = atspi.wait_until(desk.conversations, 10, "conversations")
    desk.key("ctrl+Page_Down")
    desk.shown = names[0].split(",")[0]
    desk.wait("label", desk.shown)
    return names[0]


def test_views(desk):
    for number, title, picture in (("1", "Mine", "mine"), ("2", "Waiting", "waiting"), ("3", "All Open", "all"), ("4", "Channels", "channels"),
                                   ("5", "Snoozed", "snoozed"), ("6", "Closed", "closed")):
        desk.view("alt+" + number, title)
        atspi.wait_until(desk.conversations, 10, "rows of " + title)
        atspi.picture("view-" + picture)


def test_accept(desk):
    desk.view("alt+2", "Waiting")
    before = atspi.wait_until(desk.conversations)
    open_first(desk)
    desk.press("Accept")
    atspi.wait_until(lambda: len(desk.conversations()) == len(before) - 1, 10, "the row to leave Waiting")
    desk.view("alt+1", "Mine")
    atspi.wait_until(lambda: any(name.startswith(desk.shown) for name in desk.conversations()), 10, "the row in Mine")
    atspi.picture("accepted")


def test_snooze_and_undo(desk):
    desk.key("ctrl+shift+z")
    desk.wait(None, "Snooze Conversation")
    atspi.picture("snooze")
    desk.press("Snooze", re.compile(r"^_?Snooze").pattern and "button")
    desk.wait("label", re.compile("^Snoozed until"))
    desk.press("Undo")
    desk.focus()
    desk.view("alt+1", "Mine")
    atspi.wait_until(lambda: any(name.startswith(desk.shown) and "Snoozed" not in name for name in desk.conversations()), 10, "it to be back")


def test_transfer(desk):
    desk.key("ctrl+shift+t")
    desk.wait(None, "Transfer Conversation")
    atspi.picture("transfer")
    atspi.set_text(desk.find("text", "What should they know?"), "Cliente já reiniciou o roteador")
    desk.press("Transfer")
    desk.wait("label", re.compile("^Transferred to"))
    desk.focus()


def test_close_and_reopen(desk):
    desk.view("alt+1", "Mine")
    open_first(desk)
    name = desk.shown
    desk.key("ctrl+shift+w")
    desk.wait(None, "Close Conversation")
    atspi.picture("close")
    desk.press("Close")
    desk.wait("label", "Conversation closed")
    atspi.picture("closed-toast")
    desk.focus()
    atspi.wait_until(lambda: not any(row.startswith(name + ",") for row in desk.conversations()), 10, "it to leave Mine")
    desk.press("Undo")
    atspi.wait_until(lambda: any(row.startswith(name + ",") for row in desk.conversations()), 10, "it to come back")


def test_customer(desk):
    atspi.picture("conversation")
    desk.press("Edit…")
    desk.wait(None, "Edit Customer")
    desk.focus("^Edit Customer$")
    document = desk.find("text", "CPF or CNPJ")
    valid = atspi.text_of(document)
    atspi.set_text(document, "111.111.111-11")
    desk.wait("label", "This is not a valid CPF or CNPJ.")
    atspi.picture("customer-invalid")
    atspi.set_text(document, valid)
    atspi.set_text(desk.find("text", "Notes"), "Prefere contato à tarde <b>sempre</b>")
    desk.press("Save")
    desk.wait("label", "Prefere contato à tarde <b>sempre</b>")
    desk.focus()
    atspi.picture("customer-notes")


def test_search(desk):
    desk.key("ctrl+k")
    desk.wait(None, "Search people, conversations and messages")
    desk.focus("^Search$")
    atspi.picture("search-empty")
    atspi.type_text("roteador")
    desk.wait("label", "Messages")
    atspi.picture("search")
    desk.key("Down")
    desk.key("Return")
    desk.wait_gone(None, "Search people, conversations and messages")
    desk.focus()


def test_channel(desk):
    desk.key("ctrl+shift+c")
    desk.wait(None, "New Channel")
    atspi.set_text(desk.find("text", re.compile("^Name, such as")), "plantão-teste")
    atspi.picture("new-channel")
    desk.press("Create")
    desk.wait("label", "#plantão-teste")
    desk.focus()
    atspi.picture("channel")


def test_direct(desk):
    desk.key("ctrl+n")
    desk.wait(None, "Search colleagues")
    desk.focus("^Message a Colleague$")
    atspi.type_text("sofia")
    atspi.wait_until(lambda: len(desk.find("list", "Colleagues")) == 1, 10, "one colleague")
    atspi.picture("people")
    desk.key("Return")
    desk.wait("label", "Direct conversation")
    desk.focus()
    atspi.picture("direct")


def test_preferences(desk):
    desk.key("ctrl+comma")
    desk.wait(None, "Preferences")
    atspi.picture("preferences-general")
    for page in ("Notifications", "Sound"):
        desk.press(page, "radio button") if desk.has("radio button", page) else None
        atspi.picture("preferences-" + page.lower())
    desk.focus("^Preferences$")
    desk.key("Escape")
    desk.focus()


def test_windows(desk):
    desk.key("ctrl+question")
    desk.wait(None, "Shortcuts")
    atspi.picture("shortcuts")
    desk.focus("^Shortcuts$")
    desk.key("Escape")
    desk.focus()


def test_server_dies(desk):
    """The embedded server is killed: said plainly, started again, and the desk goes on by itself."""
    atspi.subprocess.run(["pkill", "-KILL", "-P", str(desk.process.pid), "guiched"], check=True)
    desk.wait("label", re.compile("^(Offline|Connecting)"), 15)
    desk.wait_gone("label", re.compile("^(Offline|Connecting)"), 30)


def test_sign_out(desk):
    desk.press("Profile and presence")
    desk.press(re.compile("Sign Out$"), "menu item")
    desk.wait("label", "Welcome to Guichê")
    atspi.picture("welcome")


def main():
    with Desk("--demo") as desk:
        atspi.wait_until(lambda: desk.has("list", "Conversations"), 30, "the inbox")
        for test in (test_views, test_accept, test_snooze_and_undo, test_transfer, test_close_and_reopen, test_customer, test_search, test_channel,
                     test_direct, test_preferences, test_windows, test_server_dies, test_sign_out):
            test(desk)
            print("ok", test.__name__, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
