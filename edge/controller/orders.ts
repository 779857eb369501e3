// What comes back from outputs and drivers, and what persons order.
import { incidentFor } from "../incident/judge.js";
import { type Command, urgentActs } from "../model/command.js";
import { fact } from "../model/fact.js";
import type { WriteResult } from "../model/point.js";
import type { MonoMs } from "../model/time.js";
import { initialBarrierWork } from "../response/barrier.js";
import { consider } from "../response/order.js";
import { afterLink, outputRetryMs } from "../response/outputs.js";
import { type Cue, planResponse, responsesToLockDown } from "../response/plan.js";
import { demandFailed } from "./barriers.js";
import { change, deadDriverOf, emit, placeOf, type Turn } from "./turn.js";

/** What the hardware said of a write. */
export function takeResult(turn: Turn, result: WriteResult): void {
  const known = turn.transient.outputs[result.point];
  if (known?.write === result.id) {
    const next = result.ok
      ? { ...known, confirmedAt: result.confirmedAt, retryAt: null }
      : { ...known, confirmedAt: null, retryAt: retryAt(turn, result.point) };
    change(turn, { outputs: { ...turn.transient.outputs, [result.point]: next } });
  } else if (!result.ok) {
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
  const conditions = Object.fromEntries(
    Object.entries(turn.transient.zones).map(([zone, work]) => [zone, work.filter.stable]),
  );
  const verdict = consider(command, { config: turn.config, durable: turn.durable, conditions });
  if (!verdict.ok) {
    emit(turn, [fact("command.refused", command.id, { command: command.id, code: verdict.code })]);
    turn.effects.push({ kind: "answer", command: command.id, ok: false, code: verdict.code });
    return;
  }
  // Other acts were recorded, durably, before they came here (rule 2).
  const { id, issuers, act, reason } = command;
  if (urgentActs.includes(act.kind))
    emit(turn, [fact("operator.commanded", id, { command: id, issuers, act, reason })]);
  emit(turn, verdict.facts);
  for (const barrier of verdict.openWishes) wishOpen(turn, barrier);
  if (verdict.lockDown !== null) lockDown(turn, verdict.lockDown);
  turn.effects.push({ kind: "answer", command: command.id, ok: true, code: "" });
}

function wishOpen(turn: Turn, barrier: string): void {
  const work = turn.transient.barriers[barrier] ?? initialBarrierWork;
  change(turn, { barriers: { ...turn.transient.barriers, [barrier]: { ...work, openWish: true } } });
}

function lockDown(turn: Turn, group: string): void {
  const { incident, opened } = incidentFor("lock-down", group, placeOf(turn), []);
  emit(turn, opened);
  const cue: Cue = {
    incident: incident.id,
    announceOnly: false,
    isKnown: false,
    firstActivityAt: turn.now,
    occurredAt: turn.now,
    detectedAt: turn.now,
  };
  for (const response of responsesToLockDown(turn.config, group))
    emit(turn, planResponse(turn.config, response, cue, turn));
}
