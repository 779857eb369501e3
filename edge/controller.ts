// Detection, incident and response as one pure step function: state and input in, state and effects out.

import { actingWakeAt, actOnState } from "./controller/acting.js";
import { measureReaction } from "./controller/budgets.js";
import { areClocksAsked, clocksWakeAt, runClocks } from "./controller/clocks.js";
import { takeDue, takeRecorded } from "./controller/desk.js";
import { letGo, takeSign } from "./controller/drive-runs.js";
import { indexOf } from "./controller/index-of.js";
import { takeCommand, takeLink, takeNotified, takeResult } from "./controller/orders.js";
import { obeyPanel, panelAtStart, panelWakeAt } from "./controller/panel.js";
import { barrierAtStart, carryOver, reconfigure } from "./controller/reconfigure.js";
import { endWaits, entriesWakeAt, lookAnew, takeSample } from "./controller/samples.js";
import { selfWakeAt, selfWatchAt, takeTroubles, watchSelf } from "./controller/self-watch.js";
import { ripen, settle, supervisionWakeAt } from "./controller/supervision.js";
import { change, emit, type State, type Turn } from "./controller/turn.js";
import { noViews } from "./controller/views.js";
import { initialZoneWork } from "./detection/zone.js";
import type { Durable } from "./model/durable.js";
import type { EdgeConfig } from "./model/site.js";
import type { Effect, Input } from "./model/state.js";
import type { Stamp } from "./model/time.js";
import { resumeStep } from "./response/steps.js";

export { type State, wardOfState } from "./controller/turn.js";

/** A box that has just started: nothing has been heard of yet, the durable state was folded from the journal. */
export function initialState(config: EdgeConfig, durable: Durable, now: Stamp): State {
  const idle = <T>(ids: readonly { readonly id: string }[], value: T) =>
    Object.fromEntries(ids.map(({ id }) => [id, value]));
  return {
    config,
    index: indexOf(config),
    durable: carryOver(durable, config),
    transient: {
      startedAt: now.mono,
      settled: false,
      readings: {},
      zones: idle(config.zones, initialZoneWork()),
      ripening: {},
      blindSince: idle(config.zones, now.mono),
      linksDown: {},
      barriers: Object.fromEntries(config.barriers.map(({ id }) => [id, barrierAtStart(durable, id)])),
      views: noViews,
      outputs: {},
      wanted: { durable: null, views: null, struck: 0, value: {} },
      abandoned: [],
      told: [],
      exceeded: {},
      panel: panelAtStart,
      writeCount: 0,
      wakeAt: null,
      self: selfWatchAt(now.mono),
      watched: {},
      clocks: { dueAt: Number.NEGATIVE_INFINITY, seen: null, armed: null, out: null, walkTest: null },
    },
  };
}

/** What is done may make a clockwork due, and the reverse; more rounds than this are our own mistake. */
const roundsMax = 4;

/** One input at one moment. Never throws on a sample, result or command that its types allow. */
export function step(state: State, input: Input, now: Stamp): { state: State; effects: readonly Effect[] } {
  const before = input.kind === "config" ? reconfigure(state, input.config, now) : state;
  const turn: Turn = {
    ...before,
    transient: { ...before.transient },
    now,
    effects: [],
    heard: new Set(),
    conditions: null,
  };
  measureReaction(turn);
  watchSelf(turn);
  take(turn, input);
  ripen(turn);
  obeyPanel(turn);
  endWaits(turn);
  settle(turn);
  for (let round = 0; round < roundsMax; round += 1) {
    runClocks(turn);
    actOnState(turn);
    if (areClocksAsked(turn)) break;
  }
  const wakeAt = Math.min(
    supervisionWakeAt(turn),
    entriesWakeAt(turn),
    clocksWakeAt(turn),
    actingWakeAt(turn),
    selfWakeAt(turn),
    panelWakeAt(turn),
  );
  const at = Number.isFinite(wakeAt) ? wakeAt : null;
  turn.effects.push({ kind: "wake", at });
  // What is due already is not late before it can be taken up.
  change(turn, { wakeAt: at === null ? null : Math.max(at, now.mono) });
  return {
    state: { config: turn.config, index: turn.index, durable: turn.durable, transient: turn.transient },
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
    case "sign":
      takeSign(turn, input);
      return;
    case "let-go":
      letGo(turn, input.run, input.end);
      return;
    case "notified":
      takeNotified(turn, input);
      return;
    case "config":
      lookAnew(turn);
      return;
    case "self":
      takeTroubles(turn, input.troubles);
      return;
    case "recorded":
      takeRecorded(turn, input);
      return;
    case "due":
      takeDue(turn, input.devices);
      return;
    case "wake":
      return;
  }
}
