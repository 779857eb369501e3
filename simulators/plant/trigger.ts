// The triggers that people and scenarios name, and what each does to the plant. Leads from a word to timed stimuli.
import type { Disturbance } from "./fibre.js";
import { bollardLoop, type Due, type PlantSettings, type Stimulus } from "./plant.js";
import { rushOver } from "./vehicle.js";

/** What a trigger is applied to: the site, the device, and how long a passing trigger lasts. */
interface Aim {
  readonly settings: PlantSettings;
  readonly target: string;
  readonly forMs: number | undefined;
}

/** Milliseconds after the trigger, and what happens then. */
type Effect = readonly [afterMs: number, stimulus: Stimulus];

interface Kind {
  /** Devices that fit; the first is the default. */
  readonly fitting: (settings: PlantSettings) => readonly string[];
  readonly effects: (aim: Aim) => readonly Effect[];
}

/** What a passing trigger lasts when nobody says: the button is pressed, the beam is walked through, a leaf falls. */
const pressMs = 1_000;
const beamBreakMs = 500;
const beamShortMs = 30;

const fibres = (settings: PlantSettings) => Object.keys(settings.fibres);
const beams = (settings: PlantSettings) => settings.beams;
const lines = (settings: PlantSettings) => Object.keys(settings.lines);
const boards = (settings: PlantSettings) => settings.boards;

/** A bollard that starts open comes first: a close that is held up can be seen on it. */
function bollards(settings: PlantSettings): readonly string[] {
  const ids = Object.keys(settings.bollards);
  const startsOpen = (id: string) => settings.bollards[id]?.starts === "open";
  return [...ids.filter(startsOpen), ...ids.filter((id) => !startsOpen(id))];
}

function loopsOrBollards(settings: PlantSettings): readonly string[] {
  return [...bollards(settings), ...Object.keys(settings.bollards).map(bollardLoop), ...settings.approachLoops];
}

function buttons(kind: PlantSettings["buttons"][string]): Kind["fitting"] {
  return (settings) => Object.keys(settings.buttons).filter((id) => settings.buttons[id] === kind);
}

function single(fitting: Kind["fitting"], stimulus: (target: string, aim: Aim) => Stimulus): Kind {
  return { fitting, effects: (aim) => [[0, stimulus(aim.target, aim)]] };
}

function disturb(by: Disturbance): Kind {
  return single(fibres, (id) => ({ kind: "disturb", id, by }));
}

function beamBlocked(lastsMs: number): Kind {
  return {
    fitting: beams,
    effects: ({ target, forMs }) => [
      [0, { kind: "beam", id: target, set: { blocked: true } }],
      [forMs ?? lastsMs, { kind: "beam", id: target, set: { blocked: false } }],
    ],
  };
}

function loopIs(is: "free" | "occupied" | "lost"): Kind {
  return single(loopsOrBollards, (target, { settings }) => ({
    kind: "loop",
    id: settings.bollards[target] === undefined ? target : bollardLoop(target),
    is,
  }));
}

const kinds = {
  "fence-cut": disturb("cut"),
  "fence-climb": disturb("climb"),
  "fence-wind": disturb("wind"),
  "fence-rain": disturb("rain"),
  "fence-knocks": disturb("knocks"),
  "fibre-break": single(fibres, (id) => ({ kind: "fibre", id, set: { broken: true } })),
  "fibre-mend": single(fibres, (id) => ({ kind: "fibre", id, set: { broken: false } })),
  "fibre-silent": single(fibres, (id) => ({ kind: "fibre", id, set: { silent: true } })),
  "fibre-back": single(fibres, (id) => ({ kind: "fibre", id, set: { silent: false } })),
  "beam-break": beamBlocked(beamBreakMs),
  "beam-short": beamBlocked(beamShortMs),
  "beam-tamper": single(beams, (id) => ({ kind: "beam", id, set: { coverOpen: true } })),
  "beam-mend": single(beams, (id) => ({ kind: "beam", id, set: { coverOpen: false } })),
  "beam-silent": single(beams, (id) => ({ kind: "beam", id, set: { silent: true } })),
  "beam-back": single(beams, (id) => ({ kind: "beam", id, set: { silent: false } })),
  "door-open": single(lines, (id) => ({ kind: "line", id, set: { contact: "open" } })),
  "door-close": single(lines, (id) => ({ kind: "line", id, set: { contact: "closed" } })),
  "loop-cut": single(lines, (id) => ({ kind: "line", id, set: { wiring: "cut" } })),
  "loop-short": single(lines, (id) => ({ kind: "line", id, set: { wiring: "short" } })),
  "loop-mend": single(lines, (id) => ({ kind: "line", id, set: { wiring: "sound" } })),
  panic: {
    fitting: buttons("panic"),
    effects: ({ target, forMs }) => [
      [0, { kind: "button", id: target, pressed: true }],
      [forMs ?? pressMs, { kind: "button", id: target, pressed: false }],
    ],
  },
  "panic-release": single(buttons("panic"), (id) => ({ kind: "button", id, pressed: false })),
  fire: single(buttons("fire"), (id) => ({ kind: "button", id, pressed: true })),
  "fire-clear": single(buttons("fire"), (id) => ({ kind: "button", id, pressed: false })),
  "lock-out": single(buttons("lock-out"), (id) => ({ kind: "button", id, pressed: true })),
  "lock-out-clear": single(buttons("lock-out"), (id) => ({ kind: "button", id, pressed: false })),
  "contact-close": single(buttons("contact"), (id) => ({ kind: "button", id, pressed: true })),
  "contact-open": single(buttons("contact"), (id) => ({ kind: "button", id, pressed: false })),
  "vehicle-rush": {
    fitting: ({ rush }) => (rush === null ? [] : [rush.first]),
    effects: ({ settings: { rush } }) =>
      (rush === null ? [] : rushOver(rush.first, rush.second)).map(
        ({ afterMs, loop, occupied }): Effect => [
          afterMs,
          { kind: "loop", id: loop, is: occupied ? "occupied" : "free" },
        ],
      ),
  },
  "vehicle-on-loop": loopIs("occupied"),
  "vehicle-leaves": loopIs("free"),
  "vehicle-loop-lost": loopIs("lost"),
  "vehicle-loop-mend": loopIs("free"),
  "bollard-jam": single(bollards, (id) => ({ kind: "drive", id, set: { jammed: true } })),
  "bollard-obstructed": single(bollards, (id) => ({ kind: "drive", id, set: { obstacle: true } })),
  "bollard-free": single(bollards, (id) => ({ kind: "drive-freed", id })),
  "power-loss": single(bollards, (id) => ({ kind: "drive-power", id, on: false })),
  "power-back": single(bollards, (id) => ({ kind: "drive-power", id, on: true })),
  "firmata-noise": single(boards, (id) => ({ kind: "board", id, trouble: "noises" })),
  "firmata-hang": single(boards, (id) => ({ kind: "board", id, trouble: "hangs" })),
  "firmata-reset": single(boards, (id) => ({ kind: "board", id, trouble: "resets" })),
} as const satisfies Record<string, Kind>;

export type TriggerName = keyof typeof kinds;
export const triggerNames = Object.keys(kinds) as TriggerName[];

/** `forMs` lengthens or shortens the triggers that pass by themselves: panic, beam-break, beam-short. */
export interface Trigger {
  readonly name: TriggerName;
  readonly target?: string | undefined;
  readonly forMs?: number | undefined;
}

export function isTriggerName(name: string): name is TriggerName {
  return Object.hasOwn(kinds, name);
}

/** The devices that a trigger may be aimed at, the default first; empty when the site has none. */
export function triggerTargets(name: TriggerName, settings: PlantSettings): readonly string[] {
  return kinds[name].fitting(settings);
}

/** What `trigger` does when it is pulled at `at`; null when its target does not fit. */
export function triggerDues(trigger: Trigger, settings: PlantSettings, at: number): readonly Due[] | null {
  const fitting = triggerTargets(trigger.name, settings);
  const target = trigger.target ?? fitting[0];
  if (target === undefined || !fitting.includes(target)) return null;
  const kind: Kind = kinds[trigger.name];
  return kind.effects({ settings, target, forMs: trigger.forMs }).map(([afterMs, stimulus]) => ({
    at: at + afterMs,
    stimulus,
  }));
}

/** One line of a scenario: `trigger` at `at` ms after its start. */
export interface ScenarioStep {
  readonly at: number;
  readonly trigger: Trigger;
}

/** All that a scenario does when it starts at `at`; steps whose target does not fit are in `unfit`. */
export function scheduleScenario(
  steps: readonly ScenarioStep[],
  settings: PlantSettings,
  at: number,
): { readonly dues: readonly Due[]; readonly unfit: readonly ScenarioStep[] } {
  const planned = steps.map((step) => ({ step, dues: triggerDues(step.trigger, settings, at + step.at) }));
  return {
    dues: planned.flatMap(({ dues }) => dues ?? []),
    unfit: planned.filter(({ dues }) => dues === null).map(({ step }) => step),
  };
}
