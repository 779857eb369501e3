// When something that changes often is written to the disk: changes are gathered, one writing at a time, off the thread that asks.
import type { MonoMs } from "../model/time.js";
import type { Clock, Timer } from "./ports.js";

export interface SavingOptions {
  readonly clock: Pick<Clock, "mono">;
  readonly timer: Timer;
  /** Changes are gathered for so long; what could not be written is tried again after it. */
  readonly gatherMs: MonoMs;
  /** At the end the disk is waited for so long. */
  readonly closeWithinMs: MonoMs;
  /** Takes what there is when it is called. False: it could not be written. Never rejects. */
  readonly write: () => Promise<boolean>;
}

export interface Saving {
  changed(): void;
  /** What has changed by now is written at once. False: it could not be, and is tried again later. Never rejects. */
  kept(): Promise<boolean>;
  close(): Promise<void>;
}

export function createSaving({ clock, timer, gatherMs, closeWithinMs, write }: SavingOptions): Saving {
  let isUnsaved = false;
  let isGood = true;
  let writing: Promise<void> | null = null;
  let cancel: (() => void) | null = null;

  function plan(): void {
    isUnsaved = true;
    cancel ??= timer.at(clock.mono() + gatherMs, () => void save());
  }

  async function writeOnce(): Promise<void> {
    isUnsaved = false;
    isGood = await write();
    writing = null;
    if (!isGood) plan();
  }

  async function save(): Promise<void> {
    cancel?.();
    cancel = null;
    while (writing !== null) await writing;
    // Somebody who waited too has written it.
    if (!isUnsaved) return;
    writing = writeOnce();
    await writing;
  }

  async function kept(): Promise<boolean> {
    await save();
    return isGood;
  }

  return {
    changed: plan,
    kept,
    async close() {
      await new Promise<void>((resolve) => {
        const cancelLate = timer.at(clock.mono() + closeWithinMs, resolve);
        void save().then(() => {
          cancelLate();
          resolve();
        });
      });
      cancel?.();
    },
  };
}
