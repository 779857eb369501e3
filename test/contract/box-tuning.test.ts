// Settings changed at a real box on loopback: a wrong wiring explained and mended, the checks, two persons, two technicians, the
// way back, and what the journal keeps of it.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RevisionView, SettingsView } from "../../edge/commissioning/settings/told.js";
import type { WiringView } from "../../edge/commissioning/wiring/view.js";
import { readJournal } from "../../edge/journal/inspect.js";
import type { Role } from "../../edge/model/command.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { placeText, settingsFiles } from "../../edge/model/revision.js";
import { putPeople } from "../support/box-people.js";
import { portcullisIn } from "../support/command-line.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 90_000 });

let box: SmallBox;
let door: Player;
const tokens: Record<string, string> = {};
const pins: Readonly<Record<string, string>> = { tech: "739154", other: "417390", guard: "285306" };
const duressPin = "850263";

/** A door contact where the small site has a beam, in an area that is not armed; the lane stays armed. */
const withDoor = (text: string) =>
  text
    .replace(
      "name: { zh: 围墙, en: Fence }, kind: perimeter, armedAtStart: true",
      "name: { zh: 围墙, en: Fence }, kind: entrance, armedAtStart: false",
    )
    .replace("kind: infrared-beam", "kind: door-contact")
    .replace("    zones:", "    # The technician's own note.\n    zones:")
    .replace("withinMs: 5000", "withinMs: 800");

beforeAll(async () => {
  box = await startSmallBox({ rewrite: withDoor });
  const roles: Readonly<Record<string, Role>> = { tech: "technician", other: "technician", guard: "operator" };
  const people = Object.entries(roles).map(([name, role]) => ({
    name,
    roles: [role],
    pin: pins[name] ?? "",
    duressPin,
  }));
  putPeople(box.dataDir, people);
  door = await playDevice(box.dataDir, box.site.broker, "beam");
  for (const name of Object.keys(pins)) tokens[name] = await tokenOf(name, pins[name] ?? "");
});
afterAll(async () => {
  await door?.close();
  await box?.close();
});

async function post(path: string, body: unknown, token?: string) {
  const answer = await fetch(`${box.url}/api/v1/${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

async function tokenOf(name: string, pin: string): Promise<string> {
  return String((await post("sessions", { name, pin })).body["token"]);
}

const settings = async () => (await box.get("/api/v1/settings")).body as SettingsView;
const wiring = async (query: string) => (await box.get(`/api/v1/wiring?${query}`)).body as WiringView;
const stored = () => readFileSync(join(box.dataDir, settingsFiles.stored), "utf8");
/** The file is stored before the controller has told its revision. */
const revision = () =>
  until("the box has told what is in force", async () => {
    const { revision: inForce } = await settings();
    return ((await box.get("/api/v1/status")).body as { revision: number }).revision === inForce && inForce;
  });

const filter = (value: number) => ({ zone: "fence-1", key: "filterMs", value });
async function set(changes: readonly object[], more: object = {}, name = "tech") {
  return post("settings", { changes, reason: "tuning", revision: await revision(), ...more }, tokens[name]);
}

async function records(type: string): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readJournal(join(box.dataDir, "journal"))) if (record.type === type) found.push(record);
  return found;
}

describe("a door contact that is wired the wrong way round", () => {
  it("is explained, mended by a setting, and good without a restart", async () => {
    door.say({ beam: "blocked", cover: "shut" });
    const wrong = await until("the contact is heard of", async () => {
      const { points } = await wiring("zone=fence-1");
      const found = points.find(({ config }) => config.id === "beam-blocked")?.found[0];
      return found?.case === "contact-active" && found;
    });
    expect(wrong).toMatchObject({ zone: "fence-1", tone: "warn", offer: { key: "normally", value: "closed" } });
    expect(wrong.next.zh).toContain("触点平时状态");
    const before = await revision();
    const taken = await set([{ zone: "fence-1", ...wrong.offer }]);
    expect(taken).toMatchObject({ status: 200, body: { ok: true, revision: before + 1, by: ["tech"] } });
    await until("it is good", async () => {
      const { points } = await wiring("point=beam-blocked");
      return points[0]?.found[0]?.case === "contact-rest";
    });
    await until("the zone is normal", async () => {
      const { durable } = (await box.get("/api/v1/status")).body as {
        durable: { zones: Record<string, { state: string }> };
      };
      return durable.zones["fence-1"]?.state === "normal";
    });
    expect(stored()).toContain("# The technician's own note.");
    expect(stored()).toContain("filterMs: 40, normally: closed }");
  });

  it("says in the journal who, why and what before it says that it is in force", async () => {
    const [proposed] = await records("settings.proposed");
    expect(proposed?.data).toMatchObject({
      by: ["tech"],
      reason: "tuning",
      changes: [{ zone: "fence-1", key: "normally", value: "closed", from: null }],
    });
    const applied = await until("it is recorded", async () =>
      (await records("config.applied")).find(({ data }) => data["hash"] === proposed?.data["hash"]),
    );
    expect(Number(applied.order)).toBeGreaterThan(Number(proposed?.order));
  });

  it("shows who changed it last", async () => {
    const { settings: all, changed } = await settings();
    const normally = all.find((each) => placeText(each) === "fence-1 normally");
    expect(normally).toMatchObject({ value: "closed", standard: "open", changed: { by: ["tech"], reason: "tuning" } });
    expect(changed).toMatchObject({ by: ["tech"] });
    expect(all.find((each) => placeText(each) === "fence-1 filterMs")).toMatchObject({
      value: 40,
      unit: "ms",
      changed: null,
    });
  });
});

describe("a change", () => {
  it("is refused by the timing proof with the sum, term by term, and changes nothing", async () => {
    const [before, text] = [await revision(), stored()];
    const refused = await set([filter(400)]);
    expect(refused).toMatchObject({ status: 409, body: { code: "config.timing", ok: false } });
    expect(JSON.stringify(refused.body["troubles"])).toContain("filter of fence-1 400");
    expect(JSON.stringify(refused.body["proof"])).toContain("fence-1 滤波");
    expect([await revision(), stored()]).toEqual([before, text]);
    expect(existsSync(join(box.dataDir, settingsFiles.next))).toBe(false);
    await until("the refusal is recorded", async () =>
      (await records("settings.refused")).some(({ data }) => data["code"] === "config.timing"),
    );
  });

  it("is tried beforehand: the proof before and after, and who must agree", async () => {
    const tried = await post("settings/check", { changes: [filter(90)] }, tokens["guard"]);
    expect(tried).toMatchObject({ status: 200, body: { ok: true, needsTwo: [] } });
    const [row] = tried.body["proof"] as { before: { totalMs: number }; after: { totalMs: number } }[];
    expect((row?.after.totalMs ?? 0) - (row?.before.totalMs ?? 0)).toBe(50);
  });

  it("is refused to nobody, to the wrong role, to what is not tuned on site and to a body that is none", async () => {
    const body = { changes: [filter(80)], reason: "x", revision: await revision() };
    expect(await post("settings", body)).toMatchObject({ status: 401 });
    expect(await set([filter(80)], {}, "guard")).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect(await set([{ zone: "fence-1", key: "point", value: "open" }])).toMatchObject({
      body: { code: "settings.unknown" },
    });
    expect(await set([{ zone: "fence-1", key: "filterMs", value: [1] }])).toMatchObject({
      body: { code: "api.invalid-body" },
    });
    expect(await set([filter(80)], { reason: " " })).toMatchObject({ body: { code: "api.invalid-body" } });
    expect(await set([])).toMatchObject({ body: { code: "api.invalid-body" } });
  });

  it("of two technicians at once is taken from the first, and the second is told who it was", async () => {
    const seen = await revision();
    const both = await Promise.all([
      set([filter(70)], { revision: seen }),
      set([filter(75)], { revision: seen }, "other"),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const [refused] = both.filter(({ status }) => status === 409);
    const winner = both[0]?.status === 200 ? "tech" : "other";
    expect(refused?.body).toMatchObject({ code: "settings.stale", detail: expect.stringContaining(`by ${winner}`) });
    expect(await revision()).toBe(seen + 1);
  });

  it("of a point on a driver that works a barrier needs two persons", async () => {
    const change = { driver: "field", point: "loop", key: "silentAfterMs", value: 5000 };
    const alone = await set([change]);
    expect(alone).toMatchObject({
      status: 403,
      body: { code: "command.needs-two-persons", detail: expect.stringContaining("boom") },
    });
    const guard = await set([change], { second: { name: "guard", pin: pins["guard"] } });
    expect(guard).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    const taken = await set([change], { second: { name: "other", pin: pins["other"] } });
    expect(taken).toMatchObject({ status: 200, body: { by: ["tech", "other"] } });
  });

  it("under duress is answered the same, and raises the silent hold-up", async () => {
    const free = await set([filter(60)]);
    tokens["forced"] = await tokenOf("tech", duressPin);
    const forced = await set([filter(65)], {}, "forced");
    expect(Object.keys(forced.body)).toEqual(Object.keys(free.body));
    expect(forced.status).toBe(200);
    await until("the journal has it", async () => (await records("operator.under-duress")).length > 0);
  });

  it("waits for nobody while another configuration is on its way", async () => {
    const folder = join(box.dataDir, settingsFiles.next);
    // The box takes away what it has answered, and never looks at the same file twice.
    writeFileSync(folder, "revision: 1\n");
    const busy = await set([filter(85)]);
    expect([409, 200]).toContain(busy.status);
    if (busy.status === 409) expect(busy.body).toMatchObject({ code: "settings.busy" });
    await until("it is answered", async () => !existsSync(folder));
  });
});

describe("the way back", () => {
  it("is a new revision with the old content, from a list of those that were in force", async () => {
    const history = (await box.get("/api/v1/settings/history")).body as readonly RevisionView[];
    expect(history[0]).toMatchObject({ isPresent: true });
    expect(history.at(-1)).toMatchObject({ revision: 1, note: null });
    const seen = await revision();
    const back = (to: number, more: object = {}) =>
      post("settings/back", { to, reason: "worse", revision: seen, ...more }, tokens["tech"]);
    expect(await back(seen + 7)).toMatchObject({ status: 404, body: { code: "settings.no-revision" } });
    const second = { name: "other", pin: pins["other"] };
    expect(await back(1, { second })).toMatchObject({ status: 200, body: { revision: seen + 1 } });
    expect(stored()).toContain("filterMs: 40 }");
    expect(stored()).not.toContain("normally");
  });
});

describe("the command line", () => {
  const as = (name: string, ...args: readonly string[]) =>
    portcullisIn({ ...process.env, PORTCULLIS_PIN: pins[name] ?? "" }, "commission", ...args, "--url", box.url);

  it("lists, checks, sets and tells the history", async () => {
    const listed = await as("tech", "settings", "list", "fence-1");
    expect(listed.out).toMatch(/fence-1:filterMs {2}40 ms {2}\[0\.\.400\] {2}Filter/);
    const late = await as("tech", "settings", "check", "fence-1:filterMs=400", "--name", "tech");
    expect(late).toMatchObject({ code: 1, out: expect.stringContaining("TOO LATE") });
    await revision();
    const done = await as(
      "tech",
      "settings",
      "set",
      "fence-1:filterMs=50",
      "fence-1:name.zh=东门",
      "--name",
      "tech",
      "--reason",
      "rain",
    );
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining("is in force") });
    expect((await as("tech", "settings", "history")).out).toMatch(
      /\(in force\) {2}tech {2}\S+ \S+ {2}rain\n {2}fence-1 Filter: 40 ms → 50 ms/,
    );
    const wrong = await as("tech", "settings", "set", "fence-1:colour=red", "--name", "tech", "--reason", "x");
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining("settings.unknown") });
  });

  it("explains a wire, and fails where something is wrong", async () => {
    const active = await as("tech", "wiring", "fence-1");
    expect(active.out).toContain("normally open and normally closed are swapped");
    expect(active.out).toContain("? try normally=closed");
    expect(await as("tech", "wiring", "nothing")).toMatchObject({
      code: 1,
      err: expect.stringContaining("api.not-found"),
    });
    await door.close();
    const lost = await until("the device is lost", async () => {
      const told = await as("tech", "wiring", "beam-blocked");
      return told.code === 1 && told;
    });
    expect(lost.out).toContain("signal is lost");
  });
});
