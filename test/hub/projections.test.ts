// What the console shows, from records made by hand.
import { describe, expect, it } from "vitest";
import { incidentFrom, timelineOf } from "../../hub/console/incidents.js";
import { createProjections } from "../../hub/console/projections.js";
import { at, breachData, createJournal, inventory, openedData, rowsOf, stepData } from "./box.js";

type Add = [type: string, data: object];
const applied: Add = ["config.applied", { revision: 3, hash: "h", inventory }];

function project(...facts: Add[]) {
  const journal = createJournal("compound", "gatehouse");
  for (const [type, data] of facts) journal.add(type, data);
  const projections = createProjections();
  const changes = rowsOf("compound", "gatehouse", journal.records).map((row) => projections.apply(row));
  return { projections, journal, changes };
}

const barrier = (id: string, state: string, reason: string | null = null): Add => [
  "barrier.changed",
  { barrier: id, state, from: "open", reason, at: at(50) },
];

describe("the console", () => {
  it("believes a spare box from its first word on, also one whose clock was never set", () => {
    const old = createJournal("compound", "gatehouse");
    old.add(...applied);
    old.add("zone.changed", { zone: "north", state: "normal", cause: null });
    const spare = createJournal("compound", "gatehouse", "epoch-2");
    const ms = -50 * 365 * 86_400_000;
    spare.add("box.replaced", {}, { ms });
    spare.add("zone.changed", { zone: "north", state: "fault", cause: null }, { ms });
    const projections = createProjections();
    for (const row of rowsOf("compound", "gatehouse", [...old.records, ...spare.records])) projections.apply(row);
    expect(projections.zones()).toMatchObject([{ id: "north", state: "fault" }, { id: "panic" }]);
    expect(projections.edges()).toMatchObject([{ revision: 3 }]);
  });

  it("knows a box by its inventory", () => {
    const { projections, changes } = project(applied);
    expect(projections.zones()).toMatchObject([
      {
        id: "north",
        areaName: { en: "Fence line" },
        areaKind: "perimeter",
        camera: "cam-1",
        state: "unknown",
        armed: true,
      },
      { id: "panic", kind: "panic-button", state: "unknown", armed: true, camera: null },
    ]);
    expect(projections.barriers()).toMatchObject([
      { id: "b1", groups: ["main"], state: "unknown", held: false },
      { id: "b2" },
    ]);
    expect(projections.edges()).toMatchObject([{ name: { en: "Gatehouse box" }, revision: 3, online: false }]);
    expect(changes[0]?.map(({ kind }) => kind)).toEqual(["zone", "zone", "barrier", "barrier", "edge"]);
  });

  it.each<{ name: string; facts: Add[]; state: string }>([
    { name: "a change", facts: [["zone.changed", { zone: "north", state: "normal", cause: null }]], state: "normal" },
    { name: "a breach", facts: [["zone.breached", breachData("i1", 1)]], state: "breached" },
    { name: "a tamper", facts: [["zone.tampered", breachData("i1", 1)]], state: "tampered" },
    { name: "silence", facts: [["zone.unguarded", breachData("i1", 1)]], state: "unguarded" },
    {
      name: "a return, which waits for the reset",
      facts: [
        ["zone.breached", breachData("i1", 1)],
        ["zone.restored", { zone: "north", area: "fence", alarms: [] }],
      ],
      state: "breached",
    },
    {
      name: "the incident's end",
      facts: [
        ["zone.breached", breachData("i1", 1)],
        ["incident.closed", { incident: "i1", by: "w" }],
      ],
      state: "normal",
    },
    {
      name: "another incident's end",
      facts: [
        ["zone.breached", breachData("i1", 1)],
        ["incident.closed", { incident: "i2", by: "w" }],
      ],
      state: "breached",
    },
  ])("shows a zone as $state after $name", ({ facts, state }) => {
    expect(project(applied, ...facts).projections.zones()[0]?.state).toBe(state);
  });

  it("lets no late record of a slower lane replace a newer word", () => {
    const journal = createJournal("compound", "gatehouse");
    const configured = journal.add(...applied);
    const older = journal.add("zone.changed", { zone: "north", state: "normal", cause: null });
    const newer = journal.add("zone.breached", breachData("i1", 1));
    const projections = createProjections();
    for (const row of rowsOf("compound", "gatehouse", [configured, newer, older])) projections.apply(row);
    expect(projections.zones()[0]?.state).toBe("breached");
  });

  it("shows what is armed, closed, held and why", () => {
    const { projections } = project(
      applied,
      ["area.armed", { area: "gate", by: "w", at: at(1), zones: ["panic"] }],
      ["area.disarmed", { area: "fence", by: "w", at: at(1), zones: ["north"] }],
      ["lockdown.started", { group: "main", incident: "i1", barriers: ["b1", "b2"], at: at(1) }],
      barrier("b1", "closed"),
      barrier("b2", "inhibited", "vehicle-on-loop"),
      ["lockdown.ended", { group: "main", barriers: ["b1"], by: ["w", "l"], reason: "over" }],
    );
    expect(projections.edges()[0]?.areas.map(({ armed }) => armed)).toEqual([false, true]);
    expect(projections.barriers()).toMatchObject([
      { id: "b1", state: "closed", held: false },
      { id: "b2", state: "inhibited", reason: "vehicle-on-loop", held: true, changedAt: "2026-06-01T12:00:00.050Z" },
    ]);
    expect(projections.edges()[0]?.groups[0]?.lockedDown).toBe(true);
  });

  it.each<{ name: string; facts: Add[]; step: object }>([
    {
      name: "decided",
      facts: [],
      step: { outcome: "open", commandedAt: null, deadlineAt: "2026-06-01T12:00:05.000Z" },
    },
    {
      name: "met",
      facts: [
        ["step.commanded", { step: "i1/perimeter/sound", incident: "i1", at: at(30) }],
        ["step.met", { step: "i1/perimeter/sound", incident: "i1", confirmedAt: at(80) }],
      ],
      step: {
        outcome: "met",
        commandedAt: "2026-06-01T12:00:00.030Z",
        confirmedAt: "2026-06-01T12:00:00.080Z",
        reason: null,
      },
    },
    {
      name: "missed, with its fallback, and completed late",
      facts: [
        [
          "step.inhibited",
          { step: "i1/perimeter/sound", incident: "i1", target: "siren", reason: "obstructed", at: at(40) },
        ],
        [
          "step.missed",
          {
            step: "i1/perimeter/sound",
            incident: "i1",
            target: "siren",
            reason: "jammed",
            deadlineAt: at(5000),
            latenessMs: 0,
          },
        ],
        ["step.fallback-taken", { step: "i1/perimeter/sound", incident: "i1", announce: "x", at: at(5001) }],
        [
          "step.completed",
          { step: "i1/perimeter/sound", incident: "i1", confirmedAt: at(9000), latenessMs: 4000, alarms: [] },
        ],
      ],
      step: {
        outcome: "missed",
        reason: "jammed",
        latenessMs: 4000,
        fallbackAt: "2026-06-01T12:00:05.001Z",
        confirmedAt: "2026-06-01T12:00:09.000Z",
      },
    },
    {
      name: "resumed after a restart with the time that was left",
      facts: [
        [
          "step.resumed",
          {
            step: "i1/perimeter/sound",
            incident: "i1",
            deadlineAt: at(5000),
            leftMs: 1200,
            by: "monotonic",
            at: at(3800),
          },
        ],
      ],
      step: { resumed: { at: "2026-06-01T12:00:03.800Z", by: "monotonic", leftMs: 1200 } },
    },
    {
      name: "cancelled",
      facts: [["step.cancelled", { step: "i1/perimeter/sound", incident: "i1", reason: "fire" }]],
      step: { outcome: "inhibited", reason: "fire" },
    },
  ])("shows a step that was $name", ({ facts, step }) => {
    const { projections } = project(
      applied,
      ["incident.opened", openedData("i1", 0)],
      ["step.decided", stepData("i1", 0)],
      ...facts,
    );
    expect(projections.incidents()[0]?.steps).toMatchObject([{ target: "siren", targetName: { zh: "警号" }, ...step }]);
  });

  it("shows an incident from opened to closed", () => {
    const { projections } = project(
      ["incident.opened", openedData("i1", 0)],
      ["incident.joined", { incident: "i1", zone: "panic", cause: "panic-pressed" }],
      ["operator.acknowledged", { incident: "i1", by: "wang" }],
      ["incident.closed", { incident: "i1", by: "wang" }],
    );
    expect(projections.incidents()).toMatchObject([
      {
        id: "i1",
        kind: "intrusion",
        state: "closed",
        zones: ["north", "panic"],
        acknowledgedBy: "wang",
        closedAt: "2026-06-01T12:00:00.003Z",
      },
    ]);
  });

  it("puts the timeline in the box's order, whatever the order of arrival, and the hub's acts where they belong", () => {
    const { projections, journal } = project(
      ["incident.opened", openedData("i1", 0)],
      ["incident.joined", { incident: "i1", zone: "panic", cause: "panic-pressed" }],
      ["step.decided", stepData("i1", 0)],
    );
    const [opened, joined, decided] = rowsOf("compound", "gatehouse", journal.records);
    const seen = createJournal("", "hub").add("alarm.acknowledged", { by: "wang" }, { lane: "alarm", ms: 1 });
    const [own] = rowsOf("", "hub", [seen]);
    const [incident] = projections.incidents();
    if (!opened || !joined || !decided || !own || !incident) throw new Error("no rows");
    const types = timelineOf(incident, [decided, opened, own, joined]).map(({ type }) => type);
    expect(types).toEqual(["incident.opened", "incident.joined", "alarm.acknowledged", "step.decided"]);
  });

  it("shows an incident that is long gone from its own records", () => {
    const { projections, journal } = project(
      applied,
      ["incident.opened", openedData("i1", 0)],
      ["zone.breached", breachData("i1", 1)],
      ["step.decided", stepData("i1", 0)],
      ["incident.closed", { incident: "i1", by: "wang" }],
    );
    const rows = rowsOf("compound", "gatehouse", journal.records).slice(1);
    expect(incidentFrom(rows, projections.inventoryOf)).toEqual(projections.incidents()[0]);
    expect(incidentFrom([], projections.inventoryOf)).toBeUndefined();
  });

  it("shows work orders, and boxes that come and go", () => {
    const { projections } = project([
      "workorder.opened",
      { number: "W1", device: "zone:north", cause: "loop-cut", at: at(9) },
    ]);
    expect(projections.workOrders()).toMatchObject([{ number: "W1", openedAt: "2026-06-01T12:00:00.009Z" }]);
    expect(projections.setOnline("compound", "gatehouse", true)).toMatchObject([
      { kind: "edge", view: { online: true } },
    ]);
    expect(projections.setOnline("compound", "gatehouse", true)).toEqual([]);
  });

  it("is not disturbed by types that it does not know", () => {
    expect(project(["weather.changed", { level: 2 }], ["constructor", {}]).changes).toEqual([[], []]);
  });
});
