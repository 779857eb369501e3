// The life of an alarm by a table: what happens to it, and how it stands afterwards.
import { describe, expect, it } from "vitest";
import { types } from "../../hub/alarm/acts.js";
import { createAlarms } from "../../hub/alarm/alarms.js";
import { closedAlarmsMax } from "../../hub/alarm/list.js";
import type { Known } from "../../hub/alarm/raised.js";
import type { AlarmView } from "../../hub/console/views.js";
import { at, breachData, createJournal, inventory, rowsOf } from "./box.js";

/** Whose alarm the hub's own record acknowledges. */
const whose = { site: "compound", edge: "gatehouse", incident: "i1" };

const known: Known = { inventoryOf: () => inventory, taskOf: () => undefined };
const stranger: Known = { inventoryOf: () => undefined, taskOf: () => undefined };

type Happening =
  | "raised"
  | "raised by another incident"
  | "returned"
  | "incident closed"
  | "acknowledged"
  | "acknowledged at the box"
  | "echoed by the box";

/** Plays happenings in order; gives the list afterwards. */
function play(happenings: readonly Happening[]): readonly AlarmView[] {
  const alarms = createAlarms(known);
  const journal = createJournal("compound", "gatehouse");
  const own = createJournal("", "hub");
  let sequence = 0;
  const box = (type: string, data: object) => {
    sequence += 1;
    for (const row of rowsOf("compound", "gatehouse", [journal.add(type, data)], sequence)) alarms.apply(row);
  };
  const acts: Record<Happening, () => void> = {
    raised: () => box("zone.breached", breachData("i1", 1)),
    "raised by another incident": () => box("zone.breached", breachData("i2", 1)),
    returned: () => box("zone.restored", { zone: "north", area: "fence", alarms: ["i1/north/breach"] }),
    "incident closed": () => box("incident.closed", { incident: "i1", by: "wang" }),
    acknowledged: () => {
      sequence += 1;
      const id = alarms.list().find(({ incident, state }) => incident === "i1" && state !== "closed")?.id;
      const record = own.add(types.acknowledge, { ...whose, acknowledged: id, by: "wang" }, { lane: "alarm" });
      for (const row of rowsOf("", "hub", [record], sequence)) alarms.apply(row);
    },
    "acknowledged at the box": () => box("operator.acknowledged", { incident: "i1", by: "guard" }),
    "echoed by the box": () => box("operator.acknowledged", { incident: "i1", by: "wang" }),
  };
  for (const happening of happenings) acts[happening]();
  return alarms.list();
}

describe("an alarm", () => {
  it.each<{ happenings: Happening[]; states: string[]; count?: number }>([
    { happenings: ["raised"], states: ["unacknowledged"] },
    { happenings: ["raised", "raised"], states: ["unacknowledged"], count: 2 },
    { happenings: ["raised", "acknowledged"], states: ["acknowledged"] },
    { happenings: ["raised", "acknowledged", "raised"], states: ["unacknowledged"], count: 2 },
    { happenings: ["raised", "returned"], states: ["returned-unacknowledged"] },
    { happenings: ["raised", "returned", "raised"], states: ["unacknowledged"], count: 2 },
    { happenings: ["raised", "returned", "acknowledged"], states: ["latched"] },
    { happenings: ["raised", "acknowledged", "returned"], states: ["latched"] },
    { happenings: ["raised", "acknowledged", "returned", "incident closed"], states: ["closed"] },
    {
      happenings: ["raised", "acknowledged", "returned", "incident closed", "raised"],
      states: ["unacknowledged", "closed"],
    },
    { happenings: ["raised", "acknowledged", "incident closed"], states: ["closed"] },
    { happenings: ["raised", "incident closed"], states: ["returned-unacknowledged"] },
    { happenings: ["raised", "incident closed", "acknowledged"], states: ["closed"] },
    { happenings: ["raised", "acknowledged", "returned", "raised"], states: ["unacknowledged"], count: 2 },
    {
      happenings: ["raised", "raised by another incident", "incident closed"],
      states: ["unacknowledged", "returned-unacknowledged"],
    },
    { happenings: ["raised", "acknowledged at the box"], states: ["acknowledged"] },
    { happenings: ["raised", "acknowledged", "raised", "echoed by the box"], states: ["unacknowledged"], count: 2 },
    { happenings: ["returned", "incident closed", "acknowledged at the box"], states: [] },
  ])("is $states after $happenings", ({ happenings, states, count = 1 }) => {
    const alarms = play(happenings);
    expect(alarms.map(({ state }) => state)).toEqual(states);
    if (alarms.length === 1) expect(alarms[0]?.count).toBe(count);
  });

  it("keeps the acknowledgement of one alarm from those of the same incident that nobody has seen", () => {
    const alarms = createAlarms(known);
    const journal = createJournal("compound", "gatehouse");
    journal.add("zone.breached", breachData("i1", 1));
    const missed = {
      alarm: { key: "i1/s/missed", priority: 1 },
      step: "s",
      incident: "i1",
      target: "b1",
      reason: "jammed",
      deadlineAt: at(30_000),
      latenessMs: 0,
    };
    journal.add("step.missed", missed);
    for (const row of rowsOf("compound", "gatehouse", journal.records)) alarms.apply(row);
    const own = createJournal("", "hub").add(
      types.acknowledge,
      { ...whose, acknowledged: "1", by: "wang" },
      { lane: "alarm" },
    );
    for (const row of rowsOf("", "hub", [own], 3)) alarms.apply(row);
    const echo = journal.add("operator.acknowledged", { incident: "i1", by: "wang" });
    for (const row of rowsOf("compound", "gatehouse", [echo], 4)) alarms.apply(row);
    expect(alarms.list().map(({ type, state }) => [type, state])).toEqual([
      ["step.missed", "unacknowledged"],
      ["zone.breached", "acknowledged"],
    ]);
    expect(alarms.list()[0]).toMatchObject({
      barrier: "b1",
      area: "gate",
      cause: "jammed",
      occurredAt: "2026-06-01T12:00:30.000Z",
      title: { zh: "升降柱1：处置步骤超时，卡死，未到位", en: "Bollard 1: Step missed, Jammed" },
    });
  });

  it("of one box is never touched by another that uses the same names", () => {
    const alarms = createAlarms(stranger);
    const raise = createJournal("compound", "gatehouse").add("zone.breached", breachData("i1", 1));
    for (const row of rowsOf("compound", "gatehouse", [raise], 1)) alarms.apply(row);
    const other = createJournal("compound", "annex");
    other.add("zone.restored", { alarms: ["i1/north/breach"] });
    other.add("incident.closed", { incident: "i1", by: "x" });
    other.add("operator.acknowledged", { incident: "i1", by: "x" });
    for (const row of rowsOf("compound", "annex", other.records, 2)) alarms.apply(row);
    expect(alarms.list().map(({ state }) => state)).toEqual(["unacknowledged"]);
  });

  it("is forgotten when closed, after many others, and never before", () => {
    const alarms = createAlarms(stranger);
    const journal = createJournal("compound", "gatehouse");
    journal.add("zone.breached", breachData("open", 1));
    for (let made = 0; made <= closedAlarmsMax; made += 1) {
      journal.add("zone.breached", breachData(`i${made}`, 1));
      journal.add("operator.acknowledged", { incident: `i${made}`, by: "guard" });
      journal.add("incident.closed", { incident: `i${made}`, by: "guard" });
    }
    for (const row of rowsOf("compound", "gatehouse", journal.records)) alarms.apply(row);
    expect(alarms.list()).toHaveLength(closedAlarmsMax + 1);
    expect(alarms.list().at(-1)).toMatchObject({ incident: "open", state: "unacknowledged" });
    expect(alarms.activeSequences()).toEqual([1]);
  });
});

describe("an alarm that overtook its box's first configuration", () => {
  const raise = () => {
    let heard: typeof inventory | undefined;
    const alarms = createAlarms({ inventoryOf: () => heard, taskOf: () => undefined });
    const journal = createJournal("compound", "gatehouse");
    const breach = journal.add("zone.breached", breachData("i1", 1));
    const applied = journal.add("config.applied", { revision: 1, hash: "h", inventory });
    for (const row of rowsOf("compound", "gatehouse", [breach])) alarms.apply(row);
    return {
      alarms,
      configure(edge: string) {
        heard = inventory;
        return rowsOf("compound", edge, [applied], 2).flatMap((row) => [...alarms.apply(row)]);
      },
    };
  };

  it("is named as soon as the box has said what its things are called, which outlets are told", () => {
    const { alarms, configure } = raise();
    expect(alarms.list()).toMatchObject([{ title: { en: "north: Fence cut" }, area: "fence" }]);
    expect(configure("gatehouse")).toMatchObject([{ after: { sequence: 2, title: { en: "North fence: Fence cut" } } }]);
    expect(alarms.list()).toMatchObject([
      { state: "unacknowledged", count: 1, title: { zh: expect.stringContaining("北") } },
    ]);
    expect(configure("gatehouse")).toEqual([]);
  });

  it("is not named by the configuration of another box", () => {
    const { alarms, configure } = raise();
    expect(configure("office")).toEqual([]);
    expect(alarms.list()).toMatchObject([{ title: { en: "north: Fence cut" } }]);
  });
});
