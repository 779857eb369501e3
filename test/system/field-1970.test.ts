// A box that comes up with the clock of 1970: field devices with certificates are admitted at once, and by date again when
// the clock is set. The clock is libfaketime's, the device is mosquitto_pub.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issueClient } from "../../config/certificates.js";
import { readJournal } from "../../edge/journal/inspect.js";
import { mosquittoPub, withoutClients } from "../contract/mosquitto.js";
import { smallSite } from "../contract/small-box.js";
import { entry } from "../support/command-line.js";
import { fakedClock, withoutFaketime } from "../support/faketime.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { until } from "../support/until.js";

const without = withoutFaketime ?? withoutClients;
const run = promisify(execFile);

/** None where nothing is run, for then no hook would remove it. */
const dataDir = without === null ? mkdtempSync(join(tmpdir(), "portcullis-1970-")) : "";
const wallClock = join(dataDir, "wall-clock");
let box: ChildProcess | null = null;
let http: number;
let broker: number;
let said = "";

beforeAll(async () => {
  if (without !== null) return;
  [http = 0, broker = 0] = await freePorts(2);
  const file = join(dataDir, "given.yaml");
  const site = smallSite({ revision: 1, http, broker });
  writeFileSync(
    file,
    site.replace("packetBytesMax: 65536 }", "packetBytesMax: 65536, tls: { clients: certificate } }"),
  );
  writeFileSync(wallClock, "@1970-01-02 00:00:00");
  box = spawn(process.execPath, [entry, "edge", "--config", file, "--edge", "box", "--data", dataDir], {
    env: fakedClock(wallClock),
  });
  for (const stream of [box.stdout, box.stderr]) stream?.on("data", (bytes) => (said += String(bytes)));
});
afterAll(async () => {
  if (box !== null) await endProcess(box);
  rmSync(dataDir, { recursive: true, force: true });
});

const pki = join(dataDir, "field-pki");

/** Whether the broker lets the beam in with this pair. */
async function isAdmitted(certificate: string, key: string): Promise<boolean> {
  const login = ["-h", "localhost", "-p", `${broker}`, "-i", "beam", "--cafile", join(pki, "ca.pem")];
  const words = ["-q", "1", "-t", "f/beam/alive", "-m", "online"];
  const attempt = run(mosquittoPub, [...login, "--cert", certificate, "--key", key, ...words], { timeout: 20_000 });
  return await attempt.then(
    () => true,
    () => false,
  );
}

async function expiredPair(): Promise<readonly [string, string]> {
  const authority = {
    certificate: await readFile(join(pki, "ca.pem"), "utf8"),
    key: await readFile(join(pki, "ca.key"), "utf8"),
  };
  const pair = await issueClient(authority, { name: "beam", now: Date.parse("2001-01-01T00:00:00Z") });
  const paths = [join(dataDir, "old.pem"), join(dataDir, "old.key")] as const;
  writeFileSync(paths[0], pair.certificate);
  writeFileSync(paths[1], pair.key);
  return paths;
}

async function refusals() {
  const found = [];
  for await (const record of readJournal(join(dataDir, "journal"))) {
    if (record.type === "input.refused") found.push(record);
  }
  return found;
}

describe.skipIf(without !== null)(without ?? "a box whose clock says 1970", () => {
  it("starts its broker and admits its devices whatever the dates say, records so, and asks for dates once the clock is set", async () => {
    await until(
      "the box's driver works",
      async () => (await fetch(`http://127.0.0.1:${http}/api/v1/status`)).ok && existsSync(join(pki, "broker.pem")),
      60_000,
    ).catch((cause: unknown) => {
      throw new Error(`the box has not started: ${said}`, { cause });
    });
    const { stdout } = await run(process.execPath, [entry, "keys", "device", "beam", "--data", dataDir, "--json"]);
    const { certificate, key } = JSON.parse(stdout);
    const expired = await expiredPair();
    await until("the beam is admitted", () => isAdmitted(certificate, key), 30_000);
    expect(await isAdmitted(...expired)).toBe(true);
    const record = await until("it is recorded", async () =>
      (await refusals()).find(({ data }) => data["code"] === "field.dates-unchecked"),
    );
    expect(record).toMatchObject({ clocktrust: "never-set", time: expect.stringMatching(/^1970-01-02T/) });

    writeFileSync(wallClock, "+0");
    await until("the expired certificate is refused", async () => !(await isAdmitted(...expired)));
    expect(await isAdmitted(certificate, key)).toBe(true);
    await until("the refusal is recorded", async () =>
      (await refusals()).some(({ data }) => String(data["detail"]).includes("CERT_HAS_EXPIRED")),
    );
  });
});
