// The newest samples of every point, in rings of a fixed size; fed by the drivers on the reaction thread, read by whoever stands
// at the fence. Pure: times come in with the samples.
import type { PointValue, Quality, Sample } from "../model/point.js";
import type { MonoMs } from "../model/time.js";

export const pointBookLimits = {
  points: 4096,
  /** Samples, per point. */
  samples: 32,
  valueCharacters: 64,
} as const;

export interface BookedSample {
  /** When it occurred, and when it was heard of. */
  readonly at: MonoMs;
  readonly heardAt: MonoMs;
  readonly value: BookedValue;
  readonly quality: Quality;
}
/** Of a block of a level signal only its extent is kept. */
export type BookedValue = boolean | number | string | null | BookedBlock;
export interface BookedBlock {
  readonly count: number;
  readonly periodUs: number;
  readonly least: number;
  readonly greatest: number;
}

export interface PointBook {
  note(sample: Sample, heardAt: MonoMs): void;
  /** In order of hearing; those heard of after `at`, all when it is null. */
  since(point: string, at: MonoMs | null): readonly BookedSample[];
  /** Points that the configuration does not have any more. */
  forgetAllBut(points: readonly string[]): void;
}

interface Ring {
  readonly samples: BookedSample[];
  noted: number;
}

export function createPointBook(): PointBook {
  const rings = new Map<string, Ring>();

  function ringOf(point: string): Ring | undefined {
    const known = rings.get(point);
    if (known !== undefined || rings.size >= pointBookLimits.points) return known;
    const made: Ring = { samples: [], noted: 0 };
    rings.set(point, made);
    return made;
  }

  return {
    note({ point, value, quality, occurredAt }, heardAt) {
      const ring = ringOf(point);
      if (ring === undefined) return;
      ring.samples[ring.noted % pointBookLimits.samples] = {
        at: occurredAt,
        heardAt,
        value: seenValue(value),
        quality,
      };
      ring.noted += 1;
    },
    since(point, at) {
      const ring = rings.get(point);
      if (ring === undefined) return [];
      const start = ring.noted % pointBookLimits.samples;
      const ordered =
        ring.noted <= pointBookLimits.samples
          ? ring.samples
          : [...ring.samples.slice(start), ...ring.samples.slice(0, start)];
      return at === null ? [...ordered] : ordered.filter((sample) => sample.heardAt > at);
    },
    forgetAllBut(points) {
      const kept = new Set(points);
      for (const point of [...rings.keys()]) if (!kept.has(point)) rings.delete(point);
    },
  };
}

/** A value as it is shown. */
export function seenValue(value: PointValue | null): BookedValue {
  if (typeof value === "string") return value.slice(0, pointBookLimits.valueCharacters);
  if (typeof value !== "object" || value === null) return value;
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const each of value.values) {
    least = Math.min(least, each);
    greatest = Math.max(greatest, each);
  }
  const count = value.values.length;
  return { count, periodUs: value.periodUs, least: count === 0 ? 0 : least, greatest: count === 0 ? 0 : greatest };
}
