# SPDX-License-Identifier: GPL-3.0-or-later
"""Colleagues, as the desktop is."""

import asyncio
import time

from clients import AGAIN, FIRST_BACK_OFF_S, LAST_BACK_OFF_S, QUEUES, Client, Send
from state import AgentState
from wire import Lost

AGENT_PASSWORD = "atender-bem"


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
