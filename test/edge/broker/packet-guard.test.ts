// The scanner of MQTT's fixed headers, on any bytes in any pieces.
import fc from "fast-check";
import { expect, it } from "vitest";
import { packetScanner } from "../../../edge/broker/packet-guard.js";

const packetBytesMax = 2_000;

function packet(body: number): Uint8Array {
  const length: number[] = [];
  let left = body;
  do {
    length.push((left % 128) + (left > 127 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Uint8Array.from([0x30, ...length, ...new Array<number>(body).fill(0xff)]);
}

/** What the scanner says after each piece, up to its first fault. */
function scan(bytes: Uint8Array, cuts: readonly number[]): string | null {
  const scanner = packetScanner(packetBytesMax);
  const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  let from = 0;
  for (const end of ends) {
    const fault = scanner.take(bytes.subarray(from, end));
    if (fault !== null) return fault;
    from = end;
  }
  return scanner.unfinished() === null ? null : "unfinished";
}

it("finds whole packets whole, however they are cut into pieces", () => {
  const bodies = fc.array(fc.integer({ min: 0, max: 1_900 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(8_000)), (sizes, cuts) => {
      const bytes = Uint8Array.from(sizes.flatMap((size) => [...packet(size)]));
      expect(scan(bytes, cuts)).toBe(null);
      expect(scan(bytes.subarray(0, -1), cuts)).toBe("unfinished");
    }),
  );
});

it("judges any bytes the same, however they are cut into pieces", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200)), (bytes, cuts) => {
      expect(scan(bytes, cuts)).toBe(scan(bytes, []));
    }),
  );
});

it("takes a packet of the limit and refuses one byte more", () => {
  expect(scan(packet(packetBytesMax - 3), [])).toBe(null);
  expect(scan(packet(packetBytesMax - 2).subarray(0, 3), [])).toBe("oversize");
});

it("refuses packet type 0 and a length of more than four bytes", () => {
  expect(packetScanner(1e9).take(Uint8Array.from([0x00, 0]))).toBe("malformed");
  expect(packetScanner(1e9).take(Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80]))).toBe("malformed");
});
