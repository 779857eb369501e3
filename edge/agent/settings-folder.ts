// The data folder's settings as the reaction thread sees them: one look each second, everything slow in a worker.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { builtFile } from "../machine/built.js";
import type { Clock, Timer } from "../machine/ports.js";
import { markOf } from "../machine/whole-file.js";
import { type Outcome, settingsFiles } from "../model/revision.js";
import type { CheckedNext } from "./next-settings.js";
import type { Settings } from "./settings.js";
import type { SettingsJob } from "./settings-worker.js";

/** Rejections carry the system's error, or say that the job was not done in time. */
export interface SettingsFolder {
  /** Changes whenever another file is waiting; null while none is. */
  waiting(): string | null;
  check(present: Settings): Promise<CheckedNext>;
  /** Resolves when it is on the disk. */
  store(text: string): Promise<void>;
  answer(outcome: Outcome): Promise<void>;
}

const jobWithinMs = 30_000;

export function openSettingsFolder(
  dataDir: string,
  machine: { readonly clock: Clock; readonly timer: Timer },
): SettingsFolder {
  function work(job: SettingsJob): Promise<CheckedNext | null> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(builtFile("edge/agent/settings-worker.ts"), { workerData: job });
      const late = () => {
        reject(new Error(`${job.kind} was not done within ${jobWithinMs} ms`));
        void worker.terminate();
      };
      const cancel = machine.timer.at(machine.clock.mono() + jobWithinMs, late);
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", (code) => {
        cancel();
        reject(new Error(`${job.kind} ended with code ${code}`));
      });
    });
  }

  return {
    waiting: () => markOf(join(dataDir, settingsFiles.next)),
    check: async (present) => (await work({ kind: "check", dataDir, present })) as CheckedNext,
    store: async (text) => {
      await work({ kind: "store", dataDir, text });
    },
    answer: async (outcome) => {
      await work({ kind: "answer", dataDir, outcome });
    },
  };
}
