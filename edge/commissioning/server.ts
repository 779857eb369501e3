// The reaction thread's end of the box's HTTP: starts the worker, hands it the status, starts it again when it dies.
import { Worker } from "node:worker_threads";
import { builtFile } from "../machine/built.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { BoxStatus } from "./status.js";

export interface BoxServer {
  /** Where it listens; null while it does not. */
  address(): string | null;
  tell(status: BoxStatus): void;
  close(): Promise<void>;
}

const restartAfterMs = 2_000;

/** Listens on `host` and `port`; a port that is taken is told as trouble and tried again. */
export function startBoxServer(
  listen: { readonly host: string; readonly port: number },
  machine: { readonly clock: Clock; readonly timer: Timer },
  trouble: (detail: string) => void,
): BoxServer {
  let worker: Worker | null = null;
  let address: string | null = null;
  let closed = false;

  function start(): void {
    if (closed) return;
    const started = new Worker(builtFile("edge/commissioning/server-worker.ts"), { workerData: listen });
    worker = started;
    started.on("message", (message: { address: string }) => {
      address = message.address;
    });
    started.on("error", (error) => trouble(error.message));
    started.on("exit", () => {
      worker = null;
      address = null;
      if (!closed) machine.timer.at(machine.clock.mono() + restartAfterMs, start);
    });
  }

  start();
  return {
    address: () => address,
    tell: (status) => worker?.postMessage(status),
    close: async () => {
      closed = true;
      await worker?.terminate();
    },
  };
}
