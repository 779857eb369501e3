// What the hub's HTTP API shows: the JSON shapes of /api/v1, shared by the routes, the stream and the pages.
import type { Act, Role } from "../../edge/model/command.js";
import type { BarrierState, ZoneState } from "../../edge/model/durable.js";
import type { IncidentKind, Priority, Reason, StepAction, StepOutcome } from "../../edge/model/incident.js";
import type { Lane } from "../../edge/model/record.js";
import type { AreaKind } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";
import type { ZoneKind } from "../../edge/model/zone.js";

/** All times are ISO 8601 UTC with milliseconds; null when it has not happened. */
export type Time = string;

/** ISA-18.2 states that this issue needs; `returned` means that the cause is gone. */
export type AlarmState = "unacknowledged" | "acknowledged" | "returned-unacknowledged" | "closed";

export interface AlarmView {
  readonly id: string;
  readonly key: string;
  readonly site: string;
  readonly edge: string;
  readonly area: string | null;
  readonly zone: string | null;
  readonly barrier: string | null;
  readonly incident: string | null;
  /** Record type, for example `zone.breached`. */
  readonly type: string;
  readonly cause: string | null;
  readonly title: Text;
  readonly priority: Priority;
  readonly state: AlarmState;
  readonly occurredAt: Time;
  readonly raisedAt: Time;
  /** When the hub stored it. */
  readonly storedAt: Time;
  readonly acknowledgedAt: Time | null;
  readonly acknowledgedBy: string | null;
  readonly count: number;
  readonly exercise: boolean;
  readonly durable: boolean;
}

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
  readonly camera: string | null;
  readonly state: ZoneState;
  readonly armed: boolean;
  readonly changedAt: Time | null;
}

export interface BarrierView {
  readonly site: string;
  readonly edge: string;
  readonly id: string;
  readonly name: Text;
  readonly area: string;
  readonly groups: readonly string[];
  readonly kind: string;
  readonly state: BarrierState;
  readonly reason: Reason | null;
  /** A lock-down holds it closed. */
  readonly held: boolean;
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
  readonly areas: readonly { readonly id: string; readonly name: Text; readonly armed: boolean }[];
  readonly heads: readonly { readonly epoch: string; readonly lane: Lane; readonly sequence: number }[];
  readonly lastRecordAt: Time | null;
}

export interface WorkOrderView {
  readonly site: string;
  readonly edge: string;
  readonly number: string;
  readonly device: string;
  readonly cause: string;
  readonly openedAt: Time;
}

export type CommandState = "awaiting-approval" | "sent" | "done" | "refused" | "expired";

export interface CommandView {
  readonly id: string;
  readonly site: string;
  readonly edge: string;
  readonly act: Act;
  readonly reason: string;
  readonly issuers: readonly string[];
  readonly state: CommandState;
  /** Error code when refused. */
  readonly code: string;
  readonly createdAt: Time;
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
