// A tail that power cut off is told from a flipped bit, also when the cut reaches into a line by a few bytes only.
import { expect, test } from "vitest";
import { encodeLine } from "../../../edge/journal/line.js";
import { scanSegment } from "../../../edge/journal/scan.js";

const sectorBytes = 512;

/** A group that was synced and ends `before` bytes before a sector's edge, then one of two lines over that edge. */
function segment(before: number) {
  const empty = encodeLine(true, { text: "" });
  const synced = encodeLine(true, { text: "a".repeat(sectorBytes - before - empty.length) });
  const unsynced = Buffer.concat([encodeLine(true, { text: "b".repeat(90) }), encodeLine(false, { text: "c" })]);
  return { synced, bytes: Buffer.concat([synced, unsynced, Buffer.alloc(sectorBytes)]) };
}

test.each([1, 3, 7, 8, 60])(
  "a sector that was not written and reaches %i bytes into the last group is a torn tail",
  (before) => {
    const { synced, bytes } = segment(before);
    bytes.fill(0, synced.length, sectorBytes);
    const scan = scanSegment(bytes);
    expect(scan.end).toBe(synced.length);
    expect(scan.damages.map(({ kind }) => kind)).toEqual(["torn"]);
    expect(scan.lines).toHaveLength(1);
  },
);

test("a flipped bit in the last group is damage in its place, and what follows counts", () => {
  const { synced, bytes } = segment(40);
  const at = synced.length + 20;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const scan = scanSegment(bytes);
  expect(scan.damages.map(({ kind }) => kind)).toEqual(["corrupt"]);
  expect(scan.lines).toHaveLength(2);
});
