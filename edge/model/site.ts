// What a site's configuration says, as plain types. The schema in config/ satisfies these; units stand last in the names.
import type { PanelConfig } from "./panel.js";
import type { ChannelConfig, DeviationConfig, DutyConfig, ResponseConfig } from "./plan.js";
import type { Text } from "./text.js";
import type { DriverConfig, PointConfig } from "./wiring.js";
import type { ZoneConfig, ZoneKind } from "./zone.js";

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

/** Where the box's own pages are. With an empty `tls` the box makes its certificate itself, below DIR/http-pki. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert?: string; readonly key?: string };
}

export interface EdgeConfig {
  readonly id: string;
  readonly name: Text;
  readonly http: HttpConfig;
  readonly uplink?: UplinkConfig;
  readonly drivers: readonly DriverConfig[];
  readonly areas: readonly AreaConfig[];
  readonly zones: readonly ZoneConfig[];
  readonly barriers: readonly BarrierConfig[];
  readonly groups: readonly GroupConfig[];
  readonly annunciators: readonly AnnunciatorConfig[];
  readonly responses: readonly ResponseConfig[];
  /** Detectors that confirm each other: `needed` of them within `withinMs`. */
  readonly confirmations?: readonly ConfirmationConfig[];
  /** Ways out for notifications; at least two independent ones where any is asked for. */
  readonly channels?: readonly ChannelConfig[];
  /** What must be done again and again: inspections, self-tests, calibration, maintenance. */
  readonly duties?: readonly DutyConfig[];
  /** What was accepted although it breaks the timing proof; signed by two, always displayed. */
  readonly deviations?: readonly DeviationConfig[];
  /** Fixed obstacles, for the inventory only. */
  readonly fixtures?: readonly FixtureConfig[];
  readonly failSafe?: FailSafeConfig;
  /** Keys, buttons and lamps in the gatehouse. */
  readonly panel?: PanelConfig;
  readonly walkTest?: WalkTestConfig;
  /** IANA name such as `Asia/Shanghai`, for schedules. */
  readonly timeZone?: string;
  readonly journal: {
    readonly retentionDays: number;
    readonly quotaMiB: number;
    readonly reserveMiB: number;
    /** Areas whose records are encrypted on the box's disk. */
    readonly encryptedAreas?: readonly string[];
    /** Private key of the encrypted areas, outside the data folder. */
    readonly keyFile?: string;
  };
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
  /** Security grade of the area's subsystem, 1 to 4 (EN 50131-1 by analogy, GB/T 32581); 2 where it is not said. */
  readonly grade?: Grade;
  /** Time from a breach on the entry route to the alarm, at most 45 s; never on a perimeter. */
  readonly entryMs?: number;
  /** Time between the order to arm and the armed state. */
  readonly exitMs?: number;
  /** When it arms and disarms by itself; held while the clock is untrusted. */
  readonly schedule?: readonly ScheduleConfig[];
}

export type Grade = 1 | 2 | 3 | 4;

/** Days of the week, 1 = Monday to 7 = Sunday; times as `HH:MM` in the box's time zone. */
export interface ScheduleConfig {
  readonly days: readonly number[];
  readonly armAt?: string;
  readonly disarmAt?: string;
}

/** The first detection shows as pre-alarm; the one that completes the count is the alarm. A partner that is not good is not waited for. */
export interface ConfirmationConfig {
  readonly id: string;
  readonly zones: readonly string[];
  readonly needed: number;
  readonly withinMs: number;
}

/** A fixed bollard or block: nothing to command, but part of the line. */
export interface FixtureConfig {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly count: number;
  /** For example `7.5 t at 48 km/h`. */
  readonly impactRating?: string;
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
  | { readonly kind: "relays"; readonly close: string; readonly open: string; readonly emergency?: string }
  /** A lock that is energised to lock, so that it fails unlocked: `lock` is held on while the passage is to be closed. */
  | { readonly kind: "lock"; readonly lock: string; readonly emergency?: undefined };

export const barrierKinds = [
  "rising-bollard",
  "road-blocker",
  "boom-gate",
  "sliding-gate",
  "wing-gate",
  "passage-lock",
] as const;

/**
 * A barrier 阻车设施 with a drive, or the lock of a passage 通道锁. Closed = it stops whom it is to stop: for a lock, door shut and
 * bolted. All input points are true when the thing is so.
 */
export interface BarrierConfig {
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly kind: (typeof barrierKinds)[number];
  readonly entrance: "main" | "other";
  readonly drive: DriveConfig;
  readonly closed: string;
  /** May be absent for a passage lock only: it is open when it is not closed. */
  readonly open?: string;
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
  /** What the drive does by itself when the box cannot reach it, by its datasheet; absent: it holds its position. */
  readonly onControlLoss?: "hold" | "opens";
  readonly afterStandDown: "open" | "stay";
  /** Passage lock: the fire panel releases it by its own wiring (rule 8). */
  readonly releaseWired?: true;
  /** Passage lock: a release stands inside (rule 8). */
  readonly releaseInside?: true;
  /** Emergency exit or fire lane: may stand in no group, so no lock-down and no posture can close it. */
  readonly keepFree?: "emergency-exit" | "fire-lane";
  /** Two persons must order it to open. */
  readonly dualOpen?: boolean;
  /** For example `7.5 t at 48 km/h`. */
  readonly impactRating?: string;
  /** Runs between two services. */
  readonly serviceCycles?: number;
}

export interface GroupConfig {
  readonly id: string;
  readonly name: Text;
  readonly barriers: readonly string[];
  /** Pause between two starts, for the power supply. */
  readonly staggerMs: number;
}

/**
 * Relays that speak by falling: de-energised is bad, so that a cut wire or a dead supply speaks too. `alarm` is on while no alarm stands,
 * `healthy` while the box itself is sound.
 */
export interface FailSafeConfig {
  readonly alarm?: string;
  readonly healthy?: string;
  /** `healthy` switches on and off so often, for a time relay that falls when nothing switches: then a dead process is seen too. */
  readonly pulseMs?: number;
}

/**
 * Walk tests 步行测试. `chirp`: what answers each trigger, for so long. `everyMs`: how often each detector that is armed with its
 * area must be walked, by kind where `everyOf` says so; absent: nobody is reminded.
 */
export interface WalkTestConfig {
  readonly chirp?:
    | { readonly kind: "annunciator"; readonly annunciator: string; readonly ms: number }
    | { readonly kind: "point"; readonly point: string; readonly ms: number };
  readonly everyMs?: number;
  readonly everyOf?: readonly { readonly kind: ZoneKind; readonly everyMs: number }[];
}

/** Siren, strobe or evacuation announcement 疏散广播; all `points` go on together. */
export interface AnnunciatorConfig {
  readonly id: string;
  readonly name: Text;
  readonly kind: "siren-strobe" | "strobe" | "evacuation";
  readonly points: readonly string[];
  /** Cut-off, 90 s to 15 min. */
  readonly soundMsMax: number;
  /** Silent while an evacuation announcement plays, so that its words are heard. */
  readonly yieldsToEvacuation?: boolean;
  /** Sounds again so long after a person silenced it while its incident is neither acknowledged nor reset, 30 s or more; absent: only a new trip does. */
  readonly resoundMs?: number;
}
