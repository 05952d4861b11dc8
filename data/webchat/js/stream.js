// SPDX-License-Identifier: GPL-3.0-or-later
// The live stream: missed events first, then new ones. It comes back by itself, with full jitter between 0.5 and 30 s.

import { streamAddress } from './api.js';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30000;
const MOVE_MS = 1500; // what going on at another node takes at most, as a rule: no word about it before
const SEEN_EVERY_MS = 500;
const SEEN_EVERY_EVENTS = 128;
const SILENCE_MS = 75000; // the server pings each 30 s, which the browser answers unseen; so we ask

export class Stream extends EventTarget {
  #socket = null;
  #token;
  #since;
  #acknowledged;
  #attempt = 0;
  #timer = 0;
  #seenTimer = 0;
  #pingTimer = 0;
  #heard = 0;
  #isClosed = false;
  #moveTimer = 0;

  /** Events: `event` (detail: {seq, kind, data}), `op` (detail: the frame), `state` (detail: connecting, online, offline), `snapshot`, `refused`. */
  constructor(token, since) {
    super();
    this.#token = token;
    this.#since = this.#acknowledged = since;
    this.onOnline = () => this.#retryNow();
    addEventListener('online', this.onOnline);
    this.#connect();
  }

  close() {
    this.#isClosed = true;
    removeEventListener('online', this.onOnline);
    clearTimeout(this.#timer);
    clearTimeout(this.#seenTimer);
    clearTimeout(this.#moveTimer);
    clearInterval(this.#pingTimer);
    this.#socket?.close(1000);
  }

  /** Ephemeral: sent when connected, dropped otherwise. */
  say(op) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(op));
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #connect() {
    if (this.#isClosed) return;
    this.#emit('state', 'connecting');
    const socket = new WebSocket(streamAddress(this.#token, this.#since));
    this.#socket = socket;
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = (close) => this.#ended(socket, close);
    this.#heard = Date.now();
    clearInterval(this.#pingTimer);
    this.#pingTimer = setInterval(() => this.#supervise(socket), 25000);
  }

  #supervise(socket) {
    if (Date.now() - this.#heard > SILENCE_MS) socket.close(4000);
    else this.say({ op: 'ping', ref: 'alive' });
  }

  #ended(socket, close) {
    if (socket !== this.#socket || this.#isClosed) return;
    clearInterval(this.#pingTimer);
    this.#socket = null;
    if (close.code === 4401) return this.#emit('refused');
    if (!this.#moveTimer) this.#emit('state', 'offline');
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt);
    const delay = close.code === 1001 ? 100 + Math.random() * 900 : FIRST_DELAY_MS / 2 + Math.random() * ceiling;
    this.#attempt = Math.min(this.#attempt + 1, 10);
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  /** This node ends, another goes on: as if nothing had happened, unless it takes long. */
  #move(after) {
    const delay = Math.min(Math.max(Number(after) || 0, 0), LONGEST_DELAY_MS);
    const left = this.#socket;
    this.#socket = null;
    left.close(1000);
    clearInterval(this.#pingTimer);
    this.#attempt = 0;
    this.#emit('state', 'connecting');
    this.#timer = setTimeout(() => this.#connect(), delay);
    clearTimeout(this.#moveTimer);
    this.#moveTimer = setTimeout(() => {
      this.#moveTimer = 0;
      this.#emit('state', 'offline');
    }, delay + MOVE_MS);
  }

  #retryNow() {
    if (this.#socket || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  #receive(data) {
    this.#heard = Date.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.op === 'ready') {
      this.#attempt = 0;
      clearTimeout(this.#moveTimer);
      this.#moveTimer = 0;
      this.#emit('state', 'online');
    } else if (frame.op === 'reconnect') {
      this.#move(frame.after_ms);
    } else if (frame.op === 'snapshot_required') {
      this.#emit('snapshot');
    } else if (frame.op) {
      this.#emit('op', frame);
    } else if (Number.isInteger(frame.seq) && frame.seq > this.#since) {
      this.#since = frame.seq;
      this.#emit('event', frame);
      this.#acknowledge();
    }
  }

  #acknowledge() {
    if (this.#since - this.#acknowledged >= SEEN_EVERY_EVENTS) this.#sendSeen();
    else if (!this.#seenTimer) this.#seenTimer = setTimeout(() => this.#sendSeen(), SEEN_EVERY_MS);
  }

  #sendSeen() {
    clearTimeout(this.#seenTimer);
    this.#seenTimer = 0;
    this.#acknowledged = this.#since;
    this.say({ op: 'seen', seq: this.#since });
  }
}
