// SPDX-License-Identifier: GPL-3.0-or-later
// UUIDv7 (RFC 9562, 5.7): a message keeps its id through every retry, so the server stores it once.

let last = 0;

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  last = Math.max(Date.now(), last + 1);
  let time = last;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
