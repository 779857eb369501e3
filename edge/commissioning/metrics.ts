// The box's Prometheus metrics from its last status.
import { Gauge, Registry } from "prom-client";
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

const families: readonly Family[] = [
  {
    name: "portcullis_edge_ready",
    help: "1 when inputs are read and outputs known",
    labels: [],
    values: (status) => [[{}, status.ready ? 1 : 0]],
  },
  {
    name: "portcullis_edge_hub_connected",
    help: "1 while the uplink is connected",
    labels: [],
    values: (status) => [[{}, status.hubConnected ? 1 : 0]],
  },
  {
    name: "portcullis_edge_journal_volatile",
    help: "1 while no disk can be written",
    labels: [],
    values: (status) => [[{}, status.journal?.volatile === false ? 0 : 1]],
  },
  {
    name: "portcullis_edge_journal_refused_records",
    help: "Records that found no room since the start",
    labels: [],
    values: (status) => [[{}, status.journal?.refused ?? 0]],
  },
  {
    name: "portcullis_edge_uplink_backlog_records",
    help: "Records that the hub has not acknowledged",
    labels: ["lane"],
    values: (status) =>
      Object.entries(status.journal?.backlog ?? {}).map(([lane, depth]) => [{ lane }, depth] as const),
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
    values: (status) => [[{}, Object.keys(status.durable.incidents).length]],
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
