// What the rules of a simulated site look at, and how they speak when one is broken.
import type { EdgeConfig } from "../../edge/model/site.js";
import type { Kind } from "./draws.js";
import type { Happening } from "./happenings.js";
import type { SimulatedSite } from "./site.js";
import type { ExampleSite } from "./sites.js";
import type { World } from "./world.js";

export interface Violation {
  readonly rule: string;
  readonly detail: string;
  /** Time of the run in ms. */
  readonly at: number;
}

export interface Scene {
  readonly world: World;
  readonly site: SimulatedSite;
  /** As it should be, also when a planted bug hands the box another one. */
  readonly config: EdgeConfig;
  readonly example: ExampleSite;
  readonly happenings: readonly Happening[];
  violate(rule: string, detail: string): void;
}

/** A crash waits for the next write, which comes within three minutes; a boot takes a while, the clock comes later. */
const afterMath: Partial<Record<Kind, number>> = {
  "power-loss": 320_000,
  "power-loss-clock-kept": 320_000,
  "process-killed": 190_000,
  "disk-sync-fails": 190_000,
  "disk-refuses": 15_000,
  "disk-full": 15_000,
  "link-half-open": 20_000,
  "bollard-jam": 62_000,
  disarm: 1_000,
};

/** Whether one of these kinds (on that target, when given) was at work at some time in `from`..`to`. */
export function wasAtWork(
  happenings: readonly Happening[],
  kinds: readonly Kind[],
  [from, to]: readonly [number, number],
  target?: string,
): boolean {
  return happenings.some(
    ({ kind, at, forMs, target: on }) =>
      kinds.includes(kind) && at <= to && endOf({ kind, at, forMs }) >= from && (target === undefined || on === target),
  );
}

/** When it has healed and its consequences are over. */
export function endOf({ kind, at, forMs }: Pick<Happening, "kind" | "at" | "forMs">): number {
  return at + forMs + (afterMath[kind] ?? 0);
}
