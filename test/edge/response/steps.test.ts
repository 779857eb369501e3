// What becomes of steps that tell somebody, ask somebody or hold an output: met, missed, late, and what is done instead.
import { describe, expect, it } from "vitest";
import type { Reason, Step, StepAction } from "../../../edge/model/incident.js";
import type { FallbackConfig } from "../../../edge/model/plan.js";
import { later } from "../../../edge/model/time.js";
import type { Outputs } from "../../../edge/response/outputs.js";
import { judgeStep, notifiedFacts, reportedFacts, type StepScene } from "../../../edge/response/steps.js";
import { minute, notify, report, response, start, wardOf, yard } from "./yard.js";

const config = yard([
  response("word", [{ area: "fence" }], notify("hub", { fallback: { step: "call" } }), report("call", minute)),
]);

function stepOf(action: StepAction, part: Partial<Step> = {}): Step {
  return {
    id: "i1/word/notify-hub/hub",
    incident: "i1",
    response: "word",
    step: "notify-hub",
    action,
    fallback: null,
    firstActivityAt: start,
    occurredAt: start,
    detectedAt: start,
    decidedAt: start,
    commandedAt: null,
    confirmedAt: null,
    deadlineAt: later(start, minute),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
    ...part,
  };
}

const scene = (afterMs: number, outputs: Outputs = {}): StepScene => {
  const { durable } = wardOf(config);
  return { config, durable, outputs, barriers: {}, now: later(start, afterMs) };
};
const on = (confirmedMs: number | null, wanted: boolean | string = true) => ({
  wanted,
  write: "w1",
  writtenAt: start.mono,
  confirmedAt: confirmedMs === null ? null : start.mono + confirmedMs,
  retryAt: null,
});
const types = (facts: readonly { readonly type: string }[]) => facts.map(({ type }) => type);

const byHub: StepAction = { kind: "notify", channel: "hub" };
const byDialler: StepAction = { kind: "notify", channel: "dialler" };
const byPerson: StepAction = { kind: "report", task: { zh: "任务", en: "task" }, everyMs: null };
const power: StepAction = { kind: "switch", point: "reserve-power" };

describe("a step", () => {
  it.each<[string, StepAction, Outputs, number | null]>([
    ["an output that is held, confirmed on", power, { "reserve-power": on(100) }, 100],
    ["an output that is held, not confirmed", power, { "reserve-power": on(null) }, null],
    ["an output that is held, confirmed off", power, { "reserve-power": on(100, false) }, null],
    ["a wired channel, confirmed since", byDialler, { dialler: on(100) }, 100],
    ["a wired channel, confirmed for an earlier word", byDialler, { dialler: on(-100) }, null],
    ["a wired channel, not confirmed", byDialler, { dialler: on(null) }, null],
    ["the hub, which tells by itself", byHub, {}, null],
    ["a person, who tells by a report", byPerson, {}, null],
  ])("is met by confirmed effect only: %s", (_word, action, outputs, confirmedMs) => {
    const facts = judgeStep(stepOf(action), scene(200, outputs));
    expect(facts.map(({ type, data }) => [type, "confirmedAt" in data && data.confirmedAt])).toEqual(
      confirmedMs === null ? [] : [["step.met", later(start, confirmedMs)]],
    );
  });

  it.each<[StepAction, Reason, string]>([
    [power, "output-not-confirmed", "reserve-power"],
    [byDialler, "not-delivered", "dialler"],
    [byHub, "not-delivered", "hub"],
    [byPerson, "not-reported", "person"],
  ])("A-56: is missed at its deadline, with reason and lateness: %j", (action, reason, target) => {
    expect(judgeStep(stepOf(action), scene(minute - 1))).toEqual([]);
    expect(judgeStep(stepOf(action), scene(minute + 5))).toMatchObject([
      { type: "step.missed", data: { reason, target, latenessMs: 5, alarm: { priority: 1 } } },
    ]);
  });

  it("is completed late when a wired channel confirms after all", () => {
    const step = stepOf(byDialler, { outcome: "missed" });
    expect(judgeStep(step, scene(minute + 900, { dialler: on(minute + 800) }))).toMatchObject([
      { type: "step.completed", data: { latenessMs: 800, alarms: [`${step.id}/missed`, `${step.id}/inhibited`] } },
    ]);
  });

  it.each<[string, FallbackConfig, string[]]>([
    ["sounds what is named", { announce: "buzzer" }, ["step.missed", "step.fallback-taken", "annunciator.sounded"]],
    ["takes the step that is named", { step: "call" }, ["step.missed", "step.fallback-taken", "step.decided"]],
    ["takes nothing where it names nothing known", { step: "unknown" }, ["step.missed"]],
  ])("that is missed %s", (_word, fallback, expected) => {
    expect(types(judgeStep(stepOf(byHub, { fallback }), scene(minute)))).toEqual(expected);
  });
});

describe("what the hub's channel says", () => {
  const now = later(start, 2 * minute);

  it("A-51: in time meets the step, late completes it, and twice counts once", () => {
    const inTime = { ok: true, at: start.mono + 500 };
    const late = { ok: true, at: start.mono + minute + 500 };
    expect(types(notifiedFacts(stepOf(byHub), inTime, now))).toEqual(["step.met"]);
    expect(types(notifiedFacts(stepOf(byHub), late, now))).toEqual(["step.missed", "step.completed"]);
    expect(notifiedFacts(stepOf(byHub, { outcome: "missed" }), late, now)).toMatchObject([
      { type: "step.completed", data: { latenessMs: 500 } },
    ]);
    expect(notifiedFacts(stepOf(byHub, { outcome: "met", confirmedAt: start }), inTime, now)).toEqual([]);
  });

  it("A-51: not delivered is told at once, and what was to be done instead does not wait for the deadline", () => {
    const step = stepOf(byHub, { fallback: { step: "call" } });
    const told = notifiedFacts(step, { ok: false, at: start.mono }, start);
    expect(told).toMatchObject([{ type: "step.inhibited", data: { reason: "not-delivered", target: "hub" } }]);
    const facts = judgeStep({ ...step, reason: "not-delivered" }, scene(10));
    expect(types(facts)).toEqual(["step.missed", "step.fallback-taken", "step.decided"]);
  });

  it("is nothing to a step that is no notification", () => {
    expect(notifiedFacts(stepOf(byPerson), { ok: true, at: start.mono }, start)).toEqual([]);
  });
});

describe("a report", () => {
  it("A-47: is stamped when it is given in time", () => {
    const now = later(start, 30_000);
    expect(reportedFacts(stepOf(byPerson), "li", now)).toMatchObject([
      { type: "operator.reported", data: { by: "li" } },
      { type: "step.met", data: { confirmedAt: now } },
    ]);
  });

  it("A-56: given late leaves its lateness as evidence, whether or not the miss was told before", () => {
    const now = later(start, minute + 90_000);
    const missed = stepOf(byPerson, { outcome: "missed" });
    const completed = { type: "step.completed", data: { latenessMs: 90_000 } };
    expect(reportedFacts(missed, "li", now)).toMatchObject([{ type: "operator.reported" }, completed]);
    expect(reportedFacts(stepOf(byPerson), "li", now)).toMatchObject([
      { type: "operator.reported" },
      { type: "step.missed", data: { latenessMs: 90_000, reason: "not-reported" } },
      completed,
    ]);
  });

  it("is nothing when it was given before, or when nobody is asked", () => {
    const given = stepOf(byPerson, { outcome: "met", confirmedAt: start });
    expect(reportedFacts(given, "li", start)).toEqual([]);
    expect(reportedFacts(stepOf(byHub), "li", start)).toEqual([]);
  });
});
