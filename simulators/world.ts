// Lets the plant run in real time: steps it, hands each state to the programs that show it, and keeps the log of events.
import {
  advance,
  type Due,
  type Plant,
  type PlantSettings,
  type Stimulus,
  schedule,
  startPlant,
} from "./plant/plant.js";
import { changesBetween, type Scalar, viewPlant } from "./plant/view.js";

const stepMs = 20;
/** Older events are forgotten. */
export const eventsMax = 20_000;

/** `at` is the devices' wall clock, ISO 8601 UTC; `mono` the monotonic clock, ms (CLOCK_MONOTONIC). */
export interface PlantEvent {
  readonly n: number;
  readonly at: string;
  readonly mono: number;
  readonly device: string;
  readonly what: string;
  readonly value: Scalar;
}

/** Sees every state that the plant goes through, in order. Must not throw. */
export type Watcher = (after: Plant, before: Plant) => void;

export interface World {
  readonly settings: PlantSettings;
  plant(): Plant;
  /** Plant time of this moment, ms: the monotonic clock. */
  now(): number;
  /** What the devices' own wall clock shows at a plant time, ms since 1970. */
  wallAt(mono: number): number;
  /** Acts at once. */
  apply(stimulus: Stimulus): void;
  /** Acts when due; what is due now acts at once. */
  schedule(dues: readonly Due[]): void;
  watch(watcher: Watcher): void;
  /** Writes an event that the plant itself does not show. */
  note(device: string, what: string, value: Scalar): void;
  /** Events with a number above `since`, oldest first. */
  events(since: number): readonly PlantEvent[];
  close(): void;
}

function monoNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function createEventLog(wallAt: (mono: number) => number) {
  const events: PlantEvent[] = [];
  let count = 0;
  return {
    note(mono: number, device: string, what: string, value: Scalar): void {
      count += 1;
      events.push({ n: count, at: new Date(wallAt(mono)).toISOString(), mono, device, what, value });
      if (events.length > eventsMax) events.shift();
    },
    since: (since: number) => events.filter(({ n }) => n > since),
  };
}

/** Starts the plant at rest. Runs until `close`. */
export function createWorld(settings: PlantSettings): World {
  // The devices' own clock: set once, so that a step of the machine's wall clock does not reach them.
  const wallOffset = Date.now() - monoNow();
  const wallAt = (mono: number) => mono + wallOffset;
  const log = createEventLog(wallAt);
  const watchers: Watcher[] = [];
  let plant = startPlant(settings, monoNow());
  let view = viewPlant(plant);
  let timer: NodeJS.Timeout | undefined;

  const enter = (after: Plant) => {
    const before = plant;
    plant = after;
    const shown = viewPlant(after);
    for (const { device, what, value } of changesBetween(view, shown)) log.note(after.now, device, what, value);
    view = shown;
    for (const watcher of watchers) watcher(after, before);
  };
  // A watcher may answer with a stimulus of its own: it waits until the states at hand have been shown to all.
  let inbox: readonly Due[] = [];
  let isShowing = false;
  const run = () => {
    clearTimeout(timer);
    isShowing = true;
    do {
      const dues = inbox;
      inbox = [];
      for (const state of advance(schedule(plant, dues), settings, monoNow())) enter(state);
    } while (inbox.length > 0);
    isShowing = false;
    const dueIn = (plant.pending[0]?.at ?? Number.POSITIVE_INFINITY) - plant.now;
    timer = setTimeout(run, Math.max(1, Math.min(stepMs, dueIn)));
  };
  const scheduleAll = (dues: readonly Due[]) => {
    inbox = [...inbox, ...dues];
    if (!isShowing) run();
  };
  run();
  return {
    settings,
    plant: () => plant,
    now: monoNow,
    wallAt,
    apply: (stimulus) => scheduleAll([{ at: monoNow(), stimulus }]),
    schedule: scheduleAll,
    watch: (watcher) => watchers.push(watcher),
    note: (device, what, value) => log.note(monoNow(), device, what, value),
    events: log.since,
    close: () => clearTimeout(timer),
  };
}
