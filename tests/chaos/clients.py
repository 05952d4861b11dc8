# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents and visitors as the desktop and the chat page are: an outbox that repeats until it is answered, a stream that comes
back where it stopped, and what they hold. What they did is written down for the audit."""

import asyncio
import json
import random
import time
import uuid

from state import AgentState, VisitorState
from wire import Http, Lost, Refused, open_websocket

FIRST_BACK_OFF_S, LAST_BACK_OFF_S = 0.5, 30.0
SEEN_EVENTS, SEEN_BYTES = 200, 96 * 1024
AGAIN = {408, 425, 429, 500, 502, 503, 504}
AGAIN_CODES = ("unavailable", "rate-limited", "internal")
QUEUES = ("technical_urgent", "technical_normal", "commercial", "financial", "cancellation")
PARSED_MAX = 4000
AGENT_PASSWORD = "atender-bem"


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


class Visitor(Client):
    """A customer on the company's page: writes, reads what comes, and sometimes closes the tab before the answer."""
    STREAM_PATH = "/api/v1/webchat/stream"
    KIND = "visitor"

    def __init__(self, load, number):
        super().__init__(load, number, f"10.20.{number // 250}.{number % 250 + 1}")
        self.state = VisitorState()
        self.conversation_id = None

    async def come(self):
        queue = QUEUES[self.number % len(QUEUES)]
        reply = await self.persist("POST", f"/api/v1/webchat/{self.load.tenant}/visitors",
                                   {"name": f"Visitante {self.number}", "subject": queue, "client_id": str(uuid.uuid4())})
        if reply.status not in (200, 201):
            raise AssertionError(f"a visit was refused: {reply.status} {reply.body}")
        visit = reply.json()
        self.http.token, self.conversation_id = visit["token"], visit["conversation_id"]
        await self.take_snapshot()
        self.tasks.append(asyncio.create_task(self.listen()))

    async def take_snapshot(self):
        reply = await self.persist("GET", "/api/v1/webchat/conversation", None)
        if reply is not None:
            self.state.take_snapshot(reply.json())

    async def fresh(self):
        return (await self.http.get("/api/v1/webchat/conversation")).json()

    async def renew(self):
        return False

    def take_event(self, event):
        self.state.apply(event)

    def pause_before_return(self, code, attempt):
        if code in (1001, 1012):
            return 0.1 + self.dice.random() * 0.9
        return FIRST_BACK_OFF_S / 2 + self.dice.random() * min(LAST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** attempt)

    async def until_may_send(self, send):
        pass

    async def wait_to_repeat(self, failures):
        was_live = self.is_live
        end = time.monotonic() + FIRST_BACK_OFF_S / 2 + self.dice.random() * min(LAST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** failures)
        while (left := end - time.monotonic()) > 0 and not self.load.is_over:
            await self.wait_for_news(left)
            if self.is_live and not was_live:  # online again
                return
            was_live = self.is_live

    async def act(self):
        chance = self.dice.random()
        send = Send(self, self.conversation_id, "/api/v1/webchat/messages", self.message())
        if chance < 0.02:
            await self.walk_away(send)
        elif chance < 0.85:
            await self.deliver(send)
        else:
            await self.look()

    async def walk_away(self, send):
        """Sends it and is gone before the answer; who comes back later sends it again."""
        self.load.sends.append(send)
        send.attempts = 1
        request = asyncio.ensure_future(self.http.post(send.path, send.body))
        await asyncio.sleep(self.dice.random() * 0.02)
        request.cancel()
        self.http.close()

    async def look(self):
        last = max((message["seq"] for message in self.state.messages.values()), default=0)
        if last and self.dice.random() < 0.5:
            await self.persist("POST", "/api/v1/webchat/read", {"seq": last})
        elif last and self.is_live:
            self.stream.send(json.dumps({"op": "delivered", "ref": "delivered", "conversation_id": self.conversation_id, "seq": last}).encode())


class Agent(Client):
    """A colleague at the desktop: answers, takes what waits, passes on, closes, writes for later."""
    STREAM_PATH = "/api/v1/stream"
    KIND = "agent"

    def __init__(self, load, number, login, queue):
        super().__init__(load, number, f"10.30.{number // 250}.{number % 250 + 1}")
        self.login, self.queue = login, queue
        self.state = AgentState()
        self.refresh_token = None
        self.fetching = set()

    async def come(self):
        reply = await self.persist("POST", "/api/v1/auth/login", {"tenant": self.load.tenant, "login": self.login, "password": AGENT_PASSWORD}, timeout=120)
        if reply.status != 200:
            raise AssertionError(f"{self.login} was refused: {reply.status} {reply.body}")
        self.take_tokens(reply.json())
        await self.take_snapshot()
        self.tasks.append(asyncio.create_task(self.listen()))

    def take_tokens(self, session):
        self.http.token, self.refresh_token = session["token"], session["refresh_token"]

    async def renew(self):
        try:
            reply = await self.http.post("/api/v1/auth/refresh", {"refresh_token": self.refresh_token})
        except Lost:
            return True
        if reply.status == 200:
            self.take_tokens(reply.json())
        elif reply.status not in AGAIN:
            self.state.trouble.append(f"the session was lost: {reply.status} {reply.body}")
            return False
        return True

    async def take_snapshot(self):
        reply = await self.persist("GET", "/api/v1/snapshot", None)
        if reply is not None:
            self.state.take_snapshot(reply.json())

    async def fresh(self):
        return (await self.http.get("/api/v1/snapshot", timeout=120)).json()

    def take_event(self, event):
        if event["kind"] == "access.changed":
            self.stream.close_code = 4409  # a snapshot, then on
            self.stream.abort()
            return
        new = self.state.apply(event)
        if new is not None:
            task = asyncio.create_task(self.fetch_messages(new))
            self.fetching.add(task)
            task.add_done_callback(self.fetching.discard)

    async def fetch_messages(self, conversation_id):
        before = 1 << 30
        while before > 1:
            reply = await self.persist("GET", f"/api/v1/conversations/{conversation_id}/messages?before={before}&limit=200", None)
            if reply is None or reply.status == 404:  # it was passed on meanwhile
                return
            if reply.status != 200:
                self.state.trouble.append(f"messages of {conversation_id} were refused: {reply.status} {reply.body[:100]}")
                return
            page = reply.json()
            self.state.take_messages(conversation_id, page["items"])
            before = page["items"][0]["seq"] if page["has_more"] else 0

    def pause_before_return(self, code, attempt):
        return self.dice.random() * min(LAST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** attempt)

    async def until_may_send(self, send):
        if self.stream is None:
            send.note("no stream")
        while self.stream is None and not self.load.is_over:
            await self.wait_for_news(1)

    async def wait_to_repeat(self, failures):
        end = time.monotonic() + self.dice.random() * min(LAST_BACK_OFF_S, FIRST_BACK_OFF_S * 2 ** failures)
        was_up, was_live = self.stream, self.is_live
        while (left := end - time.monotonic()) > 0 and not self.load.is_over:
            await self.wait_for_news(left)
            if (self.stream is not None and was_up is None) or (self.is_live and not was_live):
                return
            was_up, was_live = self.stream, self.is_live

    def own_conversations(self):
        me = self.state.me["id"]
        return [row for row in self.state.tables["conversations"].values() if row.get("assignee_id") == me and row["state"] != "closed"]

    async def act(self):
        waiting = [row for row in self.state.tables["conversations"].values() if row["state"] == "waiting"]
        own = self.own_conversations()
        chance = self.dice.random()
        if waiting and (not own or chance < 0.15):
            # The longest waiting one, which others are after as well.
            await self.change(min(waiting, key=lambda row: (row.get("waiting_since") or 0, row["id"])), "accept", {})
        elif own:
            await self.work_on(self.dice.choice(own), chance)

    async def work_on(self, conversation, chance):
        path = f"/api/v1/conversations/{conversation['id']}"
        now_us = time.time_ns() // 1000
        if chance < 0.66:
            message = self.message(kind="note") if chance < 0.04 else self.message()
            await self.deliver(Send(self, conversation["id"], path + "/messages", message, by_stream=chance < 0.5))
        elif chance < 0.74:
            later = self.message(send_at=now_us + self.dice.randrange(1_000_000, 12_000_000))
            await self.deliver(Send(self, conversation["id"], path + "/messages", later))
        elif chance < 0.80:
            await self.persist("POST", path + "/read", {"seq": conversation["last_seq"]})
        elif chance < 0.84:
            await self.persist("PUT", path + "/draft", {"body": self.dice.choice(["", f"rascunho {self.count}"])})
        elif chance < 0.88:
            await self.change(conversation, "snooze", {"until": now_us + self.dice.randrange(1_000_000, 9_000_000)})
        elif chance < 0.93:
            await self.change(conversation, "transfer", {"queue": self.dice.choice(QUEUES)})
        elif chance < 0.96:
            colleagues = [user for user in self.state.tables["users"].values() if self.queue in user["queues"]]
            await self.change(conversation, "assign", {"user_id": self.dice.choice(colleagues)["id"]})
        else:
            await self.change(conversation, "close", {"reason": "resolvido"})

    async def change(self, conversation, action, body):
        reply = await self.persist("POST", f"/api/v1/conversations/{conversation['id']}/{action}", body,
                                   asked=(self.load.asked, (conversation["id"], action)))
        if reply is not None and reply.status == 200:
            self.load.changes.append((self, action, reply.json()))
