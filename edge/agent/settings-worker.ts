// One job on the box's settings in a thread of its own, so that the reaction thread neither parses nor waits for a disk.
import { parentPort, workerData } from "node:worker_threads";
import type { Outcome } from "../model/revision.js";
import type { CheckedNext } from "./next-settings.js";
import type { Settings } from "./settings.js";
import { answerNext, storeNext } from "./stored-settings.js";

export type SettingsJob = { readonly dataDir: string } & (
  | { readonly kind: "check"; readonly present: Settings }
  | { readonly kind: "store"; readonly text: string }
  | { readonly kind: "answer"; readonly outcome: Outcome }
);

async function work(job: SettingsJob): Promise<CheckedNext | null> {
  switch (job.kind) {
    case "check": {
      // The checks take longer to load than the other jobs take altogether.
      const { checkNext } = await import("./next-settings.js");
      return checkNext(job.dataDir, job.present);
    }
    case "store":
      storeNext(job.dataDir, job.text);
      return null;
    case "answer":
      if (!answerNext(job.dataDir, job.outcome)) throw new Error("the disk cannot be written");
      return null;
  }
}

parentPort?.postMessage(await work(workerData as SettingsJob));
