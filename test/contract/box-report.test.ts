// The commissioning report and the inventory of a real box on loopback, over HTTP and by the command line.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { SignedReport } from "../../edge/commissioning/report/bundle.js";
import type { InventoryView } from "../../edge/commissioning/routes/inventory.js";
import { readJournal } from "../../edge/journal/inspect.js";
import type { Role } from "../../edge/model/command.js";
import { putPeople } from "../support/box-people.js";
import { portcullis, portcullisIn } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { until } from "../support/until.js";
import { type SmallBox, startSmallBox } from "./small-box.js";

vi.setConfig({ testTimeout: 60_000 });

let box: SmallBox;
const pins: Readonly<Record<string, string>> = { li: "739154", wang: "417390", guard: "285306" };
const duressPin = "850263";

beforeAll(async () => {
  box = await startSmallBox();
  const roles: Readonly<Record<string, Role>> = { li: "technician", wang: "supervisor", guard: "operator" };
  const made = Object.entries(roles).map(([name, role]) => ({
    name,
    roles: [role],
    pin: pins[name] ?? "",
    ...(name === "wang" && { duressPin }),
  }));
  putPeople(box.dataDir, made);
});
afterAll(() => box?.close());

async function send(
  method: "POST" | "PUT",
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await fetch(box.url + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

async function bearer(name: string): Promise<Readonly<Record<string, string>>> {
  const { body } = await send("POST", "/api/v1/sessions", { name, pin: pins[name] });
  return { authorization: `Bearer ${body["token"]}` };
}

const reportNow = async () => (await box.get("/api/v1/report")).body as SignedReport;
const inventoryNow = async () => (await box.get("/api/v1/inventory")).body as InventoryView;
const sign = async (name: string, hash: string, pin = pins[name]) =>
  send("POST", "/api/v1/report/sign", { name, pin, hash, capacity: "user" });

async function recordsOf(type: string) {
  const found: Readonly<Record<string, unknown>>[] = [];
  for await (const record of readJournal(join(box.dataDir, "journal")))
    if (record.type === type) found.push(record.data);
  return found;
}

const command = (...args: readonly string[]) => portcullis("commission", ...args, "--url", box.url);
const commandAs = (name: string, ...args: readonly string[]) =>
  portcullisIn({ ...process.env, PORTCULLIS_PIN: pins[name] }, "commission", ...args, "--url", box.url, "--name", name);

describe("the commissioning report of a box", () => {
  it("says what was tested, with which settings, and what is open", async () => {
    const { content, state } = await reportNow();
    expect(content).toMatchObject({ site: "small", edge: "box", version: "test", revision: 1 });
    expect(content.zones).toMatchObject([{ id: "fence-1", hits: 0, limitMs: 5000, result: "open" }]);
    expect(state.openPoints.map(({ what, subject }) => `${what} ${subject}`)).toContain("untested boom");
    expect(state).toMatchObject({ isSigned: false, trial: null });
  });

  it("takes the result of a check from who may sign, into book and journal", async () => {
    const check = { kind: "siren", target: "siren", result: "passed", measuredMs: null, note: "95 dB at 1 m" };
    expect((await send("POST", "/api/v1/report/tests", check)).status).toBe(401);
    expect((await send("POST", "/api/v1/report/tests", check, await bearer("guard"))).status).toBe(403);
    const li = await bearer("li");
    expect((await send("POST", "/api/v1/report/tests", { ...check, kind: "walk" }, li)).status).toBe(400);
    expect((await send("POST", "/api/v1/report/tests", { ...check, target: "horn" }, li)).status).toBe(404);
    expect((await send("POST", "/api/v1/report/tests", check, li)).status).toBe(200);
    const found = (await reportNow()).content.checks.find(({ id }) => id === "siren/siren");
    expect(found).toMatchObject({ result: "passed", by: "li", note: "95 dB at 1 m" });
    expect(await recordsOf("test.noted")).toMatchObject([{ kind: "siren", target: "siren", by: "li" }]);
  });

  it("is signed by who may, with a PIN, under the content that was shown", async () => {
    const { hash } = await reportNow();
    expect(await sign("li", hash, "000000")).toMatchObject({ status: 401 });
    expect(await sign("guard", hash)).toMatchObject({ status: 403, body: { code: "command.not-allowed" } });
    expect(await sign("li", "0".repeat(64))).toMatchObject({ status: 409, body: { code: "report.changed" } });
    expect(await sign("li", "x")).toMatchObject({ status: 400, body: { code: "api.invalid-body" } });
    expect((await sign("li", hash)).body).toMatchObject({ hash, state: { isSigned: false } });
    expect(await recordsOf("report.signed")).toMatchObject([
      { by: "li", roles: ["technician"], capacity: "user", hash },
    ]);
  });

  it("begins the trial run with the second signature, which shows no duress and calls for help", async () => {
    const { hash } = await reportNow();
    const { state } = (await sign("wang", hash, duressPin)).body as unknown as SignedReport;
    expect(state).toMatchObject({
      isSigned: true,
      trial: { daysLeft: 30, isOfThis: true, result: "running", alarms: 0 },
    });
    const help = await until("help was called", async () => (await recordsOf("operator.under-duress"))[0]);
    expect(help).toMatchObject({ by: "wang" });
    expect(JSON.stringify(await reportNow())).not.toContain("duress");
  });

  it("shows signatures as void after a result came", async () => {
    const check = { kind: "fail-closed", target: "boom", result: "failed", measuredMs: null, note: "" };
    await send("POST", "/api/v1/report/tests", check, await bearer("li"));
    const { state } = await reportNow();
    expect(state.signatures.map(({ by, isValid }) => [by, isValid])).toEqual([
      ["li", false],
      ["wang", false],
    ]);
    expect(state).toMatchObject({ isSigned: false, trial: { isOfThis: false } });
  });

  it("is a page that prints, in both languages, and allows nothing but its own style", async () => {
    const answer = await fetch(`${box.url}/api/v1/report.html?lang=en`);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(await answer.text()).toContain("Commissioning report");
    expect((await box.get("/api/v1/report.html?lang=zh")).body).toContain("调试验收报告");
  });
});

describe("the report by the command line", () => {
  it("is written with its sheet, signed, and verified with the public key alone; what was altered is named", async () => {
    const folder = testFolder();
    const [file, sheet] = [join(folder, "r.json"), join(folder, "r.html")];
    expect(await commandAs("li", "report", "sign")).toMatchObject({ code: 0 });
    expect(await command("report", "--out", file, "--lang", "en")).toMatchObject({ code: 0 });
    expect(readFileSync(sheet, "utf8")).toContain("Commissioning report");
    const key = join(box.dataDir, "keys", "journal.pub");
    const verify = () => portcullis("commission", "report", "verify", file, "--public-key", key);
    const sound = await verify();
    expect([sound.code, sound.out]).toEqual([0, expect.stringContaining("Sound: small/box, signed by li")]);
    writeFileSync(file, readFileSync(file, "utf8").replace("95 dB", "99 dB"));
    const altered = await verify();
    expect(altered.code).toBe(1);
    expect(altered.err).toContain("report.altered  content/checks/siren/siren  changed");
  });

  it("is made of a data folder as it is of the box that works there", async () => {
    const file = join(testFolder(), "r.json");
    // The book gathers for half a minute.
    const told = await portcullis("commission", "report", "--data", box.dataDir, "--out", file);
    expect(told).toMatchObject({ code: 0 });
    const [made, shown] = [JSON.parse(readFileSync(file, "utf8")) as SignedReport, await reportNow()];
    expect(made.content.configHash).toBe(shown.content.configHash);
    expect(made.content.version).toBe(shown.content.version);
    expect(made.state.signatures.map(({ by }) => by)).toEqual(shown.state.signatures.map(({ by }) => by));
    expect(made.key).toBe(shown.key);
  });
});

describe("the inventory of a box", () => {
  it("A-12: lists its devices with the configuration's revision", async () => {
    const { devices, revision } = await inventoryNow();
    expect(revision).toBe(1);
    expect(devices.map(({ device }) => device)).toEqual([
      "box:box",
      "driver:field",
      "device:field/beam",
      "device:field/gate",
      "zone:fence-1",
      "barrier:boom",
      "annunciator:siren",
    ]);
  });

  it("takes details from who may, whole or not at all, and records who gave them", async () => {
    const good = { device: "barrier:boom", maker: " 某厂 ", serial: "A1" };
    const bad = { device: "zone:fence-1", installedOn: "2026-02-30" };
    expect((await send("PUT", "/api/v1/inventory", { devices: [good] })).status).toBe(401);
    expect((await send("PUT", "/api/v1/inventory", { devices: [good] }, await bearer("guard"))).status).toBe(403);
    const li = await bearer("li");
    expect((await send("PUT", "/api/v1/inventory", { devices: [good, bad] }, li)).body).toMatchObject({
      code: "inventory.value-unfit",
      place: "/body/devices/1/installedOn",
    });
    expect((await send("PUT", "/api/v1/inventory", { devices: [{ device: "zone:none" }] }, li)).body).toMatchObject({
      code: "inventory.device-unknown",
    });
    expect((await inventoryNow()).devices.find(({ device }) => device === "barrier:boom")?.maker).toBe("");
    expect((await send("PUT", "/api/v1/inventory", { devices: [good] }, li)).body).toMatchObject({
      changed: ["barrier:boom"],
    });
    expect(readFileSync(join(box.dataDir, "inventory.json"), "utf8")).toContain('"maker": "某厂"');
    const changed = await until("the change is recorded", async () => (await recordsOf("inventory.changed"))[0]);
    expect(changed).toMatchObject({ by: "li", devices: ["barrier:boom"], count: 1 });
  });

  it("A-12: goes out as CSV and comes back by the command line, with the place of what is wrong", async () => {
    const file = join(testFolder(), "inventory.csv");
    expect(await command("inventory", "export", "--lang", "zh", "--out", file)).toMatchObject({ code: 0 });
    const text = readFileSync(file, "utf8");
    expect(text).toContain("某厂");
    expect(await commandAs("li", "inventory", "import", file)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^0 /),
    });
    writeFileSync(file, text.replace("某厂", "另一厂"));
    expect(await commandAs("li", "inventory", "import", file)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^1 /),
    });
    writeFileSync(file, text.replace("barrier:boom", "barrier:none"));
    const refused = await commandAs("li", "inventory", "import", file);
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("inventory.csv-invalid  CSV:7:1")]);
    writeFileSync(file, Buffer.from([0xc9, 0xe8, 0xb1, 0xb8]));
    expect((await commandAs("li", "inventory", "import", file)).err).toContain("inventory.csv-invalid");
  });

  it("A-09, A-39: opens a work order for maintenance that is due, whose acceptance begins the next interval", async () => {
    const li = await bearer("li");
    const plan = { device: "device:field/beam", installedOn: "2020-01-01", intervalDays: 180 };
    expect((await send("PUT", "/api/v1/inventory", { devices: [plan] }, li)).body).toMatchObject({
      due: ["device:field/beam"],
    });
    expect((await command("inventory", "due")).out).toMatch(/^device:field\/beam {2}beam {2}2020-06-29$/m);
    const faults = async () =>
      (await box.get("/api/v1/faults")).body as { workOrders: { number: string; device: string; cause: string }[] };
    const order = await until("a work order is open", async () =>
      (await faults()).workOrders.find(({ device }) => device === "device:field/beam"),
    );
    expect(order.cause).toBe("maintenance-due");
    const move = async (to: string, by: string) =>
      send(
        "POST",
        "/api/v1/commands",
        { act: { kind: "work-order", number: order.number, to, note: "" }, reason: "done" },
        await bearer(by),
      );
    expect((await move("fixed", "li")).status).toBe(200);
    expect((await move("verified", "wang")).status).toBe(200);
    const row = (await inventoryNow()).devices.find(({ device }) => device === "device:field/beam");
    expect(row).toMatchObject({ due: "planned" });
    expect(row?.lastServicedOn).not.toBe("");
  });
});

it("A-58: the box takes a reset that says that the alarm was false", async () => {
  const act = { kind: "reset", incident: "none", falseAlarm: true };
  const answer = await send("POST", "/api/v1/commands", { act, reason: "bird" }, await bearer("guard"));
  expect(answer.body).toMatchObject({ code: "command.unknown-target" });
});
