// What comes out of a backlog is history: by the box's own clocks, or by the wall clocks where it does not tell.
import { expect, it } from "vitest";
import { isHistorical } from "../../hub/alarm/historical.js";
import { breachData, createJournal, noon, rowsOf } from "./box.js";

const record = createJournal("compound", "gatehouse").add("zone.breached", breachData("i1", 0));
const late = new Date(noon + 3_600_000).toISOString();

it.each([
  ["a fresh alarm", {}, false],
  ["one that its box sent an hour later", { ageMs: 3_600_000 }, true],
  ["one that the hub stored late, though it was sent at once", { ageMs: 30, storedAt: late }, false],
  ["one that came an hour late and says nothing of its age", { storedAt: late }, true],
  [
    "one whose wall clock could not be believed",
    { storedAt: late, record: { ...record, clocktrust: "never-set" as const } },
    false,
  ],
])("%s", (_what, change, expected) => {
  const [row] = rowsOf("compound", "gatehouse", [record]);
  if (row === undefined) throw new Error("no row");
  expect(isHistorical({ ...row, ...change })).toBe(expected);
});
