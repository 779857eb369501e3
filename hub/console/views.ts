// What the hub's HTTP API shows: the JSON shapes of /api/v1, shared by the routes, the stream and the pages.
import type { Act, Role } from "../../edge/model/command.js";
import type { BarrierState, WorkOrderState, ZoneOut, ZoneState } from "../../edge/model/durable.js";
import type { Cause, IncidentKind, Reason, StepAction, StepOutcome } from "../../edge/model/incident.js";
import type { ChannelConfig, DeviationConfig } from "../../edge/model/plan.js";
import type { Lane } from "../../edge/model/record.js";
import type { AreaKind, FixtureConfig } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";
import type { Subsystem, ZoneConfig, ZoneKind } from "../../edge/model/zone.js";
import type { AlarmMeasures } from "../alarm/measures.js";
import type { AlarmRecord, AlarmState } from "../alarm/record.js";
import type {
  AreaView,
  DrillView,
  DutyView,
  ObstacleView,
  PostureView,
  RiskView,
  SelfTestView,
  Time,
  WalkTestView,
} from "./standing-views.js";

/** The alarm as every outlet shows it. */
export type AlarmView = AlarmRecord;
export type { AlarmMeasures, AlarmState };

export interface StepView {
  readonly id: string;
  readonly response: string;
  readonly action: StepAction;
  readonly target: string;
  readonly targetName: Text;
  readonly firstActivityAt: Time;
  readonly occurredAt: Time;
  readonly detectedAt: Time;
  readonly decidedAt: Time;
  readonly commandedAt: Time | null;
  readonly confirmedAt: Time | null;
  readonly deadlineAt: Time;
  readonly outcome: StepOutcome;
  readonly reason: Reason | null;
  readonly latenessMs: number | null;
  readonly fallbackAt: Time | null;
  readonly resumed: { readonly at: Time; readonly by: string; readonly leftMs: number } | null;
}

export interface IncidentView {
  readonly id: string;
  readonly site: string;
  readonly edge: string;
  readonly kind: IncidentKind;
  readonly place: string;
  readonly state: "open" | "closed";
  readonly openedAt: Time;
  readonly closedAt: Time | null;
  readonly acknowledgedBy: string | null;
  readonly zones: readonly string[];
  readonly exercise: boolean;
  readonly steps: readonly StepView[];
  /** Only in `/api/v1/incidents/{id}`: every record that names the incident, in the box's order. */
  readonly timeline?: readonly TimelineEntry[];
}

export interface TimelineEntry {
  readonly time: Time;
  readonly type: string;
  readonly subject: string;
  readonly lane: Lane;
  readonly sequence: number;
  readonly exercise: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ZoneView {
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly areaName: Text;
  readonly areaKind: AreaKind;
  readonly kind: ZoneKind;
  readonly subsystem: Subsystem;
  /** False: a bare contact, whose cable can be cut unseen. */
  readonly supervised: boolean;
  readonly camera: string | null;
  /** Place on a plan, as shares of its width and height. */
  readonly position: NonNullable<ZoneConfig["position"]> | null;
  readonly state: ZoneState;
  /** A drill caused the state. */
  readonly exercise: boolean;
  readonly armed: boolean;
  /** No disarming silences it. */
  readonly alwaysOn: boolean;
  /** It is out of service. */
  readonly out: (Omit<ZoneOut, "until"> & { readonly until: Time | null }) | null;
  /** It has spoken and waits for a partner. */
  readonly preAlarm: Cause | null;
  /** Its last trigger in a walk test, with the time from the sensor to the judgement and, where a sound was to answer, to that. */
  readonly tested: ZoneTestView | null;
  readonly changedAt: Time | null;
}

export interface ZoneTestView {
  readonly at: Time;
  readonly cause: Cause;
  readonly latencyMs: number;
  /** From the sensor to the confirmed sounder. */
  readonly heardMs: number | null;
}

export interface BarrierView {
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly groups: readonly string[];
  readonly kind: string;
  readonly entrance: "main" | "other";
  readonly impactRating: string | null;
  readonly state: BarrierState;
  readonly reason: Reason | null;
  /** A lock-down holds it closed. */
  readonly held: boolean;
  /** It is let open for an emergency vehicle. */
  readonly pass: {
    readonly until: Time;
    readonly by: string;
    readonly reason: string;
    readonly incident: string;
  } | null;
  /** Last service, and the runs up to then. */
  readonly serviced: { readonly at: Time; readonly cycles: number } | null;
  readonly changedAt: Time | null;
}

export interface EdgeView {
  readonly site: string;
  readonly edge: string;
  readonly name: Text;
  readonly online: boolean;
  readonly revision: number | null;
  readonly groups: readonly {
    readonly id: string;
    readonly name: Text;
    readonly barriers: readonly string[];
    readonly lockedDown: boolean;
  }[];
  readonly areas: readonly AreaView[];
  readonly posture: PostureView;
  readonly risk: RiskView;
  readonly drill: DrillView | null;
  readonly walkTest: WalkTestView | null;
  readonly selfTest: SelfTestView | null;
  readonly duties: readonly DutyView[];
  readonly channels: readonly ChannelConfig[];
  readonly fixtures: readonly FixtureConfig[];
  /** What was accepted although it breaks the timing proof; always displayed. */
  readonly deviations: readonly DeviationConfig[];
  readonly heads: readonly {
    readonly epoch: string;
    readonly lane: Lane;
    readonly sequence: number;
    readonly hash: string;
  }[];
  readonly lastRecordAt: Time | null;
}

export interface WorkOrderView {
  readonly site: string;
  readonly edge: string;
  readonly number: string;
  readonly device: string;
  readonly deviceName: Text;
  readonly cause: string;
  readonly openedAt: Time;
  readonly state: WorkOrderState;
  readonly assignedAt: Time | null;
  readonly fixedAt: Time | null;
  readonly verifiedAt: Time | null;
  /** Who moved it last, with what note; empty while nobody has. */
  readonly by: string;
  readonly note: string;
  /** It was not reported in time. */
  readonly overdue: boolean;
  /** Of a review: the pass that is looked at; `by` and `note` above are the review. */
  readonly pass: PassView | null;
}

/** A held lane was opened for an emergency vehicle. */
export interface PassView {
  readonly barrier: string;
  readonly by: string;
  readonly reason: string;
  readonly openedAt: Time;
  /** Null while the lane stands open. */
  readonly closedAt: Time | null;
}

export type CommandState = "awaiting-approval" | "sent" | "done" | "refused" | "expired";

export interface CommandView {
  readonly id: string;
  readonly site: string;
  readonly edge: string;
  readonly act: Act;
  readonly reason: string;
  readonly issuers: readonly string[];
  /** What the issuers are, in the same order. */
  readonly roles: readonly Role[];
  readonly state: CommandState;
  /** Error code when refused. */
  readonly code: string;
  /** What stands against it: "cannot arm because ...". */
  readonly obstacles: readonly ObstacleView[];
  readonly createdAt: Time;
  /** The order to a whole site that it is part of. */
  readonly siteOrder: string | null;
}

/** What each box of a site made of one order. */
export interface SiteOrderView {
  readonly id: string;
  readonly site: string;
  /** Every box of the site; no commands: the hub knows nothing there that the order would concern. */
  readonly boxes: readonly { readonly edge: string; readonly commands: readonly CommandView[] }[];
}

export const approvalStates = ["awaiting", "approved", "refused", "expired"] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** What one person asks for and another must agree to. */
export interface ApprovalView {
  readonly id: string;
  /** `command`, or another thing that needs two persons. */
  readonly kind: string;
  readonly site: string;
  readonly edge: string;
  readonly subject: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly requestedBy: string;
  readonly role: Role;
  readonly state: ApprovalState;
  readonly createdAt: Time;
  readonly expiresAt: Time;
  readonly decidedBy: string | null;
  readonly decidedAt: Time | null;
}

export interface UserView {
  readonly user: string;
  readonly role: Role;
  readonly disabled: boolean;
}

/** A login or an API token that is open; its id opens nothing. */
export interface SessionInfo {
  readonly id: string;
  readonly user: string;
  readonly role: Role;
  readonly kind: "login" | "token";
  readonly openedAt: Time | null;
  readonly expiresAt: Time;
}

export interface SessionView {
  readonly token: string;
  readonly user: string;
  readonly role: Role;
  /** True until the first person has set a password. */
  readonly mustSetPassword: boolean;
  readonly expiresAt: Time;
}

/** Body of every error answer. `message` is in the language of the Accept-Language header. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly place: string;
}

/** Events of /api/v1/stream: `event:` is the kind, `id:` grows and is accepted as Last-Event-ID. */
export interface StreamEvents {
  readonly alarm: AlarmView;
  readonly incident: IncidentView;
  readonly zone: ZoneView;
  readonly barrier: BarrierView;
  readonly edge: EdgeView;
  readonly "work-order": WorkOrderView;
  readonly command: CommandView;
}
