// Watches over the reaction thread from a thread beside it: one that hangs is ended with its process, so that whoever runs the box
// starts it again and outputs are derived anew.
import { Worker } from "node:worker_threads";
import { builtFile } from "../machine/built.js";
import type { Clock, Timer } from "../machine/ports.js";

export interface WatchOver {
  /** Counts up while the thread lives. */
  readonly beats: Int32Array;
  /** So many looks in a row without a beat are a hang. Counted, not timed: after a suspension nobody was in time. */
  readonly looksMax: number;
}

const beatEveryMs = 500;
/** Looks come once a second; a slow disk or a large heap hold the loop up for less. */
const looksMaxDefault = 10;

/**
 * The process dies by SIGKILL when this thread's loop stands still for `looksMax` seconds. `failed`: nobody watches any more. The
 * returned function ends the watch.
 */
export function startWatchdog(
  { clock, timer }: { readonly clock: Clock; readonly timer: Timer },
  failed: (error: Error) => void,
  looksMax = looksMaxDefault,
): () => void {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(builtFile("edge/health/watchdog-worker.ts"), {
    workerData: { beats, looksMax } satisfies WatchOver,
  });
  worker.unref();
  worker.on("error", failed);
  let cancel: () => void = () => undefined;
  function beat(): void {
    Atomics.add(beats, 0, 1);
    cancel = timer.at(clock.mono() + beatEveryMs, beat);
  }
  beat();
  return () => {
    cancel();
    void worker.terminate();
  };
}
