// One-shot timers on the monotonic clock.
import { monoNow } from "./clock.js";
import type { Timer } from "./ports.js";

/** Longest wait that setTimeout takes; longer ones are waited for in pieces. */
const pieceMsMax = 2 ** 31 - 1;

/** Node's timers may fire a little early; this one asks the clock again and waits for the rest. */
export function createTimer(): Timer {
  return {
    at(at, run) {
      let handle: NodeJS.Timeout;
      const wait = () => {
        const leftMs = at - monoNow();
        if (leftMs <= 0) run();
        else handle = setTimeout(wait, Math.min(Math.ceil(leftMs), pieceMsMax));
      };
      handle = setTimeout(wait, Math.min(Math.max(0, Math.ceil(at - monoNow())), pieceMsMax));
      return () => clearTimeout(handle);
    },
  };
}
