// The hub's counters and gauges for Prometheus.
import { Counter, Gauge, Registry } from "prom-client";
import type { IntakeCounts } from "../intake/queue.js";

export interface Metrics {
  received(counts: IntakeCounts): void;
  /** Something was refused at the broker. */
  refused(code: string, count: number): void;
  brokerRestarted(): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Gauges {
  readonly activeAlarms: () => number;
  readonly boxesOnline: () => number;
  readonly streamReaders: () => number;
  readonly operatorsPresent: () => number;
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
  gauge("ready", "1 when the hub is ready.", () => (gauges.ready() ? 1 : 0));
  return {
    received(counts) {
      for (const [outcome, count] of Object.entries(counts)) records.inc({ outcome }, count);
    },
    refused: (code, count) => refusals.inc({ code }, count),
    brokerRestarted: () => restarts.inc(),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
