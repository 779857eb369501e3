// Which sources have a condition of their own. Each costs the server some 170 KB and milliseconds, so where there are very many zones a
// condition comes with the first alarm. Pure, one for each run of the server.

/** So many sources have a condition before they have an alarm; where there are more, so many conditions wait without a source. */
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
  /** Whether this source gets a condition now, or has one. Where they are too many, none that has no alarm has one any more. */
  name(source: string): boolean;
  /** There are more sources than may have a condition before they have an alarm. */
  isCrowded(): boolean;
  /** Where an alarm of this source is shown. */
  of(source: string): Place;
  /** Whether alarms of it are open. */
  mark(source: string, isOpen: boolean): void;
}

export interface PlaceLimits {
  readonly namedMax: number;
  readonly conditionsMax: number;
}

/** `boxes`: how many may come; each has a source at least. */
export function createPlaces(limits: PlaceLimits = { namedMax, conditionsMax }, boxes = 0): Places {
  /** By source, whether it has open alarms, or never had any; the one that was shown last stands last. */
  const taken = new Map<string, "named" | "quiet" | "open">();
  let crowded = boxes > limits.namedMax;

  function quiet(): string | null {
    for (const [source, state] of taken) if (state !== "open") return source;
    return null;
  }

  function crowd(): void {
    crowded = true;
    for (const [source, state] of taken) if (state === "named") taken.delete(source);
  }

  return {
    name(source) {
      if (taken.has(source)) return true;
      if (!crowded && taken.size >= limits.namedMax) crowd();
      if (crowded) return false;
      taken.set(source, "named");
      return true;
    },
    isCrowded: () => crowded,
    of(source) {
      if (taken.has(source)) return { source, instead: null };
      const instead = taken.size < limits.conditionsMax ? null : quiet();
      if (taken.size >= limits.conditionsMax && instead === null) return { source: others, instead: null };
      if (instead !== null) taken.delete(instead);
      taken.set(source, "quiet");
      return { source, instead };
    },
    mark(source, isOpen) {
      if (source === others) return;
      taken.delete(source);
      taken.set(source, isOpen ? "open" : "quiet");
    },
  };
}
