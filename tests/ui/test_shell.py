#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's whole day in the window, on the sample company: views, what is done with a conversation, the customer, search,
internal conversations, preferences, profile, signing out and in. A picture of each view stays in OUT."""
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from desk_shell import Desk, atspi  # noqa: E402


UNDO = re.compile("^Undo( Undo)?$")  # GTK 4.8 reads a button with a mnemonic twice


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
    dialog = desk.dialog("Snooze Conversation")
    atspi.picture("snooze")
    desk.press("Snooze", within=dialog)
    desk.wait("label", re.compile("^Snoozed until"))
    desk.press(UNDO)
    desk.focus()
    desk.view("alt+1", "Mine")
    atspi.wait_until(lambda: any(name.startswith(desk.shown) and "Snoozed" not in name for name in desk.conversations()), 10, "it to be back")


def test_transfer(desk):
    desk.key("ctrl+shift+t")
    dialog = desk.dialog("Transfer Conversation")
    atspi.picture("transfer")
    desk.fill("What should they know?", "Cliente já reiniciou o roteador", dialog)
    desk.press("Transfer", within=dialog)
    desk.wait("label", re.compile("transferred the conversation"))
    desk.wait("label", "Cliente já reiniciou o roteador")
    desk.focus()


def test_close_and_reopen(desk):
    desk.view("alt+1", "Mine")
    open_first(desk)
    name = desk.shown
    desk.key("ctrl+shift+w")
    dialog = desk.dialog("Close Conversation")
    atspi.picture("close")
    desk.press("Close", within=dialog)
    desk.wait("label", "Conversation closed")
    atspi.picture("closed-toast")
    desk.focus()
    atspi.wait_until(lambda: not any(row.startswith(name + ",") for row in desk.conversations()), 10, "it to leave Mine")
    desk.press(UNDO)
    atspi.wait_until(lambda: any(row.startswith(name + ",") for row in desk.conversations()), 10, "it to come back")


def test_customer(desk):
    atspi.picture("conversation")
    desk.press("Edit…")
    dialog = desk.dialog("Edit Customer")
    document = atspi.find(dialog, "text", "CPF or CNPJ", showing=False)
    valid = atspi.text_of(document)
    atspi.set_text(document, "111.111.111-11")
    desk.wait(None, "This is not a valid CPF or CNPJ.")
    atspi.picture("customer-invalid")
    atspi.set_text(document, valid)
    desk.fill("Notes", "Prefere contato à tarde <b>sempre</b>", dialog)
    desk.press("Save", within=dialog)
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


def make_channel(desk, name):
    desk.key("ctrl+shift+c")
    dialog = desk.dialog("New Channel")
    desk.fill(re.compile("^Name, such as"), name, dialog)
    atspi.picture("new-channel")
    desk.press("Create", within=dialog)
    desk.wait("label", "#" + name)
    desk.focus()


def test_channel(desk):
    make_channel(desk, "plantão-teste")
    atspi.picture("channel")


def server_pid(desk):
    found = subprocess.run(["pgrep", "-P", str(desk.process.pid), "guiched"], capture_output=True, text=True).stdout.split()
    return int(found[0]) if found else None


def server_url(desk):
    """Where the embedded server listens: the socket among its descriptors that /proc/net/tcp says is listening."""
    folder = "/proc/%d/fd" % server_pid(desk)
    inodes = {os.readlink(os.path.join(folder, name)) for name in os.listdir(folder)}
    with open("/proc/net/tcp", encoding="ascii") as file:
        for line in file.readlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and "socket:[%s]" % fields[9] in inodes:
                return "http://127.0.0.1:%d" % int(fields[1].split(":")[1], 16)
    raise AssertionError("the embedded server does not listen")


def call(url, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_join_channel(desk):
    """A colleague makes a channel; it is joined from the list of all."""
    url = server_url(desk)
    token = call(url + "/api/v1/auth/login", {"tenant": "demo", "login": "bruno", "password": "guiche"})["token"]
    call(url + "/api/v1/channels", {"name": "redes-do-bruno", "members": []}, token)
    desk.key("ctrl+shift+j")
    desk.wait("list item", "#redes-do-bruno")
    atspi.picture("channels")
    desk.press(re.compile("^Join #redes-do-bruno"))
    desk.wait_gone("list item", "#redes-do-bruno")
    desk.wait("label", "#redes-do-bruno")
    desk.focus()


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
    dialog = desk.dialog("Preferences")
    atspi.picture("preferences-general")
    for page in ("Notifications", "Sound"):
        for tab in atspi.find_all(dialog, "page tab", page, showing=False):  # one in the bar at the bottom, too
            atspi.press(tab)
        atspi.picture("preferences-" + page.lower())
    desk.key("Escape")
    desk.focus()


def test_windows(desk):
    desk.key("ctrl+question")
    desk.wait(None, "Shortcuts")
    atspi.picture("shortcuts")
    desk.focus_newest()
    desk.key("Escape")
    desk.wait_gone(None, "Shortcuts")
    desk.focus()
    desk.open_menu("Main menu")
    desk.choose("About Guichê")
    desk.wait("label", re.compile("contributors"))
    atspi.picture("about")
    desk.focus_newest()
    desk.key("Escape")
    desk.focus()


def test_server_dies(desk):
    """The embedded server is killed: it is started again, and the desk goes on by itself."""
    before = server_pid(desk)
    os.kill(before, signal.SIGKILL)
    atspi.wait_until(lambda: server_pid(desk) not in (None, before), 15, "another server")
    desk.wait_gone("label", re.compile("^(Offline|Connecting)"), 30)
    make_channel(desk, "depois-da-queda")


def test_sign_out(desk):
    desk.open_menu("Profile and presence")
    desk.choose("Sign Out")
    desk.wait("label", "Welcome to Guichê")
    atspi.picture("welcome")


def main():
    with Desk("--demo") as desk:
        atspi.wait_until(lambda: desk.has("list", "Conversations"), 30, "the inbox")
        for test in (test_views, test_accept, test_snooze_and_undo, test_transfer, test_close_and_reopen, test_customer, test_search, test_channel,
                     test_join_channel, test_direct, test_preferences, test_windows, test_server_dies, test_sign_out):
            test(desk)
            print("ok", test.__name__, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
