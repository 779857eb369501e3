// The wired panel in the controller: its inputs become orders, its lamps follow from the state.
import { type PanelConfig, panelInputs, panelIssuer, panelLamps } from "../model/panel.js";
import type { Sample } from "../model/point.js";
import type { EdgeConfig } from "../model/site.js";
import type { Readings } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { blinkMsOf, isLit, type Light, type Lights, lightsOf } from "../response/lamps.js";
import type { Wanted } from "../response/outputs.js";
import { type PanelInput, panelOrders, seeInput, turnedAt, unseenInput } from "../response/panel.js";
import { orderAtPanel } from "./orders.js";
import { change, type Turn, wardOf } from "./turn.js";

/** Transient: positions are seen anew after a start. `seen`: what the lights follow from. */
export interface PanelWork {
  readonly inputs: Readonly<Record<string, PanelInput>>;
  readonly lights: Lights | null;
  readonly seen: readonly unknown[];
  /** When the lights are looked at again although nothing was recorded. */
  readonly lookAt: MonoMs;
}

export const panelAtStart: PanelWork = { inputs: {}, lights: null, seen: [], lookAt: Number.NEGATIVE_INFINITY };

/** What stands in the way of arming may change without a record. */
const lookEveryMs = 1000;

/** A new configuration turns no key: what is wired to it now is taken in the position that it has. */
export function panelOf({ panel = {} }: EdgeConfig, readings: Readings, before: PanelWork): PanelWork {
  const found = panelInputs(panel).map((point) => {
    const sample = readings[point]?.sample;
    const known = before.inputs[point];
    return [point, sample === undefined ? unseenInput : (known ?? seeInput(unseenInput, sample))] as const;
  });
  return { ...panelAtStart, inputs: Object.fromEntries(found) };
}

/** What a key or button shows. */
export function seePanel(turn: Turn, sample: Sample): void {
  const { panel } = turn.config;
  if (panel === undefined || !panelInputs(panel).includes(sample.point)) return;
  const known = turn.transient.panel.inputs[sample.point] ?? unseenInput;
  putInput(turn, sample.point, seeInput(known, sample));
}

/** Keys and buttons that have lasted are orders now. */
export function obeyPanel(turn: Turn): void {
  const { panel } = turn.config;
  if (panel === undefined) return;
  for (const [point, input] of Object.entries(turn.transient.panel.inputs)) {
    if (turnedAt(input) > turn.now.mono) continue;
    const isOn = input.position === false;
    putInput(turn, point, { position: isOn, turning: null });
    const issued = `${panelIssuer}-${point}-${turn.now.boot}-${Math.round(turn.now.mono)}`;
    for (const [index, act] of panelOrders(panel, point, isOn, turn.durable).entries())
      orderAtPanel(turn, { id: `${issued}-${index}`, issuers: [panelIssuer], reason: point, roles: ["operator"], act });
  }
}

function putInput(turn: Turn, point: string, input: PanelInput): void {
  const { panel } = turn.transient;
  change(turn, { panel: { ...panel, inputs: { ...panel.inputs, [point]: input } } });
}

/** What the lamps are to be at this moment. */
export function lampsNow(turn: Turn): Wanted {
  const { panel } = turn.config;
  if (panel?.lamps === undefined) return {};
  const lights = lightsNow(turn, panel);
  const { lamps } = panel;
  return Object.fromEntries(
    panelLamps.flatMap((lamp) => {
      const point = lamps[lamp];
      return point === undefined ? [] : [[point, isOn(turn, point, lights[lamp])] as const];
    }),
  );
}

/** While its line is down a lamp does not blink: nothing would arrive. */
function isOn(turn: Turn, point: string, light: Light): boolean {
  const isDown = turn.transient.linksDown[turn.index.driverOfPoint.get(point) ?? ""] !== undefined;
  return isDown ? light !== "off" : isLit(light, turn.now.mono, blinkMsOf(turn.index.wired.get(point)));
}

function lightsNow(turn: Turn, panel: PanelConfig): Lights {
  const { durable, transient, now } = turn;
  const grounds = [panel, durable, transient.linksDown, transient.self.troubles, transient.settled];
  const { lights, seen, lookAt } = transient.panel;
  if (lights !== null && now.mono < lookAt && grounds.every((part, index) => part === seen[index])) return lights;
  const found = lightsOf(panel, wardOf(turn), transient.self.troubles);
  change(turn, { panel: { ...transient.panel, lights: found, seen: grounds, lookAt: now.mono + lookEveryMs } });
  return found;
}

/** When a key has lasted, a lamp changes or readiness is looked at again; Infinity when none of it is due. */
export function panelWakeAt({ config, transient, index, now }: Turn): MonoMs {
  const { inputs, lights, lookAt } = transient.panel;
  const turns = Object.values(inputs).map(turnedAt);
  const blinks = panelLamps.flatMap((lamp) => {
    const point = config.panel?.lamps?.[lamp];
    if (point === undefined || lights?.[lamp] !== "blinking") return [];
    const halfMs = blinkMsOf(index.wired.get(point));
    return (Math.floor(now.mono / halfMs) + 1) * halfMs;
  });
  return Math.min(
    Number.POSITIVE_INFINITY,
    ...turns,
    ...blinks,
    config.panel?.lamps?.ready === undefined ? Number.POSITIVE_INFINITY : lookAt,
  );
}
