// The machine's own clocks, timer and chance, for tests that talk over real sockets.
import { randomBytes } from "node:crypto";
import type { Clock, Random, Timer } from "../../edge/machine/ports.js";
import { monoMs } from "./driver-suite.js";

const clock: Clock = {
  mono: monoMs,
  now: () => ({ boot: "test", mono: monoMs(), wall: Date.now(), clock: "synchronised" }),
};

const timer: Timer = {
  at(at, run) {
    const handle = setTimeout(run, Math.ceil(Math.max(0, at - monoMs())));
    return () => clearTimeout(handle);
  },
};

const random: Random = { bytes: (count) => randomBytes(count) };

export const realMachine = { clock, timer, random };
