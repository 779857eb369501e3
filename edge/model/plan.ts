// What a configuration says of responses: what sets them off, their steps, and what is done when one is missed; and of what
// must be done again and again.
import type { Cause } from "./incident.js";
import type { Text } from "./text.js";
import type { ZoneKind } from "./zone.js";

/** The abnormal posture 非常态等级 of norm 003, mildest first; each adds to the one before. Never merged with warnings or risks. */
export const postureLevels = ["normal", "level-3", "level-2", "level-1"] as const;
export type PostureLevel = (typeof postureLevels)[number];

/** The risk colour of norm 002, mildest first. */
export const riskColours = ["none", "yellow", "orange", "red"] as const;
export type RiskColour = (typeof riskColours)[number];

/**
 * What sets a response off: zones by id, by kind, or all of an area; one cause, whatever its zone; an operator's command; a posture
 * that is reached or passed on the way; a risk colour. A held-open door, a tailgater and a blocked lane set off what names them by
 * zone or cause only.
 */
export type TriggerConfig =
  | { readonly zones: readonly string[] }
  | { readonly zoneKind: ZoneKind }
  | { readonly area: string }
  | { readonly cause: Cause }
  | { readonly command: "lock-down" }
  | { readonly posture: Exclude<PostureLevel, "normal"> }
  | { readonly risk: Exclude<RiskColour, "none"> };

export interface ResponseConfig {
  readonly id: string;
  readonly name: Text;
  readonly on: readonly TriggerConfig[];
  readonly steps: readonly StepConfig[];
}

/** What else to do when a step is missed or cannot be met: sound something, or take a step of the same response that waits for it. */
export type FallbackConfig = { readonly announce: string } | { readonly step: string };

interface StepBase {
  readonly id: string;
  /** From the first sample that alone suffices, or that completes a count, to the confirmed effect. */
  readonly withinMs: number;
  readonly fallback?: FallbackConfig;
}

/**
 * announce: sound an annunciator. close: lock a group down, one step per barrier or passage. release: open what declares
 * `onFire: open`. notify: tell the outside by a channel, met when it is delivered. report: a person stamps that something is done
 * (muster, control, checklist); with `everyMs` it is asked for again while the incident is open. switch: hold an output while the
 * incident is open (reserve supply, light).
 */
export type StepConfig =
  | (StepBase & { readonly kind: "announce"; readonly annunciator: string })
  | (StepBase & { readonly kind: "close"; readonly group: string; readonly mode: "normal" | "emergency" })
  | (StepBase & { readonly kind: "release"; readonly group: string })
  | (StepBase & { readonly kind: "notify"; readonly channel: string })
  | (StepBase & { readonly kind: "report"; readonly task: Text; readonly everyMs?: number })
  | (StepBase & { readonly kind: "switch"; readonly point: string });

/** A way out for notifications. hub: delivered when the hub has it durably. output: a wired dialler, radio or broadcast, confirmed by the device; `text`: the message is written instead of on. */
export type ChannelConfig =
  | { readonly id: string; readonly name: Text; readonly kind: "hub" }
  | {
      readonly id: string;
      readonly name: Text;
      readonly kind: "output";
      readonly point: string;
      readonly payload: "on" | "text";
    };

export const dutyKinds = [
  "inspection",
  "self-test",
  "walk-test",
  "communication-test",
  "calibration",
  "maintenance",
  "drill",
] as const;

/** Overdue after `everyMs + graceMs`: an alarm, and for calibration, maintenance and walk tests a work order. A self-test runs by itself. */
export interface DutyConfig {
  readonly id: string;
  readonly name: Text;
  readonly kind: (typeof dutyKinds)[number];
  readonly everyMs: number;
  /** Interval in any posture above normal. */
  readonly everyRaisedMs?: number;
  readonly graceMs: number;
  /** Device that the work order names; absent: the duty itself. */
  readonly device?: string;
}

/** 偏差: a step that the timing proof refuses, accepted up to `worstMs` by two different persons. */
export interface DeviationConfig {
  readonly response: string;
  readonly step: string;
  readonly target: string;
  readonly worstMs: number;
  readonly reason: string;
  readonly signedBy: readonly { readonly name: string; readonly on: string }[];
}
