// SPDX-License-Identifier: GPL-3.0-or-later
// Name and subject first. Errors stand at their field and are said to a screen reader.

import * as api from './api.js';
import { newId } from './ids.js';
import { text } from './texts.js';

const byId = (id) => document.getElementById(id);

function showError(id, key) {
  const line = byId(`${id}-error`);
  line.hidden = !key;
  line.textContent = key ? text(key) : '';
  byId(id)?.setAttribute('aria-invalid', key ? 'true' : 'false');
}

export function fillSubjects(queues) {
  const chosen = document.querySelector('input[name=subject]:checked')?.value;
  byId('subjects').replaceChildren(...queues.map((queue) => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    Object.assign(input, { type: 'radio', name: 'subject', value: queue.key, required: true, checked: queue.key === chosen });
    const name = document.createElement('span');
    name.textContent = queue.name;
    label.append(input, name);
    return label;
  }));
}

function read(form) {
  const fields = new FormData(form);
  const value = (name) => String(fields.get(name) || '').trim();
  return { name: value('name'), phone: value('phone'), email: value('email'), subject: value('subject') };
}

/** Shows what is wrong and gives the first wrong field, or null. */
function check(visitor) {
  const digits = visitor.phone.replace(/\D/g, '');
  const wrong = {
    name: visitor.name ? '' : 'name-missing',
    phone: !visitor.phone || (digits.length >= 10 && digits.length <= 13) ? '' : 'phone-wrong',
    email: !visitor.email || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(visitor.email) ? '' : 'email-wrong',
    subject: visitor.subject ? '' : 'subject-missing',
  };
  for (const [field, key] of Object.entries(wrong)) showError(field, key);
  return Object.keys(wrong).find((field) => wrong[field]) || null;
}

function request(visitor) {
  const fields = { name: visitor.name, subject: visitor.subject };
  if (visitor.phone) fields.phone = visitor.phone.replace(/\D/g, '');
  if (visitor.email) fields.email = visitor.email;
  return fields;
}

export function sentence(error) {
  if (error.code === 'rate-limited' || error.code === 'locked-out') return text('rate-limited', error.details.retry_after_s || 60);
  if (error.status === 0) return text('server-away-text');
  return text('failed');
}

/** The same words keep their id through every retry, so that a lost reply opens no second conversation. */
function identified(fields, before) {
  const words = JSON.stringify(fields);
  return words === before.words ? before : { words, fields: { ...fields, client_id: newId() } };
}

/** Calls opened (visit) once the server has opened the conversation. */
export function connectForm(tenant, opened) {
  const form = byId('welcome-form');
  let asked = { words: '' };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const visitor = read(form);
    const wrong = check(visitor);
    if (wrong) {
      (byId(wrong) || document.querySelector('input[name=subject]'))?.focus();
      return;
    }
    const error = byId('welcome-error');
    error.hidden = true;
    byId('start').disabled = true;
    try {
      asked = identified(request(visitor), asked);
      const visit = await api.openVisit(tenant, asked.fields);
      asked = { words: '' };
      opened({ ...visit, name: visitor.name });
    } catch (failure) {
      if (['name', 'phone', 'email'].includes(failure.details?.field)) {
        showError(failure.details.field, failure.details.field === 'name' ? 'name-missing' : `${failure.details.field}-wrong`);
      } else {
        error.textContent = sentence(failure);
        error.hidden = false;
      }
    } finally {
      byId('start').disabled = false;
    }
  };
}
