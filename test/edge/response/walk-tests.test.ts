// Walk tests and tests of sounders in the whole controller: what chirps, what stays real, what a restart leaves, and which zones are due.
import { describe, expect, it } from "vitest";
import type { WalkTestConfig } from "../../../edge/model/site.js";
import type { HandFed } from "../../support/hand-fed.js";
import { beam, box, day, hour, minute, response, sound } from "./yard.js";

const responses = [
  response("alarm", [{ area: "fence" }, { area: "buffer" }], sound("siren")),
  response("fire", [{ zoneKind: "fire-input" }], sound("evacuation")),
  response("hold-up", [{ zoneKind: "panic-button" }], sound("siren")),
];
const chirp: WalkTestConfig["chirp"] = { kind: "annunciator", annunciator: "buzzer", ms: 200 };
const site = (walkTest: WalkTestConfig = { chirp }) => box(responses, { walkTest });
const walk = (box: HandFed, zones = ["beam"], forMs = hour) => box.order({ kind: "start-walk-test", zones, forMs });

/** The detector is triggered for so long. */
function trigger(box: HandFed, point: string, ms = 100): void {
  box.set(point, true);
  box.pass(ms);
  box.set(point, false);
  box.pass(100);
}

describe("walk test", () => {
  it("A-20: answers each trigger by a short sound, and measures the way from the sensor to it", () => {
    const box = site();
    walk(box);
    box.set("beam", true);
    box.pass(60);
    expect(box.outputs["buzzer"]).toBe(true);
    expect(box.of("walktest.chirped")).toMatchObject([{ zone: "beam", tookMs: 60 }]);
    box.pass(199);
    expect(box.outputs["buzzer"]).toBe(true);
    box.pass(1);
    expect(box.outputs["buzzer"]).toBe(false);
    expect(box.durable.walkTest?.tested["beam"]).toEqual({ count: 1, worstMs: 40, worstHeardMs: 60 });
    expect(box.outputs["siren"]).not.toBe(true);
  });

  it("A-20: says at the end what was triggered, how often and how slowly, and what was not", () => {
    const box = site();
    walk(box, ["beam", "motion", "beam"]);
    for (const _ of [1, 2, 3]) {
      trigger(box, "beam");
      box.pass(minute);
    }
    box.order({ kind: "end-walk-test" }, { issuers: ["li"] });
    expect(box.of("walktest.ended")).toMatchObject([
      {
        by: "li",
        person: "guard",
        tested: ["beam"],
        untested: ["motion"],
        results: [
          { zone: "beam", count: 3, worstMs: 40, worstHeardMs: 60 },
          { zone: "motion", count: 0, worstMs: null, worstHeardMs: null },
        ],
      },
    ]);
  });

  it("A-20: chirps by an output of its own as well, and stays silent where none is configured", () => {
    const own = site({ chirp: { kind: "point", point: "reserve-power", ms: 100 } });
    walk(own);
    own.set("beam", true);
    own.pass(70);
    expect(own.outputs["reserve-power"]).toBe(true);
    own.pass(100);
    expect(own.outputs["reserve-power"]).toBe(false);
    const silent = site({});
    walk(silent);
    trigger(silent, "beam");
    expect(silent.of("zone.tested")).toHaveLength(1);
    expect(silent.of("walktest.chirped")).toEqual([]);
  });

  it("A-20: gives up a chirp that the output does not confirm, and counts the trigger all the same", () => {
    const box = site();
    box.deadOutputs.add("buzzer");
    walk(box);
    trigger(box, "beam");
    box.pass(5000);
    expect(box.outputs["buzzer"]).toBe(false);
    expect(box.durable.walkTest?.tested["beam"]).toEqual({ count: 1, worstMs: 40, worstHeardMs: null });
  });

  it("A-18: leaves every zone that is not under test on guard: its alarm sounds through a chirp and after it", () => {
    const box = site({ chirp: { kind: "annunciator", annunciator: "siren", ms: 200 } });
    walk(box);
    box.set("beam", true);
    box.pass(60);
    box.set("beam", false);
    trigger(box, "motion");
    expect(box.of("zone.breached")).toMatchObject([{ zone: "motion" }]);
    expect(box.of("step.met")).toHaveLength(1);
    box.pass(5000);
    expect(box.outputs["siren"]).toBe(true);
    trigger(box, "beam");
    expect(box.of("walktest.chirped").at(-1)).toMatchObject({ tookMs: null });
    box.pass(5000);
    expect(box.outputs["siren"]).toBe(true);
  });

  it("A-18: a press of a panic button during a test is real, and a panic button is never under test", () => {
    const box = site();
    expect(walk(box, ["beam", "panic"])).toMatchObject({ ok: false, code: "command.not-allowed" });
    walk(box);
    trigger(box, "panic");
    expect(box.outputs["siren"]).toBe(true);
    expect(box.facts.filter(({ type }) => type === "zone.breached")).toMatchObject([{ exercise: false }]);
  });

  it("A-32: is silent while the evacuation announcement speaks", () => {
    const box = site();
    walk(box);
    box.set("fire", true);
    box.pass(1000);
    trigger(box, "beam");
    expect(box.outputs["evacuation"]).toBe(true);
    expect(box.outputs["buzzer"]).not.toBe(true);
    expect(box.of("zone.tested")).toHaveLength(1);
  });

  it("A-20: goes on over a restart with the time that is left, keeps its counts, and ends by itself", () => {
    const box = site();
    walk(box, ["beam", "motion"], 10 * minute);
    trigger(box, "beam");
    box.pass(4 * minute);
    box.restart(minute);
    expect(box.durable.walkTest?.tested["beam"]?.count).toBe(1);
    expect(box.outputs["buzzer"]).toBe(false);
    trigger(box, "beam");
    expect(box.of("zone.breached")).toEqual([]);
    box.pass(4 * minute);
    expect(box.of("walktest.ended")).toEqual([]);
    box.pass(minute);
    expect(box.of("walktest.ended")).toMatchObject([
      { by: "time", untested: ["motion"], results: [{ zone: "beam", count: 2 }, { zone: "motion" }] },
    ]);
    trigger(box, "beam");
    expect(box.of("zone.breached")).toMatchObject([{ zone: "beam" }]);
  });

  it("A-20: a power cut in the middle of a chirp leaves no unexplained output", () => {
    const box = site();
    walk(box);
    box.set("beam", true);
    box.pass(60);
    box.restart(2000);
    expect(box.of("incident.unexplained")).toEqual([]);
    expect(box.outputs["buzzer"]).toBe(false);
  });
});

describe("a zone that must be walked", () => {
  const due = (box: HandFed) => box.of("workorder.opened").filter(({ cause }) => cause === "walk-test-due");
  const monthly = () => site({ everyMs: 30 * day, everyOf: [{ kind: "passive-infrared", everyMs: 90 * day }] });

  it("A-20: is a work order when nobody has triggered it for its interval, each zone by its own", () => {
    const box = monthly();
    box.pass(29 * day);
    expect(due(box)).toEqual([]);
    box.pass(2 * day);
    expect(due(box)).toMatchObject([{ device: "zone:beam" }]);
    box.pass(60 * day);
    expect(due(box)).toMatchObject([{ device: "zone:beam" }, { device: "zone:motion" }]);
  });

  it("A-20: is due an interval after its last walk, also over restarts", () => {
    const box = monthly();
    box.pass(20 * day);
    walk(box);
    trigger(box, "beam");
    box.order({ kind: "end-walk-test" });
    box.restart(25 * day);
    expect(due(box)).toEqual([]);
    box.restart(4 * day);
    expect(due(box)).toEqual([]);
    box.pass(2 * day);
    expect(due(box)).toMatchObject([{ device: "zone:beam" }]);
  });

  it("A-20: reports its work order as done when it is triggered, for somebody else to accept", () => {
    const box = monthly();
    box.pass(31 * day);
    walk(box);
    trigger(box, "beam");
    trigger(box, "beam");
    expect(box.of("workorder.fixed")).toMatchObject([{ device: "zone:beam", by: "guard" }]);
    const number = due(box)[0]?.number ?? "";
    expect(box.order({ kind: "work-order", number, to: "verified", note: "" }, { issuers: ["li"] }).ok).toBe(true);
    box.order({ kind: "end-walk-test" });
    box.pass(29 * day);
    expect(due(box)).toHaveLength(1);
    box.pass(2 * day);
    expect(due(box)).toHaveLength(2);
  });

  it("A-20: asks again an interval later when its order was accepted without a walk", () => {
    const box = monthly();
    box.pass(31 * day);
    const number = due(box)[0]?.number ?? "";
    box.order({ kind: "work-order", number, to: "fixed", note: "" }, { issuers: ["wang"] });
    box.order({ kind: "work-order", number, to: "verified", note: "" }, { issuers: ["li"] });
    box.pass(28 * day);
    expect(due(box)).toHaveLength(1);
    box.pass(3 * day);
    expect(due(box)).toHaveLength(2);
  });

  it("A-20: gives every zone of a large site an order of its own when all are due at once", () => {
    const zones = Array.from({ length: 100 }, (_, index) => ({ ...beam, id: `beam-${index}` }));
    const large = box(responses, { walkTest: { everyMs: 30 * day }, zones });
    large.pass(31 * day);
    expect(new Set(due(large).map(({ number }) => number)).size).toBe(100);
    expect(due(large)).toHaveLength(100);
  });

  it("asks for nothing where no interval is configured", () => {
    const box = site();
    box.pass(400 * day);
    expect(due(box)).toEqual([]);
  });
});

describe("test of an annunciator", () => {
  const tryIt = (box: HandFed, forMs = 2000, annunciator = "siren") =>
    box.order({ kind: "test-annunciator", annunciator, forMs }, { issuers: ["zhao"] });

  it("sounds for its time only, and says how soon the output was confirmed", () => {
    const box = site();
    expect(tryIt(box).ok).toBe(true);
    expect(box.outputs["siren"]).toBe(true);
    box.pass(1999);
    expect(box.outputs["siren"]).toBe(true);
    box.pass(1);
    expect(box.outputs["siren"]).toBe(false);
    expect(box.of("soundtest.ended")).toMatchObject([{ annunciator: "siren", by: "zhao", tookMs: 20 }]);
  });

  it("says when the output was not confirmed", () => {
    const box = site();
    box.deadOutputs.add("siren");
    tryIt(box);
    box.pass(5000);
    expect(box.of("soundtest.ended")).toMatchObject([{ tookMs: null }]);
  });

  it("gives way to a real alarm, which goes on", () => {
    const box = site();
    tryIt(box);
    box.pass(500);
    trigger(box, "beam");
    expect(box.of("soundtest.ended")).toHaveLength(1);
    box.pass(10_000);
    expect(box.outputs["siren"]).toBe(true);
  });

  it("does not go on after a restart", () => {
    const box = site();
    tryIt(box);
    box.pass(500);
    box.restart(1000);
    expect(box.outputs["siren"]).toBe(false);
    expect(box.of("soundtest.ended")).toMatchObject([{ tookMs: null }]);
    expect(box.of("incident.unexplained")).toEqual([]);
  });

  it.each([
    ["an annunciator that is not there", 2000, "horn", "command.unknown-target"],
    ["longer than its limit", 10_001, "siren", "command.not-possible"],
  ])("refuses %s", (_word, forMs, annunciator, code) => {
    expect(tryIt(site(), forMs, annunciator)).toMatchObject({ ok: false, code });
  });

  it("A-32: is refused while the evacuation announcement speaks, and ended by it", () => {
    const box = site();
    tryIt(box);
    box.set("fire", true);
    box.pass(1000);
    expect(box.of("soundtest.ended")).toHaveLength(1);
    expect(tryIt(box, 2000, "buzzer")).toMatchObject({ ok: false, code: "command.not-possible" });
  });

  it("refuses a second test beside the first, and one of what sounds in earnest", () => {
    const box = site();
    tryIt(box);
    expect(tryIt(box)).toMatchObject({ ok: false, code: "command.not-possible" });
    box.pass(3000);
    trigger(box, "beam");
    expect(tryIt(box)).toMatchObject({ ok: false, code: "command.not-possible" });
  });
});
