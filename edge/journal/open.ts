// Opens the journal: on the disk, and in memory while no disk can be written, so that alarms still go up (rule 10).
import { createMemoryDisk } from "../machine/memory-disk.js";
import type { Disk } from "../machine/ports.js";
import { PortcullisError, type Trouble } from "../model/error.js";
import type { LaneHead } from "../model/record.js";
import type { Signer } from "../record/sign.js";
import type { Sealing } from "./chain.js";
import type { Appended, Journal, JournalDraft, JournalMachine, JournalOptions, Memory, OnTrouble } from "./journal.js";
import { type Log, openLog } from "./log.js";
import type { Position } from "./reader.js";
import { trouble } from "./recover.js";
import { noteOf } from "./room.js";

/** Memory for records while there is no disk. */
const volatileBytesMax = 16 * 1024 * 1024;
const volatileSegmentBytes = 1024 * 1024;
/** While there is no disk it is tried again after this long. */
const retryMs = 10_000;

export interface JournalSetup {
  /** Gives the disk; asked again after a failure. */
  readonly disk: () => Promise<Disk>;
  readonly machine: JournalMachine;
  readonly options: JournalOptions;
  /** Holds, when the journal is open, what the disk's records amount to. */
  readonly memory: Memory;
  /** Signs checkpoints; without it there are none. */
  readonly signer?: Signer | undefined;
  /** Without it nothing is sealed on the disk. */
  readonly sealing?: Sealing | undefined;
  readonly onTrouble: OnTrouble;
}

/** Never rejects: without a disk the journal begins in memory. */
export async function openJournal(setup: JournalSetup): Promise<Journal> {
  const journal = new FallbackJournal(setup, await openInMemory(setup));
  await journal.tryDisk();
  await journal.recall();
  return journal;
}

/** Its records are for the hub only: nothing of it is read at a start. */
function openInMemory({ machine, options, signer, onTrouble }: JournalSetup): Promise<Log> {
  return openLog({
    disk: createMemoryDisk(volatileBytesMax),
    machine,
    memory: { remember: () => undefined, kept: () => [] },
    options: { ...options, quotaBytes: volatileBytesMax, reserveBytes: 0, segmentBytes: volatileSegmentBytes },
    durable: false,
    signer,
    onTrouble,
  });
}

class FallbackJournal implements Journal {
  readonly #setup: JournalSetup;
  readonly #memory: Log;
  #disk: Log | null = null;
  #opening: Promise<void> | null = null;
  #isVolatile = false;
  /** Some record of this run is in memory only. */
  #hasVolatile = false;
  #retryAt = 0;
  #cancelRetry: () => void = () => undefined;

  constructor(setup: JournalSetup, memory: Log) {
    this.#setup = setup;
    this.#memory = memory;
  }

  /** Opens the log on the disk, once at a time; a failure begins the volatile epoch. */
  tryDisk(): Promise<void> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<void> {
    const { disk, ...rest } = this.#setup;
    try {
      this.#disk = await openLog({ ...rest, disk: await disk(), durable: true });
    } catch (error) {
      this.#toMemory(trouble("journal.sync-failed", "journal", String(error)));
    }
  }

  /** A disk that is found later than the start adds nothing: what the box holds by then is the truth. */
  async recall(): Promise<void> {
    try {
      await this.#disk?.recall();
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.corrupt", "journal", `not read to its end: ${String(error)}`));
    }
  }

  async append(drafts: readonly JournalDraft[], sync = false): Promise<Appended> {
    if (this.#isLeftAlone()) return this.#appendVolatile(drafts, sync);
    if (this.#disk === null) await this.tryDisk();
    if (this.#disk === null) return this.#appendVolatile(drafts, sync);
    try {
      const appended = await this.#disk.append(drafts, sync);
      this.#isVolatile = false;
      return appended;
    } catch (error) {
      const failed = trouble("journal.sync-failed", "journal", String(error));
      this.#toMemory(error instanceof PortcullisError ? error.trouble : failed);
      return this.#keepInMemory(drafts, sync);
    }
  }

  /** Until the retry, unless a group that was on its way already has shown that the disk takes records again. */
  #isLeftAlone(): boolean {
    return this.#isVolatile && this.#setup.machine.clock.mono() < this.#retryAt && (this.#disk?.isBehind() ?? true);
  }

  /** Not left to the next record: what is in memory only must not wait for it. */
  async #retry(): Promise<void> {
    if (this.#disk === null) await this.tryDisk();
    if (this.#disk === null || !this.#isVolatile) return;
    const detail = `records of epoch ${this.#memory.status().epoch} are in memory only`;
    const note = noteOf("journal.volatile", detail, this.#setup.machine.clock);
    try {
      const { refused } = await this.#disk.append([note], true);
      if (refused.length > 0) this.#retryLater();
      else this.#isVolatile = false;
    } catch {
      // Told when the volatile epoch began.
      this.#retryLater();
    }
  }

  #retryLater(): void {
    const { clock, timer } = this.#setup.machine;
    this.#retryAt = clock.mono() + retryMs;
    this.#cancelRetry();
    this.#cancelRetry = timer.at(this.#retryAt, () => void this.#retry());
  }

  /** What the disk has not been asked to take it finds at the beginning of its next segment. */
  #appendVolatile(drafts: readonly JournalDraft[], sync: boolean): Promise<Appended> {
    if (this.#disk === null) drafts.forEach(this.#setup.memory.remember);
    else this.#disk.miss(drafts);
    return this.#keepInMemory(drafts, sync);
  }

  #keepInMemory(drafts: readonly JournalDraft[], sync: boolean): Promise<Appended> {
    this.#hasVolatile = true;
    return this.#memory.append(drafts, sync);
  }

  async read(from: Position, max: number) {
    const log = this.#ofEpoch(from.epoch);
    return log === null ? [] : log.read(from, max);
  }

  heads(): readonly LaneHead[] {
    const onDisk = this.#disk?.heads() ?? [];
    if (!this.#hasVolatile) return onDisk;
    const inMemory = this.#memory.heads();
    const epochs = new Set(inMemory.flatMap(({ epoch, sequence }) => (sequence > 0 ? [epoch] : [])));
    return [...onDisk, ...inMemory.filter(({ epoch }) => epochs.has(epoch))];
  }

  async acknowledge(heads: readonly LaneHead[]): Promise<void> {
    await this.#memory.acknowledge(heads);
    await this.#disk?.acknowledge(heads);
  }

  acknowledged(): readonly LaneHead[] {
    return [...(this.#disk?.acknowledged() ?? []), ...this.#memory.acknowledged()];
  }

  async *replay() {
    if (this.#disk !== null) yield* this.#disk.replay();
    yield* this.#memory.replay();
  }

  status() {
    const volatile = this.#isVolatile || this.#disk === null;
    const { epoch } = volatile ? this.#memory.status() : {};
    return { ...(this.#disk ?? this.#memory).status(), volatile, ...(epoch === undefined ? {} : { epoch }) };
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    await this.#memory.close();
    await this.#disk?.close();
  }

  #ofEpoch(epoch: string): Log | null {
    return this.#memory.heads().some((head) => head.epoch === epoch) ? this.#memory : this.#disk;
  }

  #toMemory({ code, detail }: Trouble): void {
    this.#retryLater();
    if (!this.#isVolatile) this.#setup.onTrouble(trouble("journal.volatile", "journal", `${code}: ${detail}`));
    this.#isVolatile = true;
  }
}
