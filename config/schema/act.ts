// Every order that a box takes, as a schema with its limits; no wider than what a box reads.
import { type Static, Type } from "typebox";
import type { ActKind } from "../../edge/model/command.js";
import { driveModes } from "../../edge/model/drive-run.js";
import { postureLevels, riskColours } from "../../edge/model/plan.js";
import { id, orNull, strict, words } from "./request-terms.js";

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** A siren that is tried is heard, not endured. */
const soundTestMsMax = 10_000;

/** What a person writes: at least one sign that is no space. */
const line = Type.String({ minLength: 1, maxLength: 200, pattern: "\\S" });
const note = Type.String({ maxLength: 200 });
const zones = Type.Array(id, { minItems: 1, maxItems: 512 });
const span = (max: number) => Type.Integer({ minimum: 1, maximum: max, description: "Milliseconds." });
const directions = ["open", "close"] as const;
const stepId = Type.String({ minLength: 1, maxLength: 256 });

const setPosture = Type.Object(
  {
    kind: Type.Literal("set-posture"),
    level: words(postureLevels),
    issuer: line,
    reference: line,
    leader: orNull(line),
  },
  strict,
);
const declareRisk = Type.Object(
  { kind: Type.Literal("declare-risk"), colour: words(riskColours), issuer: line, reference: line },
  strict,
);
const silence = Type.Object({ kind: Type.Literal("silence") }, strict);

/** What is ordered from a whole site at once; a lock-down is for all groups. */
export const siteAct = Type.Union([
  setPosture,
  declareRisk,
  silence,
  Type.Object({ kind: Type.Literal("lock-down") }, strict),
]);

export const act = Type.Union([
  Type.Object({ kind: Type.Literal("lock-down"), group: id }, strict),
  Type.Object(
    { kind: Type.Literal("stand-down"), group: id, barriers: Type.Array(id, { minItems: 1, maxItems: 256 }) },
    strict,
  ),
  Type.Object({ kind: Type.Literal("acknowledge"), incident: id }, strict),
  silence,
  Type.Object({ kind: Type.Literal("reset"), incident: id, falseAlarm: Type.Optional(Type.Literal(true)) }, strict),
  Type.Object({ kind: Type.Literal("arm"), area: id, despite: Type.Optional(Type.Literal(true)) }, strict),
  Type.Object({ kind: Type.Literal("disarm"), area: id }, strict),
  Type.Object({ kind: Type.Literal("isolate"), zone: id, forMs: orNull(span(31 * dayMs)) }, strict),
  Type.Object({ kind: Type.Literal("inhibit"), zone: id }, strict),
  Type.Object({ kind: Type.Literal("reinstate"), zone: id }, strict),
  Type.Object({ kind: Type.Literal("take-out-for-repair"), zone: id, guard: line, forMs: span(3 * dayMs) }, strict),
  setPosture,
  declareRisk,
  Type.Object({ kind: Type.Literal("let-pass"), barrier: id, forMs: span(10 * minuteMs) }, strict),
  Type.Object({ kind: Type.Literal("open"), barrier: id }, strict),
  Type.Object({ kind: Type.Literal("report"), step: stepId }, strict),
  Type.Object(
    { kind: Type.Literal("work-order"), number: id, to: words(["assigned", "fixed", "verified"] as const), note },
    strict,
  ),
  Type.Object({ kind: Type.Literal("duty-done"), duty: id, note }, strict),
  Type.Object({ kind: Type.Literal("self-test") }, strict),
  Type.Object({ kind: Type.Literal("start-drill"), drill: line, zones, forMs: span(dayMs) }, strict),
  Type.Object({ kind: Type.Literal("end-drill") }, strict),
  Type.Object({ kind: Type.Literal("start-walk-test"), zones, forMs: span(dayMs) }, strict),
  Type.Object({ kind: Type.Literal("end-walk-test") }, strict),
  Type.Object({ kind: Type.Literal("lock-out"), barrier: id, note: line }, strict),
  Type.Object({ kind: Type.Literal("clear-lock-out"), barrier: id }, strict),
  Type.Object(
    { kind: Type.Literal("test-run"), barrier: id, direction: words(directions), mode: words(driveModes) },
    strict,
  ),
  Type.Object({ kind: Type.Literal("hold-run"), barrier: id, direction: words(directions) }, strict),
  Type.Object({ kind: Type.Literal("end-run"), barrier: id }, strict),
  Type.Object({ kind: Type.Literal("test-annunciator"), annunciator: id, forMs: span(soundTestMsMax) }, strict),
]);

type Covered<Needed extends There, There> = Needed;
/** The compiler refuses it when the model has an act that the schema lacks. */
export type ActKinds = Covered<ActKind, Static<typeof act>["kind"]>;
