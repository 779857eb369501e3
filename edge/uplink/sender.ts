// The sending half of one connection: which lane goes next, what is on its way, what the hub has.
import type { Clock, Link } from "../machine/ports.js";
import type { Trouble } from "../model/error.js";
import { type JournalRecord, type Lane, type LaneHead, lanes } from "../model/record.js";
import { laneKey } from "../record/verify.js";
import type { Topics } from "./topics.js";
import { acknowledge, batchOf, isStalled, type LaneWindow, roomIn, sent, windowAfter, withTimeout } from "./window.js";

/** Records read from the journal at once. */
const readRecordsMax = 256;
/** Below the hub's packet limit of 256 KiB. A slow link makes batches smaller, so that an alarm waits less behind one. */
const batchBytes = { min: 4 * 1024, start: 64 * 1024, max: 192 * 1024 };
/** A link that takes a batch faster, or slower, than this gets larger, or smaller, ones. */
const publishMs = { quick: 200, slow: 500 };
/** Batches of a pump that the link has not taken yet: the next is read and made ready while one is on its way. */
const publishesMax = 2;

/** Where the records come from: only what the disk has confirmed. */
export interface RecordSource {
  epoch(): string;
  /** Of each epoch that is kept, oldest first. */
  heads(): readonly LaneHead[];
  /** Up to `max` records from there on, in sequence; damaged or retired ones are left out. */
  read(from: Omit<LaneHead, "hash">, max: number): Promise<readonly JournalRecord[]>;
  /** What the hub has on its disk as far as is known, also from before the last start. */
  acknowledged(): readonly LaneHead[];
  acknowledge(heads: readonly LaneHead[]): Promise<void>;
}

export interface SenderSetup {
  readonly link: Link;
  readonly topics: Topics;
  readonly source: RecordSource;
  readonly clock: Clock;
  readonly onTrouble: (trouble: Trouble) => void;
  /** The link did not take a batch. */
  readonly onLost: (reason: string) => void;
}

type Pump = "alarm" | "rest";

interface Due {
  readonly window: LaneWindow;
  readonly head: LaneHead;
}

export class Sender {
  readonly #setup: SenderSetup;
  /** Null until the hub has stated its heads, and again when the connection has ended. */
  #windows: Map<string, LaneWindow> | null = null;
  readonly #running = new Set<Pump>();
  readonly #again = new Set<Pump>();
  readonly #publishing: Readonly<Record<Pump, Set<Promise<void>>>> = { alarm: new Set(), rest: new Set() };
  #batchBytes = batchBytes.start;
  #isStopped = false;

  constructor(setup: SenderSetup) {
    this.#setup = setup;
  }

  get isReady(): boolean {
    return this.#windows !== null;
  }

  /** Sends nothing from now on. */
  stop(): void {
    this.#isStopped = true;
    this.#windows = null;
  }

  /** The hub is about to state all that it has: everything else is sent, or sent again. */
  begin(): void {
    if (!this.#isStopped) this.#windows = new Map();
  }

  /** The hub states heads: the first time all that it has, later those that moved. */
  acknowledged(heads: readonly LaneHead[]): void {
    if (this.#isStopped) return;
    const windows = this.#windows ?? new Map<string, LaneWindow>();
    const now = this.#setup.clock.mono();
    for (const head of heads) {
      const window = windows.get(laneKey(head));
      windows.set(laneKey(head), window === undefined ? windowAfter(head) : acknowledge(window, head.sequence, now));
    }
    this.#windows = windows;
    this.wake();
  }

  /** Sends again what has waited for its acknowledgement too long. */
  tick(): void {
    const now = this.#setup.clock.mono();
    for (const [key, window] of this.#windows ?? []) this.#windows?.set(key, withTimeout(window, now));
    if (this.#waiting().length > 0) this.wake();
  }

  wake(): void {
    this.#pump("alarm");
    this.#pump("rest");
  }

  /** Alarms have a pump of their own, so that they do not wait for a batch of another lane to be taken. */
  #pump(pump: Pump): void {
    if (this.#running.has(pump)) {
      this.#again.add(pump);
      return;
    }
    this.#running.add(pump);
    this.#drain(pump)
      .catch((error) => this.#trouble(String(error)))
      .finally(() => {
        this.#running.delete(pump);
        if (this.#again.delete(pump)) this.#pump(pump);
      });
  }

  async #drain(pump: Pump): Promise<void> {
    for (let due = this.#due(pump); due !== null; due = this.#due(pump)) await this.#sendBatch(due, pump);
    if (pump === "alarm") this.#pump("rest");
  }

  /** The lane that comes next: none of the rest while an alarm waits to be sent, unless the hub refuses the alarms. */
  #due(pump: Pump): Due | null {
    const waiting = this.#waiting();
    if (waiting.length === 0) return null;
    const of = (lane: Lane) => waiting.filter(({ head }) => head.lane === lane);
    if (pump === "rest" && of("alarm").some(({ window }) => !isStalled(window))) return null;
    const candidates = pump === "alarm" ? of("alarm") : lanes.flatMap(of);
    return candidates.find(({ window }) => roomIn(window) > 0) ?? null;
  }

  /** Lanes with records that were not sent, or not acknowledged in time. */
  #waiting(): readonly Due[] {
    const windows = this.#windows;
    if (windows === null) return [];
    return this.#setup.source.heads().flatMap((head) => {
      const window = windows.get(laneKey(head));
      if ((window?.next ?? 1) > head.sequence) return [];
      return [{ head, window: window ?? windowAfter({ ...head, sequence: 0 }) }];
    });
  }

  async #sendBatch({ window, head }: Due, pump: Pump): Promise<void> {
    const { source, clock, link, topics } = this.#setup;
    const { epoch, lane, next } = window;
    const key = laneKey(head);
    const records = await source.read({ epoch, lane, sequence: next }, Math.min(readRecordsMax, roomIn(window)));
    const present = this.#due(pump);
    if (present === null || laneKey(present.head) !== key || present.window.next !== next) return;
    const { texts, missing, end } = batchOf(present.window, records, {
      bytesMax: this.#batchBytes,
      last: head.sequence,
    });
    for (const { from, to } of missing) this.#trouble(`${key} ${from}..${to} cannot be read or sent`);
    const since = clock.mono();
    this.#windows?.set(key, sent(present.window, end, since));
    const holes = missing.length === 0 ? "" : `,"missing":${JSON.stringify(missing)}`;
    // With the moment of sending the hub tells news from history, whatever the wall clocks say.
    const about = `"sent":${JSON.stringify(clock.now())}${holes}`;
    const publishing = this.#publishing[pump];
    const taken = link.publish(topics.lanes[lane], `{"records":[${texts.join(",")}],${about}}`).then(
      () => this.#adapt(clock.mono() - since),
      (error) => this.#isStopped || this.#setup.onLost(String(error)),
    );
    const done = taken.then(() => void publishing.delete(done));
    publishing.add(done);
    while (publishing.size >= publishesMax) await Promise.race(publishing);
  }

  #adapt(tookMs: number): void {
    if (tookMs < publishMs.quick) this.#batchBytes = Math.min(this.#batchBytes * 2, batchBytes.max);
    if (tookMs > publishMs.slow) this.#batchBytes = Math.max(this.#batchBytes / 2, batchBytes.min);
  }

  #trouble(detail: string): void {
    this.#setup.onTrouble({ code: "uplink.message-invalid", place: "uplink", detail });
  }
}
