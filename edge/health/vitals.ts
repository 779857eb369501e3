// Signs of life of the process itself: how late its loop runs, how much memory it holds, how long it is up.
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Vitals {
  readonly loopDelayMsP99: number;
  readonly loopDelayMsMax: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly upS: number;
}

/** Reads the vitals since the last reading. */
export function watchVitals(): { read(): Vitals; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  return {
    read() {
      const { rss, heapUsed } = process.memoryUsage();
      const vitals = {
        loopDelayMsP99: delay.percentile(99) / 1e6,
        loopDelayMsMax: delay.max / 1e6,
        rssBytes: rss,
        heapBytes: heapUsed,
        upS: Math.round(process.uptime()),
      };
      delay.reset();
      return vitals;
    },
    stop: () => delay.disable(),
  };
}
