// All that reads along in the ledger: console and alarm list, brought up to date by each row, at the start by all of them.
import type { Logger } from "pino";
import type { AlarmMark } from "../edge/model/hub-fact.js";
import { type Alarms, createAlarms } from "./alarm/alarms.js";
import { raisedBy } from "./alarm/raised.js";
import { type Change, createProjections, type Projections } from "./console/projections.js";
import type { AlarmView } from "./console/views.js";
import type { Ledger, LedgerRow } from "./ledger/ledger.js";

const pageLength = 1000;

export interface Reading {
  readonly projections: Projections;
  readonly alarms: Alarms;
  /** Takes a row in; gives what it changed. Never throws. */
  apply(row: LedgerRow): readonly Change[];
  /** Everything as it stands now. */
  present(): readonly Change[];
  /** The alarm that a row raises; undefined when it raises none. Never throws. */
  alarmOf(row: LedgerRow): AlarmView | undefined;
  /** Ledger sequence of the newest record that raised an alarm. */
  alarmSequence(): number;
  /** Whether the cause of an alarm with this key is there. */
  stands(key: string): boolean;
  /** Whether it stands as an alarm that this box is silent. */
  isSilent(site: string, edge: string): boolean;
  /** Whether it stands as an alarm that too few operators are there. */
  isShorthanded(): boolean;
}

/** Reads the ledger once, but for measurements, of which there are many and none is shown. */
export async function readLedger(ledger: Ledger, log: Logger): Promise<Reading> {
  const reading = createReading(log);
  for (const head of await ledger.heads()) reading.projections.setHead(head);
  for (let after = 0; ; ) {
    const rows = await ledger.records({ after, limit: pageLength, exceptTelemetry: true });
    for (const row of rows) reading.apply(row);
    after = rows.at(-1)?.sequence ?? after;
    if (rows.length < pageLength) return reading;
  }
}

function createReading(log: Logger): Reading {
  const projections = createProjections();
  const alarms = createAlarms(projections);
  let alarmSequence = 0;

  /** A newer or broken box may send data of another shape; its record stays in the ledger and everything else goes on. */
  function guarded<T>(row: LedgerRow, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      log.error({ err: error, record: row.record.id, type: row.record.type }, "a record could not be shown");
      return undefined;
    }
  }

  /** Whether the cause of such an alarm is there. */
  function stands(test: (alarm: AlarmView) => boolean): boolean {
    return alarms
      .list()
      .some((alarm) => (alarm.state === "unacknowledged" || alarm.state === "acknowledged") && test(alarm));
  }

  return {
    projections,
    alarms,
    apply(row) {
      if ("alarm" in row.record.data) alarmSequence = row.sequence;
      const changes = guarded(row, () => projections.apply(row)) ?? [];
      const raised = guarded(row, () => alarms.apply(row)) ?? [];
      return [...raised.map((view) => ({ kind: "alarm" as const, view })), ...changes];
    },
    present: () => [...alarms.list().map((view) => ({ kind: "alarm" as const, view })), ...projections.present()],
    alarmOf(row) {
      const mark = row.record.data["alarm"] as AlarmMark | undefined;
      return mark && guarded(row, () => raisedBy(row, mark, projections));
    },
    alarmSequence: () => alarmSequence,
    stands: (key) => stands((alarm) => alarm.key === key),
    isSilent: (site, edge) =>
      stands((alarm) => alarm.type === "edge.silent" && alarm.site === site && alarm.edge === edge),
    isShorthanded: () => stands(({ type }) => type === "operators.too-few"),
  };
}
