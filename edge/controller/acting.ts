// From state to outputs: what has become of each step, what sounds, and which outputs differ from what is wanted.
import { fact } from "../model/fact.js";
import type { Step } from "../model/incident.js";
import { type MonoMs, timeLeft } from "../model/time.js";
import { hubNotifications, notifyOutputs, switchOutputs } from "../response/channels.js";
import { failSafePoints } from "../response/fail-safe.js";
import {
  answerWithinMs,
  type BarrierNow,
  dueWrites,
  outputsOf,
  type Wanted,
  wantedOutputs,
  wantSame,
} from "../response/outputs.js";
import { judgeStep } from "../response/steps.js";
import { chirpFacts, soundTestFacts, testOutputs } from "../response/test-sounds.js";
import { markCommanded, moveBarriers, viewBarriers } from "./barriers.js";
import { lampsNow } from "./panel.js";
import { relaysNow } from "./self-watch.js";
import { change, emit, nextWrite, type Turn } from "./turn.js";
import { isGrounded, type Views, workOf } from "./views.js";

/** What one step decides another may need; more rounds than this are our own mistake. */
const roundsMax = 4;

/** Barriers first, then the steps that wait for them, then the outputs that follow from all of it. */
export function actOnState(turn: Turn): void {
  for (let round = 0; round < roundsMax; round += 1) {
    moveBarriers(turn);
    judgeSteps(turn);
    cutOff(turn);
    if (isGrounded(turn, turn.transient.views)) break;
  }
  emit(turn, chirpFacts(turn, turn.transient.outputs));
  emit(turn, soundTestFacts(turn, turn.transient.outputs));
  writeOutputs(turn);
  tellHub(turn);
}

/** Each notification by way of the hub is asked for once, and again after a start. */
function tellHub(turn: Turn): void {
  const waiting = hubNotifications(turn.config, turn.durable);
  const { told } = turn.transient;
  if (waiting.length === 0 && told.length === 0) return;
  for (const { id, action } of waiting) {
    if (!told.includes(id)) turn.effects.push({ kind: "notify", step: id, channel: action.channel });
  }
  change(turn, { told: waiting.map(({ id }) => id) });
}

function judgeSteps(turn: Turn): void {
  markCommanded(
    turn,
    Object.values(turn.durable.steps).filter((step) => isSounding(turn, step)),
  );
  for (const step of Object.values(turn.durable.steps)) {
    const { config, durable, now, transient } = turn;
    const { outputs, views } = transient;
    emit(turn, judgeStep(step, { config, durable, outputs, barriers: views.byBarrier, now }));
  }
}

/** What all outputs are to be at this moment. */
export function wantedNow(turn: Turn): Wanted {
  return wantedWith(turn, viewBarriers(turn));
}

function wantedWith({ config, durable, transient, now }: Turn, barriers: readonly BarrierNow[]): Wanted {
  return {
    ...Object.fromEntries(transient.abandoned.map((point) => [point, false])),
    ...switchOutputs(config, durable),
    ...notifyOutputs(config, durable, now),
    ...soundingToo(testOutputs({ config, durable, now }), wantedOutputs(config, durable, barriers)),
  };
}

/** A test adds its sound and ends none. */
function soundingToo(tests: Readonly<Record<string, boolean>>, wanted: Readonly<Record<string, boolean>>): Wanted {
  return { ...wanted, ...Object.fromEntries(Object.entries(tests).filter(([point, on]) => on || !wanted[point])) };
}

/** The same after the barriers have moved; found anew only when what it follows from has changed, or a clock has struck. */
function wantedAfterMoves(turn: Turn): Wanted {
  const { durable } = turn;
  const { views, wanted, clocks } = turn.transient;
  const relays = { ...relaysNow(turn), ...lampsNow(turn) };
  const isSame = wanted.durable === durable && haveSameWants(views, wanted.views) && wanted.struck === clocks.dueAt;
  if (isSame && Object.entries(relays).every(([point, value]) => wanted.value[point] === value)) return wanted.value;
  const value = { ...(isSame ? wanted.value : wantedWith(turn, Object.values(views.byBarrier))), ...relays };
  change(turn, { wanted: { durable, views, struck: clocks.dueAt, value } });
  return value;
}

function haveSameWants(views: Views, before: Views | null): boolean {
  if (before === null || views === before) return before !== null;
  return Object.entries(views.byBarrier).every(([id, view]) => {
    const last = before.byBarrier[id];
    return last !== undefined && (last === view || wantSame(view, last));
  });
}

/** When a barrier, a step, an annunciator or an output is due next; Infinity when none is. */
export function actingWakeAt(turn: Turn): MonoMs {
  const deadlines = Object.values(turn.durable.steps).map((step) =>
    step.outcome === "open" ? step.deadlineAt.mono : Number.POSITIVE_INFINITY,
  );
  const { outputs, wanted } = turn.transient;
  // What is left as it is is not written again either.
  const retries = Object.keys(wanted.value).map((point) => outputs[point]?.retryAt ?? Number.POSITIVE_INFINITY);
  const cutOffs = turn.config.annunciators.map((annunciator) => soundEndsAt(turn, annunciator));
  const moves = Object.values(turn.transient.views.byBarrier).map((view) => view.dueAt);
  return Math.min(...moves, ...deadlines, ...retries, ...cutOffs, Number.POSITIVE_INFINITY);
}

/** Until when an annunciator may sound; Infinity while it does not. It has sounded since this start, whatever the wall clock says. */
function soundEndsAt(turn: Turn, annunciator: { readonly id: string; readonly soundMsMax: number }): MonoMs {
  const sounding = turn.durable.annunciators[annunciator.id];
  if (sounding === undefined) return Number.POSITIVE_INFINITY;
  const { leftMs, by } = timeLeft(sounding.since, turn.now);
  const since = by === "monotonic" ? sounding.since.mono : Math.min(turn.transient.startedAt, turn.now.mono + leftMs);
  return since + annunciator.soundMsMax;
}

/** A sounder falls silent after its limit; the alarm and its record stay. */
function cutOff(turn: Turn): void {
  for (const annunciator of turn.config.annunciators) {
    if (soundEndsAt(turn, annunciator) <= turn.now.mono)
      emit(turn, [
        fact("annunciator.silenced", annunciator.id, { annunciator: annunciator.id, by: "cut-off", at: turn.now }),
      ]);
  }
}

/** An announcement is commanded as soon as its output is wanted, also when it was already on. */
function isSounding(turn: Turn, { action }: Step): boolean {
  return action.kind === "announce" && turn.durable.annunciators[action.annunciator] !== undefined;
}

/** Until all has been read back nothing is switched but what an alarm or an order needs, and what was switched for it. */
function isUrgent(turn: Turn, wanted: Wanted, point: string): boolean {
  if (turn.transient.outputs[point] !== undefined || failSafePoints(turn.config).includes(point)) return true;
  const { barriers } = turn.config;
  if (barriers.some((barrier) => workOf(turn, barrier.id).goal !== null && outputsOf(barrier).includes(point)))
    return true;
  const isSignal = barriers.some(({ signal }) => signal?.red === point || signal?.green === point);
  return wanted[point] !== false && !isSignal;
}

function writeOutputs(turn: Turn): void {
  const wanted = wantedAfterMoves(turn);
  for (const point of dueWrites(wanted, turn.transient.outputs, turn.now.mono)) {
    if (!turn.transient.settled && !isUrgent(turn, wanted, point)) continue;
    const value = wanted[point] ?? false;
    const write = nextWrite(turn);
    const written = {
      wanted: value,
      write,
      writtenAt: turn.now.mono,
      confirmedAt: null,
      retryAt: turn.now.mono + answerWithinMs,
    };
    change(turn, { outputs: { ...turn.transient.outputs, [point]: written } });
    turn.effects.push({ kind: "write", request: { id: write, point, value } });
  }
}
