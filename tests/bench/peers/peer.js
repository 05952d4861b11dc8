// SPDX-License-Identifier: GPL-3.0-or-later
//
// peer.js plain|careful DATABASE: what Guichê's stream is compared with. Node.js, ws and SQLite
// with the same guarantee: an answer only after fsync, commits shared by what arrives together.
//   plain:   what most people write: JSON both ways, one send for each subscriber of each message.
//   careful: splices the received text, frames once, and writes all that a batch causes to each
//            socket in one call.
// No access control, routing, audit or replay in either. Prints {"ready":true,"port":N}.
'use strict';
const http = require('http');
const Database = require('better-sqlite3');
const { WebSocketServer, Sender } = require('ws');

const [, , mode, path] = process.argv;
const db = new Database(path);
db.pragma('journal_mode=WAL');
db.pragma('synchronous=FULL');
db.exec('CREATE TABLE message (id INTEGER PRIMARY KEY, conversation TEXT, client_id TEXT, at INTEGER, body TEXT);' +
        'CREATE INDEX message_by_conversation ON message (conversation, id)');
const insert = db.prepare('INSERT INTO message (conversation, client_id, at, body) VALUES (?, ?, ?, ?)');
const insertAll = db.transaction(batch => {
  for (const item of batch)
    item.id = insert.run(item.message.conversation_id, item.message.client_id, Date.now(), item.message.body).lastInsertRowid;
});

const subscribers = new Set();
let waiting = [];

function answerPlainly(batch) {
  for (const item of batch) {
    item.answer(JSON.stringify({ op: 'ack', ref: item.message.ref, id: item.id }));
    const event = JSON.stringify({ seq: item.id, message: item.message });
    for (const socket of subscribers)
      socket.send(event);
  }
}

const frameOptions = { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false };
const frame = text => Sender.frame(Buffer.from(text), frameOptions);

function answerCarefully(batch) {
  const events = [];
  const answers = new Map();
  for (const item of batch) {
    events.push(...frame(`{"seq":${item.id},"message":${item.text}}`));
    const ack = `{"op":"ack","ref":${JSON.stringify(item.message.ref)},"id":${item.id}}`;
    if (!item.socket)
      item.answer(ack);
    else if (answers.has(item.socket))
      answers.get(item.socket).push(...frame(ack));
    else
      answers.set(item.socket, frame(ack));
  }
  const all = Buffer.concat(events);
  for (const socket of subscribers) {
    const own = answers.get(socket);
    socket._socket.write(own ? Buffer.concat([all, ...own]) : all);
  }
}

function commit() {
  const batch = waiting;
  waiting = [];
  insertAll(batch);
  if (mode === 'careful')
    answerCarefully(batch);
  else
    answerPlainly(batch);
}

function put(text, message, socket, answer) {
  if (waiting.push({ text, message, socket, answer }) === 1)
    setImmediate(commit);
}

function onFrame(socket, data) {
  const text = data.toString();
  const message = JSON.parse(text);
  if (message.op === 'message.send')
    put(text, message, socket, ack => socket.send(ack));
  else if (message.op === 'typing')
    for (const other of subscribers)
      if (other !== socket)
        other.send(text);
}

const server = http.createServer((request, response) => {
  let text = '';
  request.on('data', chunk => text += chunk);
  request.on('end', () => put(text, JSON.parse(text), null, ack => {
    response.writeHead(201, { 'Content-Type': 'application/json', 'Content-Length': ack.length });
    response.end(ack);
  }));
});
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, tcp, head) => sockets.handleUpgrade(request, tcp, head, socket => {
  tcp.setNoDelay(true);
  if (request.url !== '/idle') {
    subscribers.add(socket);
    socket.on('close', () => subscribers.delete(socket));
  }
  socket.on('message', data => onFrame(socket, data));
  socket.on('error', () => {});
}));
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, port: server.address().port })));
