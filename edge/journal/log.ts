// The log of one disk: numbers and chains the drafts, writes them in groups, knows what the hub has of them.
import type { Disk } from "../machine/ports.js";
import { PortcullisError } from "../model/error.js";
import type { LaneHead } from "../model/record.js";
import { openerOf } from "../record/seal.js";
import type { Signer } from "../record/sign.js";
import { laneKey } from "../record/verify.js";
import { type Acknowledged, loadAcknowledged } from "./acknowledged.js";
import { Appender, groupLines, type Written } from "./appender.js";
import { type Chained, chainDrafts, type Sealing } from "./chain.js";
import { Checkpoints } from "./checkpoints.js";
import { answer, Groups, type Waiting } from "./group.js";
import type {
  Appended,
  Journal,
  JournalDraft,
  JournalMachine,
  JournalOptions,
  JournalStatus,
  Memory,
  OnTrouble,
} from "./journal.js";
import { type Context, headerFrom, type SegmentHeader } from "./line.js";
import { type Position, Reader } from "./reader.js";
import { recallInto } from "./recall.js";
import { emptyHeads, type Recovered, recover, trouble, type Unsynced } from "./recover.js";
import { Room } from "./room.js";
import type { Segment } from "./segment.js";
import { Space, segmentBytesDefault } from "./space.js";

const epochBytes = 8;

export interface LogSetup {
  readonly disk: Disk;
  readonly machine: JournalMachine;
  readonly options: JournalOptions;
  /** Shared by all logs of a box. */
  readonly memory: Memory;
  /** False for the log in memory: its records say so. */
  readonly durable: boolean;
  /** Without it no checkpoints are written. */
  readonly signer?: Signer | undefined;
  /** Without it nothing is sealed, and what is sealed is not read. */
  readonly sealing?: Sealing | undefined;
  readonly onTrouble: OnTrouble;
}

/** Opens the log in `setup.disk` and finds its end again. Rejects with the system's error when the disk cannot be read. */
export async function openLog(setup: LogSetup): Promise<Log> {
  const recovered = await recover(setup.disk, setup.options.run, setup.sealing?.sealer.open ?? openerOf(null));
  const acknowledged = await loadAcknowledged(setup);
  recovered.troubles.forEach(setup.onTrouble);
  return new Log(setup, recovered, acknowledged);
}

export class Log implements Journal {
  readonly #setup: LogSetup;
  /** What the segments of this log state. */
  readonly #context: Context;
  readonly #segments: Segment[];
  readonly #heads: Map<string, LaneHead>;
  readonly #acknowledged: Acknowledged;
  readonly #reader: Reader;
  readonly #space: Space;
  readonly #room: Room;
  readonly #checkpoints: Checkpoints;
  readonly #groups: Groups;
  #epoch: string;
  #order: number;
  #entry: number;
  readonly #appender: Appender;
  #unsynced: Unsynced | null;
  #isEpochOver = false;
  /** Groups that are in the memory and not on this disk; so many of them stood in the memory with which a segment began. */
  #missed = 0;
  #caughtUp = 0;
  readonly #counts = { recordsWritten: 0, bytesWritten: 0, syncs: 0 };

  constructor(setup: LogSetup, recovered: Recovered, acknowledged: Acknowledged) {
    this.#setup = setup;
    const segmentBytes = setup.options.segmentBytes ?? segmentBytesDefault;
    const { sealer } = setup.sealing ?? {};
    this.#context = { boot: setup.machine.clock.now().boot, ...(sealer === undefined ? {} : { seal: sealer.by }) };
    this.#segments = recovered.segments;
    this.#heads = recovered.heads;
    this.#acknowledged = acknowledged;
    this.#order = recovered.order;
    this.#entry = recovered.entry;
    this.#unsynced = recovered.unsynced;
    this.#reader = new Reader(setup.disk, this.#segments, { ...setup, open: sealer?.open ?? openerOf(null) });
    this.#space = new Space(setup.disk, { ...setup.options, segmentBytes }, recovered);
    const { machine, onTrouble } = setup;
    const { untold } = recovered;
    const leaveNote = (note: JournalDraft) => this.#leaveNote(note);
    this.#room = new Room({ space: this.#space, clock: machine.clock, onTrouble, leaveNote, untold });
    this.#checkpoints = new Checkpoints(setup.signer, machine);
    const { segments, nextNumber } = recovered;
    const onBegin = (segment: Segment) => this.#reader.added(segment, []);
    this.#appender = new Appender({ ...setup, segments, space: this.#space, segmentBytes, nextNumber, onBegin });
    this.#groups = new Groups(setup.machine, (group) => this.#commit(group));
    this.#epoch = this.#segments.at(-1)?.header.epoch ?? "";
    if (this.#epoch === "") this.#startEpoch();
    this.#isEpochOver = recovered.isEndUnknown;
    this.#leaveEpochIfBehind(this.acknowledged());
  }

  append(drafts: readonly JournalDraft[], sync = false): Promise<Appended> {
    if (drafts.length === 0) return Promise.resolve({ records: [], refused: [] });
    return this.#groups.add(drafts, sync);
  }

  /** Drafts that go elsewhere while this disk is left alone: they stand at the beginning of its next segment. */
  miss(drafts: readonly JournalDraft[]): void {
    drafts.forEach(this.#setup.memory.remember);
    this.#missed += 1;
  }

  /** Something is remembered that is not on this disk; a segment that begins with the memory brings it there. */
  isBehind(): boolean {
    return this.#missed > this.#caughtUp;
  }

  read(from: Position, max: number) {
    return this.#reader.read(from, max);
  }

  heads(): readonly LaneHead[] {
    return [...this.#heads.values()];
  }

  async acknowledge(heads: readonly LaneHead[]): Promise<void> {
    const ours = heads.filter((head) => this.#heads.has(laneKey(head)));
    this.#leaveEpochIfBehind(ours);
    await this.#acknowledged.take(ours);
  }

  acknowledged(): readonly LaneHead[] {
    return [...this.#acknowledged.heads.values()];
  }

  replay() {
    return this.#reader.replay();
  }

  /** What was recorded before this start comes back into the memory. */
  recall(): Promise<void> {
    return recallInto(this.#setup, this.#reader.recall());
  }

  status(): JournalStatus {
    return {
      epoch: this.#epoch,
      volatile: !this.#setup.durable,
      space: this.#space.level,
      ...this.#counts,
      ...this.#room.counts(),
      segments: this.#segments.length,
      usedBytes: this.#space.usedBytes(),
      lastEntry: this.#entry,
    };
  }

  async close(): Promise<void> {
    await this.#groups.flush();
    await this.#room.settled();
    if (this.#checkpoints.hasUnsigned()) await this.#appendGroup([], true);
    await this.#appender.seal();
    await this.#reader.save(true);
    await this.#acknowledged.save();
  }

  #startEpoch(): void {
    this.#epoch = Buffer.from(this.#setup.machine.random.bytes(epochBytes)).toString("hex");
    this.#order = 0;
    for (const head of emptyHeads(this.#epoch)) this.#heads.set(laneKey(head), head);
  }

  /** The hub has records of this epoch that we do not: our disk lost its end. Their numbers must not be given again. */
  #leaveEpochIfBehind(stated: readonly LaneHead[]): void {
    const ahead = stated.find(
      (head) => head.epoch === this.#epoch && head.sequence > (this.#heads.get(laneKey(head))?.sequence ?? 0),
    );
    if (ahead === undefined || this.#isEpochOver) return;
    const place = `${ahead.epoch}/${ahead.lane}/${ahead.sequence}`;
    this.#setup.onTrouble(trouble("journal.chain-broken", place, "the hub has it, this disk has lost it; new epoch"));
    this.#isEpochOver = true;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const drafts = group
      .flatMap((waiting) => waiting.drafts)
      .filter(({ entry }) => entry === undefined || entry > this.#entry);
    try {
      const { records, refused } = await this.#store(drafts);
      drafts.forEach(this.#setup.memory.remember);
      this.#entry = Math.max(this.#entry, ...drafts.map(({ entry }) => entry ?? 0));
      answer(group, records, refused);
    } catch (error) {
      this.miss(drafts);
      await this.#appender.seal();
      for (const { reject } of group) reject(error);
    }
  }

  async #store(drafts: readonly JournalDraft[]) {
    if (this.#isEpochOver) await this.#changeEpoch();
    if (this.#room.isDue()) await this.#assess();
    const refused = new Set(drafts.filter((draft) => !this.#room.accepts(draft)));
    const accepted = drafts.filter((draft) => !refused.has(draft));
    const records = await this.#write(accepted, refused);
    this.#room.countRefused(refused.size);
    return { records, refused };
  }

  /** Writes what it can; drafts for which there is no space join `refused`. Rejects when an alarm cannot be written. */
  async #write(drafts: readonly JournalDraft[], refused: Set<JournalDraft>) {
    if (drafts.length === 0) return new Map<JournalDraft, never>();
    const isUrgent = drafts.some(({ lane }) => lane === "alarm");
    try {
      return (await this.#appendGroup(drafts)) ?? (await this.#beginSegment(drafts, isUrgent));
    } catch (error) {
      if (isUrgent || !(error instanceof PortcullisError) || error.trouble.code !== "journal.disk-full") throw error;
      this.#space.full();
      for (const draft of drafts) refused.add(draft);
      return new Map<JournalDraft, never>();
    }
  }

  /** The drafts' records, or null when they are to go into a new segment. */
  async #appendGroup(drafts: readonly JournalDraft[], isLast = false) {
    if (this.isBehind()) return null;
    const chained = this.#chain(drafts, isLast);
    const written = await this.#appender.append(groupLines(chained.entries, this.#context));
    return written === null ? null : this.#note(written, chained, drafts);
  }

  /** A new segment begins with what was not synced before the start, then with all that is remembered. */
  async #beginSegment(drafts: readonly JournalDraft[], isUrgent: boolean) {
    await this.#assess();
    const missed = this.#missed;
    const all = [...this.#setup.memory.kept(this.#setup.machine.clock.now()), ...drafts];
    const chained = this.#chain(all, true);
    const lines = groupLines([...(this.#unsynced?.entries ?? []), ...chained.entries], this.#context);
    const written = await this.#appender.begin(lines, this.#header(), isUrgent);
    this.#caughtUp = missed;
    this.#unsynced = null;
    const records = this.#note(written, chained, all);
    await this.#reader.save();
    return records;
  }

  /** The group is on the medium. */
  #note({ segment, index, bytes }: Written, { entries, heads }: Chained, drafts: readonly JournalDraft[]) {
    this.#reader.added(segment, index);
    for (const [key, head] of heads) this.#heads.set(key, head);
    this.#order += entries.length;
    this.#checkpoints.written(entries);
    this.#counts.syncs += 1;
    this.#counts.recordsWritten += index.length;
    this.#counts.bytesWritten += bytes;
    return new Map(drafts.map((draft, at) => [draft, entries[at]?.record]));
  }

  #chain(drafts: readonly JournalDraft[], isSealed: boolean): Chained {
    const { options: origin, durable, machine, sealing } = this.#setup;
    const from = { origin, durable, sealing, epoch: this.#epoch, heads: this.#heads, order: this.#order };
    return this.#checkpoints.seal(chainDrafts(drafts, from, machine.random), from, isSealed);
  }

  #header(): SegmentHeader {
    const { options, machine } = this.#setup;
    const heads = this.heads().filter(({ epoch }) => epoch === this.#epoch);
    const present = { heads, order: this.#order, entry: this.#entry };
    const stands = { epoch: this.#epoch, ...(this.#unsynced ?? present), ...this.#context };
    return headerFrom(options, stands, machine.clock.now());
  }

  async #changeEpoch(): Promise<void> {
    await this.#appender.seal();
    this.#startEpoch();
    this.#unsynced = null;
    this.#isEpochOver = false;
  }

  async #leaveNote(note: JournalDraft): Promise<boolean> {
    try {
      return (await this.append([note])).records.length > 0;
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.disk-full", note.subject, String(error)));
      return false;
    }
  }

  async #assess(): Promise<void> {
    // What was refused is remembered, and is to be on the disk again.
    if (await this.#room.assess(this.#acknowledged.heads)) await this.#appender.seal();
  }
}
