// Says what the server said, in the words of the Driver port, and keeps count for its health.
import type { DataValue, StatusCode } from "node-opcua";
import { createRefusals } from "../../machine/refusals.js";
import type { DriverEvents, DriverHealth } from "../../model/driver.js";
import type { ErrorCode } from "../../model/error.js";
import type { PointValue, WriteResult } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { OpcuaDriverConfig, OpcuaPointConfig } from "../../model/wiring.js";
import { orderShown, readDataValue } from "./values.js";
import type { Machine } from "./waiting.js";

export interface Reporter {
  listen(events: DriverEvents): void;
  /** Reports every point of the node. */
  changed(node: string, value: DataValue, receivedAt: MonoMs): void;
  /** The server does not let this node be watched: its points are lost. */
  refused(node: string, status: StatusCode): void;
  up(): void;
  /** Reports every input as lost with its last value, then the link as down. Told once until the link is up again. */
  down(reason: string): void;
  trouble(code: ErrorCode, detail: string): void;
  result(result: WriteResult): void;
  health(): DriverHealth;
  close(): void;
}

export function createReporter(config: OpcuaDriverConfig, machine: Machine): Reporter {
  const { clock } = machine;
  const values = new Map<string, PointValue>();
  const lostAt = new Map<string, MonoMs>();
  const troubles = createRefusals(machine, tellTrouble);
  const seen = { link: null as boolean | null, ups: 0, errors: 0, lastError: "", heardAt: null as MonoMs | null };
  let events: DriverEvents | null = null;

  function tellTrouble(code: ErrorCode, detail: string, count: number): void {
    seen.errors += count;
    seen.lastError = detail;
    events?.trouble(code, count === 1 ? detail : `${detail} (${count} times)`);
  }
  function lose(point: OpcuaPointConfig): void {
    const occurredAt = clock.mono();
    lostAt.set(point.id, occurredAt);
    events?.sample({ point: point.id, value: values.get(point.id) ?? null, quality: "lost", occurredAt });
  }
  function report(point: OpcuaPointConfig, value: DataValue, receivedAt: MonoMs): void {
    const { trouble, ...reading } = readDataValue(point, value);
    if (trouble !== null) troubles.add(trouble.code, trouble.detail);
    const shown = reading.value === null ? (values.get(point.id) ?? null) : orderShown(point, reading.value);
    if (shown !== null) values.set(point.id, shown);
    // A loss is known at once, a value only after its latency: it must not seem older than the loss before it.
    const occurredAt = Math.max(receivedAt - (point.latencyMs ?? 0), lostAt.get(point.id) ?? 0);
    events?.sample({ ...reading, point: point.id, value: shown, occurredAt });
  }

  return {
    listen(listening) {
      events = listening;
    },
    changed(node, value, receivedAt) {
      seen.heardAt = receivedAt;
      for (const point of pointsOf(config, node)) report(point, value, receivedAt);
    },
    refused(node, status) {
      troubles.add("field.quality-bad", `node ${node}: ${status.name}`);
      for (const point of pointsOf(config, node)) lose(point);
    },
    up() {
      seen.link = true;
      seen.ups += 1;
      events?.link(true, "");
    },
    down(reason) {
      if (seen.link === false) return;
      seen.link = false;
      for (const point of config.points) if (point.direction === "in") lose(point);
      events?.link(false, reason);
    },
    trouble: troubles.add,
    result: (result) => events?.result(result),
    health: () => ({
      connected: seen.link === true,
      dataAgeMs: seen.heardAt === null ? null : clock.mono() - seen.heardAt,
      reconnects: Math.max(0, seen.ups - 1),
      errors: seen.errors,
      lastError: seen.lastError,
    }),
    close() {
      events = null;
      troubles.close();
    },
  };
}

function pointsOf(config: OpcuaDriverConfig, node: string): readonly OpcuaPointConfig[] {
  return config.points.filter((point) => point.node === node);
}
