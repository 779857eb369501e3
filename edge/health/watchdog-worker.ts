// The thread beside the reaction thread: looks once a second whether it still beats.
import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { monoNow } from "../machine/clock.js";
import { createTimer } from "../machine/timer.js";
import type { WatchOver } from "./watchdog.js";

const lookEveryMs = 1_000;
const stderr = 2;
const { beats, looksMax } = workerData as WatchOver;
const timer = createTimer();
let seen = -1;
let still = 0;

function look(): void {
  const now = Atomics.load(beats, 0);
  still = now === seen ? still + 1 : 0;
  seen = now;
  if (still >= looksMax) {
    // The usual streams of a worker go through the thread that hangs.
    writeSync(stderr, `{"level":60,"msg":"the reaction thread has stood still for ${still} s; the process ends"}\n`);
    process.kill(process.pid, "SIGKILL");
  }
  timer.at(monoNow() + lookEveryMs, look);
}

look();
