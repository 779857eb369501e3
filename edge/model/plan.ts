// What a configuration says of responses: what sets them off, their steps, and what is done when one is missed.

import type { ZoneKind } from "./site.js";
import type { Text } from "./text.js";

/** What sets a response off: zones by id, by kind, or all of an area; or an operator's command. */
export type TriggerConfig =
  | { readonly zones: readonly string[] }
  | { readonly zoneKind: ZoneKind }
  | { readonly area: string }
  | { readonly command: "lock-down" };

export interface ResponseConfig {
  readonly id: string;
  readonly name: Text;
  readonly on: readonly TriggerConfig[];
  readonly steps: readonly StepConfig[];
}

/** What else to do when a step is missed or cannot be met. */
export interface FallbackConfig {
  readonly announce: string;
}

interface StepBase {
  readonly id: string;
  /** From the first sample that alone suffices, or that completes a count, to the confirmed effect. */
  readonly withinMs: number;
  readonly fallback?: FallbackConfig;
}

/** announce: sound an annunciator. close: lock a group down, one step per barrier. release: open what declares `onFire: open`. */
export type StepConfig =
  | (StepBase & { readonly kind: "announce"; readonly annunciator: string })
  | (StepBase & { readonly kind: "close"; readonly group: string; readonly mode: "normal" | "emergency" })
  | (StepBase & { readonly kind: "release"; readonly group: string });
