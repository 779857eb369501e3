// The timing proof: for every step of every response the worst case, term by term, against its deadline (rule 12, design section 5).

import type { ResponseConfig, StepConfig, TriggerConfig } from "../edge/model/plan.js";
import type { BarrierConfig, EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { ZoneConfig } from "../edge/model/zone.js";
import { type WiredPoint, wiredPoints } from "./references.js";
import type { Finding, Path } from "./trouble.js";

/** Budget of the controller from a sample to the write, in ms. */
export const reactionMs = 50;
/** Assumed length of a block of level samples; the deadline counts from the event that completes the count. */
export const levelBlockMs = 250;
/** From the write to the device's confirmation, in ms; OPC UA adds the publishing interval, MQTT may declare its own. */
export const commandMs = { firmata: 100, mqtt: 1000, opcua: 250, gpio: 20 } as const;
/** A motion counts as failed, and is tried once more, after this multiple of the datasheet's travel. */
export const travelFactor = 1.5;

export interface ProofTerm {
  readonly name: Text;
  readonly ms: number;
}

/** One line of the proof. `target` is an annunciator or a barrier; `retryFits`: a second try still ends in time. */
export interface ProofRow {
  readonly edge: string;
  readonly response: string;
  readonly step: string;
  readonly target: string;
  readonly terms: readonly ProofTerm[];
  readonly totalMs: number;
  readonly withinMs: number;
  readonly ok: boolean;
  readonly retryFits: boolean;
}

interface Proof {
  readonly target: string;
  readonly terms: readonly ProofTerm[];
  /** What a second try adds. */
  readonly retryMs: number;
}

/** The whole proof of a box. References must be sound; an id that names nothing adds no term. */
export function proveTiming(edge: EdgeConfig): ProofRow[] {
  return edge.responses.flatMap((response) => response.steps.flatMap((step) => stepRows(edge, response, step)));
}

/** Refusals of code `config.timing`, with the sum shown. */
export function timingFindings(edge: EdgeConfig, base: Path): Finding[] {
  return edge.responses.flatMap((response, r) =>
    response.steps.flatMap((step, s) =>
      stepRows(edge, response, step)
        .filter((row) => !row.ok)
        .map((row) => lateFinding(row, [...base, "responses", r, "steps", s, "withinMs"])),
    ),
  );
}

function lateFinding(row: ProofRow, path: Path): Finding {
  const sum = (language: "zh" | "en") => row.terms.map((term) => `${term.name[language]} ${term.ms}`).join(" + ");
  return {
    code: "config.timing",
    path,
    message: {
      zh: `${row.target} 最坏情况需要 ${row.totalMs} ms，超过时限 ${row.withinMs} ms：${sum("zh")}。`,
      en: `${row.target} needs ${row.totalMs} ms in the worst case, more than ${row.withinMs} ms: ${sum("en")}.`,
    },
    remedy: {
      zh: `至少缩短 ${row.totalMs - row.withinMs} ms：先缩短最长的一项，或更换更快的设备。`,
      en: `Save at least ${row.totalMs - row.withinMs} ms: shorten the longest term first, or use a faster device.`,
    },
  };
}

function stepRows(edge: EdgeConfig, response: ResponseConfig, step: StepConfig): ProofRow[] {
  const points = wiredPoints(edge);
  const before = [
    ...sensing(edge, response.on, points),
    { name: text("主机反应", "reaction of the box"), ms: reactionMs },
  ];
  return effects(edge, step, points).map(({ target, terms, retryMs }) => {
    const all = [...before, ...terms].filter((term) => term.ms > 0);
    const totalMs = sum(all);
    return {
      edge: edge.id,
      response: response.id,
      step: step.id,
      target,
      terms: all,
      totalMs,
      withinMs: step.withinMs,
      ok: totalMs <= step.withinMs,
      retryFits: totalMs + retryMs <= step.withinMs,
    };
  });
}

const text = (zh: string, en: string): Text => ({ zh, en });
const sum = (terms: readonly ProofTerm[]): number => terms.reduce((total, term) => total + term.ms, 0);

function slowest<T extends readonly ProofTerm[]>(candidates: readonly T[]): T | undefined {
  return candidates.reduce<T | undefined>(
    (worst, next) => (worst && sum(worst) >= sum(next) ? worst : next),
    undefined,
  );
}

// --- from the fence to the controller -----------------------------------------------------------------------------

/** The zones that set a response off. */
export function triggeringZones(edge: EdgeConfig, on: readonly TriggerConfig[]): readonly ZoneConfig[] {
  return edge.zones.filter((zone) =>
    on.some((trigger) => {
      if ("zones" in trigger) return trigger.zones.includes(zone.id);
      if ("zoneKind" in trigger) return trigger.zoneKind === zone.kind;
      return "area" in trigger && trigger.area === zone.area;
    }),
  );
}

type Points = ReadonlyMap<string, WiredPoint>;

function sensing(edge: EdgeConfig, on: readonly TriggerConfig[], points: Points): readonly ProofTerm[] {
  return slowest(triggeringZones(edge, on).flatMap((zone) => zoneSensing(zone, points))) ?? [];
}

/** One list of terms per point that can make the zone speak. */
function zoneSensing(zone: ZoneConfig, points: Points): ProofTerm[][] {
  const filter = (ms: number): ProofTerm => ({ name: text(`${zone.id} 滤波`, `filter of ${zone.id}`), ms });
  switch (zone.kind) {
    case "door-contact":
    case "panic-button":
    case "fire-input":
      return [[...arrival(zone.point, points), filter(zone.filterMs)]];
    case "infrared-beam":
      return [zone.point, zone.tamper ?? zone.point].map((id) => [...arrival(id, points), filter(zone.filterMs)]);
    case "vibration-fibre": {
      const block = { name: text(`${zone.level} 数据块`, `block of ${zone.level}`), ms: levelBlockMs };
      return [[...arrival(zone.level, points), block], ...(zone.broken ? [arrival(zone.broken, points)] : [])];
    }
    case "vehicle-rush":
      return [arrival(zone.second, points)];
  }
}

/** From the physical change to the sample at the controller. */
function arrival(id: string, points: Points): ProofTerm[] {
  const wired = points.get(id);
  if (wired === undefined) return [];
  return [
    { name: text(`${id} 声明延迟`, `declared latency of ${id}`), ms: wired.point.latencyMs ?? 0 },
    { name: text(`${id} 采样和发布`, `sampling and publishing of ${id}`), ms: intervalMs(wired) },
  ];
}

function intervalMs({ driver, point }: WiredPoint): number {
  if (driver.kind === "firmata") return driver.samplingMs;
  if (driver.kind === "opcua") return driver.samplingMs + driver.publishingMs;
  return "debounceUs" in point ? Math.ceil((point.debounceUs ?? 0) / 1000) : 0;
}

// --- from the controller to the confirmed effect --------------------------------------------------------------------

function effects(edge: EdgeConfig, step: StepConfig, points: Points): Proof[] {
  if (step.kind === "announce") {
    const annunciator = edge.annunciators.find((each) => each.id === step.annunciator);
    const terms = slowest((annunciator?.points ?? []).map((id) => [command(id, points)])) ?? [];
    return [{ target: step.annunciator, terms, retryMs: sum(terms) }];
  }
  const group = edge.groups.find((each) => each.id === step.group);
  return (group?.barriers ?? []).flatMap((id, position) => {
    const barrier = edge.barriers.find((each) => each.id === id);
    if (barrier === undefined || (step.kind === "release" && barrier.onFire !== "open")) return [];
    return [motion(barrier, step, step.kind === "close" ? position * (group?.staggerMs ?? 0) : 0, points)];
  });
}

function motion(
  barrier: BarrierConfig,
  step: Exclude<StepConfig, { kind: "announce" }>,
  staggerMs: number,
  points: Points,
): Proof {
  const emergency = step.kind === "close" && step.mode === "emergency";
  const warnMs = emergency ? (barrier.emergencyWarnMs ?? barrier.warnMs) : barrier.warnMs;
  const travelMs = emergency ? (barrier.emergencyTravelMs ?? barrier.travelMs) : barrier.travelMs;
  const order = command(
    driveOutput(barrier, step.kind === "release" ? "open" : emergency ? "emergency" : "close"),
    points,
  );
  const terms = [
    { name: text("错峰启动", "staggered start"), ms: staggerMs },
    { name: text("动作前警示", "warning before motion"), ms: warnMs },
    order,
    { name: text(`${barrier.id} 行程`, `travel of ${barrier.id}`), ms: travelMs },
    ...arrival(step.kind === "release" ? barrier.open : barrier.closed, points),
  ];
  return { target: barrier.id, terms, retryMs: Math.ceil(travelMs * travelFactor) + order.ms };
}

function driveOutput({ drive }: BarrierConfig, way: "open" | "close" | "emergency"): string {
  if (drive.kind === "demand") return drive.point;
  return way === "open" ? drive.open : way === "close" ? drive.close : (drive.emergency ?? drive.close);
}

function command(id: string, points: Points): ProofTerm {
  const wired = points.get(id);
  const name = text(`${id} 指令和确认`, `command and confirmation of ${id}`);
  return { name, ms: wired === undefined ? 0 : commandLatencyMs(wired) };
}

function commandLatencyMs({ driver, point }: WiredPoint): number {
  if (driver.kind === "opcua") return driver.publishingMs + commandMs.opcua;
  if ("confirmWithinMs" in point) return point.confirmWithinMs ?? commandMs.mqtt;
  return commandMs[driver.kind];
}
