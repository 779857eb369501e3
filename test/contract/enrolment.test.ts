// A box's certificates from the outside: the command line on the box, the hub's HTTPS and broker, the box's own recorder.
import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createAuthority, issueClient, issueServer } from "../../config/certificates.js";
import type { Recorder } from "../../edge/agent/recorder.js";
import { createClock } from "../../edge/machine/clock.js";
import { enrolmentsPerMinuteMax } from "../../hub/console/certificate-routes.js";
import { connectBox } from "../hub/box.js";
import { type Answer, startTestHub, type TestHub } from "../hub/running-hub.js";
import { startBoxRecorder } from "../support/box-recorder.js";
import { portcullis, portcullisIn, type Told } from "../support/command-line.js";

const until = { timeout: 20_000, interval: 50 };
const name = "compound.gatehouse";
let hub: TestHub;
let token: string;
let pin: string;

beforeAll(async () => {
  hub = await startTestHub({ http: { host: "127.0.0.1", port: 0, tls: {} } });
  token = await hub.hub.issueToken("li", "administrator", 1);
  pin = new X509Certificate(readFileSync(join(hub.folder, "pki", "ca.pem"))).fingerprint256;
}, 60_000);
afterAll(() => hub.close());

/** The hub's HTTPS. */
function ask(method: string, path: string, body?: object, as = token): Promise<{ status: number; body: Answer & Row }> {
  return askAt(hub, readFileSync(join(hub.folder, "pki", "ca.pem"), "utf8"), { method, path, body, as });
}
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: object | undefined;
  readonly as: string;
}
function askAt(
  { hub: { ports } }: TestHub,
  ca: string,
  { method, path, body, as }: Asked,
): Promise<{ status: number; body: Answer & Row }> {
  const headers = { authorization: `Bearer ${as}`, ...(body && { "content-type": "application/json" }) };
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: "127.0.0.1", port: ports.http, method, path: `/api/v1${path}`, ca, headers },
      (answer) => {
        let text = "";
        answer.on("data", (part) => {
          text += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: text === "" ? {} : JSON.parse(text) }));
      },
    );
    asking.on("error", reject);
    asking.end(body && JSON.stringify(body));
  });
}
type Row = Readonly<Record<string, never>>;

interface Certificate {
  readonly name: string;
  readonly serial: string;
  readonly via: string;
  readonly connected: boolean;
  readonly revoked: { readonly by: string; readonly reason: string } | null;
}
const certificates = async () =>
  ((await ask("GET", "/certificates")).body.items as unknown as Certificate[]).filter((each) => each.name === name);

async function makeCode(edge = "gatehouse"): Promise<string> {
  const { status, body } = await ask("POST", "/enrolment-codes", { site: "compound", edge });
  expect(status).toBe(201);
  return body.code;
}

let box: string;
let recorder: Recorder | null = null;
const stem = () => join(box, "pki", "edges", name);
const place = (code: string, at = hub) => {
  const own = ["--data", box, "--site", "compound", "--edge", "gatehouse", "--code", code];
  return ["keys", "enrol", ...own, "--hub", `https://127.0.0.1:${at.hub.ports.http}`];
};
const toldBy = ({ code, out, err }: Told) => ({ code, out: out + err });
const enrol = async (code: string, ...more: string[]) =>
  toldBy(await portcullis(...place(code), ...(more.length > 0 ? more : ["--fingerprint", pin])));

async function startBox(): Promise<Recorder> {
  const folders = { dataDir: join(box, "journal"), keysDir: join(box, "keys"), pki: join(box, "pki") };
  recorder = await startBoxRecorder(folders, hub.hub.ports.broker);
  return recorder;
}

const connected = (is: boolean) =>
  vi.waitFor(async () => expect((await recorder?.status())?.hubConnected).toBe(is), until);

async function record(): Promise<void> {
  const data = { limit: "test", detail: "x" };
  const fact = { type: "limit.reached", lane: "state", subject: "test", data } as const;
  await recorder?.append([{ fact, now: createClock().now(), exercise: false }]);
  await vi.waitFor(async () => expect((await recorder?.status())?.backlog.state).toBe(0), until);
}

beforeEach(() => {
  box = mkdtempSync(join(tmpdir(), "portcullis-box-"));
});
afterEach(async () => {
  await recorder?.close();
  recorder = null;
  rmSync(box, { recursive: true });
});

describe("a new box", () => {
  it("is enrolled by a code while it runs, connects without a restart, and its records arrive", async () => {
    await startBox();
    const { code, out } = await enrol(await makeCode());
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(name) });
    await connected(true);
    await record();
    await vi.waitFor(() => expect(existsSync(`${stem()}.next.pem`)).toBe(false), until);
    expect(statSync(`${stem()}.key`).mode & 0o777).toBe(0o600);
    expect(existsSync(`${stem()}.next.key`)).toBe(false);
    expect(new X509Certificate(readFileSync(join(box, "pki", "ca.pem"))).fingerprint256).toBe(pin);
    expect(await certificates()).toEqual([
      expect.objectContaining({ via: "enrolment", connected: true, revoked: null }),
    ]);
  });

  it("names a file that is no certificate, in the words of the catalogue and without a trace", async () => {
    writeFileSync(join(box, "notes.txt"), "not PEM");
    for (const file of [join(box, "notes.txt"), box]) {
      const refused = await enrol("a-code", "--ca", file);
      expect(refused).toMatchObject({ code: 1, out: expect.stringContaining(`keys.authority-unknown  ${file}`) });
      expect(refused.out).not.toMatch(/\n +at /);
    }
  });

  it("sends its code to nobody whose authority is not the pinned one", async () => {
    const code = await makeCode();
    const foreign = await createAuthority("somebody else", Date.now());
    writeFileSync(join(box, "foreign.pem"), foreign.certificate);
    for (const pinned of [
      ["--fingerprint", "ab".repeat(32)],
      ["--ca", join(box, "foreign.pem")],
    ]) {
      const refused = await enrol(code, ...pinned);
      expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("keys.authority-unknown") });
    }
    expect((await enrol(code, "--json")).out).toContain("keys.authority-unknown");
    expect((await ask("GET", "/enrolment-codes")).body.items).toHaveLength(1);
    const { code: ended } = await enrol(code, "--ca", join(hub.folder, "pki", "ca.pem"));
    expect(ended).toBe(0);
    expect((await ask("GET", "/enrolment-codes")).body.items).toEqual([]);
  });

  it("sends its code to no authority but the pinned one, though the box's system trusts it", async () => {
    const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: join(hub.folder, "pki", "ca.pem") };
    const refused = toldBy(await portcullisIn(trusting, ...place(await makeCode()), "--fingerprint", "ab".repeat(32)));
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("keys.authority-unknown") });
    expect((await ask("GET", "/enrolment-codes")).body.items).toHaveLength(1);
  });

  it("is enrolled by a hub whose page another authority has signed, when that is named too", async () => {
    const site = await createAuthority("the site's", Date.now());
    const page = await issueServer(site, { name: "page", hosts: [], now: Date.now() });
    const tls = { cert: "page.pem", key: "page.key" };
    const other = await startTestHub({ http: { host: "127.0.0.1", port: 0, tls } }, (folder) => {
      writeFileSync(join(folder, "data", tls.cert), page.certificate + site.certificate);
      writeFileSync(join(folder, "data", tls.key), page.key);
    });
    try {
      const li = await other.hub.issueToken("li", "administrator", 1);
      const wanted = { site: "compound", edge: "gatehouse" };
      const asked = { method: "POST", path: "/enrolment-codes", body: wanted, as: li };
      const { body: made } = await askAt(other, site.certificate, asked);
      writeFileSync(join(box, "site.pem"), site.certificate);
      const own = ["--fingerprint", new X509Certificate(other.tls("hub").ca).fingerprint256];
      const refused = toldBy(await portcullis(...place(made.code, other), ...own));
      expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("keys.authority-unknown") });
      const { out } = await portcullis(...place(made.code, other), ...own, "--ca", join(box, "site.pem"));
      expect(out).toContain(name);
    } finally {
      await other.close();
    }
  });

  it("may ask again with the same code when the answer was lost, and nobody else may", async () => {
    const code = await makeCode();
    const first = await enrol(code);
    rmSync(`${stem()}.next.pem`);
    const again = await enrol(code);
    expect([first.code, again.code]).toEqual([0, 0]);
    expect(again.out).toBe(first.out);
    rmSync(`${stem()}.next.key`);
    expect(await enrol(code)).toMatchObject({ code: 1, out: expect.stringContaining("keys.code-refused") });
  });
});

describe("codes", () => {
  it("are made and seen by administrators only, for boxes of the configuration only", async () => {
    const supervisor = await hub.hub.issueToken("wang", "supervisor", 1);
    const body = { site: "compound", edge: "gatehouse" };
    expect((await ask("POST", "/enrolment-codes", body, supervisor)).status).toBe(403);
    expect((await ask("GET", "/enrolment-codes", undefined, supervisor)).status).toBe(403);
    expect((await ask("GET", "/certificates", undefined, supervisor)).status).toBe(403);
    expect((await ask("POST", "/edges/compound/gatehouse/revoke", { reason: "x" }, supervisor)).status).toBe(403);
    expect(await ask("POST", "/enrolment-codes", { ...body, edge: "stranger" })).toMatchObject({
      status: 404,
      body: { code: "command.unknown-target" },
    });
  });

  it("can be withdrawn, and stand in the hub's chain without their text", async () => {
    const made = await ask("POST", "/enrolment-codes", { site: "compound", edge: "annex" });
    expect((await ask("DELETE", `/enrolment-codes/${made.body.id}`)).status).toBe(204);
    expect((await ask("DELETE", `/enrolment-codes/${made.body.id}`)).status).toBe(404);
    const { body } = await ask("GET", "/records?limit=5000&type=enrolment.code-withdrawn");
    expect(body.items).toHaveLength(1);
    expect(JSON.stringify((await ask("GET", "/records?limit=5000")).body)).not.toContain(made.body.code);
  });
});

describe("the request of a box", () => {
  it("row 9: is throttled by address, and each refusal stands in the chain", async () => {
    const body = { code: "AAAA-AAAA-AAAA-AAAA", request: "rubbish" };
    const answers: number[] = [];
    for (let asked = 0; asked <= enrolmentsPerMinuteMax; asked += 1)
      answers.push((await ask("POST", "/enrolments", body, "")).status);
    expect(new Set(answers.slice(0, 5))).toEqual(new Set([400]));
    expect(answers.at(-1)).toBe(429);
    const { body: records } = await ask("GET", "/records?limit=5000&type=enrolment.refused");
    expect(records.items.length).toBeGreaterThanOrEqual(5);
    await hub.restart();
  });
});

describe("a certificate in its last third", () => {
  it("is renewed over its own connection with a new key; the old one counts until the new one has connected", async () => {
    mkdirSync(join(box, "pki", "edges"), { recursive: true });
    const pem = (file: string) => readFileSync(join(hub.folder, "pki", file), "utf8");
    const authority = { certificate: pem("ca.pem"), key: pem("ca.key") };
    const old = await issueClient(authority, { name, now: Date.now() - 700 * 86_400_000 });
    writeFileSync(join(box, "pki", "ca.pem"), authority.certificate);
    writeFileSync(`${stem()}.pem`, old.certificate);
    writeFileSync(`${stem()}.key`, old.key, { mode: 0o600 });
    await startBox();
    const oldSerial = new X509Certificate(old.certificate).serialNumber;
    await vi.waitFor(async () => {
      const all = await certificates();
      expect(all.find(({ serial }) => serial === oldSerial)?.revoked?.reason).toContain("superseded");
      expect(all.at(-1)).toMatchObject({ via: "renewal", connected: true, revoked: null });
    }, until);
    await connected(true);
    await record();
    expect(readFileSync(`${stem()}.key`, "utf8")).not.toBe(old.key);
    expect(statSync(`${stem()}.key`).mode & 0o777).toBe(0o600);
    const again = connectBox(
      hub.hub.ports.broker,
      { ca: authority.certificate, cert: old.certificate, key: old.key },
      "compound",
      "gatehouse",
    );
    await expect(again).rejects.toThrow(/authorized/i);
  });
});

describe("revocation", () => {
  it("cuts a connected box off at once, lasts over a restart and a broker that was killed, and a new enrolment lets the box in again", async () => {
    await startBox();
    await enrol(await makeCode());
    await connected(true);
    const { status, body } = await ask("POST", "/edges/compound/gatehouse/revoke", { reason: "stolen" });
    expect(status).toBe(200);
    expect(body.items.every((item) => item["revoked"] !== null)).toBe(true);
    await connected(false);
    await vi.waitFor(async () => {
      const box = (await ask("GET", "/edges")).body.items.find((item) => item["edge"] === "gatehouse");
      expect(box?.["online"]).toBe(false);
    }, until);
    await hub.restart();
    const stolen = {
      ca: readFileSync(join(box, "pki", "ca.pem"), "utf8"),
      cert: readFileSync(`${stem()}.pem`, "utf8"),
      key: readFileSync(`${stem()}.key`, "utf8"),
    };
    const thief = () => connectBox(hub.hub.ports.broker, stolen, "compound", "gatehouse");
    await expect(thief()).rejects.toThrow(/authorized/i);
    const pid = hub.hub.brokerPid();
    if (pid === undefined) throw new Error("no broker");
    process.kill(pid, "SIGKILL");
    await vi.waitFor(async () => expect(hub.hub.brokerPid()).not.toBe(pid), until);
    await vi.waitFor(() => expect(thief()).rejects.toThrow(/authorized/i), until);
    const { body: records } = await ask("GET", "/records?limit=5000&type=certificate.revoked");
    expect(JSON.stringify(records)).toContain("stolen");
    await enrol(await makeCode());
    await connected(true);
    await record();
  }, 60_000);

  it("by the command line on the hub's folder is honoured by the running hub, and shown", async () => {
    await startBox();
    await enrol(await makeCode());
    await connected(true);
    const place = ["--data", hub.folder, "--site", "compound", "--edge", "gatehouse"];
    expect((await portcullis("keys", "revoke", ...place, "--reason", "lost on the way")).code).toBe(0);
    await connected(false);
    const { out } = await portcullis("keys", "boxes", "--data", hub.folder);
    expect(out).toContain("lost on the way");
    await vi.waitFor(async () => {
      const { body } = await ask("GET", "/records?limit=5000&type=certificate.revoked");
      expect(JSON.stringify(body)).toContain("lost on the way");
    }, until);
  });
});
