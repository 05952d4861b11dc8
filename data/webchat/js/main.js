// SPDX-License-Identifier: GPL-3.0-or-later
// The customer's page: name and subject first, then the conversation.

import * as api from './api.js';
import { Composer } from './composer.js';
import { Conversation } from './conversation.js';
import { icon } from './icons.js';
import { Session } from './session.js';
import { language, locale, switchLanguage, text } from './texts.js';
import { ConversationView } from './view.js';
import { connectForm, fillSubjects } from './welcome.js';

const tenant = decodeURIComponent(location.pathname.split('/').filter(Boolean)[1] || '');
const session = new Session(tenant);
const byId = (id) => document.getElementById(id);
const pages = ['welcome', 'conversation', 'trouble'];

let company = null;
let conversation = null;
let composer = null;
let view = null;
let unread = 0;
let typingTimer = 0;

function show(page) {
  for (const id of pages) byId(id).hidden = id !== page;
}

function label() {
  document.documentElement.lang = locale();
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = text(node.dataset.text);
  byId('language').textContent = text('language');
  byId('language').setAttribute('aria-label', text('language-label'));
  byId('language').lang = language() === 'pt' ? 'en' : 'pt-BR';
  byId('latest').replaceChildren(icon('down'));
  byId('latest').setAttribute('aria-label', text('latest'));
  composer?.label();
  if (company) fillSubjects(company.queues);
}

function statusText({ state, agent, position }) {
  if (state === 'closed') return text('closed');
  if (agent) return text('with-agent', agent);
  if (position === 1) return text('position-next');
  return position ? text('position', position) : text('waiting');
}

function showStatus() {
  byId('status').textContent = conversation ? statusText(conversation.status) : '';
}

function showConnection() {
  const line = byId('connection');
  const isAway = conversation && conversation.connection === 'offline';
  line.hidden = !isAway;
  line.textContent = isAway ? text('offline') : '';
}

function showMessages() {
  const wasAtEnd = view.show(conversation.messages);
  byId('latest').hidden = wasAtEnd || view.isAtEnd;
  readIfSeen();
}

function readIfSeen() {
  if (!conversation || document.hidden || !document.hasFocus() || !view.isAtEnd) return;
  unread = 0;
  showUnread();
  conversation.markRead();
}

function showUnread() {
  document.title = unread ? `(${unread}) ${company.name}` : company.name;
  if (parent !== window) parent.postMessage({ guiche: 'unread', count: unread }, '*');
}

function showTyping(name) {
  clearTimeout(typingTimer);
  byId('typing').textContent = name === null ? '' : text('typing', name);
  if (name !== null) typingTimer = setTimeout(() => showTyping(null), 8000);
  if (view.isAtEnd) view.scrollToEnd();
}

function openConversation(visit) {
  conversation = new Conversation(tenant, visit);
  view = new ConversationView(byId('log'), byId('scroller'), visit.token);
  view.clear();
  composer = new Composer(tenant, conversation);
  conversation.addEventListener('changed', showMessages);
  conversation.addEventListener('status', showStatus);
  conversation.addEventListener('connection', showConnection);
  conversation.addEventListener('typing', (event) => showTyping(event.detail));
  conversation.addEventListener('arrived', () => {
    if (document.hidden || !document.hasFocus()) unread += 1;
    showUnread();
  });
  conversation.addEventListener('over', () => {
    session.forget();
    conversation = null;
    showConnection();
    showStatus();
    openWelcome(text('session-over'));
  });
  show('conversation');
  showStatus();
  conversation.open();
  byId('body').focus();
}

function openWelcome(note) {
  const error = byId('welcome-error');
  error.hidden = !note;
  error.textContent = note || '';
  show('welcome');
}

function openTrouble(title, explanation) {
  byId('trouble-title').textContent = text(title);
  byId('trouble-text').textContent = text(explanation);
  show('trouble');
}

async function start() {
  try {
    company = await api.company(tenant);
  } catch (error) {
    if (error.status === 404) return openTrouble('company-missing', 'company-missing-text');
    openTrouble('server-away', 'server-away-text');
    setTimeout(() => { if (!company) start(); }, 3000 + Math.random() * 4000);
    return;
  }
  byId('company').textContent = company.name;
  document.title = company.name;
  fillSubjects(company.queues);
  const saved = session.load();
  if (saved) openConversation(saved);
  else openWelcome();
}

byId('language').onclick = () => {
  switchLanguage();
  label();
  if (!conversation) return;
  view.clear();
  showMessages();
  showStatus();
  showConnection();
};
byId('latest').onclick = () => {
  view.scrollToEnd();
  byId('latest').hidden = true;
};
byId('trouble-retry').onclick = start;
byId('scroller').addEventListener('scroll', () => {
  if (view?.isAtEnd) byId('latest').hidden = true;
  readIfSeen();
}, { passive: true });
byId('log').addEventListener('click', (event) => {
  const { retry, discard } = event.target.dataset;
  if (retry) conversation.outbox.retry(retry);
  if (discard) conversation.outbox.remove(discard);
});
addEventListener('focus', readIfSeen);
document.addEventListener('visibilitychange', readIfSeen);
connectForm(tenant, (visit) => {
  session.save(visit);
  openConversation(visit);
});
label();
start();
