// The box's Prometheus metrics from its last status.
import { Gauge, Registry } from "prom-client";
import type { DriverStatus, Spread } from "../model/driver.js";
import { postureLevels } from "../model/plan.js";
import type { BoxStatus } from "./status.js";

interface Family {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly values: (
    status: BoxStatus,
  ) => readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

const perDriver = (read: (health: BoxStatus["drivers"][string]) => number) => (status: BoxStatus) =>
  Object.entries(status.drivers).map(([driver, health]) => [{ driver }, read(health)] as const);

const one = (read: (status: BoxStatus) => number) => (status: BoxStatus) => [[{}, read(status)]] as const;
const sizeOf = (entries: object): number => Object.keys(entries).length;
const countOf = <T>(entries: Readonly<Record<string, T>>, holds: (entry: T) => boolean): number =>
  Object.values(entries).filter(holds).length;

/** One gauge for each figure of a spread, as operators look at them. */
function spreadFamily(what: string, help: string, read: (driver: DriverStatus) => Spread | null): Family {
  return {
    name: `portcullis_edge_driver_${what}_ms`,
    help: `${help}; of the last measurements`,
    labels: ["driver", "of"],
    values: ({ drivers }) =>
      Object.entries(drivers).flatMap(([driver, health]) => {
        const spread = read(health);
        if (spread === null) return [];
        return (["p50", "p99", "max"] as const).map((of) => [{ driver, of }, spread[of]] as const);
      }),
  };
}

const families: readonly Family[] = [
  {
    name: "portcullis_edge_ready",
    help: "1 when inputs are read and outputs known",
    labels: [],
    values: one((status) => (status.ready ? 1 : 0)),
  },
  {
    name: "portcullis_edge_hub_configured",
    help: "0 where the box works alone by design",
    labels: [],
    values: one(({ isAlone }) => (isAlone === true ? 0 : 1)),
  },
  {
    name: "portcullis_edge_hub_connected",
    help: "1 while the uplink is connected; NaN where no hub is configured",
    labels: [],
    // No number: an alert on 0 must not stand for ever.
    values: one(({ isAlone, hubConnected }) => (isAlone === true ? Number.NaN : hubConnected ? 1 : 0)),
  },
  {
    name: "portcullis_edge_journal_volatile",
    help: "1 while no disk can be written",
    labels: [],
    values: one((status) => (status.journal?.volatile === false ? 0 : 1)),
  },
  {
    name: "portcullis_edge_journal_refused_records",
    help: "Records that found no room since the start",
    labels: [],
    values: one((status) => status.journal?.refused ?? 0),
  },
  {
    name: "portcullis_edge_uplink_backlog_records",
    help: "Records that the hub has not acknowledged",
    labels: ["lane"],
    values: (status) =>
      Object.entries(status.journal?.backlog ?? {}).map(([lane, depth]) => [{ lane }, depth] as const),
  },
  {
    name: "portcullis_edge_uplink_oldest_age_seconds",
    help: "Age of the oldest record that the hub has not acknowledged; 0 when there is none",
    labels: ["lane"],
    values: (status) =>
      Object.entries(status.journal?.oldestAgeMs ?? {}).map(([lane, ageMs]) => [{ lane }, ageMs / 1000] as const),
  },
  {
    name: "portcullis_edge_uplink_hours_left",
    help: "Hours until records must be dropped, should the hub take nothing, at the last hour's rate of writing",
    labels: ["lane"],
    values: (status) =>
      Object.entries(status.journal?.hoursLeft ?? {}).map(([lane, hours]) => [{ lane }, hours] as const),
  },
  {
    name: "portcullis_edge_driver_connected",
    help: "1 while the device answers",
    labels: ["driver"],
    values: perDriver((health) => (health.connected ? 1 : 0)),
  },
  {
    name: "portcullis_edge_driver_data_age_ms",
    help: "Age of the last sign of life",
    labels: ["driver"],
    values: perDriver((health) => health.dataAgeMs ?? -1),
  },
  {
    name: "portcullis_edge_driver_reconnects",
    help: "Connections lost so far",
    labels: ["driver"],
    values: perDriver((health) => health.reconnects),
  },
  {
    name: "portcullis_edge_driver_errors",
    help: "Refused inputs and failed writes so far",
    labels: ["driver"],
    values: perDriver((health) => health.errors),
  },
  spreadFamily(
    "sample",
    "From the moment for which a sample stands until it is judged, ms",
    ({ sampleMs }) => sampleMs,
  ),
  spreadFamily("write", "From a write until the hardware has confirmed it, ms", ({ writeMs }) => writeMs),
  {
    name: "portcullis_edge_fail_safe_relay",
    help: "alarm: 1 while none stands; healthy: 1 while the box is sound",
    labels: ["relay"],
    values: ({ relays }) => Object.entries(relays).map(([relay, isOn]) => [{ relay }, isOn ? 1 : 0] as const),
  },
  {
    name: "portcullis_edge_vitals",
    help: "Signs of life of the process",
    labels: ["what"],
    values: (status) => Object.entries(status.vitals).map(([what, value]) => [{ what }, value] as const),
  },
  {
    name: "portcullis_edge_incidents_open",
    help: "Incidents that are not closed",
    labels: [],
    values: one(({ durable }) => sizeOf(durable.incidents)),
  },
  {
    name: "portcullis_edge_steps_open",
    help: "Steps whose deadline runs",
    labels: [],
    values: one(({ durable }) => countOf(durable.steps, ({ outcome }) => outcome === "open")),
  },
  {
    name: "portcullis_edge_step_ms_max",
    help: "Longest step of the controller since the start, ms",
    labels: [],
    values: one(({ vitals }) => vitals["stepMsMax"] ?? 0),
  },
  {
    name: "portcullis_edge_budget_breaches",
    help: "Terms of the timing proof that were over budget, since the start",
    labels: [],
    values: one(({ budgetBreaches }) => budgetBreaches),
  },
  {
    name: "portcullis_edge_availability",
    help: "Share of the time for which inputs could be seen, 0 to 1",
    labels: [],
    values: one(({ availability }) => availability),
  },
  { name: "portcullis_edge_faults", help: "What is broken now", labels: [], values: one(({ faults }) => faults) },
  {
    name: "portcullis_edge_work_orders_open",
    help: "Work orders that are not verified",
    labels: [],
    values: one(({ durable }) => countOf(durable.workOrders, ({ state }) => state !== "verified")),
  },
  {
    name: "portcullis_edge_work_orders_overdue",
    help: "Work orders that nobody was told of in time",
    labels: [],
    values: one(({ durable }) => countOf(durable.workOrders, ({ isOverdue, state }) => isOverdue && state === "open")),
  },
  {
    name: "portcullis_edge_posture",
    help: "0 normal, 1 level 3, 2 level 2, 3 level 1 (most severe)",
    labels: [],
    values: one(({ durable }) => postureLevels.indexOf(durable.posture.level)),
  },
  {
    name: "portcullis_edge_zones_out",
    help: "Zones that are isolated, inhibited or out for repair",
    labels: ["how"],
    values: ({ durable }) =>
      (["isolated", "inhibited", "repair"] as const).map((how) => [
        { how },
        countOf(durable.out, (zone) => zone.how === how),
      ]),
  },
  {
    name: "portcullis_edge_drill",
    help: "1 while a drill runs",
    labels: [],
    values: one(({ durable }) => (durable.drill === null ? 0 : 1)),
  },
];

export function renderMetrics(status: BoxStatus | null): Promise<string> {
  const registry = new Registry();
  for (const { name, help, labels, values } of status === null ? [] : families) {
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const [label, value] of values(status as BoxStatus)) gauge.set(label, value);
  }
  return registry.metrics();
}
