// A field device on MQTT for the contract suite: two inputs and a level, one output that it confirms, a sign of life.
import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { vi } from "vitest";
import type { MqttDriverConfig } from "../../edge/model/wiring.js";

const aliveEveryMs = 100;
/** Wide for a loaded machine, short for a test. */
export const silentAfterMs = 1_500;

export function fieldConfig(way: Pick<MqttDriverConfig, "broker" | "url" | "login" | "tls">): MqttDriverConfig {
  const device = "beam-1";
  return {
    id: "field",
    kind: "mqtt",
    ...way,
    devices: [{ id: device, aliveTopic: "field/beam-1/alive", silentAfterMs }],
    points: [
      {
        id: "blocked",
        direction: "in",
        device,
        topic: "field/beam-1/state",
        payload: "json",
        path: "beam",
        on: "blocked",
        off: "clear",
        latencyMs: 50,
      },
      {
        id: "cover",
        direction: "in",
        device,
        topic: "field/beam-1/state",
        payload: "json",
        path: "cover",
        on: "open",
        off: "shut",
        latencyMs: 50,
      },
      { id: "level", direction: "in", device, topic: "field/beam-1/level", payload: "level" },
      {
        id: "lamp",
        direction: "out",
        device,
        topic: "field/beam-1/lamp",
        payload: "plain",
        on: "lit",
        off: "dark",
        confirmTopic: "field/beam-1/lamp-is",
        confirmWithinMs: 1_500,
      },
    ],
  };
}

export interface FieldDevice {
  setBlocked(blocked: boolean): void;
  lamp(): boolean | null;
  publish(topic: string, payload: string, retain?: boolean): void;
  /** Stops the signs of life and every word, on a living connection. */
  freeze(): void;
  breakLine(): Promise<void>;
  resume(): void;
  /** Says goodbye as the protocol wants it, so that no will is published. */
  leave(): void;
  close(): void;
}

/** Logs in as `beam-1` with what `login` adds: a password, or a certificate for `mqtts`. */
export function startFieldDevice(port: number, login: IClientOptions): FieldDevice {
  const client: MqttClient = connect({
    host: "127.0.0.1",
    port,
    clientId: "beam-1",
    username: "beam-1",
    protocolVersion: 4,
    reconnectPeriod: 30,
    reconnectOnConnackError: true,
    queueQoSZero: false,
    will: { topic: "field/beam-1/alive", payload: Buffer.from("offline"), qos: 0, retain: false },
    ...login,
  });
  const is = { blocked: false, lamp: null as boolean | null, frozen: false, listens: false };
  const say = (topic: string, payload: string, retain = false) => {
    if (client.connected && !is.frozen) client.publish(topic, payload, { retain });
  };
  const sayState = () =>
    say("field/beam-1/state", JSON.stringify({ beam: is.blocked ? "blocked" : "clear", cover: "shut" }));
  // Not before an order would reach it: whoever hears that it is well may give one.
  const sayAll = () => {
    if (!is.listens) return;
    sayState();
    say("field/beam-1/level", JSON.stringify({ t0: 0, periodUs: 3_000, values: [0.1, 0.2] }));
    say("field/beam-1/alive", "online");
  };
  client.on("connect", () => {
    client.subscribe("field/beam-1/lamp", (error) => {
      is.listens = error === null;
      sayAll();
    });
  });
  client.on("close", () => {
    is.listens = false;
  });
  client.on("error", () => undefined);
  client.on("message", (_topic, payload) => {
    is.lamp = payload.toString("utf8") === "lit";
    say("field/beam-1/lamp-is", payload.toString("utf8"));
  });
  const ticking = setInterval(sayAll, aliveEveryMs);
  return {
    setBlocked(blocked) {
      is.blocked = blocked;
      sayState();
    },
    lamp: () => is.lamp,
    publish: say,
    freeze() {
      is.frozen = true;
    },
    async breakLine() {
      client.options.reconnectPeriod = 0;
      client.stream.destroy();
      await vi.waitFor(() => !client.connected || Promise.reject(new Error("still connected")));
    },
    resume() {
      is.frozen = false;
      client.options.reconnectPeriod = 30;
      if (!client.connected) client.reconnect();
    },
    leave() {
      client.end();
    },
    close() {
      clearInterval(ticking);
      client.end(true);
    },
  };
}
