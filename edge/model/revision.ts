// A revision of a site's configuration on its way into a box: where it lies in the data folder, what was changed, by whom, and
// what became of it.
import type { Trouble } from "./error.js";

/** In the data folder. A person or the box's page puts `next`; the box answers by `outcome` and takes `next` away. */
export const settingsFiles = {
  stored: "site.yaml",
  next: "site.next.yaml",
  outcome: "site.outcome.json",
  /** Earlier revisions, whole files, and who made which. */
  history: "site.history",
} as const;

export interface Outcome {
  readonly ok: boolean;
  /** In force from now on. */
  readonly revision: number;
  readonly hash: string;
  /** Why it was refused; empty when it was taken. */
  readonly troubles: readonly Trouble[];
  /** Settings that differ and take effect at the next start. */
  readonly afterRestart: readonly string[];
}

/** Null: not set, so that what the schema says of an absent value holds. */
export type SettingValue = boolean | number | string | null;

/** Which value of which zone or point; `key` is its path, for example `loop.endOhms`. */
export type SettingPlace =
  | { readonly zone: string; readonly key: string }
  | { readonly point: string; readonly driver: string; readonly key: string };

export type SettingChange = SettingPlace & { readonly value: SettingValue };
export type MadeChange = SettingChange & { readonly from: SettingValue };

/** Who made a revision. `hash` is that of the loaded configuration, as records carry it. */
export interface RevisionNote {
  readonly revision: number;
  readonly hash: string;
  readonly by: readonly string[];
  /** ISO 8601 UTC, by the box's clock. */
  readonly at: string;
  readonly reason: string;
  readonly changes: readonly MadeChange[];
  /** Where it is an earlier revision's content again. */
  readonly backTo: number | null;
}

/** `gate-door filterMs`, for lists and messages. */
export function placeText(place: SettingPlace): string {
  return `${"zone" in place ? place.zone : `${place.driver}/${place.point}`} ${place.key}`;
}
