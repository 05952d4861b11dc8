# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client holds: a snapshot and the events applied to it, as the table in backend/protocol/README.md says.

Rows that came with an event are shared by all clients that heard it, so they are replaced, never changed."""

TABLES = {"users": "id", "queues": "key", "canned_replies": "id", "conversations": "id", "customers": "id",
          "drafts": "conversation_id", "read_marks": "conversation_id", "scheduled_messages": "id"}
REPLACED = {"customer.created": ("customers", "customer"), "customer.updated": ("customers", "customer"),
            "user.created": ("users", "user"), "user.updated": ("users", "user"), "queue.updated": ("queues", "queue"),
            "canned_reply.updated": ("canned_replies", "canned_reply"), "read.marked": ("read_marks", "read_mark"),
            "scheduled.updated": ("scheduled_messages", "scheduled_message")}
PREVIEW_CHARACTERS = 200


def without_nothing(row):
    """Absent and null mean the same."""
    return {name: value for name, value in row.items() if value is not None}


def raised_state(message, marks):
    """A message's state under the watermarks @marks of the other side."""
    if message["sender"]["kind"] == "system":
        return message["state"]
    other = "customer" if message["sender"]["kind"] == "agent" else "agent"
    state, seq = message["state"], message["seq"]
    if seq <= marks.get(other + "_delivered_seq", 0):
        state = max(state, 2)
    if seq <= marks.get(other + "_read_seq", 0):
        state = max(state, 3)
    return state


class AgentState:
    def __init__(self):
        self.seq = 0
        self.me = None
        self.tables = {name: {} for name in TABLES}
        self.messages = {}  # conversation id → {message id: message}
        self.trouble = []

    def take_snapshot(self, snapshot):
        self.seq, self.me = snapshot["seq"], snapshot["me"]
        for name, key in TABLES.items():
            self.tables[name] = {row[key]: row for row in snapshot[name]}
        self.messages = {}
        for message in snapshot["messages"]:
            self.messages.setdefault(message["conversation_id"], {})[message["id"]] = message

    def may_see(self, conversation):
        return (self.me["role"] != "agent" or conversation.get("assignee_id") == self.me["id"]
                or conversation.get("queue") in self.me["queues"])

    def apply(self, event):
        """Returns the conversation that is seen newly, whose messages must be asked for; None otherwise."""
        seq, kind, data = event["seq"], event["kind"], event["data"]
        if seq <= self.seq:
            self.trouble.append(f"event {seq} came after {self.seq}")
        self.seq = seq
        if kind == "message.created":
            self.apply_message(data)
        elif kind == "message.updated":
            self.put_message(data["message"])
        elif kind == "message.delivery":
            self.apply_delivery(data)
        elif kind == "conversation.moved":
            self.apply_moved(data)
        elif kind.startswith("conversation."):
            return self.apply_conversation(data["conversation"])
        elif kind in REPLACED:
            table, member = REPLACED[kind]
            self.tables[table][data[member][TABLES[table]]] = data[member]
        else:
            self.apply_personal(kind, data)
        return None

    def put_message(self, message):
        self.messages.setdefault(message["conversation_id"], {})[message["id"]] = message

    def apply_message(self, data):
        message, patch = data["message"], data["conversation"]
        self.put_message(message)
        conversation = self.tables["conversations"].get(message["conversation_id"])
        if conversation is None:
            return
        sender = message["sender"]
        preview = {"seq": message["seq"], "sender_kind": sender["kind"], "sender_name": sender.get("name"), "kind": message["kind"],
                   "body": message["body"][:PREVIEW_CHARACTERS], "at": message["at"]}
        self.tables["conversations"][conversation["id"]] = {
            **conversation, "last_seq": message["seq"], "last_message": preview, "state": patch["state"],
            "updated_at": max(message["at"], conversation["updated_at"]), "waiting_since": patch.get("waiting_since")}

    def apply_conversation(self, conversation):
        is_new = conversation["id"] not in self.tables["conversations"]
        self.tables["conversations"][conversation["id"]] = conversation
        return conversation["id"] if is_new and conversation["last_seq"] > 0 else None

    def apply_delivery(self, data):
        conversation = self.tables["conversations"].get(data["conversation_id"])
        if conversation is None:
            return
        names = [data["side"] + "_delivered_seq"] + ([data["side"] + "_read_seq"] if data["state"] == 3 else [])
        self.tables["conversations"][conversation["id"]] = {
            **conversation, **{name: max(data["seq"], conversation.get(name, 0)) for name in names}}

    def apply_moved(self, data):
        if not self.may_see(data):
            self.tables["conversations"].pop(data["conversation_id"], None)
            self.messages.pop(data["conversation_id"], None)

    def apply_personal(self, kind, data):
        if kind == "draft.saved":
            draft = data["draft"]
            if draft["body"]:
                self.tables["drafts"][draft["conversation_id"]] = draft
            else:
                self.tables["drafts"].pop(draft["conversation_id"], None)
        elif kind == "scheduled.removed":
            self.tables["scheduled_messages"].pop(data["id"], None)
        elif kind == "canned_reply.deleted":
            self.tables["canned_replies"].pop(data["id"], None)
        else:
            self.trouble.append("an event that no client knows: " + kind)

    def take_messages(self, conversation_id, messages):
        """What was asked for; what events said since is newer."""
        held = self.messages.setdefault(conversation_id, {})
        for message in messages:
            held.setdefault(message["id"], message)

    def differences(self, snapshot):
        """What differs from a fresh @snapshot, one line each."""
        lines = []
        for name, key in TABLES.items():
            held, fresh = self.tables[name], {row[key]: row for row in snapshot[name]}
            for row_key, row in fresh.items():
                if name in ("drafts", "read_marks") and row_key not in self.tables["conversations"]:
                    continue
                own = held.get(row_key)
                if own is None or without_nothing(own) != without_nothing(row):
                    lines.append(f"{name} {row_key}: holds {own}, the server {row}")
            lines += [f"{name} {row_key}: held, the server has none" for row_key in held.keys() - fresh.keys() if self.is_open(name, row_key)]
        return lines

    def is_open(self, table, key):
        """Closed conversations stay with a client but are in no snapshot; so do their drafts, marks and customers."""
        if table == "customers":
            return False
        if table not in ("conversations", "drafts", "read_marks"):
            return True
        conversation = self.tables["conversations"].get(key)
        return conversation is not None and conversation["state"] != "closed"

    def message_differences(self, truth):
        """Against all messages of all conversations, @truth: {conversation id: {message id: message}}."""
        lines = []
        for conversation_id, conversation in self.tables["conversations"].items():
            held, stored = self.messages.get(conversation_id, {}), truth.get(conversation_id)
            if stored is None:
                continue
            if held.keys() != stored.keys():
                missing, more = sorted(stored.keys() - held.keys()), sorted(held.keys() - stored.keys())
                lines.append(f"conversation {conversation_id}: {len(missing)} messages missing {missing[:2]}, {len(more)} more {more[:2]}")
                continue
            for message_id, message in stored.items():
                own = held[message_id]
                if own is not message and without_nothing({**own, "state": raised_state(own, conversation)}) != without_nothing(message):
                    lines.append(f"message {message_id}: holds {own}, the server {message}")
        return lines


class VisitorState:
    """What the chat page shows: the messages, who answers, and how far the other side has read."""

    def __init__(self):
        self.seq = 0
        self.visit = None  # state, queue, agent
        self.messages = {}
        self.marks = {}
        self.trouble = []

    def take_snapshot(self, snapshot):
        self.seq = snapshot["seq"]
        conversation = snapshot["conversation"]
        self.visit = {"state": conversation["state"], "queue": conversation.get("queue"), "agent": (snapshot.get("agent") or {}).get("name")}
        self.messages = {message["id"]: message for message in snapshot["messages"]}

    def apply(self, event):
        seq, kind, data = event["seq"], event["kind"], event["data"]
        if seq <= self.seq:
            self.trouble.append(f"event {seq} came after {self.seq}")
        self.seq = seq
        if kind in ("message.created", "message.updated"):
            message = data["message"]
            self.messages[message["id"]] = message
            if message["kind"] == "note":
                self.trouble.append("a visitor was shown a private note")
        elif kind == "message.delivery":
            for name in [data["side"] + "_delivered_seq"] + ([data["side"] + "_read_seq"] if data["state"] == 3 else []):
                self.marks[name] = max(data["seq"], self.marks.get(name, 0))
        elif kind == "visit.updated":
            self.visit = {"state": data["state"], "queue": data.get("queue"), "agent": (data.get("agent") or {}).get("name")}
        else:
            self.trouble.append("an event that no visitor knows: " + kind)

    def differences(self, snapshot):
        fresh = VisitorState()
        fresh.take_snapshot(snapshot)
        lines = [] if fresh.visit == self.visit else [f"visit: holds {self.visit}, the server {fresh.visit}"]
        for message_id, message in fresh.messages.items():
            own = self.messages.get(message_id)
            if own is None or without_nothing({**own, "state": raised_state(own, self.marks)}) != without_nothing(message):
                lines.append(f"message {message_id}: holds {own}, the server {message}")
        if len(fresh.messages) < len(self.messages) and not snapshot.get("has_more"):
            lines.append(f"{len(self.messages)} messages held, the server has {len(fresh.messages)}")
        return lines
