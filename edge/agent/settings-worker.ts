// One job on the box's settings in a thread of its own, so that the reaction thread neither parses nor waits for a disk.
import { parentPort, workerData } from "node:worker_threads";
import type { Outcome } from "../model/revision.js";
import { answerNext, type CheckedNext, checkNext, storeNext } from "./next-settings.js";
import type { Settings } from "./settings.js";

export type SettingsJob = { readonly dataDir: string } & (
  | { readonly kind: "check"; readonly present: Settings }
  | { readonly kind: "store"; readonly text: string }
  | { readonly kind: "answer"; readonly outcome: Outcome }
);

function work(job: SettingsJob): CheckedNext | null {
  switch (job.kind) {
    case "check":
      return checkNext(job.dataDir, job.present);
    case "store":
      storeNext(job.dataDir, job.text);
      return null;
    case "answer":
      if (!answerNext(job.dataDir, job.outcome)) throw new Error("the disk cannot be written");
      return null;
  }
}

parentPort?.postMessage(work(workerData as SettingsJob));
