// A hub at the other end of a simulated link: takes batches, keeps the heads, answers when the test lets it.
import type { Link, LinkEvents } from "../../edge/machine/ports.js";
import { type JournalRecord, type Lane, type LaneHead, lanes } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import { headerHash } from "../../edge/record/hash.js";
import { laneKey } from "../../edge/record/verify.js";

export interface SentBatch {
  readonly lane: Lane;
  readonly records: readonly JournalRecord[];
  readonly missing: readonly { from: number; to: number }[];
  readonly sent: Stamp;
}

export interface SimulatedHub {
  readonly link: Link;
  /** Batches as they arrived, duplicates included. */
  readonly batches: SentBatch[];
  /** What the hub's ledger holds, in order of storing. */
  readonly stored: JournalRecord[];
  readonly results: unknown[];
  /** Nonce of the present connection, from the box's status. */
  session(): string;
  /** What the box says of its lanes when it greets. */
  greeted(): readonly LaneHead[];
  connects(): number;
  up(): void;
  down(): void;
  /** States all heads, as on a box's greeting. */
  state(): void;
  /** Acknowledge each batch at once (the default), or not at all. */
  answering(on: boolean): void;
  /** The ledger is back where it was after `count` records. */
  restore(count: number): void;
  send(kind: "command" | "ack", payload: string, retained?: boolean): void;
}

const root = "portcullis/v1/office/box";

export function createSimulatedHub(): SimulatedHub {
  let events: LinkEvents | null = null;
  let connects = 0;
  let session = "";
  let greeted: readonly LaneHead[] = [];
  let answers = true;
  const batches: SentBatch[] = [];
  const stored: JournalRecord[] = [];
  const results: unknown[] = [];

  const heads = new Map<string, LaneHead>();

  function store(record: JournalRecord) {
    const { epoch, lane, sequence } = record;
    stored.push(record);
    heads.set(laneKey(record), { epoch, lane, sequence, hash: headerHash(record) });
  }

  function take(lane: Lane, message: { records: JournalRecord[]; missing?: SentBatch["missing"]; sent: Stamp }) {
    batches.push({ lane, records: message.records, missing: message.missing ?? [], sent: message.sent });
    for (const record of message.records) {
      const head = heads.get(laneKey(record))?.sequence ?? 0;
      const isDeclared = batches.at(-1)?.missing.some(({ from, to }) => from <= head + 1 && to === record.sequence - 1);
      if (record.sequence === head + 1 || isDeclared === true) store(record);
    }
    if (answers) state();
  }

  function state() {
    events?.message(`${root}/ack`, JSON.stringify({ heads: [...heads.values()] }), false);
  }

  const link: Link = {
    connect(given) {
      events = given;
      connects += 1;
    },
    async publish(topic, payload) {
      if (events === null) throw new Error("down");
      const message = JSON.parse(payload);
      const lane = lanes.find((name) => topic === `${root}/${name}`);
      if (lane !== undefined) take(lane, message);
      else if (topic === `${root}/status`) ({ session, heads: greeted = [] } = message);
      else results.push(message);
    },
    async close() {
      events = null;
    },
  };

  return {
    link,
    batches,
    stored,
    results,
    session: () => session,
    greeted: () => greeted,
    connects: () => connects,
    up: () => events?.up(),
    down: () => events?.down("cut"),
    state,
    answering(on) {
      answers = on;
    },
    restore(count) {
      const kept = stored.slice(0, count);
      stored.length = 0;
      heads.clear();
      kept.forEach(store);
    },
    send: (kind, payload, retained = false) => events?.message(`${root}/${kind}`, payload, retained),
  };
}
