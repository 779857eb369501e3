// The log of one disk: numbers and chains the drafts, writes them in groups, knows what the hub has of them.
import type { Disk } from "../machine/ports.js";
import { PortcullisError } from "../model/error.js";
import type { Lane, LaneHead } from "../model/record.js";
import { makeRecord } from "../record/make.js";
import { laneKey } from "../record/verify.js";
import { loadAcknowledged, saveAcknowledged } from "./acknowledged.js";
import { Appender, groupLines } from "./appender.js";
import { Groups, type Waiting } from "./group.js";
import type {
  Appended,
  Journal,
  JournalDraft,
  JournalMachine,
  JournalOptions,
  JournalStatus,
  OnTrouble,
} from "./journal.js";
import type { Entry, SegmentHeader } from "./line.js";
import { type Position, Reader } from "./reader.js";
import { emptyHeads, type Recovered, recover, trouble } from "./recover.js";
import type { Segment } from "./segment.js";
import { Space } from "./space.js";

const segmentBytesDefault = 2 * 1024 * 1024;
/** While there is too little space it is looked at again after this long; acknowledgements are saved as often. */
const againMs = 10_000;
const saltBytes = 16;
const epochBytes = 8;

export interface LogSetup {
  readonly disk: Disk;
  readonly machine: JournalMachine;
  readonly options: JournalOptions;
  /** False for the log in memory: its records say so. */
  readonly durable: boolean;
  readonly onTrouble: OnTrouble;
}

/** Opens the log in `setup.disk` and finds its end again. Rejects with the system's error when the disk cannot be read. */
export async function openLog(setup: LogSetup): Promise<Log> {
  const recovered = await recover(setup.disk, setup.options.run);
  const acknowledged = await loadAcknowledged(setup.disk);
  recovered.troubles.forEach(setup.onTrouble);
  return new Log(setup, recovered, acknowledged);
}

export class Log implements Journal {
  readonly #setup: LogSetup;
  readonly #boot: string;
  readonly #segments: Segment[];
  readonly #heads: Map<string, LaneHead>;
  readonly #acknowledged: Map<string, LaneHead>;
  readonly #reader: Reader;
  readonly #space: Space;
  readonly #groups: Groups;
  #epoch: string;
  #order: number;
  #entry: number;
  readonly #appender: Appender;
  #isEpochOver = false;
  #assessedAt = Number.NEGATIVE_INFINITY;
  #savedAt: number;
  readonly #counts = { refused: 0, retired: 0, bytesWritten: 0, syncs: 0 };
  #refusedUntold = 0;
  #announced: JournalStatus["space"] = "all";

  constructor(setup: LogSetup, recovered: Recovered, acknowledged: Map<string, LaneHead>) {
    this.#setup = setup;
    const segmentBytes = setup.options.segmentBytes ?? segmentBytesDefault;
    this.#boot = setup.machine.clock.now().boot;
    this.#segments = recovered.segments;
    this.#heads = recovered.heads;
    this.#acknowledged = acknowledged;
    this.#order = recovered.order;
    this.#entry = recovered.entry;
    this.#reader = new Reader(setup.disk, this.#segments, setup.onTrouble);
    this.#space = new Space(setup.disk, { ...setup.options, segmentBytes }, this.#segments);
    const { segments, nextNumber } = recovered;
    const onBegin = (segment: Segment) => this.#reader.added(segment, []);
    this.#appender = new Appender({ ...setup, segments, space: this.#space, segmentBytes, nextNumber, onBegin });
    this.#groups = new Groups(setup.machine, (group) => this.#commit(group));
    this.#savedAt = setup.machine.clock.mono();
    this.#epoch = this.#segments.at(-1)?.header.epoch ?? "";
    if (this.#epoch === "") this.#startEpoch();
    this.#leaveEpochIfBehind([...acknowledged.values()]);
  }

  append(drafts: readonly JournalDraft[], sync = false): Promise<Appended> {
    if (drafts.length === 0) return Promise.resolve({ records: [], refused: [] });
    return this.#groups.add(drafts, sync);
  }

  read(from: Position, max: number) {
    return this.#reader.read(from, max);
  }

  heads(): readonly LaneHead[] {
    return [...this.#heads.values()];
  }

  async acknowledge(heads: readonly LaneHead[]): Promise<void> {
    const ours = heads.filter((head) => this.#heads.has(laneKey(head)));
    for (const head of ours) this.#acknowledged.set(laneKey(head), head);
    this.#leaveEpochIfBehind(ours);
    const mono = this.#setup.machine.clock.mono();
    if (mono - this.#savedAt < againMs) return;
    this.#savedAt = mono;
    await this.#saveAcknowledged();
  }

  acknowledged(): readonly LaneHead[] {
    return [...this.#acknowledged.values()];
  }

  replay(fromOrder: number) {
    return this.#reader.replay(fromOrder);
  }

  status(): JournalStatus {
    return {
      epoch: this.#epoch,
      volatile: !this.#setup.durable,
      space: this.#space.level,
      ...this.#counts,
      segments: this.#segments.length,
      usedBytes: this.#space.usedBytes(),
      lastEntry: this.#entry,
    };
  }

  async close(): Promise<void> {
    await this.#groups.flush();
    await this.#appender.seal();
    if (this.#acknowledged.size > 0) await this.#saveAcknowledged();
  }

  async #saveAcknowledged(): Promise<void> {
    try {
      await saveAcknowledged(this.#setup.disk, this.#acknowledged);
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.sync-failed", "acknowledged", String(error)));
    }
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

  // --- one group -------------------------------------------------------------------------------------------------------

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const drafts = group
        .flatMap((waiting) => waiting.drafts)
        .filter(({ entry }) => entry === undefined || entry > this.#entry);
      if (this.#isEpochOver) await this.#changeEpoch();
      if (this.#space.level !== "all" && this.#setup.machine.clock.mono() - this.#assessedAt >= againMs)
        await this.#assess();
      const refused = new Set(drafts.filter(({ lane }) => !lanesAt[this.#space.level].includes(lane)));
      const records = await this.#write(
        drafts.filter((draft) => !refused.has(draft)),
        refused,
      );
      this.#countRefused(refused.size);
      this.#entry = Math.max(this.#entry, ...drafts.map(({ entry }) => entry ?? 0));
      for (const { drafts, resolve } of group) {
        resolve({
          records: drafts.flatMap((draft) => records.get(draft) ?? []),
          refused: drafts.filter((draft) => refused.has(draft)),
        });
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  /** Writes what it can; drafts for which there is no space join `refused`. Rejects when an alarm cannot be written. */
  async #write(drafts: readonly JournalDraft[], refused: Set<JournalDraft>) {
    const { entries, heads } = this.#chain(drafts);
    const records = new Map(entries.map((entry, at) => [drafts[at], entry.record]));
    if (entries.length === 0) return records;
    const lines = groupLines(entries, this.#boot);
    if (!this.#appender.hasRoom(lines.reduce((sum, { line }) => sum + line.length, 0))) await this.#assess();
    const isUrgent = drafts.some(({ lane }) => lane === "alarm");
    try {
      const { segment, index, bytes } = await this.#appender.write(lines, this.#header(), isUrgent);
      this.#reader.added(segment, index);
      for (const [key, head] of heads) this.#heads.set(key, head);
      this.#order += entries.length;
      this.#counts.bytesWritten += bytes;
      this.#counts.syncs += 1;
      return records;
    } catch (error) {
      if (isUrgent || !(error instanceof PortcullisError) || error.trouble.code !== "journal.disk-full") throw error;
      this.#space.full();
      for (const draft of drafts) refused.add(draft);
      return new Map<JournalDraft | undefined, never>();
    }
  }

  /** Records for the drafts and the heads that the lanes will have; nothing of it counts before it is written. */
  #chain(drafts: readonly JournalDraft[]) {
    const heads = new Map<string, LaneHead>();
    const entries = drafts.map((draft, at): Entry => {
      const key = laneKey({ epoch: this.#epoch, lane: draft.lane });
      const head = heads.get(key) ?? this.#heads.get(key);
      if (head === undefined) throw new Error(`no head for ${key}`);
      const salt = Buffer.from(this.#setup.machine.random.bytes(saltBytes)).toString("hex");
      const place = { head, order: this.#order + at + 1, salt, durable: this.#setup.durable };
      const made = makeRecord(this.#setup.options, draft, place);
      heads.set(key, made.head);
      return { record: made.record, entry: draft.entry };
    });
    return { entries, heads };
  }

  #header(): SegmentHeader {
    const { site, edge, run } = this.#setup.options;
    const heads = this.heads().filter(({ epoch }) => epoch === this.#epoch);
    const { wall, clock } = this.#setup.machine.clock.now();
    const [epoch, boot, order, entry] = [this.#epoch, this.#boot, this.#order, this.#entry];
    return { portcullis: 1, site, edge, epoch, boot, wall, clock, order, heads, run, entry };
  }

  async #changeEpoch(): Promise<void> {
    await this.#appender.seal();
    this.#startEpoch();
    this.#isEpochOver = false;
  }

  // --- space -----------------------------------------------------------------------------------------------------------

  async #assess(): Promise<void> {
    const now = this.#setup.machine.clock.now();
    this.#assessedAt = now.mono;
    for (const { limit, epoch, ranges } of await this.#space.assess(this.#acknowledged, now)) {
      this.#counts.retired += 1;
      this.#note(limit, `retired ${epoch}: ${ranges}`);
    }
    if (this.#space.level !== "all" || this.#refusedUntold === 0) return;
    this.#note("journal.space", `refused ${this.#refusedUntold} records`);
    this.#refusedUntold = 0;
    this.#announced = "all";
  }

  #countRefused(count: number): void {
    if (count === 0) return;
    if (this.#announced !== this.#space.level) {
      this.#announced = this.#space.level;
      this.#setup.onTrouble(trouble("journal.disk-full", "journal", this.#space.level));
    }
    this.#refusedUntold += count;
    this.#counts.refused += count;
  }

  /** A tombstone: what was deleted or refused stays visible in the record. */
  #note(limit: string, detail: string): void {
    const now = this.#setup.machine.clock.now();
    const data = { limit, detail };
    const note = { type: "limit.reached", lane: "state", subject: limit, data, now, exercise: false } as const;
    this.append([note]).catch((error) => this.#setup.onTrouble(trouble("journal.disk-full", limit, String(error))));
  }
}

const lanesAt: Record<JournalStatus["space"], readonly Lane[]> = {
  all: ["alarm", "state", "telemetry"],
  "no-telemetry": ["alarm", "state"],
  "alarms-only": ["alarm"],
};
