// Which sources have a condition of their own. Each costs the server some 170 KB and milliseconds, so a hub with very many zones
// has those that matter: the first it hears of, and every one that has an alarm. Pure, one for each run of the server.

/** Sources that have a condition before they have an alarm. */
export const namedMax = 200;
/** Conditions at once. Beyond it the place of a quiet one is taken; where none is quiet, alarms share `others`. */
export const conditionsMax = 2000;
/** The condition of all alarms that find no place of their own; each is in the other outlets as ever. */
export const others = "-/-/others";

export interface Place {
  readonly source: string;
  /** The source whose condition must go first. */
  readonly instead: string | null;
}

export interface Places {
  /** Whether this source gets a condition now, or has one. */
  name(source: string): boolean;
  /** Where an alarm of this source is shown. */
  of(source: string): Place;
  /** Whether alarms of it are open. */
  mark(source: string, isOpen: boolean): void;
}

export interface PlaceLimits {
  readonly namedMax: number;
  readonly conditionsMax: number;
}

export function createPlaces(limits: PlaceLimits = { namedMax, conditionsMax }): Places {
  /** By source, whether it has open alarms; the one that was shown last stands last. */
  const taken = new Map<string, boolean>();

  function quiet(): string | null {
    for (const [source, isOpen] of taken) if (!isOpen) return source;
    return null;
  }

  return {
    name(source) {
      if (taken.has(source)) return true;
      if (taken.size >= limits.namedMax) return false;
      taken.set(source, false);
      return true;
    },
    of(source) {
      if (taken.has(source)) return { source, instead: null };
      const instead = taken.size < limits.conditionsMax ? null : quiet();
      if (taken.size >= limits.conditionsMax && instead === null) return { source: others, instead: null };
      if (instead !== null) taken.delete(instead);
      taken.set(source, false);
      return { source, instead };
    },
    mark(source, isOpen) {
      if (source === others) return;
      taken.delete(source);
      taken.set(source, isOpen);
    },
  };
}
