// What one step of the controller costs on a large site, and beside what the machine does meanwhile: node scripts/build.mjs && node .build/scripts/bench/step.js
import { initialState, step } from "../../edge/controller.js";
import { initialDurable } from "../../edge/incident/durable.js";
import type { PointValue } from "../../edge/model/point.js";
import { pointsOf } from "../../edge/model/site.js";
import type { Input } from "../../edge/model/state.js";
import type { Stamp } from "../../edge/model/time.js";
import { benchSite } from "./site.js";

/** Issue 3: a step costs less than this in the median. */
const medianMaxUs = 50;
const rounds = 5_000;
const config = benchSite();

const now = (mono: number): Stamp => ({ boot: "bench", mono, wall: mono, clock: "synchronised" });
const sample = (point: string, value: PointValue, mono: number): Input => ({
  kind: "sample",
  sample: { point, value, quality: "good", occurredAt: mono },
});

let state = initialState(config, initialDurable(config), now(0));
let mono = 0;

function feed(input: Input): number {
  const from = process.hrtime.bigint();
  state = step(state, input, now(mono)).state;
  return Number(process.hrtime.bigint() - from) / 1000;
}

/** Median of a run in µs, printed with its ratio to the limit. */
function measure(name: string, next: (round: number) => Input): void {
  const costs = Array.from({ length: rounds }, (_, round) => {
    mono += 1;
    return feed(next(round));
  }).sort((one, other) => one - other);
  const at = (share: number) => costs[Math.floor(share * (rounds - 1))] ?? 0;
  const show = (us: number) => us.toFixed(1).padStart(7);
  const ratio = (at(0.5) / medianMaxUs).toFixed(2);
  console.log(`${name.padEnd(36)} median ${show(at(0.5))} µs  99 % ${show(at(0.99))} µs  of the limit ${ratio}`);
  if (at(0.5) >= medianMaxUs) process.exitCode = 1;
}

console.log(`${pointsOf(config).length} points, ${config.zones.length} zones, ${config.barriers.length} barriers`);
feed({ kind: "started" });
for (const { id } of config.drivers) feed({ kind: "link", driver: id, up: true, reason: "" });
for (const { id } of pointsOf(config)) feed(sample(id, id.endsWith("-open"), 0));
const block = { t0: 0, periodUs: 3_003, values: Array.from({ length: 83 }, (_, index) => Math.sin(index)) };

measure("a contact that stays as it is", (round) => sample(`contact-${round % 100}`, false, mono));
measure("a beam that comes and goes", (round) => sample("beam-3", round % 2 === 0, mono));
measure("a loop that a barrier looks at", (round) => sample("loop-3", round % 2 === 0, mono));
measure("a fibre block of 83 samples", () => sample("fibre-1", block, mono));
measure("a wake", () => ({ kind: "wake" }));
feed({
  kind: "command",
  command: { id: "c", issuers: ["bench"], reason: "", act: { kind: "lock-down", group: "group-1" } },
});
measure("a contact during a lock-down", (round) => sample(`contact-${round % 100}`, false, mono));
