// The hub's counters and gauges for Prometheus.
import { Counter, Gauge, Registry } from "prom-client";
import type { AlarmMeasures } from "../alarm/measures.js";
import type { OutletHealth } from "../control-room/outlets.js";
import type { IntakeCounts } from "../intake/queue.js";

export interface Metrics {
  received(counts: IntakeCounts): void;
  /** Something was refused at the broker. */
  refused(code: string, count: number): void;
  brokerRestarted(): void;
  /** Outlets are opened later than the metrics. */
  watchOutlets(read: () => readonly OutletHealth[]): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Gauges {
  readonly activeAlarms: () => number;
  readonly boxesOnline: () => number;
  readonly streamReaders: () => number;
  readonly operatorsPresent: () => number;
  readonly alarms: () => AlarmMeasures;
  readonly ready: () => boolean;
}

export function createMetrics(gauges: Gauges): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const records = new Counter({
    name: "portcullis_intake_records_total",
    help: "Records from boxes by what became of them; dropped counts messages.",
    labelNames: ["outcome"],
    registers,
  });
  const refusals = new Counter({
    name: "portcullis_broker_refused_total",
    help: "Connections, topics and packets that the broker refused.",
    labelNames: ["code"],
    registers,
  });
  const restarts = new Counter({ name: "portcullis_broker_restarts_total", help: "Deaths of the broker.", registers });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `portcullis_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge("alarms_active", "Alarms that are not closed.", gauges.activeAlarms);
  gauge("boxes_online", "Boxes that are connected.", gauges.boxesOnline);
  gauge("stream_readers", "Readers of the event stream.", gauges.streamReaders);
  gauge("operators_present", "Different operators who have the console open.", gauges.operatorsPresent);
  addAlarmGauges(registers, gauges.alarms);
  gauge("ready", "1 when the hub is ready.", () => (gauges.ready() ? 1 : 0));
  return {
    received(counts) {
      for (const [outcome, count] of Object.entries(counts)) records.inc({ outcome }, count);
    },
    refused: (code, count) => refusals.inc({ code }, count),
    brokerRestarted: () => restarts.inc(),
    watchOutlets: (read) => addOutletGauges(registry, read),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** How far each outlet is. */
function addOutletGauges(registry: Registry, read: () => readonly OutletHealth[]): void {
  const rows: readonly [name: string, help: string, value: (health: OutletHealth) => number][] = [
    ["reachable", "1 when the control room answered last.", ({ reachable }) => (reachable === true ? 1 : 0)],
    ["after", "The hub's number of the last change that the control room has.", ({ after }) => after],
    ["told_total", "Events that the control room has taken since the start.", ({ told }) => told],
    ["refused_total", "Events that it will never take.", ({ refused }) => refused],
    ["aside", "Messages that wait for a person.", ({ aside }) => aside],
  ];
  for (const [name, help, value] of rows) {
    new Gauge({
      name: `portcullis_outlet_${name}`,
      help,
      labelNames: ["outlet", "kind"],
      registers: [registry],
      collect() {
        for (const health of read()) this.set({ outlet: health.name, kind: health.kind }, value(health));
      },
    });
  }
}

/** How well people can follow the alarms; see hub/alarm/measures.ts. */
function addAlarmGauges(registers: Registry[], read: () => AlarmMeasures): void {
  const rows: readonly [name: string, help: string, value: (measures: AlarmMeasures) => number][] = [
    ["unacknowledged", "Alarms that nobody has acknowledged.", ({ unacknowledged }) => unacknowledged],
    ["per_operator", "Alarms in ten minutes per operator at the console.", ({ perOperator }) => perOperator],
    ["flood", "1 while more alarms come than the operators can follow.", ({ flood }) => (flood === null ? 0 : 1)],
    ["chattering", "Origins whose alarms come and go several times a minute.", ({ chattering }) => chattering.length],
    ["stale", "Alarms that have been active for more than a day.", ({ stale }) => stale.length],
    ["shelved", "Alarms that a person has shelved.", ({ shelved }) => shelved],
    ["out_of_service", "Alarms that are out of service.", ({ outOfService }) => outOfService],
    ["suppressed", "Alarms of zones that are inhibited.", ({ suppressed }) => suppressed],
    ["escalated_total", "Levels of escalation, all alarms together.", ({ escalations }) => escalations],
  ];
  for (const [name, help, value] of rows) {
    new Gauge({
      name: `portcullis_alarms_${name}`,
      help,
      registers,
      collect() {
        this.set(value(read()));
      },
    });
  }
  new Gauge({
    name: "portcullis_alarms_raised_total",
    help: "Alarms raised, by priority.",
    labelNames: ["priority"],
    registers,
    collect() {
      for (const [priority, count] of Object.entries(read().raisedByPriority)) this.set({ priority }, count);
    },
  });
}
