// The alarm list as a fold over the ledger's rows: who raised which alarm, who has seen it, which of them are over.
import type { AlarmMark } from "../../edge/model/hub-fact.js";
import type { AlarmView } from "../console/views.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { acknowledgeAlarm, raiseAgain, returnAlarm } from "./life.js";
import { type Known, raisedBy } from "./raised.js";

/** Closed alarms that the list still shows; older ones stand in the ledger only. */
export const closedAlarmsMax = 1000;

export interface Alarms {
  /** Takes a row in; gives the alarms that it changed. */
  apply(row: LedgerRow): readonly AlarmView[];
  get(id: string): AlarmView | undefined;
  /** All that are not closed and the newest closed ones; newest first. */
  list(): readonly AlarmView[];
  /** Ledger sequences of the last record of each alarm whose cause is there or that nobody has seen. */
  activeSequences(): readonly number[];
}

export function createAlarms(known: Known): Alarms {
  const list = createList();
  const lastRow = new Map<string, LedgerRow>();

  function raise(row: LedgerRow, mark: AlarmMark): readonly AlarmView[] {
    const raised = raisedBy(row, mark, known);
    const alarm = list.raise(scopeOf(row, mark.key), raised);
    lastRow.set(alarm.id, row);
    return [alarm];
  }

  /** A slower lane may bring word of an end after the alarm has come again. */
  function isOutdated({ record }: LedgerRow, { id }: AlarmView): boolean {
    const last = lastRow.get(id)?.record;
    return last !== undefined && last.epoch === record.epoch && record.order < last.order;
  }

  return {
    apply(row) {
      const mark = row.record.data["alarm"] as AlarmMark | undefined;
      const changed = mark === undefined ? settle(list, row, isOutdated) : raise(row, mark);
      for (const { id, state } of changed) if (state === "closed") lastRow.delete(id);
      return changed;
    },
    get: (id) => list.byId.get(id),
    list: () => [...list.byId.values()].sort((a, b) => Number(b.id) - Number(a.id)),
    activeSequences: () => [...lastRow.values()].map(({ sequence }) => sequence),
  };
}

type IsOutdated = (row: LedgerRow, alarm: AlarmView) => boolean;

/** What a record without an alarm mark does to alarms that are there. */
function settle(list: AlarmList, row: LedgerRow, isOutdated: IsOutdated): readonly AlarmView[] {
  const { type, time, data } = row.record;
  const { alarms, incident, by, acknowledged, site, edge } = data as SettlingData;
  const ofIncident = (view: AlarmView) =>
    view.incident === incident && view.edge === row.edge && view.site === row.site;
  const acknowledge = (view: AlarmView) => acknowledgeAlarm(view, by ?? "", time);
  const end = (view: AlarmView) => (isOutdated(row, view) ? null : returnAlarm(view));
  if (Array.isArray(alarms)) return alarms.flatMap((key) => list.change(scopeOf(row, String(key)), end));
  if (type === "incident.closed") {
    list.told.delete(`${row.site}/${row.edge}/${incident}`);
    return list.changeWhere(ofIncident, returnAlarm);
  }
  if (type === acknowledgedType) {
    if (incident !== undefined) addTo(list.told, `${site}/${edge}/${incident}`, by ?? "");
    return list.changeWhere(({ id }) => id === acknowledged, acknowledge);
  }
  // What the hub told the box comes back as an echo; it must not acknowledge alarms that this person has not seen.
  const isEcho = list.told.get(`${row.site}/${row.edge}/${incident}`)?.has(by ?? "") === true;
  return type === "operator.acknowledged" && !isEcho ? list.changeWhere(ofIncident, acknowledge) : [];
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}

interface AlarmList {
  readonly byId: ReadonlyMap<string, AlarmView>;
  /** By open incident: who has acknowledged something of it here, of which its box was told. */
  readonly told: Map<string, Set<string>>;
  /** `scope` names box and key: while an alarm of this scope is not closed, it is the same alarm. */
  raise(scope: string, raised: AlarmView): AlarmView;
  change(scope: string, next: Step): readonly AlarmView[];
  changeWhere(test: (alarm: AlarmView) => boolean, next: Step): readonly AlarmView[];
}
type Step = (alarm: AlarmView) => AlarmView | null;

function createList(): AlarmList {
  const byId = new Map<string, AlarmView>();
  const active = new Map<string, string>();
  const closed: string[] = [];

  function put(alarm: AlarmView, scope: string): AlarmView {
    byId.set(alarm.id, alarm);
    if (alarm.state !== "closed") active.set(scope, alarm.id);
    else if (active.delete(scope) && closed.push(alarm.id) > closedAlarmsMax) byId.delete(closed.shift() ?? "");
    return alarm;
  }

  function change(scope: string, next: Step): readonly AlarmView[] {
    const alarm = byId.get(active.get(scope) ?? "");
    const changed = alarm === undefined ? null : next(alarm);
    return changed === null ? [] : [put(changed, scope)];
  }

  return {
    byId,
    told: new Map(),
    raise(scope, raised) {
      const known = byId.get(active.get(scope) ?? "");
      return put(known === undefined ? raised : raiseAgain(known, raised), scope);
    },
    change,
    changeWhere(test, next) {
      const scopes = [...active].filter(([, id]) => {
        const alarm = byId.get(id);
        return alarm !== undefined && test(alarm);
      });
      return scopes.flatMap(([scope]) => change(scope, next));
    },
  };
}

/** Type of the hub's own record of it; data: `acknowledged` (the alarm's id), `by`, and `site`, `edge`, `incident` of the alarm. */
export const acknowledgedType = "alarm.acknowledged";

interface SettlingData {
  readonly site?: string;
  readonly edge?: string;
  readonly alarms?: unknown;
  readonly incident?: unknown;
  readonly by?: string;
  readonly acknowledged?: string;
}

function scopeOf(row: LedgerRow, key: string): string {
  return `${row.site}/${row.edge}/${key}`;
}
