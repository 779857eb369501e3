// What was tested against what, from the commissioning book, the configuration and the timing proof. Pure.
import { type ProofRow, proveTiming } from "../../../config/timing.js";
import { triggeringZones } from "../../../config/triggers.js";
import type { BarrierConfig, EdgeConfig } from "../../model/site.js";
import { type ZoneConfig, zoneTraits } from "../../model/zone.js";
import { subjectsOf } from "../guided/guided-test.js";
import { checksOf } from "../interlocks.js";
import type { HandoverReply } from "../questions/handover.js";
import type { TestResult } from "../tests-book.js";
import {
  type BarrierResult,
  type CheckResult,
  type ProofLine,
  type ReportContent,
  reportLimits,
  type Verdict,
  type ZoneResult,
} from "./report.js";
import { testsOf } from "./tests.js";

type Given = Pick<HandoverReply, "site" | "version" | "revision" | "hash" | "config" | "book">;

interface Scene {
  readonly config: EdgeConfig;
  readonly proof: readonly ProofRow[];
  readonly tests: readonly TestResult[];
  readonly book: Given["book"];
}

export function contentOf({ site, version, revision, hash, config, book }: Given): ReportContent {
  const scene: Scene = { config, proof: proveTiming(config), tests: testsOf(book), book };
  return {
    site,
    edge: config.id,
    name: config.name,
    version,
    revision,
    configHash: hash,
    zones: config.zones.map((zone) => zoneResult(zone, scene)),
    barriers: config.barriers.flatMap((barrier) => barrierResults(barrier, scene)),
    checks: checkResults(scene),
    proof: scene.proof.map(proofLine),
    deviations: config.deviations ?? [],
  };
}

function proofLine({ response, step, target, totalMs, withinMs, ok, deviation }: ProofRow): ProofLine {
  return { id: `${response}/${step}/${target}`, totalMs, withinMs, ok, isAccepted: deviation !== null };
}

/** The tightest deadline among those rows, and the worst case that was proved against it. */
function pathOf(rows: readonly ProofRow[]): { readonly limitMs: number | null; readonly provedMs: number | null } {
  const limitMs = rows.reduce<number | null>((least, { withinMs }) => Math.min(least ?? withinMs, withinMs), null);
  const tight = rows.filter(({ withinMs }) => withinMs === limitMs);
  return { limitMs, provedMs: limitMs === null ? null : Math.max(...tight.map(({ totalMs }) => totalMs)) };
}

function untried(id: string) {
  return { id, by: "", at: "", measuredMs: null, note: "" } as const;
}

function isLate(measuredMs: number | null, limitMs: number | null): boolean {
  return measuredMs !== null && limitMs !== null && measuredMs > limitMs;
}

function zoneResult(zone: ZoneConfig, { config, proof, tests }: Scene): ZoneResult {
  const { id, name, kind } = zone;
  const answering = config.responses.filter(({ on }) => triggeringZones(config, on).some((each) => each.id === id));
  const announcing = answering.flatMap((response) =>
    response.steps.filter((step) => step.kind === "announce").map((step) => `${response.id}/${step.id}`),
  );
  const path = pathOf(proof.filter(({ response, step }) => announcing.includes(`${response}/${step}`)));
  const last = lastTestOf(zone, tests);
  if (last === undefined) return { ...untried(id), name, kind, hits: 0, result: "open", ...path };
  const { by, at, measuredMs, note, hits } = last;
  const isFailed = last.result === "failed" || isLate(measuredMs, path.limitMs ?? last.limitMs);
  const isEnough = zoneTraits[kind].isProtected ? last.kind === "guided" : (hits ?? 0) >= reportLimits.hits;
  const result: Verdict = isFailed ? "failed" : isEnough ? "passed" : "open";
  return { id, name, kind, hits: hits ?? 0, result, by, at, measuredMs, note, ...path };
}

/** What no walk test may take is tried once, step by step. Elsewhere the walk counts the triggers: a guided test after it can only show that something broke. */
function lastTestOf({ id, kind }: ZoneConfig, tests: readonly TestResult[]): TestResult | undefined {
  const ofZone = tests.filter((test) => (test.kind === "walk" || test.kind === "guided") && test.target === id);
  const last = ofZone.at(-1);
  if (zoneTraits[kind].isProtected || last?.result !== "passed") return last;
  return ofZone.findLast((test) => test.kind === "walk") ?? last;
}

function barrierResults(barrier: BarrierConfig, scene: Scene): readonly BarrierResult[] {
  const { drive, travelMs, warnMs, emergencyTravelMs = travelMs, emergencyWarnMs = warnMs } = barrier;
  const normal = runsOf(barrier, { id: barrier.id, mode: "normal", termMs: warnMs + travelMs }, scene);
  if (drive.emergency === undefined) return [normal];
  const fast = {
    id: `${barrier.id}/emergency`,
    mode: "emergency",
    termMs: emergencyWarnMs + emergencyTravelMs,
  } as const;
  return [normal, runsOf(barrier, fast, scene)];
}

interface Way {
  readonly id: string;
  readonly mode: "normal" | "emergency";
  readonly termMs: number;
}

function runsOf({ id: barrier, name, kind }: BarrierConfig, { id, mode, termMs }: Way, scene: Scene): BarrierResult {
  const { config, proof, tests } = scene;
  const closing = config.responses.flatMap((response) =>
    response.steps
      .filter((step) => step.kind === "close" && step.mode === mode)
      .map((step) => `${response.id}/${step.id}`),
  );
  const rows = proof.filter((row) => row.target === barrier && closing.includes(`${row.response}/${row.step}`));
  const path = pathOf(rows);
  const runs = tests.filter((test) => test.kind === "run" && test.target === id).slice(-reportLimits.runs);
  const last = runs.at(-1);
  if (last === undefined) return { ...untried(id), name, kind, runs: 0, result: "open", termMs, ...path };
  const times = runs.flatMap(({ measuredMs }) => (measuredMs === null ? [] : [measuredMs]));
  const measuredMs = times.length === 0 ? null : Math.max(...times);
  const isFailed =
    runs.some((run) => run.result === "failed" || isLate(run.measuredMs, run.limitMs ?? termMs)) ||
    isLate(measuredMs, path.limitMs);
  const result: Verdict = isFailed ? "failed" : times.length < reportLimits.runs ? "open" : "passed";
  const by = [...new Set(runs.map((run) => run.by))].join(", ");
  return { id, name, kind, runs: runs.length, result, by, at: last.at, measuredMs, note: last.note, termMs, ...path };
}

/** What must be tried once on this box, whether or not anybody has. */
function expected(config: EdgeConfig): readonly (readonly [kind: string, target: string])[] {
  return [
    ...config.annunciators.map(({ id }) => ["siren", id] as const),
    ...config.barriers.filter(({ interlocks }) => interlocks.length > 0).map(({ id }) => ["interlock", id] as const),
    ...config.barriers.map((barrier) => [failingOf(barrier), barrier.id] as const),
  ];
}

/** Without its control or power a lock must open and a barrier must stay, unless its datasheet says otherwise. */
export function failingOf({ drive, onControlLoss }: BarrierConfig): "fail-open" | "fail-closed" {
  return drive.kind === "lock" || onControlLoss === "opens" ? "fail-open" : "fail-closed";
}

/** Of a zone as a whole; of its parts a guided test is a check like any other. */
function isInZoneRow({ kind, target }: TestResult, { zones }: EdgeConfig): boolean {
  return kind === "walk" || kind === "run" || (kind === "guided" && zones.some(({ id }) => id === target));
}

function checkResults(scene: Scene): readonly CheckResult[] {
  const { config, tests } = scene;
  const tried = tests.filter((test) => !isInZoneRow(test, config)).map(({ kind, target }) => [kind, target] as const);
  const all = new Map([...expected(config), ...tried].map((pair) => [pair.join("/"), pair]));
  return [...all.values()].map(([kind, target]) => {
    const name = nameIn(config, target);
    const last = tests.findLast((test) => test.kind === kind && test.target === target);
    const id = `${kind}/${target}`;
    if (last === undefined) return { ...untried(id), name, kind, result: "open", limitMs: null };
    const { by, at, measuredMs, limitMs } = last;
    const untriedOnes = kind === "interlock" ? untriedInterlocks(last, scene) : [];
    const note = last.note === "" ? untriedOnes.join(", ") : last.note;
    const found: Verdict = isLate(measuredMs, limitMs) ? "failed" : last.result;
    const result = found === "passed" && untriedOnes.length > 0 ? "open" : found;
    return { id, name, kind, result, by, at, measuredMs, limitMs, note };
  });
}

/** Of a check that was ended before it was whole; what somebody entered by hand is his own word. */
function untriedInterlocks(last: TestResult, { config, book }: Scene): readonly string[] {
  const barrier = config.barriers.find(({ id }) => id === last.target);
  if (barrier === undefined || book.tests.includes(last)) return [];
  const tried = book.drives?.[barrier.id]?.checks ?? [];
  const missing = checksOf(barrier).filter(
    ({ kind, point }) => !tried.some((each) => each.kind === kind && each.point === point),
  );
  return missing.map(({ kind, point }) => `${kind} ${point}: -`);
}

/** Of a zone, barrier, annunciator, area or group, or of the box itself; the id where it is none. */
export function nameIn(config: EdgeConfig, id: string) {
  const things = [
    config,
    ...config.zones,
    ...config.barriers,
    ...config.annunciators,
    ...config.areas,
    ...config.groups,
    ...subjectsOf(config).map(({ subject, name }) => ({ id: subject, name })),
  ];
  return things.find((thing) => thing.id === id)?.name ?? { zh: id, en: id };
}
