// Tables of what may happen to a site: how often beside the others of its concern, for how long, to what.
import type { EdgeConfig } from "../../edge/model/site.js";
import type { PlantSettings } from "../../simulators/plant/plant.js";

/** Log-uniform spans in ms, and for how much it happens beside the others of its concern. */
export interface Draw {
  readonly weight: number;
  readonly forMs: readonly [min: number, max: number];
  readonly by?: readonly [min: number, max: number];
  readonly targets?: (site: Targets) => readonly string[];
}

export interface Targets {
  readonly settings: PlantSettings;
  readonly config: EdgeConfig;
  readonly drivers: readonly string[];
  /** Position contacts of barriers. */
  readonly contacts: readonly string[];
  /** Outputs that may refuse a write. */
  readonly outputs: readonly string[];
}

const idOf = ({ id }: { readonly id: string }) => id;
const s = 1000;
const min = 60 * s;
const beams = ({ settings }: Targets) => settings.beams;
const fibres = ({ settings }: Targets) => Object.keys(settings.fibres);
const lines = ({ settings }: Targets) => Object.keys(settings.lines);
const bollards = ({ settings }: Targets) => Object.keys(settings.bollards);
const buttons = (kind: PlantSettings["buttons"][string]) => (targets: Targets) =>
  Object.keys(targets.settings.buttons).filter((id) => targets.settings.buttons[id] === kind);
const rushes = ({ settings: { rush } }: Targets) => (rush === null ? [] : [rush.first]);
const walks = ({ config }: Targets) => config.zones.filter(({ kind }) => kind === "pedestrian-rush").map(idOf);
const zones = ({ config }: Targets) => config.zones.map(idOf);
const areas = ({ config }: Targets) => config.areas.map(idOf);
const barriers = ({ config }: Targets) => config.barriers.map(idOf);
const groups = ({ config }: Targets) => config.groups.map(idOf);

export const trips = {
  "beam-break": { weight: 5, forMs: [600, 5 * s], targets: beams },
  "fence-cut": { weight: 3, forMs: [5 * s, 5 * s], targets: fibres },
  "door-open": { weight: 3, forMs: [1 * s, 30 * s], targets: lines },
  "fence-climb": { weight: 1, forMs: [5 * s, 5 * s], targets: fibres },
  panic: { weight: 3, forMs: [1 * s, 4 * s], targets: buttons("panic") },
  rush: { weight: 3, forMs: [1 * s, 1 * s], targets: rushes },
  fire: { weight: 1, forMs: [5 * s, 2 * min], targets: buttons("fire") },
  /** A plain contact: a blocked fire lane, water. */
  contact: { weight: 1, forMs: [1 * s, 1 * min], targets: buttons("contact") },
  walk: { weight: 2, forMs: [1 * s, 1 * s], targets: walks },
} as const satisfies Record<string, Draw>;

const devices = {
  "beam-stuck": { weight: 1, forMs: [1 * min, 20 * min], targets: beams },
  "beam-chatter": { weight: 2, forMs: [2 * s, 20 * s], targets: beams },
  "beam-tamper": { weight: 1, forMs: [5 * s, 5 * min], targets: beams },
  "beam-silent": { weight: 1, forMs: [2 * s, 5 * min], targets: beams },
  "fibre-silent": { weight: 1, forMs: [2 * s, 5 * min], targets: fibres },
  "fibre-broken": { weight: 1, forMs: [5 * s, 5 * min], targets: fibres },
  "loop-cut": { weight: 1, forMs: [1 * s, 5 * min], targets: lines },
  "loop-short": { weight: 1, forMs: [1 * s, 5 * min], targets: lines },
  "vehicle-on-loop": { weight: 8, forMs: [2 * s, 15 * min], targets: bollards },
  "vehicle-loop-lost": { weight: 2, forMs: [2 * s, 5 * min], targets: bollards },
  "bollard-jam": { weight: 2, forMs: [5 * s, 5 * min], targets: bollards },
  "bollard-slow": { weight: 2, forMs: [10 * s, 20 * min], by: [1.2, 5], targets: bollards },
  "bollard-obstructed": { weight: 2, forMs: [5 * s, 3 * min], targets: bollards },
  "power-dip": { weight: 2, forMs: [200, 1 * min], targets: bollards },
  "contact-stuck": { weight: 2, forMs: [1 * s, 10 * min], targets: ({ contacts }) => contacts },
  "lock-out": { weight: 1, forMs: [5 * s, 5 * min], targets: buttons("lock-out") },
  "line-cut": { weight: 4, forMs: [500, 3 * min], targets: ({ drivers }) => drivers },
  "output-dead": { weight: 2, forMs: [1 * s, 2 * min], targets: ({ outputs }) => outputs },
} as const satisfies Record<string, Draw>;

const disk = {
  "disk-full": { weight: 2, forMs: [5 * s, 10 * min] },
  "disk-sync-fails": { weight: 3, forMs: [1, 1], by: [1, 4] },
  "disk-stall": { weight: 3, forMs: [50, 8 * s] },
  "disk-refuses": { weight: 2, forMs: [1 * s, 2 * min] },
} as const satisfies Record<string, Draw>;

const link = {
  "link-cut": { weight: 3, forMs: [500, 30 * min] },
  "link-half-open": { weight: 2, forMs: [1 * s, 5 * min] },
  "link-reset": { weight: 3, forMs: [1, 1] },
  "link-slow": { weight: 1, forMs: [10 * s, 10 * min], by: [50, 3 * s] },
} as const satisfies Record<string, Draw>;

const hub = {
  "hub-crash": { weight: 3, forMs: [500, 5 * min] },
  /** `by`: rows of the ledger that are gone. */
  "hub-restored": { weight: 1, forMs: [5 * s, 2 * min], by: [1, 200] },
  "hub-frozen": { weight: 2, forMs: [500, 2 * min] },
} as const satisfies Record<string, Draw>;

/** `by`: ms after the next write to the disk. */
const box = {
  "power-loss": { weight: 4, forMs: [2 * s, 2 * min], by: [0, 12] },
  /** The wall clock has a battery. */
  "power-loss-clock-kept": { weight: 2, forMs: [1 * s, 1 * min], by: [0, 12] },
  "process-killed": { weight: 2, forMs: [200, 5 * s], by: [0, 12] },
} as const satisfies Record<string, Draw>;

/** `by`: ms, either way. */
const clock = {
  "wall-jump": { weight: 1, forMs: [5 * s, 10 * min], by: [2 * s, 3 * 60 * min] },
} as const satisfies Record<string, Draw>;

const people = {
  "lock-down": { weight: 3, forMs: [1, 1], targets: groups },
  "stand-down": { weight: 3, forMs: [1, 1] },
  silence: { weight: 2, forMs: [1, 1] },
  acknowledge: { weight: 1, forMs: [1, 1] },
  disarm: { weight: 2, forMs: [10 * s, 10 * min], targets: areas },
  arm: { weight: 1, forMs: [1, 1], targets: areas },
  isolate: { weight: 3, forMs: [5 * s, 30 * min], targets: zones },
  inhibit: { weight: 1, forMs: [5 * s, 10 * min], targets: zones },
  repair: { weight: 1, forMs: [10 * s, 10 * min], targets: zones },
  /** `by`: which level, from normal on. */
  posture: { weight: 2, forMs: [1, 1], by: [0.5, 3.99] },
  risk: { weight: 1, forMs: [1, 1], by: [0.5, 3.99] },
  "let-pass": { weight: 2, forMs: [5 * s, 1 * min], targets: barriers },
  open: { weight: 2, forMs: [1, 1], targets: barriers },
  drill: { weight: 3, forMs: [30 * s, 10 * min], targets: zones },
  "walk-test": { weight: 1, forMs: [30 * s, 10 * min], targets: zones },
  "work-order": { weight: 2, forMs: [1, 1], by: [0.5, 2.99] },
  report: { weight: 2, forMs: [1, 1] },
  duress: { weight: 1, forMs: [1, 1] },
  "self-test": { weight: 1, forMs: [1, 1] },
  /** At the box: silences, stands down, reports, resets. */
  tidy: { weight: 14, forMs: [1, 1] },
  /** What is out comes back, exercises end, postures are normal, areas are armed. */
  restore: { weight: 5, forMs: [1, 1] },
} as const satisfies Record<string, Draw>;

/** A new revision without that zone, and back. */
const settings = {
  config: { weight: 1, forMs: [10 * s, 20 * min], targets: zones },
} as const satisfies Record<string, Draw>;

export interface Concern {
  readonly draws: Readonly<Record<string, Draw>>;
  readonly perDay: number;
  /** Share that follows a trip within seconds: what is rare meets what is rare. */
  readonly nearTrips: number;
}

export const concerns: Readonly<Record<string, Concern>> = {
  devices: { draws: devices, perDay: 14, nearTrips: 0.6 },
  disk: { draws: disk, perDay: 4, nearTrips: 0.5 },
  link: { draws: link, perDay: 6, nearTrips: 0.7 },
  hub: { draws: hub, perDay: 4, nearTrips: 0.8 },
  box: { draws: box, perDay: 7, nearTrips: 0.7 },
  clock: { draws: clock, perDay: 4, nearTrips: 0.7 },
  people: { draws: people, perDay: 48, nearTrips: 0.3 },
  settings: { draws: settings, perDay: 2, nearTrips: 0.3 },
};
export const kinds = { ...trips, ...devices, ...disk, ...link, ...hub, ...box, ...clock, ...people, ...settings };
export type Kind = keyof typeof kinds;
/** Kinds that hinder records on their way to the hub. */
export const wayKinds = [disk, link, hub, box].flatMap((draws) => Object.keys(draws)) as Kind[];
