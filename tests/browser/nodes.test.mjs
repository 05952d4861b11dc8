// SPDX-License-Identifier: GPL-3.0-or-later
// The customer's page at two nodes behind a balancer, which are restarted and killed while both sides write.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Agent, openBrowser, openVisit, waitFor, write } from './support.mjs';

const server = { url: process.env.GUICHE_TEST_URL, chat: `${process.env.GUICHE_TEST_URL}/chat/demo` };
let browser, context, page, ana;

/** One line to the support program; its answer when it has done it. */
function command(line) {
  return new Promise((resolve, reject) => {
    const socket = connect(process.env.GUICHE_TEST_NODES, () => socket.write(`${line}\n`));
    socket.once('data', (data) => { socket.end(); resolve(String(data).trim()); });
    socket.once('error', reject);
  });
}

/** Again until it is taken, with the same client id: as every client does. */
async function say(conversation, number) {
  const client_id = `01932f6a-0000-7000-8000-${String(number).padStart(12, '0')}`;
  await waitFor(() => ana.call('POST', `/conversations/${conversation}/messages`, { client_id, body: `resposta ${number}` }).catch(() => null),
    'the answer to be taken');
}

/** Counts what the page says about the connection from now on. */
async function watchPage() {
  await page.evaluate(() => {
    globalThis.shown = 0;
    new MutationObserver(() => { globalThis.shown += document.getElementById('connection').hidden ? 0 : 1; })
      .observe(document.getElementById('connection'), { attributes: true, childList: true });
  });
}

before(async () => {
  browser = await openBrowser();
  ana = await Agent.signIn(server, 'ana');
});
after(() => browser?.close());
beforeEach(async () => {
  context = await browser.newContext({ locale: 'pt-BR', viewport: { width: 420, height: 760 } });
  context.setDefaultTimeout(90_000);
  page = await context.newPage();
});
afterEach(() => context.close());

/** The streams that the page opens from now on, and the longest time without one. */
function watchStreams() {
  const watched = { count: 0, longest: 0, lost: 0 };
  page.on('websocket', (socket) => {
    watched.count += 1;
    socket.on('close', () => { watched.lost ||= Date.now(); });
    socket.on('framereceived', ({ payload }) => {
      if (!String(payload).startsWith('{"op":"ready"') || !watched.lost) return;
      watched.longest = Math.max(watched.longest, Date.now() - watched.lost);
      watched.lost = 0;
    });
  });
  return watched;
}

async function writeDuring(name, commands, first) {
  const streams = watchStreams();
  const visit = await openVisit(page, server, name);
  let isDone = false, n = 0;
  await ana.call('POST', `/conversations/${visit.conversation_id}/accept`, {});
  await watchPage();
  const work = (async () => {
    for (const line of commands) assert.equal(await command(line), 'ok');
    isDone = true;
  })();
  while (!isDone || n < 3) {
    n += 1;
    await write(page, `pergunta ${n}`);
    await say(visit.conversation_id, first + n);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await work;
  await page.getByRole('log').getByText(`resposta ${first + n}`, { exact: true }).waitFor();
  await waitFor(async () => (await ana.messages(visit.conversation_id)).some((message) => message.body === `pergunta ${n}`), 'the last question');
  // Each once, in order, at the server and on the page.
  const kept = (await ana.messages(visit.conversation_id)).map((message) => message.body);
  const onPage = await page.getByRole('log').allInnerTexts();
  for (const [word, base] of [['pergunta', 0], ['resposta', first]]) {
    const expected = Array.from({ length: n }, (_, i) => `${word} ${base + i + 1}`);
    const ofKind = kept.filter((body) => body?.startsWith(word));
    assert.deepEqual(ofKind, expected.slice(-ofKind.length));
    const shown = [...onPage.join('\n').matchAll(new RegExp(`^${word} \\d+$`, 'gm'))].map(([text]) => text);
    assert.deepEqual(shown, expected);
  }
  return { streams, shown: await page.evaluate(() => globalThis.shown) };
}

test('a customer goes on writing while both nodes are restarted, and is not told', async (t) => {
  const { streams, shown } = await writeDuring('Maria', ['restart 0', 'restart 1'], 1000);
  t.diagnostic(`${streams.count} streams, ${streams.longest} ms without one at most; the connection was shown ${shown} times`);
  assert.ok(streams.count >= 2);
  if (streams.longest < 1000) assert.equal(shown, 0); // a machine that is too busy is noticed
});

test('a customer goes on writing while nodes are killed', async (t) => {
  const { streams, shown } = await writeDuring('João', ['kill 0', 'start 0', 'kill 1', 'start 1'], 2000);
  t.diagnostic(`${streams.count} streams, ${streams.longest} ms without one at most; the connection was shown ${shown} times`);
  assert.ok(streams.count >= 2);
});
