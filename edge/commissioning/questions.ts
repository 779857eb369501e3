// What a person may ask of a running box and what comes back: questions go from the HTTP's thread to the reaction thread.
import type { WorkOrder } from "../model/durable.js";
import type { ErrorCode } from "../model/error.js";
import type { Reason } from "../model/incident.js";
import type { Verdict, ZoneTrace } from "../model/state.js";
import type { Text } from "../model/text.js";
import type { MonoMs } from "../model/time.js";
import type { CheckAsk, DrivesAsk, DrivesReply, HoldOnAsk, HoldReply, LetGoAsk } from "./questions/drives.js";
import type {
  GuidedLookAsk,
  GuidedLookReply,
  GuidedNoteAsk,
  GuidedNoteReply,
  GuidedPlanAsk,
  GuidedPlanReply,
} from "./questions/guided.js";
import type { DoneReply, DueAsk, HandoverReply, NoteTestAsk, SignAsk } from "./questions/handover.js";
import type { CommandAsk, CommandReply, RecordAsk, RecordReply } from "./questions/orders.js";
import type { PointsAsk, PointsReply } from "./questions/points.js";
import type { SiteReply } from "./questions/site.js";
import type { VibrationAsk, VibrationReply } from "./questions/vibration.js";
import type { WalkReply } from "./questions/walk.js";
import type { WiringAsk, WiringReply } from "./questions/wiring.js";

/** One line per question: what is asked, what comes back. Answered by the entry of the same name in edge/agent/answers.ts. */
export interface Questions {
  /** Would a lock-down succeed? Of one group, or of all. */
  readonly seal: { readonly ask: { readonly group: string | null }; readonly reply: SealReply };
  /** Why no alarm? `at` in ms since 1970; null: the present minute. */
  readonly why: { readonly ask: { readonly zone: string; readonly at: number | null }; readonly reply: WhyReply };
  readonly faults: { readonly ask: object; readonly reply: FaultsReply };
  readonly points: { readonly ask: PointsAsk; readonly reply: PointsReply };
  readonly site: { readonly ask: object; readonly reply: SiteReply };
  readonly drives: { readonly ask: DrivesAsk; readonly reply: DrivesReply };
  readonly "hold-on": { readonly ask: HoldOnAsk; readonly reply: HoldReply };
  readonly "let-go": { readonly ask: LetGoAsk; readonly reply: HoldReply };
  readonly check: { readonly ask: CheckAsk; readonly reply: DrivesReply };
  readonly command: { readonly ask: CommandAsk; readonly reply: CommandReply };
  readonly walk: { readonly ask: object; readonly reply: WalkReply };
  readonly "guided-plan": { readonly ask: GuidedPlanAsk; readonly reply: GuidedPlanReply };
  readonly "guided-look": { readonly ask: GuidedLookAsk; readonly reply: GuidedLookReply };
  readonly "guided-note": { readonly ask: GuidedNoteAsk; readonly reply: GuidedNoteReply };
  readonly record: { readonly ask: RecordAsk; readonly reply: RecordReply };
  readonly wiring: { readonly ask: WiringAsk; readonly reply: WiringReply };
  readonly vibration: { readonly ask: VibrationAsk; readonly reply: VibrationReply };
  readonly handover: { readonly ask: object; readonly reply: HandoverReply };
  readonly sign: { readonly ask: SignAsk; readonly reply: DoneReply };
  readonly "note-test": { readonly ask: NoteTestAsk; readonly reply: DoneReply };
  readonly due: { readonly ask: DueAsk; readonly reply: DoneReply };
}

export type QuestionKind = keyof Questions;
export type QuestionOf<K extends QuestionKind> = { readonly kind: K } & Questions[K]["ask"];
export type Question = { [K in QuestionKind]: QuestionOf<K> }[QuestionKind];

export type Reply<K extends QuestionKind = QuestionKind> =
  | { readonly ok: true; readonly body: Questions[K]["reply"] }
  | { readonly ok: false; readonly code: ErrorCode; readonly place: string; readonly detail: string };

export interface SealReply {
  /** Every group that was asked about can be sealed; without a group there is nothing to seal. */
  readonly ok: boolean;
  readonly groups: readonly {
    readonly group: string;
    readonly name: Text;
    readonly ok: boolean;
    /** Until the last barrier that can close is closed. */
    readonly totalMs: number;
    readonly barriers: readonly {
      readonly barrier: string;
      readonly name: Text;
      readonly ms: number;
      readonly obstacles: readonly Reason[];
    }[];
  }[];
}

/** A moment for people and for comparing: ISO 8601 UTC, and the box's monotonic clock. */
export interface Moment {
  readonly time: string;
  readonly mono: MonoMs;
}

export interface WhyReply {
  readonly zone: string;
  readonly name: Text;
  readonly from: Moment;
  readonly to: Moment;
  /** How often each rule applied. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** The one that came nearest to an alarm; null: the zone was not looked at. */
  readonly nearest: Verdict | null;
  readonly strongest: { readonly seen: number; readonly limit: number | null; readonly least: number } | null;
  readonly detail: readonly Look[];
  /** The last look before the minute, which holds while nothing changes; null when it is not known. */
  readonly before: Look | null;
}

export type Look = Omit<ZoneTrace, "zone" | "at"> & { readonly at: Moment };

export interface FaultsReply {
  /** Share of the time for which inputs could be seen, 0 to 1. */
  readonly availability: number;
  readonly faults: readonly {
    /** `{kind}:{id}`, as in work orders. */
    readonly device: string;
    readonly cause: string;
    /** ISO 8601 UTC. */
    readonly since: string;
    readonly ageMs: number;
  }[];
  readonly workOrders: readonly (Omit<WorkOrder, "openedAt" | "changedAt"> & {
    readonly openedAt: string;
    readonly changedAt: string;
    readonly ageMs: number;
  })[];
}
