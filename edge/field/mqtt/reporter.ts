// Says what the field devices said, in the words of the Driver port, and keeps count for its health.

import type { Clock, Timer } from "../../machine/ports.js";
import { createRefusals } from "../../machine/refusals.js";
import type { DriverEvents } from "../../model/driver.js";
import type { ErrorCode } from "../../model/error.js";
import type { PointValue } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { MqttDriverConfig, MqttPointConfig } from "../../model/wiring.js";
import type { BusMessage } from "./bus.js";
import { decodePayload } from "./payload.js";

export interface Reporter {
  listen(events: DriverEvents): void;
  /** Reports the message as a sample of the point and returns its value; null when it is rubbish, which changes nothing. */
  report(point: MqttPointConfig, message: BusMessage): PointValue | null;
  /** Reports the inputs of one device, or all, as lost with their last value. */
  lose(device: string | null): void;
  link(up: boolean, reason: string): void;
  trouble(code: ErrorCode, detail: string, count: number): void;
  health(): {
    readonly connected: boolean;
    readonly reconnects: number;
    readonly errors: number;
    readonly lastError: string;
  };
  close(): void;
}

/** An existing broker has limits of its own; nothing larger is read here. */
const payloadBytesMax = 1_048_576;

export function createReporter(
  config: MqttDriverConfig,
  machine: { readonly clock: Clock; readonly timer: Timer },
): Reporter {
  const values = new Map<string, PointValue>();
  const lostAt = new Map<string, MonoMs>();
  const rubbish = createRefusals(machine, trouble);
  const seen = { connected: false, ups: 0, errors: 0, lastError: "" };
  let events: DriverEvents | null = null;

  function trouble(code: ErrorCode, detail: string, count: number): void {
    seen.errors += count;
    seen.lastError = detail;
    events?.trouble(code, count === 1 ? detail : `${detail} (${count} times)`);
  }

  return {
    listen(listening) {
      events = listening;
    },
    report(point, message) {
      if (message.payload.length > payloadBytesMax) {
        rubbish.add("field.payload-oversize", `topic ${message.topic}: ${message.payload.length} bytes`);
        return null;
      }
      const decoded = decodePayload(point, message.payload);
      if (!decoded.ok) {
        rubbish.add("field.payload-invalid", `topic ${message.topic}: ${decoded.detail}`);
        return null;
      }
      const { ok: _, ...content } = decoded;
      values.set(point.id, content.value);
      // A loss is known at once, a value only after its latency: it must not seem older than the loss before it.
      const occurredAt = Math.max(message.receivedAt - (point.latencyMs ?? 0), lostAt.get(point.id) ?? 0);
      events?.sample({ point: point.id, ...content, quality: message.retained ? "stale" : "good", occurredAt });
      return content.value;
    },
    lose(device) {
      const occurredAt = machine.clock.mono();
      for (const point of config.points) {
        if (point.direction === "out" || (device !== null && point.device !== device)) continue;
        lostAt.set(point.id, occurredAt);
        events?.sample({ point: point.id, value: values.get(point.id) ?? null, quality: "lost", occurredAt });
      }
    },
    link(up, reason) {
      seen.connected = up;
      if (up) seen.ups += 1;
      events?.link(up, reason);
    },
    trouble,
    health: () => ({
      connected: seen.connected,
      reconnects: Math.max(0, seen.ups - 1),
      errors: seen.errors,
      lastError: seen.lastError,
    }),
    close() {
      events = null;
      rubbish.close();
    },
  };
}
