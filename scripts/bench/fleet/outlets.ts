// What stands at the hub's outlets: healthy control rooms that note when they first see each alarm, and frozen ones that
// stay connected and read nothing.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import mqtt, { type MqttClient } from "mqtt";
import { Dealer, Subscriber } from "zeromq";
import type { TlsIdentity } from "../../../edge/uplink/mqtt-link.js";
import { type Sent, wallNow } from "./box.js";
import type { HubReach } from "./hub.js";

/** By the alarm's key: when it was first seen, ms since 1970. */
export type Seen = ReadonlyMap<string, number>;

export interface Outlet {
  readonly name: string;
  readonly seen: Seen;
  /** Finds out which alarms the events were that it has heard, where the protocol carries no key. */
  match?(sent: readonly Sent[]): void;
  /** Asks for what was missed where the protocol leaves that to the listener. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

function createSeen() {
  const seen = new Map<string, number>();
  return { seen, see: (key: string | undefined) => key !== undefined && !seen.has(key) && seen.set(key, wallNow()) };
}

const nothingToAsk = async () => undefined;

export async function openWebhook(): Promise<Outlet & { readonly url: string }> {
  const { seen, see } = createSeen();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      see(JSON.parse(Buffer.concat(chunks).toString("utf8")).alarm?.key);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
  };
  return { name: "webhook", url, seen, catchUp: nothingToAsk, close };
}

export async function openRoom(hub: HubReach, name: string, tls: TlsIdentity): Promise<Outlet> {
  const { seen, see } = createSeen();
  const client = await connectRoom(hub, name, tls);
  client.on("message", (_topic, payload) => payload.length > 0 && see(JSON.parse(payload.toString("utf8")).key));
  const subscribe = () => client.subscribeAsync("portcullis/v1/alarms/#", { qos: 1 }).catch(() => undefined);
  client.on("connect", () => void subscribe());
  await subscribe();
  return { name: "MQTT", seen, catchUp: nothingToAsk, close: () => client.endAsync(true) };
}

function connectRoom({ roomsPort }: HubReach, name: string, tls: TlsIdentity): Promise<MqttClient> {
  const url = `mqtts://127.0.0.1:${roomsPort}`;
  return mqtt.connectAsync(url, {
    ...tls,
    clientId: name,
    protocolVersion: 4,
    reconnectPeriod: 200,
    resubscribe: false,
  });
}

export async function openStream(hub: HubReach): Promise<Outlet> {
  const { seen, see } = createSeen();
  const ending = new AbortController();
  let last: string | null = null;
  const take = (event: string) => {
    last = /^id: (\d+)$/m.exec(event)?.[1] ?? last;
    const data = /^event: alarm\ndata: (.*)$/m.exec(event)?.[1];
    if (data !== undefined) see(JSON.parse(data).key);
  };
  const read = async () => {
    const headers = { authorization: `Bearer ${hub.token}`, ...(last !== null && { "last-event-id": last }) };
    const response = await fetch(`${hub.http}/api/v1/stream`, { headers, signal: ending.signal });
    let text = "";
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      const events = (text + Buffer.from(chunk).toString("utf8")).split("\n\n");
      text = events.pop() ?? "";
      events.forEach(take);
    }
  };
  const running = (async () => {
    while (!ending.signal.aborted) {
      await read().catch(() => undefined);
      await pause(200);
    }
  })();
  const close = async () => {
    ending.abort();
    await running;
  };
  return { name: "SSE", seen, catchUp: nothingToAsk, close };
}

/** Hears all from the moment on at which it resolves. */
export async function openFeed(hub: HubReach): Promise<Outlet> {
  const { seen, see } = createSeen();
  const subscriber = subscribe(hub);
  let newest = 0;
  let heard: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const take = (sequence: Buffer | undefined, json: Buffer | undefined) => {
    newest = Math.max(newest, Number(sequence?.readBigUInt64BE() ?? 0));
    see(JSON.parse(String(json)).data?.alarm?.key);
  };
  void (async () => {
    for await (const [, sequence, json] of subscriber) {
      heard();
      take(sequence, json);
    }
  })().catch(() => undefined);
  const from = () => Math.max(1, newest);
  await first;
  const began = from();
  return {
    name: "ZeroMQ",
    seen,
    catchUp: () => replay(hub, began, (sequence, json) => take(sequence, json)),
    close: async () => subscriber.close(),
  };
}

const curveOf = ({ curve: { server, client } }: HubReach) => ({
  curveServerKey: server,
  curvePublicKey: client.publicKey,
  curveSecretKey: client.secretKey,
  linger: 0,
});

function subscribe(hub: HubReach): Subscriber {
  const socket = new Subscriber({ ...curveOf(hub), receiveHighWaterMark: 1000 });
  socket.connect(hub.publish);
  socket.subscribe();
  return socket;
}

async function replay(
  hub: HubReach,
  from: number,
  take: (sequence: Buffer | undefined, json: Buffer | undefined) => void,
) {
  const dealer = new Dealer({ ...curveOf(hub), receiveTimeout: 10_000 });
  dealer.connect(hub.request);
  try {
    await dealer.send(JSON.stringify({ op: "replay", from }));
    for await (const frames of dealer) {
      if (frames.length < 3) return;
      take(frames[1], frames[2]);
    }
  } finally {
    dealer.close();
  }
}

export interface Frozen {
  close(): Promise<void>;
}

/** Asks for more than the kernel's buffers hold before it stops, so that the hub has nowhere to put the next byte. */
export async function freezeRoom(hub: HubReach, name: string, tls: TlsIdentity): Promise<Frozen> {
  const client = await connectRoom(hub, name, tls);
  await client.subscribeAsync(["portcullis/v1/alarms/#", `portcullis/v1/rooms/${name}/replayed`]);
  client.stream.unpipe();
  client.stream.pause();
  for (let asked = 0; asked < 32; asked += 1)
    client.publish(`portcullis/v1/rooms/${name}/replay`, JSON.stringify({ id: `${asked}`, after: 0 }));
  return { close: () => client.endAsync(true) };
}

/** Asks for everything as it stands, reads the head of the answer and nothing more. */
export async function freezeStream(hub: HubReach): Promise<Frozen> {
  const ending = new AbortController();
  const headers = { authorization: `Bearer ${hub.token}`, "last-event-id": "0" };
  await fetch(`${hub.http}/api/v1/stream`, { headers, signal: ending.signal });
  return { close: async () => ending.abort() };
}

export async function freezeFeed(hub: HubReach): Promise<Frozen> {
  const socket = subscribe(hub);
  return { close: async () => socket.close() };
}
