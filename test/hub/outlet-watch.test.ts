// When a control room that cannot be reached becomes an alarm.
import { expect, it } from "vitest";
import { createOutletWatch, lostAfterMs } from "../../hub/control-room/watch.js";

it("raises one alarm when a control room was away for a minute, and ends it when it is there", () => {
  const standing = new Set<string>();
  const look = createOutletWatch((key) => standing.has(key));
  const types = (reachable: boolean | null, now: number) =>
    look([{ name: "ward", reachable }], now).map(({ type }) => type);
  expect(types(true, 0)).toEqual([]);
  expect(types(false, 1)).toEqual([]);
  expect(types(false, lostAfterMs)).toEqual([]);
  expect(types(false, lostAfterMs + 1)).toEqual(["control-room.lost"]);
  standing.add("control-room/ward");
  expect(types(false, lostAfterMs + 2)).toEqual([]);
  expect(types(true, lostAfterMs + 3)).toEqual(["control-room.restored"]);
  standing.clear();
  expect(types(true, lostAfterMs + 4)).toEqual([]);
});

it("says nothing of a control room that nobody has tried since the start, however quiet it is", () => {
  const look = createOutletWatch(() => false);
  expect([0, lostAfterMs, 9 * lostAfterMs].map((now) => look([{ name: "ward", reachable: null }], now))).toEqual([
    [],
    [],
    [],
  ]);
});

it("counts a short break for nothing, and one that was never reached like one that was lost", () => {
  const look = createOutletWatch(() => false);
  const types = (reachable: boolean | null, now: number) =>
    look([{ name: "ward", reachable }], now).map(({ type }) => type);
  expect([
    types(false, 0),
    types(true, lostAfterMs - 1),
    types(false, lostAfterMs),
    types(false, lostAfterMs + 1),
  ]).toEqual([[], [], [], []]);
  expect(types(null, 2 * lostAfterMs)).toEqual(["control-room.lost"]);
});
