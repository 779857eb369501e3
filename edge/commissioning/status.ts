// What the box tells of itself at /healthz, /metrics and /api/v1/status; made on the reaction thread, served by a worker.
import type { DriverStatus } from "../model/driver.js";
import type { Durable } from "../model/durable.js";
import type { Stamp } from "../model/time.js";

export interface JournalHealth {
  readonly volatile: boolean;
  readonly space: "all" | "no-telemetry" | "alarms-only";
  /** Records that found no room since the start. */
  readonly refused: number;
  /** Records that the hub has not acknowledged, by lane. */
  readonly backlog: Readonly<Record<string, number>>;
  /** Age of the oldest of them, ms; 0 where there is none. */
  readonly oldestAgeMs: Readonly<Record<string, number>>;
  /** Until a lane's records must be dropped, when the hub takes nothing and as much is written as in the last hour. */
  readonly hoursLeft: Readonly<Record<string, number>>;
}

export interface BoxStatus {
  readonly site: string;
  readonly edge: string;
  readonly revision: number;
  readonly now: Stamp;
  /** Inputs have been read and outputs are known. */
  readonly ready: boolean;
  readonly drivers: Readonly<Record<string, DriverStatus>>;
  readonly hubConnected: boolean;
  /** No hub was configured when the box started: it works alone by design, and nothing waits for anybody. */
  readonly isAlone?: true;
  /** Null while the journal's worker does not answer. */
  readonly journal: JournalHealth | null;
  readonly vitals: Readonly<Record<string, number>>;
  /** Share of the time for which inputs could be seen, 0 to 1. */
  readonly availability: number;
  readonly faults: number;
  /** What each fail-safe relay that is wired says; true is well. */
  readonly relays: Readonly<Record<string, boolean>>;
  /** Terms of the timing proof that were over budget, since the start. */
  readonly budgetBreaches: number;
  readonly durable: Durable;
}

export interface HealthAnswer {
  readonly status: "ok" | "degraded" | "starting" | "stalled";
  readonly reasons: readonly string[];
  /** What is as it should be and worth knowing. */
  readonly notes: readonly string[];
  /** By driver; empty before the controller has spoken. */
  readonly drivers: Readonly<Record<string, Omit<DriverStatus, "lastError">>>;
}

/** Longer than any hub that works takes. */
const alarmWaitsMsMax = 60_000;
/** Somebody must mend the way to the hub within a working day. */
const hoursLeftMin = 24;

/** The controller has not spoken for this long: it does not guard any more. */
export const stalledAfterMs = 5_000;

const aloneNote = "works alone by design, no hub is configured 独立运行（未配置平台）";

/** A box without its hub still guards: degraded, with reasons, but healthy. */
export function healthOf(status: BoxStatus | null, ageMs: number): HealthAnswer {
  const { state, reasons } = judge(status, ageMs);
  const drivers = Object.entries(status?.drivers ?? {}).map(([id, { lastError: _, ...health }]) => [id, health]);
  const notes = status?.isAlone === true ? [aloneNote] : [];
  return { status: state, reasons, notes, drivers: Object.fromEntries(drivers) };
}

function judge(
  status: BoxStatus | null,
  ageMs: number,
): { readonly state: HealthAnswer["status"]; readonly reasons: readonly string[] } {
  if (status === null) return { state: "starting", reasons: ["controller"] };
  if (ageMs > stalledAfterMs) return { state: "stalled", reasons: ["controller"] };
  if (!status.ready) return { state: "starting", reasons: ["inputs not read yet"] };
  const reasons = [
    ...(status.hubConnected || status.isAlone === true ? [] : ["hub not connected"]),
    ...(status.journal === null ? ["journal does not answer"] : []),
    ...(status.journal?.volatile ? ["journal is volatile"] : []),
    ...((status.journal?.space ?? "all") === "all" ? [] : ["disk is nearly full: the journal takes alarms first"]),
    ...(status.journal === null || status.isAlone === true ? [] : backlogReasons(status.journal)),
    ...Object.entries(status.drivers)
      .filter(([, driver]) => !driver.connected)
      .map(([id]) => `driver ${id} not connected`),
  ];
  return { state: reasons.length === 0 ? "ok" : "degraded", reasons };
}

function backlogReasons({ oldestAgeMs, hoursLeft }: JournalHealth): readonly string[] {
  const waitsMs = oldestAgeMs["alarm"] ?? 0;
  const hours = Math.min(...Object.values(hoursLeft));
  return [
    ...(waitsMs > alarmWaitsMsMax ? [`an alarm waits for the hub, ${Math.round(waitsMs / 1000)} s`] : []),
    ...(hours < hoursLeftMin ? [`records must be dropped in ${Math.floor(hours)} h at the present rate`] : []),
  ];
}
