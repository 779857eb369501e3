// The simulated field devices as the broker in the box sees them.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Aedes } from "aedes";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Credentials, credentialsFile } from "../../simulators/credentials.js";
import { type Simulators, startSimulators } from "../../simulators/start.js";
import { changes, host, post, siteOf, trigger } from "../support/simulated-site.js";

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
    await seen("beam-1: no password or certificate yet");
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
