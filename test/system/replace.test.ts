// A box dies and a spare one takes its place: real processes, kill -9, the hub's HTTPS and broker, devices played by hand.
import { type ChildProcess, spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBoxJournal } from "../../edge/agent/box-journal.js";
import { recorderOptions } from "../../edge/agent/recorder-options.js";
import { chooseSettings } from "../../edge/agent/settings.js";
import { noDetails } from "../../edge/commissioning/inventory/details.js";
import { writeDetails } from "../../edge/commissioning/inventory/details-file.js";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import type { Durable } from "../../edge/model/durable.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { type Player, playDevice, type SmallSite, smallSite } from "../contract/small-box.js";
import { connectBox } from "../hub/box.js";
import { type Answer, startTestHub, type TestHub } from "../hub/running-hub.js";
import { entry, portcullis, type Told } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { until } from "../support/until.js";

const name = "small.box";
const box = { site: "small", edge: "box" };
const children: ChildProcess[] = [];
const players: Player[] = [];
let hub: TestHub;
let tokens: Readonly<Record<"li" | "wang", string>>;
let pin: string;
let site: SmallSite & { readonly secondBroker: number };
const old = testFolder();

beforeAll(async () => {
  hub = await startTestHub({
    http: { host: "127.0.0.1", port: 0, tls: {} },
    sites: [{ site: "small", edges: ["box"] }],
  });
  tokens = {
    li: await hub.hub.issueToken("li", "administrator", 1),
    wang: await hub.hub.issueToken("wang", "supervisor", 1),
  };
  pin = new X509Certificate(readFileSync(join(hub.folder, "pki", "ca.pem"))).fingerprint256;
  const [http = 0, broker = 0, secondBroker = 0] = await freePorts(3);
  site = { revision: 7, http, broker, secondBroker };
}, 60_000);
afterAll(async () => {
  for (const player of players) await player.close();
  await Promise.all(children.map((child) => endProcess(child)));
  await hub.close();
});

function ask(method: string, path: string, body?: object, as: keyof typeof tokens = "li") {
  const ca = readFileSync(join(hub.folder, "pki", "ca.pem"), "utf8");
  const headers = { authorization: `Bearer ${tokens[as]}`, ...(body && { "content-type": "application/json" }) };
  return new Promise<{ status: number; body: Answer & Made }>((resolve, reject) => {
    const { http: port } = hub.hub.ports;
    const asking = request({ host: "127.0.0.1", port, method, path: `/api/v1${path}`, ca, headers }, (answer) => {
      let text = "";
      answer.on("data", (part) => {
        text += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) }));
    });
    asking.on("error", reject);
    asking.end(body && JSON.stringify(body));
  });
}
interface Made {
  readonly kept: object | null;
}

async function makeCode(replaces: boolean): Promise<string> {
  const { status, body } = await ask("POST", "/enrolment-codes", { ...box, replaces });
  expect(status).toBe(201);
  return body.code;
}

async function recordsOf(type: string): Promise<readonly JournalRecord[]> {
  const { body } = await ask("GET", `/records?limit=5000&type=${type}`);
  return body.items
    .filter((item) => item["edge"] === "box" || item["site"] === "")
    .map((item) => item["record"] as JournalRecord);
}

const place = (command: readonly string[], data: string, code: string) => {
  const from = ["--hub", `https://127.0.0.1:${hub.hub.ports.http}`, "--code", code, "--fingerprint", pin];
  return [...command, "--data", data, "--site", "small", "--edge", "box", ...from];
};
const replace = (data: string, code: string, ...more: string[]): Promise<Told> =>
  portcullis(...place(["replace"], data, code), "--json", ...more);

function startBox(data: string, ...more: string[]): ChildProcess {
  const child = spawn(process.execPath, [entry, "edge", "--edge", "box", "--data", data, ...more], { stdio: "ignore" });
  children.push(child);
  return child;
}

interface Devices {
  readonly beam: Player;
  readonly second: Player;
  readonly gate: Player;
}
async function playAll(data: string): Promise<Devices> {
  const listens = async () => (await fetch(`http://127.0.0.1:${site.http}/healthz`)).status > 0;
  await until("the box's HTTP listens", listens, 60_000);
  const play = (port: number, device: string) =>
    until(`${device} is let in`, () => playDevice(data, port, device), 60_000);
  const beam = await play(site.broker, "beam");
  const gate = await play(site.broker, "gate");
  const second = await play(site.secondBroker, "beam-2");
  players.push(beam, gate, second);
  return { beam, gate, second };
}

async function order(act: object): Promise<void> {
  const { status, body } = await ask("POST", "/commands", { ...box, act, reason: "test" }, "wang");
  expect({ status, body }).toMatchObject({ status: 201 });
  await until(`${JSON.stringify(act)} is done`, async () => {
    const { body: seen } = await ask("GET", `/commands/${body.id}`);
    if (seen.state === "refused") throw new Error(JSON.stringify(seen));
    return seen.state === "done";
  });
}

/** What the journal of a folder amounts to, as a start would read it. */
async function durableIn(dataDir: string): Promise<Durable> {
  const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
  const options = { ...recorderOptions(chooseSettings(dataDir, null, "box"), dataDir, null), run: "reader" };
  const { journal, memory } = await openBoxJournal(options, machine, () => undefined);
  const durable = memory.durable();
  await journal.close();
  return durable;
}

const status = async () => (await (await fetch(`http://127.0.0.1:${site.http}/api/v1/status`)).json()) as BoxStatus;
const lockDown = `      - id: lock-down
        name: { zh: 封锁, en: Lock down }
        on: [{ command: lock-down }]
        steps:
          - { id: close, kind: close, group: lane, mode: normal, withinMs: 30000 }
`;
let before: Durable;

describe("a box that is replaced", () => {
  it("has an alarm, an isolation, a posture, a lock-down and counters, and dies", async () => {
    const file = join(testFolder(), "site.yaml");
    const uplink = `    uplink: { hubs: ["mqtts://127.0.0.1:${hub.hub.ports.broker}"] }\n    journal:`;
    writeFileSync(file, smallSite(site).replace("    journal:", uplink) + lockDown);
    expect(await portcullis(...place(["keys", "enrol"], old, await makeCode(false)))).toMatchObject({ code: 0 });
    writeDetails(
      old,
      new Map([["zone:fence-1", { ...noDetails, place: "东墙 3 号杆", plan: "A-3", intervalDays: 180 }]]),
    );
    const child = startBox(old, "--config", file);
    const { beam, gate, second } = await playAll(old);
    beam.say({ beam: "clear", cover: "shut" });
    second.say({ beam: "clear", cover: "shut" });
    gate.say({ closed: false, open: true, loop: false });
    await until("the hub knows the box", async () =>
      (await ask("GET", "/edges")).body.items.some((item) => item["online"] === true && item["edge"] === "box"),
    );
    await until("the zones are watched", async () => {
      const { ready, durable } = await status();
      return ready && ["fence-1", "fence-2"].every((zone) => durable.zones[zone]?.state === "normal");
    });
    await order({ kind: "isolate", zone: "fence-2", forMs: 3_600_000 });
    await order({ kind: "set-posture", level: "level-3", issuer: "HQ", reference: "7/2026", leader: "Li" });
    await order({ kind: "lock-down", group: "lane" });
    await until("the boom is told to close", async () => gate.ordered("f/gate/gate-close") === "on");
    gate.say({ closed: true, open: false, loop: false });
    await until("the boom is closed", async () => (await recordsOf("step.met")).length > 0);
    beam.say({ beam: "blocked", cover: "shut" });
    await until("the alarm is at the hub", async () => (await recordsOf("zone.breached")).length > 0);
    await until("the siren's step is met", async () => (await recordsOf("step.met")).length > 1);
    await until("the inventory is at the hub", async () => (await recordsOf("inventory.kept")).length > 0);
    await until("nothing waits", async () => {
      const { backlog = { unknown: 1 } } = (await status()).journal ?? {};
      return Object.values(backlog).every((depth) => depth === 0);
    });
    await endProcess(child);
    for (const player of players.splice(0)) await player.close();
    before = await durableIn(old);
    expect(before).toMatchObject({
      armed: { fence: true, entrance: true },
      zones: { "fence-1": { state: "breached" } },
      out: { "fence-2": { how: "isolated" } },
      posture: { level: "level-3" },
      cycles: { boom: 1 },
      lockDowns: { lane: { barriers: ["boom"] } },
    });
  }, 180_000);

  it("is set up on an empty folder over kills at any moment, with the very state of the old one, in seconds", async () => {
    const spare = testFolder();
    const { body } = await ask("POST", "/enrolment-codes", { ...box, replaces: true });
    expect(body.kept).toMatchObject({ revision: 7, hasState: true, hasInventory: true });
    const given = body.code;
    const wrong = await portcullis(...place(["keys", "enrol"], testFolder(), given));
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("keys.code-other-use") });
    for (const afterMs of [600, 900, 1100, 1300, 1500]) {
      const child = spawn(process.execPath, [entry, ...place(["replace"], spare, given)], { stdio: "ignore" });
      await pause(afterMs);
      await endProcess(child);
      if (!existsSync(join(spare, "replacement.json"))) continue;
      const refused = await portcullis("edge", "--edge", "box", "--data", spare);
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("replace.unfinished") });
    }
    const told =
      readdirSync(spare).includes("site.yaml") && !existsSync(join(spare, "replacement.json"))
        ? null
        : await replace(spare, given);
    if (told !== null) {
      expect(told).toMatchObject({ code: 0 });
      expect(JSON.parse(told.out)).toMatchObject({ revision: 7, missing: 0, posture: "level-3", out: ["fence-2"] });
    }
    expect(await durableIn(spare)).toEqual(before);
    expect(readFileSync(join(spare, "inventory.json"), "utf8")).toBe(readFileSync(join(old, "inventory.json"), "utf8"));
    expect(readFileSync(join(spare, "site.yaml"), "utf8")).toBe(readFileSync(join(old, "site.yaml"), "utf8"));
    const again = await replace(spare, given);
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining("replace.folder-not-empty") });
    const stem = join(old, "pki", "edges", name);
    const pem = (path: string) => readFileSync(path, "utf8");
    const dead = { ca: pem(join(old, "pki", "ca.pem")), cert: pem(`${stem}.pem`), key: pem(`${stem}.key`) };
    await expect(connectBox(hub.hub.ports.broker, dead, "small", "box")).rejects.toThrow(/authorized/i);

    startBox(spare);
    const { beam, gate, second } = await playAll(spare);
    beam.say({ beam: "blocked", cover: "shut" });
    second.say({ beam: "clear", cover: "shut" });
    gate.say({ closed: true, open: false, loop: false });
    const [word] = await until("the hub hears of it", async () => {
      const found = await recordsOf("box.replaced");
      return found.length > 0 && found;
    });
    const serial = new X509Certificate(dead.cert).serialNumber;
    expect(word).toMatchObject({ sequence: 1, lane: "alarm", data: { replaced: [serial], revision: 7, missing: 0 } });
    await until("it says what it sees", async () => {
      const { ready, durable } = await status();
      return ready && durable.zones["fence-1"]?.state === "breached" && durable.armed["fence"] === true;
    });
    expect(gate.ordered("f/gate/gate-open")).not.toBe("on");
    for (const type of ["intake.gap", "chain.forked"]) expect([type, await recordsOf(type)]).toEqual([type, []]);
    const { body: listed } = await ask("GET", "/edges");
    expect(listed.items).toMatchObject([{ edge: "box", online: true }]);
  }, 240_000);
});
