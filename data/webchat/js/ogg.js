// SPDX-License-Identifier: GPL-3.0-or-later
// Opus from WebM (what Chromium records) into Ogg (what every agent's desktop plays): the packets are copied, not encoded
// again. WebM: RFC 8794 (EBML) and RFC 9559 (Matroska); Ogg: RFC 3533; Opus in Ogg: RFC 7845.

const SEGMENT = 0x18538067, CLUSTER = 0x1f43b675, TRACKS = 0x1654ae6b, TRACK = 0xae, CODEC_PRIVATE = 0x63a2,
  CODEC_ID = 0x86, BLOCK_GROUP = 0xa0, BLOCK = 0xa1, SIMPLE_BLOCK = 0xa3;
const CONTAINERS = new Set([SEGMENT, CLUSTER, TRACKS, TRACK, BLOCK_GROUP]);
const SAMPLES_PER_SECOND = 48000;
const LEAST_PRE_SKIP = 120, LOOK_AHEAD = 312;

/** Reads an EBML number of 1..8 bytes; {value, length}; an unknown size has value -1. */
function readNumber(bytes, at, keepMarker) {
  const first = bytes[at];
  if (!first) throw new Error(`bad EBML number at byte ${at}`);
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) throw new Error(`truncated EBML number at byte ${at}`);
  let value = keepMarker ? first : first & (0xff >> length);
  let isUnknown = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i++) {
    value = value * 256 + bytes[at + i];
    isUnknown &&= bytes[at + i] === 0xff;
  }
  return { value: !keepMarker && isUnknown ? -1 : value, length };
}

/** Opus head and packets of a WebM file. */
export function readWebm(bytes) {
  const found = { head: null, codec: '', packets: [] };
  let at = 0;
  while (at < bytes.length) {
    const id = readNumber(bytes, at, true);
    const size = readNumber(bytes, at + id.length, false);
    const start = at + id.length + size.length;
    if (CONTAINERS.has(id.value)) {
      at = start; // go inside
      continue;
    }
    if (size.value < 0 || start + size.value > bytes.length) break; // recording cut short: what is whole counts
    const data = bytes.subarray(start, start + size.value);
    if (id.value === CODEC_PRIVATE) found.head = data;
    else if (id.value === CODEC_ID) found.codec = String.fromCharCode(...data);
    else if (id.value === SIMPLE_BLOCK || id.value === BLOCK) found.packets.push(data.subarray(readNumber(data, 0, false).length + 3));
    at = start + size.value;
  }
  if (!found.head || !found.codec.startsWith('A_OPUS')) throw new Error('no Opus in this WebM');
  return found;
}

/** Samples at 48 kHz in one Opus packet (RFC 6716, 3.1). */
export function packetSamples(packet) {
  const config = packet[0] >> 3;
  const code = packet[0] & 3;
  let size;
  if (config < 12) size = [480, 960, 1920, 2880][config & 3];
  else if (config < 16) size = [480, 960][config & 1];
  else size = [120, 240, 480, 960][config & 3];
  const frames = code === 0 ? 1 : code < 3 ? 2 : packet[1] & 63;
  return size * frames;
}

const CRC = new Uint32Array(256).map((_, index) => {
  let value = index << 24;
  for (let i = 0; i < 8; i++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value >>> 0;
});

function checksum(page) {
  let value = 0;
  for (const byte of page) value = ((value << 8) ^ CRC[((value >>> 24) ^ byte) & 0xff]) >>> 0;
  return value;
}

function page(packets, { serial, sequence, granule, flags }) {
  const lacing = packets.flatMap((packet) => [...new Array(Math.floor(packet.length / 255)).fill(255), packet.length % 255]);
  const size = 27 + lacing.length + packets.reduce((sum, packet) => sum + packet.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes.set([0x4f, 0x67, 0x67, 0x53, 0, flags]); // OggS, version 0
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, sequence, true);
  bytes[26] = lacing.length;
  bytes.set(lacing, 27);
  let at = 27 + lacing.length;
  for (const packet of packets) {
    bytes.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

function tags() {
  const vendor = new TextEncoder().encode('guiche');
  const bytes = new Uint8Array(8 + 4 + vendor.length + 4);
  bytes.set(new TextEncoder().encode('OpusTags'));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

/** What the encoder needs to settle (RFC 7845, 4.2); Chromium writes 0 and means libopus' own look-ahead. */
function withPreSkip(head) {
  const copy = head.slice();
  const view = new DataView(copy.buffer);
  if (copy.length >= 12 && view.getUint16(10, true) < LEAST_PRE_SKIP) view.setUint16(10, LOOK_AHEAD, true);
  return copy;
}

/** One Ogg/Opus file: head, tags, then pages of about a second. */
export function writeOgg(head, packets, serial = 0x47554943) {
  const pages = [page([withPreSkip(head)], { serial, sequence: 0, granule: 0, flags: 2 }), page([tags()], { serial, sequence: 1, granule: 0, flags: 0 })];
  let granule = 0, waiting = [], segments = 0, since = 0;
  packets.forEach((packet, index) => {
    waiting.push(packet);
    segments += Math.floor(packet.length / 255) + 1;
    granule += packetSamples(packet);
    const isLast = index === packets.length - 1;
    const next = isLast ? 0 : Math.floor(packets[index + 1].length / 255) + 1;
    if (isLast || segments + next > 255 || granule - since >= SAMPLES_PER_SECOND) {
      pages.push(page(waiting, { serial, sequence: pages.length, granule, flags: isLast ? 4 : 0 }));
      waiting = [];
      segments = 0;
      since = granule;
    }
  });
  return pages;
}

export function webmToOgg(bytes) {
  const { head, packets } = readWebm(bytes);
  if (packets.length === 0) throw new Error('no sound in this recording');
  return new Blob(writeOgg(head, packets), { type: 'audio/ogg' });
}
