// Control rooms over MQTT through a real broker with mutual TLS: pictures, acts in a person's name, replay, restarts.
import mqtt, { type MqttClient } from "mqtt";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../config/certificates.js";
import { type Broker, startBroker } from "../../edge/broker/broker.js";
import { createClock } from "../../edge/machine/clock.js";
import { createTimer } from "../../edge/machine/timer.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { Actor, AlarmAct } from "../../hub/alarm/acts.js";
import { type ChangeLog, createFeed } from "../../hub/alarm/feed.js";
import type { AlarmChange, AlarmRecord } from "../../hub/alarm/record.js";
import { roomRules } from "../../hub/broker/rooms.js";
import { type MqttOutlet, startMqttOutlet } from "../../hub/control-room/mqtt/outlet.js";

const waiting = { timeout: 10_000, interval: 5 };
const root = "portcullis/v1";

const alarm = (id: string, state: AlarmRecord["state"] = "unacknowledged") =>
  ({ id, site: "port", edge: "gate", state, acknowledgedBy: null }) as AlarmRecord;

describe("control rooms over MQTT", () => {
  let authority: KeyPair;
  let serverKeys: KeyPair;
  let broker: Broker;
  let feed: ChangeLog;
  let outlet: MqttOutlet;
  let changes: AlarmChange[];
  /** How long the ledger takes. */
  let reading: Promise<void>;
  let acted: { actor: Actor; id: string; act: AlarmAct }[];
  const troubles: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    authority ??= await createAuthority("test", Date.now());
    serverKeys ??= await issueServer(authority, { name: "hub", hosts: [], now: Date.now() });
    changes = [];
    reading = Promise.resolve();
    acted = [];
    feed = createFeed({ open: openAlarms, past: pastChanges, keptMax: 3 });
    broker = await start(0);
    outlet = startMqttOutlet({
      link: { url: `mqtts://127.0.0.1:${broker.port}`, clientId: "hub-intake", tls: await tlsOf("hub-intake") },
      feed,
      acts: {
        async perform(actor, id, act) {
          if (id === "500") throw new Error("the disk is full");
          if (id === "404") throw new PortcullisError({ code: "api.not-found", place: "/params/id", detail: id });
          acted.push({ actor, id, act });
          return { ...alarm(id, "acknowledged"), acknowledgedBy: actor.user };
        },
      },
      roleOf: (room) => (room === "room-a" ? "operator" : undefined),
      trouble: (detail) => void troubles.push(detail),
    });
    await vi.waitFor(() => expect(outlet.health().reachable).toBe(true), waiting);
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await outlet.close();
    await broker.close();
  });

  async function tlsOf(name: string) {
    const { certificate: cert, key } = await issueClient(authority, { name, now: Date.now() });
    return { ca: authority.certificate, cert, key };
  }

  function start(port: number, published: (topic: string) => void = () => undefined): Promise<Broker> {
    const rules = roomRules(["room-a", "room-b"]);
    return startBroker({
      host: "127.0.0.1",
      port,
      tls: { ca: authority.certificate, cert: serverKeys.certificate, key: serverKeys.key, requestCert: true },
      rules: {
        ...rules,
        canPublish(...given) {
          published(given[1]);
          return rules.canPublish(...given);
        },
      },
      connectionsMax: 16,
      packetBytesMax: 1_048_576,
      clock: createClock(),
      timer: createTimer(),
      onRefused: () => undefined,
    });
  }

  function openAlarms(): AlarmRecord[] {
    const newest = new Map(changes.flatMap(({ alarms }) => alarms).map((each) => [each.id, each]));
    return [...newest.values()].filter(({ state }) => state !== "closed").reverse();
  }

  async function* pastChanges(after: number) {
    await reading;
    for (const change of changes) if (change.sequence > after) yield change;
  }

  function happen(...alarms: AlarmRecord[]): void {
    const change = { sequence: changes.length + 1, at: "", alarms };
    changes.push(change);
    feed.push(change);
  }

  async function room(name: string) {
    const heard: { topic: string; text: string; retain: boolean }[] = [];
    const options = { ...(await tlsOf(name)), clientId: name, protocolVersion: 4, reconnectPeriod: 100 } as const;
    const client: MqttClient = await mqtt.connectAsync(`mqtts://127.0.0.1:${broker.port}`, options);
    closers.push(() => client.endAsync(true));
    client.on("message", (topic, payload, { retain }) => {
      heard.push({ topic: topic.slice(root.length + 1), text: payload.toString(), retain });
    });
    client.on("error", () => undefined);
    await client.subscribeAsync([`${root}/alarms/#`, `${root}/rooms/${name}/result`, `${root}/rooms/${name}/replayed`]);
    const ask = (kind: string, body: object | string, retain = false) =>
      client.publish(`${root}/rooms/${name}/${kind}`, typeof body === "string" ? body : JSON.stringify(body), {
        qos: 1,
        retain,
      });
    const shown = () => heard.filter(({ topic }) => topic.startsWith("alarms/"));
    const answers = () => heard.filter(({ topic }) => topic.startsWith("rooms/")).map(({ text }) => JSON.parse(text));
    return { heard, ask, shown, answers };
  }

  it("hears live changes in order, and finds those of before hanging", async () => {
    happen(alarm("1"));
    await vi.waitFor(() => expect(outlet.health().after).toBe(1), waiting);
    const listener = await room("room-a");
    await vi.waitFor(
      () => expect(listener.shown()).toMatchObject([{ topic: "alarms/port/gate/1", retain: true }]),
      waiting,
    );
    happen(alarm("2"));
    happen(alarm("1", "acknowledged"));
    happen(alarm("1", "closed"));
    await vi.waitFor(() => expect(listener.shown()).toHaveLength(5), waiting);
    expect(
      listener
        .shown()
        .slice(1)
        .map(({ topic, text }) => [topic.at(-1), text && JSON.parse(text).state]),
    ).toEqual([
      ["2", "unacknowledged"],
      ["1", "acknowledged"],
      ["1", "closed"],
      ["1", ""],
    ]);
    const late = await room("room-b");
    await vi.waitFor(
      () => expect(late.shown()).toMatchObject([{ topic: "alarms/port/gate/2", retain: true }]),
      waiting,
    );
  });

  it("acknowledges in a person's name, and is told what became of it", async () => {
    happen(alarm("1"));
    const desk = await room("room-a");
    desk.ask("act", { id: "q1", alarm: "1", act: { kind: "acknowledge" }, by: "李伟", note: "seen" });
    await vi.waitFor(
      () => expect(desk.answers()).toMatchObject([{ id: "q1", ok: true, alarm: { acknowledgedBy: "李伟" } }]),
      waiting,
    );
    const actor = { user: "李伟", role: "operator", outlet: "mqtt:room-a", note: "seen" };
    expect(acted).toEqual([{ actor, id: "1", act: { kind: "acknowledge" } }]);
  });

  it.each([
    ["an alarm that is not there", { id: "q", alarm: "404", act: { kind: "acknowledge" }, by: "Li" }, "api.not-found"],
    ["what the hub fails at", { id: "q", alarm: "500", act: { kind: "silence" }, by: "Li" }, "api.internal"],
    ["what is no request", "rubbish", "api.invalid-body"],
    ["an act that is none", { id: "q", alarm: "1", act: { kind: "open" }, by: "Li" }, "api.invalid-body"],
  ])("refuses %s with a code and goes on", async (_name, body, code) => {
    const desk = await room("room-a");
    desk.ask("act", body);
    await vi.waitFor(() => expect(desk.answers()).toMatchObject([{ ok: false, code }]), waiting);
    desk.ask("act", { id: "q2", alarm: "1", act: { kind: "silence" }, by: "Li" });
    await vi.waitFor(() => expect(desk.answers()[1]).toMatchObject({ id: "q2", ok: true }), waiting);
  });

  it("lets a room that only listens do nothing", async () => {
    const listener = await room("room-b");
    listener.ask("act", { id: "q", alarm: "1", act: { kind: "acknowledge" }, by: "Li" });
    await vi.waitFor(() => expect(listener.answers()).toMatchObject([{ ok: false, code: "api.forbidden" }]), waiting);
    expect(acted).toEqual([]);
  });

  it("replays what a room has missed, also what the feed no longer keeps in sight", async () => {
    for (const id of ["1", "2", "3", "4", "5"]) happen(alarm(id), alarm(id, "closed"));
    const desk = await room("room-a");
    desk.ask("replay", { id: "r", after: 1 });
    await vi.waitFor(() => expect(desk.answers()).toHaveLength(1), waiting);
    const [{ changes: replayed, more }] = desk.answers();
    expect(replayed.map(({ sequence }: AlarmChange) => sequence)).toEqual([2, 3, 4, 5]);
    expect(more).toBe(false);
    desk.ask("replay", { id: "r2", after: 5 });
    await vi.waitFor(() => expect(desk.answers()[1]).toMatchObject({ id: "r2", changes: [], more: false }), waiting);
  });

  it("answers a replay that it refuses where replays are answered", async () => {
    const desk = await room("room-a");
    desk.ask("replay", { id: "r", after: -1 });
    await vi.waitFor(() => expect(desk.answers()).toMatchObject([{ id: "r", ok: false, place: "/after" }]), waiting);
    expect(desk.heard.map(({ topic }) => topic)).toEqual(["rooms/room-a/replayed"]);
  });

  it("gives a room one replay at a time, and other rooms theirs", async () => {
    for (const id of ["1", "2", "3", "4", "5"]) happen(alarm(id));
    const desk = await room("room-a");
    const other = await room("room-b");
    let done: () => void = () => undefined;
    reading = new Promise((resolve) => {
      done = resolve;
    });
    desk.ask("replay", { id: "r1", after: 0 });
    desk.ask("replay", { id: "r2", after: 0 });
    await vi.waitFor(
      () => expect(desk.answers()).toMatchObject([{ id: "r2", ok: false, code: "api.throttled" }]),
      waiting,
    );
    other.ask("replay", { id: "o1", after: 0 });
    done();
    await vi.waitFor(() => expect(desk.answers()[1]).toMatchObject({ id: "r1", ok: true, more: false }), waiting);
    await vi.waitFor(() => expect(other.answers()).toMatchObject([{ id: "o1", ok: true }]), waiting);
    desk.ask("replay", { id: "r3", after: 0 });
    await vi.waitFor(() => expect(desk.answers()[2]).toMatchObject({ id: "r3", ok: true }), waiting);
  });

  it("answers a long replay in pieces that the broker takes", async () => {
    const long = { ...alarm("1"), key: "x".repeat(2000) };
    for (let count = 0; count < 700; count += 1) happen(long);
    const desk = await room("room-a");
    const seen: number[] = [];
    for (let more = true; more; ) {
      const asked = desk.answers().length;
      desk.ask("replay", { id: "r", after: seen.at(-1) ?? 0 });
      await vi.waitFor(() => expect(desk.answers()).toHaveLength(asked + 1), waiting);
      const answer = desk.answers()[asked];
      seen.push(...answer.changes.map(({ sequence }: AlarmChange) => sequence));
      more = answer.more;
    }
    expect(seen).toEqual(changes.map(({ sequence }) => sequence));
    expect(outlet.health().reachable).toBe(true);
  });

  it("shows everything anew at a broker that was started again, and takes down what is gone meanwhile", async () => {
    happen(alarm("1"));
    happen(alarm("2"));
    await vi.waitFor(() => expect(outlet.health().after).toBe(2), waiting);
    const { port } = broker;
    await broker.close();
    await vi.waitFor(() => expect(outlet.health().reachable).toBe(false), waiting);
    happen(alarm("1", "closed"));
    happen(alarm("3"));
    broker = await start(port);
    await vi.waitFor(() => expect(outlet.health()).toEqual({ reachable: true, after: 4 }), waiting);
    const listener = await room("room-a");
    await vi.waitFor(() => expect(listener.shown()).toHaveLength(2), waiting);
    expect(
      listener
        .shown()
        .map(({ topic }) => topic.at(-1))
        .sort(),
    ).toEqual(["2", "3"]);
  });

  it("begins anew with a new connection, and does not go on with what it was showing over the old one", async () => {
    const { port } = broker;
    await broker.close();
    let seen = 0;
    const closed = new Promise<void>((resolve) => {
      void start(port, () => {
        seen += 1;
        if (seen === 100) void broker.close().then(resolve);
      }).then((started) => {
        broker = started;
      });
    });
    await vi.waitFor(() => expect(outlet.health().reachable).toBe(true), waiting);
    const ids = Array.from({ length: 3000 }, (_, index) => String(index));
    happen(...ids.map((id) => alarm(id)));
    await closed;
    const shown: string[] = [];
    broker = await start(port, (topic) => void shown.push(topic));
    await vi.waitFor(() => expect(outlet.health()).toEqual({ reachable: true, after: 1 }), waiting);
    expect(new Set(shown).size).toBe(ids.length);
    // What the client had under way goes out once more.
    expect(shown.length).toBeLessThan(ids.length + 200);
  });
});
