// SPDX-License-Identifier: GPL-3.0-or-later
// The customer's page in a real browser against a real guiched.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { Agent, openBrowser, openVisit, Server, waitFor, write } from './support.mjs';

let server, browser, context, page, ana, faults;

before(async () => {
  server = new Server();
  await server.start();
  browser = await openBrowser();
  ana = await Agent.signIn(server, 'ana');
});
after(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  context = await browser.newContext({ locale: 'pt-BR', permissions: ['microphone'], viewport: { width: 420, height: 760 } });
  context.setDefaultTimeout(90_000); // only what fails takes as long
  page = await context.newPage();
  faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => { if (/Content.Security.Policy|Refused/.test(message.text())) faults.push(message.text()); });
});
afterEach(async () => {
  await context.close();
  assert.deepEqual(faults, []);
});

const log = () => page.getByRole('log');
const bubble = (text) => log().getByText(text, { exact: true });

test('a customer writes, an agent answers, both sides see it read', async () => {
  const visit = await openVisit(page, server, 'Maria das Dores');
  await write(page, 'Minha internet caiu');
  await log().getByRole('img', { name: 'enviada' }).waitFor();
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  await page.getByRole('status').getByText(/Em atendimento com/).waitFor();
  await ana.say(visit.conversation_id, 'Olá! Vou verificar agora.');
  await bubble('Olá! Vou verificar agora.').waitFor();
  const seen = await ana.messages(visit.conversation_id);
  const mine = seen.find((message) => message.body === 'Minha internet caiu');
  assert.equal(mine.sender.kind, 'customer');
  await ana.call('POST', `/conversations/${visit.conversation_id}/read`, { seq: seen.at(-1).seq });
  await log().getByRole('img', { name: 'lida' }).waitFor();
  await waitFor(async () => (await ana.messages(visit.conversation_id)).find((message) => message.body.startsWith('Olá'))?.state === 3, 'the read mark of the customer');
});

test('private notes never reach the customer', async () => {
  const visit = await openVisit(page, server, 'João');
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  await ana.say(visit.conversation_id, 'cliente já reclamou ontem', { kind: 'note' });
  await ana.say(visit.conversation_id, 'Bom dia, João');
  await bubble('Bom dia, João').waitFor();
  assert.equal(await bubble('cliente já reclamou ontem').count(), 0);
  await page.reload();
  await bubble('Bom dia, João').waitFor();
  assert.equal(await bubble('cliente já reclamou ontem').count(), 0);
});

test('the form says what is wrong at its field', async () => {
  await page.goto(server.chat);
  await page.getByRole('button', { name: 'Iniciar conversa' }).click();
  await page.getByText('Escreva o seu nome.').waitFor();
  await page.getByText('Escolha um assunto.').waitFor();
  assert.ok(await page.getByLabel('Seu nome').evaluate((node) => node === document.activeElement));
  await page.getByLabel('E-mail (opcional)').fill('isto não é e-mail');
  await page.getByRole('button', { name: 'Iniciar conversa' }).click();
  await page.getByText('Confira o e-mail.').waitFor();
});

test('text is data, in both directions', async () => {
  const attack = '<img src=x onerror=alert(1)><b>negrito</b> & "aspas"';
  const visit = await openVisit(page, server, '<b>Ana</b>');
  await write(page, attack);
  await bubble(attack).waitFor();
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  await ana.say(visit.conversation_id, `${attack} https://example.com/a?b=c javascript:alert(1)`);
  await log().getByRole('link', { name: 'https://example.com/a?b=c' }).waitFor();
  assert.equal(await log().getByRole('link').count(), 1);
  assert.equal(await log().locator('b, img[src="x"]').count(), 0);
});

test('a reload, a lost network and a killed server lose and double nothing', async () => {
  const visit = await openVisit(page, server, 'Persistente');
  await write(page, 'primeira');
  await log().getByRole('img', { name: 'enviada' }).waitFor();
  await context.setOffline(true);
  await write(page, 'escrita sem rede');
  await log().getByRole('img', { name: 'enviando' }).waitFor();
  await context.setOffline(false);
  await waitFor(async () => (await log().getByRole('img', { name: /enviada|entregue/ }).count()) === 2, 'the message written offline');
  await server.kill();
  await write(page, 'escrita com o servidor morto');
  await bubble('escrita com o servidor morto').waitFor();
  await page.goto('about:blank'); // the tab goes away with the message unsent
  await server.start();
  await page.goto(server.chat);
  for (const text of ['primeira', 'escrita sem rede', 'escrita com o servidor morto']) await bubble(text).waitFor();
  await waitFor(async () => (await log().getByRole('img', { name: 'enviando' }).count()) === 0, 'everything sent', 40);
  ana = await Agent.signIn(server, 'ana');
  const bodies = (await ana.messages(visit.conversation_id)).filter((message) => message.sender.kind === 'customer').map((message) => message.body);
  assert.deepEqual(bodies, ['primeira', 'escrita sem rede', 'escrita com o servidor morto']);
  const shown = await log().locator('.mine .body').allTextContents();
  assert.deepEqual(shown, bodies);
});

test('what a balancer gave up on is sent again', async () => {
  const timeOut = { status: 408, contentType: 'text/html', body: '<html><body>408 Request Time-out</body></html>' };
  await openVisit(page, server, 'Atrás do balanceador');
  await page.route('**/api/v1/webchat/messages', (route) => route.fulfill(timeOut), { times: 1 });
  await write(page, 'mais uma vez');
  await log().getByRole('img', { name: /enviada|entregue/ }).waitFor();
  assert.equal(await bubble('mais uma vez').count(), 1);
});

test('a draft survives a reload', async () => {
  await openVisit(page, server, 'Rascunho');
  await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).fill('ainda não terminei');
  await page.reload();
  await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).waitFor();
  assert.equal(await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).inputValue(), 'ainda não terminei');
});

test('position in the queue goes down as others are served', async () => {
  const first = await openVisit(page, server, 'Primeira da fila', 'Cancelamento');
  const other = await context.browser().newContext({ locale: 'pt-BR' });
  const second = await other.newPage();
  await openVisit(second, server, 'Segundo da fila', 'Cancelamento');
  const position = async () => Number((await second.getByRole('status').first().textContent()).match(/\d+/)?.[0] || 1);
  await waitFor(async () => (await second.getByRole('status').first().textContent()).match(/Posição na fila: \d+|próximo/), 'a position');
  const start = await position();
  const sofia = await Agent.signIn(server, 'sofia');
  await sofia.call('POST', `/conversations/${first.conversation_id}/accept`, {});
  await waitFor(async () => (await position()) < start, 'the position to go down');
  await other.close();
});

test('an agent typing is seen, and so is the customer', async () => {
  const visit = await openVisit(page, server, 'Digitando');
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  const frames = [];
  const { seq } = await ana.call('GET', '/snapshot');
  const stream = new WebSocketClient(`${server.url.replace('http', 'ws')}/api/v1/stream?token=${ana.token}&since=${seq}`, frames);
  await stream.opened;
  stream.send({ op: 'typing', conversation_id: visit.conversation_id, is_typing: true });
  await page.getByText(/está digitando…/).waitFor();
  await page.getByRole('textbox', { name: 'Escreva uma mensagem' }).pressSequentially('oi');
  await waitFor(() => frames.find((frame) => frame.op === 'typing' && frame.user.kind === 'customer'), 'the typing of the customer');
  stream.close();
});

test('a voice note from the browser is Ogg/Opus with a waveform, and plays', async () => {
  const visit = await openVisit(page, server, 'Voz');
  await page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
  await page.locator('#elapsed').filter({ hasText: /^0:(0[2-9]|[1-5]\d)$/ }).waitFor();
  await page.getByRole('button', { name: 'Enviar gravação' }).click();
  await log().getByRole('group', { name: 'Mensagem de voz' }).waitFor();
  const voice = await waitFor(async () => (await ana.messages(visit.conversation_id)).find((message) => message.kind === 'voice'), 'the voice note');
  const [attachment] = voice.attachments;
  assert.equal(attachment.type, 'audio/ogg');
  assert.match(attachment.waveform, /^([0-9a-f]{2}){16,128}$/);
  assert.ok(attachment.duration_ms > 1500 && attachment.duration_ms < 6000, `${attachment.duration_ms} ms`);
  const folder = mkdtempSync(join(tmpdir(), 'guiche-voice-'));
  const path = join(folder, 'voice.ogg');
  writeFileSync(path, await ana.call('GET', `/files/${attachment.file_id}`));
  assert.match(execFileSync('opusinfo', [path], { encoding: 'utf8' }), /Playback length/);
  rmSync(folder, { recursive: true });
  await log().getByRole('button', { name: 'Reproduzir' }).click();
  await log().locator('.voice[data-state=playing]').waitFor();
});

test('a microphone that goes away ends the recording, not the note', async () => {
  await page.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      window.microphone = await open(wanted);
      return window.microphone;
    };
  });
  const visit = await openVisit(page, server, 'Voz que some');
  await page.getByRole('button', { name: 'Gravar mensagem de voz' }).click();
  await page.locator('#elapsed').filter({ hasText: /^0:(0[2-9]|[1-5]\d)$/ }).waitFor();
  await page.evaluate(async () => {
    window.microphone.getTracks().forEach((track) => track.stop());
    await new Promise((resolve) => { requestAnimationFrame(() => setTimeout(resolve, 0)); });
  });
  await page.getByRole('button', { name: 'Enviar gravação' }).click();
  await log().getByRole('group', { name: 'Mensagem de voz' }).waitFor();
  await waitFor(async () => (await ana.messages(visit.conversation_id)).some((message) => message.kind === 'voice'), 'the voice note');
});

test('files go both ways; a refused one says so', async () => {
  const visit = await openVisit(page, server, 'Arquivos');
  await page.locator('#file').setInputFiles({ name: 'comprovante.txt', mimeType: 'text/plain', buffer: Buffer.from('pago em 20/11\n') });
  await log().getByRole('button', { name: 'Baixar comprovante.txt' }).waitFor();
  await waitFor(async () => (await ana.messages(visit.conversation_id)).some((message) => message.attachments[0]?.name === 'comprovante.txt'), 'the file');
  await page.locator('#file').setInputFiles({ name: 'foto.png', mimeType: 'image/png', buffer: Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), Buffer.alloc(200)]) });
  await page.getByText('Este tipo de arquivo não é aceito.').waitFor();
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  const file = await ana.call('POST', '/files?name=boleto.pdf', null, { body: Buffer.from('%PDF-1.4\n%âãÏÓ\n'), type: 'application/pdf' });
  await ana.say(visit.conversation_id, '', { kind: 'file', attachments: [{ file_id: file.id, name: 'boleto.pdf' }] });
  const [download] = await Promise.all([page.waitForEvent('download'), log().getByRole('button', { name: 'Baixar boleto.pdf' }).click()]);
  assert.equal(download.suggestedFilename(), 'boleto.pdf');
});

test('closed and reopened by writing again', async () => {
  const visit = await openVisit(page, server, 'Volta');
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  await ana.call('POST', `/conversations/${visit.conversation_id}/close`, { reason: 'resolved' });
  await page.getByText('Conversa encerrada. Escreva para reabrir.').waitFor();
  await write(page, 'Voltou a cair');
  await page.getByText('Conversa reaberta').waitFor();
});

test('the whole page by keyboard, in English, dark and narrow', async () => {
  const other = await browser.newContext({ locale: 'en-US', colorScheme: 'dark', viewport: { width: 320, height: 640 } });
  const narrow = await other.newPage();
  await narrow.goto(server.chat);
  await narrow.getByRole('heading', { name: 'How can we help?' }).waitFor();
  await narrow.getByLabel('Your name').focus();
  await narrow.keyboard.type('Keyboard Only');
  for (let i = 0; i < 3; i++) await narrow.keyboard.press('Tab');
  await narrow.keyboard.press('Space');
  await narrow.keyboard.press('Enter');
  await narrow.getByRole('textbox', { name: 'Write a message' }).waitFor();
  await narrow.keyboard.type('hello');
  await narrow.keyboard.press('Enter');
  await narrow.getByRole('img', { name: 'sent', exact: true }).waitFor();
  const overflow = await narrow.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0);
  await other.close();
});

test('the button opens the chat on another site', async () => {
  const site = createServer((request, response) => response.setHeader('Content-Type', 'text/html').end(
    `<!doctype html><title>site</title><script src="${server.url}/chat/widget.js" data-tenant="demo" data-label="Fale conosco"></script>`));
  await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
  after(() => site.close());
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.getByRole('button', { name: 'Abrir o atendimento' }).click();
  await page.frameLocator('iframe[title=Atendimento]').getByLabel('Seu nome').waitFor();
  await page.getByRole('button', { name: 'Fechar o atendimento' }).click();
});

/** Node 20 has no WebSocket of its own; the browser has one. */
class WebSocketClient {
  constructor(address, frames) {
    this.opened = (async () => {
      this.page = await browser.newPage();
      await this.page.exposeFunction('received', (text) => frames.push(JSON.parse(text)));
      await this.page.goto(`${server.url}/health`);
      await this.page.evaluate((url) => new Promise((resolve, reject) => {
        window.socket = new WebSocket(url);
        window.socket.onmessage = (event) => window.received(event.data);
        window.socket.onopen = resolve;
        window.socket.onerror = () => reject(new Error('refused'));
      }), address);
    })();
  }

  send(op) {
    return this.page.evaluate((text) => window.socket.send(text), JSON.stringify(op));
  }

  close() {
    return this.page.close();
  }
}
