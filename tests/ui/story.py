#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job with everything real: a customer in Chromium, guiched, and guiche under Xvfb driven by AT-SPI, with a Secret
Service, a notification daemon and PulseAudio. Run inside desktop-session; GUICHE, GUICHED and NODE name the programs."""
import array
import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import atspi  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.environ["OUT"]
RATE = 48000
AGENT_TONE, CUSTOMER_TONE = 700, 1300
SLOW = 3 if os.environ.get("GUICHE_SANITIZED") else 1


def strength(samples, frequency):
    """How strong a frequency is (Goertzel)."""
    k = 2 * math.cos(2 * math.pi * frequency / RATE)
    s1 = s2 = 0.0
    for value in samples:
        s1, s2 = value + k * s1 - s2, s1
    return math.sqrt(max(0.0, s1 * s1 + s2 * s2 - k * s1 * s2)) / max(1, len(samples))


def make_tone(path, frequency, seconds):
    subprocess.run(["sox", "-n", "-r", str(RATE), "-c", "1", "-b", "16", path, "synth", str(seconds), "sine", str(frequency), "vol", "0.6"], check=True)


class Server:
    def __init__(self):
        self.data = tempfile.mkdtemp(prefix="guiche-story-")
        self.port = 0
        self.start()

    def start(self):
        environment = dict(os.environ, GUICHE_DEMO_VISIT_INTERVAL_S="0", GUICHE_LIMITS_ENABLED="false")
        self.log = open(os.path.join(OUT, "guiched.log"), "a")
        self.process = subprocess.Popen([os.environ["GUICHED"], "--data", self.data, "--port", str(self.port), "--demo"],
                                        stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True)
        ready = json.loads(self.process.stdout.readline())
        self.url, self.chat = ready["url"], ready["chat"]
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self):
        self.process.kill()
        self.process.wait()

    def call(self, method, path, body=None, token=None, raw=False):
        request = urllib.request.Request(self.url + "/api/v1" + path, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", "Bearer " + token)
        with urllib.request.urlopen(request, timeout=60) as reply:
            data = reply.read()
        return data if raw else json.loads(data)


class Customer:
    """The browser: see customer.mjs."""

    def __init__(self, microphone):
        environment = dict(os.environ, GUICHE_BROWSER_MICROPHONE=microphone)
        self.process = subprocess.Popen([os.environ["NODE"], os.path.join(HERE, "customer.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=open(os.path.join(OUT, "browser.log"), "w"), text=True, env=environment)

    def does(self, deed, **details):
        self.process.stdin.write(json.dumps({"do": deed, **details}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if not answer["ok"]:
            raise AssertionError("the customer could not %s: %s" % (deed, answer["error"]))
        return answer

    def leave(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Desktop:
    def __init__(self):
        self.start()

    def start(self):
        self.log = open(os.path.join(OUT, "guiche.log"), "a")
        self.process = subprocess.Popen([os.environ["GUICHE"]], stdout=self.log, stderr=subprocess.STDOUT)
        self.root = atspi.application("guiche", 30 * SLOW)

    def kill(self):
        self.process.kill()
        self.process.wait()
        atspi.wait_until(lambda: not any(a and a.name == "guiche" for a in atspi.pyatspi.Registry.getDesktop(0)), 10, "the desktop to go")

    def find(self, role, name, timeout=15):
        return atspi.find(self.root, role, name, timeout * SLOW)

    def press(self, name, timeout=15):
        atspi.press(self.find("button", name, timeout))


def hear(seconds):
    """What the desktop plays for so long, as samples."""
    path = os.path.join(OUT, "speakers.raw")
    with open(path, "wb") as file:
        recording = subprocess.Popen(["parec", "--device=speakers.monitor", "--format=s16le", "--rate=%d" % RATE, "--channels=1"], stdout=file)
        time.sleep(seconds)  # the length of the recording itself
        recording.terminate()
        recording.wait()
    return load_samples(path)


def load_samples(path, skip=0):
    with open(path, "rb") as file:
        data = file.read()[skip:]
    return array.array("h", data[:len(data) // 2 * 2])


class Story(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="guiche-story-")
        tone = os.path.join(self.folder, "customer.wav")
        make_tone(tone, CUSTOMER_TONE, 20)
        self.server = Server()
        self.customer = Customer(tone)
        self.desktop = None
        self.tone = None

    def tearDown(self):
        result = self._outcome.result if hasattr(self._outcome, "result") else None
        if result is not None and (result.failures or result.errors):
            atspi.picture("story-failed")
        if self.tone:
            self.tone.kill()
        if self.desktop:
            with open(os.path.join(OUT, "tree.txt"), "w") as file:
                file.write(atspi.dump(self.desktop.root))
            self.desktop.process.terminate()
            self.desktop.process.wait(timeout=20 * SLOW)
        self.customer.leave()
        self.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.server.process.wait(timeout=60), 0)

    def test_a_customer_writes_and_an_agent_answers(self):
        self.sign_in()
        conversation = self.a_visit_is_accepted_in_its_notification()
        self.text_goes_both_ways(conversation)
        self.a_voice_note_of_the_agent_is_heard(conversation)
        self.a_voice_note_of_the_customer_is_heard(conversation)
        self.a_killed_server_loses_nothing(conversation)
        self.a_killed_desktop_keeps_the_draft()
        self.closed_and_reopened(conversation)
        self.both_see_the_same(conversation)

    def sign_in(self):
        self.desktop = Desktop()
        atspi.activate_row(self.desktop.root, "Connect to a Server")
        for name, value in (("Address", self.server.url), ("Company", "demo"), ("User", "ana"), ("Password", "guiche")):
            atspi.set_text(self.desktop.find("entry", name), value)
        atspi.picture("story-1-sign-in")
        self.desktop.press("Sign In")
        self.desktop.find("list", "Conversations", 30)
        found = subprocess.run(["secret-tool", "search", "--all", "login", "ana"], capture_output=True, text=True)
        self.assertIn("ana", found.stdout + found.stderr)
        self.token = self.server.call("POST", "/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})["token"]

    def a_visit_is_accepted_in_its_notification(self):
        visit = self.customer.does("open", chat=self.server.chat, name="Maria das Dores", subject="Suporte técnico")["visit"]
        self.customer.does("write", text="Minha internet caiu")
        self.customer.does("status", text="na fila|próximo")
        atspi.press_notification_action("Accept (Maria das Dores)", 15 * SLOW)
        self.desktop.find("panel", re.compile("Maria das Dores.*Minha internet caiu"))
        self.customer.does("status", text="Em atendimento com Ana")
        atspi.picture("story-2-accepted")
        conversation = visit["conversation_id"]
        self.assertEqual(self.server.call("GET", "/conversations/" + conversation, token=self.token)["state"], "open")
        return conversation

    def write(self, text):
        atspi.focus_window("^Guichê$")
        atspi.key("ctrl+l")
        atspi.set_text(self.desktop.find("entry", re.compile("^Write to")), text)
        atspi.key("Return")

    def text_goes_both_ways(self, conversation):
        self.write("Bom dia, Maria! Vou verificar.")
        self.customer.does("see", text="Bom dia, Maria! Vou verificar.")
        self.customer.does("write", text="O LED está vermelho")
        self.desktop.find("panel", re.compile("O LED está vermelho"))
        self.customer.does("see-state", state="lida")
        atspi.wait_until(lambda: self.message(conversation, "Bom dia, Maria! Vou verificar.")["state"] == 3, 15 * SLOW, "the read mark of the customer")

    def messages(self, conversation):
        return self.server.call("GET", "/conversations/%s/messages?limit=200" % conversation, token=self.token)["items"]

    def message(self, conversation, body):
        return next(message for message in self.messages(conversation) if message["body"] == body)

    def a_voice_note_of_the_agent_is_heard(self, conversation):
        tone = os.path.join(self.folder, "agent.wav")
        make_tone(tone, AGENT_TONE, 60)
        self.tone = subprocess.Popen(["paplay", "--device=microphone", tone])
        atspi.focus_window("^Guichê$")
        atspi.key("ctrl+shift+r")
        self.desktop.find("button", "Send the voice note")
        self.desktop.find("label", re.compile(r"^0:(0[3-9]|[1-5]\d)"))
        atspi.picture("story-3-recording")
        self.desktop.press("Send the voice note")
        note = atspi.wait_until(lambda: next((m for m in self.messages(conversation) if m["kind"] == "voice"), None), 20 * SLOW, "the voice note")
        self.tone.kill()
        attachment = note["attachments"][0]
        self.assertEqual(attachment["type"], "audio/ogg")
        self.assertRegex(attachment["waveform"], "^([0-9a-f]{2}){16,128}$")
        self.assertGreater(attachment["duration_ms"], 2500)
        path = os.path.join(self.folder, "note.ogg")
        with open(path, "wb") as file:
            file.write(self.server.call("GET", "/files/" + attachment["file_id"], token=self.token, raw=True))
        wave = os.path.join(self.folder, "note.wav")
        subprocess.run(["opusdec", "--quiet", "--rate", str(RATE), path, wave], check=True)
        self.assert_tone(load_samples(wave, skip=44)[RATE // 2:RATE * 2], AGENT_TONE)
        self.customer.does("hear")

    def assert_tone(self, samples, frequency):
        levels = {other: strength(samples, other) for other in (440, AGENT_TONE, 1000, CUSTOMER_TONE, 2000)}
        others = max(level for other, level in levels.items() if other != frequency)
        self.assertGreater(levels[frequency], 10 * others, levels)
        self.assertGreater(levels[frequency], 100, levels)

    def a_voice_note_of_the_customer_is_heard(self, conversation):
        self.customer.does("record", seconds=3)
        atspi.wait_until(lambda: len([m for m in self.messages(conversation) if m["kind"] == "voice"]) == 2, 20 * SLOW, "the voice note of the customer")
        self.desktop.find("panel", re.compile("Maria das Dores.*[Vv]oice note"))
        players = atspi.wait_until(lambda: self.players(2), 15 * SLOW, "two voice notes to play")
        atspi.press(players[-1])
        self.assert_tone(self.loudest(hear(2.5)), CUSTOMER_TONE)
        atspi.picture("story-4-voice")

    def players(self, count):
        found = atspi.find_all(self.desktop.root, "button", re.compile("^Play the voice note"))
        return found if len(found) == count else None

    @staticmethod
    def loudest(samples):
        """The loudest second: playing starts when it starts."""
        step = RATE // 4
        starts = range(0, max(1, len(samples) - RATE), step)
        best = max(starts, key=lambda start: sum(abs(value) for value in samples[start:start + RATE:16]))
        return samples[best:best + RATE]

    def a_killed_server_loses_nothing(self, conversation):
        self.server.kill()
        self.write("escrita com o servidor morto")
        self.desktop.find("label", re.compile("^Offline"), 20)
        atspi.picture("story-5-offline")
        self.server.start()
        self.customer.does("see", text="escrita com o servidor morto")
        self.token = self.server.call("POST", "/auth/login", {"tenant": "demo", "login": "ana", "password": "guiche"})["token"]
        self.assertEqual(len([m for m in self.messages(conversation) if m["body"] == "escrita com o servidor morto"]), 1)

    def a_killed_desktop_keeps_the_draft(self):
        atspi.focus_window("^Guichê$")
        atspi.set_text(self.desktop.find("entry", re.compile("^Write to Maria")), "um rascunho")
        self.desktop.find("panel", re.compile("^Maria das Dores,.*draft"))
        self.desktop.kill()
        self.desktop.start()
        row = self.desktop.find("panel", re.compile("^Maria das Dores,.*draft"), 20)
        self.assertIsNotNone(row)
        atspi.focus_window("^Guichê$")
        atspi.key("ctrl+Page_Down")
        entry = self.desktop.find("entry", re.compile("^Write to Maria"))
        atspi.wait_until(lambda: atspi.text_of(entry) == "um rascunho", 10, "the draft")
        atspi.set_text(entry, "")

    def closing_dialog(self):
        return next((window for window in self.desktop.root if window.name == "Close Conversation"), None)

    def closed_and_reopened(self, conversation):
        atspi.focus_window("^Guichê$")
        atspi.key("ctrl+shift+w")
        dialog = atspi.wait_until(self.closing_dialog, 15 * SLOW, "the dialog")
        atspi.press(atspi.find(dialog, "button", re.compile("Close$")))
        self.customer.does("status", text="Conversa encerrada")
        self.assertEqual(self.server.call("GET", "/conversations/" + conversation, token=self.token)["state"], "closed")
        self.customer.does("write", text="Voltou a cair")
        atspi.wait_until(lambda: self.server.call("GET", "/conversations/" + conversation, token=self.token)["state"] in ("open", "waiting"), 15, "it to be open again")
        self.desktop.find("label", re.compile("Voltou a cair"), 20)
        atspi.picture("story-6-reopened")

    def both_see_the_same(self, conversation):
        expected = [m["body"] for m in self.messages(conversation) if m["kind"] == "text"]
        self.assertEqual(len(expected), len(set(expected)))
        self.assertEqual(self.customer.does("bodies")["bodies"], expected)
        self.customer.does("reload")
        self.customer.does("see", text="Voltou a cair")
        self.assertEqual(self.customer.does("bodies")["bodies"], expected)


if __name__ == "__main__":
    unittest.main(verbosity=2)
