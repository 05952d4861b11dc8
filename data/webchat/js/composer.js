// SPDX-License-Identifier: GPL-3.0-or-later
// Writing, attaching and recording. What is being written survives a reload.

import { icon } from './icons.js';
import { newId } from './ids.js';
import { clock } from './player.js';
import { canRecord, Recorder } from './recorder.js';
import { text } from './texts.js';

const LARGEST_FILE = 25 * 1000 * 1000;
const TYPING_EVERY_MS = 3000;
const byId = (id) => document.getElementById(id);

export class Composer {
  #conversation;
  #draftKey;
  #recorder = null;
  #typedAt = 0;
  #typingTimer = 0;
  #levels = [];

  constructor(tenant, conversation) {
    this.#conversation = conversation;
    this.#draftKey = `guiche:draft:${tenant}`;
    this.#connect();
    this.#restoreDraft();
    this.label();
  }

  /** Texts and pictures, in the language of the moment. */
  label() {
    const labels = { attach: ['attach', 'attach'], record: ['microphone', 'record'], send: ['send', 'send'], discard: ['trash', 'discard'], finish: ['send', 'finish'] };
    for (const [id, [picture, key]] of Object.entries(labels)) {
      byId(id).replaceChildren(icon(picture));
      byId(id).setAttribute('aria-label', text(key));
      byId(id).title = text(key);
    }
    byId('body').placeholder = text('type-here');
    byId('body').setAttribute('aria-label', text('type-here'));
  }

  #connect() {
    const body = byId('body');
    body.oninput = () => this.#edited();
    body.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    };
    body.onpaste = (event) => {
      const file = [...event.clipboardData.files][0];
      if (file) this.#attach(file);
    };
    byId('composer').onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    byId('attach').onclick = () => byId('file').click();
    byId('file').onchange = (event) => {
      const file = event.target.files[0];
      event.target.value = '';
      if (file) this.#attach(file);
    };
    const area = byId('conversation');
    area.ondragover = (event) => event.preventDefault();
    area.ondrop = (event) => {
      event.preventDefault();
      for (const file of event.dataTransfer.files) this.#attach(file);
    };
    byId('record').hidden = !canRecord();
    byId('record').onclick = () => this.#record();
    byId('discard').onclick = () => this.#stopRecording(false);
    byId('finish').onclick = () => this.#stopRecording(true);
  }

  #restoreDraft() {
    try {
      byId('body').value = localStorage.getItem(this.#draftKey) || '';
    } catch { /* not kept */ }
    this.#grow();
  }

  #edited() {
    const value = byId('body').value;
    this.#keepDraft(value);
    this.#grow();
    this.#tellTyping(Boolean(value));
  }

  #keepDraft(value) {
    try {
      if (value) localStorage.setItem(this.#draftKey, value);
      else localStorage.removeItem(this.#draftKey);
    } catch { /* not kept */ }
  }

  #tellTyping(isTyping) {
    clearTimeout(this.#typingTimer);
    const now = Date.now();
    if (!isTyping || now - this.#typedAt > TYPING_EVERY_MS) {
      this.#conversation.say({ op: 'typing', is_typing: isTyping });
      this.#typedAt = isTyping ? now : 0;
    }
    if (isTyping) this.#typingTimer = setTimeout(() => this.#tellTyping(false), TYPING_EVERY_MS + 1000);
  }

  #grow() {
    const body = byId('body');
    body.style.height = 'auto';
    body.style.height = `${Math.min(body.scrollHeight, 160)}px`;
    byId('send').disabled = !body.value.trim();
  }

  #complain(message) {
    const line = byId('composer-error');
    line.textContent = message || '';
    line.hidden = !message;
  }

  /** The draft goes when the outbox has the message: a tab that dies in between keeps one of the two. */
  async #send() {
    const body = byId('body').value.trim();
    if (!body) return;
    this.#complain('');
    byId('body').value = '';
    this.#grow();
    this.#tellTyping(false);
    byId('body').focus();
    await this.#add({ kind: 'text', body });
    this.#keepDraft(byId('body').value);
  }

  #attach(file) {
    if (file.size > LARGEST_FILE) return this.#complain(text('file-too-large', LARGEST_FILE / 1e6));
    if (file.size === 0) return this.#complain(text('file-empty'));
    this.#complain('');
    const isImage = /^image\/(png|jpeg|webp|gif)$/.test(file.type);
    this.#add({ kind: isImage ? 'image' : 'file', body: '', blob: file, name: file.name || 'file' });
  }

  #add(item) {
    return this.#conversation.outbox.add({ client_id: newId(), at: Date.now() * 1000, ...item });
  }

  async #record() {
    this.#complain('');
    const recorder = new Recorder();
    try {
      await recorder.start();
    } catch (error) {
      const key = { NotAllowedError: 'microphone-denied', NotFoundError: 'microphone-missing' }[error.name] || 'microphone-failed';
      recorder.discard();
      this.#complain(text(key));
      return;
    }
    this.#recorder = recorder;
    this.#levels = [];
    byId('elapsed').textContent = clock(0);
    recorder.addEventListener('level', (event) => this.#showLevel(event.detail));
    recorder.addEventListener('limit', () => this.#stopRecording(true));
    byId('writer').hidden = true;
    byId('recorder').hidden = false;
    byId('finish').focus();
  }

  #showLevel({ level, elapsed_ms: elapsed }) {
    byId('elapsed').textContent = clock(elapsed);
    this.#levels = [...this.#levels.slice(-79), level];
    const canvas = byId('level');
    const drawing = canvas.getContext('2d');
    drawing.clearRect(0, 0, canvas.width, canvas.height);
    drawing.fillStyle = getComputedStyle(canvas).color;
    this.#levels.forEach((value, index) => {
      const height = Math.max(2, value * canvas.height);
      drawing.fillRect(index * 3, (canvas.height - height) / 2, 2, height);
    });
  }

  async #stopRecording(isWanted) {
    const recorder = this.#recorder;
    if (!recorder) return;
    this.#recorder = null;
    byId('recorder').hidden = true;
    byId('writer').hidden = false;
    byId('body').focus();
    if (!isWanted) {
      recorder.discard();
      return;
    }
    try {
      const note = await recorder.finish();
      this.#add({ kind: 'voice', body: '', ...note });
    } catch {
      this.#complain(text('microphone-failed'));
    }
  }
}
