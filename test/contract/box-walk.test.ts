// Walk tests and guided tests by the command line and over HTTP, at a real box whose devices are played over MQTT.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Book } from "../../edge/commissioning/book.js";
import type { WalkReply } from "../../edge/commissioning/questions/walk.js";
import { putPeople } from "../support/box-people.js";
import { portcullis, portcullisIn } from "../support/command-line.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
let beam: Player;
let gate: Player;
const clear = { beam: "clear", cover: "shut" };
const blocked = { ...clear, beam: "blocked" };
const pin = "285306";

beforeAll(async () => {
  const chirp = { kind: "annunciator", annunciator: "siren", ms: 100 } as const;
  box = await startSmallBox({
    change: (settings) => ({ ...settings, config: { ...settings.config, walkTest: { chirp, everyMs: 3_600_000 } } }),
  });
  putPeople(box.dataDir, [
    { name: "tech", roles: ["technician"], pin },
    { name: "li", roles: ["operator"], pin },
  ]);
  beam = await playDevice(box.dataDir, box.site.broker, "beam");
  gate = await playDevice(box.dataDir, box.site.broker, "gate");
  beam.say(clear);
  gate.say({ closed: false, open: true, loop: false });
  await until("the beam is seen", async () => {
    const { points } = (await box.get("/api/v1/points")).body as { points: { point: string; quality: string }[] };
    return points.find(({ point }) => point === "beam-blocked")?.quality === "good";
  });
});
afterAll(async () => {
  await Promise.all([beam?.close(), gate?.close()]);
  await box?.close();
});

const env = { ...process.env, PORTCULLIS_PIN: pin };
const commission = (...args: readonly string[]) =>
  portcullisIn(env, "commission", ...args, "--url", box.url, "--name", "tech", "--language", "en");
const walkNow = async () => (await box.get("/api/v1/walk-test")).body as WalkReply;

describe("commission walk", () => {
  it("A-20: starts, shows, ends and keeps the results of a walk test", async () => {
    const started = await commission("walk", "start", "--areas", "fence", "--minutes", "5");
    expect(started).toMatchObject({ code: 0, out: expect.stringMatching(/^tech: 5 min left\n· fence-1 {2}0/) });
    beam.say(blocked);
    const hit = await until("the trigger was counted and heard", async () => {
      const zone = (await walkNow()).running?.zones[0];
      return zone?.worstHeardMs != null && zone;
    });
    expect(hit).toMatchObject({ zone: "fence-1", hits: 1, worstMs: expect.any(Number) });
    expect(hit.worstHeardMs).toBeGreaterThanOrEqual(hit.worstMs ?? 0);
    beam.say(clear);
    const ended = await commission("walk", "end");
    expect(ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ {2}tech {2}ended by tech\n {2}✓ fence-1 {2}1 {2}\d+ ms/),
    });
    const { code, out } = await commission("walk", "results", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ person: "tech", zones: { "fence-1": { hits: 1, result: "passed" } } }]);
    expect((await walkNow()).zones).toMatchObject([{ zone: "fence-1", canWalk: true, lastBy: "tech" }]);
  });

  it("A-20: says that a zone was not triggered", async () => {
    await commission("walk", "start", "--zones", "fence-1");
    const { out } = await commission("walk", "end");
    expect(out).toContain("✗ fence-1  not triggered");
  });

  it.each([
    ["an unknown area", ["start", "--areas", "moon"], "command.unknown-target"],
    ["an unknown zone", ["start", "--zones", "moon"], "command.unknown-target"],
    ["an area without a zone that can be walked", ["start", "--areas", "entrance"], "command.unknown-target"],
    ["longer than a working day", ["start", "--minutes", "721"], "command.not-possible"],
    ["the end of a test that does not run", ["end"], "command.not-possible"],
  ])("refuses %s", async (_word, args, code) => {
    const told = await commission("walk", ...args);
    expect(told.code).toBe(1);
    expect(told.err).toContain(code);
  });

  it("refuses who is not logged in", async () => {
    const told = await portcullis("commission", "walk", "start", "--url", box.url);
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining("api.unauthenticated") });
  });
});

/** Blocks and frees the beam as the guided test asks for it. */
async function crossBeam(): Promise<void> {
  await until("it asks for the trigger", async () => (await stage()) === "act");
  beam.say(blocked);
  await until("it saw the trigger", async () => (await stage()) === "undo");
  beam.say(clear);
}

describe("commission test", () => {
  it("A-20: says what will really happen, and begins only when that is accepted", async () => {
    const told = await commission("test", "fence-1");
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining("test.not-accepted") });
    expect(told.out).toContain("! Perimeter alarm: Siren sounds");
  });

  it("A-20: passes a beam that is blocked and freed, with its time", async () => {
    await commission("walk", "start", "--zones", "fence-1");
    const running = commission("test", "infrared-beam", "--json");
    await crossBeam();
    const { code, out } = await running;
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([
      { subject: "fence-1", outcome: "passed", ms: expect.any(Number), walk: "counted" },
    ]);
    await commission("walk", "end");
  });

  it("fails a siren that nobody heard although its output was confirmed, and passes one that was heard", async () => {
    const unheard = await commission("test", "siren", "--accept", "--heard", "no");
    expect(unheard).toMatchObject({ code: 1, out: expect.stringContaining("Failed: Nobody heard or saw it") });
    await until("the siren is off", async () => gate.ordered("f/gate/siren") === "off");
    const heard = await commission("test", "annunciator", "--accept", "--heard", "yes");
    expect(heard).toMatchObject({ code: 0, out: expect.stringMatching(/Passed {2}\d+ ms/) });
  });

  it("keeps what was found, with person and time, in the book and in the journal", async () => {
    const { out } = await commission("test", "--list");
    expect(out).toMatch(/^siren {2}Annunciator {2}Passed {2}\S+ \S+ {2}tech$/m);
    const records = await until("the journal has it", async () => {
      const exported = (await portcullis("journal", "export", box.dataDir)).out;
      return exported.includes("guidedtest.done") && exported;
    });
    expect(records).toContain('"not-heard');
  });

  it("runs one at a time, and lets nobody without a login", async () => {
    const session = await fetch(`${box.url}/api/v1/sessions`, post({ name: "tech", pin }));
    const { token } = (await session.json()) as { token: string };
    const begin = (body: object) =>
      fetch(`${box.url}/api/v1/guided-tests`, post(body, { authorization: `Bearer ${token}` }));
    const accepted = { subject: "fence-1", accepted: true };
    expect((await fetch(`${box.url}/api/v1/guided-tests`, post(accepted))).status).toBe(401);
    expect((await begin(accepted)).status).toBe(200);
    const busy = await begin(accepted);
    expect([busy.status, await busy.json()]).toMatchObject([409, { code: "test.busy" }]);
    expect((await begin({ subject: "nowhere" })).status).toBe(404);
    const other = await fetch(`${box.url}/api/v1/sessions`, post({ name: "li", pin }));
    const { token: foreign } = (await other.json()) as { token: string };
    const word = await fetch(
      `${box.url}/api/v1/guided-tests/present`,
      post({ heard: true }, { authorization: `Bearer ${foreign}` }),
    );
    expect([word.status, await word.json()]).toMatchObject([403, { code: "command.not-allowed" }]);
    const headers = { authorization: `Bearer ${token}` };
    await fetch(`${box.url}/api/v1/guided-tests/present`, { method: "DELETE", headers });
    expect(await stage()).toBe("stopped");
  });

  it("A-20: counts a guided test with a real alarm as the zone's walk test, and keeps that", async () => {
    const before = (await walkNow()).zones.find(({ zone }) => zone === "fence-1")?.lastAt ?? "";
    const running = commission("test", "fence-1", "--accept");
    await crossBeam();
    const { code, out } = await running;
    expect(code).toBe(0);
    expect(out).toMatch(/Passed {2}\d+ ms {2}· Counts as the zone's walk test/);
    const after = await until("the box knows of it", async () => {
      const zone = (await walkNow()).zones.find((each) => each.zone === "fence-1");
      return (zone?.lastAt ?? "") > before && zone;
    });
    expect(after).toMatchObject({ lastBy: "tech" });
    expect((await commission("test", "--list")).out).toContain("Counts as the zone's walk test");
  });

  it("has everything in the book on the disk when the box ends", async () => {
    await box.close();
    const book = JSON.parse(readFileSync(join(box.dataDir, "book.json"), "utf8")) as Book;
    expect(book.walks["fence-1"]).toMatchObject({ person: "tech", at: expect.stringMatching(/Z$/) });
    expect(book.walkTests.length).toBeGreaterThanOrEqual(2);
    expect(book.guidedTests).toMatchObject({ siren: { outcome: "passed", person: "tech", test: "annunciator" } });
  });
});

async function stage(): Promise<string | undefined> {
  const { present } = (await box.get("/api/v1/guided-tests/present")).body as {
    present: { run: { stage: string } } | null;
  };
  return present?.run.stage;
}

const post = (body: object, headers: Readonly<Record<string, string>> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
