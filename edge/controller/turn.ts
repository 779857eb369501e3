// A turn: the working copy in which one input is carried through the stages. Every fact is folded at once, so later
// stages see what earlier ones decided; nothing of it is seen outside before the step returns.

import type { ZoneWork } from "../detection/zone.js";
import { fold } from "../incident/durable.js";
import type { Scene } from "../incident/scene.js";
import type { countsOf } from "../incident/watch.js";
import type { DriveRunNow } from "../model/drive-run.js";
import type { Durable } from "../model/durable.js";
import type { Fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Effect, Reading, Ward } from "../model/state.js";
import type { MonoMs, Stamp } from "../model/time.js";
import type { ZoneConfig } from "../model/zone.js";
import type { BarrierWork } from "../response/barrier.js";
import type { Exceeded } from "../response/budget.js";
import { driveRunNow } from "../response/drive-run.js";
import { blinkingLamps } from "../response/lamps.js";
import type { OutputWork, Wanted } from "../response/outputs.js";
import type { Index } from "./index-of.js";
import type { PanelWork } from "./panel.js";
import type { SelfWatch } from "./self-watch.js";
import type { Views } from "./views.js";

/** Everything that one box knows. Plain values; `transient` is rebuilt from live samples after a start. */
export interface State {
  readonly config: EdgeConfig;
  readonly index: Index;
  readonly durable: Durable;
  readonly transient: Transient;
}

export interface Transient {
  readonly startedAt: MonoMs;
  /** Outputs and positions have been read back, or the time for it is over (rule 3). */
  readonly settled: boolean;
  readonly readings: Readonly<Record<string, Reading>>;
  readonly zones: Readonly<Record<string, ZoneWork>>;
  /** When what a zone has begun to show will have lasted long enough; absent when nothing has begun. */
  readonly ripening: Readonly<Record<string, MonoMs>>;
  /** Since when a zone cannot be seen; absent when it can, or when its silence has been judged. */
  readonly blindSince: Readonly<Record<string, MonoMs>>;
  readonly linksDown: Readonly<Record<string, string>>;
  readonly barriers: Readonly<Record<string, BarrierWork>>;
  /** How each barrier looked after its last move. */
  readonly views: Views;
  readonly outputs: Readonly<Record<string, OutputWork>>;
  /** What outputs are to be, and what that followed from. */
  readonly wanted: {
    readonly durable: Durable | null;
    readonly views: Views | null;
    readonly struck: MonoMs;
    readonly value: Wanted;
  };
  /** Outputs that were on when a new configuration used them no more: they are switched off. */
  readonly abandoned: readonly string[];
  /** Steps whose notification by way of the hub has been asked for and is not delivered. */
  readonly told: readonly string[];
  /** Terms of the timing proof that were over their budget when last measured. */
  readonly exceeded: Exceeded;
  /** Keys, buttons and lamps of the wired panel. */
  readonly panel: PanelWork;
  readonly writeCount: number;
  /** When the last step asked to be woken; null when nothing was pending. */
  readonly wakeAt: MonoMs | null;
  readonly self: SelfWatch;
  /** What counts of each zone; one of which more begins to count is judged anew by what it shows. */
  readonly watched: Readonly<Record<string, ReturnType<typeof countsOf>>>;
  /** When a clockwork is due next, and the durable state after which all were asked. */
  readonly clocks: {
    readonly dueAt: MonoMs;
    readonly seen: Durable | null;
    readonly armed: Durable["armed"] | null;
    readonly out: Durable["out"] | null;
    readonly walkTest: Durable["walkTest"];
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The working copy of one step. */
export interface Turn {
  readonly config: EdgeConfig;
  readonly index: Index;
  readonly now: Stamp;
  durable: Durable;
  /** Its parts are replaced, never changed; it is the turn's own. */
  readonly transient: Mutable<Transient>;
  readonly effects: Effect[];
  /** Points that were heard and whose barriers have not been looked at since. */
  readonly heard: Set<string>;
  /** Of the zones as they are now; made when first asked for. */
  conditions: { readonly of: Transient["zones"]; readonly value: Scene["conditions"] } | null;
}

/** A fact holds from here on. */
export function emit(turn: Turn, facts: readonly Fact[]): void {
  for (const known of facts) {
    const before = turn.durable;
    turn.durable = fold(before, known);
    turn.effects.push({ kind: "append", fact: known, exercise: isExercise(known, before, turn.durable) });
  }
}

/** A fact is exercise when it speaks of a drill, or of an incident that a drill's own triggers caused. */
function isExercise({ type, data }: Fact, before: Durable, after: Durable): boolean {
  if (type.startsWith("drill.")) return true;
  if ("step" in data && typeof data.step === "object") return isExerciseIncident(data.step.incident, before, after);
  if (!("incident" in data)) return false;
  const { incident } = data;
  return typeof incident === "object" ? incident.exercise : isExerciseIncident(String(incident), before, after);
}

function isExerciseIncident(id: string, before: Durable, after: Durable): boolean {
  return (before.incidents[id] ?? after.incidents[id])?.exercise === true;
}

/** Changes part of the transient state. */
export function change(turn: Turn, part: Partial<Transient>): void {
  Object.assign(turn.transient, part);
}

/** The surroundings in which a zone's event is judged. */
export function sceneOf(turn: Turn, zone: ZoneConfig): Scene {
  const area = turn.index.areas.get(zone.area);
  if (area === undefined) throw new Error(`zone ${zone.id} lies in no known area: the configuration was not checked`);
  return { ...placeOf(turn), config: turn.config, area, conditions: conditionsOf(turn) };
}

/** Filtered condition of each zone. */
function conditionsOf(turn: Turn): Scene["conditions"] {
  const { zones } = turn.transient;
  if (turn.conditions?.of !== zones) {
    const value = Object.fromEntries(Object.entries(zones).map(([zone, work]) => [zone, work.filter.stable]));
    turn.conditions = { of: zones, value };
  }
  return turn.conditions.value;
}

/** The surroundings of an incident that belongs to no zone. */
export function placeOf(turn: Turn): Pick<Scene, "edge" | "durable" | "now"> {
  return { edge: turn.config.id, durable: turn.durable, now: turn.now };
}

/** What a clockwork or a person's order sees of the box. */
export function wardOf(turn: Turn): Ward {
  return wardWith(turn, turn.now, conditionsOf(turn));
}

/** The same between two steps. */
export function wardOfState(state: State, now: Stamp): Ward {
  const zones = Object.entries(state.transient.zones);
  return wardWith(state, now, Object.fromEntries(zones.map(([zone, work]) => [zone, work.filter.stable])));
}

function wardWith(
  { config, durable, transient }: Pick<State, "config" | "durable" | "transient">,
  now: Stamp,
  conditions: Scene["conditions"],
): Ward {
  const { healthy, pulseMs } = config.failSafe ?? {};
  // What is switched all the time is always on its way.
  const pulsed = [
    ...(pulseMs === undefined ? [] : [healthy]),
    ...blinkingLamps(config.panel ?? {}, transient.panel.lights),
  ];
  const unconfirmed = Object.entries(transient.outputs).flatMap(([point, output]) =>
    output.confirmedAt === null && !pulsed.includes(point) ? [point] : [],
  );
  return {
    config,
    durable,
    conditions,
    readings: transient.readings,
    linksDown: transient.linksDown,
    unconfirmed,
    driveRuns: driveRunsNow({ config, transient }),
    settled: transient.settled,
    now,
  };
}

/** Every run that is under way. */
export function driveRunsNow({ config, transient }: Pick<State, "config" | "transient">): readonly DriveRunNow[] {
  return config.barriers.flatMap(({ id }) => {
    const driveRun = transient.barriers[id]?.driveRun ?? null;
    return driveRun === null ? [] : [driveRunNow(id, driveRun)];
  });
}

/** Number of the next write, unique within one run of the box. */
export function nextWrite(turn: Turn): string {
  change(turn, { writeCount: turn.transient.writeCount + 1 });
  return `w${turn.transient.writeCount}`;
}

/** The driver that carries one of these points and cannot reach its device; undefined when it can. */
export function deadDriverOf(turn: Turn, points: readonly string[]): string | undefined {
  const carriers = points.flatMap((point) => turn.index.driverOfPoint.get(point) ?? []);
  return carriers.find((driver) => turn.transient.linksDown[driver] !== undefined);
}
