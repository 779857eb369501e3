// What is probably wrong at a point, from what a zone expects of it and what is seen there. Pure: the same on page and command line.
import type { Quality } from "../../model/point.js";
import type { ZoneConfig, zonePointKeys } from "../../model/zone.js";
import type { PointNow, SeenSample, SeenValue } from "../questions/points.js";
import type { WiredPoint } from "../questions/wiring.js";
import type { Found } from "./found.js";
import { diagnoseLoop } from "./loop.js";

export type ZoneRole = (typeof zonePointKeys)[number];

/** What is seen at a point, as the box tells it. */
export type Live = Pick<PointNow, "quality" | "value" | "driverUp" | "samples">;

/** So many changes within this time are no person at a door. */
const chatter = { changes: 6, withinMs: 5_000 } as const;

const qualities: Readonly<Record<Exclude<Quality, "good">, Found["case"]>> = {
  stale: "stale",
  lost: "lost",
  tampered: "tampered",
  "out-of-range": "out-of-range",
};

/** The role that a point plays in a zone; null when it plays none. */
export function roleOf(zone: ZoneConfig, point: string): ZoneRole | null {
  const roles: readonly ZoneRole[] = [
    "point",
    "level",
    "first",
    "second",
    "granted",
    "passed",
    "tamper",
    "mask",
    "broken",
  ];
  const held: Partial<Record<ZoneRole, string>> = zone;
  return roles.find((role) => held[role] === point) ?? null;
}

/** Of a point in one of its zones; `zone` null: in none, for example a barrier's contact or an output. */
export function diagnose(wired: WiredPoint, zone: ZoneConfig | null, live: Live): readonly Found[] {
  if (!live.driverUp) return [{ case: "driver-down", values: { driver: wired.driver } }];
  if (live.quality === null) return [{ case: "not-heard", values: {} }];
  const doubt: readonly Found[] = live.quality === "good" ? [] : [{ case: qualities[live.quality], values: {} }];
  if (live.value === null || (live.quality !== "good" && live.quality !== "stale")) return doubt;
  return [...doubt, ...look(wired, zone, live)];
}

function look(wired: WiredPoint, zone: ZoneConfig | null, live: Live): readonly Found[] {
  const { value } = live;
  if (wired.config.direction === "out") return [{ case: "output", values: { seen: shown(value) } }];
  const role = zone === null ? null : roleOf(zone, wired.config.id);
  if (zone === null || role === null)
    return [...jumps(wired, live.samples), { case: "side-on", values: { seen: shown(value) } }];
  if ("hysteresis" in zone) return [limits(zone, value)];
  if (role === "level")
    return [typeof value === "object" ? { case: "level", values: { seen: shown(value) } } : wrong(value)];
  if (role !== "point" || !("filterMs" in zone)) return [...jumps(wired, live.samples), side(role, value)];
  const { loop } = zone;
  if (loop !== undefined)
    return typeof value === "number" ? diagnoseLoop(loop, value, readings(live.samples)) : [wrong(value)];
  if (typeof value !== "boolean") return [wrong(value)];
  return [...jumps(wired, live.samples), contact(zone.normally ?? "open", value)];
}

function contact(normally: "open" | "closed", value: boolean): Found {
  const values = { seen: value ? "closed" : "open", normally };
  if (value === (normally === "closed")) return { case: "contact-rest", values };
  const other = normally === "open" ? "closed" : "open";
  return { case: "contact-active", values: { ...values, other }, offer: { key: "normally", value: other } };
}

function side(role: ZoneRole, value: SeenValue): Found {
  if (typeof value !== "boolean") return wrong(value);
  const values = { seen: shown(value) };
  if (role === "tamper") return { case: value ? "side-tamper" : "side-quiet", values };
  if (role === "mask") return { case: value ? "side-mask" : "side-quiet", values };
  if (role === "broken") return { case: value ? "side-broken" : "side-quiet", values };
  return { case: "side-on", values };
}

function limits({ high, low }: { readonly high?: number; readonly low?: number }, value: SeenValue): Found {
  if (typeof value !== "number") return wrong(value);
  if (high !== undefined && value > high) return { case: "limit-above", values: { seen: value, limit: high } };
  if (low !== undefined && value < low) return { case: "limit-below", values: { seen: value, limit: low } };
  return { case: "limit-inside", values: { seen: value } };
}

/** A floating input is named where nothing pulls it. */
function jumps({ kind, config }: WiredPoint, samples: readonly SeenSample[]): readonly Found[] {
  const last = samples.at(-1)?.at ?? 0;
  const recent = samples.filter(({ at, value }) => last - at <= chatter.withinMs && typeof value === "boolean");
  const changes = recent.filter(({ value }, index) => index > 0 && value !== recent[index - 1]?.value).length;
  if (changes < chatter.changes) return [];
  if (kind === "gpio" && !("bias" in config && config.bias?.startsWith("pull")))
    return [{ case: "floats", values: {}, offer: { key: "bias", value: "pull-up", ofPoint: true } }];
  if (kind === "firmata" && !("pullUp" in config && config.pullUp === true))
    return [{ case: "floats", values: {}, offer: { key: "pullUp", value: true, ofPoint: true } }];
  const offer =
    kind === "gpio" && !("debounceUs" in config) ? { key: "debounceUs", value: 20_000, ofPoint: true as const } : null;
  return [{ case: "chatter", values: {}, ...(offer === null ? {} : { offer }) }];
}

const wrong = (value: SeenValue): Found => ({ case: "wrong-type", values: { seen: shown(value) } });

function readings(samples: readonly SeenSample[]): readonly number[] {
  return samples.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
}

function shown(value: SeenValue): string {
  if (typeof value !== "object" || value === null) return String(value);
  const [least, greatest] = [value.least, value.greatest].map((each) => Number(each.toPrecision(4)));
  return `${value.count} × ${value.periodUs / 1000} ms, ${least} … ${greatest}`;
}
