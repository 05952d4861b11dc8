// SPDX-License-Identifier: GPL-3.0-or-later
// A voice note: play, pause, seek on its waveform, three speeds. One plays at a time.

import * as api from './api.js';
import { icon } from './icons.js';
import { text } from './texts.js';

const SPEEDS = [1, 1.5, 2];
const playsOgg = Boolean(document.createElement('audio').canPlayType('audio/ogg; codecs=opus'));
let playing = null;

export function clock(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function bars(waveform) {
  const levels = (waveform || '').match(/[0-9a-f]{2}/gi)?.map((pair) => parseInt(pair, 16)) || new Array(48).fill(40);
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawing.setAttribute('viewBox', `0 0 ${levels.length * 3} 32`);
  drawing.setAttribute('preserveAspectRatio', 'none');
  drawing.setAttribute('aria-hidden', 'true');
  levels.forEach((level, index) => {
    const height = Math.max(2, (level / 255) * 30);
    const bar = document.createElementNS(drawing.namespaceURI, 'rect');
    for (const [name, value] of Object.entries({ x: index * 3, y: 16 - height / 2, width: 2, height, rx: 1 })) bar.setAttribute(name, value);
    drawing.append(bar);
  });
  return drawing;
}

/** An element for a voice attachment; source: {blob} (own, not sent yet) or {token, attachment}. */
export function voiceNote(attachment, source) {
  const root = document.createElement('div');
  root.className = 'voice';
  root.setAttribute('role', 'group');
  root.setAttribute('aria-label', text('voice-note'));
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon';
  const track = document.createElement('div');
  track.className = 'track';
  const slider = document.createElement('input');
  Object.assign(slider, { type: 'range', min: 0, max: 1000, value: 0 });
  slider.setAttribute('aria-label', text('seek'));
  track.append(bars(attachment.waveform), slider);
  const time = document.createElement('span');
  time.className = 'time';
  const speed = document.createElement('button');
  speed.type = 'button';
  speed.className = 'speed';
  root.append(button, track, time, speed);

  const audio = new Audio();
  audio.preload = 'none';
  let duration = attachment.duration_ms || 0;

  const show = () => {
    const isPlaying = !audio.paused;
    button.replaceChildren(icon(isPlaying ? 'pause' : 'play'));
    button.setAttribute('aria-label', text(isPlaying ? 'pause' : 'play'));
    const part = duration ? Math.min(1, (audio.currentTime * 1000) / duration) : 0;
    slider.value = Math.round(part * 1000);
    slider.setAttribute('aria-valuetext', clock(audio.currentTime * 1000));
    track.style.setProperty('--played', `${part * 100}%`);
    time.textContent = clock(isPlaying || audio.currentTime ? audio.currentTime * 1000 : duration);
    speed.textContent = `${audio.playbackRate.toLocaleString()}×`;
    speed.setAttribute('aria-label', `${text('speed')} ${speed.textContent}`);
    root.dataset.state = isPlaying ? 'playing' : 'paused';
  };
  const fail = () => {
    root.dataset.state = 'failed';
    time.textContent = text('cannot-play');
  };
  const prepare = async () => {
    if (audio.src) return;
    const format = playsOgg || attachment.type !== 'audio/ogg' ? '' : 'aac';
    const blob = source.blob || await api.download(source.token, attachment.file_id, format);
    audio.src = URL.createObjectURL(blob);
  };
  const toggle = async () => {
    if (!audio.paused) {
      audio.pause();
      return;
    }
    try {
      await prepare();
      if (playing && playing !== audio) playing.pause();
      playing = audio;
      await audio.play();
    } catch {
      fail();
    }
  };

  button.onclick = toggle;
  speed.onclick = () => {
    audio.playbackRate = SPEEDS[(SPEEDS.indexOf(audio.playbackRate) + 1) % SPEEDS.length];
    show();
  };
  slider.oninput = async () => {
    try {
      await prepare();
      audio.currentTime = ((slider.value / 1000) * duration) / 1000;
    } catch {
      fail();
    }
  };
  audio.ondurationchange = () => {
    if (Number.isFinite(audio.duration)) duration = audio.duration * 1000;
    show();
  };
  audio.onplay = audio.onpause = audio.ontimeupdate = show;
  audio.onended = () => {
    audio.currentTime = 0;
    show();
  };
  audio.onerror = fail;
  show();
  return root;
}
