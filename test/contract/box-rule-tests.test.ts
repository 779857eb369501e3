// Guided tests of what has more than one contact, by the command line at a real box whose beams are played over MQTT.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { writePeople } from "../../edge/commissioning/people/people.js";
import { hashPin } from "../../edge/commissioning/people/pin.js";
import type { WalkReply } from "../../edge/commissioning/questions/walk.js";
import type { ZoneConfig } from "../../edge/model/zone.js";
import { portcullisIn } from "../support/command-line.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

const pin = "285306";
const pair: ZoneConfig = {
  id: "yard",
  name: { zh: "围界双光束", en: "Beam pair on the yard" },
  area: "fence",
  kind: "beam-pair",
  first: "beam-blocked",
  second: "beam-cover",
  withinMs: 5_000,
  counts: "inward",
};
const free = { beam: "clear", cover: "shut" };

let box: SmallBox;
let beam: Player;
let gate: Player;

beforeAll(async () => {
  box = await startSmallBox({
    change: (settings) => ({ ...settings, config: { ...settings.config, zones: [pair] } }),
  });
  const made = { duressPin: null, disabled: false, changedBy: "test", changedAt: "2026-11-27T00:00:00Z" };
  writePeople(box.dataDir, [{ name: "tech", roles: ["technician"], pin: await hashPin(pin), ...made }]);
  beam = await playDevice(box.dataDir, box.site.broker, "beam");
  gate = await playDevice(box.dataDir, box.site.broker, "gate");
  beam.say(free);
  gate.say({ closed: false, open: true, loop: false });
  await until("the beams are seen", async () => {
    const { points } = (await box.get("/api/v1/points")).body as { points: { point: string; quality: string }[] };
    return points.find(({ point }) => point === "beam-cover")?.quality === "good";
  });
});
afterAll(async () => {
  await Promise.all([beam?.close(), gate?.close()]);
  await box?.close();
});

const commission = (...args: readonly string[]) =>
  portcullisIn(
    { ...process.env, PORTCULLIS_PIN: pin },
    ...["commission", ...args, "--url", box.url, "--name", "tech", "--language", "en"],
  );

async function stage(): Promise<string | undefined> {
  const { present } = (await box.get("/api/v1/guided-tests/present")).body as {
    present: { run: { stage: string } } | null;
  };
  return present?.run.stage;
}
const at = (wanted: string) => until(`the test is at ${wanted}`, async () => (await stage()) === wanted);

describe("commission test of a beam pair", () => {
  it("A-20: lists its parts, passes each beam alone, and counts neither as a walk", async () => {
    expect((await commission("test", "--list")).out).toContain("yard/first  Beam pair, one alone  –");
    const running = commission("test", "yard/first", "--accept", "--json");
    await at("act");
    beam.say({ ...free, beam: "blocked" });
    await at("undo");
    beam.say(free);
    const { code, out, err } = await running;
    expect([code, JSON.parse(out)]).toMatchObject([0, [{ subject: "yard/first", outcome: "passed", walk: "part" }]]);
    expect(err).toContain("Only beam-blocked acts; one beam alone counts for nothing");
  });

  it("says that the wires are crossed", async () => {
    const running = commission("test", "yard/second", "--accept");
    await at("act");
    beam.say({ ...free, beam: "blocked" });
    const { code, out } = await running;
    beam.say(free);
    expect(code).toBe(1);
    expect(out).toContain("Failed: The other one acted as well");
  });

  it("A-20: passes both in order under a walk test, and it is the zone's walk", async () => {
    await commission("walk", "start", "--zones", "yard");
    const running = commission("test", "yard", "--json");
    await at("act");
    beam.say({ ...free, beam: "blocked" });
    beam.say({ beam: "clear", cover: "open" });
    await at("undo");
    beam.say(free);
    const { code, out } = await running;
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      [{ subject: "yard", outcome: "passed", judged: "walk-test", walk: "counted" }],
    ]);
    const { zones } = (await box.get("/api/v1/walk-test")).body as WalkReply;
    expect(zones).toMatchObject([{ zone: "yard", lastBy: "tech" }]);
    await commission("walk", "end");
  });

  it("shows each in the report, in the reader's words", async () => {
    const sheet = String((await box.get("/api/v1/report.html?lang=en")).body);
    expect(sheet).toContain("Beam pair on the yard · second beam alone");
    expect(sheet).toContain("The other one acted as well");
  });
});
