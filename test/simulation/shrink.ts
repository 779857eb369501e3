// Makes a failure small: cut at the violation, then fewer and fewer happenings as long as the same rule breaks.
import type { Happening } from "./happenings.js";
import { type Outcome, runScenario, type Scenario } from "./run.js";
import type { Plants } from "./site.js";

export interface Shrunk {
  readonly scenario: Scenario;
  readonly outcome: Outcome;
  readonly runs: number;
}

const runsMax = 150;

/** `outcome` is that of `scenario` and holds a violation. Delta debugging: drops parts of the list, larger ones first. */
export async function shrink(scenario: Scenario, outcome: Outcome, plants?: Plants): Promise<Shrunk> {
  const { violation } = outcome;
  if (violation === null) throw new Error("nothing is broken");
  let best: Omit<Shrunk, "runs"> = { scenario, outcome };
  let runs = 0;
  async function tryWith(happenings: readonly Happening[]): Promise<boolean> {
    if (runs >= runsMax) return false;
    runs += 1;
    const candidate = {
      ...scenario,
      spanMs: Math.max(0, ...happenings.map(({ at, forMs }) => at + forMs)),
      happenings,
    };
    const tried = await runScenario(candidate, plants);
    if (tried.violation?.rule !== violation?.rule) return false;
    best = { scenario: candidate, outcome: tried };
    return true;
  }
  await tryWith(scenario.happenings.filter(({ at }) => at <= violation.at));
  let part = Math.ceil(best.scenario.happenings.length / 2);
  while (part >= 1 && runs < runsMax) {
    let removed = false;
    for (let from = best.scenario.happenings.length - part; from > -part; from -= part) {
      const { happenings } = best.scenario;
      const rest = happenings.filter((_, at) => at < from || at >= from + part);
      if (rest.length < happenings.length && (await tryWith(rest))) removed = true;
    }
    if (part === 1 && !removed) break;
    part = part === 1 ? 1 : Math.ceil(part / 2);
  }
  return { ...best, runs };
}
