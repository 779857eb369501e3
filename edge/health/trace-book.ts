// Why a zone spoke or kept silent: a day in minutes and the newest looks in detail, per zone, in a fixed amount of memory.
// Fed by the controller's traces; answers "why no alarm?". Pure: times come in as arguments.
import { type Verdict, verdicts, type ZoneTrace } from "../model/state.js";
import type { MonoMs, Stamp } from "../model/time.js";

export const traceLimits = {
  /** As many zones as a configuration may have. */
  zones: 256,
  minutes: 24 * 60,
  /** Looks in detail, per zone. */
  details: 200,
  /** A minute counts no further. */
  count: 65_535,
  seenCharacters: 64,
} as const;

const minuteMs = 60_000;

/** What a minute of a zone was like. Times are monotonic; `to` is exclusive. */
export interface ToldMinute {
  readonly zone: string;
  readonly from: MonoMs;
  readonly to: MonoMs;
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** The verdict that came nearest to an alarm; null when the zone was not looked at. */
  readonly nearest: Verdict | null;
  /** Numbers that were seen, with what the greatest had to exceed; null when none was a number. */
  readonly strongest: { readonly seen: number; readonly limit: number | null; readonly least: number } | null;
  /** Those of the newest looks that fall into the minute. */
  readonly detail: readonly ZoneTrace[];
  /** The last look before the minute: what holds while a detector that tells only changes is quiet. Null when it is not known. */
  readonly before: ZoneTrace | null;
}

export interface TraceBook {
  note(trace: ZoneTrace): void;
  /** The minute that holds `at`, which lies within the last day. */
  ask(zone: string, at: MonoMs): ToldMinute;
  /** Newest looks in order of coming, from the one numbered `mark` on; null: all that are kept. `mark` in the answer is the next number. */
  since(zone: string, mark: number | null): { readonly mark: number; readonly looks: readonly ZoneTrace[] };
  /** Zones that the configuration does not have any more. */
  forgetAllBut(zones: readonly string[]): void;
}

/** Nearest to an alarm first: the order in which a person wants to hear of them. */
const byNearness: Readonly<Record<Verdict, number>> = {
  alarm: 0,
  "pre-alarm": 1,
  "entry-time": 2,
  "known-already": 3,
  "walk-test": 4,
  isolated: 5,
  inhibited: 6,
  "out-for-repair": 7,
  "not-armed": 8,
  "quality-not-good": 9,
  "wrong-order": 10,
  "lane-not-barred": 11,
  granted: 12,
  "too-few-events": 13,
  "dead-time": 14,
  "filter-not-passed": 15,
  learning: 16,
  "older-than-last": 17,
  "within-limits": 18,
  "below-threshold": 19,
  "nothing-seen": 20,
};

interface Page {
  /** Which minute each slot holds; -1 when none. */
  readonly minutes: Int32Array;
  /** Per slot a count for each verdict. */
  readonly counts: Uint16Array;
  readonly greatest: Float64Array;
  readonly limit: Float64Array;
  readonly least: Float64Array;
  /** A ring. */
  readonly details: ZoneTrace[];
  noted: number;
}

function emptyPage(): Page {
  const { minutes } = traceLimits;
  return {
    minutes: new Int32Array(minutes).fill(-1),
    counts: new Uint16Array(minutes * verdicts.length),
    greatest: new Float64Array(minutes),
    limit: new Float64Array(minutes),
    least: new Float64Array(minutes),
    details: [],
    noted: 0,
  };
}

/** Minutes begin with those of the wall clock at `start`. */
export function createTraceBook(start: Stamp): TraceBook {
  const offset = (start.wall - start.mono) % minuteMs;
  const minuteOf = (at: MonoMs) => Math.floor((at + offset) / minuteMs);
  const pages = new Map<string, Page>();

  function pageOf(zone: string): Page | undefined {
    const known = pages.get(zone);
    if (known !== undefined || pages.size >= traceLimits.zones) return known;
    const made = emptyPage();
    pages.set(zone, made);
    return made;
  }

  return {
    note(trace) {
      const page = pageOf(trace.zone);
      if (page === undefined) return;
      const seen = typeof trace.seen === "string" ? trace.seen.slice(0, traceLimits.seenCharacters) : trace.seen;
      page.details[page.noted % traceLimits.details] = { ...trace, seen };
      page.noted += 1;
      count(page, minuteOf(trace.at), trace);
    },
    ask(zone, at) {
      const minute = minuteOf(at);
      const from = minute * minuteMs - offset;
      const told = { zone, from, to: from + minuteMs };
      const page = pages.get(zone);
      return page === undefined ? { ...told, ...unseen } : { ...told, ...tellMinute(page, minute, told) };
    },
    since(zone, mark) {
      const page = pages.get(zone);
      if (page === undefined) return { mark: 0, looks: [] };
      const { noted } = page;
      const first = Math.max(0, noted - traceLimits.details, mark ?? 0);
      const looks = Array.from({ length: Math.max(0, noted - first) }, (_, index) => first + index).flatMap(
        (number) => page.details[number % traceLimits.details] ?? [],
      );
      return { mark: noted, looks };
    },
    forgetAllBut(zones) {
      for (const zone of [...pages.keys()]) if (!zones.includes(zone)) pages.delete(zone);
    },
  };
}

const unseen = { verdicts: {}, nearest: null, strongest: null, detail: [], before: null } as const;

function tellMinute(
  page: Page,
  minute: number,
  { from, to }: Pick<ToldMinute, "from" | "to">,
): Omit<ToldMinute, "zone" | "from" | "to"> {
  const looks = [...page.details].sort((a, b) => a.at - b.at);
  const before = looks.findLast(({ at }) => at < from) ?? null;
  const slot = minute % traceLimits.minutes;
  if (page.minutes[slot] !== minute) return { ...unseen, before };
  const counted = countsIn(page, slot);
  const nearest = verdicts
    .filter((verdict) => counted[verdict] !== undefined)
    .sort((a, b) => byNearness[a] - byNearness[b]);
  const detail = looks.filter(({ at }) => at >= from && at < to);
  return { verdicts: counted, nearest: nearest[0] ?? null, strongest: strongestIn(page, slot), detail, before };
}

/** A look that is older than what its slot holds is too old to be told. */
function count(page: Page, minute: number, { verdict, seen, limit }: ZoneTrace): void {
  const slot = minute % traceLimits.minutes;
  const held = page.minutes[slot] ?? -1;
  if (held > minute) return;
  if (held < minute) {
    page.minutes[slot] = minute;
    page.counts.fill(0, slot * verdicts.length, (slot + 1) * verdicts.length);
    page.greatest[slot] = Number.NaN;
  }
  const cell = slot * verdicts.length + verdicts.indexOf(verdict);
  page.counts[cell] = Math.min((page.counts[cell] ?? 0) + 1, traceLimits.count);
  if (typeof seen !== "number" || Number.isNaN(seen)) return;
  const greatest = page.greatest[slot] ?? Number.NaN;
  page.least[slot] = Number.isNaN(greatest) ? seen : Math.min(page.least[slot] ?? seen, seen);
  if (seen <= greatest) return;
  page.greatest[slot] = seen;
  page.limit[slot] = limit ?? Number.NaN;
}

function countsIn(page: Page, slot: number): Partial<Record<Verdict, number>> {
  const counted = verdicts.map((verdict, at) => [verdict, page.counts[slot * verdicts.length + at] ?? 0] as const);
  return Object.fromEntries(counted.filter(([, times]) => times > 0));
}

function strongestIn(page: Page, slot: number): ToldMinute["strongest"] {
  const [seen = Number.NaN, limit = Number.NaN, least = Number.NaN] = [
    page.greatest[slot],
    page.limit[slot],
    page.least[slot],
  ];
  return Number.isNaN(seen) ? null : { seen, limit: Number.isNaN(limit) ? null : limit, least };
}
