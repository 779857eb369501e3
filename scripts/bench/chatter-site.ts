// The contacts of the bad site of chatter.ts, the drivers that read them, and what its two processes say to each other.
import type { FirmataDriverConfig, MqttDriverConfig, OpcuaDriverConfig } from "../../edge/model/wiring.js";
import type { Peer } from "../../test/support/plug-site.js";

/** As many as a Mega has pins for, nearly. */
const contactsPerDriver = 45;

const named = (peer: Peer) => Array.from({ length: contactsPerDriver }, (_, index) => `${peer}-${index}`);
export const contactsOf: Readonly<Record<Peer, readonly string[]>> = {
  bus: named("bus"),
  board: named("board"),
  plc: named("plc"),
};

export type ToField = { readonly flap: boolean } | { readonly cut: Peer };
/** Ports of the plugs in front of the board and the controller. */
export interface FromField {
  readonly board: number;
  readonly plc: number;
}

const host = "127.0.0.1";
const input = (id: string) => ({ id, direction: "in", latencyMs: 50 }) as const;

export const brokerAt = (port: number) => ({
  host,
  port,
  connectionsMax: 2 * contactsPerDriver,
  packetBytesMax: 4_096,
});

export function busConfig(port: number): MqttDriverConfig {
  return {
    id: "bus",
    kind: "mqtt",
    broker: brokerAt(port),
    devices: contactsOf.bus.map((id) => ({ id, aliveTopic: `f/${id}/alive`, silentAfterMs: 10_000 })),
    points: contactsOf.bus.map((id) => ({
      ...input(id),
      device: id,
      topic: `f/${id}`,
      payload: "json",
      path: "beam",
      on: "blocked",
      off: "clear",
    })),
  };
}

export function boardConfig(port: number): FirmataDriverConfig {
  const points = contactsOf.board.map((id, index) => ({
    ...input(id),
    pin: 2 + index,
    signal: "digital" as const,
    pullUp: true,
    activeLow: true,
  }));
  return { id: "board", kind: "firmata", transport: { kind: "tcp", host, port }, samplingMs: 20, points };
}

export function plcConfig(port: number): OpcuaDriverConfig {
  return {
    id: "plc",
    kind: "opcua",
    endpoint: `opc.tcp://${host}:${port}`,
    security: { mode: "none" },
    samplingMs: 50,
    publishingMs: 50,
    heartbeat: "ns=1;s=Heartbeat",
    watchdogMs: 10_000,
    points: contactsOf.plc.map((id) => ({ ...input(id), node: `ns=1;s=${id}`, type: "boolean" })),
  };
}
