// SPDX-License-Identifier: GPL-3.0-or-later
// A voice note from the microphone: Ogg/Opus where the browser can (also by way of WebM), AAC in MP4 on Safari, with the
// waveform that the agent's desktop shows.

import { webmToOgg } from './ogg.js';

const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4'];
const LONGEST_MS = 5 * 60 * 1000;
const CHUNK_MS = 200;
const BARS = 64;

export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder && TYPES.some((type) => MediaRecorder.isTypeSupported(type)));
}

export class Recorder extends EventTarget {
  #recorder = null;
  #media = null;
  #context = null;
  #chunks = [];
  #started = 0;
  #timer = 0;
  #levels = [];

  /** Events: `level` (detail: {level 0..1, elapsed_ms}), `limit`. Throws the browser's own error when there is no microphone. */
  async start() {
    this.#media = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
    this.#recorder = new MediaRecorder(this.#media, { mimeType: type, audioBitsPerSecond: 32000 });
    this.#recorder.ondataavailable = (event) => this.#keep(event.data);
    this.#recorder.start(CHUNK_MS);
    this.#watchLevel();
  }

  /** Time runs from the first sound that is kept: a microphone may take a while, and nobody shall speak to nothing. */
  #keep(chunk) {
    if (chunk.size === 0) return;
    this.#chunks.push(chunk);
    this.#started ||= performance.now() - CHUNK_MS;
  }

  get #elapsed() {
    return this.#started ? performance.now() - this.#started : 0;
  }

  #watchLevel() {
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 1024;
    this.#context.createMediaStreamSource(this.#media).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = Math.min(1, Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length) * 3);
      const elapsed = this.#elapsed;
      this.#levels.push(level);
      this.dispatchEvent(new CustomEvent('level', { detail: { level, elapsed_ms: elapsed } }));
      if (elapsed > LONGEST_MS) this.dispatchEvent(new CustomEvent('limit'));
    }, 60);
  }

  /** Ends and gives {blob, name, duration_ms, waveform}. A microphone that went away has ended the recording already; what
   *  was said until then is given all the same. Throws when there is nothing. */
  async finish() {
    const recorder = this.#recorder;
    const elapsed = this.#elapsed;
    if (recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) => { recorder.onstop = resolve; });
      recorder.stop();
      await stopped;
    }
    this.#release();
    let blob = new Blob(this.#chunks, { type: recorder.mimeType.split(';')[0] });
    if (blob.size === 0) throw new Error('nothing was recorded');
    const sound = await describe(blob).catch(() => ({ duration_ms: Math.round(elapsed), waveform: waveform(this.#levels) }));
    if (blob.type === 'audio/webm') blob = webmToOgg(new Uint8Array(await blob.arrayBuffer()));
    return { blob, name: blob.type === 'audio/mp4' ? 'voice.m4a' : 'voice.ogg', ...sound };
  }

  discard() {
    if (this.#recorder && this.#recorder.state !== 'inactive') {
      this.#recorder.onstop = null;
      this.#recorder.stop();
    }
    this.#release();
  }

  #release() {
    clearInterval(this.#timer);
    this.#media?.getTracks().forEach((track) => track.stop());
    if (this.#context?.state !== 'closed') this.#context?.close();
  }
}

async function describe(blob) {
  const context = new OfflineAudioContext(1, 1, 48000);
  const sound = await context.decodeAudioData(await blob.arrayBuffer());
  return { duration_ms: Math.round(sound.duration * 1000), waveform: waveform(sound.getChannelData(0)) };
}

/** Peaks of equal parts, one byte each, as pairs of hex digits. */
export function waveform(samples) {
  const step = Math.max(1, Math.floor(samples.length / BARS));
  let text = '';
  for (let bar = 0; bar < BARS && bar * step < samples.length; bar++) {
    let peak = 0;
    const end = Math.min(samples.length, (bar + 1) * step);
    for (let i = bar * step; i < end; i++) peak = Math.max(peak, Math.abs(samples[i]));
    text += Math.min(255, Math.round(peak * 255)).toString(16).padStart(2, '0');
  }
  return text;
}
