// SIA DC-09 frames, to and from bytes. Pure: the clock, the padding and the key come in as arguments.
import { createCipheriv, createDecipheriv } from "node:crypto";

export type FrameId = "SIA-DCS" | "ADM-CID" | "NULL";

/** How a receiver knows us: account 3 to 16, receiver and line number 1 to 6 hexadecimal digits; receiver may be empty. */
export interface Address {
  readonly account: string;
  readonly receiver: string;
  readonly line: string;
}

export interface Frame {
  readonly id: FrameId;
  /** 1 to 9999, or 0 of a link test; the receiver's answer carries it back. */
  readonly sequence: number;
  readonly address: Address;
  /** What stands between the brackets after the account and `|`; empty for a link test. */
  readonly data: string;
  /** Bracketed extended data such as `[H14:05:00,11-26-2026]`, or empty. */
  readonly extended: string;
  /** Milliseconds since 1970 by the receiver's clock, as far as it is known. */
  readonly at: number;
}

/** AES key of 16, 24 or 32 bytes, and where the padding in front comes from. */
export interface Cipher {
  readonly key: Buffer;
  readonly padding: (length: number) => Buffer;
}

export type Reply =
  | { readonly kind: "ACK" | "DUH" | "RSP"; readonly sequence: number }
  /** `at`: the receiver's time, when it says one. */
  | { readonly kind: "NAK"; readonly at: number | null }
  | { readonly kind: "broken"; readonly detail: string };

const sequenceMax = 9999;
const blockLength = 16;
const zeroVector = Buffer.alloc(blockLength);
/** Bytes of a reply that are looked at; a longer one is no reply. */
export const replyBytesMax = 1024;

/** The sequence of the event before which `count` were told: 1 follows 9999, and a repeated event keeps its number. */
export function sequenceOf(count: number): number {
  return (count % sequenceMax) + 1;
}

/** CRC-16/ARC over the bytes between the length and the final carriage return (DC-09 5.5.1.2). */
export function crcOf(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** `_HH:MM:SS,MM-DD-YYYY` in UTC. */
export function timestampOf(at: number): string {
  const [date = "", time = ""] = new Date(at).toISOString().slice(0, 19).split("T");
  const [year, month, day] = date.split("-");
  return `_${time},${month}-${day}-${year}`;
}

/** Milliseconds since 1970 of such a time; null when there is none. */
export function timeOf(text: string): number | null {
  const [, time, month, day, year] = /_(\d\d:\d\d:\d\d),(\d\d)-(\d\d)-(\d{4})/.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${time}Z`);
  return Number.isNaN(at) ? null : at;
}

/** The bytes of a frame, encrypted when there is a cipher. */
export function encode(frame: Frame, cipher: Cipher | null): Buffer {
  const { id, sequence, address, data, extended, at } = frame;
  const receiver = address.receiver === "" ? "" : `R${address.receiver}`;
  const body = data === "" ? "" : `#${address.account}|${data}`;
  const rest = `${body}]${extended}${timestampOf(at)}`;
  const head = `"${cipher === null ? "" : "*"}${id}"${String(sequence).padStart(4, "0")}${receiver}L${address.line}#${address.account}[`;
  return wrap(head + (cipher === null ? rest : encrypt(rest, cipher)));
}

function wrap(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
  return Buffer.concat([Buffer.from(`\n${hex(crcOf(bytes))}${hex(bytes.length)}`), bytes, Buffer.from("\r")]);
}

function encrypt(rest: string, { key, padding }: Cipher): string {
  const plain = Buffer.from(`|${rest}`, "latin1");
  const missing = (blockLength - (plain.length % blockLength)) % blockLength;
  const cipher = createCipheriv(algorithmOf(key), key, zeroVector).setAutoPadding(false);
  const padded = Buffer.concat([padding(missing).map(harmless), plain]);
  return Buffer.concat([cipher.update(padded), cipher.final()])
    .toString("hex")
    .toUpperCase();
}

/** Padding may hold no bar and no bracket, for these end it. */
function harmless(byte: number): number {
  return 0x41 + (byte % 26);
}

function algorithmOf(key: Buffer): string {
  return `aes-${key.length * 8}-cbc`;
}

const replyForm =
  /^\n?([0-9A-F]{4})([0-9A-F]{4})("(\*?)([A-Z-]+)"(\d{4})(?:R[0-9A-F]{1,6})?(?:L[0-9A-F]{1,6})?(?:#[0-9A-F]{3,16}|A0)?\[.*)\r?$/i;

/** Reads a receiver's answer, from line feed to carriage return. Never throws. */
export function decodeReply(bytes: Buffer, key: Buffer | null): Reply {
  const text = bytes.subarray(0, replyBytesMax).toString("latin1");
  const [, crc = "", length = "", body = "", star = "", kind = "", sequence = ""] = replyForm.exec(text) ?? [];
  if (body === "") return { kind: "broken", detail: `no DC-09 answer: ${printable(text)}` };
  const content = Buffer.from(body, "latin1");
  if (crcOf(content) !== Number.parseInt(crc, 16) || content.length !== Number.parseInt(length, 16))
    return { kind: "broken", detail: `wrong checksum or length: ${printable(text)}` };
  const clear = star === "" ? body : decrypt(body.slice(body.indexOf("[") + 1), key);
  if (clear === null) return { kind: "broken", detail: "an answer that the key does not open" };
  if (kind === "ACK" || kind === "DUH" || kind === "RSP") return { kind, sequence: Number(sequence) };
  if (kind === "NAK") return { kind, at: timeOf(clear) };
  return { kind: "broken", detail: `an answer of an unknown kind: ${printable(kind)}` };
}

function decrypt(hex: string, key: Buffer | null): string | null {
  const sealed = Buffer.from(hex.trim(), "hex");
  if (key === null || sealed.length === 0 || sealed.length % blockLength !== 0) return null;
  const decipher = createDecipheriv(algorithmOf(key), key, zeroVector).setAutoPadding(false);
  const clear = Buffer.concat([decipher.update(sealed), decipher.final()]).toString("latin1");
  return clear.includes("]") ? clear : null;
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
