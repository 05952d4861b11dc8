// SPDX-License-Identifier: GPL-3.0-or-later
// A customer in a real browser, told by lines of JSON on stdin what to do; each is answered by one line on stdout.
//   {"do":"open","chat":URL,"name":"Maria","subject":"Suporte técnico"} → {"ok":true,"visit":{…}}
//   {"do":"write","text":"…"} · {"do":"see","text":"…"} · {"do":"see-state","state":"lida"} · {"do":"record","seconds":3}
//   {"do":"hear"} (the newest voice note of the other side plays to its end) · {"do":"status","text":"…"} · {"do":"reload"} · {"do":"offline","is":true} · {"do":"picture","path":"…"}
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'].find(existsSync);
const MICROPHONE = process.env.GUICHE_BROWSER_MICROPHONE; // a WAV file that plays into the browser's microphone
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  timeout: 120_000,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
    ...(MICROPHONE ? [`--use-file-for-fake-audio-capture=${MICROPHONE}`] : [])],
});
const context = await browser.newContext({ locale: 'pt-BR', permissions: ['microphone'], viewport: { width: 420, height: 760 } });
context.setDefaultTimeout(90_000);
const page = await context.newPage();
const log = () => page.getByRole('log');
const body = () => page.getByRole('textbox', { name: 'Escreva uma mensagem' });

const deeds = {
  async open({ chat, name, subject }) {
    await page.goto(chat);
    await page.getByLabel('Seu nome').fill(name);
    await page.getByText(subject, { exact: true }).click();
    await page.getByRole('button', { name: 'Iniciar conversa' }).click();
    await body().waitFor();
    return { visit: await page.evaluate(() => JSON.parse(Object.entries(localStorage).find(([key]) => key.startsWith('guiche:visit:'))[1])) };
  },
  async write({ text }) {
    await body().fill(text);
    await page.keyboard.press('Enter');
    await log().getByText(text, { exact: true }).waitFor();
  },
  async see({ text }) {
    await log().getByText(text).last().waitFor();
  },
  async 'see-state'({ state }) {
    await log().getByRole('img', { name: state, exact: true }).last().waitFor();
  },
  async status({ text }) { // a pattern
    await page.locator('#status').filter({ hasText: new RegExp(text) }).waitFor();
  },
  async record({ seconds }) {
    await page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
    await page.locator('#elapsed').filter({ hasText: new RegExp(`^0:(0[${seconds}-9]|[1-5]\\d)$`) }).waitFor(); // a note that came may say the same
    await page.getByRole('button', { name: 'Enviar gravação' }).click();
    await log().locator('.mine').getByRole('group', { name: 'Mensagem de voz' }).last().waitFor();
  },
  async hear() {
    const note = log().locator('.theirs').getByRole('group', { name: 'Mensagem de voz' }).last();
    await note.waitFor();
    await note.getByRole('button', { name: 'Reproduzir' }).click();
    await log().locator('.theirs .voice[data-state=playing]').waitFor();
    await log().locator('.theirs .voice[data-state=paused]').last().waitFor();
  },
  async bodies() {
    return { bodies: await log().locator('.body').allTextContents() };
  },
  async reload() {
    await page.reload();
    await body().waitFor();
  },
  async offline({ is }) {
    await context.setOffline(is);
  },
  async picture({ path }) {
    await page.screenshot({ path });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { do: deed, ...details } = JSON.parse(line);
  let answer;
  try {
    answer = { ok: true, ...(await deeds[deed](details)) };
  } catch (error) {
    answer = { ok: false, error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
await browser.close();
