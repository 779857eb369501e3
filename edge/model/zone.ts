// Zones: a detector as a security unit. Kinds that read alike share a form; what a kind means stands in one table at the end.
import type { IncidentKind, Priority } from "./incident.js";
import type { Text } from "./text.js";

export type ZoneConfig =
  | DoorContactConfig
  | BeamConfig
  | PassiveInfraredConfig
  | FibreContactConfig
  | FibreConfig
  | PanicConfig
  | TamperConfig
  | FireConfig
  | VehicleLoopConfig
  | FireLaneConfig
  | PowerConfig
  | LeakConfig
  | AnalyserConfig
  | LimitConfig
  | RushConfig
  | BeamPairConfig
  | AccessDoorConfig
  | TurnstileConfig;
export type ZoneKind = ZoneConfig["kind"];

interface ZoneBase {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  /** Link to a camera's id or position; this product shows no video. */
  readonly camera?: string;
  /** Place on a plan, as shares of its width and height, for a graphic display. */
  readonly position?: { readonly plan: string; readonly x: number; readonly y: number };
  /** On the way in: waits for the area's entry time, and may be open while it arms. */
  readonly entryRoute?: boolean;
  /** Soundings per armed period or until the reset by hand (swinger limit); later alarms are recorded and shown, not sounded. */
  readonly soundingsMax?: number;
}

/**
 * A loop read as a voltage divider: `pullUpOhms` to the supply, the detector's loop to ground. Resistances add up:
 * normal = `endOhms`, alarm adds `alarmOhms`, masked or faulty adds `maskOhms`; cut = open, short = zero. Without
 * `alarmOhms` (single end-of-line) an open loop is the alarm.
 */
export interface LoopConfig {
  readonly pullUpOhms: number;
  readonly endOhms: number;
  readonly alarmOhms?: number;
  readonly maskOhms?: number;
  /** Raw value of the supply voltage, 1023 on a 10-bit board. */
  readonly fullScale: number;
  /** Accepted deviation of the loop's resistance, 0.2 = 20 %. */
  readonly tolerance: number;
}

/** One two-state signal: `point` carries a loop's raw value where `loop` is given, else true while the detector is active. */
interface ContactBase extends ZoneBase {
  readonly point: string;
  readonly loop?: LoopConfig;
  /** `closed`: the contact is closed (true) at rest, so false is active. Absent: open. */
  readonly normally?: "open" | "closed";
  /** True while the detector's case is open. */
  readonly tamper?: string;
  /** True while the detector is masked or covered. */
  readonly mask?: string;
  /** A change must last this long. */
  readonly filterMs: number;
}

/** Door or window contact 门磁; up to 400 ms by EN 50131 practice. */
export interface DoorContactConfig extends ContactBase {
  readonly kind: "door-contact";
}

/** Active infrared beam 红外对射: active while blocked, 40 ms by GB 10408.4. */
export interface BeamConfig extends ContactBase {
  readonly kind: "infrared-beam";
}

/** Passive infrared 被动红外. */
export interface PassiveInfraredConfig extends ContactBase {
  readonly kind: "passive-infrared";
}

/** Vibration fibre 振动光纤 whose processor decides: a relay, or a zone message. */
export interface FibreContactConfig extends ContactBase {
  readonly kind: "fibre-alarm";
  readonly broken?: string;
}

/** Panic button 一键报警: always on, latched, silenced by nobody. */
export interface PanicConfig extends ContactBase {
  readonly kind: "panic-button";
  /** False: a silent hold-up device; its incident sounds nothing on site. */
  readonly audible: boolean;
}

/** Tamper contact 防拆 of a box or cabinet: always on. */
export interface TamperConfig extends ContactBase {
  readonly kind: "tamper";
}

/** Fire input 消防信号 from the fire panel: always on. `releaseWired`: the panel frees escape routes by its own wiring. */
export interface FireConfig extends ContactBase {
  readonly kind: "fire-input";
  readonly releaseWired: true;
}

/** Vehicle loop 地感线圈 where no vehicle may stand while armed. */
export interface VehicleLoopConfig extends ContactBase {
  readonly kind: "vehicle-loop";
}

/** A fire lane 消防通道 that must stay free: occupied for `filterMs` is an alarm, at any hour. */
export interface FireLaneConfig extends ContactBase {
  readonly kind: "fire-lane";
}

/** A supply 电源: active while it has failed. At any hour, in a class of its own. */
export interface PowerConfig extends ContactBase {
  readonly kind: "power";
  readonly supply: "mains" | "battery" | "sensor-supply" | "siren-line" | "drive-accumulator" | "under-voltage";
}

/** Water where none may be 漏水. */
export interface LeakConfig extends ContactBase {
  readonly kind: "leak";
}

/** Events of a video analyser: active while it marks something. */
export interface AnalyserConfig extends ContactBase {
  readonly kind: "video-analyser";
  readonly camera: string;
}

/** A measured value with limits 温湿度, 水位; `hysteresis` in the unit of the point. */
export interface LimitConfig extends ZoneBase {
  readonly kind: "temperature" | "humidity" | "liquid-level" | "voltage";
  readonly point: string;
  readonly high?: number;
  readonly low?: number;
  readonly hysteresis: number;
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
  /** Cut: events needed within the window. */
  readonly eventCount: number;
  readonly eventWindowMs: number;
  /** Dead time after an event; longer than the rebound of one blow. */
  readonly maskMs: number;
  /** Climb: activity above its threshold that lasts without pause for this long. */
  readonly sustainedMs: number;
  /** Multiple of the baseline for activity; absent: `threshold`. */
  readonly climbThreshold?: number;
  /** Wind gate: a slow rise of the whole level raises the threshold by up to this factor; 1 = off. */
  readonly windReject: number;
}

/**
 * Two loops or beams in order within `rushMs` while the lane is closed or its signal is red. Vehicle rush 冲卡 may set off
 * emergency operation; a pedestrian's never does.
 */
export interface RushConfig extends ZoneBase {
  readonly kind: "vehicle-rush" | "pedestrian-rush";
  readonly barrier: string;
  readonly first: string;
  readonly second: string;
  readonly rushMs: number;
}

/** Direction from two beams: first then second is inward. */
export interface BeamPairConfig extends ZoneBase {
  readonly kind: "beam-pair";
  readonly first: string;
  readonly second: string;
  readonly withinMs: number;
  readonly counts: "inward" | "outward" | "both";
}

/** A controlled door 出入口控制: opened without `granted` is forced; open for too long is held open. */
export interface AccessDoorConfig extends ContactBase {
  readonly kind: "access-door";
  /** True while the access control lets somebody through, or the exit button is pressed. */
  readonly granted: string;
  /** A grant covers an opening for so long after it has ended. */
  readonly grantMs: number;
  readonly heldOpenMs: number;
  /** Held-open time in any posture above normal. */
  readonly heldOpenRaisedMs?: number;
}

/** A turnstile 防尾随旋转门: a second passage on one grant is tailgating 尾随. */
export interface TurnstileConfig extends ZoneBase {
  readonly kind: "turnstile";
  readonly granted: string;
  /** True for a moment at each passage. */
  readonly passed: string;
  readonly grantMs: number;
  readonly tamper?: string;
}

/** Every point that a zone reads, by the role it plays. */
export const zonePointKeys = [
  "point",
  "level",
  "first",
  "second",
  "granted",
  "passed",
  "tamper",
  "mask",
  "broken",
] as const;

/** Points that a zone reads, each once. */
export function pointsOfZone(zone: ZoneConfig): readonly string[] {
  const roles: Partial<Record<(typeof zonePointKeys)[number], string>> = zone;
  return [...new Set(zonePointKeys.flatMap((key) => roles[key] ?? []))];
}

/** Roles that a zone cannot do without: blind in one of them it is blind. */
export const vitalPointKeys = ["point", "level", "first", "second", "passed"] as const;

/** The four subsystems of norm 001 6.2.3.1. */
export const subsystems = ["video", "intrusion-and-hold-up", "access-control", "perimeter"] as const;
export type Subsystem = (typeof subsystems)[number];

/** What a kind means for judgement, whatever its detector. */
export interface ZoneTraits {
  readonly subsystem: Subsystem;
  /** `always`: breaches count in any state of the area. */
  readonly watch: "armed" | "always";
  /** Nothing but `out-for-repair` by two persons takes it out; no posture, swinger limit or drill quiets it. */
  readonly isProtected: boolean;
  /** Class of the incident that a breach opens. */
  readonly incident: IncidentKind;
  readonly priority: Priority;
}

const detector = (subsystem: Subsystem): ZoneTraits => ({
  subsystem,
  watch: "armed",
  isProtected: false,
  incident: "intrusion",
  priority: 1,
});
const roundTheClock = (incident: IncidentKind, priority: Priority, isProtected = false): ZoneTraits => ({
  subsystem: "intrusion-and-hold-up",
  watch: "always",
  isProtected,
  incident,
  priority,
});

export const zoneTraits: Readonly<Record<ZoneKind, ZoneTraits>> = {
  "door-contact": detector("intrusion-and-hold-up"),
  "infrared-beam": detector("perimeter"),
  "passive-infrared": detector("intrusion-and-hold-up"),
  "fibre-alarm": detector("perimeter"),
  "vibration-fibre": detector("perimeter"),
  "beam-pair": detector("perimeter"),
  "vehicle-loop": detector("perimeter"),
  "video-analyser": detector("video"),
  "access-door": { ...detector("access-control"), watch: "always" },
  turnstile: { ...detector("access-control"), watch: "always", priority: 2 },
  "panic-button": roundTheClock("panic", 1, true),
  tamper: roundTheClock("intrusion", 1, true),
  "fire-input": roundTheClock("fire", 1, true),
  "vehicle-rush": { ...roundTheClock("rush", 1, true), subsystem: "access-control" },
  "pedestrian-rush": { ...roundTheClock("rush", 2), subsystem: "access-control" },
  "fire-lane": { ...roundTheClock("obstruction", 2), subsystem: "access-control" },
  power: roundTheClock("power", 2),
  leak: roundTheClock("utility", 2),
  temperature: roundTheClock("utility", 2),
  humidity: roundTheClock("utility", 3),
  "liquid-level": roundTheClock("utility", 2),
  voltage: roundTheClock("power", 2),
};
