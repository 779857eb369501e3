// What happens to a site, as data drawn before the run: trips, faults and orders, each concern from its own stream.
import type { RandomStream } from "../../simulators/plant/random.js";
import { concerns, type Draw, type Kind, type Targets, trips } from "./draws.js";
import { streamOf } from "./world.js";

/** `at` in ms of the run; heals after `forMs`. `by`: how far, how often or how late, as the kind says. */
export interface Happening {
  readonly at: number;
  readonly kind: Kind;
  readonly forMs: number;
  readonly target?: string;
  readonly by?: number;
}

const tripsPerDay = 14;
const dayMs = 86_400_000;
/** A fault that follows a trip begins within this time around it. */
const nearMs = { before: 5_000, after: 20_000 };
/** A site is left alone at the beginning until it is at rest. */
const quietStartMs = 60_000;

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
  const fitting = Object.entries(draws).filter(([, known]) => known.targets?.(targets).length !== 0);
  const total = fitting.reduce((sum, [, { weight }]) => sum + weight, 0);
  let left = stream.next() * total;
  const [kind, known] =
    fitting.find(([, { weight }]) => {
      left -= weight;
      return left < 0;
    }) ?? (fitting[0] as [string, Draw]);
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
