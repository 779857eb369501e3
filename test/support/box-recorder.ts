// The recorder of the box that the tests' hub knows, compound.gatehouse, with the journal of an office on a small disk.
import { join } from "node:path";
import { type Recorder, startRecorder } from "../../edge/agent/recorder.js";
import type { RecorderOptions } from "../../edge/agent/recorder-messages.js";
import { initialOffice } from "./journal.js";

export interface BoxFolders {
  readonly dataDir: string;
  readonly keysDir: string;
  /** Holds `ca.pem` and `edges/{certificate}.pem` and `.key`. */
  readonly pki: string;
  readonly certificate?: string;
}

/** It sends to the broker at `port` of this machine. */
export function startBoxRecorder(
  { dataDir, keysDir, pki, certificate = "compound.gatehouse" }: BoxFolders,
  port: number,
): Promise<Recorder> {
  const options: RecorderOptions = {
    dataDir,
    keysDir,
    secretIds: [],
    isAlone: false,
    site: "compound",
    edge: "gatehouse",
    initial: initialOffice(),
    journal: { retentionDays: 90, quotaMiB: 64, reserveMiB: 1 },
    uplink: {
      hubs: [`mqtts://127.0.0.1:${port}`],
      ca: join(pki, "ca.pem"),
      cert: join(pki, "edges", `${certificate}.pem`),
      key: join(pki, "edges", `${certificate}.key`),
    },
  };
  return startRecorder(options);
}
