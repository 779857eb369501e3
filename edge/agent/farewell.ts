// The last order of a box that is stopped: the relay "healthy" falls, for from now on nobody guards.
import type { Clock, Timer } from "../machine/ports.js";
import type { Runner } from "./runner.js";

const confirmedWithinMs = 1_000;
const lookEveryMs = 20;

/** Resolves when the hardware has confirmed it or the time for it is over; at once where no such relay is wired. */
export function dropHealthy(
  runner: Pick<Runner, "feed" | "state">,
  { clock, timer }: { readonly clock: Clock; readonly timer: Timer },
): Promise<void> {
  const point = runner.state().config.failSafe?.healthy;
  if (point === undefined) return Promise.resolve();
  runner.feed({ kind: "self", troubles: ["stopping"] });
  const until = clock.mono() + confirmedWithinMs;
  return new Promise((resolve) => {
    const look = () => {
      const output = runner.state().transient.outputs[point];
      if (output?.confirmedAt !== null || clock.mono() >= until) resolve();
      else timer.at(clock.mono() + lookEveryMs, look);
    };
    look();
  });
}
