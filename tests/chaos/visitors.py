# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers, as the chat page is."""

import asyncio
import json
import time
import uuid

from clients import FIRST_BACK_OFF_S, LAST_BACK_OFF_S, QUEUES, Client, Send
from state import VisitorState


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
