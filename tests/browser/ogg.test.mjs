// SPDX-License-Identifier: GPL-3.0-or-later
// The page's Ogg writer and ids, with GStreamer's WebM as input and opusdec as judge.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const page = new URL('../../data/webchat/js/', import.meta.url);
const { packetSamples, readWebm, webmToOgg } = await import(new URL('ogg.js', page));
const { newId } = await import(new URL('ids.js', page));
const folder = mkdtempSync(join(tmpdir(), 'guiche-ogg-'));
after(() => rmSync(folder, { recursive: true }));

const SECONDS = 3;
function recordWebm(name, streamable) {
  const path = join(folder, name);
  execFileSync('gst-launch-1.0', ['-q', 'audiotestsrc', 'wave=sine', 'freq=1000', 'samplesperbuffer=480', `num-buffers=${SECONDS * 100}`, '!',
    'audio/x-raw,rate=48000,channels=1', '!', 'opusenc', 'bitrate=32000', '!', 'webmmux', `streamable=${streamable}`, '!', 'filesink', `location=${path}`]);
  return new Uint8Array(readFileSync(path));
}

/** Strength of a frequency in 16-bit mono samples (Goertzel). */
function strength(samples, frequency, rate) {
  const k = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let s1 = 0, s2 = 0;
  for (const value of samples) [s1, s2] = [value + k * s1 - s2, s1];
  return Math.sqrt(Math.max(0, s1 * s1 + s2 * s2 - k * s1 * s2)) / samples.length;
}

for (const streamable of [true, false]) {
  test(`a WebM recording becomes the same sound in Ogg (streamable: ${streamable})`, async () => {
    const ogg = Buffer.from(await webmToOgg(recordWebm(`in-${streamable}.webm`, streamable)).arrayBuffer());
    const path = join(folder, `out-${streamable}.ogg`);
    writeFileSync(path, ogg);
    const wave = join(folder, `out-${streamable}.wav`);
    execFileSync('opusdec', ['--quiet', '--rate', '48000', path, wave]);
    const samples = new Int16Array(new Uint8Array(readFileSync(wave).subarray(44)).buffer);
    assert.ok(Math.abs(samples.length / 48000 - SECONDS) < 0.1, `${samples.length} samples`);
    const middle = samples.subarray(24000, 96000);
    for (const other of [440, 900, 1100, 2000]) assert.ok(strength(middle, 1000, 48000) > 20 * strength(middle, other, 48000), `${other} Hz`);
    assert.match(execFileSync('opusinfo', [path], { encoding: 'utf8' }), /Playback length: 0m:03\.0/);
  });
}

test('what is not Opus in WebM is refused, whatever it is', () => {
  const whole = recordWebm('cut.webm', true);
  assert.throws(() => webmToOgg(new Uint8Array(0)));
  assert.throws(() => webmToOgg(new TextEncoder().encode('not a recording at all')));
  assert.throws(() => readWebm(whole.subarray(0, 40)));
  let state = 1;
  for (let round = 0; round < 300; round++) { // damaged: an error or a blob, never a hang
    const broken = whole.slice(0, 4000);
    for (let i = 0; i < 8; i++) {
      state = (state * 48271) % 0x7fffffff;
      broken[state % broken.length] = state >> 8;
    }
    try {
      webmToOgg(broken);
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  }
});

test('durations of Opus packets are those of RFC 6716, table 2', () => {
  assert.equal(packetSamples(new Uint8Array([0 << 3])), 480); // SILK 10 ms
  assert.equal(packetSamples(new Uint8Array([3 << 3])), 2880); // SILK 60 ms
  assert.equal(packetSamples(new Uint8Array([13 << 3])), 960); // hybrid 20 ms
  assert.equal(packetSamples(new Uint8Array([16 << 3])), 120); // CELT 2.5 ms
  assert.equal(packetSamples(new Uint8Array([(31 << 3) | 1])), 1920); // two frames of 20 ms
  assert.equal(packetSamples(new Uint8Array([(31 << 3) | 3, 5])), 4800); // five of them
});

test('ids are UUIDv7 and grow', () => {
  const ids = Array.from({ length: 1000 }, newId);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
});
