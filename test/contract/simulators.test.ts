// The simulators over their real protocols: what a box would see of them, byte by byte and node by node.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Aedes } from "aedes";
import { AttributeIds, type ClientSession, DataType, OPCUAClient, type StatusCode, StatusCodes } from "node-opcua";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Credentials, credentialsFile } from "../../simulators/credentials.js";
import { type Simulators, startSimulators } from "../../simulators/start.js";

const host = "127.0.0.1";

function siteOf(brokerPort: number, controllers: readonly object[] = []) {
  return {
    control: { host, port: 0 },
    bollardControllers: controllers,
    boards: [
      {
        id: "io",
        endpoint: { host, port: 0 },
        loops: [{ id: "door", pin: 0, pullUpOhms: 4_700, endOhms: 4_700, alarmOhms: 4_700 }],
        buttons: [{ id: "panic", pin: 2, kind: "panic" }],
        relays: [
          { id: "siren", pin: 8 },
          { id: "strobe", pin: 9 },
        ],
      },
    ],
    field: {
      broker: { host, port: brokerPort },
      fibres: [{ device: "fibre-1", level: "f/level", status: "f/status", alive: "f/alive", rateHz: 333, blockMs: 50 }],
      beams: [{ device: "beam-1", state: "b/state", alive: "b/alive" }],
    },
  };
}

async function post(simulators: Simulators, path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(simulators.url + path, { method: "POST", body: text });
  return { status: response.status, body: await response.json() };
}

const trigger = (simulators: Simulators, name: string) => post(simulators, "/trigger", { name });

async function get(simulators: Simulators, path: string): Promise<unknown> {
  return (await fetch(simulators.url + path)).json();
}

async function changes(simulators: Simulators, device: string): Promise<readonly string[]> {
  const events = (await get(simulators, "/events?since=0")) as { device: string; what: string; value: unknown }[];
  return events.filter((event) => event.device === device).map(({ what, value }) => `${what}=${value}`);
}

describe("the simulated bollard controller", () => {
  const bollard = { travelMs: 300, emergencyTravelMs: 100 };
  const controller = {
    endpoint: { host, port: 0 },
    heartbeatMs: 20,
    bollards: [
      { id: "B1", ...bollard, starts: "closed" },
      { id: "B2", ...bollard, starts: "open" },
    ],
    loops: ["Approach1"],
  };
  let simulators: Simulators;
  let client: OPCUAClient;
  let session: ClientSession;

  beforeAll(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1, [controller]), field: undefined },
      credentials: {},
      log: () => undefined,
    });
    client = OPCUAClient.create({ endpointMustExist: false, connectionStrategy: { maxRetry: 0 } });
    await client.connect(`opc.tcp://${host}:${simulators.ports[0]}`);
    session = await client.createSession();
  });
  afterAll(async () => {
    await session.close();
    await client.disconnect();
    await simulators.close();
  });

  const read = (node: string) => session.read({ nodeId: `ns=1;s=${node}`, attributeId: AttributeIds.Value });
  const shows = async (node: string): Promise<unknown> => (await read(node)).value.value;
  const write = (node: string, dataType: DataType, value: unknown): Promise<StatusCode> =>
    session.write({ nodeId: `ns=1;s=${node}`, attributeId: AttributeIds.Value, value: { value: { dataType, value } } });
  const demand = (bollardId: string, word: string): Promise<StatusCode> =>
    write(`${bollardId}.Demand`, DataType.String, word);

  it("shows every node with the value that the plant starts with", async () => {
    const shown = async (id: string) =>
      Promise.all(
        ["Demand", "Closed", "Open", "Obstructed", "Fault", "PowerOk", "Loop", "Position"].map((name) =>
          shows(`${id}.${name}`),
        ),
      );
    expect(await shown("B1")).toEqual(["", true, false, false, false, true, false, 1]);
    expect(await shown("B2")).toEqual(["", false, true, false, false, true, false, 0]);
    expect(await shows("Approach1")).toBe(false);
    expect(await shows("B1.ChangedAt")).toBeInstanceOf(Date);
  });

  it("beats by itself", async () => {
    const first = Number(await shows("Heartbeat"));
    await vi.waitFor(async () => expect(Number(await shows("Heartbeat"))).toBeGreaterThan(first + 2));
  });

  it("raises on demand, makes the contact at the end and says when by its own clock", async () => {
    const before = Date.now();
    expect(await demand("B2", "close")).toBe(StatusCodes.Good);
    expect(await shows("B2.Demand")).toBe("close");
    await vi.waitFor(async () => expect(await shows("B2.Closed")).toBe(true));
    const changedAt = (await shows("B2.ChangedAt")) as Date;
    expect(changedAt.getTime() - before).toBeGreaterThanOrEqual(250);
    expect(Math.abs(((await read("B2.Closed")).sourceTimestamp?.getTime() ?? 0) - changedAt.getTime())).toBeLessThan(5);
    expect(await changes(simulators, "B2")).toEqual(
      expect.arrayContaining(["demand=close", "orders=1", "motion=raising", "open=false", "closed=true"]),
    );
    await demand("B2", "open");
    await vi.waitFor(async () => expect(await shows("B2.Open")).toBe(true));
  });

  it("refuses a word that it does not know, and every write elsewhere", async () => {
    expect(await demand("B2", "explode")).toBe(StatusCodes.BadOutOfRange);
    expect((await write("B2.Closed", DataType.Boolean, true)).isGood()).toBe(false);
    expect(await shows("B2.Closed")).toBe(false);
  });

  it("gives the quality bad while a vehicle loop is lost", async () => {
    await trigger(simulators, "vehicle-loop-lost");
    expect((await read("B2.Loop")).statusCode).toBe(StatusCodes.BadSensorFailure);
    await trigger(simulators, "vehicle-loop-mend");
    expect((await read("B2.Loop")).statusCode).toBe(StatusCodes.Good);
  });

  it("stays down while a vehicle stands on the loop, and reports a jam as a fault", async () => {
    await trigger(simulators, "vehicle-on-loop");
    await demand("B2", "emergency-close");
    expect([await shows("B2.Loop"), await shows("B2.Open")]).toEqual([true, true]);
    await trigger(simulators, "vehicle-leaves");
    await trigger(simulators, "bollard-jam");
    await demand("B2", "close");
    await vi.waitFor(async () => expect(await shows("B2.Fault")).toBe(true), { timeout: 2_000 });
    expect(await shows("B2.Open")).toBe(true);
    await trigger(simulators, "bollard-free");
    expect(await shows("B2.Fault")).toBe(false);
  });
});

/** A host that collects what the board sends and can wait for it. */
function hostOn(port: number) {
  const socket: Socket = connectSocket({ host, port, noDelay: true });
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  const isClosed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return {
    socket,
    isClosed,
    send: (...bytes: number[]) => socket.write(Buffer.from(bytes)),
    forget: () => {
      received = Buffer.alloc(0);
    },
    received: () => received,
    sees: (...bytes: number[]) => vi.waitFor(() => expect(received.includes(Buffer.from(bytes))).toBe(true)),
  };
}

describe("the simulated Firmata board", () => {
  let simulators: Simulators;
  let port = 0;
  let open: ReturnType<typeof hostOn>[] = [];
  const dial = () => {
    const board = hostOn(port);
    open.push(board);
    return board;
  };
  const stateOf = async (device: string) => ((await get(simulators, "/state")) as Record<string, unknown>)[device];

  beforeEach(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1), field: undefined },
      credentials: {},
      log: () => undefined,
    });
    port = simulators.ports[0] ?? 0;
  });
  afterEach(async () => {
    for (const { socket } of open) socket.destroy();
    open = [];
    await simulators.close();
  });

  it("greets with version and firmware and describes its pins", async () => {
    const board = dial();
    await board.sees(0xf9, 2, 5, 0xf0, 0x79, 2, 5);
    board.send(0xf0, 0x6b, 0xf7, 0xf0, 0x69, 0xf7);
    await board.sees(0xf0, 0x6c, 0x7f, 0x7f, 0, 1, 11, 1, 1, 1, 0x7f);
    await board.sees(0xf0, 0x6a, ...Array.from({ length: 14 }, () => 0x7f), 0, 1, 2, 3, 4, 5, 0xf7);
  });

  it("reports a loop as an analog value at the asked interval", async () => {
    const board = dial();
    board.send(0xf0, 0x7a, 10, 0, 0xf7, 0xc0, 1);
    const values = () =>
      [
        ...board
          .received()
          .toString("latin1")
          .matchAll(/\xe0([\0-\x7f])([\0-\x7f])/g),
      ].map(([, low = "", high = ""]) => low.charCodeAt(0) | (high.charCodeAt(0) << 7));
    await vi.waitFor(() => expect(values().length).toBeGreaterThan(5));
    expect(values().every((value) => Math.abs(value - 512) < 6)).toBe(true);
    await trigger(simulators, "loop-cut");
    board.forget();
    await vi.waitFor(() => expect(values().at(-1)).toBeGreaterThan(1_015));
  });

  it("reports a pressed button as low on a pulled-up pin", async () => {
    const board = dial();
    board.send(0xf4, 2, 11, 0xd0, 1);
    await board.sees(0x90, 0b100, 0);
    board.forget();
    await trigger(simulators, "panic");
    await board.sees(0x90, 0, 0);
  });

  it("switches relays by port and by pin, and answers what each pin's state is", async () => {
    const board = dial();
    board.send(0xf4, 8, 1, 0xf4, 9, 1, 0x91, 0b01, 0, 0xf5, 9, 1, 0xf0, 0x6d, 8, 0xf7, 0xf0, 0x6d, 9, 0xf7);
    await board.sees(0xf0, 0x6e, 8, 1, 1, 0, 0xf7, 0xf0, 0x6e, 9, 1, 1, 0, 0xf7);
    expect(await changes(simulators, "siren")).toEqual(["on=true"]);
    expect(await changes(simulators, "strobe")).toEqual(["on=true"]);
  });

  it("keeps its relays when the host goes and another comes, and drops them on a reset", async () => {
    const first = dial();
    first.send(0xf4, 8, 1, 0x91, 1, 0);
    await vi.waitFor(async () => expect(await stateOf("siren")).toEqual({ on: true }));
    const second = dial();
    await second.sees(0xf9);
    await first.isClosed;
    second.send(0xf4, 8, 1, 0xf0, 0x6d, 8, 0xf7);
    await second.sees(0xf0, 0x6e, 8, 1, 1, 0, 0xf7);
    second.forget();
    await trigger(simulators, "firmata-reset");
    await second.sees(0xf9, 2, 5);
    expect(await stateOf("siren")).toEqual({ on: false });
  });

  it("passes over rubbish and understands what follows", async () => {
    const board = dial();
    board.send(0x12, 0xf0, 0x01, ...Array.from({ length: 200 }, () => 0x33), 0xf4, 0xf8, 0x90, 0xe7, 0xf7);
    board.send(0xf4, 8, 1, 0x91, 1, 0);
    await vi.waitFor(async () => expect(await stateOf("siren")).toEqual({ on: true }));
  });

  it("sends rubbish when its line is disturbed", async () => {
    const board = dial();
    await board.sees(0xf9);
    board.forget();
    await trigger(simulators, "firmata-noise");
    await vi.waitFor(() => expect(board.received().length).toBe(64));
  });
});

describe("the simulated field devices", () => {
  const passwords = { "fibre-1": "one", "beam-1": "two" };
  let broker: Aedes;
  let server: Server;
  let sockets: Socket[] = [];
  let simulators: Simulators;
  let told: { topic: string; body: string; client: string }[] = [];
  const bodies = (topic: string) => told.filter((message) => message.topic === topic).map(({ body }) => body);
  const json = (topic: string) => bodies(topic).map((body) => JSON.parse(body) as Record<string, unknown>);

  beforeEach(async () => {
    told = [];
    broker = await Aedes.createBroker();
    broker.authenticate = (client, username, password, done) =>
      done(null, username === client.id && passwords[client.id as "beam-1"] === password?.toString());
    broker.on("publish", ({ topic, payload }, client) => {
      told.push({ topic, body: payload.toString(), client: client?.id ?? "" });
    });
    sockets = [];
    server = createServer({ noDelay: true }, (socket) => {
      sockets.push(socket);
      broker.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
  });
  afterEach(async () => {
    await simulators.close();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const brokerPort = () => (server.address() as { port: number }).port;
  const start = async (credentials: Credentials, troubles: string[] = [], port = brokerPort()) => {
    simulators = await startSimulators({
      simulation: siteOf(port),
      credentials,
      log: (text) => troubles.push(text),
    });
  };

  it("introduce themselves with their state and a sign of life, each under its own name", async () => {
    await start(passwords);
    await vi.waitFor(() => expect(bodies("f/level").length).toBeGreaterThan(2));
    expect(json("f/status")[0]).toMatchObject({ fibre: "intact" });
    await vi.waitFor(() => expect(json("b/state")[0]).toMatchObject({ beam: "clear", cover: "shut" }));
    expect([bodies("f/alive")[0], bodies("b/alive")[0]]).toEqual(["online", "online"]);
    expect(new Set(told.filter(({ topic }) => topic.startsWith("f/")).map(({ client }) => client))).toEqual(
      new Set(["fibre-1"]),
    );
  });

  it("send level blocks that follow each other without gap", async () => {
    await start(passwords);
    await vi.waitFor(() => expect(bodies("f/level").length).toBeGreaterThan(4));
    const blocks = json("f/level") as { t0: number; periodUs: number; values: number[] }[];
    for (const [index, block] of blocks.slice(1).entries()) {
      const before = blocks[index] ?? block;
      const expected = before.t0 + (before.values.length * before.periodUs) / 1_000;
      expect(Math.abs(block.t0 - expected)).toBeLessThan(2.5);
      expect(block.periodUs).toBe(3_003);
    }
  });

  it("tell a short interruption as two changes, and the cover", async () => {
    await start(passwords);
    await vi.waitFor(() => expect(bodies("b/state")).toHaveLength(1));
    await trigger(simulators, "beam-short");
    await vi.waitFor(() => expect(json("b/state").map(({ beam }) => beam)).toEqual(["clear", "blocked", "clear"]));
    await trigger(simulators, "beam-tamper");
    await vi.waitFor(() => expect(json("b/state").at(-1)).toMatchObject({ cover: "open" }));
  });

  it("say that the fibre is broken and send no level until it is mended", async () => {
    await start(passwords);
    await vi.waitFor(() => expect(bodies("f/level").length).toBeGreaterThan(0));
    await trigger(simulators, "fibre-break");
    await vi.waitFor(() => expect(json("f/status").at(-1)).toMatchObject({ fibre: "broken" }));
    const afterBreak = told.findLastIndex(({ topic }) => topic === "f/status");
    await trigger(simulators, "fibre-mend");
    await vi.waitFor(() => expect(told.at(-1)?.topic).toBe("f/level"));
    const between = told.slice(
      afterBreak + 1,
      told.findLastIndex(({ topic }) => topic === "f/status"),
    );
    expect(between.filter(({ topic }) => topic === "f/level")).toEqual([]);
  });

  it("play a recording in place of the noise, and compute a magnitude that the recorder could not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "portcullis-recording-"));
    const file = join(folder, "blow.csv.gz");
    const rows = ["3,0,0,0,100.5", "6,3,4,12,nan", "9,0,0,0,300"];
    await writeFile(file, gzipSync(["timestamp_ms,accel_x,accel_y,accel_z,accel_mag", ...rows].join("\n")));
    await start(passwords);
    await vi.waitFor(() => expect(bodies("f/level").length).toBeGreaterThan(0));
    expect(await post(simulators, "/replay", { file, gain: 2 })).toMatchObject({ status: 200, body: { samples: 3 } });
    const values = () => json("f/level").flatMap((block) => block["values"] as number[]);
    await vi.waitFor(() => expect(values().filter((value) => value < 1_000)).toEqual([201, 26, 600]));
    await writeFile(file, "no gzip");
    expect(await post(simulators, "/replay", { file })).toMatchObject({
      body: { code: "simulation.invalid-recording" },
    });
    await rm(folder, { recursive: true });
  });

  it("leave their will when the line to them is cut, and come back by themselves", async () => {
    await start(passwords);
    await vi.waitFor(() => expect(bodies("b/state")).toHaveLength(1));
    const gone = new Promise<void>((resolve) => broker.once("clientDisconnect", () => resolve()));
    for (const socket of sockets) socket.destroy();
    await gone;
    await vi.waitFor(() => expect(bodies("b/alive")).toContain("offline"));
    await vi.waitFor(() => expect(bodies("b/state").length).toBeGreaterThan(1), { timeout: 5_000 });
    expect(await changes(simulators, "beam-1")).toEqual(["connected=true", "connected=false", "connected=true"]);
  });

  it("wait for a password that comes later, and try again when it was refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "portcullis-credentials-"));
    const file = join(folder, "field-credentials.json");
    const troubles: string[] = [];
    const seen = (text: string) => vi.waitFor(() => expect(troubles).toContain(text), { timeout: 5_000 });
    await start(credentialsFile(file), troubles);
    await seen("beam-1: no password yet");
    await writeFile(file, JSON.stringify({ devices: { "beam-1": { password: "wrong" } } }));
    await seen("beam-1: Connection refused: Not authorized");
    await writeFile(file, JSON.stringify({ devices: { "beam-1": { password: passwords["beam-1"] } } }));
    await vi.waitFor(() => expect(bodies("b/state").length).toBeGreaterThan(0), { timeout: 5_000 });
    expect(troubles.join()).not.toContain("wrong");
    await rm(folder, { recursive: true });
  });

  it("wait for a broker that comes later", async () => {
    const port = brokerPort();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const troubles: string[] = [];
    await start(passwords, troubles, port);
    await vi.waitFor(() => expect(troubles.join()).toContain("ECONNREFUSED"));
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    await vi.waitFor(() => expect(bodies("b/state").length).toBeGreaterThan(0), { timeout: 5_000 });
  });
});

describe("the simulators' start", () => {
  const bollards = [{ id: "B1", travelMs: 300, emergencyTravelMs: 100, starts: "closed" }];
  const start = (port: number) =>
    startSimulators({
      simulation: {
        ...siteOf(1, [{ endpoint: { host, port }, heartbeatMs: 20, bollards, loops: [] }]),
        field: undefined,
      },
      credentials: {},
      log: () => undefined,
    });

  it("names a port that is taken and succeeds when it is free again", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, host, resolve));
    const { port } = taken.address() as { port: number };
    await expect(start(port)).rejects.toThrow(/EADDRINUSE/);
    await new Promise<void>((resolve) => taken.close(() => resolve()));
    await (await start(port)).close();
  });
});

describe("the simulators' control interface", () => {
  let simulators: Simulators;
  beforeAll(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1), field: undefined },
      credentials: {},
      log: () => undefined,
    });
  });
  afterAll(() => simulators.close());

  it("is healthy, and numbers its events without gap", async () => {
    expect(await get(simulators, "/healthz")).toEqual({ status: "ok" });
    await trigger(simulators, "door-open");
    const events = (await get(simulators, "/events?since=0")) as { n: number; at: string }[];
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ at }) => at === new Date(at).toISOString())).toBe(true);
    expect(await get(simulators, `/events?since=${events.length}`)).toEqual([]);
  });

  it("plays a scenario", async () => {
    const answer = await post(
      simulators,
      "/scenario",
      "name: two\nsteps: [{at: 0, do: loop-cut}, {at: 40, do: loop-mend}]",
    );
    expect(answer).toEqual({ status: 200, body: { name: "two", lastsMs: 40 } });
    await vi.waitFor(async () =>
      expect(await changes(simulators, "door")).toEqual(expect.arrayContaining(["wiring=cut", "wiring=sound"])),
    );
  });

  const rubbish: { what: string; path: string; body: string; status?: number; code: string }[] = [
    { what: "no JSON", path: "/trigger", body: "{", code: "invalid-body" },
    { what: "an unknown key", path: "/trigger", body: '{"name":"panic","tarqet":"x"}', code: "invalid-body" },
    { what: "too long a body", path: "/trigger", body: "x".repeat(300 * 1024), code: "invalid-body" },
    { what: "an unknown trigger", path: "/trigger", body: '{"name":"toString"}', code: "unknown-trigger" },
    { what: "a trigger without device", path: "/trigger", body: '{"name":"fence-cut"}', code: "unknown-target" },
    { what: "an unknown target", path: "/trigger", body: '{"name":"fire","target":"x"}', code: "unknown-target" },
    { what: "no scenario", path: "/scenario", body: "\u0000", code: "invalid-scenario" },
    { what: "a misfit", path: "/scenario", body: "name: x\nsteps: [{at: 1, do: fire}]", code: "unknown-target" },
    { what: "no fibre", path: "/replay", body: '{"file":"/nowhere.csv.gz"}', code: "unknown-target" },
    { what: "no replay", path: "/replay", body: "[]", code: "invalid-body" },
    { what: "an unknown path", path: "/nowhere", body: "", status: 404, code: "not-found" },
  ];
  it.each(rubbish)("answers $what at $path with $code and goes on", async ({ path, body, status = 400, code }) => {
    expect(await post(simulators, path, body)).toMatchObject({ status, body: { code: `simulation.${code}` } });
    expect(await get(simulators, "/healthz")).toEqual({ status: "ok" });
  });
});
