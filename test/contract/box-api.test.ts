// The box's own HTTP and the commands that ask it, with a real box on loopback.
import { once } from "node:events";
import { tmpdir } from "node:os";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FaultsReply, SealReply, WhyReply } from "../../edge/commissioning/questions.js";
import { builtFile } from "../../edge/machine/built.js";
import { portcullis } from "../support/command-line.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

// Commands are processes of their own, and a loaded machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let beam: Player;
let gate: Player;
const clear = { beam: "clear", cover: "shut" };
const openGate = { closed: false, open: true, loop: false };

beforeAll(async () => {
  box = await startSmallBox();
  [beam, gate] = (await Promise.all(
    ["beam", "gate"].map((device) => playDevice(box.dataDir, box.site.broker, device)),
  )) as [Player, Player];
});
afterAll(async () => {
  await beam?.close();
  await gate?.close();
  await box?.close();
});

const seal = async () => (await box.get("/api/v1/seal")).body as SealReply;
const obstacles = async () => (await seal()).groups[0]?.barriers[0]?.obstacles;
const why = async () => (await box.get("/api/v1/why?zone=fence-1")).body as WhyReply;

describe("seal now?", () => {
  it("is no while the gate has not been heard of", async () => {
    expect(await seal()).toMatchObject({ ok: false, groups: [{ group: "lane", ok: false }] });
    expect(await obstacles()).not.toEqual([]);
    expect((await portcullis("seal", "--url", box.url)).code).toBe(1);
  });

  it("is yes, with the time it takes, when all contacts and loops are good", async () => {
    gate.say(openGate);
    const reply = await until("the gate can be sealed", async () => {
      const now = await seal();
      return now.ok && now;
    });
    expect(reply.groups[0]?.totalMs).toBeGreaterThanOrEqual(4000);
    const told = await portcullis("seal", "--group", "lane", "--url", box.url, "--language", "en");
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/^Yes: Lane would be closed within \d+ s\.\n$/) });
  });

  it("is no, and says what stands against it in the reader's language, with a car on the loop", async () => {
    gate.say({ ...openGate, loop: true });
    await until("the loop is seen", async () => (await obstacles())?.includes("vehicle-on-loop"));
    expect(await portcullis("seal", "--url", box.url, "--language", "zh")).toMatchObject({
      code: 1,
      out: expect.stringContaining("道闸：地感线圈上有车辆"),
    });
    const json = await portcullis("seal", "--url", box.url, "--json");
    expect((JSON.parse(json.out) as SealReply).groups[0]?.barriers[0]?.obstacles).toEqual(["vehicle-on-loop"]);
  });

  it("refuses a group that the box does not have", async () => {
    expect(await box.get("/api/v1/seal?group=moat")).toMatchObject({
      status: 404,
      body: { code: "api.not-found", place: "group", detail: "moat" },
    });
    expect(await box.get("/api/v1/seal?group=lane&group=moat")).toMatchObject({
      status: 400,
      body: { code: "api.invalid-query", place: "group" },
    });
    const told = await portcullis("seal", "--group", "moat", "--url", box.url);
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining("api.not-found") });
  });
});

describe("why no alarm?", () => {
  it("tells that a quiet beam saw nothing", async () => {
    beam.say(clear);
    await until("the beam was looked at", async () => (await why()).verdicts["nothing-seen"]);
    const told = await portcullis("why", "fence-1", "--url", box.url, "--language", "en");
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/^Beam fence-1 \d\d:\d\d:00-\d\d:\d\d:00: /) });
  });

  it("tells of the alarm when there was one, with wall and monotonic times", async () => {
    beam.say({ ...clear, beam: "blocked" });
    const { from, to, detail } = await until("the beam's alarm is told", async () => {
      const told = await why();
      return told.nearest === "alarm" && told;
    });
    beam.say(clear);
    expect(to.mono - from.mono).toBe(60_000);
    expect(detail.map(({ verdict }) => verdict)).toContain("alarm");
    const middle = new Date(Date.parse(from.time) + 30_000).toISOString();
    const told = await portcullis("why", "fence-1", "--at", middle, "--url", box.url, "--json");
    expect((JSON.parse(told.out) as WhyReply).nearest).toBe("alarm");
  });

  it.each([
    ["zone=moat", 404, "api.not-found"],
    ["", 400, "api.invalid-query"],
    ["zone=fence-1&at=yesterday", 400, "api.invalid-query"],
    ["zone=fence-1&at=2026-01-01T00:00:00Z", 400, "api.invalid-query"],
    ["zone=fence-1&zone=fence-2", 400, "api.invalid-query"],
  ])("refuses %j with %d and a stable code", async (query, status, code) => {
    expect(await box.get(`/api/v1/why?${query}`)).toMatchObject({ status, body: { code } });
  });
});

it("A-11, A-36: a device that falls silent is a fault with its age and a work order, and lowers the availability", async () => {
  const faults = async () => (await box.get("/api/v1/faults")).body as FaultsReply;
  beam.freeze();
  const beamIn = ({ faults: now }: FaultsReply) => now.find(({ device }) => device === "point:beam-blocked");
  const zoneIn = ({ faults: now }: FaultsReply) => now.find(({ device }) => device === "zone:fence-1");
  const reply = await until(
    "the silent beam is a fault with a work order",
    async () => {
      const now = await faults();
      return (beamIn(now)?.ageMs ?? 0) > 1000 && zoneIn(now) !== undefined && now;
    },
    30_000,
  );
  expect(reply.availability).toBeLessThan(1);
  expect(beamIn(reply)).toMatchObject({ cause: "signal-lost", since: expect.stringMatching(/Z$/) });
  expect(reply.workOrders.find(({ device }) => device === "zone:fence-1")).toMatchObject({
    number: expect.stringContaining("box-"),
    cause: "signal-lost",
    state: "open",
    openedAt: expect.stringMatching(/Z$/),
  });
  // They are told each second, so the work order may come after the faults that were asked for.
  const metrics = await until("the metrics show the work order", async () => {
    const { body } = await box.get("/metrics");
    return /^portcullis_edge_work_orders_open [1-9]/m.test(String(body)) && String(body);
  });
  expect(metrics).toMatch(/^portcullis_edge_availability 0\.\d+$/m);
  expect(metrics).toMatch(/^portcullis_edge_posture 0$/m);
  expect(metrics).toMatch(/^portcullis_edge_zones_out\{how="isolated"\} 0$/m);
});

it("answers 503 with a stable code while the controller stalls, and goes on serving the rest", async () => {
  const port = await freePort();
  const worker = new Worker(builtFile("edge/commissioning/server-worker.ts"), {
    workerData: { http: { host: "127.0.0.1", port }, dataDir: tmpdir() },
  });
  await once(worker, "message");
  const url = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${url}/api/v1/seal`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    code: "api.no-answer",
    place: "controller",
    message: { zh: expect.any(String) },
  });
  expect((await fetch(`${url}/moat`)).status).toBe(404);
  await worker.terminate();
});

it("says that the box does not answer when there is none", async () => {
  const told = await portcullis("seal", "--url", "http://127.0.0.1:1");
  expect(told).toMatchObject({ code: 1, err: expect.stringContaining("api.no-answer") });
});
