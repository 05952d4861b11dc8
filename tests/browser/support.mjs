// SPDX-License-Identifier: GPL-3.0-or-later
// A real guiched on a temporary directory, a real Chromium, and an agent who answers over the API.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'].find(existsSync);

export class Server {
  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'guiche-browser-'));
    this.port = 0;
  }

  async start() {
    this.child = spawn(process.env.GUICHED, ['--data', this.directory, '--port', String(this.port), '--demo'],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, GUICHE_LIMITS_ENABLED: 'false', GUICHE_DEMO_VISIT_INTERVAL_S: '0' } });
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    const line = await new Promise((resolve, reject) => {
      createInterface({ input: this.child.stdout }).once('line', resolve);
      this.child.once('exit', (code) => reject(new Error(`guiched ended with ${code}`)));
    });
    Object.assign(this, JSON.parse(line));
    this.port = Number(new URL(this.url).port);
  }

  async kill(signal = 'SIGKILL') {
    this.child.kill(signal);
    await this.ended;
  }

  async close() {
    await this.kill('SIGTERM');
    rmSync(this.directory, { recursive: true });
  }
}

/** An agent at the API. */
export class Agent {
  static async signIn(server, login) {
    const agent = new Agent();
    agent.server = server;
    const reply = await agent.call('POST', '/auth/login', { tenant: 'demo', login, password: 'guiche' });
    Object.assign(agent, { token: reply.token, user: reply.user });
    return agent;
  }

  async call(method, path, json, { body, type } = {}) {
    const headers = { 'Content-Type': json ? 'application/json' : type };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (!json && !type) delete headers['Content-Type'];
    const response = await fetch(`${this.server.url}/api/v1${path}`, { method, headers, body: json ? JSON.stringify(json) : body });
    const isJson = /json/.test(response.headers.get('content-type') || '');
    const reply = isJson ? await response.json() : Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(reply)}`);
    return reply;
  }

  say(conversation, body, more = {}) {
    return this.call('POST', `/conversations/${conversation}/messages`, { client_id: crypto.randomUUID(), body, ...more });
  }

  async messages(conversation) {
    return (await this.call('GET', `/conversations/${conversation}/messages?limit=200`)).items;
  }
}

export async function openBrowser() {
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: 120_000,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required'],
  });
}

/** Fills the first page in and gives the visit that the server opened. */
export async function openVisit(page, server, name, subject = 'Suporte técnico') {
  await page.goto(server.chat);
  await page.getByLabel('Seu nome').fill(name);
  await page.getByText(subject, { exact: true }).click();
  await page.getByRole('button', { name: 'Iniciar conversa' }).click();
  await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).waitFor();
  return page.evaluate(() => JSON.parse(localStorage.getItem('guiche:visit:demo')));
}

export async function write(page, text) {
  await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).fill(text);
  await page.keyboard.press('Enter');
}

export async function waitFor(condition, what, seconds = 90) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
