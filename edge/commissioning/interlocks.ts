// The guided check of a barrier's interlocks: what the technician does at the drive is seen in the live samples, step by step.
// Pure: state and what was heard since in, state out.
import { travelFactor, travelMarginMs } from "../model/budget.js";
import type { CheckFailure, CheckResult, DriveRunResult } from "../model/drive-run.js";
import type { BarrierConfig } from "../model/site.js";
import type { MonoMs } from "../model/time.js";

/** A sample of an input as it was heard. */
export interface Heard {
  readonly at: MonoMs;
  readonly heardAt: MonoMs;
  /** Null: not good. */
  readonly value: boolean | null;
}

export interface Checks {
  readonly barrier: string;
  readonly by: string;
  readonly startedAt: MonoMs;
  /** Up to when samples were looked at. */
  readonly lookedAt: MonoMs;
  readonly rows: readonly CheckResult[];
  readonly contacts: Contacts;
}

interface Contacts {
  readonly closed: boolean | null;
  readonly open: boolean | null;
  readonly wasClosed: boolean;
  readonly wasOpen: boolean;
  /** Since when the drive runs with neither contact. */
  readonly neitherSince: MonoMs | null;
}

/** What is seen of the barrier at one look. */
export interface Look {
  /** Oldest first, heard after the last look. */
  readonly heard: (point: string) => readonly Heard[];
  /** A close is refused at this moment by an interlock. */
  readonly isRefused: boolean;
  /** A run drives it at this moment. */
  readonly isRunning: boolean;
  /** The last run of it that an interlock ended, since the check began. */
  readonly halt: DriveRunResult["halt"];
  readonly now: MonoMs;
}

type Watched = Pick<BarrierConfig, "id" | "closed" | "open" | "obstructed" | "interlocks" | "travelMs">;

/** What must keep the drive from closing, and stop it: loops, light barriers, and the safety edge where it has an input. */
export function interlocksOf({ interlocks, obstructed }: Watched): readonly string[] {
  return obstructed === undefined ? interlocks : [...interlocks, obstructed];
}

/** All that a whole check of this barrier proves. */
export function checksOf(barrier: Watched): readonly Pick<CheckResult, "kind" | "point">[] {
  const points = interlocksOf(barrier);
  return [
    ...points.map((point) => ({ kind: "block", point }) as const),
    ...points.map((point) => ({ kind: "halt", point }) as const),
    { kind: "contacts", point: barrier.closed },
  ];
}

/** `present`: what an input says as the check begins. */
export function beginChecks(
  barrier: Watched,
  by: string,
  now: MonoMs,
  present: (point: string) => boolean | null,
): Checks {
  return {
    barrier: barrier.id,
    by,
    startedAt: now,
    lookedAt: now,
    rows: checksOf(barrier).map((row) => ({ ...row, state: "waiting", failure: null, ms: null })),
    contacts: {
      closed: present(barrier.closed),
      open: barrier.open === undefined ? null : present(barrier.open),
      wasClosed: false,
      wasOpen: false,
      neitherSince: null,
    },
  };
}

export function stepChecks(checks: Checks, barrier: Watched, look: Look): Checks {
  const { contacts, failure } = watchContacts(checks.contacts, barrier, look);
  const rows = checks.rows.map((row) => {
    if (row.state === "passed" || row.state === "failed") return row;
    if (row.kind === "block") return watchBlock(row, look);
    if (row.kind === "halt") return watchHalt(row, look);
    if (failure !== null) return { ...row, state: "failed" as const, failure };
    return contacts.wasClosed && contacts.wasOpen ? { ...row, state: "passed" as const } : row;
  });
  return { ...checks, rows, contacts, lookedAt: look.now };
}

export function isDone({ rows }: Checks): boolean {
  return rows.every(({ state }) => state === "passed" || state === "failed");
}

/** Occupied, and the box refuses to close; then free again. Until it is free it shows as seen. */
function watchBlock(row: CheckResult, { heard, isRefused }: Look): CheckResult {
  const samples = heard(row.point);
  const occupied = samples.find(({ value }) => value === true);
  if (row.state === "waiting") {
    if (occupied === undefined) return row;
    // It has gone by already: nobody can say whether a close would have been refused.
    if (samples.at(-1)?.value !== true) return row;
    if (!isRefused) return { ...row, state: "failed", failure: "not-refused" };
    return { ...row, state: "seen", ms: Math.max(0, Math.round(occupied.heardAt - occupied.at)) };
  }
  if (samples.at(-1)?.value === null) return { ...row, state: "failed", failure: "not-good" };
  return samples.some(({ value }) => value === false) ? { ...row, state: "passed" } : row;
}

function watchHalt(row: CheckResult, { halt }: Look): CheckResult {
  return halt?.point === row.point ? { ...row, state: "passed", ms: halt.ms } : row;
}

function watchContacts(
  before: Contacts,
  barrier: Watched,
  look: Look,
): { readonly contacts: Contacts; readonly failure: CheckFailure | null } {
  let contacts = before;
  let failure: CheckFailure | null = null;
  for (const { which, value } of changesOf(barrier, look)) {
    contacts = { ...contacts, [which]: value };
    if (contacts.closed === true && contacts.open === true) failure = "both-contacts";
  }
  contacts = atRest(contacts, barrier, look);
  const limitMs = barrier.travelMs * travelFactor + travelMarginMs;
  const isLost = contacts.neitherSince !== null && look.now - contacts.neitherSince > limitMs;
  return { contacts, failure: failure ?? (isLost ? "no-contact" : null) };
}

function atRest(contacts: Contacts, { open }: Watched, { isRunning, now }: Look): Contacts {
  const isClosed = contacts.closed === true && contacts.open !== true;
  const isOpen = contacts.closed === false && (open === undefined || contacts.open === true);
  const isNeither = isRunning && contacts.closed === false && contacts.open === false;
  return {
    ...contacts,
    wasClosed: contacts.wasClosed || isClosed,
    wasOpen: contacts.wasOpen || isOpen,
    neitherSince: isNeither ? (contacts.neitherSince ?? now) : null,
  };
}

/** Both contacts' samples in the order in which they were heard. */
function changesOf(
  { closed, open }: Watched,
  { heard }: Look,
): readonly { readonly which: "closed" | "open"; readonly value: boolean | null; readonly heardAt: MonoMs }[] {
  const of = (which: "closed" | "open", point: string | undefined) =>
    point === undefined ? [] : heard(point).map(({ value, heardAt }) => ({ which, value, heardAt }));
  return [...of("closed", closed), ...of("open", open)].sort((a, b) => a.heardAt - b.heardAt);
}
