// What comes back from outputs and drivers, and what persons order.
import { incidentFor } from "../incident/opening.js";
import { reinstateForLevel1 } from "../incident/zones-out.js";
import { type Command, type CommandResult, type Obstacle, urgentActs } from "../model/command.js";
import { type Fact, fact } from "../model/fact.js";
import { type PanelAct, panelIssuer } from "../model/panel.js";
import type { WriteResult } from "../model/point.js";
import type { Input } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { armFailedFacts } from "../response/arming/period.js";
import { initialBarrierWork } from "../response/barrier.js";
import { type Call, consider, type Verdict } from "../response/order.js";
import { afterLink, outputRetryMs } from "../response/outputs.js";
import { type Cue, planResponse, responsesToCause } from "../response/plan.js";
import { notifiedFacts } from "../response/steps.js";
import { demandConfirmed, demandFailed } from "./barriers.js";
import { measureCommand } from "./budgets.js";
import { startDriveRun, stopDriveRunOf } from "./drive-runs.js";
import { change, deadDriverOf, emit, placeOf, type Turn, wardOf } from "./turn.js";

/** What the hardware said of a write. */
export function takeResult(turn: Turn, result: WriteResult): void {
  const known = turn.transient.outputs[result.point];
  if (known?.write === result.id) {
    const next = result.ok
      ? { ...known, confirmedAt: result.confirmedAt, retryAt: null }
      : { ...known, confirmedAt: null, retryAt: retryAt(turn, result.point) };
    change(turn, { outputs: { ...turn.transient.outputs, [result.point]: next } });
    if (result.ok) measureCommand(turn, result.point, result.confirmedAt - known.writtenAt);
  } else if (result.ok) {
    demandConfirmed(turn, result);
  } else {
    demandFailed(turn, result.id);
  }
}

/** Without a line nothing is gained by trying: the output is written again when the line is back. */
function retryAt(turn: Turn, point: string): MonoMs | null {
  return deadDriverOf(turn, [point]) === undefined ? turn.now.mono + outputRetryMs : null;
}

/** A driver found or lost its device. */
export function takeLink(turn: Turn, link: { driver: string; up: boolean; reason: string }): void {
  const { [link.driver]: _, ...others } = turn.transient.linksDown;
  const points = turn.config.drivers.find(({ id }) => id === link.driver)?.points.map(({ id }) => id) ?? [];
  const outputs = Object.entries(turn.transient.outputs).map(
    ([point, known]) => [point, points.includes(point) ? afterLink(known, link.up, turn.now.mono) : known] as const,
  );
  change(turn, {
    linksDown: link.up ? others : { ...others, [link.driver]: link.reason },
    outputs: Object.fromEntries(outputs),
  });
  const data = { driver: link.driver, reason: link.reason };
  emit(turn, [link.up ? fact("driver.connected", link.driver, data) : fact("driver.lost", link.driver, data)]);
}

/** A command is refused with a code or carried out; either is recorded and answered. */
export function takeCommand(turn: Turn, command: Command): void {
  const verdict = consider(command, wardOf(turn));
  if (command.duress === true) raiseHoldUp(turn, command);
  // Other acts were recorded, durably, before they came here (rule 2).
  if (urgentActs.includes(command.act.kind)) emit(turn, [commanded(command)]);
  if (!verdict.ok) {
    emit(turn, [fact("command.refused", command.id, { command: command.id, code: verdict.code })]);
    answer(turn, command, verdict);
    return;
  }
  carryOutOrder(turn, command, verdict);
  answer(turn, command, { code: "", obstacles: [] });
}

/** A key or button is wired: it waits for no disk, as a detector does, and its record follows. Nobody reads its answer but the lamps. */
export function orderAtPanel(turn: Turn, command: Command & { readonly act: PanelAct }): void {
  const { id, act } = command;
  const verdict = consider(command, wardOf(turn));
  emit(turn, [commanded(command)]);
  if (verdict.ok) {
    carryOutOrder(turn, command, verdict);
    return;
  }
  emit(turn, [fact("command.refused", id, { command: id, code: verdict.code })]);
  const area = act.kind === "arm" ? turn.index.areas.get(act.area) : undefined;
  if (area !== undefined && verdict.code === "arming.prevented")
    emit(turn, armFailedFacts(area, panelIssuer, wardOf(turn), verdict.obstacles));
}

function commanded({ id, issuers, act, reason }: Command): Fact {
  return fact("operator.commanded", id, { command: id, issuers, act, reason });
}

function carryOutOrder(turn: Turn, { act }: Command, verdict: Extract<Verdict, { ok: true }>): void {
  emit(turn, verdict.facts);
  for (const barrier of verdict.openWishes) wishOpen(turn, barrier);
  for (const call of verdict.calls) carryOut(turn, call);
  for (const { barrier, ask } of verdict.driveRuns) startDriveRun(turn, barrier, ask);
  for (const barrier of verdict.driveRunEnds) stopDriveRunOf(turn, barrier);
  if (act.kind === "set-posture" && act.level === "level-1") emit(turn, reinstateForLevel1(wardOf(turn)));
}

function answer(turn: Turn, { id }: Command, { code, obstacles }: Pick<CommandResult, "code"> & Obstructed): void {
  turn.effects.push({ kind: "answer", command: id, ok: code === "", code, obstacles });
}

interface Obstructed {
  readonly obstacles: readonly Obstacle[];
}

function wishOpen(turn: Turn, barrier: string): void {
  const work = turn.transient.barriers[barrier] ?? initialBarrierWork;
  change(turn, { barriers: { ...turn.transient.barriers, [barrier]: { ...work, openWish: true } } });
}

/** What a person's order sets off: an incident of its own, or the one that is open, and its responses. */
function carryOut(turn: Turn, { kind, place, responses }: Call, quiet = false): string {
  const { incident, opened } = incidentFor(kind, place, placeOf(turn), { zones: [], exercise: false });
  emit(turn, opened);
  const cue: Cue = {
    incident: incident.id,
    announceOnly: false,
    isKnown: false,
    quiet,
    firstActivityAt: turn.now,
    occurredAt: turn.now,
    detectedAt: turn.now,
  };
  for (const response of responses) emit(turn, planResponse(turn.config, response, cue, turn));
  return incident.id;
}

/** The order is obeyed as usual; nothing on site shows that somebody was called. */
export function raiseHoldUp(turn: Turn, { issuers }: Pick<Command, "issuers">): void {
  const responses = responsesToCause(turn.config, "duress");
  const incident = carryOut(turn, { kind: "hold-up", place: turn.config.id, responses }, true);
  const by = issuers[0] ?? "";
  const alarm = { key: `${incident}/duress`, priority: 1 as const };
  emit(turn, [fact("operator.under-duress", by, { alarm, incident, by })]);
}

/** What became of a notification. */
export function takeNotified(turn: Turn, told: Extract<Input, { kind: "notified" }>): void {
  const step = turn.durable.steps[told.step];
  if (step !== undefined) emit(turn, notifiedFacts(step, told, turn.now));
}
