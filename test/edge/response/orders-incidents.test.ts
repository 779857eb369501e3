import { describe, expect, it } from "vitest";
import { fact } from "../../../edge/model/fact.js";
import type { Step } from "../../../edge/model/incident.js";
import { later } from "../../../edge/model/time.js";
import { Stage, zone } from "../incident/stage.js";

const name = { zh: "名", en: "name" };

/** An incident whose cause is gone, and one step of it. */
function site(action: Step["action"]): { stage: Stage; incident: string; step: string } {
  const stage = new Stage({ zones: [zone("beam")] });
  stage.breach("beam");
  stage.clear("beam");
  const [incident = ""] = Object.keys(stage.durable.incidents);
  const at = stage.now;
  const step: Step = {
    id: `${incident}/r/s/target`,
    incident,
    response: "r",
    step: "s",
    action,
    fallback: null,
    firstActivityAt: at,
    occurredAt: at,
    detectedAt: at,
    decidedAt: at,
    commandedAt: null,
    confirmedAt: null,
    deadlineAt: later(at, 5_000),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  };
  stage.emit([fact("step.decided", step.id, { step })]);
  return { stage, incident, step: step.id };
}

describe("reset by hand", () => {
  it("waits until every step is decided, and says which is open", () => {
    const { stage, incident, step } = site({ kind: "report", task: name, everyMs: null });
    expect(stage.order({ kind: "reset", incident })).toEqual({
      ok: false,
      code: "command.not-possible",
      obstacles: [{ subject: step, why: "steps-open" }],
    });
    stage.emit([fact("step.met", step, { step, incident, confirmedAt: stage.now })]);
    expect(stage.order({ kind: "reset", incident }).ok).toBe(true);
    expect(stage.durable.incidents).toEqual({});
  });

  it("A-52: ends a report that is asked for again and again, which would never be decided", () => {
    const { stage, incident, step } = site({ kind: "report", task: name, everyMs: 3_600_000 });
    expect(stage.order({ kind: "reset", incident }).ok).toBe(true);
    expect(stage.of("step.cancelled")).toMatchObject([{ step }]);
  });

  it("moves no barrier: a lock-down that stands keeps the incident", () => {
    const { stage, incident, step } = site({ kind: "close", barrier: "b", group: "lanes", mode: "normal" });
    const at = stage.now;
    stage.emit([
      fact("step.met", step, { step, incident, confirmedAt: at }),
      fact("lockdown.started", "lanes", { group: "lanes", incident, barriers: ["b"], at }),
    ]);
    expect(stage.order({ kind: "reset", incident })).toMatchObject({
      obstacles: [{ subject: "lanes", why: "lock-down-stands" }],
    });
  });

  it("needs the causes gone, and says whether a zone is open or not seen", () => {
    const { stage, incident, step } = site({ kind: "announce", annunciator: "siren" });
    stage.emit([fact("step.met", step, { step, incident, confirmedAt: stage.now })]);
    for (const [kind, why] of [
      ["breach", "not-normal"],
      ["unknown", "not-seen"],
    ] as const) {
      stage.conditions["beam"] = kind === "breach" ? { kind, cause: "beam-blocked" } : { kind };
      expect(stage.order({ kind: "reset", incident })).toMatchObject({ obstacles: [{ subject: "beam", why }] });
    }
  });

  it.each(["reset", "acknowledge"] as const)("knows no other incident: %s", (kind) => {
    const { stage } = site({ kind: "announce", annunciator: "siren" });
    expect(stage.order({ kind, incident: "other" })).toMatchObject({ code: "command.unknown-target" });
  });
});

describe("acknowledge and silence", () => {
  it("say who, and change neither the alarm nor its cause", () => {
    const { stage, incident } = site({ kind: "announce", annunciator: "siren" });
    stage.emit([fact("annunciator.sounded", "siren", { annunciator: "siren", incident, at: stage.now })]);
    stage.order({ kind: "acknowledge", incident });
    expect(stage.durable.incidents[incident]?.acknowledgedBy).toBe("wang");
    stage.order({ kind: "silence" });
    expect(stage.of("annunciator.silenced")).toEqual([{ annunciator: "siren", by: "wang", at: stage.now }]);
    expect(stage.durable.zones["beam"]?.state).toBe("breached");
  });
});
