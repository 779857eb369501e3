// From a handful of messages of one box to one entry in the book: what to store, what to set aside, what the hub says to it.
import type { Lane, LaneHead } from "../../edge/model/record.js";
import { laneKey } from "../../edge/record/verify.js";
import {
  type Book,
  type Entry,
  keyText,
  type Ledger,
  type NewRow,
  type OwnFact,
  type SetAside,
} from "../ledger/ledger.js";
import { type BoxName, forkFact } from "./forks.js";
import { readRecords, type Unreadable } from "./message.js";
import { type Incoming, type Missing, numberKey, type Outcome, type Refusal, receive } from "./receive.js";

export interface BoxMessage {
  readonly site: string;
  readonly edge: string;
  readonly lane: Lane;
  readonly text: string;
}

export interface BoxEntry {
  readonly entry: Entry;
  /** To be acknowledged once the entry is durable. */
  readonly heads: readonly LaneHead[];
  readonly outcome: Outcome;
}

export interface EntryPorts {
  readonly book: Pick<Book, "headsOf">;
  readonly ledger: Pick<Ledger, "hashes">;
  /** True the first time that this refusal is seen; a box that repeats itself raises one alarm. */
  readonly isNews: (refusal: string) => boolean;
  /** ISO 8601 UTC. */
  readonly storedAt: string;
}

/** All messages are of the same box. */
export async function makeEntry(messages: readonly BoxMessage[], ports: EntryPorts): Promise<BoxEntry> {
  const [{ site, edge } = { site: "", edge: "" }] = messages;
  const read = messages.map((message) => ({ lane: message.lane, ...readRecords(message.text, message) }));
  const batch = read.flatMap(({ incoming }) => incoming);
  const heads = new Map(ports.book.headsOf(site, edge).map((head) => [laneKey(head), head]));
  const unreadable = read.flatMap(({ lane, unreadable }) => unreadable.map((entry) => ({ lane, ...entry })));
  const skipped = unreadable.flatMap(({ place }) => place ?? []);
  const outcome = receive(heads, await knownHashes(batch, { site, edge, heads }, ports.ledger), batch, [
    ...read.flatMap(({ missing }) => missing),
    ...skipped,
  ]);
  const box = { site, edge, storedAt: ports.storedAt };
  const isSet = new Set(skipped.map(endKey));
  // The same text of another box, or at another place of the lane, is another loss.
  const news = <T extends { hash: string; place: Missing | null }>(entries: readonly T[]) =>
    entries.filter(({ hash, place }) => ports.isNews(`${site}/${edge}/${place === null ? "" : endKey(place)}/${hash}`));
  const refused = news(outcome.aside.map((refusal) => ({ ...refusal, hash: refusal.incoming.hash, place: null })));
  const rubbish = news(unreadable);
  return {
    outcome,
    heads: outcome.heads,
    entry: {
      rows: inOrder(outcome.store).map((incoming) => rowOf(incoming, box)),
      heads: outcome.heads.map((head) => ({ site, edge, ...head })),
      aside: [...refused.map((entry) => refusalAside(entry, box)), ...rubbish.map((entry) => rubbishAside(entry, box))],
      own: [
        ...refused.map((entry) => refusalFact(entry, box)),
        ...rubbish.map((entry) => rubbishFact(entry, box)),
        // What is set aside is there, and has its alarm.
        ...outcome.lost.filter((stretch) => !isSet.has(endKey(stretch))).map((stretch) => lostFact(stretch, box)),
      ],
    },
  };
}

/** As the box recorded it, where several lanes come together: what an alarm speaks of was named before it. */
function inOrder(incoming: readonly Incoming[]): readonly Incoming[] {
  const isOrdered = incoming.every(({ record }, at) => record.order > (incoming[at - 1]?.record.order ?? 0));
  if (isOrdered) return incoming;
  const epochs = [...new Set(incoming.map(({ record }) => record.epoch))];
  return epochs.flatMap((epoch) =>
    incoming.filter(({ record }) => record.epoch === epoch).sort((one, other) => one.record.order - other.record.order),
  );
}

/** Written out member by member, because a backlog is a million of them. */
function rowOf({ record, hash, ageMs }: Incoming, { site, edge, storedAt }: Box): NewRow {
  return ageMs === null ? { site, edge, storedAt, hash, record } : { site, edge, storedAt, hash, record, ageMs };
}

interface Box extends BoxName {
  readonly storedAt: string;
}

/** Hashes of those records that the hub has already; only they need to be looked up. */
async function knownHashes(
  batch: readonly Incoming[],
  box: { site: string; edge: string; heads: ReadonlyMap<string, LaneHead> },
  ledger: Pick<Ledger, "hashes">,
): Promise<ReadonlyMap<string, string>> {
  const old = batch
    .map(({ record }) => record)
    .filter((record) => record.sequence <= (box.heads.get(laneKey(record))?.sequence ?? 0));
  const keys = old.map(({ epoch, lane, sequence }) => ({ site: box.site, edge: box.edge, epoch, lane, sequence }));
  const hashes = await ledger.hashes(keys);
  return new Map(
    keys.map((key) => [numberKey(key), hashes.get(keyText(key)) ?? ""]).filter(([, hash]) => hash !== "") as [
      string,
      string,
    ][],
  );
}

function refusalAside({ incoming, code, detail }: Refusal, box: Box): SetAside {
  return { ...box, hash: incoming.hash, code, detail, text: JSON.stringify(incoming.record) };
}

function rubbishAside({ hash, text, fault }: Unreadable, box: Box): SetAside {
  return { ...box, hash, code: "intake.record-invalid", detail: fault, text };
}

function endKey({ epoch, lane, to }: Missing): string {
  return numberKey({ epoch, lane, sequence: to });
}

function refusalFact({ incoming: { record }, code, detail }: Refusal, { site, edge }: Box): OwnFact {
  if (code === "intake.chain-forked") return forkFact({ site, edge }, record, detail);
  return rubbishFact({ lane: record.lane, fault: `${record.id}: ${detail}` }, { site, edge });
}

/** Set aside: the box may be damaged or in wrong hands, and the record itself must be read by a person. */
function rubbishFact({ lane, fault }: { lane: Lane; fault: string }, { site, edge }: BoxName): OwnFact {
  const alarm = { key: `intake.record-invalid/${site}/${edge}/${lane}`, priority: 2 };
  const data = { alarm, site, edge, code: "intake.record-invalid", detail: fault, count: 1 };
  return { type: "input.refused", lane: "alarm", subject: edge, data };
}

/** The tombstone of what a box has lost. */
function lostFact({ epoch, lane, from, to }: Missing, { site, edge }: BoxName): OwnFact {
  const alarm = { key: `intake.gap/${site}/${edge}/${epoch}/${lane}`, priority: 3 };
  const data = {
    alarm,
    site,
    edge,
    code: "intake.gap",
    detail: `${epoch}/${lane} ${from}..${to}`,
    count: to - from + 1,
  };
  return { type: "input.refused", lane: "alarm", subject: edge, data };
}
