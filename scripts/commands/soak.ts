// portcullis soak: whole sites in virtual time under a seed, with everything that may go wrong. Only in a checkout.
import { Command } from "commander";
import { run } from "../terminal.js";

interface Given {
  readonly seed: string;
  readonly count: string;
  readonly days: string;
  readonly replay?: string;
  readonly json?: boolean;
}

export function soakCommand(): Command {
  return new Command("soak")
    .description("simulate whole sites with faults in virtual time (in a checkout) 虚拟时间整站仿真")
    .option("--seed <number>", "first seed", "1")
    .option("--count <number>", "how many seeds from there", "1")
    .option("--days <number>", "simulated days of each", "1")
    .option("--replay <file>", "run a saved failure again")
    .option("--json", "one JSON line per seed")
    .action((given: Given) => run(() => go(given)));
}

async function go({ seed, count: seeds, days, replay: file, json = false }: Given): Promise<void> {
  const options = { seed: Number(seed), count: Number(seeds), days: Number(days), json };
  const { seed: first, count, days: span } = options;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1 || !(span > 0))
    throw new Error("--seed and --count are whole numbers, --days is a positive number");
  // The simulation belongs to the tests, which an installed package does not have.
  const { soak, replay: again } = await import("../soak.js");
  const sound = file === undefined ? await soak(options) : await again(file, json);
  if (!sound) process.exitCode = 1;
}
