// What the lamps of a wired panel show, derived from the state like every other output, and how they blink.
import { commandBudgetMs, type Wired } from "../model/budget.js";
import { type PanelConfig, type PanelLamp, panelLamps } from "../model/panel.js";
import type { AreaConfig } from "../model/site.js";
import type { Ward } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { isFault } from "../model/work-order.js";
import { armObstacles } from "./arming/obstacles.js";

export type Light = "off" | "steady" | "blinking";
export type Lights = Readonly<Record<PanelLamp, Light>>;

/** Half a period of blinking: so long on, so long off. */
export const blinkMs = 1000;

/** A driver that confirms slowly blinks slowly, or it would never be done with one write before the next. */
export function blinkMsOf(wired: Wired | undefined): number {
  return wired === undefined ? blinkMs : Math.max(blinkMs, 2 * commandBudgetMs(wired));
}

/** Whether a lamp is on at this moment. */
export function isLit(light: Light, now: MonoMs, halfMs: number): boolean {
  return light === "steady" || (light === "blinking" && Math.floor(now / halfMs) % 2 === 0);
}

/** `troubles`: what is wrong with the box itself. */
export function lightsOf(panel: PanelConfig, ward: Ward, troubles: readonly string[]): Lights {
  const areas = areasOf(panel, ward);
  const lights: Readonly<Record<PanelLamp, () => Light>> = {
    armed: () => armedLight(areas, ward),
    ready: () => (ward.settled && areas.every((area) => isReady(area, ward)) ? "steady" : "off"),
    alarm: () => alarmLight(ward),
    fault: () => faultLight(ward, troubles),
    lockDown: () => lockDownLight(ward),
  };
  // What is not wired is not asked for: readiness looks at every zone.
  const shown = panelLamps.map((lamp) => [lamp, panel.lamps?.[lamp] === undefined ? "off" : lights[lamp]()] as const);
  return Object.fromEntries(shown) as Lights;
}

/** Output points of lamps that blink. */
export function blinkingLamps({ lamps = {} }: PanelConfig, lights: Lights | null): readonly string[] {
  return panelLamps.flatMap((lamp) => (lights?.[lamp] === "blinking" ? (lamps[lamp] ?? []) : []));
}

/** Those of the keys; without a key all. */
function areasOf({ keys = [] }: PanelConfig, { config }: Ward): readonly AreaConfig[] {
  const keyed = keys.flatMap(({ areas }) => areas);
  return keyed.length === 0 ? config.areas : config.areas.filter(({ id }) => keyed.includes(id));
}

function armedLight(areas: readonly AreaConfig[], { durable }: Ward): Light {
  const isTimed = ({ id }: AreaConfig) =>
    durable.arming[id] !== undefined || durable.entries[id] !== undefined || durable.armFailed[id] !== undefined;
  const armed = areas.filter(({ id }) => durable.armed[id] === true);
  if (areas.some(isTimed)) return "blinking";
  if (armed.length === 0) return "off";
  return armed.length === areas.length ? "steady" : "blinking";
}

function isReady(area: AreaConfig, ward: Ward): boolean {
  return ward.durable.armed[area.id] === true || armObstacles(area, ward, area.exitMs !== undefined).length === 0;
}

/** Nothing on site may show a silent hold-up; a posture as such is no alarm, a step of it that was missed is. */
function alarmLight({ durable }: Ward): Light {
  const missed = Object.values(durable.steps).filter(
    ({ outcome, confirmedAt }) => outcome === "missed" && confirmedAt === null,
  );
  const alarms = Object.values(durable.incidents).filter(
    ({ id, kind }) =>
      kind !== "hold-up" && ((kind !== "posture" && kind !== "risk") || missed.some(({ incident }) => incident === id)),
  );
  if (alarms.length === 0) return "off";
  return alarms.some(({ acknowledgedBy }) => acknowledgedBy === null) ? "blinking" : "steady";
}

function faultLight({ durable, linksDown }: Ward, troubles: readonly string[]): Light {
  const orders = Object.values(durable.workOrders).filter(({ cause, state }) => isFault(cause) && state !== "fixed");
  const lost = [...Object.keys(durable.lost), ...Object.keys(linksDown), ...troubles];
  if (orders.length === 0) return lost.length === 0 ? "off" : "blinking";
  return orders.some(({ state }) => state === "open") ? "blinking" : "steady";
}

function lockDownLight({ durable }: Ward): Light {
  const held = Object.values(durable.lockDowns).flatMap(({ barriers }) => barriers);
  if (held.length === 0) return "off";
  return held.every((barrier) => durable.barriers[barrier] === "closed") ? "steady" : "blinking";
}
