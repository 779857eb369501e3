// Commands from persons to boxes: who may, who else must agree, what was sent, what the box said. Each turn is a record.
import { randomUUID } from "node:crypto";
import type { Clock } from "../../edge/machine/ports.js";
import {
  type Act,
  type CommandMessage,
  type CommandResult,
  type Obstacle,
  onSiteActs,
  urgentActs,
} from "../../edge/model/command.js";
import { refusal } from "../../edge/model/error.js";
import { mayAct, mayPropose, needsTwo, type OrderPlace } from "../../edge/model/rights.js";
import { lostIncidentType } from "../alarm/acts.js";
import type { Book, OwnFact } from "../ledger/ledger.js";
import type { ApprovalKind, Approvals } from "../people/approvals.js";
import type { Person } from "../people/people.js";
import type { commandTypes, OrderView } from "./projections.js";
import type { ApprovalView, CommandView } from "./views.js";

/** A box refuses what it gets later than this. */
export const commandTtlMs = 10_000;
/** What a box has not answered by then counts as lost. */
export const answerWithinMs = 15_000;
/** Commands under way at once. */
const openMax = 1024;
const expired = { state: "expired", code: "command.expired" } as const;

export interface OrdersOptions {
  readonly book: Pick<Book, "act">;
  readonly clock: Clock;
  /** Where commands that need a second person wait. */
  readonly approvals: () => Pick<Approvals, "request">;
  /** Whether the hub has heard of this box, or expects it. */
  readonly isKnown: (site: string, edge: string) => boolean;
  readonly placeOf: (site: string, edge: string, act: Act) => OrderPlace;
  /** False when the box is away. */
  readonly send: (site: string, edge: string, command: Omit<CommandMessage, "session">) => boolean;
}

export interface CommandRequest {
  readonly site: string;
  readonly edge: string;
  readonly act: Act;
  readonly reason: string;
  /** It waits for a second person's consent although the act alone does not ask for one. */
  readonly dual?: boolean;
  /** The order to a whole site that it is part of. */
  readonly siteOrder?: string;
}

/** All reject with a `PortcullisError` that names what is missing. */
export interface Orders {
  request(person: Person, request: CommandRequest): Promise<CommandView>;
  /** What a command that waits means to the one mechanism of dual approval. */
  readonly approvalKind: ApprovalKind;
  /** Commands of an earlier run that are still open end with the next `expire`. */
  resume(open: readonly CommandView[]): void;
  /** What a box said of a command that was sent to it. */
  answered(site: string, edge: string, result: CommandResult): Promise<void>;
  /** Ends what a box has not answered in time. */
  expire(): Promise<void>;
}

/** Kind of the approvals that are commands. */
export const commandKind = "command";

type CommandType = (typeof commandTypes)[number];

interface Open {
  readonly view: OrderView;
  /** Monotonic ms. */
  readonly endsAt: number;
  /** Ends it then: as expired, or as it ended already when that could not be recorded. */
  readonly end: () => Promise<CommandView>;
}

export function createOrders(options: OrdersOptions): Orders {
  const { book, clock } = options;
  const open = new Map<string, Open>();

  function hold(view: OrderView, ms: number): void {
    open.set(view.id, { view, endsAt: clock.mono() + ms, end: () => end("command.expired", { ...view, ...expired }) });
  }

  async function record(type: CommandType, view: OrderView, obstacles: readonly Obstacle[] = []): Promise<CommandView> {
    await book.act(factOf(type, view, obstacles));
    return { ...view, obstacles: [] };
  }

  async function send(view: OrderView): Promise<CommandView> {
    const urgent = urgentActs.includes(view.act.kind);
    hold(view, answerWithinMs);
    if (!urgent) await record("operator.commanded", view);
    const { id, issuers, roles, reason, act } = view;
    const sent = options.send(view.site, view.edge, { id, issuers, roles, reason, act, ttlMs: commandTtlMs });
    if (urgent) await record("operator.commanded", view);
    return sent
      ? { ...view, obstacles: [] }
      : end("command.answered", { ...view, state: "refused", code: "uplink.unreachable" });
  }

  /** Taken out before anything is awaited, so that it ends once; what could not be recorded is tried again with the next `expire`. */
  async function end(type: CommandType, view: OrderView, obstacles: readonly Obstacle[] = []): Promise<CommandView> {
    const taken = open.get(view.id);
    open.delete(view.id);
    try {
      return await record(type, view, obstacles);
    } catch (error) {
      if (taken !== undefined) {
        open.set(view.id, { ...taken, endsAt: clock.mono(), end: () => end(type, view, obstacles) });
      }
      throw error;
    }
  }

  async function propose(person: Person, view: OrderView): Promise<CommandView> {
    const { id, site, edge, reason } = view;
    const request = { id, kind: commandKind, site, edge, subject: { ...view }, reason };
    await options.approvals().request(person, request, factOf("command.requested", view, []));
    return { ...view, obstacles: [] };
  }

  return {
    async request(person, request) {
      const { site, edge, act, dual = false } = request;
      checkRight(person, act);
      if (!options.isKnown(site, edge)) throw refusal("command.unknown-target", "/edge", edge);
      if (open.size >= openMax) throw refusal("api.throttled", "/", `${openMax} commands are under way`);
      const waits = dual || needsTwo(act.kind, options.placeOf(site, edge, act));
      const asked = askedBy(person, request, new Date(clock.now().wall).toISOString());
      return waits ? propose(person, { ...asked, state: "awaiting-approval" }) : send({ ...asked, state: "sent" });
    },
    approvalKind: approvalKindOf(send, record),
    resume(left) {
      for (const { obstacles: _none, ...view } of left) hold(view, 0);
    },
    async answered(site, edge, { id, ok, code, obstacles }) {
      const view = open.get(id)?.view;
      // A box speaks for itself only, and only about what was sent to it.
      if (view?.state !== "sent" || view.site !== site || view.edge !== edge) return;
      await end("command.answered", { ...view, state: ok ? "done" : "refused", code }, obstacles);
      if (code === "command.unknown-target" && view.act.kind === "reset") await book.act(lostIncident(view, view.act));
    },
    async expire() {
      const over = [...open.values()].filter(({ endsAt }) => endsAt <= clock.mono());
      // One of them may have been answered while another was recorded.
      for (const one of over) if (open.get(one.view.id) === one) await one.end();
    },
  };
}

/** @throws PortcullisError where he may not even ask for it, or it is done on site only. */
function checkRight({ role }: Person, { kind }: Act): void {
  if (onSiteActs.includes(kind)) throw refusal("command.on-site-only", "/act", kind);
  if (!mayPropose(role, kind)) throw refusal("command.not-allowed", "/act", kind);
}

function approvalKindOf(
  send: (view: OrderView) => Promise<CommandView>,
  record: (type: CommandType, view: OrderView) => Promise<CommandView>,
): ApprovalKind {
  return {
    mayAgree: (role, subject) => mayAct(role, orderOf(subject).act.kind),
    carryOut({ subject }, persons) {
      const issuers = persons.map(({ user }) => user);
      const roles = persons.map(({ role }) => role);
      return send({ ...orderOf(subject), issuers, roles, state: "sent" });
    },
    ended({ subject }, how) {
      if (how === "expired") return record("command.expired", { ...orderOf(subject), ...expired });
      return record("command.answered", { ...orderOf(subject), state: how, code: "command.declined" });
    },
  };
}

/** The hub's own record carries it, so it has the shape that `propose` gave it. */
function orderOf(subject: ApprovalView["subject"]): OrderView {
  return subject as unknown as OrderView;
}

function askedBy(
  { user, role }: Person,
  { site, edge, act, reason, siteOrder }: CommandRequest,
  createdAt: string,
): Omit<OrderView, "state"> {
  const asked = { id: randomUUID(), site, edge, act, reason, issuers: [user], roles: [role], code: "", createdAt };
  return { ...asked, siteOrder: siteOrder ?? null };
}

function factOf(type: string, { id, ...view }: OrderView, obstacles: readonly Obstacle[]): OwnFact {
  const incident = incidentOf(view.act);
  const data = { command: id, ...view, ...(obstacles.length > 0 && { obstacles }), ...(incident && { incident }) };
  return { type, lane: "alarm", subject: view.edge, data };
}

/** A box that was replaced knows nothing of it, so nothing is latched there; without this its alarms could never be reset. */
function lostIncident({ site, edge, issuers }: OrderView, { incident }: { readonly incident: string }): OwnFact {
  const data = { site, edge, incident, by: issuers[0] ?? "" };
  return { type: lostIncidentType, lane: "alarm", subject: edge, data };
}

/** The incident in whose timeline the command stands. A step's id begins with that of its incident. */
function incidentOf(act: Act): string | undefined {
  if ("incident" in act) return act.incident;
  return act.kind === "report" ? act.step.split("/")[0] : undefined;
}
