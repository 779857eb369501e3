// Bytes as a bad line delivers them, cut into messages or counted as noise.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFraming } from "../../../edge/field/firmata/framing.js";

function cut(...chunks: readonly (readonly number[])[]): { messages: number[][]; noise: number } {
  let noise = 0;
  const framing = createFraming((bytes) => {
    noise += bytes;
  });
  const messages = chunks.flatMap((chunk) => framing.push(Uint8Array.from(chunk)).map((message) => [...message]));
  return { messages, noise };
}

const analog = [0xe0, 0x55, 0x02];
const sysex = [0xf0, 0x79, 2, 5, 0xf7];

describe("Firmata framing", () => {
  it.each([
    { what: "whole messages", bytes: [...analog, ...sysex], messages: [analog, sysex], noise: 0 },
    { what: "a report cut by a reset", bytes: [0xe0, 0x79, 0xf9, 2, 5], messages: [[0xf9, 2, 5]], noise: 2 },
    { what: "sysex cut by a report", bytes: [0xf0, 0x79, 2, ...analog], messages: [analog], noise: 3 },
    { what: "stray data bytes", bytes: [0, 0x12, ...analog], messages: [analog], noise: 2 },
    { what: "orders that no board sends", bytes: [0xf4, 2, 1, 0xff, ...analog], messages: [analog], noise: 4 },
    { what: "an end without a start", bytes: [0xf7, ...analog], messages: [analog], noise: 1 },
  ])("takes $what", ({ bytes, messages, noise }) => {
    expect(cut(bytes)).toEqual({ messages, noise });
  });

  it("drops a sysex message that never ends, at its limit", () => {
    const endless = [0xf0, ...new Array<number>(5000).fill(1)];
    expect(cut(endless, analog)).toEqual({ messages: [analog], noise: 5001 });
  });

  it("finds the same messages however the bytes are split, and every whole one after any noise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), (noise, at) => {
        const bytes = [...noise, ...sysex, ...analog];
        const whole = cut(bytes);
        expect(cut(bytes.slice(0, at), bytes.slice(at))).toEqual(whole);
        expect(whole.messages.at(-1)).toEqual(analog);
        expect(whole.messages.at(-2)).toEqual(sysex);
      }),
    );
  });

  it("forgets an unfinished message when the connection is lost", () => {
    const framing = createFraming(() => undefined);
    framing.push(Uint8Array.from([0xe0, 0x55]));
    framing.reset();
    expect(framing.push(Uint8Array.from([0x02, ...analog]))).toHaveLength(1);
  });
});
