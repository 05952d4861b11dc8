# SPDX-License-Identifier: GPL-3.0-or-later
"""What must hold after everything (the invariants I1 to I6 and I9 of the tests' README): compares what clients were told and
hold with what the database holds. Returns findings, one line each; none: all is well."""

import asyncio
import collections
import json
import time
import uuid

from wire import Lost

AT_ONCE = 6
SHOWN = 5
CLOCK_SLACK_US = 100_000


class Audit:
    def __init__(self, cluster, load):
        self.cluster, self.load = cluster, load
        self.findings = []
        self.notes = []
        self.truth, self.conversations = {}, {}  # id → {message id: message}, id → record
        self.by_client_id = collections.defaultdict(list)

    def find(self, what, lines):
        lines = list(lines)
        if lines:
            self.findings.append(f"{what}: {len(lines)}")
            self.findings += ["    " + line[:600] for line in lines[:SHOWN]]

    async def run(self):
        await self.read_truth()
        self.check_order()
        self.check_sends()
        await self.check_clients()
        self.check_events()
        self.check_changes()
        self.check_scheduled()
        self.check_jobs()
        await self.check_chain()
        await self.check_repeats()
        return self.findings

    async def each(self, items, do):
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(item):
            async with turns:
                await do(item)

        await asyncio.gather(*(one(item) for item in items))

    # -- what the server holds

    async def read_truth(self):
        ids = {visitor.conversation_id for visitor in self.load.visitors if visitor.conversation_id}
        for agent in self.load.agents:
            ids |= agent.state.tables["conversations"].keys()
        await self.each(sorted(ids), self.read_conversation)

    async def read_conversation(self, conversation_id):
        http, path = self.load.administrator, f"/api/v1/conversations/{conversation_id}"
        reply = await http.persist("GET", path, None)
        if reply.status != 200:
            return  # an internal one the administrator is no member of
        self.conversations[conversation_id] = reply.json()
        items, before = {}, 1 << 30
        while before > 1:
            page = await http.call("GET", f"{path}/messages?before={before}&limit=200")
            items.update((message["id"], message) for message in page["items"])
            before = page["items"][0]["seq"] if page["has_more"] else 0
        self.truth[conversation_id] = items
        for message in items.values():
            if message.get("client_id"):
                self.by_client_id[message["client_id"]].append(message)

    def check_order(self):
        """I3: in each conversation seq is 1..n, and ids and times follow it."""
        self.find("conversations whose messages are not 1..n", (
            f"{conversation_id}: {sorted(m['seq'] for m in items.values())[:40]}" for conversation_id, items in self.truth.items()
            if sorted(m["seq"] for m in items.values()) != list(range(1, len(items) + 1))))
        self.find("conversations whose last_seq is not that of their last message", (
            f"{conversation_id}: {record['last_seq']} but {len(self.truth[conversation_id])} messages" for conversation_id, record in self.conversations.items()
            if record["last_seq"] != len(self.truth[conversation_id])))

    def check_sends(self):
        """I1: acknowledged exactly once, as acknowledged; I2: not acknowledged at most once; refused not at all."""
        wrong, twice, refused, orders = [], [], [], collections.defaultdict(list)
        for send in self.load.sends:
            found = self.by_client_id.get(send.client_id, [])
            if len(found) > 1:
                twice.append(f"{send.client.name} {send.client_id}: {len(found)} times")
            elif send.refusal is not None and found:
                refused.append(f"{send.client.name} {send.client_id}: {send.refusal} but stored, {send.attempts} attempts")
            elif send.answer is not None and not send.is_scheduled:
                told = (send.answer["id"], send.answer["seq"], send.body["body"])
                if [(m["id"], m["seq"], m["body"]) for m in found] != [told]:
                    wrong.append(f"{send.client.name} {send.client_id}: told {told}, stored {[(m['id'], m['seq'], m['body']) for m in found]}, {send.attempts} attempts")
                orders[send.client, send.conversation_id].append(send.answer["seq"])
        self.find("I1: acknowledged messages that are not there exactly once as acknowledged", wrong)
        self.find("I1, I2: messages there more than once", twice)
        self.find("I2: refused messages that are there", refused)
        self.find("I3: senders whose order was not kept", (f"{client.name} in {conversation}: {seqs[:40]}" for (client, conversation), seqs in orders.items()
                                                            if seqs != sorted(set(seqs))))
        acked = [send for send in self.load.sends if send.answer is not None]
        unknown = [send for send in self.load.sends if send.answer is None and send.refusal is None]
        stored = sum(1 for send in unknown if send.client_id in self.by_client_id)
        self.notes.append(f"{len(acked):,} messages acknowledged ({sum(1 for s in acked if s.attempts > 1):,} after more than one attempt, "
                          f"{sum(1 for s in acked if s.is_scheduled):,} to be sent later), {len(unknown):,} without an answer ({stored:,} of them stored), "
                          f"refused: {dict(collections.Counter(s.refusal for s in self.load.sends if s.refusal is not None))}")

    # -- what clients hold

    async def check_clients(self):
        """I4: what every client holds by its events is what a fresh read says."""
        self.find("clients that were told wrongly", (f"{client.name}: {line}" for client in self.load.clients for line in client.state.trouble))
        began, differing = time.monotonic(), []

        async def check(client):
            lines = await self.client_differences(client)
            if lines:
                differing.append(f"{client.name}: {len(lines)} differences; {lines[0]}")

        await self.each(self.load.clients, check)
        self.find("I4: clients that do not hold what the server holds", differing)
        self.notes.append(f"{len(self.load.clients):,} clients compared with fresh reads in {time.monotonic() - began:.0f} s")

    async def client_differences(self, client):
        try:
            snapshot = await client.fresh()
        except (Lost, ValueError) as error:
            return [f"could not be read: {error}"]
        lines = client.state.differences(snapshot)
        if client in self.load.visitors:
            return lines
        for conversation_id, row in client.state.tables["conversations"].items():
            record = self.conversations.get(conversation_id)
            if record is not None and {k: v for k, v in row.items() if v is not None} != {k: v for k, v in record.items() if v is not None}:
                lines.append(f"conversation: holds {row}, the server {record}")
            if row["kind"] == "customer" and not client.state.may_see(row):
                lines.append(f"I5: holds conversation {conversation_id}, which it may not see")
        return lines + client.state.message_differences(self.truth)

    # -- the database itself

    def check_events(self):
        """Events have no holes, and their order is that of the commits."""
        rows = self.cluster.rows("SELECT seq, at, kind, data FROM events ORDER BY seq")
        self.events = [(int(seq), int(at), kind, json.loads(data)) for seq, at, kind, data in rows]
        self.find("holes in the events", (f"{after[0]} follows {before[0]}" for before, after in zip(self.events, self.events[1:]) if after[0] != before[0] + 1))
        self.notes.append(f"{len(self.events):,} events")
        if self.cluster.use_sqlite:
            return
        rows = self.cluster.rows("SELECT seq, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint FROM events "
                                 "WHERE pg_xact_commit_timestamp(xmin) IS NOT NULL ORDER BY seq")
        self.find("events that are not in the order of their commits", (f"{after} committed before {before}" for before, after in zip(rows, rows[1:])
                                                                       if int(after[1]) < int(before[1])))

    def check_changes(self):
        """I6: who was told that a conversation is theirs had it; every change that was answered is an event."""
        history = collections.defaultdict(list)
        for _, _, kind, data in self.events:
            if kind.startswith("conversation.") and "conversation" in data:
                record = data["conversation"]
                history[record["id"]].append((record["updated_at"], record.get("assignee_id"), record["state"], record.get("queue")))
        wrong, owners = [], collections.defaultdict(set)
        for agent, action, record in self.load.changes:
            told = (record["updated_at"], record.get("assignee_id"), record["state"], record.get("queue"))
            before = [entry for entry in history[record["id"]] if entry[0] <= told[0]]
            if not before or told[1:2] + told[3:] not in [entry[1:2] + entry[3:] for entry in before if entry[0] == before[-1][0]]:
                wrong.append(f"{agent.name} {action} {record['id']}: told {told}, events {before[-2:]}")
            if action == "accept":
                owners[record["id"], record.get("opened_at"), record["updated_at"]].add(record.get("assignee_id"))
                if record.get("assignee_id") != agent.state.me["id"]:
                    wrong.append(f"{agent.name} accepted {record['id']} for {record.get('assignee_id')}")
        self.find("I6: changes that were answered but are not what happened", wrong)
        self.find("I6: conversations given to two", (f"{key}: {who}" for key, who in owners.items() if len(who) > 1))
        self.check_audit_entries()
        self.notes.append(f"{len(self.load.changes):,} changes of conversations answered ({sum(1 for change in self.load.changes if change[1] == 'accept'):,} accepted)")

    def check_audit_entries(self):
        """Nobody takes what another has, and no request was carried out more often than it was sent."""
        hexadecimal = "hex(entity)" if self.cluster.use_sqlite else "encode(entity, 'hex')"
        stolen, done = [], collections.Counter()
        for entity, action, detail in self.cluster.rows(f"SELECT {hexadecimal}, action, detail FROM audit WHERE action LIKE 'conversation.%'"):
            change, conversation_id = json.loads(detail), str(uuid.UUID(entity))
            done[conversation_id, action.partition(".")[2]] += 1
            if action == "conversation.accept" and change.get("from_assignee_id") not in (None, change.get("assignee_id")):
                stolen.append(f"{conversation_id}: {detail}")
        self.find("I6: conversations accepted while somebody else had them", stolen)
        # A message accepts or opens again as well.
        self.find("changes carried out more often than they were asked for", (
            f"{action} of {conversation_id}: {count} times, asked {self.load.asked[conversation_id, action]} times"
            for (conversation_id, action), count in done.items() if action in ("transfer", "assign", "close", "snooze") and count > self.load.asked[conversation_id, action]))

    def check_scheduled(self):
        """Each message that was to be sent later was sent once, or came back as a draft."""
        removed, drafts = collections.Counter(), set()
        for _, _, kind, data in self.events:
            if kind == "scheduled.removed":
                removed[data["id"]] += 1
            elif kind == "draft.saved":
                drafts.update(data["draft"]["body"].split("\n"))
        wrong, late = [], []
        for send in self.load.sends:
            if not send.is_scheduled or send.answer is None:
                continue
            found = self.by_client_id.get(send.client_id, [])
            is_message = "seq" in send.answer  # the request was repeated after its time had come
            if (not is_message and removed[send.answer["id"]] != 1) or (len(found) != 1 and send.body["body"] not in drafts):
                wrong.append(f"{send.client.name} {send.answer['id']}: removed {removed[send.answer['id']]} times, stored {len(found)} times")
            elif found:
                late.append((found[0]["at"] - send.body["send_at"]) / 1e6)
                if late[-1] < 0:
                    wrong.append(f"{send.client.name} {send.answer['id']}: sent {-late[-1]:.3f} s early")
        self.find("messages to be sent later that were not sent exactly once", wrong)
        if late:
            late.sort()
            self.notes.append(f"{len(late):,} messages sent later, late by p50 {late[len(late) // 2]:.2f} s, p99 {late[len(late) * 99 // 100]:.2f} s, max {late[-1]:.2f} s")

    def check_jobs(self):
        """No job was done twice, or claimed while another's lease held; none is left behind."""
        states = dict(self.cluster.rows("SELECT state, count(*) FROM jobs GROUP BY state"))
        self.find("jobs that are dead", [row[0] for row in self.cluster.rows("SELECT kind || ' ' || coalesce (last_error, '') FROM jobs WHERE state = 'dead'")])
        late = self.cluster.rows(f"SELECT kind || ' ' || state || ' due ' || due_at FROM jobs WHERE state IN ('waiting', 'running') AND due_at < {time.time_ns() // 1000 - 10_000_000}")
        self.find("jobs long due that nobody does", [row[0] for row in late])
        self.notes.append(f"jobs: {states}")
        if self.cluster.use_sqlite:
            return
        done, claims = collections.Counter(), 0
        overlapping, late_outcomes = [], []
        for job, kind, was, state, was_token, token, owner, was_until, at in self.cluster.rows(
                "SELECT encode(id, 'hex'), kind, was, state, was_token, token, coalesce(owner, ''), coalesce(was_until, 0), at FROM public.job_history ORDER BY number"):
            done[f"{kind} {job}"] += state == "done"
            claims += was_token != token
            if was_token != token and was == "running" and int(was_until) > int(at) + CLOCK_SLACK_US:
                overlapping.append(f"{kind} {job}: claimed by {owner} while another's lease held for {(int(was_until) - int(at)) / 1e6:.3f} s")
            if was_token == token and was == "done":
                late_outcomes.append(f"{kind} {job}: done, then {state}")
        self.find("jobs done twice", [f"{job}: {count} times" for job, count in done.items() if count > 1] + late_outcomes)
        self.find("jobs claimed while another's lease held", overlapping)
        self.notes.append(f"{claims:,} claims of {len(done):,} jobs")

    async def check_chain(self):
        """I9."""
        status, text = await asyncio.to_thread(self.cluster.verify_audit)
        self.find("I9: the audit log's chain does not verify", [] if status == 0 else [text])
        verified = await self.load.administrator.call("GET", "/api/v1/audit/verify")
        self.notes.append(f"audit log verified by guichectl, {verified['entries']:,} entries")

    async def check_repeats(self):
        """I2: sent once more, a message gives the same id, and nothing new is stored."""
        sends = [send for send in self.load.sends if not send.is_scheduled and send.refusal is None and (send.answer is None or send.attempts > 1)]
        wrong = []

        async def repeat(send):
            stored = self.by_client_id.get(send.client_id, [])
            known = send.answer["id"] if send.answer is not None else stored[0]["id"] if stored else None
            ids = set()
            for _ in range(2):
                reply = await send.client.persist("POST", send.path, send.body)
                if reply is None or reply.status not in (200, 201):
                    if known is None and reply is not None and reply.status < 500:
                        return  # never stored, and not allowed any more
                    wrong.append(f"{send.client.name} {send.client_id}: {reply and (reply.status, reply.body[:200])}, known as {known}")
                    return
                if known is not None and reply.status != 200:
                    wrong.append(f"{send.client.name} {send.client_id}: {reply.status} for a repeat")
                ids.add(reply.json()["id"])
                known = known or reply.json()["id"]
            if ids != {known}:
                wrong.append(f"{send.client.name} {send.client_id}: {ids}, known as {known}")

        await self.each(sends, repeat)
        self.find("I2: repeats that did not give the same message", wrong)
        self.notes.append(f"{len(sends):,} messages sent again: the same ids")
