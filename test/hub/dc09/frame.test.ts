// DC-09 frames byte by byte: the standard's own form, its encryption, and whatever a receiver may answer.
import { createCipheriv, createDecipheriv } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  crcOf,
  decodeReply,
  encode,
  type Frame,
  sequenceOf,
  timeOf,
  timestampOf,
} from "../../../hub/control-room/dc09/frame.js";

const at = Date.parse("2026-11-22T00:54:46.900Z");
const frame: Frame = {
  id: "SIA-DCS",
  sequence: 1,
  address: { account: "1234", receiver: "1", line: "0" },
  data: "Nri1/BA007*Fence N zone 7",
  extended: "",
  at,
};
const zeros = Buffer.alloc(16);

function answer(body: string): Buffer {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
  const bytes = Buffer.from(body, "latin1");
  return Buffer.from(`\n${hex(crcOf(bytes))}${hex(bytes.length)}${body}\r`, "latin1");
}

function seal(plain: string, key: Buffer): string {
  const padded = "P".repeat((16 - (plain.length % 16)) % 16) + plain;
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, zeros).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded, "latin1"), cipher.final()])
    .toString("hex")
    .toUpperCase();
}

describe("a DC-09 frame", () => {
  it("is the one that a receiver was seen to acknowledge", () => {
    expect(encode(frame, null).toString("latin1")).toBe(
      '\nA9F5004B"SIA-DCS"0001R1L0#1234[#1234|Nri1/BA007*Fence N zone 7]_00:54:46,11-22-2026\r',
    );
  });

  it("leaves out a receiver number that is not given, and carries extended data behind the bracket", () => {
    const address = { account: "ABC", receiver: "", line: "0" };
    const text = encode({ ...frame, address, extended: "[H00:00:01,11-22-2026]" }, null).toString("latin1");
    expect(text).toContain('"SIA-DCS"0001L0#ABC[#ABC|Nri1/BA007*Fence N zone 7][H00:00:01,11-22-2026]_00:54:46');
  });

  it("has an empty bracket as link test", () => {
    const text = encode({ ...frame, id: "NULL", sequence: 0, data: "" }, null).toString("latin1");
    expect(text.slice(9)).toBe('"NULL"0000R1L0#1234[]_00:54:46,11-22-2026\r');
  });

  it.each([16, 24, 32])("hides everything behind the bracket with a key of %i bytes", (length) => {
    const key = Buffer.alloc(length, 7);
    const text = encode(frame, { key, padding: (count) => Buffer.alloc(count, 0x5b) }).toString("latin1");
    const [, head, hex = ""] = /^\n[0-9A-F]{8}("\*SIA-DCS"0001R1L0#1234)\[([0-9A-F]+)\r$/.exec(text) ?? [];
    expect(head).toBeDefined();
    const decipher = createDecipheriv(`aes-${length * 8}-cbc`, key, zeros).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(hex, "hex"), decipher.final()]).toString("latin1");
    expect(plain).toMatch(/^[^[\]|]*\|#1234\|Nri1\/BA007\*Fence N zone 7\]_00:54:46,11-22-2026$/);
    expect(plain.length % 16).toBe(0);
  });

  it("numbers events from 1 to 9999 and then from 1", () => {
    expect([0, 1, 9998, 9999, 19_998].map(sequenceOf)).toEqual([1, 2, 9999, 1, 1]);
  });

  it("writes times that it can read", () => {
    expect(timeOf(timestampOf(at))).toBe(Date.parse("2026-11-22T00:54:46Z"));
    expect(timeOf("no time")).toBeNull();
    expect(timeOf("_25:99:99,13-40-2026")).toBeNull();
  });
});

describe("a receiver's answer", () => {
  const key = Buffer.alloc(16, 9);
  it.each([
    {
      name: "an acknowledgement",
      bytes: Buffer.from('\n1EB60014"ACK"0001R1L0#1234[]\r'),
      key: null,
      reply: { kind: "ACK", sequence: 1 },
    },
    {
      name: "an acknowledgement without numbers",
      bytes: answer('"ACK"0007#1234[]'),
      key: null,
      reply: { kind: "ACK", sequence: 7 },
    },
    {
      name: "an encrypted one",
      bytes: answer(`"*ACK"0002L0#1234[${seal("|]_00:54:46,11-22-2026", key)}`),
      key,
      reply: { kind: "ACK", sequence: 2 },
    },
    {
      name: "what cannot be processed",
      bytes: answer('"DUH"0003R1L0#1234[]'),
      key: null,
      reply: { kind: "DUH", sequence: 3 },
    },
    {
      name: "a wrong clock",
      bytes: answer('"NAK"0000R0L0A0[]_01:00:00,11-22-2026'),
      key,
      reply: { kind: "NAK", at: Date.parse("2026-11-22T01:00:00Z") },
    },
    { name: "a NAK without time", bytes: answer('"NAK"0000R0L0A0[]'), key: null, reply: { kind: "NAK", at: null } },
  ])("is read: $name", ({ bytes, key: own, reply }) => {
    expect(decodeReply(bytes, own)).toEqual(reply);
  });

  it.each([
    { name: "a flipped bit", bytes: Buffer.from('\n1EB60014"ACK"0001R1L0#1235[]\r'), key: null },
    { name: "a wrong length", bytes: Buffer.from('\n1EB60013"ACK"0001R1L0#1234[]\r'), key: null },
    { name: "nothing", bytes: Buffer.from("\n\r"), key: null },
    { name: "noise", bytes: Buffer.from([0, 255, 128, 13]), key: null },
    { name: "a word that is none", bytes: answer('"WHAT"0001L0#1234[]'), key: null },
    {
      name: "another key",
      bytes: answer(`"*ACK"0002L0#1234[${seal("|]_00:54:46,11-22-2026", key)}`),
      key: Buffer.alloc(16, 1),
    },
    { name: "encryption where none is agreed", bytes: answer('"*ACK"0002L0#1234[00'), key: null },
    { name: "half a block", bytes: answer('"*ACK"0002L0#1234[0011'), key },
    { name: "more than a reply may be", bytes: Buffer.alloc(5000, 0x41), key: null },
  ])("is refused: $name", ({ bytes, key: own }) => {
    expect(decodeReply(bytes, own).kind).toBe("broken");
  });
});
