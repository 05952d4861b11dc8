// SPDX-License-Identifier: GPL-3.0-or-later
// The state of one visit: what the server said, by events and snapshot, and what still waits in the outbox.

import * as api from './api.js';
import { Outbox } from './outbox.js';
import { Stream } from './stream.js';

const SIDE_CUSTOMER = 'customer';

export class Conversation extends EventTarget {
  #visit;
  #messages = new Map(); // id → message
  #stream = null;
  #retryTimer = 0;
  #readSeq = 0;
  #deliveredSeq = 0;
  #deliveredTimer = 0;

  /** Events: `changed`, `status`, `connection` (detail: state), `typing` (detail: name or null), `arrived` (detail: message), `over`. */
  constructor(tenant, visit) {
    super();
    this.#visit = visit;
    this.status = { state: 'waiting', agent: null, position: null };
    this.connection = 'connecting';
    this.outbox = new Outbox(tenant, visit.token);
    this.outbox.addEventListener('changed', () => this.#emit('changed'));
    this.outbox.addEventListener('sent', (event) => this.#put(event.detail));
    this.outbox.addEventListener('refused', () => this.#over());
  }

  async open() {
    await this.outbox.load();
    this.#emit('changed');
    await this.#refresh();
  }

  close() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#deliveredTimer);
    this.#stream?.close();
  }

  /** Sent ones by sequence, then what waits. */
  get messages() {
    const sent = [...this.#messages.values()].sort((a, b) => a.seq - b.seq);
    const known = new Set(sent.map((message) => message.client_id));
    const waiting = this.outbox.items.filter((item) => !known.has(item.client_id)).map((item) => ({
      ...item, sender: { kind: SIDE_CUSTOMER, id: this.#visit.visitor_id, name: this.#visit.name }, state: 0,
      attachments: item.blob ? [{ name: item.name, type: item.blob.type, size: item.blob.size, blob: item.blob, duration_ms: item.duration_ms, waveform: item.waveform }] : [],
    }));
    return [...sent, ...waiting];
  }

  get token() {
    return this.#visit.token;
  }

  say(op) {
    this.#stream?.say({ ...op, conversation_id: this.#visit.conversation_id });
  }

  /** The person sees everything: tells the server once per new message. */
  async markRead() {
    const last = [...this.#messages.values()].reduce((seq, message) => Math.max(seq, message.seq), 0);
    if (last <= this.#readSeq) return;
    const before = this.#readSeq;
    this.#readSeq = last;
    try {
      await api.markRead(this.token, last);
    } catch {
      this.#readSeq = before; // tried again with the next look
    }
  }

  async #refresh() {
    clearTimeout(this.#retryTimer);
    this.#stream?.close();
    this.#stream = null;
    let snapshot;
    try {
      snapshot = await api.conversation(this.token);
    } catch (error) {
      if (error.status === 401 || error.status === 404) return this.#over();
      this.#setConnection('offline');
      this.#retryTimer = setTimeout(() => this.#refresh(), 1000 + Math.random() * 4000);
      return;
    }
    this.#messages = new Map(snapshot.messages.map((message) => [message.id, message]));
    this.status = { state: snapshot.conversation.state, agent: snapshot.agent?.name || null, position: snapshot.position ?? null };
    this.#emit('changed');
    this.#emit('status');
    this.#listen(snapshot.seq);
  }

  #listen(since) {
    const stream = new Stream(this.token, since);
    this.#stream = stream;
    stream.addEventListener('event', (event) => this.#apply(event.detail));
    stream.addEventListener('op', (event) => this.#hear(event.detail));
    stream.addEventListener('snapshot', () => this.#refresh());
    stream.addEventListener('refused', () => this.#over());
    stream.addEventListener('state', (event) => this.#setConnection(event.detail));
  }

  #setConnection(state) {
    const isBack = state === 'online' && this.connection !== 'online';
    this.connection = state;
    this.#emit('connection', state);
    if (isBack) this.outbox.flush();
  }

  #apply({ kind, data }) {
    if (kind === 'message.created' || kind === 'message.updated') {
      const isNew = kind === 'message.created' && !this.#messages.has(data.message.id);
      this.#put(data.message);
      if (isNew && data.message.sender.kind !== SIDE_CUSTOMER) {
        this.#emit('typing', null);
        this.#emit('arrived', data.message);
        this.#tellDelivered(data.message.seq);
      }
    } else if (kind === 'message.delivery') {
      this.#deliver(data);
    } else if (kind === 'visit.updated') {
      this.status = { ...this.status, state: data.state, agent: data.agent?.name || null };
      if (data.state !== 'waiting') this.status.position = null;
      this.#emit('status');
    }
  }

  #put(message) {
    const known = this.#messages.get(message.id);
    if (known) message = { ...message, state: Math.max(known.state || 1, message.state || 1) };
    this.#messages.set(message.id, message);
    this.#emit('changed');
  }

  /** Arrived here; said once for all that arrive in a moment, and not when reading them says more. */
  #tellDelivered(seq) {
    this.#deliveredSeq = Math.max(this.#deliveredSeq, seq);
    if (this.#deliveredTimer) return;
    this.#deliveredTimer = setTimeout(() => {
      this.#deliveredTimer = 0;
      if (this.#deliveredSeq > this.#readSeq) this.say({ op: 'delivered', ref: 'delivered', seq: this.#deliveredSeq });
    }, 400);
  }

  /** The other side received (2) or read (3) up to a sequence: it never goes down. */
  #deliver({ side, state, seq }) {
    for (const message of this.#messages.values()) {
      const isOthers = (message.sender.kind === SIDE_CUSTOMER) !== (side === SIDE_CUSTOMER);
      if (isOthers && message.seq <= seq && message.state < state) this.#messages.set(message.id, { ...message, state });
    }
    this.#emit('changed');
  }

  #hear(frame) {
    if (frame.op === 'position') {
      this.status = { ...this.status, position: frame.position };
      this.#emit('status');
    } else if (frame.op === 'typing' && frame.user?.kind !== SIDE_CUSTOMER) {
      this.#emit('typing', frame.is_typing ? frame.user?.name || '' : null);
    }
  }

  #over() {
    this.close();
    this.#emit('over');
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
