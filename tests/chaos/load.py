# SPDX-License-Identifier: GPL-3.0-or-later
"""All agents and visitors in one process, and what they did."""

import array
import asyncio
import collections
import json
import time

from agents import AGENT_PASSWORD, Agent
from clients import AGAIN, PARSED_MAX, QUEUES, Client
from visitors import Visitor
from wire import Http, Lost

COMING_AT_ONCE = 8
LAG_EVERY_S = 0.02


class Administrator(Client):
    """Sets the company up and looks at everything at the end."""
    KIND = "administrator"

    def __init__(self, load):
        super().__init__(load, 0, "10.40.0.1")

    async def wait_to_repeat(self, failures):
        await asyncio.sleep(0.2)

    async def renew(self):
        return await self.sign_in()

    async def sign_in(self):
        reply = await self.http.post("/api/v1/auth/login", {"tenant": self.load.tenant, "login": "admin", "password": self.load.password}, timeout=120)
        if reply.status == 200:
            self.http.token = reply.json()["token"]
        elif reply.status not in AGAIN:
            raise AssertionError(f"the administrator was refused: {reply.status} {reply.body}")
        return reply.status == 200

    async def call(self, method, path, body=None):
        reply = await self.persist(method, path, body, timeout=120)
        if reply.status not in (200, 201):
            raise AssertionError(f"{method} {path}: {reply.status} {reply.body[:300]}")
        return reply.json()


class Load:
    def __init__(self, cluster, seed, n_agents, n_visitors):
        self.host, self.port, self.seed = cluster.host, cluster.port, seed
        self.tenant, self.password = cluster.tenant, cluster.password
        self.sends, self.changes = [], []
        self.statuses = collections.Counter()
        self.asked = collections.Counter()  # (conversation id, action) → requests sent
        self.hints = 0
        self.lags = array.array("f")  # how late this process itself comes: a busy machine
        self.delays = array.array("f")  # from what happened to a live client that hears of it
        self.is_stopping = self.is_over = False
        self.stopped = asyncio.Event()
        self.parsed = {}
        self.administrator = Administrator(self)
        self.agents = [Agent(self, number, f"agente{number}", QUEUES[number % len(QUEUES)]) for number in range(n_agents)]
        self.visitors = [Visitor(self, number) for number in range(n_visitors)]
        self.tasks, self.housekeeping = [], []

    @property
    def clients(self):
        return self.agents + self.visitors

    def parse(self, text):
        """An event's text is parsed once for all who hear the same bytes."""
        event = self.parsed.get(text)
        if event is None:
            if len(self.parsed) >= PARSED_MAX:
                self.parsed.clear()
            event = self.parsed[text] = json.loads(text)
        return event

    def note_delay(self, seconds):
        self.delays.append(seconds)

    def take_delays(self):
        """Those of events and of this process since the last time, sorted."""
        taken = sorted(self.delays), sorted(self.lags)
        self.delays, self.lags = array.array("f"), array.array("f")
        return taken

    async def watch_lag(self):
        while not self.is_over:
            due = time.monotonic() + LAG_EVERY_S
            await asyncio.sleep(LAG_EVERY_S)
            self.lags.append(time.monotonic() - due)

    def note_status(self, reply):
        self.statuses[f"{reply.status} {reply.code}"] += 1

    def note_code(self, code):
        self.statuses["stream " + code] += 1

    async def rest(self, seconds):
        try:
            async with asyncio.timeout(seconds):
                await self.stopped.wait()
        except TimeoutError:
            pass

    async def set_up(self):
        """Makes the agents' accounts and puts each into a queue."""
        while not await self.administrator.sign_in():
            await asyncio.sleep(0.2)
        known = {user["login"]: user["id"] for user in (await self.administrator.call("GET", "/api/v1/users"))["items"]}
        members = {key: [] for key in QUEUES}
        for agent in self.agents:
            if agent.login not in known:
                user = await self.administrator.call("POST", "/api/v1/users", {"login": agent.login, "name": f"Agente {agent.number}", "role": "agent", "password": AGENT_PASSWORD})
                known[agent.login] = user["id"]
            members[agent.queue].append(known[agent.login])
        for key, users in members.items():
            if users:
                await self.administrator.call("PATCH", f"/api/v1/queues/{key}", {"members": users})

    async def begin(self, agent_pace_s, visitor_pace_s):
        """Everybody comes; agents first, so that they hear of every visit."""
        for clients in (self.agents, self.visitors):
            turns = asyncio.Semaphore(COMING_AT_ONCE)

            async def come(client, turns=turns):
                async with turns:
                    await client.come()

            await asyncio.gather(*(come(client) for client in clients))
        self.tasks = [asyncio.create_task(client.run(pace)) for clients, pace in ((self.agents, agent_pace_s), (self.visitors, visitor_pace_s))
                      for client in clients]
        self.housekeeping = [asyncio.create_task(self.acknowledge_events()), asyncio.create_task(self.watch_lag())]

    async def acknowledge_events(self):
        while not self.is_over:
            await asyncio.sleep(0.8)
            for client in self.clients:
                if client.unseen:
                    client.say_seen()

    async def stop(self, deadline_s):
        """Everybody finishes what they are doing; who cannot within the deadline gives up."""
        self.is_stopping = True
        self.stopped.set()
        await asyncio.wait(self.tasks, timeout=deadline_s)
        for task in self.tasks:
            if task.done() and task.exception() is not None:
                raise task.exception()

    async def settle(self, deadline_s, quiet_s=1.5):
        """Until every stream is live and nothing has been heard for a while; False when that does not come."""
        end, last, since = time.monotonic() + deadline_s, None, time.monotonic()
        while time.monotonic() < end:
            now = (sum(client.state.seq for client in self.clients), sum(len(agent.fetching) for agent in self.agents))
            if now != last or now[1] or not all(client.is_live for client in self.clients):
                last, since = now, time.monotonic()
            elif time.monotonic() - since > quiet_s:
                return True
            await asyncio.sleep(0.1)
        return False

    def close(self):
        self.is_over = True
        for task in self.tasks + self.housekeeping:
            task.cancel()
        for client in self.clients + [self.administrator]:
            client.close()


async def wait_until_served(host, port, deadline_s):
    """Until the balancer has somebody behind it."""
    http, end = Http(host, port, "10.40.0.2"), time.monotonic() + deadline_s
    while time.monotonic() < end:
        try:
            if (await http.get("/health/ready", timeout=2)).status == 200:
                http.close()
                return
        except Lost:
            pass
        await asyncio.sleep(0.05)
    raise AssertionError("no node became ready behind the balancer")
