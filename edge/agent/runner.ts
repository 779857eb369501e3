// The rim around the controller: hands inputs in with the time, carries effects out, keeps the one timer.
import { type State, step } from "../controller.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { Command, CommandResult } from "../model/command.js";
import type { WriteRequest } from "../model/point.js";
import type { Effect, Input, ZoneTrace } from "../model/state.js";
import type { Stamp } from "../model/time.js";
import type { RecorderEntry } from "./recorder-messages.js";

export interface RunnerParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly write: (request: WriteRequest) => void;
  readonly append: (entries: readonly RecorderEntry[]) => void;
  /** Asked after the records of the same step were handed over. */
  readonly notify: (notification: { readonly step: string; readonly channel: string }) => void;
  readonly trace: (trace: ZoneTrace) => void;
}

export interface Runner {
  feed(input: Input): void;
  /** Steps the command and returns the controller's answer. */
  command(command: Command): CommandResult;
  state(): State;
  /** Longest step so far, ms; what the reaction thread owes to the timing proof. */
  stepMsMax(): number;
  stop(): void;
}

export function createRunner(initial: State, parts: RunnerParts): Runner {
  let state = initial;
  let cancelWake: (() => void) | null = null;
  let stopped = false;
  let stepMsMax = 0;

  function feed(input: Input): readonly Effect[] {
    if (stopped) return [];
    const now = parts.clock.now();
    const next = step(state, input, now);
    state = next.state;
    carryOut(next.effects, now);
    stepMsMax = Math.max(stepMsMax, parts.clock.mono() - now.mono);
    return next.effects;
  }

  function carryOut(effects: readonly Effect[], now: Stamp): void {
    for (const effect of effects) actOn(effect);
    const entries = entriesOf(effects, now);
    if (entries.length > 0) parts.append(entries);
    for (const notification of effects.filter((effect) => effect.kind === "notify")) parts.notify(notification);
  }

  function actOn(effect: Effect): void {
    if (effect.kind === "write") parts.write(effect.request);
    else if (effect.kind === "wake") wake(effect.at);
    else if (effect.kind === "trace") parts.trace(effect.trace);
  }

  function wake(at: number | null): void {
    cancelWake?.();
    cancelWake = at === null ? null : parts.timer.at(at, () => feed({ kind: "wake" }));
  }

  return {
    feed,
    command(command) {
      const answer = feed({ kind: "command", command }).find((effect) => effect.kind === "answer");
      if (answer === undefined) return { id: command.id, ok: false, code: "command.not-possible" };
      const { ok, code, obstacles } = answer;
      return { id: command.id, ok, code, ...(obstacles.length === 0 ? {} : { obstacles }) };
    },
    state: () => state,
    stepMsMax: () => stepMsMax,
    stop() {
      stopped = true;
      cancelWake?.();
    },
  };
}

function entriesOf(effects: readonly Effect[], now: Stamp): readonly RecorderEntry[] {
  return effects.flatMap((effect) =>
    effect.kind === "append" ? [{ fact: effect.fact, now, exercise: effect.exercise }] : [],
  );
}
