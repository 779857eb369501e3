// The whole plant of a site as one value: devices, what acts on them, and what is still to come. Drives simulators and virtual time.
import { type Beam, restingBeam } from "./beam.js";
import {
  type Bollard,
  type BollardSettings,
  type Demand,
  demandBollard,
  freeBollard,
  powerBollard,
  startBollard,
  stepBollard,
} from "./bollard.js";
import { type Disturbance, type Fibre, restingFibre, settleFibre } from "./fibre.js";
import { type Line, type LineSettings, restingLine } from "./line.js";
import type { VehicleLoop } from "./loop.js";

type ById<T> = Readonly<Record<string, T>>;

/** What stands on the site. Ids are unique over all devices; a bollard `B1` has the loop `B1.Loop`. */
export interface PlantSettings {
  readonly bollards: ById<BollardSettings & { readonly starts: "open" | "closed" }>;
  readonly approachLoops: readonly string[];
  readonly lines: ById<LineSettings>;
  readonly buttons: ById<"panic" | "fire" | "lock-out" | "contact">;
  readonly relays: readonly string[];
  readonly boards: readonly string[];
  readonly fibres: ById<{ readonly periodUs: number }>;
  readonly beams: readonly string[];
  readonly rush: { readonly first: string; readonly second: string } | null;
}

/** A board's electronics: how often it was disturbed, hung and was reset. Its pins are the program's affair. */
export interface BoardTroubles {
  readonly noises: number;
  readonly hangs: number;
  readonly resets: number;
}

/** One thing that acts on one device. `set` changes only what it names. */
export type Stimulus =
  | { readonly kind: "demand"; readonly id: string; readonly word: Demand }
  | { readonly kind: "drive"; readonly id: string; readonly set: Partial<Pick<Bollard, "jammed" | "obstacle">> }
  | { readonly kind: "drive-power"; readonly id: string; readonly on: boolean }
  | { readonly kind: "drive-freed"; readonly id: string }
  | { readonly kind: "loop"; readonly id: string; readonly is: VehicleLoop }
  | { readonly kind: "line"; readonly id: string; readonly set: Partial<Line> }
  | { readonly kind: "button"; readonly id: string; readonly pressed: boolean }
  | { readonly kind: "relay"; readonly id: string; readonly on: boolean }
  | { readonly kind: "fibre"; readonly id: string; readonly set: Partial<Omit<Fibre, "activities">> }
  | { readonly kind: "disturb"; readonly id: string; readonly by: Disturbance }
  | { readonly kind: "beam"; readonly id: string; readonly set: Partial<Beam> }
  | { readonly kind: "board"; readonly id: string; readonly trouble: keyof BoardTroubles };

/** A stimulus with its plant time, ms. */
export interface Due {
  readonly at: number;
  readonly stimulus: Stimulus;
}

/** `now` and all times are ms of one clock that never goes back. */
export interface Plant {
  readonly now: number;
  readonly bollards: ById<Bollard>;
  readonly loops: ById<VehicleLoop>;
  readonly lines: ById<Line>;
  readonly buttons: ById<boolean>;
  readonly relays: ById<boolean>;
  readonly fibres: ById<Fibre>;
  readonly beams: ById<Beam>;
  readonly boards: ById<BoardTroubles>;
  /** Sorted by time; equal times in order of arrival. */
  readonly pending: readonly Due[];
}

export function bollardLoop(bollard: string): string {
  return `${bollard}.Loop`;
}

function each<T>(ids: readonly string[], value: T): ById<T> {
  return Object.fromEntries(ids.map((id) => [id, value]));
}

function mapped<T, R>(record: ById<T>, change: (value: T, id: string) => R): ById<R> {
  return Object.fromEntries(Object.entries(record).map(([id, value]) => [id, change(value, id)]));
}

function put<T>(record: ById<T>, id: string, change: (value: T) => T): ById<T> {
  const value = record[id];
  return value === undefined ? record : { ...record, [id]: change(value) };
}

/** Everything at rest. */
export function startPlant(settings: PlantSettings, now: number): Plant {
  const bollardIds = Object.keys(settings.bollards);
  return {
    now,
    bollards: mapped(settings.bollards, ({ starts }) => startBollard(starts, now)),
    loops: each([...bollardIds.map(bollardLoop), ...settings.approachLoops], "free"),
    lines: each(Object.keys(settings.lines), restingLine),
    buttons: each(Object.keys(settings.buttons), false),
    relays: each(settings.relays, false),
    fibres: each(Object.keys(settings.fibres), restingFibre),
    beams: each(settings.beams, restingBeam),
    boards: each(settings.boards, { noises: 0, hangs: 0, resets: 0 }),
    pending: [],
  };
}

/** What is to happen, added to what is already to come. */
export function schedule(plant: Plant, dues: readonly Due[]): Plant {
  return { ...plant, pending: [...plant.pending, ...dues].sort((one, other) => one.at - other.at) };
}

function applied(plant: Plant, stimulus: Stimulus): Plant {
  const { id } = stimulus;
  const bollard = (change: (before: Bollard) => Bollard) => ({ ...plant, bollards: put(plant.bollards, id, change) });
  switch (stimulus.kind) {
    case "demand":
      return bollard((before) =>
        demandBollard(before, stimulus.word, plant.loops[bollardLoop(id)] ?? "lost", plant.now),
      );
    case "drive":
      return bollard((before) => ({ ...before, ...stimulus.set }));
    case "drive-power":
      return bollard((before) => powerBollard(before, stimulus.on));
    case "drive-freed":
      return bollard(freeBollard);
    case "loop":
      return { ...plant, loops: put(plant.loops, id, () => stimulus.is) };
    case "line":
      return { ...plant, lines: put(plant.lines, id, (before) => ({ ...before, ...stimulus.set })) };
    case "button":
      return { ...plant, buttons: put(plant.buttons, id, () => stimulus.pressed) };
    case "relay":
      return { ...plant, relays: put(plant.relays, id, () => stimulus.on) };
    case "fibre":
      return { ...plant, fibres: put(plant.fibres, id, (before) => ({ ...before, ...stimulus.set })) };
    case "disturb": {
      const activity = { kind: stimulus.by, from: plant.now };
      const disturbed = (before: Fibre) => ({ ...before, activities: [...before.activities, activity] });
      return { ...plant, fibres: put(plant.fibres, id, disturbed) };
    }
    case "beam":
      return { ...plant, beams: put(plant.beams, id, (before) => ({ ...before, ...stimulus.set })) };
    case "board": {
      const { trouble } = stimulus;
      return { ...plant, boards: put(plant.boards, id, (before) => ({ ...before, [trouble]: before[trouble] + 1 })) };
    }
  }
}

function stepped(plant: Plant, settings: PlantSettings, now: number): Plant {
  const bollards = mapped(plant.bollards, (bollard, id) => {
    const own = settings.bollards[id];
    return own === undefined ? bollard : stepBollard(bollard, own, plant.loops[bollardLoop(id)] ?? "lost", now);
  });
  const fibres = mapped(plant.fibres, (fibre, id) => settleFibre(fibre, settings.fibres[id]?.periodUs ?? 0, now));
  return { ...plant, now, bollards, fibres };
}

/**
 * Every state that the plant goes through up to `now`: one after each stimulus that falls due, and the last at `now`.
 * A beam that breaks and clears between two looks is therefore still seen. A `now` in the past counts as the present.
 */
export function advance(plant: Plant, settings: PlantSettings, now: number): readonly Plant[] {
  const states: Plant[] = [];
  let present = plant;
  while (present.pending[0] !== undefined && present.pending[0].at <= now) {
    const [due, ...pending] = present.pending as [Due, ...Due[]];
    present = applied(stepped({ ...present, pending }, settings, Math.max(present.now, due.at)), due.stimulus);
    states.push(present);
  }
  return [...states, stepped(present, settings, Math.max(present.now, now))];
}
