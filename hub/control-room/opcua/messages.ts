// What the hub and the thread of its OPC UA server say to each other; plain values only.
import type { AlarmAct } from "../../alarm/acts.js";
import type { Picture } from "./picture.js";

export interface OpcuaServerSettings {
  readonly host: string;
  readonly port: number;
  /** Own keys, trusted and rejected certificates; made when missing. */
  readonly pkiDir: string;
  readonly maxShelveMs: number;
}

/** Something that has a condition before it ever has an alarm. */
export interface SourceName {
  readonly source: string;
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly title: string;
}

export type ToServer =
  | { readonly kind: "sources"; readonly sources: readonly SourceName[] }
  | { readonly kind: "show"; readonly pictures: readonly Picture[] }
  /** There are too many sources: so many conditions wait without one, for the next that has an alarm. */
  | { readonly kind: "spare"; readonly count: number }
  /** The condition of this source goes. */
  | { readonly kind: "forget"; readonly source: string }
  | { readonly kind: "answer"; readonly id: number; readonly verdict: Verdict }
  | { readonly kind: "close" };

/** `gone`: the alarm is no longer there. */
export type Verdict = "good" | "forbidden" | "refused" | "gone";

export type FromServer =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly detail: string }
  | { readonly kind: "login"; readonly id: number; readonly user: string; readonly password: string }
  | {
      readonly kind: "act";
      readonly id: number;
      readonly user: string;
      readonly alarms: readonly string[];
      readonly act: AlarmAct;
      readonly note: string;
    };
