// SPDX-License-Identifier: GPL-3.0-or-later
// The server's REST interface, as a visitor sees it.

export class ApiError extends Error {
  constructor(status, code, details) {
    super(code);
    this.status = status; // 0: the server was not reached
    this.code = code;
    this.details = details || {};
  }

  /** Trying again later can help: the network, an overload, a restart. */
  get isTemporary() {
    return [0, 408, 425, 429].includes(this.status) || this.status >= 500; // 408, 425: a balancer's
  }
}

const TIMEOUT_MS = 20000;

async function call(method, path, { token, json, body, type, timeout = TIMEOUT_MS } = {}) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  else if (type) headers['Content-Type'] = type;
  let response;
  try {
    response = await fetch(path, {
      method, headers, body: json !== undefined ? JSON.stringify(json) : body,
      credentials: 'omit', cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(timeout),
    });
  } catch {
    throw new ApiError(0, 'network');
  }
  if (!response.ok) throw await failure(response);
  return response;
}

async function failure(response) {
  let error = {};
  try {
    error = (await response.json()).error || {};
  } catch { /* a proxy's own page */ }
  const details = error.details || {};
  const after = Number(response.headers.get('Retry-After'));
  if (after > 0) details.retry_after_s = after;
  return new ApiError(response.status, error.code || `http-${response.status}`, details);
}

export async function company(tenant) {
  return (await call('GET', `/api/v1/webchat/${encodeURIComponent(tenant)}`)).json();
}

export async function openVisit(tenant, visitor) {
  return (await call('POST', `/api/v1/webchat/${encodeURIComponent(tenant)}/visitors`, { json: visitor })).json();
}

export async function conversation(token) {
  return (await call('GET', '/api/v1/webchat/conversation', { token })).json();
}

export async function send(token, message) {
  return (await call('POST', '/api/v1/webchat/messages', { token, json: message })).json();
}

export async function markRead(token, seq) {
  await call('POST', '/api/v1/webchat/read', { token, json: { seq } });
}

export async function upload(token, name, blob) {
  const path = `/api/v1/webchat/files?name=${encodeURIComponent(name)}`;
  return (await call('POST', path, { token, body: blob, type: blob.type || 'application/octet-stream', timeout: 300000 })).json();
}

export async function download(token, id, format) {
  const path = `/api/v1/webchat/files/${encodeURIComponent(id)}${format ? `?format=${format}` : ''}`;
  return (await call('GET', path, { token, timeout: 300000 })).blob();
}

export function streamAddress(token, since) {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return `${scheme}://${location.host}/api/v1/webchat/stream?token=${encodeURIComponent(token)}&since=${since}`;
}
