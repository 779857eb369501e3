// Decides when the box signs where its lanes stand: at the beginning of a segment, which is the end of the one before, after
// so many records or so long a time, and when the journal is closed in order.
import type { Clock } from "../machine/ports.js";
import type { LaneHead } from "../model/record.js";
import { checkpointType, signCheckpoint } from "../record/checkpoint.js";
import { type Origin, sourceOf } from "../record/make.js";
import type { Signer } from "../record/sign.js";
import { type Chained, chainDrafts, type Standing } from "./chain.js";
import type { JournalDraft, JournalMachine } from "./journal.js";
import type { Entry } from "./line.js";

/** At most so many records are unsigned on a disk. */
export const unsignedRecordsMax = 1000;
/** The first group after this long ends with a checkpoint. */
const unsignedMsMax = 600_000;

export class Checkpoints {
  readonly #signer: Signer | undefined;
  readonly #machine: JournalMachine;
  #unsigned = 0;
  #signedAt = Number.NEGATIVE_INFINITY;

  constructor(signer: Signer | undefined, machine: JournalMachine) {
    this.#signer = signer;
    this.#machine = machine;
  }

  /** Records have reached the disk that no checkpoint follows. */
  hasUnsigned(): boolean {
    return this.#signer !== undefined && this.#unsigned > 0;
  }

  /** The group with a checkpoint at its end, when one is due or `isDue`. */
  seal(chained: Chained, from: Standing, isDue: boolean): Chained {
    const { clock, random } = this.#machine;
    const isLate = clock.mono() - this.#signedAt >= unsignedMsMax;
    const isMany = this.#unsigned + chained.entries.length + 1 >= unsignedRecordsMax;
    if (this.#signer === undefined || !(isDue || isLate || isMany)) return chained;
    const heads = new Map([...from.heads, ...chained.heads]);
    const order = from.order + chained.entries.length;
    // Epochs that are over do not change: they are named once per segment.
    const named = [...heads.values()].filter(({ epoch, sequence }) => sequence > 0 && (isDue || epoch === from.epoch));
    const draft = draftOf(named, { ...from, order }, { clock, signer: this.#signer });
    const sealed = chainDrafts([draft], { ...from, heads, order }, random);
    return { entries: [...chained.entries, ...sealed.entries], heads: new Map([...chained.heads, ...sealed.heads]) };
  }

  /** These have reached the disk. */
  written(entries: readonly Entry[]): void {
    if (entries.at(-1)?.record.type === checkpointType) {
      this.#unsigned = 0;
      this.#signedAt = this.#machine.clock.mono();
    } else this.#unsigned += entries.length;
  }
}

function draftOf(
  heads: readonly LaneHead[],
  { origin, epoch, order }: { origin: Origin; epoch: string; order: number },
  { clock, signer }: { clock: Clock; signer: Signer },
): JournalDraft {
  const now = clock.now();
  const about = { source: sourceOf(origin), time: new Date(now.wall).toISOString() };
  const data = { ...signCheckpoint({ epoch, order, heads }, about, signer) };
  return { type: checkpointType, lane: "state", subject: origin.edge, data, now, exercise: false };
}
