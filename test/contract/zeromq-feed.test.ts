// The ZeroMQ feed as a control room sees it: CURVE keys at the door, live alarms, snapshot, and replay that closes gaps.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { curveKeyPair, Dealer, Request, Subscriber } from "zeromq";
import { createClock } from "../../edge/machine/clock.js";
import { headerHash } from "../../edge/record/hash.js";
import { type Feed, startFeed } from "../../hub/control-room/zeromq/feed.js";
import { z85 } from "../../hub/control-room/zeromq/frames.js";
import type { Ledger, LedgerRow } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { type Reading, readLedger } from "../../hub/reading.js";
import { breachData, createJournal } from "../hub/box.js";
import { log } from "../hub/running-hub.js";

const server = curveKeyPair();
const guest = curveKeyPair();
const stranger = curveKeyPair();
type Keys = ReturnType<typeof curveKeyPair>;

describe("the ZeroMQ feed", () => {
  const journal = createJournal("compound", "gatehouse");
  const troubles: string[] = [];
  let ledger: Ledger;
  let reading: Reading;
  let feed: Feed;
  const sockets: { close(): void }[] = [];

  const open = async (changed: Partial<Ledger> = {}) => {
    reading = await readLedger(ledger, log);
    feed = await startFeed({
      host: "127.0.0.1",
      publishPort: 0,
      requestPort: 0,
      keys: { ...server, allowed: [guest.publicKey] },
      ledger: { ...ledger, ...changed },
      activeSequences: reading.alarms.activeSequences,
      alarmOf: reading.alarmOf,
      sequence: reading.alarmSequence,
      clock: createClock(),
      trouble: (detail) => troubles.push(detail),
    });
  };
  beforeEach(async () => {
    ledger = openLedger(":memory:");
    await open();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await feed.close();
    await ledger.close();
  });

  /** Stores a record and publishes it, as the hub does. */
  const happen = async (...args: Parameters<typeof journal.add>): Promise<LedgerRow> => {
    const record = journal.add(...args);
    const storedAt = "2026-06-01T12:00:05.000Z";
    const row = { storedAt, site: "compound", edge: "gatehouse", hash: headerHash(record), record };
    const [stored] = await ledger.store({ rows: [row], heads: [], aside: [] });
    if (stored === undefined) throw new Error("not stored");
    reading.apply(stored);
    feed.publish(stored);
    return stored;
  };
  const curve = ({ publicKey, secretKey }: Keys) => ({
    curveServerKey: server.publicKey,
    curvePublicKey: publicKey,
    curveSecretKey: secretKey,
    linger: 0,
    receiveTimeout: 15_000,
  });
  const subscribe = (keys: Keys, topic = ""): Subscriber => {
    const socket = new Subscriber(curve(keys));
    sockets.push(socket);
    socket.connect(`tcp://127.0.0.1:${feed.publishPort}`);
    socket.subscribe(topic);
    return socket;
  };
  const dealer = (more: { receiveHighWaterMark?: number } = {}): Dealer => {
    const socket = new Dealer({ ...curve(guest), ...more });
    sockets.push(socket);
    socket.connect(`tcp://127.0.0.1:${feed.requestPort}`);
    return socket;
  };
  const read = (frames: readonly Buffer[]) => {
    const [topic, sequence, json] = frames;
    return {
      topic: topic?.toString(),
      sequence: Number(sequence?.readBigUInt64BE()),
      record: JSON.parse(json?.toString() ?? "null"),
    };
  };
  /** Sends a request and gives the alarms up to the end frame, and its sequence. */
  const ask = async (socket: Dealer, request: object) => {
    await socket.send(JSON.stringify(request));
    const alarms = [];
    for (;;) {
      const frames = await socket.receive();
      if (frames.length === 1) return { alarms, end: JSON.parse(String(frames[0])) };
      alarms.push(read(frames));
    }
  };
  /** Waits for the first heartbeat, after which nothing that is published can be missed. */
  const joined = async (socket: Subscriber) => {
    for (;;) {
      const heard = read(await socket.receive());
      if (heard.topic === "heartbeat") return heard;
    }
  };

  it("sends alarms under their topic, with the ledger's sequence and the record", async () => {
    const listener = subscribe(guest);
    await joined(listener);
    const row = await happen("zone.breached", breachData("i1", 1));
    await happen("area.armed", { area: "fence", by: "wang" });
    expect(read(await listener.receive())).toEqual({
      topic: "alarm.compound.fence.1",
      sequence: row.sequence,
      record: row.record,
    });
    expect(await joined(listener)).toEqual({ topic: "heartbeat", sequence: row.sequence, record: {} });
  });

  it("lets a listener take one priority of one area only", async () => {
    const all = subscribe(guest);
    const some = subscribe(guest, "alarm.compound.fence.2");
    some.subscribe("heartbeat");
    await Promise.all([joined(all), joined(some)]);
    await happen("zone.breached", breachData("i1", 1, 1));
    const second = await happen("zone.breached", breachData("i2", 2, 2));
    expect(read(await some.receive()).sequence).toBe(second.sequence);
  });

  it("S-15: keeps an unknown key out", async () => {
    const listener = subscribe(stranger);
    listener.receiveTimeout = 1500;
    await expect(listener.receive()).rejects.toThrow();
    expect(troubles.at(-1)).toContain("unknown key");
  });

  it("closes a listener's gap by replay, also over a restart", async () => {
    const first = await happen("zone.breached", breachData("i1", 1));
    const second = await happen("zone.breached", breachData("i2", 2));
    await happen("area.armed", { area: "fence", by: "wang" });
    const third = await happen("zone.breached", breachData("i3", 3));
    await feed.close();
    await open();
    const { alarms, end } = await ask(dealer(), { op: "replay", from: first.sequence + 1 });
    expect(alarms.map(({ sequence }) => sequence)).toEqual([second.sequence, third.sequence]);
    expect(alarms[0]).toMatchObject({ topic: "alarm.compound.fence.1", record: second.record });
    expect(end).toEqual({ op: "end", sequence: third.sequence });
  });

  it("replays more than one page", async () => {
    for (let made = 0; made < 1100; made += 1) await happen("zone.breached", breachData(`i${made}`, made));
    const { alarms } = await ask(dealer(), { op: "replay", from: 0 });
    expect(alarms.map(({ record }) => record.data.incident)).toEqual(
      Array.from({ length: 1100 }, (_, made) => `i${made}`),
    );
  }, 60_000);

  it("lets nobody wait for a listener that asks for much and takes nothing, nor for one that asks too often", async () => {
    const large = { ...breachData("i1", 1), note: "x".repeat(20_000) };
    for (let made = 0; made < 1500; made += 1) await happen("zone.breached", large);
    const frozen = dealer({ receiveHighWaterMark: 1 });
    for (let asked = 0; asked < 3; asked += 1) await frozen.send(JSON.stringify({ op: "replay", from: 0 }));
    const live = subscribe(guest);
    await joined(live);
    const healthy = dealer();
    const { alarms } = await ask(healthy, { op: "replay", from: 1400 });
    expect(alarms.length).toBe(101);
    const greedy = dealer({ receiveHighWaterMark: 1 });
    for (let asked = 0; asked < 8; asked += 1) await greedy.send(JSON.stringify({ op: "replay", from: 0 }));
    expect((await ask(healthy, { op: "replay", from: 1400 })).alarms.length).toBe(101);
    const { sequence } = await happen("zone.breached", breachData("i2", 2));
    expect(read(await live.receive()).sequence).toBe(sequence);
    expect(troubles.at(-1)).toContain("too many wait");
    // What it was slow to take it has in the end, whole and in order.
    const taken: number[] = [];
    for (let frames = await frozen.receive(); frames.length > 1; frames = await frozen.receive())
      taken.push(read(frames).sequence);
    expect(taken.slice(0, 1500)).toEqual(Array.from({ length: 1500 }, (_, made) => made + 1));
  }, 60_000);

  it("gives the last record of each present alarm as snapshot", async () => {
    await happen("zone.breached", breachData("i1", 1));
    const again = await happen("zone.breached", breachData("i1", 2));
    await happen("zone.breached", breachData("i2", 3));
    await happen("alarm.acknowledged", {}, { lane: "alarm" });
    await happen("zone.restored", { zone: "north", area: "fence", alarms: ["i2/north/breach"] });
    const { alarms } = await ask(dealer(), { op: "snapshot" });
    expect(alarms.map(({ sequence }) => sequence)).toEqual([again.sequence, again.sequence + 1]);
  });

  it("answers a REQ socket too, and rubbish with an error", async () => {
    const socket = new Request(curve(guest));
    sockets.push(socket);
    socket.connect(`tcp://127.0.0.1:${feed.requestPort}`);
    for (const rubbish of ["{", "null", '{"op":"replay","from":"x"}', '{"op":"dance"}']) {
      await socket.send(rubbish);
      expect(JSON.parse(String((await socket.receive())[0]))).toEqual({ op: "error", code: "api.invalid-body" });
    }
  });

  it("answers a request that it fails at with an error, and the next one as ever", async () => {
    await feed.close();
    let isBroken = true;
    await open({
      records: async (query) => {
        if (isBroken) throw new Error("the disk is gone");
        return ledger.records(query);
      },
    });
    const { sequence } = await happen("zone.breached", breachData("i1", 1));
    const socket = dealer();
    expect((await ask(socket, { op: "replay", from: 0 })).end).toEqual({ op: "error", code: "api.internal" });
    expect(troubles.at(-1)).toContain("the disk is gone");
    isBroken = false;
    expect((await ask(socket, { op: "replay", from: 0 })).end).toEqual({ op: "end", sequence });
  });

  it("writes keys as ZeroMQ does", () => {
    expect(z85(Buffer.from([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]))).toBe("HelloWorld");
  });
});
