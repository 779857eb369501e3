// What stands in a box beside its zones and barriers: areas, posture and risk, exercises, duties; parts of the views of /api/v1.
import type { Obstacle } from "../../edge/model/command.js";
import type { DutyConfig, PostureLevel, RiskColour } from "../../edge/model/plan.js";
import type { AreaKind, Grade } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";

/** All times are ISO 8601 UTC with milliseconds; null when it has not happened. */
export type Time = string;

/** What stands against an order, with its name and its words for people. */
export interface ObstacleView extends Obstacle {
  readonly name: Text;
  readonly text: Text;
}

export interface AreaView {
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly name: Text;
  readonly kind: AreaKind;
  readonly grade: Grade;
  readonly armed: boolean;
  /** When and by whom it was last armed or disarmed. */
  readonly changedAt: Time | null;
  readonly changedBy: string | null;
  /** The exit time runs. */
  readonly arming: { readonly until: Time; readonly by: string } | null;
  /** The entry time runs, unless `until` has passed. */
  readonly entry: { readonly until: Time; readonly zone: string } | null;
  /** It could not be armed and has not been armed or disarmed since. */
  readonly failed: { readonly at: Time; readonly by: string; readonly obstacles: readonly ObstacleView[] } | null;
}

/** Issuer, reference and operator are empty while nobody has set it. */
export interface PostureView {
  readonly level: PostureLevel;
  readonly issuer: string;
  readonly reference: string;
  readonly by: string;
  readonly leader: string | null;
  readonly since: Time | null;
}

export interface RiskView {
  readonly colour: RiskColour;
  readonly issuer: string;
  readonly reference: string;
  readonly by: string;
  readonly since: Time | null;
}

export interface DrillView {
  readonly id: string;
  readonly zones: readonly string[];
  readonly by: string;
  readonly since: Time;
  readonly until: Time;
  /** Zone of the real alarm that suspended it. */
  readonly suspendedBy: string | null;
}

export interface WalkTestView {
  readonly zones: readonly string[];
  readonly tested: readonly string[];
  readonly by: string;
  readonly until: Time;
}

export interface SelfTestView {
  readonly at: Time;
  readonly by: string;
  /** Share of the time for which the points were there, 0 to 1. */
  readonly availability: number;
  /** What is not as it should be; empty is a pass. */
  readonly findings: readonly ObstacleView[];
}

export interface DutyView {
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly name: Text;
  readonly kind: DutyConfig["kind"];
  readonly lastDoneAt: Time | null;
  readonly lastDoneBy: string | null;
  /** Null while it is not known since when the box counts. */
  readonly dueAt: Time | null;
  readonly missed: boolean;
}
