// The newest samples of every point, in a fixed amount of memory.
import { expect, it } from "vitest";
import { createPointBook, pointBookLimits, seenValue } from "../../../edge/health/point-book.js";
import type { Sample } from "../../../edge/model/point.js";

const sample = (at: number, value: Sample["value"] = true): Sample => ({
  point: "beam",
  value,
  quality: "good",
  occurredAt: at,
});

it("keeps the newest samples in order and gives those heard of since", () => {
  const book = createPointBook();
  for (let at = 1; at <= pointBookLimits.samples + 5; at += 1) book.note(sample(at - 0.5), at);
  const all = book.since("beam", null);
  expect(all).toHaveLength(pointBookLimits.samples);
  expect(all[0]?.heardAt).toBe(6);
  expect(book.since("beam", pointBookLimits.samples + 3).map(({ heardAt }) => heardAt)).toEqual([36, 37]);
  expect(book.since("moat", null)).toEqual([]);
});

it("keeps of a block its extent, of a text its beginning", () => {
  expect(seenValue({ t0: 0, periodUs: 1000, values: [3, -2, 5] })).toEqual({
    count: 3,
    periodUs: 1000,
    least: -2,
    greatest: 5,
  });
  expect(seenValue("x".repeat(1000))).toHaveLength(pointBookLimits.valueCharacters);
  expect(seenValue(null)).toBeNull();
});

it("forgets points that the configuration does not have any more", () => {
  const book = createPointBook();
  book.note(sample(1), 1);
  book.forgetAllBut([]);
  expect(book.since("beam", null)).toEqual([]);
});
