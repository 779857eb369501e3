// Dual approval as one mechanism: what one person asks for waits until another with the right agrees, refuses, or time is up.
import type { Clock } from "../../edge/machine/ports.js";
import type { Role } from "../../edge/model/command.js";
import { refusal } from "../../edge/model/error.js";
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
  const { clock, kinds } = options;
  const desk = createDesk(options);
  const kindOf = ({ kind }: ApprovalView) => (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? unknownKind;

  return {
    async request({ user, role }, request, ...more) {
      const at = clock.now().wall;
      const times = { createdAt: iso(at), expiresAt: iso(at + approvalWithinMs), decidedAt: null };
      const view: ApprovalView = { ...request, ...times, requestedBy: user, role, state: "awaiting", decidedBy: null };
      await desk.add(view, more);
      return view;
    },
    async approve(person, id) {
      const { view } = desk.find(id);
      const { requestedBy, role, subject } = view;
      const kind = kindOf(view);
      if (!kind.mayAgree(person.role, subject)) throw refusal("command.not-allowed", "/role", person.role);
      if (requestedBy === person.user) throw refusal("command.needs-two-persons", "/requestedBy", person.user);
      if (!(await options.isActive(requestedBy))) throw refusal("command.not-allowed", "/requestedBy", requestedBy);
      const approved = await desk.decide(id, "approved", person.user);
      await kind.carryOut(approved, [{ user: requestedBy, role }, person]);
      return approved;
    },
    async refuse(person, id) {
      const { view } = desk.find(id);
      const kind = kindOf(view);
      const may = view.requestedBy === person.user || kind.mayAgree(person.role, view.subject);
      if (!may) throw refusal("command.not-allowed", "/role", person.role);
      const refused = await desk.decide(id, "refused", person.user);
      await kind.ended(refused, "refused");
      return refused;
    },
    async expire() {
      const over = desk.all().filter(({ endsAt }) => endsAt <= clock.mono());
      for (const { view } of over) {
        if (desk.all().some(({ view: { id } }) => id === view.id)) {
          await kindOf(view).ended(await desk.decide(view.id, "expired", null), "expired");
        }
      }
    },
    waiting: () => desk.all().map(({ view }) => view),
  };
}

/** What waits, held in step with the records of it. */
function createDesk({ book, clock, known }: ApprovalsOptions) {
  const waiting = new Map<string, Waiting>();
  for (const view of known()) {
    const leftMs = Math.min(Date.parse(view.expiresAt) - clock.now().wall, approvalWithinMs);
    if (view.state === "awaiting") waiting.set(view.id, { view, endsAt: clock.mono() + leftMs });
  }

  function find(id: string): Waiting {
    const found = waiting.get(id);
    if (found !== undefined) return found;
    const over = known().find((view) => view.id === id);
    if (over === undefined) throw refusal("api.not-found", "/id", id);
    throw refusal("command.not-possible", "/state", over.state);
  }

  return {
    all: () => [...waiting.values()],
    find,
    async add(view: ApprovalView, more: readonly OwnFact[]): Promise<void> {
      if (waiting.size >= waitingMax) throw refusal("api.throttled", "/", `${waitingMax} requests wait`);
      waiting.set(view.id, { view, endsAt: clock.mono() + approvalWithinMs });
      try {
        await book.act(factOf(view), ...more);
      } catch (error) {
        waiting.delete(view.id);
        throw error;
      }
    },
    /** Taken out before anything is awaited, so that no two persons decide it. */
    async decide(id: string, state: Exclude<ApprovalState, "awaiting">, by: string | null): Promise<ApprovalView> {
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
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A request of a newer hub waits until its time is up. */
const unknownKind: ApprovalKind = {
  mayAgree: () => false,
  carryOut: async () => undefined,
  ended: async () => undefined,
};

function factOf({ id, ...view }: ApprovalView): OwnFact {
  return {
    type: approvalTypes[view.state],
    lane: "state",
    subject: view.edge || "hub",
    data: { approval: id, ...view },
  };
}
