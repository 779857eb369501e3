// What a record means in the event codes of alarm receivers: SIA DC-03 letters and Contact ID numbers (standards B2).
// Codes marked "ours" have no exact word in the standards; receivers show their text.
import type { Cause } from "../../../edge/model/incident.js";
import type { JournalRecord } from "../../../edge/model/record.js";

export interface Codes {
  /** When it happens, and when it is over; null when its end has no code. */
  readonly sia: readonly [begin: string, end: string | null];
  /** Contact ID: sent with qualifier 1 at the beginning, 3 at the end. */
  readonly cid: string;
}

const code = (begin: string, end: string | null, cid: string): Codes => ({ sia: [begin, end], cid });

const burglary = code("BA", "BR", "130");
const perimeter = code("BA", "BR", "131");
const tamper = code("TA", "TR", "144");
const zoneTrouble = code("BT", "BJ", "380");
/** Ours: something that must be seen to and has no word. */
const untyped = code("UA", "UR", "140");
const service = code("YX", "YZ", "300");

const byCause: Readonly<Record<Cause, Codes>> = {
  "door-opened": burglary,
  "beam-blocked": perimeter,
  "motion-seen": burglary,
  "fibre-cut": perimeter,
  "fibre-climb": perimeter,
  "fibre-alarm": perimeter,
  "fibre-broken": tamper,
  "panic-pressed": code("PA", "PR", "120"),
  "fire-signalled": code("FA", "FH", "110"),
  "vehicle-rush": perimeter,
  "pedestrian-rush": perimeter,
  "passed-inward": perimeter,
  "passed-outward": perimeter,
  "vehicle-present": perimeter,
  "lane-blocked": untyped,
  "video-event": perimeter,
  "door-forced": code("DF", "DR", "423"),
  "door-held-open": code("DL", "DR", "426"),
  tailgating: code("DF", "DR", "423"),
  "supply-failed": code("AT", "AR", "301"),
  "leak-found": code("WA", "WH", "154"),
  "too-high": code("KA", "KH", "158"),
  "too-low": code("ZA", "ZH", "159"),
  duress: code("HA", "HR", "121"),
  masked: tamper,
  "loop-cut": tamper,
  "loop-short": tamper,
  "loop-out-of-range": zoneTrouble,
  tampered: tamper,
  silent: zoneTrouble,
  "signal-lost": zoneTrouble,
  "changed-while-away": zoneTrouble,
};

const byType: Readonly<Record<string, Codes>> = {
  "zone.unguarded": zoneTrouble,
  "zone.pre-alarmed": code("BX", null, "380"),
  "operator.under-duress": code("HA", "HR", "121"),
  "area.arm-failed": code("CI", null, "454"),
  "edge.silent": code("YC", "YK", "350"),
  "chain.forked": code("ES", "EJ", "145"),
  "workorder.overdue": service,
  "duty.missed": service,
};

/** The codes of a record that raises an alarm. `cause` decides unless the type says more. */
export function codesOf({ type, data }: JournalRecord): Codes {
  const own = byType[type];
  if (own !== undefined) return own;
  const cause = data["cause"];
  return typeof cause === "string" && Object.hasOwn(byCause, cause) ? byCause[cause as Cause] : untyped;
}

/** Events that are no alarms: who armed, what was taken out, what is a test. */
export interface PlainEvent {
  readonly sia: string;
  readonly cid: string;
  /** Contact ID qualifier: 1 new event or opening, 3 restore or closing. */
  readonly qualifier: "1" | "3";
}

export const plainEvents: Readonly<Record<string, PlainEvent>> = {
  "area.armed": { sia: "CL", cid: "401", qualifier: "3" },
  "area.disarmed": { sia: "OP", cid: "401", qualifier: "1" },
  "zone.taken-out": { sia: "BB", cid: "570", qualifier: "1" },
  "zone.reinstated": { sia: "BU", cid: "570", qualifier: "3" },
  "walktest.started": { sia: "TS", cid: "607", qualifier: "1" },
  "walktest.ended": { sia: "TE", cid: "607", qualifier: "3" },
  "drill.started": { sia: "TS", cid: "607", qualifier: "1" },
  "drill.ended": { sia: "TE", cid: "607", qualifier: "3" },
  "config.applied": { sia: "LX", cid: "628", qualifier: "1" },
};

/** An alarm that an exercise caused must send no guard and no police: it goes out as a manual test. */
export const exerciseCodes: Codes = code("RX", null, "601");
