# SPDX-License-Identifier: GPL-3.0-or-later
"""What agents and visitors have in common: an outbox that repeats until it is answered, and a stream that comes back where it
stopped. What they did is written down for the audit."""

import asyncio
import json
import random
import time
import uuid

from wire import Http, Lost, Refused, open_websocket

FIRST_BACK_OFF_S, LAST_BACK_OFF_S = 0.5, 30.0
SEEN_EVENTS, SEEN_BYTES = 200, 96 * 1024
AGAIN = {408, 425, 429, 500, 502, 503, 504}
AGAIN_CODES = ("unavailable", "rate-limited", "internal")
QUEUES = ("technical_urgent", "technical_normal", "commercial", "financial", "cancellation")
PARSED_MAX = 4000


class Send:
    """One message on its way: what was sent, what was answered, when and how often it was tried."""
    __slots__ = ("client", "client_id", "conversation_id", "body", "path", "pressed", "acked", "attempts", "answer", "refusal", "is_scheduled", "by_stream", "trail")

    def __init__(self, client, conversation_id, path, body, by_stream=False):
        self.client, self.conversation_id, self.path, self.body = client, conversation_id, path, body
        self.client_id, self.by_stream = body["client_id"], by_stream
        self.is_scheduled = "send_at" in body
        self.pressed, self.acked = time.monotonic(), None
        self.attempts, self.answer, self.refusal = 0, None, None
        self.trail = []  # what went wrong on the way, for the report

    def note(self, text):
        if len(self.trail) < 20:
            self.trail.append(f"{time.monotonic() - self.pressed:.1f} s {text}")


class Client:
    """What agents and visitors have in common."""
    STREAM_PATH = ""
    KIND = ""

    def __init__(self, load, number, address):
        self.load, self.number = load, number
        self.name = f"{self.KIND} {number}"
        self.http = Http(load.host, load.port, address)
        self.dice = random.Random(f"{load.seed} {self.name}")
        self.stream = None
        self.is_live = False
        self.was_told = asyncio.Event()  # the stream's state changed
        self.waiting = {}  # ref → future of an answer over the stream
        self.unseen = self.unseen_bytes = self.seen_seq = 0
        self.connections = 0
        self.tasks = []
        self.count = 0

    # -- the stream

    async def listen(self):
        attempt = 0
        while not self.load.is_over:
            down = asyncio.get_running_loop().create_future()
            try:
                path = f"{self.STREAM_PATH}?since={self.state.seq}"
                self.stream = await open_websocket(self.http, path, self.on_text, lambda code, down=down: down.done() or down.set_result(code))
                self.connections += 1
                self.tell()
                code = await down
                attempt = 0 if self.is_live else attempt
            except Lost as lost:
                code = 1006
                if isinstance(lost, Refused) and lost.status == 401:
                    await self.renew()
            self.go_down()
            if code == 4409:
                await self.take_snapshot()
            elif code == 4401:
                await self.renew()
            pause = self.pause_before_return(code, attempt)
            attempt = min(attempt + 1, 10)
            await asyncio.sleep(pause)

    def go_down(self):
        self.stream, self.is_live = None, False
        for answer in self.waiting.values():
            if not answer.done():
                answer.set_exception(Lost("the stream ended"))
        self.waiting.clear()
        self.tell()

    def tell(self):
        self.was_told.set()
        self.was_told = asyncio.Event()

    def on_text(self, text):
        if text.startswith(b'{"seq":'):
            event = self.load.parse(text)
            if self.is_live:
                self.load.note_delay(time.time() - event["at"] / 1e6)
            self.take_event(event)
            self.unseen += 1
            self.unseen_bytes += len(text)
            if self.unseen >= SEEN_EVENTS or self.unseen_bytes >= SEEN_BYTES:
                self.say_seen()
            return
        frame = json.loads(text)
        if frame.get("op") == "ready":
            self.is_live = True
            self.tell()
        elif frame.get("ref") in self.waiting:
            answer = self.waiting.pop(frame["ref"])
            if not answer.done():
                answer.set_result(frame)
        elif frame.get("op") == "reconnect":
            self.load.hints += 1

    def say_seen(self):
        self.unseen = self.unseen_bytes = 0
        if self.stream is not None and self.state.seq > self.seen_seq:
            self.seen_seq = self.state.seq
            self.stream.send(b'{"op":"seen","seq":%d}' % self.state.seq)

    # -- the outbox

    async def deliver(self, send):
        """Repeats until the server has decided, as long as the load goes on; appends to the history."""
        self.load.sends.append(send)
        failures = 0
        while not self.load.is_over:
            await self.until_may_send(send)
            if self.load.is_over:
                return send
            send.attempts += 1
            try:
                if await self.try_once(send):
                    return send
            except Lost as lost:
                send.note(str(lost))
            await self.wait_to_repeat(failures)
            failures += 1
        return send

    async def try_once(self, send):
        if send.by_stream and self.is_live:
            return await self.try_on_stream(send)
        reply = await self.http.post(send.path, send.body)
        if reply.status in (200, 201):
            self.take_answer(send, reply.json())
        elif reply.status in AGAIN or (reply.status == 401 and await self.renew()):
            self.load.note_status(reply)
            send.note(f"{reply.status} {reply.code}")
            return False
        else:
            send.refusal, send.acked = reply.code or str(reply.status), time.monotonic()
        return True

    async def try_on_stream(self, send):
        answer = self.waiting[send.client_id] = asyncio.get_running_loop().create_future()
        request = dict(send.body, op="message.send", ref=send.client_id, conversation_id=send.conversation_id)
        self.stream.send(json.dumps(request).encode())
        frame = await answer
        if frame["op"] == "ack":
            self.take_answer(send, frame["message"])
        elif frame["error"]["code"] in AGAIN_CODES:
            self.load.note_code(frame["error"]["code"])
            send.note(frame["error"]["code"])
            return False
        else:
            send.refusal, send.acked = frame["error"]["code"], time.monotonic()
        return True

    @staticmethod
    def take_answer(send, record):
        send.answer, send.acked = record, time.monotonic()

    async def wait_for_news(self, seconds):
        """Until the stream's state changes, at most @seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self.was_told.wait()
        except TimeoutError:
            pass

    def message(self, **more):
        self.count += 1
        return {"client_id": str(uuid.uuid4()), "body": f"{self.name}: linha {self.count}", **more}

    async def persist(self, method, path, body, timeout=30, asked=None):
        """A request that is repeated until there is an answer; None when the load ended first. @asked: a counter and its key."""
        failures = 0
        while not self.load.is_over:
            before = self.http.resent
            try:
                reply = await self.http.request(method, path, body, timeout=timeout)
                if reply.status not in AGAIN and not (reply.status == 401 and await self.renew()):
                    return reply
                self.load.note_status(reply)
            except Lost:
                pass
            finally:
                if asked is not None:
                    asked[0][asked[1]] += 1 + self.http.resent - before
            await self.wait_to_repeat(failures)
            failures += 1
        return None

    async def run(self, pace_s):
        await asyncio.sleep(self.dice.random() * pace_s)
        while not self.load.is_stopping:
            await self.act()
            await self.load.rest(self.dice.uniform(0.5, 1.5) * pace_s)

    def close(self):
        for task in self.tasks:
            task.cancel()
        if self.stream is not None:
            self.stream.abort()
        self.http.close()
