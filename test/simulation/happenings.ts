// What happens to a site, as data drawn before the run: trips, faults and orders, each concern from its own stream.
import type { PlantSettings } from "../../simulators/plant/plant.js";
import type { RandomStream } from "../../simulators/plant/random.js";
import { streamOf } from "./world.js";

/** `at` in ms of the run; heals after `forMs`. `by`: how far, how often or how late, as the kind says. */
export interface Happening {
  readonly at: number;
  readonly kind: Kind;
  readonly forMs: number;
  readonly target?: string;
  readonly by?: number;
}

/** Log-uniform spans in ms, and for how much it happens beside the others of its concern. */
interface Draw {
  readonly weight: number;
  readonly forMs: readonly [min: number, max: number];
  readonly by?: readonly [min: number, max: number];
  readonly targets?: (site: Targets) => readonly string[];
}

export interface Targets {
  readonly settings: PlantSettings;
  readonly drivers: readonly string[];
  /** Position contacts of barriers. */
  readonly contacts: readonly string[];
  /** Outputs that may refuse a write. */
  readonly outputs: readonly string[];
}

const s = 1000;
const min = 60 * s;
const beams = ({ settings }: Targets) => settings.beams;
const fibres = ({ settings }: Targets) => Object.keys(settings.fibres);
const lines = ({ settings }: Targets) => Object.keys(settings.lines);
const bollards = ({ settings }: Targets) => Object.keys(settings.bollards);

const trips = {
  "beam-break": { weight: 5, forMs: [600, 5 * s], targets: beams },
  "fence-cut": { weight: 3, forMs: [5 * s, 5 * s], targets: fibres },
  "door-open": { weight: 3, forMs: [1 * s, 30 * s], targets: lines },
  panic: { weight: 3, forMs: [1 * s, 4 * s] },
  rush: { weight: 3, forMs: [1 * s, 1 * s] },
  fire: { weight: 1, forMs: [5 * s, 2 * min] },
} as const satisfies Record<string, Draw>;

const devices = {
  "beam-stuck": { weight: 1, forMs: [1 * min, 20 * min], targets: beams },
  "beam-chatter": { weight: 2, forMs: [2 * s, 20 * s], targets: beams },
  "beam-tamper": { weight: 1, forMs: [5 * s, 5 * min], targets: beams },
  "beam-silent": { weight: 1, forMs: [2 * s, 5 * min], targets: beams },
  "fibre-silent": { weight: 1, forMs: [2 * s, 5 * min], targets: fibres },
  "fibre-broken": { weight: 1, forMs: [5 * s, 5 * min], targets: fibres },
  "loop-cut": { weight: 1, forMs: [1 * s, 5 * min], targets: lines },
  "loop-short": { weight: 1, forMs: [1 * s, 5 * min], targets: lines },
  "vehicle-on-loop": { weight: 4, forMs: [2 * s, 2 * min], targets: bollards },
  "vehicle-loop-lost": { weight: 2, forMs: [2 * s, 5 * min], targets: bollards },
  "bollard-jam": { weight: 2, forMs: [5 * s, 5 * min], targets: bollards },
  "bollard-slow": { weight: 2, forMs: [10 * s, 20 * min], by: [1.2, 5], targets: bollards },
  "bollard-obstructed": { weight: 2, forMs: [5 * s, 3 * min], targets: bollards },
  "power-dip": { weight: 2, forMs: [200, 1 * min], targets: bollards },
  "contact-stuck": { weight: 2, forMs: [1 * s, 10 * min], targets: ({ contacts }) => contacts },
  "lock-out": { weight: 1, forMs: [5 * s, 5 * min] },
  "line-cut": { weight: 4, forMs: [500, 3 * min], targets: ({ drivers }) => drivers },
  "output-dead": { weight: 2, forMs: [1 * s, 2 * min], targets: ({ outputs }) => outputs },
} as const satisfies Record<string, Draw>;

const disk = {
  "disk-full": { weight: 2, forMs: [5 * s, 10 * min] },
  "disk-sync-fails": { weight: 3, forMs: [1, 1], by: [1, 4] },
  "disk-stall": { weight: 3, forMs: [50, 8 * s] },
  "disk-refuses": { weight: 2, forMs: [1 * s, 2 * min] },
} as const satisfies Record<string, Draw>;

const link = {
  "link-cut": { weight: 3, forMs: [500, 30 * min] },
  "link-half-open": { weight: 2, forMs: [1 * s, 5 * min] },
  "link-reset": { weight: 3, forMs: [1, 1] },
  "link-slow": { weight: 1, forMs: [10 * s, 10 * min], by: [50, 3 * s] },
} as const satisfies Record<string, Draw>;

const hub = {
  "hub-crash": { weight: 3, forMs: [500, 5 * min] },
  /** `by`: rows of the ledger that are gone. */
  "hub-restored": { weight: 1, forMs: [5 * s, 2 * min], by: [1, 200] },
  "hub-frozen": { weight: 2, forMs: [500, 2 * min] },
} as const satisfies Record<string, Draw>;

/** `by`: ms after the next write to the disk. */
const box = {
  "power-loss": { weight: 4, forMs: [2 * s, 2 * min], by: [0, 12] },
  /** The wall clock has a battery. */
  "power-loss-clock-kept": { weight: 2, forMs: [1 * s, 1 * min], by: [0, 12] },
  "process-killed": { weight: 2, forMs: [200, 5 * s], by: [0, 12] },
} as const satisfies Record<string, Draw>;

/** `by`: ms, either way. */
const clock = {
  "wall-jump": { weight: 1, forMs: [5 * s, 10 * min], by: [2 * s, 3 * 60 * min] },
} as const satisfies Record<string, Draw>;

const people = {
  "lock-down": { weight: 2, forMs: [1, 1] },
  "stand-down": { weight: 2, forMs: [1, 1] },
  silence: { weight: 1, forMs: [1, 1] },
  disarm: { weight: 1, forMs: [10 * s, 10 * min] },
  /** At the box: silences, stands down, resets. */
  tidy: { weight: 8, forMs: [1, 1] },
} as const satisfies Record<string, Draw>;

interface Concern {
  readonly draws: Readonly<Record<string, Draw>>;
  readonly perDay: number;
  /** Share that follows a trip within seconds: what is rare meets what is rare. */
  readonly nearTrips: number;
}

const concerns: Readonly<Record<string, Concern>> = {
  devices: { draws: devices, perDay: 14, nearTrips: 0.6 },
  disk: { draws: disk, perDay: 4, nearTrips: 0.5 },
  link: { draws: link, perDay: 6, nearTrips: 0.5 },
  hub: { draws: hub, perDay: 4, nearTrips: 0.4 },
  box: { draws: box, perDay: 7, nearTrips: 0.7 },
  clock: { draws: clock, perDay: 4, nearTrips: 0.7 },
  people: { draws: people, perDay: 22, nearTrips: 0.2 },
};
const tripsPerDay = 14;
const dayMs = 86_400_000;
/** A fault that follows a trip begins within this time around it. */
const nearMs = { before: 5 * s, after: 20 * s };
/** A site is left alone at the beginning until it is at rest. */
const quietStartMs = 1 * min;

export const kinds = { ...trips, ...devices, ...disk, ...link, ...hub, ...box, ...clock, ...people };
export type Kind = keyof typeof kinds;
export const tripKinds = Object.keys(trips) as Kind[];
/** Kinds that hinder records on their way to the hub. */
export const wayKinds = [disk, link, hub, box].flatMap((draws) => Object.keys(draws)) as Kind[];

/** How long, and how many times as much happens as on a bad day. */
export interface Extent {
  readonly spanMs: number;
  readonly density: number;
}

/** Everything that happens, sorted by time. The same seed gives the same. */
export function draw(seed: number, { spanMs, density }: Extent, targets: Targets): readonly Happening[] {
  const count = (perDay: number) => Math.max(1, Math.round((perDay * density * spanMs) / dayMs));
  const anywhere = (stream: RandomStream) => quietStartMs + stream.next() * (spanMs - quietStartMs);
  const tripStream = streamOf(seed, "trips");
  const drawnTrips = Array.from({ length: count(tripsPerDay) }, () =>
    drawOne(tripStream, trips, targets, anywhere(tripStream)),
  );
  const others = Object.entries(concerns).flatMap(([name, { draws, perDay, nearTrips }]) => {
    const stream = streamOf(seed, name);
    return Array.from({ length: count(perDay) }, () => {
      const free = anywhere(stream);
      const trip = pick(stream, drawnTrips);
      const near = trip.at - nearMs.before + stream.next() * (nearMs.before + nearMs.after);
      return drawOne(stream, draws, targets, stream.next() < nearTrips ? Math.max(quietStartMs, near) : free);
    });
  });
  return [...drawnTrips, ...others].sort((one, other) => one.at - other.at);
}

function drawOne(stream: RandomStream, draws: Readonly<Record<string, Draw>>, targets: Targets, at: number): Happening {
  const total = Object.values(draws).reduce((sum, { weight }) => sum + weight, 0);
  let left = stream.next() * total;
  const [kind, known] =
    Object.entries(draws).find(([, { weight }]) => {
      left -= weight;
      return left < 0;
    }) ?? (Object.entries(draws)[0] as [string, Draw]);
  const span = spread(stream, known.forMs);
  const by = known.by === undefined ? null : spread(stream, [Math.max(0.5, known.by[0]), known.by[1]]);
  const sign = kind === "wall-jump" && stream.next() < 0.5 ? -1 : 1;
  const target = known.targets === undefined ? null : pick(stream, known.targets(targets));
  return {
    at: Math.round(at),
    kind: kind as Kind,
    forMs: Math.round(span),
    ...(target === null ? {} : { target }),
    ...(by === null ? {} : { by: Math.round(by * sign * 10) / 10 }),
  };
}

function spread(stream: RandomStream, [least, most]: readonly [number, number]): number {
  return least * (most / least) ** stream.next();
}

function pick<T>(stream: RandomStream, list: readonly T[]): T {
  return list[Math.floor(stream.next() * list.length)] as T;
}
