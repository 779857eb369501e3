// Two operators on duty, as a table of who is there when.
import { describe, expect, it } from "vitest";
import { createOnDuty, shortAfterMs } from "../../hub/people/on-duty.js";

interface Moment {
  readonly atMs: number;
  readonly present: number;
}
const m = (atMs: number, present: number): Moment => ({ atMs, present });

/** Types of what the hub records, each with its moment. */
function watch(moments: readonly Moment[], alarmStands = false): readonly string[] {
  let present = 0;
  let stands = alarmStands;
  const look = createOnDuty({ needed: 2, present: () => present, isShorthanded: () => stands });
  return moments.flatMap((moment) => {
    present = moment.present;
    const facts = look(moment.atMs);
    for (const { type } of facts) stands = type === "operators.too-few";
    return facts.map(({ type, data }) => `${moment.atMs} ${type} ${data["present"] ?? ""}`.trim());
  });
}

describe("A-30: two operators on duty", () => {
  it.each<{ name: string; moments: Moment[]; stands?: boolean; facts: string[] }>([
    { name: "two are there", moments: [m(0, 2), m(shortAfterMs * 3, 2)], facts: [] },
    { name: "one is away for less than five minutes", moments: [m(0, 1), m(shortAfterMs - 1, 1)], facts: [] },
    {
      name: "one is away for five minutes",
      moments: [m(0, 1), m(shortAfterMs, 1), m(shortAfterMs + 1000, 1)],
      facts: [`${shortAfterMs} operators.too-few 1`],
    },
    {
      name: "they relieve each other",
      moments: [m(0, 1), m(200_000, 2), m(250_000, 1), m(shortAfterMs + 100_000, 1)],
      facts: [],
    },
    {
      name: "the second one comes back",
      moments: [m(0, 0), m(shortAfterMs, 0), m(400_000, 1), m(500_000, 2)],
      facts: [`${shortAfterMs} operators.too-few 0`, "500000 operators.restored"],
    },
    { name: "the hub starts and the alarm stands", moments: [m(0, 1), m(shortAfterMs, 1)], stands: true, facts: [] },
    { name: "the hub starts and they are back", moments: [m(0, 3)], stands: true, facts: ["0 operators.restored"] },
  ])("A-30: records $facts when $name", ({ moments, stands, facts }) => {
    expect(watch(moments, stands)).toEqual(facts);
  });
});
