// Every kind of barrier and output, end to end: what closes, what is held for an incident, and what is told to the outside.
import { describe, expect, it } from "vitest";
import { type BarrierConfig, barrierKinds, type DriveConfig, type EdgeConfig } from "../../../edge/model/site.js";
import { HandFed } from "../../support/hand-fed.js";

const called = (name: string) => ({ zh: name, en: name });

const drives: Readonly<Record<BarrierConfig["kind"], (id: string) => DriveConfig>> = {
  "rising-bollard": (id) => ({ kind: "demand", point: `${id}-demand`, close: "up", open: "down", stop: "halt" }),
  "road-blocker": (id) => ({ kind: "demand", point: `${id}-demand`, close: "up", open: "down", stop: "halt" }),
  "boom-gate": (id) => ({ kind: "relays", close: `${id}-close`, open: `${id}-opening` }),
  "sliding-gate": (id) => ({ kind: "relays", close: `${id}-close`, open: `${id}-opening` }),
  "wing-gate": (id) => ({ kind: "relays", close: `${id}-close`, open: `${id}-opening` }),
  "passage-lock": (id) => ({ kind: "lock", lock: `${id}-lock` }),
};

const barriers = barrierKinds.map(
  (kind): BarrierConfig => ({
    id: kind,
    name: called(kind),
    area: "gate",
    kind,
    entrance: "other",
    drive: drives[kind](kind),
    closed: `${kind}-closed`,
    ...(kind === "passage-lock" ? {} : { open: `${kind}-open` }),
    interlocks: [],
    travelMs: 2_000,
    warnMs: 0,
    clearMs: 1_000,
    onFire: "open",
    afterStandDown: "open",
  }),
);

const inputs = barriers.flatMap(({ closed, open }) => (open === undefined ? [closed] : [closed, open]));
const outputs = [
  ...barriers.flatMap(({ id }) => [`${id}-demand`, `${id}-close`, `${id}-opening`, `${id}-lock`]),
  "reserve-supply",
  "dialler",
  "radio",
];

const config: EdgeConfig = {
  id: "gate",
  name: called("gate"),
  http: { host: "127.0.0.1", port: 0 },
  drivers: [
    {
      id: "io",
      kind: "gpio",
      chip: "io",
      points: [
        ...inputs.map((id, line) => ({ id, direction: "in" as const, line })),
        ...outputs.map((id, line) => ({ id, direction: "out" as const, line: 100 + line })),
      ],
    },
  ],
  areas: [{ id: "gate", name: called("gate"), kind: "entrance", armedAtStart: true }],
  zones: [],
  barriers,
  fixtures: [{ id: "blocks", name: called("blocks"), area: "gate", count: 12 }],
  groups: [{ id: "all", name: called("all"), barriers: barriers.map(({ id }) => id), staggerMs: 100 }],
  annunciators: [],
  channels: [
    { id: "centre", name: called("centre"), kind: "hub" },
    { id: "police", name: called("police"), kind: "output", point: "dialler", payload: "on" },
    { id: "crew", name: called("crew"), kind: "output", point: "radio", payload: "text" },
  ],
  responses: [
    {
      id: "red",
      name: called("red"),
      on: [{ risk: "red" }, { command: "lock-down" }],
      steps: [
        { id: "close", kind: "close", group: "all", mode: "normal", withinMs: 30_000 },
        { id: "supply", kind: "switch", point: "reserve-supply", withinMs: 5_000 },
        { id: "centre", kind: "notify", channel: "centre", withinMs: 60_000 },
        { id: "police", kind: "notify", channel: "police", withinMs: 60_000 },
        { id: "crew", kind: "notify", channel: "crew", withinMs: 60_000 },
      ],
    },
  ],
  journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 8 },
  settleMs: 1_000,
};

const red = { kind: "declare-risk", colour: "red", issuer: "bureau", reference: "7" } as const;

describe("a lock-down of everything that can close", () => {
  it("A-07: closes every kind of barrier, each confirmed by its own contact; fixed ones have nothing to command", () => {
    const box = new HandFed(config);
    expect(box.order({ kind: "lock-down", group: "all" }).ok).toBe(true);
    box.pass(10_000);
    expect(box.durable.barriers).toEqual(Object.fromEntries(barrierKinds.map((kind) => [kind, "closed"])));
    const closes = Object.values(box.durable.steps).filter(({ action }) => action.kind === "close");
    expect(closes.map(({ outcome }) => outcome)).toEqual(barrierKinds.map(() => "met"));
    // Relays fall off when the drive has arrived; a lock is held.
    expect(box.outputs).toMatchObject({
      "boom-gate-close": false,
      "wing-gate-close": false,
      "passage-lock-lock": true,
    });
  });

  it("A-33: starts its drives one after the other, for the power supply", () => {
    const box = new HandFed(config);
    box.order({ kind: "lock-down", group: "all" });
    box.pass(10_000);
    const starts = Object.values(box.durable.steps)
      .filter(({ action }) => action.kind === "close")
      .map(({ commandedAt, decidedAt }) => (commandedAt?.mono ?? 0) - decidedAt.mono);
    expect(starts).toEqual([0, 100, 200, 300, 400, 500]);
  });
});

describe("a red risk", () => {
  it("A-49: closes what is not needed at once and holds the reserve supply until its incident is over", () => {
    const box = new HandFed(config);
    expect(box.order(red, { issuers: ["wang"] }).ok).toBe(true);
    box.pass(10_000);
    expect(new Set(Object.values(box.durable.barriers))).toEqual(new Set(["closed"]));
    expect(box.outputs["reserve-supply"]).toBe(true);
    const supply = Object.values(box.durable.steps).find(({ action }) => action.kind === "switch");
    expect(supply?.outcome).toBe("met");
  });

  it("asks the hub once for each notification, and again after a start", () => {
    const box = new HandFed(config);
    box.order(red);
    box.pass(5_000);
    expect(box.notified.map(({ channel }) => channel)).toEqual(["centre"]);
    box.restart(1_000);
    expect(box.notified.map(({ channel }) => channel)).toEqual(["centre", "centre"]);
  });

  it("pulses the dialler, and writes the message itself where a channel takes text", () => {
    const box = new HandFed(config);
    box.order(red);
    box.pass(500);
    expect(box.outputs["dialler"]).toBe(true);
    expect(box.outputs["radio"]).toContain("red");
    box.pass(10_000);
    expect(box.outputs["dialler"]).toBe(false);
  });
});
