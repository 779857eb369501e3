// How well people can follow the alarms (ISA-18.2, EEMUA 191): rate per operator, flood, chatter, stale. Measured only: nothing is muted.
import type { Priority } from "../../edge/model/incident.js";
import type { OwnFact } from "../ledger/ledger.js";
import type { Turned } from "./list.js";
import type { AlarmRecord, AlarmTime } from "./record.js";
import { isAside } from "./rules.js";

export const rateWindowMs = 10 * 60_000;
/** Alarms per operator in the window: more begin a flood, fewer end it. */
export const floodAbove = 10;
export const floodEndsBelow = 5;
export const chatterWindowMs = 60_000;
export const chatterReturns = 3;
/** What chattered is told for this long after its last return. */
export const chatterTellMs = 10 * 60_000;
export const staleAfterMs = 24 * 3_600_000;
/** Moments and origins that are remembered; a storm beyond it counts as this many. */
const rememberedMax = 20_000;

export interface Chatter {
  readonly site: string;
  readonly edge: string;
  readonly origin: string;
  readonly type: string;
  /** Id of the last alarm. */
  readonly alarm: string;
  /** Most returns within a minute. */
  readonly returns: number;
  readonly lastAt: AlarmTime;
}

export interface AlarmMeasures {
  /** Persons who share the load; nobody there counts as one. */
  readonly operators: number;
  readonly raisedInTenMinutes: number;
  readonly perOperator: number;
  readonly flood: { readonly since: AlarmTime } | null;
  readonly chattering: readonly Chatter[];
  /** Ids of what has been active for more than a day. */
  readonly stale: readonly string[];
  readonly unacknowledged: number;
  readonly shelved: number;
  readonly outOfService: number;
  readonly suppressed: number;
  /** Since the hub's ledger begins. */
  readonly raisedByPriority: Readonly<Record<Priority, number>>;
  readonly escalations: number;
}

export interface Measures {
  /** What a record stored at `at` did to alarms. */
  take(turned: readonly Turned[], at: AlarmTime): void;
  /** The hub's own record of it, so that a flood goes on over a restart. */
  takeFlood(standing: { readonly since: AlarmTime } | null): void;
  /** What is to be recorded now. */
  look(operators: number, now: number): readonly OwnFact[];
  read(open: Iterable<AlarmRecord>, operators: number, now: number): AlarmMeasures;
}

export const floodTypes = { started: "flood.started", ended: "flood.ended" } as const;

export function createMeasures(): Measures {
  const raisedAt: number[] = [];
  const returns = new Map<string, number[]>();
  const chatter = new Map<string, Chatter>();
  const raisedByPriority = { 1: 0, 2: 0, 3: 0, 4: 0 };
  let escalations = 0;
  let flood: { readonly since: AlarmTime } | null = null;

  function takeOne({ before, after }: Turned, at: number): void {
    escalations += Math.max(0, after.escalation - (before?.escalation ?? 0));
    if (after.count > (before?.count ?? 0)) {
      raisedByPriority[after.priority] += 1;
      if (!isAside(after) && raisedAt.push(at) > rememberedMax) raisedAt.shift();
    } else if (before?.active === true && !after.active) takeReturn(after, at);
  }

  function takeReturn(alarm: AlarmRecord, at: number): void {
    const { site, edge, origin, type, id } = alarm;
    const key = `${site}/${edge}/${origin}/${type}`;
    const recent = [...(returns.get(key) ?? []), at].filter((moment) => moment > at - chatterWindowMs);
    returns.delete(key);
    returns.set(key, recent);
    if (returns.size > rememberedMax) returns.delete(returns.keys().next().value ?? "");
    if (recent.length < chatterReturns) return;
    const lastAt = new Date(at).toISOString();
    const known = chatter.get(key)?.returns ?? 0;
    chatter.set(key, { site, edge, origin, type, alarm: id, returns: Math.max(known, recent.length), lastAt });
  }

  function inWindow(now: number): number {
    while ((raisedAt[0] ?? now) <= now - rateWindowMs) raisedAt.shift();
    return raisedAt.length;
  }

  function chattering(now: number): readonly Chatter[] {
    for (const [key, { lastAt }] of chatter) if (Date.parse(lastAt) <= now - chatterTellMs) chatter.delete(key);
    return [...chatter.values()];
  }

  return {
    take(turned, at) {
      const moment = Date.parse(at);
      for (const one of turned) takeOne(one, moment);
    },
    takeFlood(standing) {
      flood = standing;
    },
    look(operators, now) {
      const shared = Math.max(1, operators);
      const perOperator = inWindow(now) / shared;
      const isStarting = flood === null && perOperator > floodAbove;
      const isEnding = flood !== null && perOperator < floodEndsBelow;
      if (!isStarting && !isEnding) return [];
      const type = isStarting ? floodTypes.started : floodTypes.ended;
      return [{ type, lane: "state", subject: "hub", data: { operators: shared, perOperator } }];
    },
    read(open, operators, now) {
      const shared = Math.max(1, operators);
      const raisedInTenMinutes = inWindow(now);
      const alarms = [...open];
      const count = (test: (alarm: AlarmRecord) => boolean) => alarms.filter(test).length;
      return {
        operators: shared,
        raisedInTenMinutes,
        perOperator: raisedInTenMinutes / shared,
        flood,
        chattering: chattering(now),
        stale: alarms
          .filter(({ active, activeAt }) => active && Date.parse(activeAt) <= now - staleAfterMs)
          .map(({ id }) => id),
        unacknowledged: count(({ acknowledged }) => !acknowledged),
        shelved: count(({ shelved }) => shelved !== null),
        outOfService: count(({ outOfService }) => outOfService !== null),
        suppressed: count(({ suppressed }) => suppressed !== null),
        raisedByPriority: { ...raisedByPriority },
        escalations,
      };
    },
  };
}
