// The broker's guards, each shown by the client that tries it.
import { connect as dial, type Socket } from "node:net";
import { connect, connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Broker, type BrokerOptions, startBroker } from "../../../edge/broker/broker.js";
import { realMachine } from "../../contract/real-machine.js";
import { connectPacket, publishPacket, subscribePacket } from "../../support/mqtt-bytes.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const allowAll = {
  authenticate: ({ password }: { password: string | null }) => password === "right",
  canPublish: () => true,
  canSubscribe: () => true,
  canReceive: () => true,
};

async function started(options: Partial<BrokerOptions> = {}): Promise<{ broker: Broker; refused: string[] }> {
  const refused: string[] = [];
  const broker = await startBroker({
    host: "127.0.0.1",
    port: 0,
    rules: allowAll,
    connectionsMax: 20,
    packetBytesMax: 1_000,
    onRefused: (code, detail) => refused.push(`${code}: ${detail}`),
    clock: realMachine.clock,
    timer: realMachine.timer,
    ...options,
  });
  cleanups.push(() => broker.close());
  return { broker, refused };
}

function login(id: string, options: IClientOptions = {}): IClientOptions {
  return { clientId: id, username: id, password: "right", protocolVersion: 4, reconnectPeriod: 0, ...options };
}

async function client(broker: Broker, id: string, options: IClientOptions = {}): Promise<MqttClient> {
  const made = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, login(id, options));
  made.on("error", () => undefined);
  cleanups.push(() => made.end(true));
  return made;
}

/** Resolves with the reason when the broker does not let this client in. */
function refusal(broker: Broker, options: IClientOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const made = connect(`mqtt://127.0.0.1:${broker.port}`, options);
    cleanups.push(() => made.end(true));
    made.on("connect", () => reject(new Error("let in")));
    made.on("error", (error) => resolve(error.message));
    made.on("close", () => resolve("closed"));
  });
}

function text(bytes: Buffer): string {
  return bytes.toString("utf8");
}

async function rawSocket(broker: Broker): Promise<{ socket: Socket; closed: Promise<void> }> {
  const socket = dial(broker.port, "127.0.0.1");
  cleanups.push(() => socket.destroy());
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  return { socket, closed };
}

async function rawClient(broker: Broker, id: string): Promise<{ socket: Socket; closed: Promise<void> }> {
  const raw = await rawSocket(broker);
  raw.socket.write(connectPacket(id, "right"));
  const connack = await new Promise<Buffer>((resolve) => raw.socket.once("data", resolve));
  expect([...connack]).toEqual([0x20, 2, 0, 0]);
  return raw;
}

describe("the broker at its door", () => {
  it("lets a client in with its own credentials and tells who is there", async () => {
    const { broker } = await started();
    const one = await client(broker, "beam-1");
    await vi.waitFor(() => expect(broker.clients()).toEqual(["beam-1"]));
    await one.endAsync();
    await vi.waitFor(() => expect(broker.clients()).toEqual([]));
  });

  it("refuses a wrong password", async () => {
    const { broker, refused } = await started();
    expect(await refusal(broker, login("beam-1", { password: "wrong" }))).toMatch(/not authorized/i);
    expect(refused.join()).toContain("field.login-refused: client beam-1");
  });

  it("S-05: refuses a client id that is not the name in the credentials, so that nobody evicts another", async () => {
    const { broker } = await started();
    const first = await client(broker, "beam-1");
    expect(await refusal(broker, login("beam-1", { username: "fibre-1" }))).toMatch(/not authorized/i);
    expect(first.connected).toBe(true);
    expect(broker.clients()).toEqual(["beam-1"]);
  });

  it("lets a client that comes back evict its own half-open connection", async () => {
    const { broker } = await started();
    const first = await rawClient(broker, "beam-1");
    await client(broker, "beam-1");
    await first.closed;
    await vi.waitFor(() => expect(broker.clients()).toEqual(["beam-1"]));
  });

  it.each([
    ["MQTT 5", { protocolVersion: 5 as const }, "protocol 5"],
    ["a persistent session", { clean: false }, "persistent"],
    ["a NUL in the client id", { clientId: "beam\u0000", username: "beam\u0000" }, "control characters"],
  ])("refuses %s", async (_what, options, reason) => {
    const { broker, refused } = await started();
    await refusal(broker, login("beam-1", options));
    await vi.waitFor(() => expect(refused.join()).toContain(reason));
    expect(broker.clients()).toEqual([]);
  });

  it("accepts no more connections than its limit", async () => {
    const { broker, refused } = await started({ connectionsMax: 1 });
    await client(broker, "one");
    await refusal(broker, login("two"));
    await vi.waitFor(() => expect(refused.join()).toContain("more than 1 connections"));
  });

  it("ends a connection that never says CONNECT", async () => {
    const { broker } = await started({ packetWithinMs: 50 });
    const { closed } = await rawSocket(broker);
    await closed;
  });
});

describe("the broker and its topics", () => {
  const ownTopics = {
    ...allowAll,
    canPublish: (id: string, topic: string, retain: boolean) => topic.startsWith(`field/${id}/`) && !retain,
    canSubscribe: (id: string, filter: string) => filter === `out/${id}`,
    canReceive: (id: string, topic: string) => topic === `out/${id}`,
  };

  it("delivers in both directions between its own process and the clients", async () => {
    const { broker } = await started({ rules: ownTopics });
    const heard: string[] = [];
    await broker.subscribe("field/#", (message) => {
      heard.push(`${message.client} ${message.topic} ${Buffer.from(message.payload)}`);
    });
    const beam = await client(broker, "beam-1");
    const got: string[] = [];
    beam.on("message", (topic, payload) => got.push(`${topic} ${text(payload)}`));
    await beam.subscribeAsync("out/beam-1");
    await beam.publishAsync("field/beam-1/state", "blocked", { qos: 1 });
    await broker.publish("out/beam-1", "on");
    await vi.waitFor(() => expect([heard, got]).toEqual([["beam-1 field/beam-1/state blocked"], ["out/beam-1 on"]]));
  });

  it.each([
    ["another's topic", "field/fibre-1/level", false],
    ["a retained message where the rule says no", "field/beam-1/state", true],
    ["a topic of the broker itself", "$SYS/field/beam-1/", false],
    ["a topic with a NUL", "field/beam-1/\u0000", false],
  ])("refuses to publish %s and ends the connection", async (_what, topic, retain) => {
    const { broker, refused } = await started({ rules: ownTopics });
    const heard: string[] = [];
    await broker.subscribe("#", (message) => void (message.topic.startsWith("$") || heard.push(message.topic)));
    const beam = await client(broker, "beam-1");
    const closed = new Promise<void>((resolve) => beam.once("close", () => resolve()));
    beam.publish(topic, "x", { retain });
    await closed;
    expect(refused.join()).toContain("field.topic-refused");
    expect(heard).toEqual([]);
  });

  it("asks for wills what it asks for messages", async () => {
    const { broker, refused } = await started({ rules: ownTopics });
    const heard: string[] = [];
    await broker.subscribe("field/#", (message) => heard.push(message.topic));
    for (const topic of ["field/fibre-1/alive", "field/beam-1/alive"]) {
      const beam = await client(broker, "beam-1", {
        will: { topic, payload: Buffer.from("offline"), qos: 0, retain: false },
      });
      beam.stream.destroy();
      await vi.waitFor(() => expect(broker.clients()).toEqual([]));
    }
    await vi.waitFor(() => expect(heard).toEqual(["field/beam-1/alive"]));
    expect(refused.join()).toContain("field/fibre-1/alive");
  });

  it("S-06: never delivers a refused topic, also when it was asked for together with an allowed one and after coming back", async () => {
    const { broker } = await started({ rules: ownTopics, refusePersistentSessions: false });
    const got: string[] = [];
    const mixed = ["out/beam-1", "out/fibre-1"];
    const first = await client(broker, "beam-1", { clean: false });
    const granted = await first.subscribeAsync(mixed, { qos: 1 }).catch(() => []);
    expect(granted.filter((entry) => entry.topic === "out/fibre-1" && entry.qos < 128)).toEqual([]);
    await first.endAsync();
    const again = connect(`mqtt://127.0.0.1:${broker.port}`, login("beam-1", { clean: false }));
    cleanups.push(() => again.end(true));
    again.on("message", (topic) => got.push(topic));
    await vi.waitFor(() => expect(broker.clients()).toEqual(["beam-1"]));
    await broker.publish("out/fibre-1", "secret", { qos: 1 });
    await broker.publish("out/beam-1", "own", { qos: 1 });
    await vi.waitFor(() => expect(got).toContain("out/beam-1"));
    expect(got).not.toContain("out/fibre-1");
  });
});

describe("the broker under rubbish and bad manners", () => {
  it("S-07: ends a connection whose packet is larger than the limit, on the header alone", async () => {
    const { broker, refused } = await started();
    const { socket, closed } = await rawClient(broker, "beam-1");
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0x7f]));
    await closed;
    expect(refused.join()).toContain("field.payload-oversize");
  });

  it("S-07: ends a connection whose packet does not come to its end in time, and not one that is merely quiet", async () => {
    const { broker, refused } = await started({ packetWithinMs: 50 });
    const quiet = await rawClient(broker, "quiet");
    const { socket, closed } = await rawClient(broker, "slow");
    socket.write(Buffer.from([0x30, 100, 0]));
    await closed;
    expect(refused.join()).toContain("slow packet");
    expect(broker.clients()).toContain("quiet");
    expect(quiet.socket.destroyed).toBe(false);
  });

  it.each([
    ["random bytes", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["a length of five bytes", Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 1])],
    ["a publish before login", publishPacket("field/a", "x")],
  ])("survives %s", async (_what, bytes) => {
    const { broker } = await started({ packetWithinMs: 100 });
    const { socket, closed } = await rawSocket(broker);
    socket.write(bytes);
    await closed;
    expect(await client(broker, "beam-1")).toMatchObject({ connected: true });
  });

  it("tells a flood of refusals as one report with a count", async () => {
    const reports: number[] = [];
    const { broker } = await started({
      rules: { ...allowAll, canSubscribe: () => false },
      onRefused: (_code, _detail, count) => reports.push(count),
    });
    const { socket } = await rawClient(broker, "beam-1");
    for (let index = 0; index < 50; index += 1) socket.write(subscribePacket("any", 0));
    await vi.waitFor(() => expect(reports).toEqual([1, 49]), 3_000);
  });

  it("S-08: does not let a subscriber that stops reading delay another one", async () => {
    const { broker } = await started({ packetBytesMax: 100_000 });
    const frozen = await rawClient(broker, "frozen");
    frozen.socket.write(subscribePacket("news", 0));
    await new Promise((resolve) => frozen.socket.once("data", resolve));
    frozen.socket.pause();
    const reader = await client(broker, "reader");
    const seen: number[] = [];
    reader.on("message", (_topic, payload) => seen.push(payload.length));
    await reader.subscribeAsync("news");
    const lot = "x".repeat(50_000);
    const before = performance.now();
    for (let index = 0; index < 300; index += 1) void broker.publish("news", lot);
    await vi.waitFor(() => expect(seen).toHaveLength(300), { timeout: 5_000, interval: 5 });
    expect(performance.now() - before).toBeLessThan(5_000);
    await vi.waitFor(() => expect(broker.clients()).toEqual(["reader"]), 3_000);
  });

  it("lives on when many clients with full queues end together", async () => {
    const { broker } = await started({ connectionsMax: 100 });
    const many = await Promise.all(Array.from({ length: 60 }, (_, index) => rawClient(broker, `c${index}`)));
    for (const { socket } of many) socket.write(subscribePacket("news", 0));
    await Promise.all(many.map(({ socket }) => new Promise((resolve) => socket.once("data", resolve))));
    for (const { socket } of many) socket.pause();
    for (let index = 0; index < 500; index += 1) void broker.publish("news", "y".repeat(10_000));
    for (const { socket } of many) socket.destroy();
    await vi.waitFor(() => expect(broker.clients()).toEqual([]), 15_000);
    expect(await client(broker, "beam-1")).toMatchObject({ connected: true });
  });

  it("ends a client that leaves message after message of QoS 2 unreleased, each of which would be kept", async () => {
    const { broker, refused } = await started();
    const { socket, closed } = await rawClient(broker, "beam-1");
    const publish = (id: number) => Buffer.from([0x34, 6, 0, 1, 0x61, id >> 8, id & 0xff, 0x78]);
    for (let id = 1; id <= 100; id += 1) socket.write(publish(id));
    await closed;
    expect(refused.join()).toMatch(/field.payload-invalid: client beam-1: maxInflightInbound exceeded: 64/);
  });

  it("answers a lone small message at once, without waiting for a next one", async () => {
    const { broker } = await started();
    await broker.subscribe("ping", () => void broker.publish("pong", "x"));
    const { socket } = await rawClient(broker, "pinger");
    socket.setNoDelay(true);
    socket.write(subscribePacket("pong", 0));
    await new Promise((resolve) => socket.once("data", resolve));
    const trips: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const before = performance.now();
      // Two small answers: with Nagle's algorithm the second would wait for the delayed acknowledgement of the first, 40 ms.
      let bytes = 0;
      const both = new Promise<void>((resolve) => {
        socket.on("data", function count(chunk: Buffer) {
          bytes += chunk.length;
          if (bytes < 18) return;
          socket.off("data", count);
          resolve();
        });
      });
      socket.write(Buffer.concat([publishPacket("ping", "a"), publishPacket("ping", "b")]));
      await both;
      trips.push(performance.now() - before);
    }
    expect(trips.sort((a, b) => a - b)[7]).toBeLessThan(25);
  });
});
