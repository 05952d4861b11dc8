#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An agent at work in one conversation, on the real desktop and server: writes, takes back, answers with a canned reply, notes, records and listens,
all by keyboard and accessible name. Run inside desktop-session; GUICHE and GUICHED name the programs."""
import contextlib
import glob
import os
import re
import sqlite3
import subprocess
import sys
import unittest
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import atspi  # noqa: E402
from atspi import wait_until  # noqa: E402
from story import Desktop, Server, hear, load_samples, strength  # noqa: E402

OUT = os.environ["OUT"]
TONE = 900


def decode(path, chain):
    raw = path + ".raw"
    subprocess.run("gst-launch-1.0 -q filesrc location=%s ! %s ! audioconvert ! audioresample ! "
                   "audio/x-raw,format=S16LE,rate=48000,channels=1 ! filesink location=%s" % (path, chain, raw), shell=True, check=True)
    samples = load_samples(raw)
    return samples[len(samples) // 4:len(samples) * 3 // 4]


class Conversation(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.desktop = Desktop()
        atspi.activate_row(self.desktop.root, re.compile("Connect to a Server"))
        for name, value in (("Address", self.server.url), ("Company", "demo"), ("User", "ana"), ("Password", "guiche")):
            atspi.set_text(self.desktop.find("entry", name), value)
        self.desktop.press(re.compile("Sign In"))
        row = self.desktop.find("panel", re.compile("unread messages?, .*Open"), 40)
        self.title = row.name.split(",")[0]
        self.token = self.server.call("POST", "/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})["token"]
        mine = self.server.call("GET", "/conversations?view=mine&limit=50", token=self.token)["items"]
        self.id = next(item["id"] for item in mine if item["title"] == self.title)
        self.open(row)

    def open(self, row):
        """Rows of a list offer no action in GTK 4.8: the pointer presses where the row says it is."""
        window = atspi.focus_window("Guichê")
        extents = row.queryComponent().getExtents(atspi.pyatspi.WINDOW_COORDS)
        subprocess.run(["xdotool", "mousemove", "--window", window, str(extents.x + 40), str(extents.y + 20), "click", "1"], check=True)
        self.entry = self.desktop.find(None, re.compile("^Write to " + re.escape(self.title)), 20)

    def tearDown(self):
        if any(error for _, error in getattr(self._outcome, "errors", [])) or getattr(self._outcome, "result", None) and self._outcome.result.errors + self._outcome.result.failures:
            atspi.picture("conversation-failed")
            with open(os.path.join(OUT, "conversation-tree.txt"), "w") as file:
                file.write(atspi.dump(self.desktop.root))
        self.desktop.kill()
        self.server.kill()

    def messages(self):
        return self.server.call("GET", "/conversations/%s/messages?limit=20" % self.id, token=self.token)["items"]

    def latest(self, kind, body=None, timeout=40):
        def search():
            found = [m for m in self.messages() if m["kind"] == kind and (body is None or re.search(body, m["body"]))]
            return found[-1] if found else None
        return wait_until(search, timeout, "%s %s on the server" % (kind, body))

    def write(self, text):
        atspi.key("ctrl+l")
        atspi.type_text(text)

    def shown(self, pattern, timeout=20):
        return self.desktop.find("panel", re.compile(pattern), timeout)

    def test_work(self):
        self.write_and_send()
        self.take_back()
        self.private_note()
        self.canned_reply()
        self.voice_note()
        self.assertNotIn("cedo demais", [message["body"] for message in self.messages()])

    def write_and_send(self):
        self.write("Bom dia tudo bem")
        atspi.key("Return")
        self.shown(r"^You, \d\d:\d\d, Bom dia tudo bem, (Waiting to be sent|Sent|Delivered|Read)$")
        self.latest("text", "Bom dia tudo bem")
        self.shown(r"^You, .*Bom dia tudo bem, (Sent|Delivered|Read)$", 30)

    def take_back(self):
        self.write("cedo demais")
        atspi.key("Return", "ctrl+shift+u")  # at once: looking at the window takes a slow machine longer than the time to take back
        wait_until(lambda: not atspi.find_all(self.desktop.root, "panel", re.compile("cedo demais")), 10, "the message to go")
        wait_until(lambda: atspi.text_of(self.entry) == "cedo demais", 10, "the text to be back")
        atspi.key("ctrl+a", "BackSpace")

    def private_note(self):
        atspi.key("ctrl+shift+n")
        self.desktop.find("label", "Private note: only colleagues see this")
        self.write("so para nos")
        atspi.key("Return")
        self.assertEqual(self.latest("note", "so para nos")["sender"]["kind"], "agent")

    def canned_reply(self):
        self.write("/")
        self.desktop.find("list", "Suggestions")
        atspi.key("Return")
        text = wait_until(lambda: atspi.text_of(self.entry), 10, "the canned reply")
        self.assertNotIn("{{customer.first_name}}", text)
        self.assertNotIn("/", text[:1])
        atspi.key("ctrl+a", "BackSpace")

    def voice_note(self):
        tone = subprocess.Popen(["gst-launch-1.0", "-q", "audiotestsrc", "is-live=true", "freq=%d" % TONE, "volume=0.5", "!", "pulsesink", "device=microphone"])
        try:
            wait_until(lambda: subprocess.run(["pactl", "list", "short", "sink-inputs"], capture_output=True, check=True).stdout.strip(), 10, "the tone")
            atspi.key("ctrl+shift+r")
            self.desktop.find("label", re.compile(r"^0:(0[3-9]|[1-5]\d)$"), 60)
            atspi.picture("conversation-recording")
            atspi.key("ctrl+shift+r")
        finally:
            tone.terminate()
            tone.wait()
        attachment = self.latest("voice")["attachments"][0]
        self.assertGreaterEqual(attachment["duration_ms"], 2500)
        self.assertRegex(attachment["waveform"], "^([0-9a-f]{2}){10,128}$")
        path = os.path.join(OUT, "sent.oga")
        with open(path, "wb") as file:
            file.write(self.server.call("GET", "/files/" + attachment["file_id"], token=self.token, raw=True))
        samples = decode(path, "oggdemux ! opusdec")
        self.assertGreater(strength(samples, TONE), 20 * strength(samples, TONE * 1.4))
        atspi.picture("conversation-sent")
        self.rendition_of(attachment["file_id"])
        self.listen()

    def rendition_of(self, file_id):
        """For browsers without Ogg the desktop sends AAC after the note."""
        def search():
            for database in glob.glob(self.server.data + "/**/guiche.db", recursive=True):
                with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % database, uri=True)) as connection:
                    for row in connection.execute("SELECT rendition_id FROM file_renditions WHERE file_id = ?", (uuid.UUID(file_id).bytes,)):
                        return str(uuid.UUID(bytes=bytes(row[0])))
        path = os.path.join(OUT, "sent.m4a")
        with open(path, "wb") as file:
            file.write(self.server.call("GET", "/files/" + wait_until(search, 60, "the AAC form"), token=self.token, raw=True))
        samples = decode(path, "qtdemux ! avdec_aac")
        self.assertGreater(strength(samples, TONE), 20 * strength(samples, TONE * 1.4))

    def listen(self):
        atspi.press(self.desktop.find("button", "Play the voice note", 20))
        self.desktop.find("button", "Pause the voice note", 20)
        samples = hear(2)
        self.assertGreater(strength(samples, TONE), 10 * strength(samples, TONE * 1.4))


if __name__ == "__main__":
    unittest.main(verbosity=2)
