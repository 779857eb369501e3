// A turn: the working copy in which one input is carried through the stages. Every fact is folded at once, so later
// stages see what earlier ones decided; nothing of it is seen outside before the step returns.

import type { ZoneWork } from "../detection/zone.js";
import { fold } from "../incident/durable.js";
import type { Scene } from "../incident/judge.js";
import type { Durable } from "../model/durable.js";
import type { Fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Effect, Reading } from "../model/state.js";
import type { MonoMs, Stamp } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";
import type { BarrierWork } from "../response/barrier.js";
import type { OutputWork } from "../response/outputs.js";

/** Everything that one box knows. Plain values; `transient` is rebuilt from live samples after a start. */
export interface State {
  readonly config: EdgeConfig;
  readonly durable: Durable;
  readonly transient: Transient;
}

export interface Transient {
  readonly startedAt: MonoMs;
  /** Outputs and positions have been read back, or the time for it is over (rule 3). */
  readonly settled: boolean;
  readonly readings: Readonly<Record<string, Reading>>;
  readonly zones: Readonly<Record<string, ZoneWork>>;
  /** Since when a zone cannot be seen; absent when it can, or when its silence has been judged. */
  readonly blindSince: Readonly<Record<string, MonoMs>>;
  readonly linksDown: Readonly<Record<string, string>>;
  readonly barriers: Readonly<Record<string, BarrierWork>>;
  readonly outputs: Readonly<Record<string, OutputWork>>;
  readonly writeCount: number;
}

/** The working copy of one step. */
export interface Turn {
  readonly config: EdgeConfig;
  readonly now: Stamp;
  durable: Durable;
  transient: Transient;
  readonly effects: Effect[];
}

/** A fact holds from here on. */
export function emit(turn: Turn, facts: readonly Fact[]): void {
  for (const known of facts) {
    turn.durable = fold(turn.durable, known);
    turn.effects.push({ kind: "append", fact: known });
  }
}

/** Changes part of the transient state. */
export function change(turn: Turn, part: Partial<Transient>): void {
  turn.transient = { ...turn.transient, ...part };
}

/** The surroundings in which a zone's event is judged. */
export function sceneOf(turn: Turn, zone: ZoneConfig): Scene {
  const area = turn.config.areas.find((known) => known.id === zone.area);
  if (area === undefined) throw new Error(`zone ${zone.id} lies in no known area: the configuration was not checked`);
  return { ...placeOf(turn), config: turn.config, area, conditions: conditionsOf(turn) };
}

/** Filtered condition of each zone. */
export function conditionsOf(turn: Turn): Scene["conditions"] {
  return Object.fromEntries(Object.entries(turn.transient.zones).map(([zone, work]) => [zone, work.filter.stable]));
}

/** The surroundings of an incident that belongs to no zone. */
export function placeOf(turn: Turn): Pick<Scene, "edge" | "durable" | "now"> {
  return { edge: turn.config.id, durable: turn.durable, now: turn.now };
}

/** Number of the next write, unique within one run of the box. */
export function nextWrite(turn: Turn): string {
  change(turn, { writeCount: turn.transient.writeCount + 1 });
  return `w${turn.transient.writeCount}`;
}

/** The driver that carries one of these points and cannot reach its device; undefined when it can. */
export function deadDriverOf(turn: Turn, points: readonly string[]): string | undefined {
  const carrier = turn.config.drivers.find((known) => known.points.some(({ id }) => points.includes(id)));
  return carrier !== undefined && turn.transient.linksDown[carrier.id] !== undefined ? carrier.id : undefined;
}
