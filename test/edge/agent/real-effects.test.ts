// What a trigger will really do, said before somebody makes it for a test.
import { describe, expect, it } from "vitest";
import { realEffects, soundsOf } from "../../../edge/agent/real-effects.js";
import { type GuidedKind, subjectsOf } from "../../../edge/commissioning/guided/guided-test.js";
import { initialState } from "../../../edge/controller.js";
import { fold, initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import { fact } from "../../../edge/model/fact.js";
import type { ResponseConfig, StepConfig } from "../../../edge/model/plan.js";
import { later } from "../../../edge/model/time.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { beam, close, fire, motion, notify, panic, response, sound, start, yard } from "../response/yard.js";

const release = (group: string): StepConfig => ({ id: `free-${group}`, kind: "release", group, withinMs: 10_000 });
const responses: readonly ResponseConfig[] = [
  response("perimeter", [{ area: "fence" }], sound("siren")),
  response("hold-up", [{ zoneKind: "panic-button" }], sound("siren"), close("all-lanes"), notify("dialler")),
  response("fire", [{ zoneKind: "fire-input" }], sound("evacuation"), sound("siren"), release("channel")),
];
const zones: readonly ZoneConfig[] = [{ ...beam, tamper: "beam" } as ZoneConfig, panic, fire, motion];

function box(change: (durable: Durable) => Durable = (durable) => durable, of: readonly ZoneConfig[] = zones) {
  const config = yard(responses, { zones: of });
  return initialState(config, change(initialDurable(config)), start);
}

function tell(subject: string, state = box(), kind?: GuidedKind) {
  const known = subjectsOf(state.config).find((each) => each.subject === subject && (kind ?? each.kind) === each.kind);
  if (known === undefined) throw new Error(`no subject ${subject}`);
  return { effects: realEffects(known, state, start).map(({ en }) => en), sounds: soundsOf(known, state, start) };
}

const drill = (durable: Durable) =>
  fold(
    durable,
    fact("drill.started", "d", { drill: "d", zones: ["fire"], by: "li", at: start, until: later(start, 1e6) }),
  );
const walk = (durable: Durable) =>
  fold(
    durable,
    fact("walktest.started", "box", { zones: ["beam"], by: "li", at: start, until: later(start, 1_000_000) }),
  );
const disarmed = (durable: Durable): Durable => ({ ...durable, armed: { ...durable.armed, fence: false } });

describe("what a test will really do", () => {
  it("A-32: says of a fire input which doors open, and that the panel frees the ways out whatever the box does", () => {
    const { effects, sounds } = tell("fire");
    expect(effects[0]).toMatch(/^This is a real alarm/);
    expect(effects.filter((line) => line.endsWith("opens (is released)"))).toHaveLength(2);
    expect(effects.at(-1)).toMatch(/suppresses no fire signal/);
    expect(sounds).toEqual({ annunciators: ["evacuation", "siren"], withinMs: 5_000 });
  });

  it("A-18: says of a panic button what closes, and that two persons must stand it down", () => {
    expect(tell("panic").effects).toEqual([
      expect.stringMatching(/real alarm/),
      "name: name sounds",
      "name: name closes and is held until two persons stand it down",
      "name: name is told",
    ]);
  });

  it("A-14: says that a drill marks it as exercise, and that it is real all the same", () => {
    expect(tell("fire", box(drill)).effects[0]).toMatch(/A drill runs: the alarm is real and marked as exercise/);
    expect(tell("panic", box(drill)).effects[0]).toMatch(/real alarm/);
  });

  it.each([
    ["a detector under a walk test", walk, "beam"],
    ["a detector of an area that is not armed", disarmed, "beam"],
  ])("says nothing of %s, for nothing follows", (_word, change, subject) => {
    expect(tell(subject, box(change))).toEqual({ effects: [], sounds: { annunciators: [], withinMs: 0 } });
  });

  it("A-20: says of a detector's case that its alarm comes although the zone is under a walk test, without a sound", () => {
    expect(tell("beam/case", box(walk)).effects).toEqual([
      expect.stringMatching(/real alarm/),
      expect.stringMatching(/Nothing sounds/),
    ]);
    expect(tell("beam/case").effects).toContain("name: name sounds");
  });

  it("A-18: expects no sound of a silent panic button", () => {
    const silent = box(undefined, [{ ...panic, audible: false } as ZoneConfig]);
    expect(tell("panic", silent).sounds.annunciators).toEqual([]);
    expect(tell("panic", silent).effects).toContain("Nothing sounds on site.");
    expect(tell("panic", silent).effects).not.toContain("name: name sounds");
  });

  it("A-32: warns that an evacuation announcement will be believed", () => {
    expect(tell("evacuation").effects.join()).toMatch(/tell everybody present first/);
    expect(tell("siren").effects).toHaveLength(1);
  });
});
