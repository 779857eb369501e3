// The alarm list as a fold over the ledger's rows: who raised which alarm, who has seen it, which of them are over.
import type { AlarmMark } from "../../edge/model/hub-fact.js";
import type { LedgerRow } from "../ledger/ledger.js";
import { lostIncidentType, types } from "./acts.js";
import type { AlarmInput, AsideKind } from "./life.js";
import { createList, type Moment, type Turned } from "./list.js";
import { type Known, raisedBy } from "./raised.js";
import type { AlarmRecord, Aside } from "./record.js";
import { createTells, type Tell } from "./tells.js";

export interface Alarms {
  /** Takes a row in; gives the alarms that it changed. */
  apply(row: LedgerRow): readonly Turned[];
  get(id: string): AlarmRecord | undefined;
  /** All that are not closed and the newest closed ones; newest first. */
  list(): readonly AlarmRecord[];
  /** Those that are not closed, in no order. */
  open(): Iterable<AlarmRecord>;
  /** Of these, those that the hub itself raised; a box may name its alarms as it likes. */
  own(): Iterable<AlarmRecord>;
  /** Ledger sequences of the last record of each alarm that is not closed. */
  activeSequences(): readonly number[];
  /** Ledger sequences of the first and last record of each alarm that is not closed and came before `storedBefore`, ISO 8601 UTC. */
  raisedBefore(storedBefore: string): readonly number[];
  /** Set aside by hand for a time: what, of which alarms, until when. */
  asides(): Iterable<StandingAside>;
  /** Acknowledgements that their box has not written down yet. */
  pendingTells(): Iterable<Tell>;
}

/** Asides at once; beyond that the oldest is forgotten. */
const asidesMax = 10_000;

export interface StandingAside {
  readonly how: AsideKind;
  readonly site: string;
  readonly edge: string;
  readonly origin: string;
  /** Type of the alarms; null: all of that origin. */
  readonly of: string | null;
  readonly aside: Aside;
}

/** `isOver`: alarms of such rows are over, though the row is still there. */
export function createAlarms(known: Known, isOver: (row: LedgerRow) => boolean = () => false): Alarms {
  const list = createList();
  const tells = createTells();
  const lastRow = new Map<string, LedgerRow>();
  const asides = new Map<string, StandingAside>();
  /** Raised before their box had said what its things are called: alarms overtake a configuration. */
  const nameless = new Set<string>();
  const fold: Fold = { list, tells, asides, isOutdated };

  function raise(row: LedgerRow, mark: AlarmMark): Turned {
    const raised = withAsides(raisedBy(row, mark, known), asides.values(), row.storedAt);
    const turned = list.raise(scopeOf(row, mark.key), raised, momentOf(row));
    lastRow.set(turned.after.id, row);
    if (row.site !== "" && known.inventoryOf(row.site, row.edge) === undefined) nameless.add(turned.after.id);
    return turned;
  }

  function nameAll(row: LedgerRow): readonly Turned[] {
    return [...nameless].flatMap((id) => {
      const last = lastRow.get(id);
      if (last !== undefined && (last.site !== row.site || last.edge !== row.edge)) return [];
      nameless.delete(id);
      if (last === undefined) return [];
      const as = raisedBy(last, last.record.data["alarm"] as AlarmMark, known);
      return list.turnOne(id, { kind: "named", as }, momentOf(row));
    });
  }

  /** A slower lane may bring word of an end after the alarm has come again. */
  function isOutdated({ record }: LedgerRow, { id }: AlarmRecord): boolean {
    const last = lastRow.get(id)?.record;
    return last !== undefined && last.epoch === record.epoch && record.order < last.order;
  }

  const named = (row: LedgerRow) => (row.record.type === "config.applied" && nameless.size > 0 ? nameAll(row) : []);

  return {
    apply(row) {
      const mark = row.record.data["alarm"] as AlarmMark | undefined;
      if (mark !== undefined && isOver(row)) return [];
      const turned = mark === undefined ? [...settle(fold, row), ...named(row)] : [raise(row, mark)];
      for (const { after } of turned) if (after.state === "closed") lastRow.delete(after.id);
      return turned;
    },
    get: (id) => list.byId.get(id),
    list: () => [...list.byId.values()].sort((a, b) => Number(b.id) - Number(a.id)),
    open: list.open,
    *own() {
      for (const alarm of list.open()) if (lastRow.get(alarm.id)?.site === "") yield alarm;
    },
    activeSequences: () => [...lastRow.values()].map(({ sequence }) => sequence),
    raisedBefore: (storedBefore) =>
      [...list.open()]
        .filter(({ storedAt }) => storedAt < storedBefore)
        .flatMap(({ id }) => [Number(id), lastRow.get(id)?.sequence ?? Number(id)]),
    asides: () => asides.values(),
    pendingTells: tells.pending,
  };
}

interface Fold {
  readonly list: ReturnType<typeof createList>;
  readonly tells: ReturnType<typeof createTells>;
  readonly asides: Map<string, StandingAside>;
  readonly isOutdated: (row: LedgerRow, alarm: AlarmRecord) => boolean;
}

/** What a record without an alarm mark does to alarms that are there. */
function settle(fold: Fold, row: LedgerRow): readonly Turned[] {
  const { list, isOutdated } = fold;
  const { alarms } = row.record.data;
  const moment = momentOf(row);
  if (Array.isArray(alarms)) {
    const ended = (alarm: AlarmRecord) => (isOutdated(row, alarm) ? null : ({ kind: "returned" } as const));
    return alarms.flatMap((key) => list.turnScope(scopeOf(row, String(key)), ended, moment));
  }
  return row.site === "" ? settleOwn(fold, row, moment) : settleBox(fold, row, moment);
}

interface BoxData {
  readonly incident?: string;
  readonly by?: string;
  readonly zone?: string;
  readonly out?: {
    readonly how?: string;
    readonly by?: readonly string[];
    readonly reason?: string;
    until?: { wall?: number };
  };
}

/** A box speaks of its own alarms only. */
function settleBox({ list, tells, asides }: Fold, row: LedgerRow, moment: Moment): readonly Turned[] {
  const { type, time, data } = row.record;
  const { incident, by = "", zone, out } = data as BoxData;
  const isOwn = ({ site, edge }: AlarmRecord) => site === row.site && edge === row.edge;
  const ofIncident = (alarm: AlarmRecord) => isOwn(alarm) && alarm.incident === incident;
  switch (type) {
    case "incident.closed":
      tells.incidentClosed({ site: row.site, edge: row.edge, incident: String(incident) });
      return list.turn(ofIncident, { kind: "reset", by }, moment);
    case "operator.commanded":
      tells.heard(row);
      return [];
    case "operator.acknowledged":
      if (tells.isEcho(row)) return [];
      return list.turn(ofIncident, { kind: "acknowledged", by, from: "box" }, { ...moment, at: time });
    case "annunciator.silenced":
      return list.turn((alarm) => isOwn(alarm) && alarm.active, { kind: "silenced", by }, moment);
    case "zone.taken-out":
    case "zone.reinstated": {
      const both = { site: row.site, edge: row.edge, origin: `zone:${zone}`, of: null };
      const how = out?.how === "inhibited" ? "suppressed" : "outOfService";
      const aside = out === undefined ? null : asideOf(out, row.storedAt);
      const other = how === "suppressed" ? "outOfService" : "suppressed";
      return [
        ...putAside({ list, asides }, { ...both, how: other, aside: null }, moment),
        ...putAside({ list, asides }, { ...both, how, aside }, moment),
      ];
    }
    default:
      return [];
  }
}

function asideOf({ by = [], reason = "", until }: NonNullable<BoxData["out"]>, at: string): Aside {
  const end = until?.wall;
  return { by: by.join(", "), reason, at, until: Number.isFinite(end) ? new Date(Number(end)).toISOString() : null };
}

interface OwnData {
  readonly site?: string;
  readonly edge?: string;
  readonly incident?: string;
  readonly origin?: string;
  readonly of?: string;
  readonly target?: string;
  /** Older hubs named the acknowledged alarm so. */
  readonly acknowledged?: string;
  readonly command?: string;
  readonly by?: string;
  readonly outlet?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly level?: number;
}

/** What the hub did; only its own chain is believed here. */
function settleOwn({ list, tells, asides }: Fold, row: LedgerRow, moment: Moment): readonly Turned[] {
  const { type, time, data } = row.record;
  const own = data as OwnData;
  const { by = "", target = own.acknowledged, site = "", edge = "", origin = "", of = "", incident } = own;
  const turn = (input: AlarmInput) => list.turnOne(target ?? "", input, { ...moment, at: time });
  const scope = { site, edge, origin, of };
  const { reason = "", until = null } = own;
  const aside = { by, reason, at: time, until };
  switch (type) {
    case types.acknowledge:
      if (incident !== undefined)
        tells.given({ site, edge, incident, by, ...(own.command && { command: own.command }) });
      return turn({ kind: "acknowledged", by, from: own.outlet ?? "http" });
    case types.silence:
      return turn({ kind: "silenced", by });
    case types.reset:
      return turn({ kind: "reset", by });
    case lostIncidentType: {
      tells.incidentClosed({ site, edge, incident: String(incident) });
      const isOf = (alarm: AlarmRecord) =>
        alarm.incident === incident && alarm.site === site && alarm.edge === edge && incident !== undefined;
      return list.turn(isOf, { kind: "reset", by }, moment);
    }
    case escalatedType:
      return turn({ kind: "escalated", level: own.level ?? 1 });
    case types.shelve:
      return putAside({ list, asides }, { ...scope, how: "shelved", aside }, moment);
    case types.unshelve:
      return putAside({ list, asides }, { ...scope, how: "shelved", aside: null }, moment);
    case types["take-out-of-service"]:
      return putAside({ list, asides }, { ...scope, how: "outOfService", aside }, moment);
    case types["return-to-service"]:
      return putAside({ list, asides }, { ...scope, how: "outOfService", aside: null }, moment);
    default:
      return [];
  }
}

type Change = Omit<StandingAside, "aside"> & { readonly aside: Aside | null };

/** It stands for alarms that are to come as well as for those that are there. */
function putAside({ list, asides }: Pick<Fold, "list" | "asides">, change: Change, moment: Moment): readonly Turned[] {
  const { how, aside, site, edge, origin, of } = change;
  const key = `${how}/${site}/${edge}/${origin}/${of ?? "*"}`;
  if (aside === null && !asides.delete(key)) return [];
  if (aside !== null) asides.set(key, { ...change, aside });
  if (asides.size > asidesMax) asides.delete(asides.keys().next().value ?? "");
  return list.turn((alarm) => concerns(change, alarm), { kind: "set-aside", how, aside }, moment);
}

function concerns({ site, edge, origin, of }: Omit<StandingAside, "aside">, alarm: AlarmRecord): boolean {
  const isPlace = alarm.site === site && alarm.edge === edge && alarm.origin === origin;
  return isPlace && (of === null || of === alarm.type);
}

function withAsides(alarm: AlarmRecord, asides: Iterable<StandingAside>, at: string): AlarmRecord {
  let result = alarm;
  for (const standing of asides) {
    const isOver = standing.aside.until !== null && standing.aside.until <= at;
    if (!isOver && concerns(standing, alarm)) result = { ...result, [standing.how]: standing.aside };
  }
  return result;
}

/** Type of the hub's own record that an alarm was told anew; data: `target`, `level`, and the alarm's place. */
export const escalatedType = "alarm.escalated";

function momentOf({ storedAt, sequence }: LedgerRow): Moment {
  return { at: storedAt, sequence };
}

function scopeOf(row: LedgerRow, key: string): string {
  return `${row.site}/${row.edge}/${key}`;
}
