// What may be asked of the running plant: pull a trigger, start a scenario, play a recording. From words to timed stimuli.
import { type Static, Type } from "typebox";
import { Errors } from "typebox/value";
import { disturbances } from "./plant/fibre.js";
import type { Due } from "./plant/plant.js";
import { scheduleScenario, type Trigger, triggerDues, triggerTargets } from "./plant/trigger.js";
import { readRecording } from "./recording.js";
import { checkTrigger, parseScenario } from "./scenario.js";
import { SimulationError } from "./trouble.js";
import type { World } from "./world.js";

/** A recording plays in place of the fibre's own samples, so their rates must agree within this share. */
const rateTolerance = 0.02;

const ReplayShape = Type.Object(
  {
    file: Type.String({ minLength: 1, maxLength: 1_000 }),
    target: Type.Optional(Type.String()),
    /** Factor on the whole signal, from now on until another replay sets it. */
    gain: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    /** Laid over the recording from its first sample. */
    add: Type.Optional(Type.Union(disturbances.map((kind) => Type.Literal(kind)))),
    /** Quiet at that gain before the recording begins. */
    quietMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
  },
  { additionalProperties: false },
);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SimulationError("simulation.invalid-body", `no JSON: ${String(cause)}`, { cause });
  }
}

function unfit({ name, target }: Trigger, world: World): SimulationError {
  const fitting = triggerTargets(name, world.settings);
  const choice = fitting.length === 0 ? "this site has none" : `possible: ${fitting.join(", ")}`;
  return new SimulationError("simulation.unknown-target", `${name} ${target ?? ""}: no such target; ${choice}`);
}

/**
 * Pulls a trigger (JSON `{name, target?, forMs?}`) now.
 * @throws SimulationError `simulation.invalid-body`, `.unknown-trigger`, `.unknown-target`
 */
export function pull(body: string, world: World): { readonly target: string } {
  const trigger = checkTrigger(parseJson(body));
  const dues = triggerDues(trigger, world.settings, world.now());
  if (dues === null) throw unfit(trigger, world);
  const target = trigger.target ?? triggerTargets(trigger.name, world.settings)[0] ?? "";
  world.note(target, "trigger", trigger.name);
  world.schedule(dues);
  return { target };
}

/**
 * Starts a scenario (YAML text) now; refused as a whole when one step does not fit. Does not wait for its end.
 * @throws SimulationError `simulation.invalid-scenario`, `.unknown-trigger`, `.unknown-target`
 */
export function play(text: string, world: World): { readonly name: string; readonly lastsMs: number } {
  const { name, steps } = parseScenario(text);
  const start = world.now();
  const { dues, unfit: misfits } = scheduleScenario(steps, world.settings, start);
  if (misfits[0] !== undefined) throw unfit(misfits[0].trigger, world);
  world.note("scenario", "started", name);
  world.schedule(dues);
  return { name, lastsMs: Math.max(0, ...dues.map(({ at }) => at - start)) };
}

/** Which fibre plays how many samples, and when the first of them is due (ISO 8601). */
export interface Replayed {
  readonly target: string;
  readonly samples: number;
  readonly fromAt: string;
}

/**
 * Plays a recording (JSON, see ReplayShape) on a fibre, after `quietMs` of quiet.
 * @throws SimulationError `simulation.invalid-body`, `.unknown-target`, `.invalid-recording`
 */
export async function replay(body: string, world: World): Promise<Replayed> {
  const value = parseJson(body);
  const [error] = Errors(ReplayShape, value);
  if (error !== undefined) {
    throw new SimulationError("simulation.invalid-body", `replay${error.instancePath}: ${error.message}`);
  }
  const { file, target, gain = 1, add, quietMs = 0 } = value as Static<typeof ReplayShape>;
  const id = target ?? Object.keys(world.settings.fibres)[0] ?? "";
  const fibre = Object.hasOwn(world.settings.fibres, id) ? world.settings.fibres[id] : undefined;
  if (fibre === undefined) throw new SimulationError("simulation.unknown-target", `no fibre is called "${id}"`);
  const { values, rateHz } = await readRecording(file);
  const ownHz = 1e6 / fibre.periodUs;
  if (Math.abs(rateHz / ownHz - 1) > rateTolerance) {
    throw new SimulationError(
      "simulation.invalid-recording",
      `${rateHz.toFixed(1)} Hz, but ${id} samples at ${ownHz.toFixed(1)} Hz`,
    );
  }
  const now = world.now();
  const from = now + quietMs;
  const dues: Due[] = [{ at: now, stimulus: { kind: "fibre", id, set: { gain, recording: { values, from } } } }];
  if (add !== undefined) dues.push({ at: from, stimulus: { kind: "disturb", id, by: add } });
  world.note(id, "replay", file);
  world.schedule(dues);
  return { target: id, samples: values.length, fromAt: new Date(world.wallAt(from)).toISOString() };
}
