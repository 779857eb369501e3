// A small yard for responses: a fence, a buffer with two channel doors, a main lane and a side gate, two sirens, three channels.
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { ResponseConfig, StepConfig, TriggerConfig } from "../../../edge/model/plan.js";
import type { BarrierConfig, EdgeConfig } from "../../../edge/model/site.js";
import type { Ward } from "../../../edge/model/state.js";
import type { Stamp } from "../../../edge/model/time.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { HandFed } from "../../support/hand-fed.js";

export const name = { zh: "名", en: "name" };
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const beam: ZoneConfig = {
  id: "beam",
  name,
  area: "fence",
  kind: "infrared-beam",
  point: "beam",
  filterMs: 40,
};
export const panic: ZoneConfig = {
  id: "panic",
  name,
  area: "post",
  kind: "panic-button",
  point: "panic",
  filterMs: 40,
  audible: true,
};
export const fire: ZoneConfig = {
  id: "fire",
  name,
  area: "post",
  kind: "fire-input",
  point: "fire",
  filterMs: 40,
  releaseWired: true,
};
export const motion: ZoneConfig = {
  id: "motion",
  name,
  area: "buffer",
  kind: "passive-infrared",
  point: "motion",
  filterMs: 40,
};

const lane = (id: string, part: Partial<BarrierConfig>): BarrierConfig => ({
  id,
  name,
  area: "post",
  kind: "rising-bollard",
  entrance: "main",
  drive: { kind: "relays", close: `${id}-close`, open: `${id}-opens` },
  closed: `${id}-closed`,
  open: `${id}-open`,
  interlocks: [],
  travelMs: 3000,
  warnMs: 0,
  clearMs: 1000,
  onFire: "hold",
  afterStandDown: "stay",
  ...part,
});

const door = (id: string): BarrierConfig => ({
  id,
  name,
  area: "buffer",
  kind: "passage-lock",
  entrance: "other",
  drive: { kind: "lock", lock: `${id}-lock` },
  closed: `${id}-closed`,
  interlocks: [],
  travelMs: 1000,
  warnMs: 0,
  clearMs: 0,
  onFire: "open",
  afterStandDown: "open",
  releaseWired: true,
  releaseInside: true,
});

const inputs = [
  ...["beam", "panic", "fire", "motion"],
  ...["main-closed", "main-open", "side-closed", "side-open", "door-1-closed", "door-2-closed"],
];
const outputs = [
  ...["siren", "evacuation", "buzzer", "dialler", "radio", "reserve-power"],
  ...["main-close", "main-opens", "side-close", "side-opens", "door-1-lock", "door-2-lock"],
];

export function yard(responses: readonly ResponseConfig[], part: Partial<EdgeConfig> = {}): EdgeConfig {
  const point = (direction: "in" | "out") => (id: string) => ({ id, direction, line: id });
  return {
    id: "box",
    name,
    http: { host: "127.0.0.1", port: 0 },
    drivers: [
      { id: "sensors", kind: "gpio", chip: "a", points: inputs.map(point("in")) },
      { id: "relays", kind: "gpio", chip: "b", points: outputs.map(point("out")) },
    ],
    areas: [
      { id: "fence", name, kind: "perimeter", armedAtStart: true },
      { id: "buffer", name, kind: "buffer", armedAtStart: true },
      { id: "post", name, kind: "gatehouse", armedAtStart: true },
    ],
    zones: [beam, panic, fire, motion],
    barriers: [
      lane("main", {}),
      lane("side", { kind: "sliding-gate", entrance: "other" }),
      door("door-1"),
      door("door-2"),
    ],
    groups: [
      { id: "main-lanes", name, barriers: ["main"], staggerMs: 0 },
      { id: "other-lanes", name, barriers: ["side"], staggerMs: 0 },
      { id: "all-lanes", name, barriers: ["main", "side"], staggerMs: 0 },
      { id: "channel", name, barriers: ["door-1", "door-2"], staggerMs: 0 },
    ],
    annunciators: [
      { id: "siren", name, kind: "siren-strobe", points: ["siren"], soundMsMax: 3 * minute, yieldsToEvacuation: true },
      { id: "evacuation", name, kind: "evacuation", points: ["evacuation"], soundMsMax: 15 * minute },
      { id: "buzzer", name, kind: "siren-strobe", points: ["buzzer"], soundMsMax: 3 * minute },
    ],
    channels: [
      { id: "hub", name, kind: "hub" },
      { id: "dialler", name, kind: "output", point: "dialler", payload: "on" },
      { id: "radio", name, kind: "output", point: "radio", payload: "text" },
    ],
    responses,
    journal: { retentionDays: 90, quotaMiB: 1, reserveMiB: 1 },
    settleMs: 1000,
    ...part,
  };
}

export const response = (
  id: string,
  on: readonly TriggerConfig[],
  ...steps: readonly StepConfig[]
): ResponseConfig => ({ id, name, on, steps });

export const sound = (annunciator: string, part: Partial<StepConfig> = {}): StepConfig =>
  ({ id: `sound-${annunciator}`, kind: "announce", annunciator, withinMs: 5000, ...part }) as StepConfig;
export const close = (group: string, part: Partial<StepConfig> = {}): StepConfig =>
  ({ id: `close-${group}`, kind: "close", group, mode: "normal", withinMs: 30_000, ...part }) as StepConfig;
export const notify = (channel: string, part: Partial<StepConfig> = {}): StepConfig =>
  ({ id: `notify-${channel}`, kind: "notify", channel, withinMs: minute, ...part }) as StepConfig;
export const report = (id: string, withinMs: number, part: Partial<StepConfig> = {}): StepConfig =>
  ({ id, kind: "report", task: { zh: id, en: id }, withinMs, ...part }) as StepConfig;
export const hold = (point: string): StepConfig => ({ id: `switch-${point}`, kind: "switch", point, withinMs: 5000 });

export const start: Stamp = {
  boot: "boot-1",
  mono: 1_000_000,
  wall: Date.UTC(2026, 10, 22, 8, 0, 0),
  clock: "synchronised",
};

/** A box at rest that is asked without the controller. */
export function wardOf(config: EdgeConfig, durable: Partial<Durable> = {}, part: Partial<Ward> = {}): Ward {
  return {
    config,
    durable: { ...initialDurable(config), ...durable },
    conditions: Object.fromEntries(config.zones.map(({ id }) => [id, { kind: "normal" as const }])),
    readings: {},
    linksDown: {},
    unconfirmed: [],
    driveRuns: [],
    settled: true,
    now: start,
    ...part,
  };
}

export const box = (responses: readonly ResponseConfig[], part: Partial<EdgeConfig> = {}): HandFed =>
  new HandFed(yard(responses, part));

/** Outcome of each step of a box, by `{response}/{step}`. */
export function outcomes({ durable }: HandFed): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.values(durable.steps).map(({ response, step, outcome }) => [`${response}/${step}`, outcome]),
  );
}

/** The id of the one step of this name that is known now. */
export function stepId({ durable }: HandFed, step: string): string {
  return Object.values(durable.steps).find((known) => known.step === step)?.id ?? "";
}
