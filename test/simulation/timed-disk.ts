// The simulated disk takes time: between a write and the end of its sync a crash can fall. Also where disk faults act.
import type { Disk, DiskFile } from "../../edge/machine/ports.js";
import type { RandomStream } from "../../simulators/plant/random.js";
import type { Life } from "./world.js";

export interface DiskHooks {
  /** Bytes were handed to the disk, not synced. */
  wrote(): void;
  /** Nothing is synced before this moment of the life's monotonic clock. */
  stalledUntil(): number;
}

const syncMs = { min: 1, span: 9 };

/** `disk` as one life of the box sees it. */
export function timedDisk(disk: Disk, life: Life, random: RandomStream, hooks: DiskHooks): Disk {
  async function busy(): Promise<void> {
    const stalled = Math.max(0, hooks.stalledUntil() - life.clock.mono());
    await life.delay(stalled + syncMs.min + syncMs.span * random.next());
  }
  const fileOf = (file: DiskFile): DiskFile => ({
    ...file,
    async write(offset, bytes) {
      await file.write(offset, bytes);
      hooks.wrote();
    },
    async sync() {
      await busy();
      await file.sync();
    },
  });
  return {
    ...disk,
    open: async (name, mode) => fileOf(await disk.open(name, mode)),
    async syncFolder() {
      await busy();
      await disk.syncFolder();
    },
  };
}
