// What a site's configuration says, as plain types. The schema in config/ satisfies these; units stand last in the names.
import type { ResponseConfig } from "./plan.js";
import type { Text } from "./text.js";
import type { DriverConfig, PointConfig } from "./wiring.js";

/** A whole site: one file, several boxes. Responses stay within one box. */
export interface Site {
  readonly site: string;
  readonly name: Text;
  /** Grows with every change; the newest revision in the data folder is the truth (rule 12). */
  readonly revision: number;
  readonly edges: readonly EdgeConfig[];
  /** Plant behind the simulators; read only by `portcullis simulate`. */
  readonly simulation?: unknown;
}

export interface EdgeConfig {
  readonly id: string;
  readonly name: Text;
  readonly http: { readonly host: string; readonly port: number };
  readonly uplink?: UplinkConfig;
  readonly drivers: readonly DriverConfig[];
  readonly areas: readonly AreaConfig[];
  readonly zones: readonly ZoneConfig[];
  readonly barriers: readonly BarrierConfig[];
  readonly groups: readonly GroupConfig[];
  readonly annunciators: readonly AnnunciatorConfig[];
  readonly responses: readonly ResponseConfig[];
  readonly journal: { readonly retentionDays: number; readonly quotaMiB: number; readonly reserveMiB: number };
  /** From power-on until every point has been read; then what is missing counts as lost. */
  readonly settleMs: number;
}

export interface UplinkConfig {
  /** `mqtts://host:8883`, tried in order. */
  readonly hubs: readonly string[];
}

/** All points of a box, in and out. */
export function pointsOf(edge: EdgeConfig): readonly PointConfig[] {
  return edge.drivers.flatMap((driver): readonly PointConfig[] => driver.points);
}

// --- what is guarded ------------------------------------------------------------------------------------------------

export const areaKinds = [
  "perimeter",
  "entrance",
  "gatehouse",
  "equipment-room",
  "control-room",
  "office",
  "buffer",
  "archive",
] as const;
export type AreaKind = (typeof areaKinds)[number];

export interface AreaConfig {
  readonly id: string;
  readonly name: Text;
  readonly kind: AreaKind;
  /** The state before any operator has armed or disarmed it. */
  readonly armedAtStart: boolean;
}

interface ZoneBase {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  /** Link to a camera's id or position; this product shows no video. */
  readonly camera?: string;
}

export type ZoneConfig = DoorContactConfig | BeamConfig | FibreConfig | PanicConfig | FireConfig | RushConfig;
export type ZoneKind = ZoneConfig["kind"];

/**
 * Double end-of-line loop read as a voltage divider: `pullUpOhms` to the supply, the detector's loop to ground.
 * Normal = `endOhms`; alarm = `endOhms + alarmOhms`; cut = open; short = zero.
 */
export interface LoopConfig {
  readonly pullUpOhms: number;
  readonly endOhms: number;
  readonly alarmOhms: number;
  /** Raw value of the supply voltage, 1023 on a 10-bit board. */
  readonly fullScale: number;
  /** Accepted deviation of the loop's resistance, 0.2 = 20 %. */
  readonly tolerance: number;
}

/** Door contact 门磁 on a double end-of-line loop. */
export interface DoorContactConfig extends ZoneBase {
  readonly kind: "door-contact";
  readonly point: string;
  readonly loop: LoopConfig;
  /** A change must last this long, up to 400 ms by EN 50131 practice. */
  readonly filterMs: number;
}

/** Active infrared beam 红外对射. `point` is true while the beam is blocked; `tamper` while the head is open. */
export interface BeamConfig extends ZoneBase {
  readonly kind: "infrared-beam";
  readonly point: string;
  readonly tamper?: string;
  /** 40 ms by GB 10408.4. */
  readonly filterMs: number;
}

/** Vibration fibre 振动光纤 from a level signal. `broken` is true when the processor sees the fibre cut. */
export interface FibreConfig extends ZoneBase {
  readonly kind: "vibration-fibre";
  readonly level: string;
  readonly broken?: string;
  readonly settings: FibreSettings;
}

/** The words and ranges that fence technicians know. Levels are amplitudes, in multiples of the adaptive baseline. */
export interface FibreSettings {
  /** Time constant of the baseline. */
  readonly baselineMs: number;
  /** An event begins when the level exceeds this multiple of the baseline at once. Less = more sensitive. */
  readonly threshold: number;
  /** Events below this absolute level are never counted; unit of the source. */
  readonly levelFloor: number;
  /** Events needed within the window. */
  readonly eventCount: number;
  readonly eventWindowMs: number;
  /** Dead time after an event; longer than the rebound of one blow. */
  readonly maskMs: number;
  /** Activity above the threshold that lasts without pause for this long is one sustained climb or cut. */
  readonly sustainedMs: number;
  /** Wind gate: a slow rise of the whole level raises the threshold by up to this factor; 1 = off. */
  readonly windReject: number;
}

/** Panic button 一键报警: always on, latched, silenced by nobody. `point` is true while pressed. */
export interface PanicConfig extends ZoneBase {
  readonly kind: "panic-button";
  readonly point: string;
  readonly filterMs: number;
  readonly audible: boolean;
}

/** Fire input 消防信号 from the fire panel: always on. `releaseWired`: the panel frees escape routes by its own wiring. */
export interface FireConfig extends ZoneBase {
  readonly kind: "fire-input";
  readonly point: string;
  readonly filterMs: number;
  readonly releaseWired: true;
}

/** Vehicle rush 冲卡: `first` then `second` occupied within `rushMs` while the lane is closed or its signal is red. */
export interface RushConfig extends ZoneBase {
  readonly kind: "vehicle-rush";
  readonly barrier: string;
  readonly first: string;
  readonly second: string;
  readonly rushMs: number;
}

// --- what acts ---------------------------------------------------------------------------------------------------------

/** How a drive takes orders: one output with words, or relays. */
export type DriveConfig =
  | {
      readonly kind: "demand";
      readonly point: string;
      readonly close: string;
      readonly open: string;
      readonly stop: string;
      readonly emergency?: string;
    }
  | { readonly kind: "relays"; readonly close: string; readonly open: string; readonly emergency?: string };

export const barrierKinds = ["rising-bollard", "road-blocker", "boom-gate"] as const;

/** A vehicle barrier 阻车设施 with a drive. Closed = it stops vehicles. All input points are true when the thing is so. */
export interface BarrierConfig {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly kind: (typeof barrierKinds)[number];
  readonly entrance: "main" | "other";
  readonly drive: DriveConfig;
  readonly closed: string;
  readonly open: string;
  readonly obstructed?: string;
  readonly fault?: string;
  readonly powerOk?: string;
  readonly manual?: string;
  readonly lockOut?: string;
  /** Vehicle loops and light barriers: true = occupied. Not good counts as occupied (rule 8). */
  readonly interlocks: readonly string[];
  readonly signal?: { readonly red: string; readonly green: string };
  readonly sounder?: string;
  /** Datasheet time of a full run, normal and emergency. */
  readonly travelMs: number;
  readonly emergencyTravelMs?: number;
  /** Red signal and sounder before motion, normal and emergency. */
  readonly warnMs: number;
  readonly emergencyWarnMs?: number;
  /** After a blocked close the interlocks must stay free this long. */
  readonly clearMs: number;
  readonly onFire: "open" | "hold";
  readonly afterStandDown: "open" | "stay";
}

export interface GroupConfig {
  readonly id: string;
  readonly name: Text;
  readonly barriers: readonly string[];
  /** Pause between two starts, for the power supply. */
  readonly staggerMs: number;
}

/** Siren with strobe 声光报警; all `points` go on together. */
export interface AnnunciatorConfig {
  readonly id: string;
  readonly name: Text;
  readonly kind: "siren-strobe";
  readonly points: readonly string[];
  /** Cut-off, 90 s to 15 min. */
  readonly soundMsMax: number;
}
