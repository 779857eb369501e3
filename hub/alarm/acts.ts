// All that a person may do with an alarm, whatever the outlet: asked of the rules, durable in the hub's own chain, then told
// to the box. HTTP, OPC UA and MQTT call `perform`, and with webhooks read `AlarmFeed`; none has a way of its own.
import type { Act, Role } from "../../edge/model/command.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { Book, OwnFact } from "../ledger/ledger.js";
import type { AlarmChange, AlarmRecord } from "./record.js";
import { type Limits, type Objection, objection } from "./rules.js";

export type AlarmAct =
  | { readonly kind: "acknowledge" }
  /** Quiets the sounders of its box; they sound again for the next alarm. */
  | { readonly kind: "silence" }
  /** Releases what is latched. An incident is reset at its box, which has the last word. */
  | { readonly kind: "reset" }
  /** Out of the operators' way for a while, for one origin and type; the alarm goes on living. */
  | { readonly kind: "shelve"; readonly forMs: number; readonly reason: string }
  | { readonly kind: "unshelve" }
  /** The same for maintenance, for longer. */
  | { readonly kind: "take-out-of-service"; readonly forMs: number; readonly reason: string }
  | { readonly kind: "return-to-service" };
export type AlarmActKind = AlarmAct["kind"];

/** Who acts and where. An outlet names itself (`http`, `opcua`, `mqtt:ROOM`) and vouches for the person. */
export interface Actor {
  readonly user: string;
  readonly role: Role;
  readonly outlet: string;
  /** What the person remarked. */
  readonly note?: string;
}

export interface AlarmActs {
  /**
   * Resolves with the alarm as it stands when the act is durable; what would change nothing is not recorded. Rejects with a
   * `PortcullisError`: `api.not-found`, `api.forbidden` (right), `alarm.protected`, `command.not-possible`,
   * `api.invalid-body`, `api.box-away` when its box is needed and away.
   */
  perform(actor: Actor, id: string, act: AlarmAct): Promise<AlarmRecord>;
}

/** What outlets read. Every change is in the ledger before it is here. */
export interface AlarmFeed {
  /** All alarms that are not closed, newest first, and the number of the newest change that is in it. */
  snapshot(): { readonly sequence: number; readonly alarms: readonly AlarmRecord[] };
  /**
   * Every change after the cursor, in order and without a gap: first what is past, also from before the hub's last start, then
   * what happens, until `signal` aborts. A reader takes its time; nobody else notices. An outlet delivers a change, then puts its
   * cursor there; after a crash it may see the last change again.
   */
  changes(after: number, signal: AbortSignal): AsyncIterable<AlarmChange>;
  /** Number of the newest change; a change up to this is history to a reader that starts now. */
  head(): number;
}

export interface ActsOptions {
  readonly get: (id: string) => AlarmRecord | undefined;
  readonly book: Pick<Book, "act">;
  readonly limits: Limits;
  /** Wall clock, ms since 1970. */
  readonly now: () => number;
  /** Ids of commands, unique for ever. */
  readonly newId: () => string;
  readonly may: (role: Role, act: AlarmActKind) => boolean;
  /** Orders something from a box in this person's name; `code` is empty when it was sent. Rejects when the person may not. */
  readonly order: (actor: Actor, box: { site: string; edge: string }, act: Act) => Promise<{ readonly code: string }>;
}

export function createActs(options: ActsOptions): AlarmActs {
  const { get, book, limits, may } = options;

  async function refuse(actor: Actor, act: AlarmAct, alarm: AlarmRecord, { code, place, detail }: Objection) {
    await book.act({ ...factOf("act.refused", actor, alarm, { act: act.kind, code }), lane: "state" });
    throw new PortcullisError({ code, place, detail });
  }

  return {
    async perform(actor, id, act) {
      const alarm = get(id);
      if (alarm === undefined) throw new PortcullisError({ code: "api.not-found", place: "/params/id", detail: id });
      const found: Objection | null = may(actor.role, act.kind)
        ? objection(alarm, act, limits)
        : { code: "api.forbidden", place: "/", detail: actor.role };
      if (found !== null) await refuse(actor, act, alarm, found);
      const box = boxActOf(alarm, act);
      // What only the box can do is not said to be done when the box is away.
      const { code } = box === null ? nothingOrdered : await options.order(actor, alarm, box);
      if (code !== "") throw new PortcullisError({ code: "api.box-away", place: "/edge", detail: alarm.edge });
      const data = changeOf(alarm, act, options);
      if (data !== null) await book.act(factOf(types[act.kind], actor, alarm, data));
      return get(id) ?? alarm;
    },
  };
}

const nothingOrdered = { code: "" } as const;

/** Types of the hub's own records of them. Data: the alarm's id under `target`, its place, `by`, `outlet`, and what `changeOf` adds. */
export const types: Readonly<Record<AlarmActKind, string>> = {
  acknowledge: "alarm.acknowledged",
  silence: "alarm.silenced",
  reset: "alarm.reset",
  shelve: "alarm.shelved",
  unshelve: "alarm.unshelved",
  "take-out-of-service": "alarm.taken-out",
  "return-to-service": "alarm.put-back",
};

/** Type of the hub's own record that a box knows an incident no more; data: `site`, `edge`, `incident`, `by`. */
export const lostIncidentType = "incident.lost";

type Clockwork = Pick<ActsOptions, "now" | "newId">;
type Data = Readonly<Record<string, unknown>>;

/** What the hub records of an act; null when it changes nothing here. */
function changeOf(alarm: AlarmRecord, act: AlarmAct, { now, newId }: Clockwork): Data | null {
  switch (act.kind) {
    case "acknowledge":
      if (alarm.acknowledged) return null;
      // Older hubs read the id here. The command is told to the box until it has it.
      return { acknowledged: alarm.id, ...(alarm.incident !== null && { command: newId() }) };
    case "silence":
      return alarm.silencedAt === null ? {} : null;
    case "reset":
      // By the key those know it who have only read along in the ledger.
      return alarm.incident === null ? { key: alarm.key } : null;
    case "shelve":
    case "take-out-of-service":
      return { reason: act.reason, until: new Date(now() + act.forMs).toISOString() };
    case "unshelve":
      return alarm.shelved === null ? null : {};
    case "return-to-service":
      return alarm.outOfService === null ? null : {};
  }
}

function boxActOf({ incident, site }: AlarmRecord, { kind }: AlarmAct): Act | null {
  if (site === "") return null;
  if (kind === "silence") return { kind };
  return kind === "reset" && incident !== null ? { kind, incident } : null;
}

function factOf(type: string, { user, outlet, note }: Actor, alarm: AlarmRecord, more: Data): OwnFact {
  const { id, site, edge, incident, origin, type: of } = alarm;
  const place = { site, edge, origin, of, ...(incident !== null && { incident }) };
  const data = { target: id, by: user, outlet, ...place, ...(note && { note }), ...more };
  return { type, lane: "alarm", subject: edge || "hub", data };
}
