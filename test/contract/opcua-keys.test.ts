// A technician commissions a secured controller: each refusal names its remedy, and the running driver takes it up by itself.
import { execFile, execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createOpcuaDriver } from "../../edge/field/opcua/driver.js";
import { pkiFolder } from "../../edge/field/opcua/pki-folder.js";
import type { OpcuaDriverConfig } from "../../edge/model/wiring.js";
import { type Simulators, startSimulators } from "../../simulators/start.js";
import { entry } from "../support/command-line.js";
import { changes, host, siteOf } from "../support/simulated-site.js";
import { type Heard, listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const waiting = { timeout: 60_000, interval: 50 };
const user = "portcullis";
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "portcullis-keys-"));
  cleanups.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function securedSimulators(pki: string): Promise<Simulators> {
  const bollards = [{ id: "B1", travelMs: 300, emergencyTravelMs: 100, starts: "open" }];
  const security = { folder: pki, users: [user] };
  const controller = { endpoint: { host, port: 0 }, heartbeatMs: 100, bollards, loops: [], security };
  const simulation = { ...siteOf(1, [controller]), field: undefined };
  const simulators = await startSimulators({ simulation, credentials: {}, log: () => undefined });
  cleanups.push(() => simulators.close());
  return simulators;
}

function configFor(port: number | undefined): OpcuaDriverConfig {
  const call = (method: string) => ({ object: "ns=1;s=B1", method: `ns=1;s=B1.${method}` });
  return {
    id: "bollards",
    kind: "opcua",
    endpoint: `opc.tcp://${host}:${port}`,
    security: { mode: "sign-and-encrypt", user },
    samplingMs: 50,
    publishingMs: 50,
    heartbeat: "ns=1;s=Heartbeat",
    watchdogMs: 5_000,
    points: [
      { id: "closed", direction: "in", node: "ns=1;s=B1.Closed", type: "boolean" },
      {
        id: "demand",
        direction: "out",
        node: "ns=1;s=B1.Demand",
        type: "string",
        methods: [{ ...call("EmergencyRaise"), order: "emergency-close" }],
        method: { ...call("Order"), args: ["$order"] },
      },
    ],
  };
}

function keys(...args: readonly string[]): Promise<string> {
  const command = [entry, "keys", ...args];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}

function typePassword(dataDir: string, input: string): void {
  const command = [entry, "keys", "password", "bollards", "--data", dataDir];
  execFileSync(process.execPath, command, { input });
}

async function refused(heard: Heard, code: string, saying: string): Promise<void> {
  await vi.waitFor(() => {
    const found = heard.troubles.findLast((trouble) => trouble.code === code);
    expect(found?.detail).toContain(saying);
  }, waiting);
}

it("is told what is missing, step by step, until it connects, its methods raise the bollard, and trust is withdrawn", async () => {
  const [dataDir, pki] = [await folder(), await folder()];
  const simulators = await securedSimulators(pki);
  const driver = createOpcuaDriver(configFor(simulators.ports[0]), { ...realMachine, dataDir });
  cleanups.push(() => driver.close());
  const heard = listen();
  await driver.open(heard.events);
  await refused(heard, "field.secret-unusable", "PORTCULLIS_OPCUA_PASSWORD_BOLLARDS");
  typePassword(dataDir, "wrong\n");

  await refused(heard, "field.certificate-untrusted", "portcullis keys trust ");
  const listed = JSON.parse(await keys("list", "--data", dataDir, "--json"));
  const server = listed.find(({ shelf }: { shelf: string }) => shelf === "rejected");
  expect(server).toMatchObject({ driver: "bollards", fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await keys("trust", server.fingerprint.slice(0, 16), "--data", dataDir);

  // The controller does not know the box: there its technician trusts the box's certificate.
  const own = JSON.parse(await keys("show", "bollards", "--data", dataDir, "--json"))[0];
  await refused(heard, "field.identity-refused", own.fingerprint);
  const [met = ""] = readdirSync(join(pki, "rejected"));
  renameSync(join(pki, "rejected", met), join(pki, "trusted", "certs", met));

  await refused(heard, "field.identity-refused", `user ${user}: BadUserAccessDenied`);
  typePassword(dataDir, readFileSync(join(pki, `password-${user}`), "utf8"));
  await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);

  driver.write({ id: "w1", point: "demand", value: "emergency-close" });
  await vi.waitFor(() => expect(heard.samples.at(-1)).toMatchObject({ point: "closed", value: true }), waiting);
  driver.write({ id: "w2", point: "demand", value: "open" });
  await vi.waitFor(() => expect(heard.results.map(({ ok }) => ok)).toEqual([true, true]), waiting);
  expect(await changes(simulators, "B1")).toEqual(expect.arrayContaining(["demand=emergency-close", "demand=open"]));

  for (const file of ["own/private/private_key.pem", "password"]) {
    expect(statSync(join(pkiFolder(dataDir, "bollards"), file)).mode & 0o777).toBe(0o600);
  }
  const key = readFileSync(join(pkiFolder(dataDir, "bollards"), "own/private/private_key.pem"), "utf8");
  const told = JSON.stringify(heard.troubles);
  for (const secret of ["wrong", "PRIVATE", key.slice(60, 100)]) expect(told).not.toContain(secret);

  await keys("reject", server.fingerprint, "--data", dataDir);
  await vi.waitFor(() => expect(heard.links.at(-1)).toMatchObject({ up: false }), waiting);
  expect(heard.links.at(-1)?.reason).toContain("trusted no longer");
  await expect(keys("trust", "0123456789", "--data", dataDir)).rejects.toThrow("keys.unknown");
}, 240_000);

it("says that the disk takes no keys, and goes on by itself once it does", async (context) => {
  const disk = await folder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,nr_inodes=64", "tmpfs", disk], { stdio: "ignore" });
  } catch {
    return context.skip("no small disk can be mounted here (needs root)");
  }
  cleanups.push(() => execFileSync("umount", [disk]));
  const fill = join(disk, "fill");
  expect(() => execFileSync("dd", ["if=/dev/zero", `of=${fill}`, "bs=4k"], { stdio: "ignore" })).toThrow();
  const simulators = await securedSimulators(await folder());
  const driver = createOpcuaDriver(configFor(simulators.ports[0]), { ...realMachine, dataDir: disk });
  cleanups.push(() => driver.close());
  const heard = listen();
  await driver.open(heard.events);
  await refused(heard, "field.keys-unwritable", "ENOSPC");
  await rm(fill);
  await refused(heard, "field.secret-unusable", "password");
  expect(heard.troubles.every(({ detail }) => !detail.includes("worker ended"))).toBe(true);
}, 120_000);
