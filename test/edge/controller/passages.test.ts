// Passage locks end to end: a buffer zone between two doors, each bolted by a lock that fails unlocked.
import { describe, expect, it } from "vitest";
import type { BarrierConfig, EdgeConfig } from "../../../edge/model/site.js";
import { HandFed } from "../../support/hand-fed.js";

const called = (name: string) => ({ zh: name, en: name });

const door = (id: string): BarrierConfig => ({
  id,
  name: called(id),
  area: "buffer",
  kind: "passage-lock",
  entrance: "other",
  drive: { kind: "lock", lock: `${id}-lock` },
  closed: `${id}-bolted`,
  lockOut: `${id}-key`,
  interlocks: [],
  travelMs: 500,
  warnMs: 0,
  clearMs: 1_000,
  onFire: "open",
  afterStandDown: "open",
  releaseWired: true,
  releaseInside: true,
  dualOpen: true,
});

const inputs = ["motion", "smoke", "inner-bolted", "outer-bolted", "inner-key", "outer-key"];
const config: EdgeConfig = {
  id: "archive",
  name: called("archive"),
  http: { host: "127.0.0.1", port: 0 },
  drivers: [
    {
      id: "io",
      kind: "gpio",
      chip: "io",
      points: [
        ...inputs.map((id, line) => ({ id, direction: "in" as const, line })),
        ...["inner-lock", "outer-lock", "siren", "words"].map((id, line) => ({
          id,
          direction: "out" as const,
          line: 20 + line,
        })),
      ],
    },
  ],
  areas: [{ id: "buffer", name: called("buffer"), kind: "buffer", armedAtStart: true }],
  zones: [
    { id: "motion", name: called("m"), area: "buffer", kind: "passive-infrared", point: "motion", filterMs: 0 },
    {
      id: "smoke",
      name: called("s"),
      area: "buffer",
      kind: "fire-input",
      point: "smoke",
      filterMs: 0,
      releaseWired: true,
    },
  ],
  barriers: [door("inner"), door("outer")],
  groups: [{ id: "channel", name: called("channel"), barriers: ["inner", "outer"], staggerMs: 100 }],
  annunciators: [
    {
      id: "siren",
      name: called("siren"),
      kind: "siren-strobe",
      points: ["siren"],
      soundMsMax: 180_000,
      yieldsToEvacuation: true,
      resoundMs: 30_000,
    },
    { id: "words", name: called("words"), kind: "evacuation", points: ["words"], soundMsMax: 600_000 },
  ],
  responses: [
    {
      id: "buffer",
      name: called("buffer"),
      on: [{ zones: ["motion"] }],
      steps: [
        { id: "siren", kind: "announce", annunciator: "siren", withinMs: 5_000 },
        { id: "bolt", kind: "close", group: "channel", mode: "normal", withinMs: 5_000 },
      ],
    },
    {
      id: "fire",
      name: called("fire"),
      on: [{ zones: ["smoke"] }],
      steps: [
        { id: "free", kind: "release", group: "channel", withinMs: 5_000 },
        { id: "words", kind: "announce", annunciator: "words", withinMs: 5_000 },
      ],
    },
    {
      id: "lock-down",
      name: called("lock-down"),
      on: [{ command: "lock-down" }],
      steps: [{ id: "bolt", kind: "close", group: "channel", mode: "normal", withinMs: 5_000 }],
    },
  ],
  journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 8 },
  settleMs: 1_000,
};

const lockDown = { kind: "lock-down", group: "channel" } as const;
const locks = (box: HandFed) => [box.outputs["inner-lock"], box.outputs["outer-lock"]];
const closes = (box: HandFed) =>
  Object.values(box.durable.steps).filter(({ action }) => action.kind === "close" && action.barrier === "inner");

/** Every value that is written to a lock from now on. */
function watchLocks(box: HandFed): unknown[] {
  const written: unknown[] = [];
  for (const id of ["inner-lock", "outer-lock"]) {
    let value = box.outputs[id];
    Object.defineProperty(box.outputs, id, {
      get: () => value,
      set: (next) => {
        value = next;
        written.push(next);
      },
    });
  }
  return written;
}

function intruded(): HandFed {
  const box = new HandFed(config);
  box.set("motion", true);
  box.pass(1_500);
  return box;
}

describe("a passage", () => {
  it("A-29: an intrusion in the buffer zone locks both channel doors, each confirmed by its own contact", () => {
    const box = intruded();
    expect(locks(box)).toEqual([true, true]);
    expect(box.of("step.met").map(({ step }) => step.split("/").slice(1).join("/"))).toEqual(
      expect.arrayContaining(["buffer/bolt/inner", "buffer/bolt/outer"]),
    );
    expect(box.durable.barriers).toMatchObject({ inner: "closed", outer: "closed" });
  });

  it("A-29: is not sealed while one of its doors stands open, and completes when the door is shut", () => {
    const box = new HandFed(config);
    box.stuck.add("inner");
    box.order(lockDown);
    box.pass(2_000);
    expect(box.durable.barriers["inner"]).toBe("obstructed");
    expect(box.of("step.inhibited")).toMatchObject([{ target: "inner", reason: "obstructed" }]);
    box.pass(10_000);
    expect(box.of("step.missed")).toMatchObject([{ target: "inner", reason: "obstructed", alarm: { priority: 1 } }]);
    expect(locks(box)).toEqual([true, true]);
    box.set("inner-bolted", true);
    box.pass(500);
    expect(box.of("step.completed")).toHaveLength(1);
    expect(box.durable.barriers["inner"]).toBe("closed");
  });

  it("says that the lock was not confirmed, and does not call the door open, when its output is dead", () => {
    const box = new HandFed(config);
    box.stuck.add("inner");
    box.deadOutputs.add("inner-lock");
    box.order(lockDown);
    box.pass(6_000);
    expect(box.of("step.missed")).toMatchObject([{ target: "inner", reason: "output-not-confirmed" }]);
  });

  it("raises a top alarm when a held door is forced", () => {
    const box = intruded();
    box.set("outer-bolted", false);
    expect(box.of("barrier.moved-uncommanded")).toMatchObject([{ barrier: "outer", alarm: { priority: 1 } }]);
    expect(locks(box)).toEqual([true, true]);
  });

  it("keeps its doors bolted when their contacts are lost, and after a restart until they were read afresh", () => {
    const box = intruded();
    box.set("inner-bolted", true, "lost");
    box.pass(5_000);
    expect(locks(box)).toEqual([true, true]);
    box.set("inner-bolted", true);
    const written = watchLocks(box);
    box.restart(60_000);
    box.pass(3_000);
    expect(locks(box)).toEqual([true, true]);
    expect(written).not.toContain(false);
    expect(box.of("barrier.moved-uncommanded")).toEqual([]);
  });

  it("A-30: held is opened by two different persons only", () => {
    const box = intruded();
    const standDown = { kind: "stand-down", group: "channel", barriers: ["inner", "outer"] } as const;
    expect(box.order(standDown, { issuers: ["wang"] }).code).toBe("command.needs-two-persons");
    expect(box.order(standDown, { issuers: ["wang", "wang"] }).code).toBe("command.needs-two-persons");
    expect(locks(box)).toEqual([true, true]);
    expect(box.order(standDown, { issuers: ["wang", "li"] }).ok).toBe(true);
    box.pass(1_000);
    expect(locks(box)).toEqual([false, false]);
  });

  it("A-30: that asks for two persons is not opened by one, lock-down or not", () => {
    const box = new HandFed(config, { "inner-bolted": true });
    expect(box.order({ kind: "open", barrier: "inner" }, { issuers: ["wang"] }).code).toBe("command.needs-two-persons");
    expect(box.order({ kind: "open", barrier: "inner" }, { issuers: ["wang", "li"] }).ok).toBe(true);
    expect(box.outputs["inner-lock"]).toBe(false);
  });
});

describe("fire during lock-down frees escape routes", () => {
  it("A-32: at once, with the words heard and the siren silent, and no later intrusion bolts them", () => {
    const box = intruded();
    expect(box.outputs["siren"]).toBe(true);
    box.set("smoke", true);
    box.pass(100);
    expect(locks(box)).toEqual([false, false]);
    box.pass(1_000);
    expect([box.outputs["siren"], box.outputs["words"]]).toEqual([false, true]);
    expect(box.of("step.met").map(({ step }) => step.split("/").slice(1).join("/"))).toEqual(
      expect.arrayContaining(["fire/free/inner", "fire/free/outer", "fire/words/words"]),
    );
    box.order(lockDown);
    box.set("motion", false);
    box.set("motion", true);
    box.pass(10_000);
    expect(locks(box)).toEqual([false, false]);
  });

  it("A-32: while a contact is lost, for a lock fails unlocked", () => {
    const box = intruded();
    box.set("inner-bolted", true, "lost");
    box.set("smoke", true);
    box.pass(100);
    expect(locks(box)).toEqual([false, false]);
  });
});

describe("a door that stands open while its lock waits for it", () => {
  it("A-29: is no slow lock: nothing was over the budget of its travel", () => {
    const box = new HandFed(config);
    box.stuck.add("inner");
    box.order(lockDown);
    box.pass(30_000);
    box.set("inner-bolted", true);
    box.pass(1_000);
    expect(box.of("budget.exceeded")).toEqual([]);
    expect(box.of("workorder.opened")).toEqual([]);
  });
});

describe("a siren that was silenced", () => {
  it("sounds again while its incident is neither acknowledged nor reset, and at once on a new trip", () => {
    const box = intruded();
    box.order({ kind: "silence" });
    box.pass(29_000);
    expect(box.outputs["siren"]).toBe(false);
    box.pass(1_500);
    expect(box.outputs["siren"]).toBe(true);
    box.order({ kind: "silence" });
    box.set("motion", false);
    box.pass(1_000);
    box.set("motion", true);
    box.pass(100);
    expect(box.outputs["siren"]).toBe(true);
  });

  it("stays silent once its incident is acknowledged, and after the cut-off", () => {
    const box = intruded();
    box.order({ kind: "silence" });
    box.order({ kind: "acknowledge", incident: Object.keys(box.durable.incidents)[0] ?? "" });
    box.pass(120_000);
    expect(box.outputs["siren"]).toBe(false);
    const other = intruded();
    other.pass(400_000);
    expect(other.outputs["siren"]).toBe(false);
  });
});

describe("lock-out against every command", () => {
  it("frees a lock on which a person works, whatever wants it bolted", () => {
    const box = intruded();
    box.set("inner-key", true);
    box.pass(100);
    expect(locks(box)).toEqual([false, true]);
    box.order(lockDown);
    box.set("motion", false);
    box.set("motion", true);
    box.pass(10_000);
    expect(locks(box)).toEqual([false, true]);
    expect(closes(box).length).toBeGreaterThan(0);
  });
});

describe("an output that was never confirmed and is left as it is", () => {
  it("does not keep the box awake", () => {
    const box = new HandFed(config);
    box.stuck.add("inner");
    box.deadOutputs.add("inner-lock");
    box.order(lockDown);
    box.pass(1_000);
    box.set("inner-bolted", false, "lost");
    box.pass(20_000);
    expect(box.durable.barriers["inner"]).toBe("unknown");
  });
});
