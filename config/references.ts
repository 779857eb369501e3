// Finds ids that name nothing, or something that does not fit: an output read as input, a level where true/false is needed.
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig } from "../edge/model/wiring.js";
import { didYouMean, type Finding, type Path } from "./trouble.js";
import { type PointUse, pointUses, type Signal, type ThingUse, things, thingUses } from "./uses.js";

type Point = DriverConfig["points"][number];

/** A point together with its driver. */
export interface WiredPoint {
  readonly driver: DriverConfig;
  readonly point: Point;
}

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
  const known = (edge[among] ?? []).map((each) => each.id);
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

/** Orders that are calls; `type` is only what confirms them. */
const callSignals: readonly Signal[] = ["boolean", "number", "text"];

const payloadSignals = { plain: "boolean", json: "boolean", level: "level", number: "number", text: "text" } as const;

/** What a point can carry, as far as its settings tell. */
function signals({ point }: WiredPoint): readonly Signal[] {
  if ("signal" in point) return point.signal === "analog" ? ["number"] : ["boolean"];
  if ("payload" in point) return [payloadSignals[point.payload]];
  if ("type" in point) return (point.method ?? point.methods) ? callSignals : [opcuaSignals[point.type]];
  return ["boolean"];
}

/** Two that drive one output, or one contact that vouches for two barriers: neither would be safe. */
function sharedFindings(uses: readonly PointUse[]): Finding[] {
  return uses.flatMap((use, index) =>
    uses.slice(0, index).some((earlier) => clash(use, earlier)) ? [sharedFinding(use)] : [],
  );
}

function clash(one: PointUse, other: PointUse): boolean {
  if (one.id !== other.id || one.direction !== other.direction || one.exclusive === other.exclusive) return false;
  const owners = [one.exclusive, other.exclusive].filter((owner) => owner !== undefined);
  return owners.length > (one.direction === "in" ? 1 : 0);
}

const sharedFinding = ({ path, id, direction }: PointUse): Finding => ({
  code: "config.safety",
  path,
  message:
    direction === "out"
      ? { zh: `输出 ${id} 已由其他功能控制。`, en: `${id} already serves another output.` }
      : { zh: `${id} 已用作另一个位置触点。`, en: `${id} already serves as another position contact.` },
  remedy: {
    zh: "驱动、通知渠道和保持输出以及位置触点必须各有自己的点位。",
    en: "Give each drive, channel and held output, and each position contact, a point of its own.",
  },
});
