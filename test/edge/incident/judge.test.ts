import { describe, expect, it } from "vitest";
import { isWatched } from "../../../edge/incident/watch.js";
import type { Cause, IncidentKind, Priority } from "../../../edge/model/incident.js";
import type { Verdict } from "../../../edge/model/state.js";
import { type ZoneKind, zoneTraits } from "../../../edge/model/zone.js";
import { area, Stage, zone } from "./stage.js";

const beam = zone("beam");
const armed = () => new Stage({ zones: [beam] });

describe("judgement by kind", () => {
  it.each([
    ["door-contact", "door-opened", "intrusion", 1],
    ["infrared-beam", "beam-blocked", "intrusion", 1],
    ["passive-infrared", "motion-seen", "intrusion", 1],
    ["fibre-alarm", "fibre-alarm", "intrusion", 1],
    ["vibration-fibre", "fibre-cut", "intrusion", 1],
    ["beam-pair", "passed-inward", "intrusion", 1],
    ["vehicle-loop", "vehicle-present", "intrusion", 1],
    ["video-analyser", "video-event", "intrusion", 1],
    ["access-door", "door-forced", "intrusion", 1],
    ["access-door", "door-held-open", "intrusion", 3],
    ["turnstile", "tailgating", "intrusion", 2],
    ["panic-button", "panic-pressed", "panic", 1],
    ["tamper", "tampered", "intrusion", 1],
    ["fire-input", "fire-signalled", "fire", 1],
    ["vehicle-rush", "vehicle-rush", "rush", 1],
    ["pedestrian-rush", "pedestrian-rush", "rush", 2],
    ["fire-lane", "lane-blocked", "obstruction", 2],
    ["power", "supply-failed", "power", 2],
    ["leak", "leak-found", "utility", 2],
    ["temperature", "too-high", "utility", 2],
    ["humidity", "too-high", "utility", 3],
    ["liquid-level", "too-low", "utility", 2],
    ["voltage", "too-low", "power", 2],
  ] as const satisfies readonly (readonly [ZoneKind, Cause, IncidentKind, Priority])[])(
    "A-82: a %s that says %s opens an incident of class %s with priority %i",
    (kind, cause, incident, priority) => {
      const stage = new Stage({ zones: [zone("z", { kind, audible: true })] });
      const judgement = stage.breach("z", cause);
      expect(judgement.verdict).toBe("alarm");
      expect(stage.of("incident.opened")).toMatchObject([{ incident: { kind: incident, place: "fence" } }]);
      expect(stage.of("zone.breached")).toMatchObject([{ zone: "z", cause, kind: incident, alarm: { priority } }]);
      expect(judgement.responding).toMatchObject({ zones: ["z"], announceOnly: false, quiet: false });
    },
  );

  it("A-19: a door held open is an alarm of priority 3, a forced one of priority 1, in one incident", () => {
    const stage = new Stage({ zones: [zone("door", { kind: "access-door" })] });
    stage.breach("door", "door-held-open");
    stage.breach("door", "door-forced");
    expect(stage.of("zone.breached").map(({ alarm }) => alarm.priority)).toEqual([3, 1]);
    expect(stage.of("incident.opened")).toHaveLength(1);
  });

  it.each(Object.keys(zoneTraits) as ZoneKind[])("in a disarmed area a %s counts only if it is always on", (kind) => {
    const stage = new Stage({
      areas: [area("fence", { armedAtStart: false })],
      zones: [zone("z", { kind, audible: true })],
    });
    const isAlways = zoneTraits[kind].watch === "always";
    expect(isWatched(stage.zone("z"), stage.scene("z"))).toBe(isAlways);
    expect(stage.breach("z").verdict).toBe(isAlways ? "alarm" : "not-armed");
    expect(stage.of("zone.breached")).toHaveLength(isAlways ? 1 : 0);
    expect(stage.durable.zones["z"]?.state).toBe(isAlways ? "breached" : "active");
  });

  it("A-18: the panic button is an incident of its own at any hour, latched until a reset by hand", () => {
    const stage = new Stage({
      areas: [area("fence", { armedAtStart: false })],
      zones: [zone("panic", { kind: "panic-button", audible: true })],
    });
    const { responding } = stage.breach("panic", "panic-pressed");
    expect(responding).toMatchObject({ quiet: false, announceOnly: false });
    stage.clear("panic");
    expect(stage.durable.zones["panic"]?.state).toBe("breached");
    const [incident = ""] = Object.keys(stage.durable.incidents);
    expect(stage.order({ kind: "reset", incident }).ok).toBe(true);
    expect(stage.durable.zones["panic"]?.state).toBe("normal");
  });

  it("panic alone moves nothing unless configured: its judgement names only its own zone, for responses to be found by", () => {
    const stage = new Stage({ zones: [zone("panic", { kind: "panic-button", audible: true }), beam] });
    const judgement = stage.breach("panic", "panic-pressed");
    expect(judgement.responding?.zones).toEqual(["panic"]);
    expect(stage.facts.map(({ type }) => type)).toEqual(["incident.opened", "zone.breached"]);
  });

  it("A-18: a silent panic button raises a hold-up that sounds nothing", () => {
    const stage = new Stage({ zones: [zone("panic", { kind: "panic-button", audible: false })] });
    const { responding } = stage.breach("panic", "panic-pressed");
    expect(responding?.quiet).toBe(true);
    expect(stage.of("zone.breached")).toMatchObject([{ kind: "hold-up", sounds: false, alarm: { priority: 1 } }]);
  });

  it("A-29: an intrusion in the buffer zone is due for responses at once, counted from its own sample", () => {
    const stage = new Stage({ areas: [area("fence", { kind: "buffer" })], zones: [beam] });
    const { responding } = stage.breach("beam", "beam-blocked", { occurredAt: stage.now.mono - 60 });
    expect(responding?.detection.occurredAt.mono).toBe(stage.now.mono - 60);
    expect(responding?.zones).toEqual(["beam"]);
  });
});

describe("tamper, silence and what was away", () => {
  it.each([
    ["perimeter", true, 1, true],
    ["perimeter", false, 1, false],
    ["office", true, 2, false],
    ["office", false, 2, false],
  ] as const)("a tamper in a %s area, armed: %s, has priority %i and sounds: %s", (kind, on, priority, sounds) => {
    const stage = new Stage({ areas: [area("fence", { kind, armedAtStart: on })], zones: [beam] });
    const { responding } = stage.tamper("beam");
    expect(stage.of("zone.tampered")).toMatchObject([{ sounds, kind: "intrusion", alarm: { priority } }]);
    expect(responding !== null).toBe(sounds);
  });

  it("what was open when the zone came into sight announces only, and is known when it comes into sight again", () => {
    const stage = armed();
    const first = stage.breach("beam", "beam-blocked", { from: "unknown" });
    expect(stage.of("zone.breached")).toMatchObject([{ cause: "changed-while-away", alarm: { priority: 2 } }]);
    expect(first.responding?.announceOnly).toBe(true);
    const again = stage.breach("beam", "beam-blocked", { from: "unknown" });
    expect(again).toMatchObject({ facts: [], verdict: "known-already", responding: { isKnown: true } });
  });

  it.each(["power", "fire-input", "leak"] as const)("%s is taken at its level after a start", (kind) => {
    const stage = new Stage({ zones: [zone("z", { kind })] });
    stage.breach("z", "supply-failed", { from: "unknown" });
    expect(stage.of("zone.breached")).toMatchObject([{ cause: "supply-failed" }]);
  });

  it.each([
    ["fault", "loop-out-of-range", "quality-not-good"],
    ["unknown", null, "quality-not-good"],
    ["normal", null, "nothing-seen"],
  ] as const)("a zone that is %s is no alarm and says why", (kind, cause, verdict) => {
    const stage = armed();
    const judgement = stage.see("beam", (cause === null ? { kind } : { kind, cause }) as never);
    expect(judgement).toMatchObject({ responding: null, verdict: verdict satisfies Verdict });
  });
});

describe("fault", () => {
  it("A-36: opens one work order, and none for a zone that is isolated", () => {
    const stage = armed();
    const fault = { kind: "fault", cause: "loop-out-of-range" } as const;
    stage.see("beam", fault);
    stage.see("beam", fault);
    expect(stage.of("workorder.opened")).toMatchObject([{ device: "zone:beam", cause: "loop-out-of-range" }]);
    const other = armed();
    other.order({ kind: "isolate", zone: "beam", forMs: null });
    expect(other.see("beam", fault).verdict).toBe("isolated");
    expect(other.of("workorder.opened")).toEqual([]);
  });
});

describe("swinger limit", () => {
  it("quiets the third breach of a zone that may sound twice, but never its alarm or record", () => {
    const stage = new Stage({ zones: [zone("beam", { soundingsMax: 2 })] });
    const quiet = [1, 2, 3].map(() => {
      const { responding } = stage.breach("beam");
      stage.clear("beam");
      return responding?.quiet;
    });
    expect(quiet).toEqual([false, false, true]);
    expect(stage.of("zone.breached").map(({ sounds }) => sounds)).toEqual([true, true, false]);
  });

  it("counts anew with each armed period", () => {
    const stage = new Stage({ zones: [zone("beam", { soundingsMax: 1 })] });
    stage.breach("beam");
    stage.clear("beam");
    stage.order({ kind: "disarm", area: "fence" });
    const [incident = ""] = Object.keys(stage.durable.incidents);
    stage.order({ kind: "reset", incident });
    stage.order({ kind: "arm", area: "fence" });
    expect(stage.breach("beam").responding?.quiet).toBe(false);
  });

  it("counts anew after a reset by hand, for a fence that is armed for good", () => {
    const stage = new Stage({ zones: [zone("beam", { soundingsMax: 1 })] });
    const quiet = [1, 2, 3].map(() => {
      const { responding } = stage.breach("beam");
      stage.clear("beam");
      const [incident = ""] = Object.keys(stage.durable.incidents);
      stage.order({ kind: "reset", incident });
      return responding?.quiet;
    });
    expect(quiet).toEqual([false, false, false]);
  });

  it.each([
    [1, false],
    [2, true],
  ])(
    "is quiet about a confirmed alarm only when none of its zones may sound any more (%i of 2: %s)",
    (soundings, quiet) => {
      const stage = new Stage({
        zones: [zone("a", { soundingsMax: 1 }), zone("b", { soundingsMax: 2 })],
        confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }],
      });
      const sounded = { state: "normal", cause: null, incident: null } as const;
      stage.durable = { ...stage.durable, zones: { a: { ...sounded, soundings: 1 }, b: { ...sounded, soundings } } };
      stage.strike("a");
      expect(stage.strike("b").responding?.quiet).toBe(quiet);
    },
  );

  it.each(["panic-button", "fire-input", "vehicle-rush", "tamper"] as const)("never quiets a %s", (kind) => {
    const stage = new Stage({ zones: [zone("z", { kind, soundingsMax: 1, audible: true })] });
    for (const _ of [1, 2, 3]) {
      expect(stage.breach("z").responding?.quiet).toBe(false);
      stage.clear("z");
    }
  });
});
