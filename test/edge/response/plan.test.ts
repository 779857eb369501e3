// Which responses are set off, and which of their steps are decided.
import { describe, expect, it } from "vitest";
import { fold } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { Fact } from "../../../edge/model/fact.js";
import { causes, type Step } from "../../../edge/model/incident.js";
import type { PostureLevel, ResponseConfig, TriggerConfig } from "../../../edge/model/plan.js";
import { later } from "../../../edge/model/time.js";
import {
  type Cue,
  isBackup,
  planBackup,
  planResponse,
  responsesToCause,
  responsesToPosture,
  responsesToRisk,
  responsesToZone,
} from "../../../edge/response/plan.js";
import { beam, close, hold, minute, notify, report, response, sound, start, wardOf, yard } from "./yard.js";

const cue: Cue = {
  incident: "i1",
  firstActivityAt: start,
  occurredAt: start,
  detectedAt: start,
  announceOnly: false,
  isKnown: false,
  quiet: false,
};
const ids = (responses: readonly ResponseConfig[]) => responses.map(({ id }) => id);

function stepsOf(facts: readonly Fact[]): readonly Step[] {
  return facts.flatMap((fact) => (fact.type === "step.decided" ? [fact.data.step] : []));
}

function decidedBy(responseConfig: ResponseConfig, part: Partial<Cue> = {}, known: Partial<Durable> = {}) {
  const config = yard([responseConfig]);
  return planResponse(config, responseConfig, { ...cue, ...part }, wardOf(config, known));
}

describe("a response is set off", () => {
  const everyday = ["door-held-open", "tailgating", "lane-blocked", "passed-outward"];
  const triggers: readonly (readonly [string, TriggerConfig])[] = [
    ["zones", { zones: ["beam"] }],
    ["zoneKind", { zoneKind: "infrared-beam" }],
    ["area", { area: "fence" }],
  ];

  it.each(causes)("by %s as its zone, kind or area is named, but by everyday causes by name only", (cause) => {
    const config = yard(triggers.map(([id, trigger]) => response(id, [trigger])));
    const expected = everyday.includes(cause) ? ["zones"] : ["zones", "zoneKind", "area"];
    expect(ids(responsesToZone(config, beam, { cause }))).toEqual(expected);
  });

  it.each(causes)("by the cause %s itself, whatever its zone", (cause) => {
    const config = yard([response("named", [{ cause }]), response("other", [{ zones: ["motion"] }])]);
    expect(ids(responsesToZone(config, beam, { cause }))).toEqual(["named"]);
    expect(ids(responsesToCause(config, cause))).toEqual(["named"]);
  });

  it.each<[PostureLevel, PostureLevel, string[]]>([
    ["normal", "level-3", ["third"]],
    ["normal", "level-2", ["third", "second"]],
    ["normal", "level-1", ["third", "second", "first"]],
    ["level-3", "level-1", ["second", "first"]],
    ["level-2", "level-1", ["first"]],
    ["level-1", "level-3", []],
    ["level-2", "normal", []],
  ])("A-22: from %s to %s, each level adding to the one before", (from, to, expected) => {
    const config = yard([
      response("first", [{ posture: "level-1" }]),
      response("second", [{ posture: "level-2" }]),
      response("third", [{ posture: "level-3" }]),
    ]);
    expect(ids(responsesToPosture(config, from, to))).toEqual(expected);
  });

  it("A-41: by its own risk colour only", () => {
    const config = yard([response("red", [{ risk: "red" }]), response("orange", [{ risk: "orange" }])]);
    expect(ids(responsesToRisk(config, "red"))).toEqual(["red"]);
    expect(ids(responsesToRisk(config, "orange"))).toEqual(["orange"]);
    expect(ids(responsesToRisk(config, "none"))).toEqual([]);
  });
});

describe("a step is decided", () => {
  it("with its own action and deadline for every kind", () => {
    const all = response(
      "all",
      [{ area: "fence" }],
      sound("siren"),
      close("channel"),
      notify("hub"),
      report("control", 30 * minute, { everyMs: minute }),
      hold("reserve-power"),
    );
    const steps = stepsOf(decidedBy(all));
    expect(steps.map(({ action }) => action)).toEqual([
      { kind: "announce", annunciator: "siren" },
      { kind: "close", barrier: "door-1", group: "channel", mode: "normal" },
      { kind: "close", barrier: "door-2", group: "channel", mode: "normal" },
      { kind: "notify", channel: "hub" },
      { kind: "report", task: { zh: "control", en: "control" }, everyMs: minute },
      { kind: "switch", point: "reserve-power" },
    ]);
    expect(steps.map(({ deadlineAt }) => deadlineAt.mono - start.mono)).toEqual([
      5000,
      30_000,
      30_000,
      minute,
      30 * minute,
      5000,
    ]);
  });

  it("without sound and without a fallback that sounds, when it is to be quiet", () => {
    const all = response(
      "all",
      [{ area: "fence" }],
      sound("siren"),
      notify("hub", { fallback: { announce: "buzzer" } }),
      notify("dialler", { fallback: { step: "notify-radio" } }),
      notify("radio"),
    );
    const facts = decidedBy(all, { quiet: true });
    expect(facts.map(({ type }) => type)).toEqual(["step.decided", "step.decided"]);
    expect(stepsOf(facts).map(({ step, fallback, quiet }) => [step, fallback, quiet])).toEqual([
      ["notify-hub", null, true],
      ["notify-dialler", { step: "notify-radio" }, true],
    ]);
  });

  it("only to announce, when something merely changed while the box was away", () => {
    const all = response("all", [{ area: "fence" }], sound("siren"), close("channel"), notify("hub"));
    expect(stepsOf(decidedBy(all, { announceOnly: true })).map(({ step }) => step)).toEqual(["sound-siren"]);
  });

  it.each([
    ["open", {}, false],
    ["met", { outcome: "met", confirmedAt: start }, true],
    ["missed and still owed", { outcome: "missed" }, false],
    ["missed and given late", { outcome: "missed", confirmedAt: start }, true],
  ] as const)("again for a new detection where a report is %s: %s", (_word, part, again) => {
    const muster = response("muster", [{ area: "fence" }], report("gather", 10 * minute));
    const [first] = stepsOf(decidedBy(muster));
    if (first === undefined) throw new Error("nothing decided");
    const steps = { [first.id]: { ...first, ...part } };
    const next = stepsOf(decidedBy(muster, {}, { steps }));
    expect(next.map(({ id }) => id)).toEqual(again ? [`${first.id}~2`] : []);
    expect(stepsOf(decidedBy(muster, { isKnown: true }, { steps }))).toEqual([]);
  });

  it("once while its siren sounds; a new detection makes the siren sound its whole time again", () => {
    const alarm = response("alarm", [{ area: "fence" }], sound("siren"));
    const config = yard([alarm]);
    const facts = decidedBy(alarm);
    const durable = facts.reduce<Durable>((before, known) => fold(before, known), wardOf(config).durable);
    const now = later(start, minute);
    const again = planResponse(config, alarm, cue, { durable, now });
    expect(again.map(({ type }) => type)).toEqual(["annunciator.sounded"]);
    expect(again.reduce<Durable>((before, known) => fold(before, known), durable).annunciators["siren"]).toEqual({
      incident: "i1",
      since: now,
    });
    expect(planResponse(config, alarm, { ...cue, isKnown: true }, { durable, now })).toEqual([]);
  });

  it("for another incident joins the siren that sounds, which stays with the first and sounds on", () => {
    const alarm = response("alarm", [{ area: "fence" }], sound("siren"));
    const annunciators = { siren: { incident: "i0", since: later(start, -minute) } };
    const facts = decidedBy(alarm, {}, { annunciators });
    expect(facts.map(({ type }) => type)).toEqual(["step.decided", "annunciator.sounded"]);
    expect(facts[1]?.data).toEqual({ annunciator: "siren", incident: "i0", at: start });
  });

  it("A-14: takes the siren over from an exercise when it is real", () => {
    const alarm = response("alarm", [{ area: "fence" }], sound("siren"));
    const incident = (id: string, exercise: boolean) => ({
      id,
      kind: "intrusion" as const,
      place: "fence",
      openedAt: start,
      zones: [],
      acknowledgedBy: null,
      exercise,
    });
    const known = {
      annunciators: { siren: { incident: "i0", since: start } },
      incidents: { i0: incident("i0", true), i1: incident("i1", false) },
    };
    expect(decidedBy(alarm, {}, known).at(-1)?.data).toMatchObject({ incident: "i1" });
  });
});

describe("a step that stands in for another", () => {
  const chained = response(
    "word",
    [{ area: "fence" }],
    notify("hub", { fallback: { step: "notify-dialler" } }),
    notify("dialler", { fallback: { step: "notify-radio" } }),
    notify("radio"),
  );

  it("waits until the other is missed", () => {
    expect(stepsOf(decidedBy(chained)).map(({ step }) => step)).toEqual(["notify-hub"]);
  });

  it("is decided then, with its time from that moment, and once", () => {
    const config = yard([chained]);
    const [first] = stepsOf(decidedBy(chained));
    if (first === undefined) throw new Error("nothing decided");
    const now = later(start, minute);
    const facts = planBackup(first, config, wardOf(config, { steps: { [first.id]: first } }, { now }));
    expect(stepsOf(facts).map(({ step, deadlineAt }) => [step, deadlineAt.mono])).toEqual([
      ["notify-dialler", start.mono + 2 * minute],
    ]);
    const [second] = stepsOf(facts);
    if (second === undefined) throw new Error("no backup");
    const steps = { [first.id]: first, [second.id]: { ...second, outcome: "missed" as const } };
    expect(planBackup(first, config, wardOf(config, { steps }, { now: later(now, minute) }))).toEqual([]);
  });

  it("does not sound for what was decided without sound", () => {
    const loud = response(
      "loud",
      [{ area: "fence" }],
      notify("hub", { fallback: { step: "sound-siren" } }),
      sound("siren"),
    );
    const config = yard([loud]);
    const [quiet] = stepsOf(decidedBy(loud, { quiet: true }));
    const [audible] = stepsOf(decidedBy(loud));
    if (quiet === undefined || audible === undefined) throw new Error("nothing decided");
    expect(planBackup(quiet, config, wardOf(config))).toEqual([]);
    expect(planBackup(audible, config, wardOf(config)).map(({ type }) => type)).toEqual([
      "step.decided",
      "annunciator.sounded",
    ]);
  });

  it("waits for nobody where steps name each other in a circle, and is never taken", () => {
    const circle = response(
      "circle",
      [{ area: "fence" }],
      notify("hub", { fallback: { step: "notify-dialler" } }),
      notify("dialler", { fallback: { step: "notify-hub" } }),
    );
    const config = yard([circle]);
    const steps = stepsOf(decidedBy(circle));
    expect(steps.map(({ step }) => step)).toEqual(["notify-hub", "notify-dialler"]);
    expect(steps.map((step) => planBackup(step, config, wardOf(config)))).toEqual([[], []]);
  });

  it.each([
    ["notify-hub", false],
    ["notify-dialler", true],
    ["notify-radio", true],
    ["unknown", false],
  ])("is told by its name: %s %s", (id, expected) => {
    expect(isBackup(chained, id)).toBe(expected);
  });
});
