// What each device of the plant shows to people and to tests: the answer of GET /state, and by its differences the events.
import { isClosed, isOpen } from "./bollard.js";
import type { Plant } from "./plant.js";

export type Scalar = string | number | boolean;

/** Device id to its properties. */
export type PlantView = Readonly<Record<string, Readonly<Record<string, Scalar>>>>;

export interface Change {
  readonly device: string;
  readonly what: string;
  readonly value: Scalar;
}

function entries<T>(record: Readonly<Record<string, T>>, show: (value: T) => Readonly<Record<string, Scalar>>) {
  return Object.entries(record).map(([id, value]) => [id, show(value)] as const);
}

export function viewPlant(plant: Plant): PlantView {
  return Object.fromEntries([
    ...entries(plant.bollards, (bollard) => ({
      demand: bollard.demand,
      orders: bollard.orders,
      motion: bollard.motion,
      closed: isClosed(bollard),
      open: isOpen(bollard),
      obstructed: bollard.obstructed,
      fault: bollard.fault,
      powerOk: bollard.power,
      jammed: bollard.jammed,
      obstacle: bollard.obstacle,
    })),
    ...entries(plant.loops, (loop) => ({ loop })),
    ...entries(plant.lines, ({ contact, wiring }) => ({ contact, wiring })),
    ...entries(plant.buttons, (pressed) => ({ pressed })),
    ...entries(plant.relays, (on) => ({ on })),
    ...entries(plant.fibres, (fibre) => ({
      broken: fibre.broken,
      silent: fibre.silent,
      gain: fibre.gain,
      activities: fibre.activities.map(({ kind }) => kind).join(" "),
      playing: fibre.recording !== null,
    })),
    ...entries(plant.beams, ({ blocked, coverOpen, silent }) => ({ blocked, coverOpen, silent })),
    ...entries(plant.boards, ({ noises, hangs, resets }) => ({ noises, hangs, resets })),
  ]);
}

/** What is different in `after`. */
export function changesBetween(before: PlantView, after: PlantView): readonly Change[] {
  return Object.entries(after).flatMap(([device, shown]) =>
    Object.entries(shown)
      .filter(([what, value]) => before[device]?.[what] !== value)
      .map(([what, value]) => ({ device, what, value })),
  );
}
