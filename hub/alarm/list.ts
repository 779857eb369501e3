// The alarms that are there, by id and by what they are about, and the newest closed ones.
import { type AlarmInput, next } from "./life.js";
import type { AlarmRecord } from "./record.js";

/** Closed alarms that the list still shows; older ones stand in the ledger only. */
export const closedAlarmsMax = 1000;

/** One alarm before and after; null: it was not there. */
export interface Turned {
  readonly before: AlarmRecord | null;
  readonly after: AlarmRecord;
}

/** When a change happens by the hub's clock, and its number. */
export interface Moment {
  readonly at: string;
  readonly sequence: number;
}

export interface AlarmList {
  readonly byId: ReadonlyMap<string, AlarmRecord>;
  /** Those that are not closed. */
  open(): Iterable<AlarmRecord>;
  /** While an alarm of this scope (box and key) is not closed, it is the same alarm. */
  raise(scope: string, raised: AlarmRecord, moment: Moment): Turned;
  /** The input for every open alarm that passes. */
  turn(test: (alarm: AlarmRecord) => boolean, input: AlarmInput, moment: Moment): readonly Turned[];
  turnScope(scope: string, input: (alarm: AlarmRecord) => AlarmInput | null, moment: Moment): readonly Turned[];
  turnOne(id: string, input: AlarmInput, moment: Moment): readonly Turned[];
}

export function createList(): AlarmList {
  const byId = new Map<string, AlarmRecord>();
  const active = new Map<string, string>();
  /** The way back, for acts that name an alarm. */
  const scopes = new Map<string, string>();
  const closed: string[] = [];

  function put(before: AlarmRecord | null, alarm: AlarmRecord, scope: string, sequence: number): Turned {
    const after = { ...alarm, sequence };
    byId.set(after.id, after);
    if (after.state !== "closed") {
      active.set(scope, after.id);
      scopes.set(after.id, scope);
    } else if (active.delete(scope)) {
      scopes.delete(after.id);
      if (closed.push(after.id) > closedAlarmsMax) byId.delete(closed.shift() ?? "");
    }
    return { before, after };
  }

  const openAt = (scope: string) => byId.get(active.get(scope) ?? "");

  function turnScope(
    scope: string,
    input: (alarm: AlarmRecord) => AlarmInput | null,
    { at, sequence }: Moment,
  ): readonly Turned[] {
    const before = openAt(scope);
    const given = before === undefined ? null : input(before);
    const after = before === undefined || given === null ? null : next(before, given, at);
    return before === undefined || after === null ? [] : [put(before, after, scope, sequence)];
  }

  return {
    byId,
    *open() {
      for (const scope of active.keys()) {
        const alarm = openAt(scope);
        if (alarm !== undefined) yield alarm;
      }
    },
    raise(scope, raised, { at, sequence }) {
      const before = openAt(scope) ?? null;
      const after = before === null ? raised : next(before, { kind: "raised", again: raised }, at);
      return put(before, after ?? raised, scope, sequence);
    },
    turn(test, input, moment) {
      return [...active.keys()].flatMap((scope) => turnScope(scope, (alarm) => (test(alarm) ? input : null), moment));
    },
    turnScope,
    turnOne: (id, input, moment) => turnScope(scopes.get(id) ?? "", () => input, moment),
  };
}
