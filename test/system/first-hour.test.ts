// A technician's first hour at a new box, by command line only and by the page alone. Each has a box and a simulated plant as
// processes of its own; both hours pass at the same time, because most of one is waiting for quiet, blows and drives.
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe } from "vitest";
import { type FirstHour, startFirstHour } from "../support/first-hour.js";
import { byPage, chromiumPath } from "./first-hour-by-page.js";
import { byWords } from "./first-hour-by-words.js";

const skipReason = existsSync(chromiumPath) ? "" : ` (skipped: no ${chromiumPath} here)`;
const hours: { words?: FirstHour; page?: FirstHour } = {};

function of(which: keyof typeof hours): FirstHour {
  const hour = hours[which];
  if (hour === undefined) throw new Error("it has not begun");
  return hour;
}

beforeAll(async () => {
  const begin = async (which: keyof typeof hours) => {
    hours[which] = await startFirstHour();
  };
  await Promise.all([begin("words"), ...(skipReason === "" ? [begin("page")] : [])]);
});
afterAll(async () => {
  await Promise.all([hours.words?.close(), hours.page?.close()]);
});

describe.concurrent("a technician's first hour", () => {
  describe("by command line only", () => byWords(() => of("words")));
  describe.skipIf(skipReason !== "")(`by the page at 360 px${skipReason}`, () => byPage(() => of("page")));
});
