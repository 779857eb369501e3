// Remembers across restarts what the hub has on its disk. Losing the newest of it costs nothing: the hub states it anew.
import type { Clock, Disk } from "../machine/ports.js";
import type { LaneHead } from "../model/record.js";
import { isHead } from "../record/shape.js";
import { laneKey } from "../record/verify.js";
import type { OnTrouble } from "./journal.js";
import { decodeLine, encodeLine } from "./line.js";
import { trouble } from "./recover.js";

const name = "acknowledged";
/** It is saved at most so often, ms. */
const againMs = 10_000;

export interface AcknowledgedSetup {
  readonly disk: Disk;
  readonly machine: { readonly clock: Clock };
  readonly onTrouble: OnTrouble;
}

/** Empty when there is none or it cannot be read. */
export async function loadAcknowledged(setup: AcknowledgedSetup): Promise<Acknowledged> {
  const { disk } = setup;
  if (!(await disk.list()).includes(name)) return new Acknowledged(setup, []);
  const file = await disk.open(name, "read");
  try {
    const bytes = Buffer.from(await file.read(0, await file.size()));
    const heads = decodeLine(bytes.subarray(0, -1))?.value;
    if (Array.isArray(heads) && heads.every(isHead)) return new Acknowledged(setup, heads);
    setup.onTrouble(trouble("journal.misshapen", name, "no list of heads; the hub states them anew"));
    return new Acknowledged(setup, []);
  } finally {
    await file.close();
  }
}

export class Acknowledged {
  readonly #setup: AcknowledgedSetup;
  /** By `laneKey`. */
  readonly heads: Map<string, LaneHead>;
  #savedAt: number;

  constructor(setup: AcknowledgedSetup, heads: readonly LaneHead[]) {
    this.#setup = setup;
    this.heads = new Map(heads.map((head) => [laneKey(head), head]));
    this.#savedAt = setup.machine.clock.mono();
  }

  /** Takes note of what the hub states, and saves it when that was long ago. */
  async take(heads: readonly LaneHead[]): Promise<void> {
    for (const head of heads) this.heads.set(laneKey(head), head);
    const mono = this.#setup.machine.clock.mono();
    if (mono - this.#savedAt < againMs) return;
    this.#savedAt = mono;
    await this.save();
  }

  async save(): Promise<void> {
    if (this.heads.size === 0) return;
    try {
      await this.#write();
    } catch (error) {
      this.#setup.onTrouble(trouble("journal.sync-failed", name, String(error)));
    }
  }

  async #write(): Promise<void> {
    const { disk } = this.#setup;
    const file = await disk.open(`${name}.new`, "create");
    try {
      await file.write(0, encodeLine(true, [...this.heads.values()]));
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(`${name}.new`, name);
    await disk.syncFolder();
  }
}
