import { describe, expect, it } from "vitest";
import { fact } from "../../../edge/model/fact.js";
import type { Step } from "../../../edge/model/incident.js";
import { later } from "../../../edge/model/time.js";
import { area, Stage, zone } from "./stage.js";

const hourMs = 3_600_000;
const zones = [
  zone("a"),
  zone("b"),
  zone("panic", { kind: "panic-button", audible: true }),
  zone("fire", { kind: "fire-input" }),
];
const site = () => new Stage({ zones });
const drill = (stage: Stage, listed: readonly string[]) =>
  stage.order({ kind: "start-drill", drill: "autumn", zones: listed, forMs: hourMs });
const exercises = (stage: Stage) => stage.of("incident.opened").map(({ incident }) => incident.exercise);

describe("drill", () => {
  it("A-14: marks as exercise only what the listed zones cause", () => {
    const stage = site();
    expect(drill(stage, ["a", "panic"]).ok).toBe(true);
    expect(drill(stage, ["b"])).toMatchObject({ ok: false, code: "command.not-possible" });
    stage.breach("a");
    stage.breach("panic", "panic-pressed");
    expect(exercises(stage)).toEqual([true, true]);
    expect(stage.of("drill.suspended")).toEqual([]);
  });

  it("A-54: an intrusion in a drill is real: it joins no exercise, and suspends the drill for all that follows", () => {
    const stage = site();
    drill(stage, ["a"]);
    stage.breach("a");
    const real = stage.breach("b");
    expect(real).toMatchObject({ verdict: "alarm", responding: { quiet: false, announceOnly: false } });
    expect(exercises(stage)).toEqual([true, false]);
    expect(stage.of("drill.suspended")).toMatchObject([{ drill: "autumn", zone: "b" }]);
    stage.clear("a");
    stage.breach("a");
    expect(stage.of("zone.breached").map(({ incident }) => stage.durable.incidents[incident]?.exercise)).toEqual([
      true,
      false,
      false,
    ]);
    stage.breach("panic", "panic-pressed");
    expect(stage.of("drill.suspended")).toHaveLength(1);
  });

  it("A-54: a hand on the case of a listed zone is no trigger of the drill: it is real, and suspends it", () => {
    const stage = site();
    drill(stage, ["a"]);
    stage.tamper("a");
    expect(stage.of("incident.opened").map(({ incident }) => incident.exercise)).toEqual([false]);
    expect(stage.of("drill.suspended")).toMatchObject([{ drill: "autumn", zone: "a" }]);
  });

  it("A-54: what was real before the drill stays real, and the drill opens its own incident beside it", () => {
    const stage = site();
    stage.breach("b");
    drill(stage, ["a"]);
    stage.breach("a");
    expect(exercises(stage)).toEqual([false, true]);
  });

  it("A-54: a confirmed alarm of a listed and another zone is real", () => {
    const stage = new Stage({ zones, confirmations: [{ id: "pair", zones: ["a", "b"], needed: 2, withinMs: 60_000 }] });
    drill(stage, ["a"]);
    stage.breach("a");
    stage.breach("b");
    expect(exercises(stage)).toEqual([false]);
    expect(stage.of("drill.suspended")).toHaveLength(1);
  });

  it("A-14: ends by itself or by order, with the timing of closed and of open incidents", () => {
    const stage = site();
    drill(stage, ["a", "panic"]);
    for (const id of ["a", "panic"]) {
      stage.breach(id, "panic-pressed");
      sound(stage, stage.of("incident.opened").at(-1)?.incident.id ?? "", 1_200);
      stage.clear(id);
    }
    const [first = ""] = Object.keys(stage.durable.incidents);
    expect(stage.order({ kind: "reset", incident: first }).ok).toBe(true);
    expect(stage.durable.drill?.sheet).toHaveLength(1);
    stage.pass(hourMs);
    const row = { step: "alarm/sound", target: "siren", withinMs: 5_000, tookMs: 1_200, outcome: "met" };
    expect(stage.of("drill.ended")).toMatchObject([{ drill: "autumn", by: "time", sheet: [row, row] }]);
    expect(stage.order({ kind: "end-drill" })).toMatchObject({ ok: false, code: "command.not-possible" });
    drill(stage, ["a"]);
    stage.breach("a");
    sound(stage, stage.of("incident.opened").at(-1)?.incident.id ?? "", 1_200);
    expect(stage.order({ kind: "end-drill" }).ok).toBe(true);
    expect(stage.of("drill.ended").at(-1)).toMatchObject({ by: "wang", sheet: [row] });
  });

  it.each([
    [{ zones: ["nowhere"], forMs: hourMs }, "command.unknown-target"],
    [{ zones: [], forMs: hourMs }, "command.unknown-target"],
    [{ zones: ["a"], forMs: 0 }, "command.not-possible"],
    [{ zones: ["a"], forMs: 13 * hourMs }, "command.not-possible"],
  ] as const)("refuses a drill of %j with %s", (part, code) => {
    expect(site().order({ kind: "start-drill", drill: "d", ...part })).toMatchObject({ ok: false, code });
  });

  it("ends after a restart whose clock cannot tell", () => {
    const stage = site();
    drill(stage, ["a"]);
    stage.reboot(1000, "never-set");
    stage.pass(0);
    expect(stage.durable.drill).toBeNull();
  });
});

/** A siren that was confirmed so long after its trigger. */
function sound(stage: Stage, incident: string, tookMs: number): void {
  const at = stage.now;
  const step: Step = {
    id: `${incident}/alarm/sound/siren`,
    incident,
    response: "alarm",
    step: "sound",
    action: { kind: "announce", annunciator: "siren" },
    fallback: null,
    firstActivityAt: at,
    occurredAt: at,
    detectedAt: at,
    decidedAt: at,
    commandedAt: at,
    confirmedAt: null,
    deadlineAt: later(at, 5_000),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  };
  stage.emit([
    fact("step.decided", step.id, { step }),
    fact("step.met", step.id, { step: step.id, incident, confirmedAt: later(at, tookMs) }),
  ]);
}

describe("walk test", () => {
  const test = (stage: Stage, listed: readonly string[]) =>
    stage.order({ kind: "start-walk-test", zones: listed, forMs: hourMs });

  it("A-20: a zone under test says that it was triggered and how fast, and raises no alarm", () => {
    const stage = site();
    expect(test(stage, ["a"]).ok).toBe(true);
    expect(test(stage, ["b"])).toMatchObject({ ok: false, code: "command.not-possible" });
    for (const ms of [40, 120, 80]) {
      expect(stage.breach("a", "beam-blocked", { occurredAt: stage.now.mono - ms })).toMatchObject({
        verdict: "walk-test",
        responding: null,
      });
      stage.clear("a");
    }
    expect(stage.of("zone.tested")).toMatchObject([{ latencyMs: 40 }, { latencyMs: 120 }, { latencyMs: 80 }]);
    expect(stage.durable.walkTest?.tested["a"]).toEqual({ count: 3, worstMs: 120, worstHeardMs: null });
    expect(stage.of("zone.breached")).toEqual([]);
    expect(stage.breach("b").verdict).toBe("alarm");
  });

  it("A-20: ends by itself, and says which zones nobody triggered", () => {
    const stage = site();
    test(stage, ["a", "b"]);
    stage.breach("b");
    stage.clear("b");
    stage.pass(hourMs);
    expect(stage.of("walktest.ended")).toMatchObject([
      {
        by: "time",
        person: "wang",
        tested: ["b"],
        untested: ["a"],
        results: [
          { zone: "a", count: 0, worstMs: null },
          { zone: "b", count: 1 },
        ],
      },
    ]);
    expect(stage.breach("a").verdict).toBe("alarm");
  });

  it("A-20: ends by order", () => {
    const stage = site();
    test(stage, ["a"]);
    expect(stage.order({ kind: "end-walk-test" }).ok).toBe(true);
    expect(stage.of("walktest.ended")).toMatchObject([{ by: "wang", untested: ["a"] }]);
    expect(stage.order({ kind: "end-walk-test" }).ok).toBe(false);
  });

  it("A-20: tests a disarmed area, and a zone that is out", () => {
    const stage = new Stage({ areas: [area("fence", { armedAtStart: false })], zones });
    stage.order({ kind: "isolate", zone: "a", forMs: null });
    test(stage, ["a", "b"]);
    expect([stage.breach("a").verdict, stage.breach("b").verdict]).toEqual(["walk-test", "walk-test"]);
  });

  it("A-20: still tells of a tamper, without a siren, and takes no level at the start for a trigger", () => {
    const stage = site();
    test(stage, ["a", "b"]);
    expect(stage.tamper("a")).toMatchObject({ verdict: "alarm", responding: null });
    stage.breach("b", "beam-blocked", { from: "unknown" });
    expect(stage.of("zone.tested")).toEqual([]);
    stage.breach("b", "fibre-cut", { from: "unknown", momentary: true });
    expect(stage.of("zone.tested")).toMatchObject([{ zone: "b", cause: "fibre-cut" }]);
  });

  it.each(["panic", "fire"])("A-18: never quiets %s", (id) => {
    const stage = site();
    expect(test(stage, ["a", id])).toMatchObject({ ok: false, code: "command.not-allowed" });
    stage.emit([
      fact("walktest.started", "box", { zones: [id], by: "x", at: stage.now, until: later(stage.now, hourMs) }),
    ]);
    expect(stage.breach(id, "panic-pressed").verdict).toBe("alarm");
  });

  it("A-25: is refused in posture level 1, which ends one that runs", () => {
    const stage = site();
    test(stage, ["a"]);
    const { now: at } = stage;
    stage.emit([
      fact("posture.changed", "box", {
        level: "level-1",
        from: "normal",
        issuer: "i",
        reference: "r",
        by: "wang",
        leader: "li",
        at,
      }),
    ]);
    stage.clocks();
    expect(stage.of("walktest.ended")).toMatchObject([{ by: "level-1" }]);
    expect(test(stage, ["a"])).toMatchObject({ ok: false, code: "command.not-allowed" });
  });
});
