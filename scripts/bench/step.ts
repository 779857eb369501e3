// What one step of the controller costs on the office site, in microseconds: node scripts/build.mjs && node .build/scripts/bench/step.js
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { initialState, step } from "../../edge/controller.js";
import { initialDurable } from "../../edge/incident/durable.js";
import type { PointValue } from "../../edge/model/point.js";
import { pointsOf, type Site } from "../../edge/model/site.js";
import type { Input } from "../../edge/model/state.js";
import type { Stamp } from "../../edge/model/time.js";

const rounds = 3_000;
const site = parse(readFileSync(join(process.cwd(), "config/office.yaml"), "utf8")) as Site;
const [config] = site.edges;
if (config === undefined) throw new Error("the office has no box");

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

function measure(name: string, next: () => Input): void {
  const costs = Array.from({ length: rounds }, () => {
    mono += 10;
    return feed(next());
  }).sort((one, other) => one - other);
  const at = (share: number) => (costs[Math.floor(share * (rounds - 1))] ?? 0).toFixed(0);
  console.log(`${name}: median ${at(0.5)} µs, 99 % ${at(0.99)} µs, worst ${at(1)} µs`);
}

feed({ kind: "started" });
for (const { id } of pointsOf(config)) feed(sample(id, /open|power/.test(id), 0));
const block = { t0: 0, periodUs: 3_003, values: Array.from({ length: 83 }, (_, index) => Math.sin(index)) };
measure("a contact, quiet site", () => sample("beam-cover", false, mono));
measure("a fibre block of 83 samples", () => sample("fence-level", block, mono));
measure("a wake", () => ({ kind: "wake" }));
feed({
  kind: "command",
  command: { id: "c", issuers: ["bench"], reason: "", act: { kind: "lock-down", group: "all-lanes" } },
});
measure("a contact during a lock-down", () => sample("beam-cover", false, mono));
