// A box whose disk has no room for the keys of its secured drivers: the others guard on, and it makes them by itself once
// there is room.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { readJournal } from "../../edge/journal/inspect.js";
import type { FactMap } from "../../edge/model/fact.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { entry } from "../support/command-line.js";
import { freePorts } from "../support/free-port.js";
import { type PlugPorts, plugSite } from "../support/plug-site.js";
import { endProcess } from "../support/processes.js";
import { until } from "../support/until.js";

const folder = mkdtempSync(join(tmpdir(), "portcullis-full-"));
const dataDir = join(folder, "data");
/** Where the two secured drivers keep their keys, each on a disk of its own. */
const disks = [join(dataDir, "field-pki"), join(dataDir, "opcua")] as const;
const children: ChildProcess[] = [];
let ports: PlugPorts;

function mountFull(): string | null {
  for (const disk of disks) {
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k,nr_inodes=64,mode=700", "tmpfs", disk], {
        stdio: "ignore",
      });
    } catch {
      cleanUp();
      return "no small disk can be mounted here (needs root)";
    }
    expect(() =>
      execFileSync("dd", ["if=/dev/zero", `of=${join(disk, "fill")}`, "bs=4k"], { stdio: "ignore" }),
    ).toThrow();
  }
  return null;
}

/** The site of the plugs with its bus and its controller secured, and nobody at their other ends. */
function securedSite(): string {
  const site = parse(plugSite("still", ports));
  const [box] = site.edges;
  delete box.uplink;
  const [bus, , plc] = box.drivers;
  bus.broker.tls = { clients: "certificate" };
  plc.security = { mode: "sign-and-encrypt" };
  return stringify(site);
}

function start(...args: readonly string[]): void {
  children.push(spawn(process.execPath, [entry, ...args], { stdio: "ignore" }));
}

const without = mountFull();
beforeAll(async () => {
  if (without !== null) return;
  const [http = 0, broker = 0, board = 0, plc = 0, still = 0, control = 0, away = 0, uplink = 0] = await freePorts(8);
  const all = { bus: control, board: control, plc: control, still: control };
  ports = { http, uplink, broker, board, plc, still, control: all, line: { bus: broker, board: away, plc } };
  const file = join(folder, "site.yaml");
  writeFileSync(file, securedSite());
  start("simulate", "--config", file, "--pki", join(dataDir, "field-pki"));
  start("edge", "--config", file, "--edge", "box", "--data", dataDir);
});
afterAll(async () => {
  await Promise.all(children.map((child) => endProcess(child)));
  cleanUp();
});

function cleanUp(): void {
  for (const disk of disks) {
    try {
      execFileSync("umount", ["-l", disk], { stdio: "ignore" });
    } catch {
      // It was never mounted.
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

const status = async () => (await (await fetch(`http://127.0.0.1:${ports.http}/api/v1/status`)).json()) as BoxStatus;

async function records<T extends keyof FactMap>(type: T): Promise<readonly JournalRecord[]> {
  const found: JournalRecord[] = [];
  for await (const record of readJournal(join(dataDir, "journal"))) if (record.type === type) found.push(record);
  return found;
}

const refused = async (driver: string) =>
  (await records("input.refused")).some(
    ({ subject, data }) => subject === driver && String(data["detail"]).includes("ENOSPC"),
  );

describe.skipIf(without !== null)(without ?? "a disk without room for keys", () => {
  it("is a record of each secured driver and leaves the perimeter unguarded there, while a contact elsewhere sounds its siren", async () => {
    await until("the box guards", async () => (await status()).drivers["still"]?.connected, 60_000);
    for (const driver of ["bus", "plc"]) await until(`${driver} says why`, () => refused(driver), 30_000);
    for (const zone of ["bus-fence", "plc-fence"])
      await until(
        `${zone} is unguarded`,
        async () => (await records("zone.unguarded")).some(({ subject }) => subject === zone),
        30_000,
      );
    const trigger = { method: "POST", body: JSON.stringify({ name: "contact-close", target: "probe-contact" }) };
    expect((await fetch(`http://127.0.0.1:${ports.control.still}/trigger`, trigger)).ok).toBe(true);
    const step = await until("the siren sounds", async () =>
      Object.values((await status()).durable.steps).find(
        ({ response, outcome }) => response === "yard-alarm" && outcome !== "open",
      ),
    );
    expect(step.outcome).toBe("met");
    expect((await fetch(`http://127.0.0.1:${ports.http}/healthz`)).status).toBe(200);
  });

  it("makes its keys and goes on by itself when there is room", async () => {
    for (const disk of disks) rmSync(join(disk, "fill"));
    await until("the broker has its keys and listens", async () => (await status()).drivers["bus"]?.connected, 60_000);
    await until(
      "the keys for the controller are made",
      async () => readdirSync(disks[1], { recursive: true }).some((name) => String(name).endsWith(".pem")),
      60_000,
    );
    expect(existsSync(join(disks[0], "broker.pem"))).toBe(true);
  });
});
