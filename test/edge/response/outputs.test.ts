import { describe, expect, it } from "vitest";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { Step, StepOutcome } from "../../../edge/model/incident.js";
import type { BarrierConfig, EdgeConfig } from "../../../edge/model/site.js";
import { type BarrierWork, initialBarrierWork } from "../../../edge/response/barrier.js";
import {
  type BarrierNow,
  dueWrites,
  type OutputWork,
  readBack,
  unexplainedOutputs,
  wantedOutputs,
} from "../../../edge/response/outputs.js";
import type { Sight } from "../../../edge/response/sight.js";
import { exampleSite } from "../../support/virtual-site.js";

const office = exampleSite("office").edges[0] as EdgeConfig;
const at = { boot: "b", mono: 0, wall: 0, clock: "synchronised" } as const;
const config: EdgeConfig = {
  ...office,
  barriers: [],
  annunciators: [
    {
      id: "siren",
      name: { zh: "警号", en: "siren" },
      kind: "siren-strobe",
      points: ["siren"],
      soundMsMax: 1,
      yieldsToEvacuation: true,
    },
    { id: "buzzer", name: { zh: "蜂鸣", en: "buzzer" }, kind: "strobe", points: ["buzzer"], soundMsMax: 1 },
    { id: "words", name: { zh: "广播", en: "words" }, kind: "evacuation", points: ["words"], soundMsMax: 1 },
  ],
};

function sounding(ids: readonly string[], outcome: StepOutcome = "met"): Durable {
  const step = { id: "s", action: { kind: "announce", annunciator: "siren" }, outcome } as Step;
  return {
    ...initialDurable(config),
    annunciators: Object.fromEntries(ids.map((id) => [id, { incident: "i", since: at }])),
    steps: { s: step },
  };
}

describe("annunciators", () => {
  it.each([
    ["siren alone", ["siren"], "met", { siren: true, buzzer: false, words: false }],
    ["A-32: the siren is silent while words are to be heard", ["siren", "words"], "met", { siren: false, words: true }],
    ["what does not yield goes on beside the words", ["buzzer", "words"], "met", { buzzer: true, words: true }],
    ["the siren proves itself before it yields", ["siren", "words"], "open", { siren: true, words: true }],
    ["a siren that proved nothing in time yields all the same", ["siren", "words"], "missed", { siren: false }],
    ["the siren sounds again when the words have ended", ["siren"], "met", { siren: true, words: false }],
  ] as const)("%s", (_name, ids, outcome, expected) => {
    expect(wantedOutputs(config, sounding(ids, outcome), [])).toMatchObject(expected);
  });
});

const passage: BarrierConfig = {
  id: "p",
  name: { zh: "通道", en: "passage" },
  area: "buffer",
  kind: "passage-lock",
  entrance: "other",
  drive: { kind: "lock", lock: "lock" },
  closed: "bolted",
  interlocks: ["beam"],
  travelMs: 500,
  warnMs: 0,
  clearMs: 1_000,
  onFire: "open",
  afterStandDown: "open",
};

function lockOf(work: Partial<BarrierWork>, sight: Partial<Sight>): boolean | string | undefined {
  const now: BarrierNow = {
    barrier: passage,
    work: { ...initialBarrierWork, ...work },
    sight: { position: "open", positionAt: 0, hold: null, blocked: null, isFaulty: false, ...sight },
    emergency: false,
  };
  return wantedOutputs(config, sounding([]), [now])["lock"];
}

describe("the output of a passage lock", () => {
  it.each([
    ["is off while nothing wants it closed", {}, {}, false],
    ["is on when its turn has come", { goal: "closed", phase: "starting" }, {}, true],
    ["stays on while the door stands open", { goal: "closed", phase: "moving" }, {}, true],
    ["stays on while it is bolted", { goal: "closed" }, { position: "closed" }, true],
    ["is off as soon as it is to open, whatever its contact says", { goal: "open" }, { position: "closed" }, false],
    ["is off as soon as nothing wants it closed", { goal: null }, { position: "closed" }, false],
    ["is off while a person works on it", { goal: "closed", phase: "blocked" }, { hold: "locked-out" }, false],
    ["is off by hand operation", { goal: "closed", phase: "blocked" }, { hold: "manual" }, false],
    [
      "is off while somebody stands in the door",
      { goal: "closed", phase: "blocked" },
      { blocked: "obstructed" },
      false,
    ],
    ["waits for its turn as it is", { goal: "closed", phase: "staggered" }, {}, undefined],
    [
      "is left as it is when the contact is lost: a cut cable must not free the door",
      { goal: "closed", phase: "blocked" },
      { position: "unknown", hold: "contact-unknown", blocked: "interlock-not-good" },
      undefined,
    ],
  ] as const)("%s", (_name, work, sight, expected) => {
    expect(lockOf(work, sight)).toBe(expected);
  });

  it("is unexplained when it is on although nothing wants it, and not while it waits", () => {
    const site = { ...config, barriers: [passage] };
    const readings = {
      lock: { sample: { point: "lock", value: true, quality: "good", occurredAt: 0 }, heardAt: 0 },
    } as const;
    expect(unexplainedOutputs(site, { lock: false }, readings)).toEqual(["lock"]);
    expect(unexplainedOutputs(site, {}, readings)).toEqual([]);
  });
});

describe("a text that is an output", () => {
  const written: OutputWork = { wanted: "help", write: "w1", writtenAt: 0, confirmedAt: 5, retryAt: null };

  it("is written once, and again when it changes", () => {
    expect(dueWrites({ radio: "help" }, {}, 10)).toEqual(["radio"]);
    expect(dueWrites({ radio: "help" }, { radio: written }, 10)).toEqual([]);
    expect(dueWrites({ radio: "over" }, { radio: written }, 10)).toEqual(["radio"]);
  });

  it("is written again when the device shows another, and not for what is no text", () => {
    const shows = (value: string | boolean) =>
      readBack(written, { sample: { point: "radio", value, quality: "good", occurredAt: 9 }, heardAt: 9 });
    expect(shows("help")).toBe(written);
    expect(shows(false)).toBe(written);
    expect(shows("")?.confirmedAt).toBeNull();
  });
});
