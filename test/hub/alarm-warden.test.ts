// What time alone does to alarms: escalation by its three times, and the return of what was set aside.
import { describe, expect, it } from "vitest";
import type { StandingAside } from "../../hub/alarm/alarms.js";
import type { AlarmRecord } from "../../hub/alarm/record.js";
import { escalateAfterSecondsDefault, factsPerLookMax, lookAfter } from "../../hub/alarm/warden.js";
import { alarmOf, later } from "./alarm.js";
import { noon } from "./box.js";

const aside = { by: "li", reason: "x", at: later(0), until: later(60_000) };

function look(open: readonly AlarmRecord[], seconds: number, asides: readonly StandingAside[] = []) {
  return lookAfter({ open: () => open, asides: () => asides }, escalateAfterSecondsDefault, noon + seconds * 1000);
}

describe("time", () => {
  it.each<{ name: string; alarm: Partial<AlarmRecord>; seconds: number; levels: number[] }>([
    { name: "nothing before 30 s", alarm: {}, seconds: 29.999, levels: [] },
    { name: "one level at 30 s", alarm: {}, seconds: 30, levels: [1] },
    { name: "the next at 60 s", alarm: { escalation: 1 }, seconds: 60, levels: [2] },
    { name: "the last at 180 s", alarm: { escalation: 2 }, seconds: 180, levels: [3] },
    { name: "nothing after the last", alarm: { escalation: 3 }, seconds: 86_400, levels: [] },
    { name: "each level after a look that came late", alarm: {}, seconds: 200, levels: [1, 2, 3] },
    { name: "one whose cause is gone", alarm: { active: false }, seconds: 30, levels: [1] },
    { name: "an exercise as well", alarm: { exercise: true }, seconds: 30, levels: [1] },
    {
      name: "none that is acknowledged",
      alarm: { acknowledged: true, unacknowledgedAt: null },
      seconds: 200,
      levels: [],
    },
    { name: "none that is shelved", alarm: { class: "device", shelved: aside }, seconds: 200, levels: [] },
    { name: "none that is out of service", alarm: { class: "duty", outOfService: aside }, seconds: 200, levels: [] },
    { name: "a protected one of an inhibited zone", alarm: { suppressed: aside }, seconds: 30, levels: [1] },
  ])("escalates $name", ({ alarm, seconds, levels }) => {
    const facts = look([alarmOf(alarm)], seconds);
    expect(facts.map(({ data }) => data["level"])).toEqual(levels);
    for (const fact of facts)
      expect(fact).toMatchObject({ type: "alarm.escalated", data: { target: "1", incident: "i1" } });
  });

  it("brings back what was shelved or out of service when its time is over, and not before", () => {
    const scope = { site: "compound", edge: "gatehouse", origin: "key:W1", aside };
    const standing: StandingAside[] = [
      { ...scope, how: "shelved", of: "workorder.overdue" },
      { ...scope, how: "outOfService", of: "workorder.overdue" },
      { ...scope, how: "outOfService", of: null },
      { ...scope, how: "suppressed", of: null },
    ];
    expect(look([], 59, standing)).toEqual([]);
    expect(look([], 60, standing)).toMatchObject([
      { type: "alarm.unshelved", data: { origin: "key:W1", of: "workorder.overdue", by: "hub" } },
      { type: "alarm.put-back" },
    ]);
  });

  it("makes a bounded number of records in one look, oldest alarms first", () => {
    const many = Array.from({ length: 1000 }, (_, index) => alarmOf({ id: String(index) }));
    expect(look(many, 30)).toHaveLength(factsPerLookMax);
  });
});
