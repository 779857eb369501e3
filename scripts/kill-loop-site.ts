// kill -9 of hub and box of a whole site at random moments under load: node .build/scripts/kill-loop-site.js --count 1000 --seed 1
import { parseArgs } from "node:util";
import { killLoop } from "../test/support/kill-loop.js";
import { wholeNumber } from "./whole-number.js";

const { values } = parseArgs({
  options: { count: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
let isOver = false;
// An interrupt ends it early; what was done so far is judged.
process.once("SIGINT", () => {
  isOver = true;
});
const { kills, records, promises, faults } = await killLoop({
  count: wholeNumber("count", values.count),
  seed: wholeNumber("seed", values.seed, 0),
  tell: (line) => console.log(line),
  isOver: () => isOver,
});
for (const fault of faults) console.log(`BREAKS 违反 ${fault}`);
const verdict = faults.length === 0 ? "holds 通过" : `${faults.length} faults 违反`;
console.log(`hub killed ${kills.hub}, box ${kills.edge} times; ${records} records, ${promises} promises: ${verdict}`);
process.exitCode = faults.length === 0 ? 0 : 1;
