// Dual approval as one mechanism: what one person asks for waits until another with the right agrees, refuses, or time is up.
import type { Clock } from "../../edge/machine/ports.js";
import type { Role } from "../../edge/model/command.js";
import { type ErrorCode, PortcullisError } from "../../edge/model/error.js";
import type { ApprovalState, ApprovalView } from "../console/views.js";
import type { Book, OwnFact } from "../ledger/ledger.js";
import type { Person } from "./people.js";

/** The second person must agree by then. */
export const approvalWithinMs = 120_000;
/** Requests that wait at once. */
export const waitingMax = 256;

/** What a kind of request means; each part of the hub that needs two persons adds its own. */
export interface ApprovalKind {
  readonly mayAgree: (role: Role, subject: ApprovalView["subject"]) => boolean;
  /** Both persons stand for it. What it rejects with goes to the second one. */
  readonly carryOut: (approval: ApprovalView, persons: readonly [Person, Person]) => Promise<unknown>;
  readonly ended: (approval: ApprovalView, how: "refused" | "expired") => Promise<unknown>;
}

export interface ApprovalRequest {
  readonly id: string;
  readonly kind: string;
  /** Empty where it concerns the hub. */
  readonly site: string;
  readonly edge: string;
  /** What is asked for, as its kind has it; shown to the second person. */
  readonly subject: ApprovalView["subject"];
  readonly reason: string;
}

/** All reject with a `PortcullisError`; every turn is a record of the hub, durable before it is answered. */
export interface Approvals {
  /** `more` is recorded together with it. The caller has checked that this person may ask. */
  request(person: Person, request: ApprovalRequest, ...more: readonly OwnFact[]): Promise<ApprovalView>;
  approve(person: Person, id: string): Promise<ApprovalView>;
  /** By one who may agree, or by the one who asked. */
  refuse(person: Person, id: string): Promise<ApprovalView>;
  /** Ends what has waited too long. */
  expire(): Promise<void>;
  waiting(): readonly ApprovalView[];
}

export interface ApprovalsOptions {
  readonly book: Pick<Book, "act">;
  readonly clock: Clock;
  readonly kinds: Readonly<Record<string, ApprovalKind>>;
  /** False for a person who was disabled since. */
  readonly isActive: (user: string) => Promise<boolean>;
  /** All that is known of approvals, also of those that are over. */
  readonly known: () => readonly ApprovalView[];
}

/** Types of the hub's own records; each carries the whole view, its id under `approval`. */
export const approvalTypes: Readonly<Record<ApprovalState, string>> = {
  awaiting: "approval.requested",
  approved: "approval.given",
  refused: "approval.refused",
  expired: "approval.expired",
};

interface Waiting {
  readonly view: ApprovalView;
  /** Monotonic ms. */
  readonly endsAt: number;
}

export function createApprovals(options: ApprovalsOptions): Approvals {
  const { book, clock, kinds } = options;
  const waiting = new Map<string, Waiting>();
  for (const view of options.known()) {
    const leftMs = Math.min(Date.parse(view.expiresAt) - clock.now().wall, approvalWithinMs);
    if (view.state === "awaiting") waiting.set(view.id, { view, endsAt: clock.mono() + leftMs });
  }
  const iso = (ms: number) => new Date(ms).toISOString();

  function find(id: string): Waiting {
    const found = waiting.get(id);
    if (found !== undefined) return found;
    const over = options.known().find((view) => view.id === id);
    throw over === undefined
      ? refusal("api.not-found", "/id", id)
      : refusal("command.not-possible", "/state", over.state);
  }

  /** Taken out before anything is awaited, so that no two persons decide it. */
  async function decide(
    id: string,
    state: Exclude<ApprovalState, "awaiting">,
    by: string | null,
  ): Promise<ApprovalView> {
    const taken = find(id);
    waiting.delete(id);
    const view: ApprovalView = { ...taken.view, state, decidedBy: by, decidedAt: iso(clock.now().wall) };
    try {
      await book.act(factOf(view));
    } catch (error) {
      waiting.set(id, taken);
      throw error;
    }
    return view;
  }

  return {
    async request({ user, role }, request, ...more) {
      if (waiting.size >= waitingMax) throw refusal("api.throttled", "/", `${waitingMax} requests wait`);
      const at = clock.now().wall;
      const times = { createdAt: iso(at), expiresAt: iso(at + approvalWithinMs), decidedAt: null };
      const view: ApprovalView = { ...request, ...times, requestedBy: user, role, state: "awaiting", decidedBy: null };
      waiting.set(view.id, { view, endsAt: clock.mono() + approvalWithinMs });
      try {
        await book.act(factOf(view), ...more);
      } catch (error) {
        waiting.delete(view.id);
        throw error;
      }
      return view;
    },
    async approve(person, id) {
      const { view } = find(id);
      const kind = kindOf(kinds, view);
      if (!kind.mayAgree(person.role, view.subject)) throw refusal("command.not-allowed", "/role", person.role);
      if (view.requestedBy === person.user) throw refusal("command.needs-two-persons", "/requestedBy", person.user);
      if (!(await options.isActive(view.requestedBy)))
        throw refusal("command.not-allowed", "/requestedBy", view.requestedBy);
      const approved = await decide(id, "approved", person.user);
      await kind.carryOut(approved, [{ user: view.requestedBy, role: view.role }, person]);
      return approved;
    },
    async refuse(person, id) {
      const { view } = find(id);
      const kind = kindOf(kinds, view);
      const may = view.requestedBy === person.user || kind.mayAgree(person.role, view.subject);
      if (!may) throw refusal("command.not-allowed", "/role", person.role);
      const refused = await decide(id, "refused", person.user);
      await kind.ended(refused, "refused");
      return refused;
    },
    async expire() {
      const over = [...waiting.values()].filter(({ endsAt }) => endsAt <= clock.mono());
      for (const { view } of over) {
        if (!waiting.has(view.id)) continue;
        await kindOf(kinds, view).ended(await decide(view.id, "expired", null), "expired");
      }
    },
    waiting: () => [...waiting.values()].map(({ view }) => view),
  };
}

const unknownKind: ApprovalKind = {
  mayAgree: () => false,
  carryOut: async () => undefined,
  ended: async () => undefined,
};

/** A request of a newer hub waits until its time is up. */
function kindOf(kinds: ApprovalsOptions["kinds"], { kind }: ApprovalView): ApprovalKind {
  return Object.hasOwn(kinds, kind) ? (kinds[kind] ?? unknownKind) : unknownKind;
}

function factOf({ id, ...view }: ApprovalView): OwnFact {
  return {
    type: approvalTypes[view.state],
    lane: "state",
    subject: view.edge || "hub",
    data: { approval: id, ...view },
  };
}

function refusal(code: ErrorCode, place: string, detail: string): PortcullisError {
  return new PortcullisError({ code, place, detail });
}
