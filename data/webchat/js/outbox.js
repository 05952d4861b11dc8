// SPDX-License-Identifier: GPL-3.0-or-later
// What was written and not yet acknowledged, in IndexedDB: it survives a reload, a closed tab and a crash, and goes out in
// order, once (the server knows each message by its client_id). Without IndexedDB (private browsing) it lives in memory.

import * as api from './api.js';

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30000;

function openDatabase() {
  return new Promise((resolve) => {
    let request;
    try {
      request = indexedDB.open('guiche', 1);
    } catch {
      resolve(null);
      return;
    }
    request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'client_id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => resolve(null);
  });
}

export class Outbox extends EventTarget {
  #database = null;
  #tenant;
  #token;
  #items = [];
  #isSending = false;
  #attempt = 0;
  #timer = 0;

  /** Events: `changed`, `sent` (detail: the server's message), `refused` (the session is over). */
  constructor(tenant, token) {
    super();
    this.#tenant = tenant;
    this.#token = token;
  }

  async load() {
    this.#database = await openDatabase();
    const saved = await this.#run('readonly', (store) => store.getAll()) || [];
    this.#items = saved.filter((item) => item.tenant === this.#tenant && item.token === this.#token)
      .sort((a, b) => (a.client_id < b.client_id ? -1 : 1));
    this.flush();
  }

  get items() {
    return this.#items;
  }

  /** item: {client_id, at, kind, body, blob?, name?, duration_ms?, waveform?}; stored before it is shown. */
  async add(item) {
    const entry = { ...item, tenant: this.#tenant, token: this.#token, failure: null };
    await this.#run('readwrite', (store) => store.put(entry));
    this.#items.push(entry);
    this.#changed();
    this.flush();
  }

  async remove(clientId) {
    this.#items = this.#items.filter((item) => item.client_id !== clientId);
    await this.#run('readwrite', (store) => store.delete(clientId));
    this.#changed();
  }

  async retry(clientId) {
    const item = this.#items.find((entry) => entry.client_id === clientId);
    if (!item) return;
    item.failure = null;
    await this.#run('readwrite', (store) => store.put(item));
    this.#changed();
    this.flush();
  }

  /** Sends what waits, one after another. Called when something was added and when the connection is back. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let item = this.#next(); item; item = this.#next()) await this.#deliver(item);
      this.#attempt = 0;
    } catch (error) {
      this.#later(error);
    } finally {
      this.#isSending = false;
    }
  }

  #next() {
    return this.#items.find((item) => !item.failure);
  }

  async #deliver(item) {
    try {
      if (item.blob && !item.file_id) {
        const file = await api.upload(this.#token, item.name, item.blob);
        item.file_id = file.id;
        await this.#run('readwrite', (store) => store.put(item));
      }
      const message = await api.send(this.#token, this.#request(item));
      this.dispatchEvent(new CustomEvent('sent', { detail: message }));
      await this.remove(item.client_id);
    } catch (error) {
      if (!(error instanceof api.ApiError) || error.isTemporary || error.status === 401) throw error;
      item.failure = error.code;
      await this.#run('readwrite', (store) => store.put(item));
      this.#changed();
    }
  }

  #request(item) {
    const request = { client_id: item.client_id, body: item.body, kind: item.kind };
    if (item.file_id) {
      const attachment = { file_id: item.file_id, name: item.name };
      if (item.kind === 'voice') Object.assign(attachment, { duration_ms: item.duration_ms, waveform: item.waveform });
      request.attachments = [attachment];
    }
    return request;
  }

  #later(error) {
    if (error.status === 401) {
      this.dispatchEvent(new CustomEvent('refused'));
      return;
    }
    const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.#attempt++);
    const asked = (error.details?.retry_after_s || 0) * 1000;
    this.#timer = setTimeout(() => this.flush(), asked + FIRST_DELAY_MS / 2 + Math.random() * ceiling);
  }

  #changed() {
    this.dispatchEvent(new CustomEvent('changed'));
  }

  #run(mode, step) {
    if (!this.#database) return Promise.resolve(null);
    return new Promise((resolve) => {
      const transaction = this.#database.transaction('outbox', mode, { durability: 'strict' });
      const request = step(transaction.objectStore('outbox'));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => resolve(null);
    });
  }
}
