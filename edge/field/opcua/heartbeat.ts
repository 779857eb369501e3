// Whether the server lives: a connection is believed once the heartbeat has moved on it, and given up when it rests.
import type { DataValue } from "node-opcua";
import type { Machine } from "./waiting.js";

export interface Heartbeat {
  /** Begins the waiting: connected, and the server is asked to tell. */
  start(): void;
  saw(value: DataValue): void;
  stop(): void;
}

/** `onBeat` at each movement; `onRest` once, when there was none for `watchdogMs`. The first value seen is no movement. */
export function watchHeartbeat(
  watchdogMs: number,
  { clock, timer }: Machine,
  on: { readonly beat: () => void; readonly rest: () => void },
): Heartbeat {
  let last: string | null = null;
  let cancel: () => void = () => undefined;

  function wait(): void {
    cancel();
    cancel = timer.at(clock.mono() + watchdogMs, on.rest);
  }
  return {
    start: wait,
    saw(value) {
      if (!value.statusCode.isGood()) return;
      const seen = String(value.value.value);
      if (last !== null && last !== seen) {
        wait();
        on.beat();
      }
      last = seen;
    },
    stop: () => cancel(),
  };
}
