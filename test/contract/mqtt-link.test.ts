// The MQTT link against a real broker, also through a plug that is pulled.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { afterEach, expect, test, vi } from "vitest";
import type { LinkEvents } from "../../edge/machine/ports.js";
import { createMqttLink } from "../../edge/uplink/mqtt-link.js";
import { startPlug } from "../support/plug.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function startBroker() {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  const port = await listen(server);
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return new Promise<void>((resolve) => broker.close(() => resolve()));
  });
  return { broker, port };
}

function linkTo(port: number) {
  const messages: [string, string, boolean][] = [];
  const events = {
    up: vi.fn<LinkEvents["up"]>(),
    down: vi.fn<LinkEvents["down"]>(),
    message: (topic: string, payload: string, retained: boolean) => messages.push([topic, payload, retained]),
  };
  const link = createMqttLink({
    url: `mqtt://127.0.0.1:${port}`,
    clientId: "office.box",
    subscribe: ["to/box"],
    will: { topic: "box/status", payload: "gone" },
  });
  closing.push(() => link.close());
  return { link, events, messages };
}

test("brings messages in both directions and says which were retained", async () => {
  const { broker, port } = await startBroker();
  const heard: string[] = [];
  broker.on("publish", ({ topic, payload }) => topic === "from/box" && heard.push(String(payload)));
  const retained = { cmd: "publish", topic: "to/box", payload: "old", qos: 1, retain: true, dup: false } as const;
  await new Promise((resolve) => broker.publish(retained, resolve));
  const { link, events, messages } = linkTo(port);
  link.connect(events);
  await vi.waitFor(() => expect(messages).toEqual([["to/box", "old", true]]));
  await new Promise((resolve) => broker.publish({ ...retained, payload: "new", retain: false }, resolve));
  await vi.waitFor(() => expect(messages[1]).toEqual(["to/box", "new", false]));
  await link.publish("from/box", "hello");
  expect(heard).toEqual(["hello"]);
});

test("says down once, leaves its will, and can be connected again", async () => {
  const { broker, port } = await startBroker();
  const wills: string[] = [];
  broker.on("publish", ({ topic, payload }) => topic === "box/status" && wills.push(String(payload)));
  const plug = await startPlug(port);
  closing.push(plug.close);
  const { link, events } = linkTo(plug.port);
  link.connect(events);
  await vi.waitFor(() => expect(events.up).toHaveBeenCalledTimes(1));
  plug.set("cut");
  await vi.waitFor(() => expect(events.down).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(wills).toEqual(["gone"]));
  plug.set("open");
  link.connect(events);
  await vi.waitFor(() => expect(events.up).toHaveBeenCalledTimes(2));
  expect(events.down).toHaveBeenCalledTimes(1);
});

test("an address where nobody listens is told as down with the reason", async () => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  const { link, events } = linkTo(port);
  link.connect(events);
  await vi.waitFor(() => expect(events.down).toHaveBeenCalledTimes(1));
  expect(events.down.mock.calls[0]?.[0]).toContain("ECONNREFUSED");
});

test("a refused login is told as down", async () => {
  const { broker, port } = await startBroker();
  broker.authenticate = (_client, _name, _password, done) =>
    done(Object.assign(new Error("no"), { returnCode: 5 }), false);
  const { link, events } = linkTo(port);
  link.connect(events);
  await vi.waitFor(() => expect(events.down).toHaveBeenCalledTimes(1));
  expect(events.up).not.toHaveBeenCalled();
});

test("a small message does not wait for the next one: no-delay is set", async () => {
  const { broker, port } = await startBroker();
  const { link, events } = linkTo(port);
  link.connect(events);
  await vi.waitFor(() => expect(events.up).toHaveBeenCalled());
  const tookMs: number[] = [];
  broker.on("publish", ({ topic }) => topic === "from/box" && tookMs.push(performance.now()));
  const times: number[] = [];
  for (let at = 0; at < 20; at += 1) {
    const since = performance.now();
    await Promise.all([link.publish("from/box", "a"), link.publish("from/box", "b"), link.publish("from/box", "c")]);
    times.push(performance.now() - since);
  }
  expect(times.sort((a, b) => a - b)[10]).toBeLessThan(30);
});
