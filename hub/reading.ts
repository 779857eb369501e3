// All that reads along in the ledger: console, alarm list and outlets' feed, brought up to date by each row, at the start by all of them.
import { setImmediate as turn } from "node:timers/promises";
import type { Logger } from "pino";
import type { AlarmMark } from "../edge/model/hub-fact.js";
import { type Alarms, createAlarms } from "./alarm/alarms.js";
import { type ChangeLog, createFeed } from "./alarm/feed.js";
import { createMeasures, floodTypes, type Measures } from "./alarm/measures.js";
import { raisedBy } from "./alarm/raised.js";
import type { AlarmChange, AlarmRecord } from "./alarm/record.js";
import { type Change, createProjections, type Projections } from "./console/projections.js";
import type { AlarmView } from "./console/views.js";
import { type Horizon, readHorizon } from "./horizon.js";
import type { Ledger, LedgerRow } from "./ledger/ledger.js";

const pageLength = 1000;

export interface Reading {
  readonly projections: Projections;
  readonly alarms: Alarms;
  readonly measures: Measures;
  /** What outlets read. */
  readonly feed: ChangeLog;
  /** Takes a row in; gives what it changed. Never throws. */
  apply(row: LedgerRow): readonly Change[];
  /** Everything as it stands now. */
  present(): readonly Change[];
  /** The alarm that a row raises; undefined when it raises none. Never throws. */
  alarmOf(row: LedgerRow): AlarmView | undefined;
  /** Ledger sequence of the newest record but measurements. */
  sequence(): number;
  /** Ledger sequence of the newest record that raised an alarm. */
  alarmSequence(): number;
  /** Whether the cause of an alarm of the hub's own with this key is there. */
  stands(key: string): boolean;
  /** Whether it stands as an alarm that this box is silent. */
  isSilent(site: string, edge: string): boolean;
  /** Whether it stands as an alarm that too few operators are there. */
  isShorthanded(): boolean;
}

/** Reads the ledger once, but for measurements, of which there are many and none is shown. */
export async function readLedger(ledger: Ledger, log: Logger): Promise<Reading> {
  const reading = createReading(ledger, log, await readHorizon(ledger));
  for (const head of await ledger.heads()) reading.projections.setHead(head);
  for await (const row of rowsOf(ledger)) reading.apply(row);
  return reading;
}

/** The ledger answers on this thread, so between pages everybody else has a turn; else a long reading would hold up the hub. */
async function* rowsOf(ledger: Pick<Ledger, "records">, signal?: AbortSignal): AsyncGenerator<LedgerRow> {
  for (let after = 0; signal?.aborted !== true; ) {
    const rows = await ledger.records({ after, limit: pageLength, exceptTelemetry: true });
    yield* rows;
    after = rows.at(-1)?.sequence ?? after;
    if (rows.length < pageLength) return;
    await turn();
  }
}

/** The same fold once more, for a reader that was away for longer than changes are kept. */
async function* pastChanges(
  ledger: Pick<Ledger, "records" | "newestOf">,
  log: Logger,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<AlarmChange> {
  const again = createFolds(log, await readHorizon(ledger));
  for await (const row of rowsOf(ledger, signal)) {
    const { alarms } = again.apply(row);
    if (alarms.length > 0 && row.sequence > after) yield { sequence: row.sequence, at: row.storedAt, alarms };
  }
}

function createReading(ledger: Pick<Ledger, "records" | "newestOf">, log: Logger, isOver: Horizon): Reading {
  const folds = createFolds(log, isOver);
  const { alarms, projections } = folds;
  const feed = createFeed({ open: folds.open, past: (after, signal) => pastChanges(ledger, log, { after, signal }) });
  let alarmSequence = 0;
  let sequence = 0;

  /** Whether the cause of such an alarm of the hub's own is there. */
  function stands(test: (alarm: AlarmRecord) => boolean): boolean {
    for (const alarm of alarms.own()) if (alarm.active && test(alarm)) return true;
    return false;
  }

  return {
    ...folds,
    feed,
    apply(row) {
      ({ sequence } = row);
      if ("alarm" in row.record.data) alarmSequence = row.sequence;
      const { changes, alarms: turned } = folds.apply(row);
      if (turned.length > 0) feed.push({ sequence: row.sequence, at: row.storedAt, alarms: turned });
      return [...turned.map((view) => ({ kind: "alarm" as const, view })), ...changes];
    },
    present: () => [...alarms.list().map((view) => ({ kind: "alarm" as const, view })), ...projections.present()],
    sequence: () => sequence,
    alarmSequence: () => alarmSequence,
    stands: (key) => stands((alarm) => alarm.key === key),
    isSilent: (site, edge) =>
      stands((alarm) => alarm.type === "edge.silent" && alarm.site === site && alarm.edge === edge),
    isShorthanded: () => stands(({ type }) => type === "operators.too-few"),
  };
}

function createFolds(log: Logger, isOver: Horizon) {
  const projections = createProjections();
  const alarms = createAlarms(projections, isOver);
  const measures = createMeasures();

  /** A newer or broken box may send data of another shape; its record stays in the ledger and everything else goes on. */
  function guarded<T>(row: LedgerRow, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      log.error({ err: error, record: row.record.id, type: row.record.type }, "a record could not be shown");
      return undefined;
    }
  }

  function applyAlarms(row: LedgerRow): readonly AlarmRecord[] {
    const turned = guarded(row, () => alarms.apply(row)) ?? [];
    measures.take(turned, row.storedAt);
    if (row.site === "" && row.record.type === floodTypes.started) measures.takeFlood({ since: row.record.time });
    if (row.site === "" && row.record.type === floodTypes.ended) measures.takeFlood(null);
    return turned.map(({ after }) => after);
  }

  return {
    projections,
    alarms,
    measures,
    apply(row: LedgerRow) {
      const changes = guarded(row, () => projections.apply(row)) ?? [];
      return { changes, alarms: applyAlarms(row) };
    },
    open: () => [...alarms.open()].sort((a, b) => Number(b.id) - Number(a.id)),
    alarmOf(row: LedgerRow): AlarmRecord | undefined {
      const mark = row.record.data["alarm"] as AlarmMark | undefined;
      return mark && guarded(row, () => raisedBy(row, mark, projections));
    },
  };
}
