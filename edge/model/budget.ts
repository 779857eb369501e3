// What the timing proof grants each term, in ms. The proof adds them up before a configuration is used; the box measures itself against them.
import type { DriverConfig, PointConfig } from "./wiring.js";

/** Silence of a zone on an armed perimeter is announced within this time (rule 6). */
export const unguardedWithinMs = 20_000;
/** Of these, the time for a connection to come back once a zone is not seen any more. */
const blindGraceMs = 5000;

/** From a sample at the controller to the write. */
export const reactionMs = 50;

/** Assumed length of a block of level samples: what it carries was there up to so long before. */
export const levelBlockMs = 250;

/** A motion counts as failed, and is tried once more, after this multiple of the datasheet's travel and a margin. */
export const travelFactor = 1.5;
/** The drive's own supervision speaks first; ours is for a drive that has none. */
export const travelMarginMs = 1000;

/** From the write to the device's confirmation; OPC UA adds the publishing interval; a point of OPC UA or MQTT may declare its own. */
const commandMs = { firmata: 100, mqtt: 1000, opcua: 250, gpio: 20 } as const;

/** A point together with the driver that carries it. */
export interface Wired {
  readonly driver: DriverConfig;
  readonly point: PointConfig;
}

/** From a write to what the hardware says of it. */
export function commandBudgetMs({ driver, point }: Wired): number {
  if ("confirmWithinMs" in point && typeof point.confirmWithinMs === "number") return point.confirmWithinMs;
  if (driver.kind === "opcua") return driver.publishingMs + commandMs.opcua;
  return commandMs[driver.kind];
}

/** What sampling, publishing and debouncing add to a change, beside the latency that the point declares. */
export function intervalMs({ driver, point }: Wired): number {
  // A value is told when two raw reports say it.
  if (driver.kind === "firmata") return 2 * driver.samplingMs;
  if (driver.kind === "opcua") return driver.samplingMs + driver.publishingMs;
  return "debounceUs" in point && typeof point.debounceUs === "number" ? Math.ceil(point.debounceUs / 1000) : 0;
}

/** From the physical change to the sample at the controller. */
export function arrivalMs(wired: Wired): number {
  return (wired.point.latencyMs ?? 0) + intervalMs(wired);
}

/** When silence of a point is noticed, by the earliest watch; 0 where the driver sees it by itself. */
export function noticedMs({ driver, point }: Wired): number {
  const watches = [point.silentAfterMs, driverWatchMs({ driver, point })].filter((ms) => ms !== undefined);
  return watches.length === 0 ? 0 : Math.min(...watches);
}

function driverWatchMs({ driver, point }: Wired): number | undefined {
  if (driver.kind === "opcua") return driver.watchdogMs;
  if (driver.kind !== "mqtt" || !("device" in point)) return undefined;
  return driver.devices.find((device) => device.id === point.device)?.silentAfterMs;
}

/** How long a zone that reads these points may stay unseen: the slower its silence is noticed, the less is left for a line to come back. */
export function blindGraceOf(vital: readonly Wired[]): number {
  return Math.max(0, Math.min(blindGraceMs, unguardedWithinMs - Math.max(0, ...vital.map(noticedMs))));
}
