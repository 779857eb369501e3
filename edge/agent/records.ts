// The agent's way to the journal: hands records over, never waits for them, and knows when the last alarm was on the disk.
import type { Clock } from "../machine/ports.js";
import type { Fact } from "../model/fact.js";
import type { Recorder } from "./recorder.js";
import type { RecorderEntry } from "./recorder-messages.js";

export interface Records {
  append(entries: readonly RecorderEntry[]): void;
  /** Facts of the agent itself, as of now. */
  note(...facts: readonly Fact[]): void;
  /** Settles with the newest alarm that was handed over: resolves when it is durable. */
  written(): Promise<void>;
  /** Terms of the timing proof that were over budget, since the start. */
  budgetBreaches(): number;
}

/** What cannot be written is told by `failed`. */
export function keepRecords(
  recorder: Pick<Recorder, "append">,
  clock: Clock,
  failed: (error: unknown) => void,
): Records {
  let alarms: Promise<void> = Promise.resolve();
  let breaches = 0;

  function append(entries: readonly RecorderEntry[]): void {
    const done = recorder.append(entries);
    done.catch(failed);
    if (entries.some(({ fact }) => fact.lane === "alarm")) alarms = done;
    breaches += entries.filter(({ fact }) => fact.type === "budget.exceeded").length;
  }

  return {
    append,
    note: (...facts) => append(facts.map((fact) => ({ fact, now: clock.now(), exercise: false }))),
    written: () => alarms,
    budgetBreaches: () => breaches,
  };
}
