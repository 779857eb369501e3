// The newest blocks of every vibration fibre as its detector took them, in rings of a fixed size. The reaction thread only keeps
// references; whoever looks judges them again from the detector's state before the first. Pure.
import type { FibreState } from "../../detection/vibration-fibre.js";
import type { LevelBlock } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { FibreSettings } from "../../model/zone.js";

export const blockBookLimits = {
  zones: 64,
  /** Blocks and values, per zone: a minute at 333 Hz. */
  blocks: 600,
  values: 20_000,
} as const;

/** A block and the box time of its end, as the detector was given them. */
export interface HeardBlock {
  readonly at: MonoMs;
  readonly block: LevelBlock;
}

/** Blocks without a gap in what the detector saw; `start`: its state before the first. */
export interface BlockRun {
  readonly settings: FibreSettings;
  readonly start: FibreState;
  readonly blocks: readonly HeardBlock[];
}

export interface BlockBook {
  note(
    zone: { readonly id: string; readonly settings: FibreSettings },
    block: LevelBlock,
    state: { readonly before: FibreState; readonly after: FibreState },
  ): void;
  /** Those that ended after `at`, all when it is null; null: nothing was heard of the zone. */
  since(zone: string, at: MonoMs | null): BlockRun | null;
  /** Zones that the configuration does not have any more. */
  forgetAllBut(zones: readonly string[]): void;
}

interface Ring {
  settings: FibreSettings;
  entries: (HeardBlock & { readonly before: FibreState })[];
  values: number;
  /** The detector's state after the last block. */
  after: FibreState;
}

export function createBlockBook(): BlockBook {
  const rings = new Map<string, Ring>();

  return {
    note(zone, block, { before, after }) {
      let ring = rings.get(zone.id);
      if (ring === undefined && rings.size >= blockBookLimits.zones) return;
      // A detector that starts anew, or under other settings, is another story.
      if (ring === undefined || ring.after !== before || ring.settings !== zone.settings) {
        ring = { settings: zone.settings, entries: [], values: 0, after };
        rings.set(zone.id, ring);
      }
      ring.entries.push({ at: after.at, block, before });
      ring.values += block.values.length;
      ring.after = after;
      trim(ring);
    },
    since(zone, at) {
      const ring = rings.get(zone);
      if (ring === undefined) return null;
      const from = at === null ? 0 : ring.entries.findLastIndex((entry) => entry.at <= at) + 1;
      const entries = ring.entries.slice(from);
      return {
        settings: ring.settings,
        start: entries[0]?.before ?? ring.after,
        blocks: entries.map(({ at: endedAt, block }) => ({ at: endedAt, block })),
      };
    },
    forgetAllBut(zones) {
      const kept = new Set(zones);
      for (const zone of [...rings.keys()]) if (!kept.has(zone)) rings.delete(zone);
    },
  };
}

function trim(ring: Ring): void {
  const { blocks, values } = blockBookLimits;
  while (ring.entries.length > 1 && (ring.entries.length > blocks || ring.values > values))
    ring.values -= ring.entries.shift()?.block.values.length ?? 0;
}
