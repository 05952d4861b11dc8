// SPDX-License-Identifier: GPL-3.0-or-later
// The conversation on the screen. Text from people only ever becomes text nodes.

import * as api from './api.js';
import { icon } from './icons.js';
import { voiceNote } from './player.js';
import { locale, text } from './texts.js';

const LINK = /https?:\/\/[^\s<>"'\u00a0]+[^\s<>"'\u00a0.,;:!?)\]]/g;
const HIDDEN_SYSTEM = new Set(['snoozed', 'joined', 'left', 'opened']);
const GROUP_GAP_US = 5 * 60 * 1e6;

function element(tag, className, content) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (content !== undefined) node.textContent = content;
  return node;
}

/** Plain text with http(s) links that open elsewhere. */
export function linked(body) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of body.matchAll(LINK)) {
    fragment.append(body.slice(end, match.index));
    const link = element('a', '', match[0]);
    Object.assign(link, { href: match[0], target: '_blank', rel: 'noopener noreferrer nofollow' });
    fragment.append(link);
    end = match.index + match[0].length;
  }
  fragment.append(body.slice(end));
  return fragment;
}

function sizeText(bytes) {
  const units = ['B', 'kB', 'MB'];
  let unit = 0;
  let size = bytes || 0;
  while (size >= 1000 && unit < 2) {
    size /= 1000;
    unit++;
  }
  return `${size.toLocaleString(locale(), { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
}

export class ConversationView {
  #log;
  #scroller;
  #token;
  #nodes = new Map(); // client_id → {node, message, shown}

  constructor(log, scroller, token) {
    this.#log = log;
    this.#scroller = scroller;
    this.#token = token;
  }

  get isAtEnd() {
    return this.#scroller.scrollHeight - this.#scroller.scrollTop - this.#scroller.clientHeight < 80;
  }

  scrollToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  clear() {
    this.#nodes.clear();
    this.#log.replaceChildren();
  }

  /** Shows these messages, in this order, touching only what changed. */
  show(messages) {
    const wasAtEnd = this.isAtEnd;
    const wanted = [];
    let previous = null;
    for (const message of messages) {
      if (message.kind === 'system' && HIDDEN_SYSTEM.has(message.body.split(':')[0])) continue;
      const day = new Date(message.at / 1000).toDateString();
      if (!previous || new Date(previous.at / 1000).toDateString() !== day) wanted.push(this.#day(message.at));
      wanted.push(this.#message(message, previous));
      previous = message;
    }
    const keep = new Set(wanted);
    for (const node of [...this.#log.children]) if (!keep.has(node)) node.remove();
    wanted.forEach((node, index) => {
      if (this.#log.children[index] !== node) this.#log.insertBefore(node, this.#log.children[index] || null);
    });
    if (wasAtEnd) this.scrollToEnd();
    return wasAtEnd;
  }

  #day(at) {
    const date = new Date(at / 1000);
    const key = `day:${date.toDateString()}`;
    const found = this.#nodes.get(key);
    if (found) return found.node;
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86400000);
    const label = days === 0 ? text('today') : days === 1 ? text('yesterday') : date.toLocaleDateString(locale(), { day: 'numeric', month: 'long', year: 'numeric' });
    const node = element('p', 'day', label);
    this.#nodes.set(key, { node });
    return node;
  }

  #message(message, previous) {
    const key = message.client_id || message.id;
    const startsGroup = !previous || previous.kind === 'system' || previous.sender.id !== message.sender.id
      || previous.sender.kind !== message.sender.kind || message.at - previous.at > GROUP_GAP_US;
    const signature = JSON.stringify([message.state, message.failure, message.body, message.edited_at, message.deleted_at, message.id, startsGroup]);
    const known = this.#nodes.get(key);
    if (known?.signature === signature) return known.node;
    const node = known && this.#canUpdate(known.message, message) ? this.#update(known.node, message, startsGroup) : this.#build(message, startsGroup);
    this.#nodes.set(key, { node, message, signature });
    return node;
  }

  /** A voice note that plays goes on playing while its state turns from sent to read. */
  #canUpdate(before, after) {
    return before.body === after.body && before.edited_at === after.edited_at && before.deleted_at === after.deleted_at && before.failure === after.failure;
  }

  #update(node, message, startsGroup) {
    node.classList.toggle('starts-group', startsGroup);
    node.querySelector('.meta')?.replaceWith(this.#meta(message));
    return node;
  }

  #build(message, startsGroup) {
    if (message.kind === 'system') return this.#system(message);
    const isMine = message.sender.kind === 'customer';
    const node = element('article', `message ${isMine ? 'mine' : 'theirs'}`);
    node.classList.toggle('starts-group', startsGroup);
    node.dataset.clientId = message.client_id;
    node.append(element('p', 'sender', isMine ? text('you') : message.sender.name || ''));
    const bubble = element('div', 'bubble');
    if (message.deleted_at) bubble.append(element('p', 'deleted', text('message-deleted')));
    else this.#fill(bubble, message);
    bubble.append(this.#meta(message));
    node.append(bubble);
    if (message.failure) node.append(this.#failure(message));
    return node;
  }

  #fill(bubble, message) {
    if (message.quote) {
      const quote = element('blockquote', 'quote');
      quote.append(element('strong', '', message.quote.sender_name || ''), element('span', '', message.quote.body || text('file')));
      bubble.append(quote);
    }
    for (const attachment of message.attachments || []) bubble.append(this.#attachment(message, attachment));
    if (message.body) {
      const body = element('p', 'body');
      body.append(linked(message.body));
      bubble.append(body);
    }
  }

  #attachment(message, attachment) {
    const source = attachment.blob ? { blob: attachment.blob } : { token: this.#token };
    if (message.kind === 'voice') return voiceNote(attachment, source);
    if (message.kind === 'image' || /^image\/(png|jpeg|webp|gif)$/.test(attachment.type || '')) return this.#image(attachment, source);
    const button = element('button', 'file');
    button.type = 'button';
    button.setAttribute('aria-label', text('download', attachment.name));
    const label = element('span', 'file-name', attachment.name);
    button.append(icon('file'), label, element('span', 'file-size', sizeText(attachment.size)));
    button.onclick = () => this.#save(attachment, source, label);
    return button;
  }

  async #save(attachment, source, label) {
    try {
      const blob = source.blob || await api.download(source.token, attachment.file_id);
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = attachment.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch {
      label.textContent = text('download-failed');
    }
  }

  #image(attachment, source) {
    const link = element('a', 'picture');
    link.target = '_blank';
    link.rel = 'noopener';
    const image = element('img');
    image.alt = attachment.name || text('image');
    image.onload = () => this.isAtEnd && this.scrollToEnd();
    link.append(image);
    const load = source.blob ? Promise.resolve(source.blob) : api.download(source.token, attachment.file_id);
    load.then((blob) => { image.src = link.href = URL.createObjectURL(blob); }, () => link.replaceChildren(text('download-failed')));
    return link;
  }

  #meta(message) {
    const meta = element('p', 'meta');
    const time = element('time', '', new Date(message.at / 1000).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = new Date(message.at / 1000).toISOString();
    if (message.edited_at && !message.deleted_at) meta.append(element('span', '', `${text('edited')} · `));
    meta.append(time);
    if (message.sender.kind === 'customer') {
      const state = message.failure ? 'failed' : message.state || 'pending';
      const ticks = element('span', `ticks ticks-${state}`, { pending: '○', failed: '!', 1: '✓', 2: '✓✓', 3: '✓✓' }[state]);
      ticks.setAttribute('role', 'img');
      ticks.setAttribute('aria-label', text(`state-${state}`));
      ticks.title = text(`state-${state}`);
      meta.append(ticks);
    }
    return meta;
  }

  #failure(message) {
    const line = element('p', 'failure', `${text(message.failure === 'unsupported-type' ? 'file-refused' : 'failed')} `);
    for (const [name, label] of [['retry', 'retry-send'], ['discard', 'discard-send']]) {
      const button = element('button', 'plain', text(label));
      button.type = 'button';
      button.dataset[name] = message.client_id;
      line.append(button);
    }
    return line;
  }

  #system(message) {
    const [code, ...rest] = message.body.split(':');
    return element('p', 'system', text(`system-${code}`, message.sender.name || '', rest.join(':')));
  }
}
