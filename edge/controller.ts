// Detection, incident and response as one pure step function: state and input in, state and effects out.

import { actingWakeAt, actOnState } from "./controller/acting.js";
import { takeCommand, takeLink, takeResult } from "./controller/orders.js";
import { takeSample } from "./controller/samples.js";
import { ripen, settle, supervisionWakeAt } from "./controller/supervision.js";
import { emit, type State, type Turn } from "./controller/turn.js";
import { initialZoneWork } from "./detection/zone.js";
import type { Durable } from "./model/durable.js";
import type { EdgeConfig } from "./model/site.js";
import type { Effect, Input } from "./model/state.js";
import type { Stamp } from "./model/time.js";
import { type BarrierWork, initialBarrierWork } from "./response/barrier.js";
import { resumeStep } from "./response/steps.js";

export type { State } from "./controller/turn.js";

/** A box that has just started: nothing has been heard of yet, the durable state was folded from the journal. */
export function initialState(config: EdgeConfig, durable: Durable, now: Stamp): State {
  const idle = <T>(ids: readonly { readonly id: string }[], value: T) =>
    Object.fromEntries(ids.map(({ id }) => [id, value]));
  return {
    config,
    durable,
    transient: {
      startedAt: now.mono,
      settled: false,
      readings: {},
      zones: idle(config.zones, initialZoneWork()),
      blindSince: idle(config.zones, now.mono),
      linksDown: {},
      barriers: Object.fromEntries(config.barriers.map(({ id }) => [id, barrierAtStart(durable, id)])),
      outputs: {},
      writeCount: 0,
    },
  };
}

/** One that was closed when it was last seen has moved meanwhile if it is not closed now. */
function barrierAtStart({ barriers }: Durable, id: string): BarrierWork {
  return barriers[id] === "closed" ? { ...initialBarrierWork, position: "closed" } : initialBarrierWork;
}

/** One input at one moment. Never throws on a sample, result or command that its types allow. */
export function step(state: State, input: Input, now: Stamp): { state: State; effects: readonly Effect[] } {
  const turn: Turn = { config: state.config, now, durable: state.durable, transient: state.transient, effects: [] };
  take(turn, input);
  ripen(turn);
  settle(turn);
  actOnState(turn);
  const wakeAt = Math.min(supervisionWakeAt(turn), actingWakeAt(turn));
  turn.effects.push({ kind: "wake", at: Number.isFinite(wakeAt) ? wakeAt : null });
  return {
    state: { config: state.config, durable: turn.durable, transient: turn.transient },
    effects: actFirst(turn.effects),
  };
}

/** Writes go out before anything is recorded (rule 2). */
function actFirst(effects: readonly Effect[]): readonly Effect[] {
  return [
    ...effects.filter((effect) => effect.kind === "write"),
    ...effects.filter((effect) => effect.kind !== "write"),
  ];
}

function take(turn: Turn, input: Input): void {
  switch (input.kind) {
    case "started":
      for (const open of Object.values(turn.durable.steps)) emit(turn, resumeStep(open, turn.now));
      return;
    case "sample":
      takeSample(turn, input.sample);
      return;
    case "write-result":
      takeResult(turn, input.result);
      return;
    case "link":
      takeLink(turn, input);
      return;
    case "command":
      takeCommand(turn, input.command);
      return;
    case "wake":
      return;
  }
}
