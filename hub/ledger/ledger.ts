// The port to the durable record of all sites. Everything that the hub shows is a fold over its rows; what a person may
// do (users, sessions) stands beside them.
import type { Role } from "../../edge/model/command.js";
import type { JournalRecord, Lane, LaneHead } from "../../edge/model/record.js";

/** One stored record. `sequence` is its number in the ledger: it only grows and survives restarts, gaps are possible. */
export interface LedgerRow {
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly storedAt: string;
  /** Empty for what the hub itself did. */
  readonly site: string;
  readonly edge: string;
  readonly hash: string;
  readonly record: JournalRecord;
  /** How old the record was by its box's own clocks when it was sent, ms; absent when the box did not say. */
  readonly ageMs?: number;
}
export type NewRow = Omit<LedgerRow, "sequence">;

/** Where a lane of a box stands at the hub. */
export interface EdgeHead extends LaneHead {
  readonly site: string;
  readonly edge: string;
}

/** What could not be accepted, kept for inspection. The same `hash` of one box is kept once. */
export interface SetAside {
  readonly site: string;
  readonly edge: string;
  readonly hash: string;
  readonly code: string;
  readonly detail: string;
  /** The text as it came, cut at `asideCharsMax`. */
  readonly text: string;
  readonly storedAt: string;
}
export const asideCharsMax = 65_536;

/** All of it becomes durable together or not at all. */
export interface Batch {
  readonly rows: readonly NewRow[];
  readonly heads: readonly EdgeHead[];
  readonly aside: readonly SetAside[];
  /** Rows that go. */
  readonly retire?: readonly number[];
}

/** Names one record of one box. */
export interface RecordKey {
  readonly site: string;
  readonly edge: string;
  readonly epoch: string;
  readonly lane: Lane;
  readonly sequence: number;
}

export function keyText(key: RecordKey): string {
  return `${key.site}/${key.edge}/${key.epoch}/${key.lane}/${key.sequence}`;
}

export interface RecordQuery {
  /** Rows with a greater sequence only. */
  readonly after: number;
  readonly limit: number;
  readonly incident?: string;
  readonly type?: string;
  /** Only records that carry an alarm mark. */
  readonly alarmsOnly?: boolean;
  /** All but measurements. */
  readonly exceptTelemetry?: boolean;
}

/** What of the past is wanted; all that is given must hold. Measurements are left out. */
export interface HistoryQuery {
  readonly site?: string;
  readonly edge?: string;
  readonly zone?: string;
  readonly type?: string;
  readonly incident?: string;
  /** By the box's own time, ISO 8601 UTC: from, and before. */
  readonly from?: string;
  readonly to?: string;
  /** Where the page before ended. */
  readonly before?: HistoryPlace;
  readonly limit: number;
}
export interface HistoryPlace {
  readonly time: string;
  readonly row: number;
}
export interface HistoryPage {
  /** Newest first. */
  readonly rows: readonly LedgerRow[];
  /** Where the next page begins; null at the end. */
  readonly before: HistoryPlace | null;
}

/** The last words of one type of one box. */
export interface NewestQuery {
  readonly site: string;
  readonly edge: string;
  readonly type: string;
  readonly limit: number;
}
/** One lane of one epoch, backwards from `before`. */
export interface LaneQuery {
  readonly site: string;
  readonly edge: string;
  readonly epoch: string;
  readonly lane: Lane;
  readonly before: number;
  readonly limit: number;
}

/** Which rows may go, by when they were stored. */
export interface RetireOrder {
  /** ISO 8601 UTC. */
  readonly storedBefore: string;
  /** Rows looked at in one turn. */
  readonly limit: number;
  /** Looked at already: rows up to here. */
  readonly after: number;
  /** What the present stands on and stays. */
  readonly keep: Kept;
}
export interface Kept {
  /** Types of which the last word on each subject stays, with every row of its incident. */
  readonly words: readonly string[];
  /** Incidents of which every row stays. */
  readonly incidents: readonly string[];
  /** Alarms (by id) of which every act stays. */
  readonly alarms: readonly string[];
  readonly rows: readonly number[];
}
export interface Retirable {
  readonly rows: readonly number[];
  /** How many of each box's lane and epoch these are, with the numbers of the first and the last. */
  readonly gone: readonly (RetiredRange & { readonly site: string; readonly edge: string })[];
  /** Up to where was looked; null when there is nothing left to look at. */
  readonly after: number | null;
}
export interface RetiredRange {
  readonly epoch: string;
  readonly lane: Lane;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface UserRow {
  readonly name: string;
  readonly role: Role;
  /** Salted hash; see hub/people/password.ts. */
  readonly password: string;
  /** May not come in, and nothing that he began goes on. */
  readonly disabled: boolean;
}

/** A login or an API token, found by the SHA-256 of its secret. */
export interface SessionRow {
  readonly hash: string;
  readonly user: string;
  readonly role: Role;
  readonly kind: "login" | "token";
  /** ISO 8601 UTC; empty for sessions of older hubs. */
  readonly openedAt: string;
  readonly expiresAt: string;
}

export interface Ledger {
  /** Resolves when the batch is on the medium; gives the rows with their sequence, in the order given. */
  store(batch: Batch): Promise<readonly LedgerRow[]>;
  heads(): Promise<readonly EdgeHead[]>;
  /** Hashes of those keys that are stored, by `keyText`. */
  hashes(keys: readonly RecordKey[]): Promise<ReadonlyMap<string, string>>;
  /** Oldest first. */
  records(query: RecordQuery): Promise<readonly LedgerRow[]>;
  /** Those of the given sequences that exist, oldest first. */
  rowsAt(sequences: readonly number[]): Promise<readonly LedgerRow[]>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** Newest first. */
  newestOf(query: NewestQuery): Promise<readonly LedgerRow[]>;
  /** Newest first. */
  laneRows(query: LaneQuery): Promise<readonly LedgerRow[]>;
  /** Finds what is old and not to be kept; a batch lets it go. */
  retirable(order: RetireOrder): Promise<Retirable>;
  aside(limit: number): Promise<readonly SetAside[]>;
  user(name: string): Promise<UserRow | undefined>;
  users(): Promise<readonly UserRow[]>;
  userCount(): Promise<number>;
  putUser(user: UserRow): Promise<void>;
  session(hash: string): Promise<SessionRow | undefined>;
  sessions(): Promise<readonly SessionRow[]>;
  putSession(session: SessionRow): Promise<void>;
  /** Ends a session by its hash. */
  endSession(hash: string): Promise<void>;
  /** Ends all sessions of a user but `exceptHash`, and all that expired before `now`. */
  endSessionsOf(user: string, exceptHash: string, now: string): Promise<void>;
  close(): Promise<void>;
}

/** A hub's own act before it gets its number and its place in the hub's chain. */
export interface OwnFact {
  readonly type: string;
  readonly lane: Lane;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one turn at the book writes. */
export interface Entry extends Batch {
  readonly own: readonly OwnFact[];
}

/** The only way to write into the ledger: one turn after the other, each durable before the next begins. */
export interface Book {
  /**
   * `make` sees the heads of the box as they stand in its turn; afterwards everybody who reads along is told, in order.
   * Rejects when the medium refuses; nothing of the entry is stored then.
   */
  write(make: () => Promise<Entry>): Promise<readonly LedgerRow[]>;
  /** Writes acts of the hub itself. */
  act(...facts: readonly OwnFact[]): Promise<readonly LedgerRow[]>;
  headsOf(site: string, edge: string): readonly EdgeHead[];
  /** Every box that has a head. */
  boxes(): readonly { readonly site: string; readonly edge: string }[];
}
