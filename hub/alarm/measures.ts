// How well people can follow the alarms (ISA-18.2, EEMUA 191): rate per operator, flood, chatter, stale. Measured only: nothing is muted.
import type { Priority } from "../../edge/model/incident.js";
import type { OwnFact } from "../ledger/ledger.js";
import type { Turned } from "./list.js";
import type { AlarmRecord, AlarmTime } from "./record.js";
import { isAside } from "./rules.js";

const rateWindowMs = 10 * 60_000;
/** Alarms per operator in the window: more begin a flood, fewer end it. */
const floodAbove = 10;
const floodEndsBelow = 5;
const chatterWindowMs = 60_000;
const chatterReturns = 3;
/** What chattered is told for this long after its last return. */
const chatterTellMs = 10 * 60_000;
const staleAfterMs = 24 * 3_600_000;
/** Moments and origins that are remembered; a storm beyond it counts as this many. */
const rememberedMax = 20_000;
const rememberedPerOriginMax = 100;

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
  const chatter = createChatter();
  const raisedByPriority = { 1: 0, 2: 0, 3: 0, 4: 0 };
  let escalations = 0;
  let flood: { readonly since: AlarmTime } | null = null;

  function takeOne({ before, after }: Turned, at: number): void {
    escalations += Math.max(0, after.escalation - (before?.escalation ?? 0));
    if (after.count > (before?.count ?? 0)) {
      raisedByPriority[after.priority] += 1;
      if (!isAside(after) && raisedAt.push(at) > rememberedMax) raisedAt.shift();
    } else if (before?.active === true && !after.active) chatter.take(after, at);
  }

  function inWindow(now: number): number {
    while ((raisedAt[0] ?? now) <= now - rateWindowMs) raisedAt.shift();
    return raisedAt.length;
  }

  return {
    take(turned, at) {
      for (const one of turned) takeOne(one, Date.parse(at));
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
      const raised = inWindow(now);
      return {
        operators: shared,
        raisedInTenMinutes: raised,
        perOperator: raised / shared,
        flood,
        chattering: chatter.read(now),
        ...standing([...open], now),
        raisedByPriority: { ...raisedByPriority },
        escalations,
      };
    },
  };
}

function standing(open: readonly AlarmRecord[], now: number) {
  const count = (test: (alarm: AlarmRecord) => boolean) => open.filter(test).length;
  const isStale = ({ active, activeAt }: AlarmRecord) => active && Date.parse(activeAt) <= now - staleAfterMs;
  return {
    stale: open.filter(isStale).map(({ id }) => id),
    unacknowledged: count(({ acknowledged }) => !acknowledged),
    shelved: count(({ shelved }) => shelved !== null),
    outOfService: count(({ outOfService }) => outOfService !== null),
    suppressed: count(({ suppressed }) => suppressed !== null),
  };
}

/** Which origins' alarms come and go again and again. */
function createChatter() {
  const returns = new Map<string, readonly number[]>();
  const told = new Map<string, Chatter>();
  return {
    take({ site, edge, origin, type, id }: AlarmRecord, at: number): void {
      const key = `${site}/${edge}/${origin}/${type}`;
      const recent = [...(returns.get(key) ?? []), at].filter((moment) => moment > at - chatterWindowMs);
      returns.delete(key);
      returns.set(key, recent.slice(-rememberedPerOriginMax));
      if (returns.size > rememberedMax) returns.delete(returns.keys().next().value ?? "");
      if (recent.length < chatterReturns) return;
      if (told.size >= rememberedMax) told.clear();
      const most = Math.max(told.get(key)?.returns ?? 0, recent.length);
      told.set(key, { site, edge, origin, type, alarm: id, returns: most, lastAt: new Date(at).toISOString() });
    },
    read(now: number): readonly Chatter[] {
      for (const [key, { lastAt }] of told) if (Date.parse(lastAt) <= now - chatterTellMs) told.delete(key);
      return [...told.values()];
    },
  };
}
