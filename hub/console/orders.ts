// Commands from persons to boxes: who may, who else must agree, what was sent, what the box said. Each turn is a record.
import { randomUUID } from "node:crypto";
import type { Clock } from "../../edge/machine/ports.js";
import { type Act, type CommandMessage, type CommandResult, dualActs, urgentActs } from "../../edge/model/command.js";
import { type ErrorCode, PortcullisError } from "../../edge/model/error.js";
import type { Book, OwnFact } from "../ledger/ledger.js";
import type { Person } from "../people/people.js";
import { mayAct } from "../people/rights.js";
import type { commandTypes } from "./projections.js";
import type { CommandView } from "./views.js";

/** A box refuses what it gets later than this. */
export const commandTtlMs = 10_000;
/** What a box has not answered by then counts as lost. */
export const answerWithinMs = 15_000;
/** The second person must agree by then. */
export const approvalWithinMs = 120_000;
/** Commands under way at once. */
const openMax = 256;

export interface OrdersOptions {
  readonly book: Book;
  readonly clock: Clock;
  /** Whether the hub has heard of this box. */
  readonly isKnown: (site: string, edge: string) => boolean;
  /** False when the box is away. */
  readonly send: (site: string, edge: string, command: Omit<CommandMessage, "session">) => boolean;
  /** Commands of an earlier run that are still open. */
  readonly open: readonly CommandView[];
}

export interface CommandRequest {
  readonly site: string;
  readonly edge: string;
  readonly act: Act;
  readonly reason: string;
}

/** All reject with a `PortcullisError` that names what is missing. */
export interface Orders {
  request(person: Person, request: CommandRequest): Promise<CommandView>;
  approve(person: Person, id: string): Promise<CommandView>;
  /** What a box said of a command that was sent to it. */
  answered(site: string, edge: string, result: CommandResult): Promise<void>;
  /** Ends what has waited too long. */
  expire(): Promise<void>;
}

interface Open {
  readonly view: CommandView;
  /** Monotonic ms. */
  readonly endsAt: number;
}

export function createOrders(options: OrdersOptions): Orders {
  const { book, clock } = options;
  const open = new Map<string, Open>();
  for (const view of options.open) hold(view, 0);

  function hold(view: CommandView, ms: number): void {
    open.set(view.id, { view, endsAt: clock.mono() + ms });
  }

  async function record(type: (typeof commandTypes)[number], view: CommandView): Promise<CommandView> {
    await book.act(factOf(type, view));
    return view;
  }

  async function send(view: CommandView): Promise<CommandView> {
    const urgent = urgentActs.includes(view.act.kind);
    hold(view, answerWithinMs);
    if (!urgent) await record("operator.commanded", view);
    const { id, issuers, reason, act } = view;
    const sent = options.send(view.site, view.edge, { id, issuers, reason, act, ttlMs: commandTtlMs });
    if (urgent) await record("operator.commanded", view);
    return sent ? view : end("command.answered", { ...view, state: "refused", code: "uplink.unreachable" });
  }

  function end(type: (typeof commandTypes)[number], view: CommandView): Promise<CommandView> {
    open.delete(view.id);
    return record(type, view);
  }

  return {
    async request(person, request) {
      if (!mayAct(person.role, request.act.kind)) refuse("command.not-allowed", "/act", request.act.kind);
      if (!options.isKnown(request.site, request.edge)) refuse("command.unknown-target", "/edge", request.edge);
      if (open.size >= openMax) refuse("api.throttled", "/", `${openMax} commands are under way`);
      const dual = dualActs.includes(request.act.kind);
      const state = dual ? "awaiting-approval" : "sent";
      const createdAt = new Date(clock.now().wall).toISOString();
      const view: CommandView = { ...request, id: randomUUID(), issuers: [person.user], state, code: "", createdAt };
      if (!dual) return send(view);
      hold(view, approvalWithinMs);
      return record("command.requested", view);
    },
    async approve(person, id) {
      const view = open.get(id)?.view;
      if (view === undefined) throw refusal("api.not-found", "/id", id);
      if (view.state !== "awaiting-approval") throw refusal("command.not-possible", "/state", view.state);
      if (!mayAct(person.role, view.act.kind)) throw refusal("command.not-allowed", "/act", view.act.kind);
      if (view.issuers.includes(person.user)) throw refusal("command.needs-two-persons", "/issuers", person.user);
      return send({ ...view, issuers: [...view.issuers, person.user], state: "sent" });
    },
    async answered(site, edge, { id, ok, code }) {
      const view = open.get(id)?.view;
      // A box speaks for itself only, and only about what was sent to it.
      if (view?.state !== "sent" || view.site !== site || view.edge !== edge) return;
      await end("command.answered", { ...view, state: ok ? "done" : "refused", code });
    },
    async expire() {
      const over = [...open.values()].filter(({ endsAt }) => endsAt <= clock.mono());
      for (const { view } of over) await end("command.expired", { ...view, state: "expired", code: "command.expired" });
    },
  };
}

function factOf(type: string, { id, ...view }: CommandView): OwnFact {
  const incident = "incident" in view.act ? { incident: view.act.incident } : {};
  return { type, lane: "alarm", subject: view.edge, data: { command: id, ...view, ...incident } };
}

function refusal(code: ErrorCode, place: string, detail: string): PortcullisError {
  return new PortcullisError({ code, place, detail });
}

function refuse(code: ErrorCode, place: string, detail: string): void {
  throw refusal(code, place, detail);
}
