// The worker's end of a driver that runs in a thread of its own: carries the Driver port over messages.
import { parentPort } from "node:worker_threads";
import type { Driver, DriverHealth } from "../model/driver.js";
import type { Sample, WriteRequest, WriteResult } from "../model/point.js";
import type { Clock, Timer } from "./ports.js";

export type ToWorker = { readonly kind: "write"; readonly request: WriteRequest } | { readonly kind: "close" };

export type FromWorker =
  | { readonly kind: "opened" }
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "result"; readonly result: WriteResult }
  | { readonly kind: "link"; readonly up: boolean; readonly reason: string }
  | { readonly kind: "trouble"; readonly code: string; readonly detail: string }
  | { readonly kind: "health"; readonly health: DriverHealth }
  | { readonly kind: "closed" };

/** The worker says how it is this often; its silence means that it hangs. */
export const healthEveryMs = 1_000;

/** Opens `driver` and serves it to the thread that started this worker. An `open` that rejects ends the worker. */
export async function serveDriver(
  driver: Driver,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this file runs as a worker only");
  const tell = (message: FromWorker) => port.postMessage(message);
  const tellHealth = () => {
    tell({ kind: "health", health: driver.health() });
    machine.timer.at(machine.clock.mono() + healthEveryMs, tellHealth);
  };
  port.on("message", (message: ToWorker) => {
    if (message.kind === "write") driver.write(message.request);
    else void driver.close().then(() => tell({ kind: "closed" }));
  });
  tellHealth();
  await driver.open({
    sample: (sample) => tell({ kind: "sample", sample }),
    result: (result) => tell({ kind: "result", result }),
    link: (up, reason) => {
      tell({ kind: "health", health: driver.health() });
      tell({ kind: "link", up, reason });
    },
    trouble: (code, detail) => tell({ kind: "trouble", code, detail }),
  });
  tell({ kind: "opened" });
}
