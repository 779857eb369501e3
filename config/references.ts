// Finds ids that name nothing, or something that does not fit: an output read as input, a level where true/false is needed.

import type { StepConfig } from "../edge/model/plan.js";
import type { BarrierConfig, EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig } from "../edge/model/wiring.js";
import type { ZoneConfig } from "../edge/model/zone.js";
import { didYouMean, type Finding, type Path } from "./trouble.js";

type Point = DriverConfig["points"][number];
type Signal = "boolean" | "number" | "text" | "level";

/** A point together with its driver. */
export interface WiredPoint {
  readonly driver: DriverConfig;
  readonly point: Point;
}

/** One use of a point by a zone, barrier or annunciator. `exclusive`: nothing else may use it in this way. */
interface PointUse {
  readonly path: Path;
  readonly id: string;
  readonly direction: "in" | "out";
  readonly signal: Signal;
  readonly exclusive?: true;
}

/** One use of an id that is no point. */
interface ThingUse {
  readonly path: Path;
  readonly id: string;
  readonly among: keyof typeof things;
}

const things = {
  areas: { zh: "区域", en: "area" },
  zones: { zh: "防区", en: "zone" },
  barriers: { zh: "阻车设施", en: "barrier" },
  groups: { zh: "编组", en: "group" },
  annunciators: { zh: "声光报警", en: "annunciator" },
} as const satisfies Partial<Record<keyof EdgeConfig, Text>>;

/** Every point of a box by id; of equal ids the first. */
export function wiredPoints(edge: EdgeConfig): ReadonlyMap<string, WiredPoint> {
  const wired = edge.drivers.flatMap((driver) => driver.points.map((point): WiredPoint => ({ driver, point })));
  return new Map(wired.toReversed().map((entry) => [entry.point.id, entry]));
}

/** Findings of code `config.reference` (and `config.safety` for shared drive outputs and position contacts). */
export function referenceFindings(edge: EdgeConfig, base: Path): Finding[] {
  const points = wiredPoints(edge);
  const uses = pointUses(edge);
  return [
    ...uses.flatMap((use) => pointFinding(use, points)),
    ...thingUses(edge).flatMap((use) => thingFinding(use, edge)),
    ...sharedFindings(uses),
  ].map((finding) => ({ ...finding, path: [...base, ...finding.path] }));
}

// --- uses -----------------------------------------------------------------------------------------------------------

function pointUses(edge: EdgeConfig): PointUse[] {
  return [
    ...edge.zones.flatMap((zone, index) => prefix(["zones", index], zonePoints(zone))),
    ...edge.barriers.flatMap((barrier, index) => prefix(["barriers", index], barrierPoints(barrier))),
    ...edge.annunciators.flatMap((annunciator, index) =>
      prefix(
        ["annunciators", index],
        annunciator.points.map((id, at) => output(["points", at], id)),
      ),
    ),
  ];
}

const prefix = (path: Path, uses: readonly PointUse[]): PointUse[] =>
  uses.map((use) => ({ ...use, path: [...path, ...use.path] }));
const input = (path: Path, id: string | undefined, signal: Signal = "boolean"): PointUse[] =>
  id === undefined ? [] : [{ path, id, direction: "in", signal }];
const output = (path: Path, id: string, signal: Signal = "boolean"): PointUse => ({
  path,
  id,
  direction: "out",
  signal,
});
const only = (use: PointUse): PointUse => ({ ...use, exclusive: true });

function zonePoints(zone: ZoneConfig): PointUse[] {
  switch (zone.kind) {
    case "door-contact":
      return input(["point"], zone.point, "number");
    case "infrared-beam":
      return [...input(["point"], zone.point), ...input(["tamper"], zone.tamper)];
    case "vibration-fibre":
      return [...input(["level"], zone.level, "level"), ...input(["broken"], zone.broken)];
    case "panic-button":
    case "fire-input":
      return input(["point"], zone.point);
    case "vehicle-rush":
      return [...input(["first"], zone.first), ...input(["second"], zone.second)];
  }
}

function barrierPoints(barrier: BarrierConfig): PointUse[] {
  const { signal, sounder } = barrier;
  const inputs = (["obstructed", "fault", "powerOk", "manual", "lockOut"] as const).flatMap((key) =>
    input([key], barrier[key]),
  );
  return [
    ...driveOutputs(barrier.drive).map(only),
    ...input(["closed"], barrier.closed).map(only),
    ...input(["open"], barrier.open).map(only),
    ...inputs,
    ...barrier.interlocks.flatMap((id, at) => input(["interlocks", at], id)),
    ...(signal === undefined ? [] : [output(["signal", "red"], signal.red), output(["signal", "green"], signal.green)]),
    ...(sounder === undefined ? [] : [output(["sounder"], sounder)]),
  ];
}

function driveOutputs(drive: BarrierConfig["drive"]): PointUse[] {
  if (drive.kind === "demand") return [output(["drive", "point"], drive.point, "text")];
  const fast = drive.emergency === undefined ? [] : [output(["drive", "emergency"], drive.emergency)];
  return [output(["drive", "close"], drive.close), output(["drive", "open"], drive.open), ...fast];
}

function thingUses(edge: EdgeConfig): ThingUse[] {
  const use = (among: ThingUse["among"], id: string, ...path: (string | number)[]): ThingUse => ({ among, id, path });
  return [
    ...edge.zones.flatMap((zone, z) => [
      use("areas", zone.area, "zones", z, "area"),
      ...(zone.kind === "vehicle-rush" ? [use("barriers", zone.barrier, "zones", z, "barrier")] : []),
    ]),
    ...edge.barriers.map((barrier, b) => use("areas", barrier.area, "barriers", b, "area")),
    ...edge.groups.flatMap((group, g) =>
      group.barriers.map((id, at) => use("barriers", id, "groups", g, "barriers", at)),
    ),
    ...edge.responses.flatMap((response, r) => [
      ...response.on.flatMap((trigger, t) => {
        if ("area" in trigger) return [use("areas", trigger.area, "responses", r, "on", t, "area")];
        if (!("zones" in trigger)) return [];
        return trigger.zones.map((id, at) => use("zones", id, "responses", r, "on", t, "zones", at));
      }),
      ...response.steps.flatMap((step, s) =>
        stepUses(step).map((each) => ({ ...each, path: ["responses", r, "steps", s, ...each.path] })),
      ),
    ]),
  ];
}

function stepUses(step: StepConfig): ThingUse[] {
  const target: ThingUse =
    step.kind === "announce"
      ? { path: ["annunciator"], id: step.annunciator, among: "annunciators" }
      : { path: ["group"], id: step.group, among: "groups" };
  if (step.fallback === undefined) return [target];
  return [target, { path: ["fallback", "announce"], id: step.fallback.announce, among: "annunciators" }];
}

// --- judgements -------------------------------------------------------------------------------------------------------

/** Says that an id names nothing, and what was probably meant. */
export function unknownId(path: Path, id: string, kind: Text, known: readonly string[]): Finding {
  const meant = didYouMean(id, known);
  const some = known.slice(0, 12).join(", ");
  return {
    code: "config.reference",
    path,
    message: {
      zh: `没有标识为 ${id} 的${kind.zh}${meant === null ? "" : `；是否为 ${meant}`}。`,
      en: `There is no ${kind.en} ${id}${meant === null ? "" : `; did you mean ${meant}?`}`,
    },
    remedy: {
      zh: `请使用已有的${kind.zh}：${some || "（无）"}。`,
      en: `Use one that exists: ${some || "(none)"}; or add it.`,
    },
  };
}

function thingFinding({ path, id, among }: ThingUse, edge: EdgeConfig): Finding[] {
  const known = edge[among].map((thing) => thing.id);
  return known.includes(id) ? [] : [unknownId(path, id, things[among], known)];
}

function pointFinding(use: PointUse, points: ReadonlyMap<string, WiredPoint>): Finding[] {
  const wired = points.get(use.id);
  if (wired === undefined) {
    const fitting = [...points.values()].filter(({ point }) => point.direction === use.direction);
    const known = fitting.map(({ point }) => point.id);
    return [unknownId(use.path, use.id, { zh: "点位", en: "point" }, known)];
  }
  if (wired.point.direction !== use.direction) return [wrongDirection(use)];
  const offered = signals(wired);
  return offered.includes(use.signal) ? [] : [wrongSignal(use, offered)];
}

function wrongDirection(use: PointUse): Finding {
  const isOut = use.direction === "in";
  return {
    code: "config.reference",
    path: use.path,
    message: isOut
      ? { zh: `${use.id} 是输出点，不能作为输入使用。`, en: `${use.id} is an output and cannot be read as an input.` }
      : { zh: `${use.id} 是输入点，不能作为输出使用。`, en: `${use.id} is an input and cannot be written.` },
    remedy: isOut
      ? { zh: "请填写 direction: in 的点位。", en: "Name a point with direction: in." }
      : { zh: "请填写 direction: out 的点位。", en: "Name a point with direction: out." },
  };
}

function wrongSignal(use: PointUse, offered: readonly Signal[]): Finding {
  return {
    code: "config.reference",
    path: use.path,
    message: {
      zh: `${use.id} 提供 ${offered.join("/")}，此处需要 ${use.signal}。`,
      en: `${use.id} carries ${offered.join(" or ")}; ${use.signal} is needed here.`,
    },
    remedy: { zh: "更换点位，或修改该点位的信号类型。", en: "Name another point, or change what this point carries." },
  };
}

const opcuaSignals = { boolean: "boolean", int32: "number", double: "number", string: "text" } as const;

/** What a point can carry, as far as its settings tell. */
function signals({ point }: WiredPoint): readonly Signal[] {
  if ("signal" in point) return point.signal === "analog" ? ["number"] : ["boolean"];
  if ("payload" in point) return point.payload === "level" ? ["level"] : ["boolean", "number", "text"];
  if ("type" in point) return [opcuaSignals[point.type]];
  return ["boolean"];
}

/** Two drives on one output, or one contact that vouches for two barriers: neither would be safe. */
function sharedFindings(uses: readonly PointUse[]): Finding[] {
  const seen = new Set<string>();
  return uses
    .filter((use) => use.exclusive)
    .flatMap((use): Finding[] => {
      if (!seen.has(use.id)) {
        seen.add(use.id);
        return [];
      }
      return [
        {
          code: "config.safety",
          path: use.path,
          message: {
            zh: `${use.id} 已用于另一个驱动输出或位置触点。`,
            en: `${use.id} already serves as another drive output or position contact.`,
          },
          remedy: {
            zh: "每个驱动输出和位置触点必须有自己的点位。",
            en: "Give each drive output and each position contact its own point.",
          },
        },
      ];
    });
}
