// A box as it is installed: by install.sh under a real systemd, upgraded to a release that does not work, cut from its power in the
// middle of that, hung, and removed. Its data folder is one that the present release left behind in trouble.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { type Machine, type Ran, startMachine, whyNoMachine } from "../support/machine.js";
import { makeBrokenRelease, packRelease } from "../support/releases.js";
import { until } from "../support/until.js";

const why = whyNoMachine();
if (why !== null) process.stderr.write(`The installed box is not tested under systemd: ${why}\n`);
const checkout = fileURLToPath(new URL("../../", import.meta.url));
const data = "/var/lib/portcullis/edge";
/** Long enough for a start under load, where it must be waited for. */
const startWithin = ["--within", "90", "--looks", "2"];

describe.skipIf(why !== null)("an installed box", () => {
  let machine: Machine;
  let packed = "";
  let version = "";
  let before: BoxStatus["durable"];

  beforeAll(async () => {
    machine = await startMachine();
    packed = packRelease(machine.releases);
    const journal = join(machine.upper, data, "journal");
    mkdirSync(journal, { recursive: true });
    version = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")).version;
    cpSync(join(checkout, "test/fixtures/releases", version, "journal"), journal, { recursive: true });
    const measured = { runs: 3, lastMs: 4321, worstMs: 5432, datasheetMs: 6000, lastAt: "2026-11-22T08:00:00.000Z" };
    const book = { format: 1, inventory: [], travel: { "bollard-1": measured } };
    writeFileSync(join(machine.upper, data, "book.json"), JSON.stringify(book));
  }, 120_000);
  afterAll(() => machine?.close());

  const install = (...args: string[]): Promise<Ran> => machine.run("sh", join(packed, "scripts/install.sh"), ...args);
  const installed = (...args: string[]): Promise<Ran> => machine.run("sh", "/opt/portcullis/install.sh", ...args);
  const shown = async (name: string) =>
    (await machine.run("systemctl", "show", "-P", name, "portcullis-edge")).out.trim();
  const current = async () => (await machine.run("readlink", "/opt/portcullis/current")).out.trim();
  const isActive = () => until("the box is active", async () => (await shown("ActiveState")) === "active", 60_000);
  async function durable(): Promise<BoxStatus["durable"]> {
    const ask = "fetch('http://127.0.0.1:8081/api/v1/status').then((a) => a.text()).then(console.log)";
    let told = "";
    // It guards before its HTTP's thread listens.
    const isTold = async () => {
      told = (await machine.run("/opt/portcullis/current/bin/node", "-e", ask)).out;
      return told !== "";
    };
    await until("the box answers", isTold, 60_000);
    return JSON.parse(told).durable;
  }
  /** What must be as it was: the rest goes on with time. */
  const standing = ({ posture, out, lockDowns, incidents }: BoxStatus["durable"]) => ({
    posture,
    out,
    lockDowns,
    latched: Object.values(incidents).filter(({ kind }) => kind === "panic"),
  });
  async function isAsBefore(): Promise<void> {
    await isActive();
    expect(await current()).toBe(`releases/${version}`);
    expect(standing(await durable())).toEqual(standing(before));
    // The key that signed the folder's first records stayed where that folder was made; all else must hold.
    const { out } = await machine.run("portcullis", "journal", "verify", data, "--json");
    const codes: readonly string[] = JSON.parse(out).faults.map(({ code }: { code: string }) => code);
    expect(codes.filter((code) => code !== "journal.signature-wrong")).toEqual([]);
    const stored = await machine.run("cmp", join(data, "site.yaml"), "/etc/portcullis/site.yaml");
    expect(stored).toMatchObject({ code: 0 });
    expect((await machine.run("cat", join(data, "book.json"))).out).toMatch(/"worstMs": ?5432/);
    expect((await machine.run("test", "-e", "/opt/portcullis/upgrading")).code).toBe(1);
  }

  it("is ready when its inputs are read, and remembers posture, isolation, lock-down and latches", async () => {
    // The devices are not there: each input is waited for to the end of settleMs.
    const site = join(machine.releases, "site.yaml");
    writeFileSync(
      site,
      readFileSync(join(packed, "config/office.yaml"), "utf8").replace("settleMs: 5000", "settleMs: 2000"),
    );
    const done = await install("edge", "--id", "gatehouse", "--config", site, ...startWithin);
    expect(done, done.err).toMatchObject({ code: 0 });
    expect(await shown("StatusText")).toContain("degraded 降级: hub not connected");
    const startedAt = Number(await shown("ExecMainStartTimestampMonotonic"));
    const readyAt = Number(await shown("ActiveEnterTimestampMonotonic"));
    expect(readyAt - startedAt).toBeGreaterThan(2_000_000);
    before = await durable();
    expect(before.posture.level).toBe("level-2");
    expect(Object.keys(before.out)).toEqual(["beam-east"]);
    expect(Object.keys(before.lockDowns)).toContain("all-lanes");
    expect(standing(before).latched).toHaveLength(1);
  });

  it("S-11: runs without root, without rights, behind a filter of system calls, and its secrets are its own", async () => {
    const pid = await shown("MainPID");
    const { out } = await machine.run("cat", `/proc/${pid}/status`);
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(out)?.[1];
    expect(field("Uid")).not.toBe("0");
    expect(["CapEff", "CapPrm", "CapBnd"].map(field)).toEqual(Array(3).fill("0000000000000000"));
    expect(field("NoNewPrivs")).toBe("1");
    expect(field("Seccomp")).toBe("2");
    const modes = await machine.run(
      "stat",
      "-c",
      "%a %U:%G %n",
      "/etc/portcullis/edge.env",
      "/etc/portcullis/site.yaml",
      data,
    );
    expect(modes.out.trim().split("\n")).toEqual([
      "600 root:portcullis /etc/portcullis/edge.env",
      "640 root:portcullis /etc/portcullis/site.yaml",
      `700 portcullis:portcullis ${data}`,
    ]);
  });

  it("is left alone by a second installation of the same", async () => {
    const pid = await shown("MainPID");
    const again = await install("edge", "--config", join(packed, "config/office.yaml"), ...startWithin);
    expect(again, again.err).toMatchObject({ code: 0 });
    expect(await shown("MainPID")).toBe(pid);
    expect(readdirSync(join(machine.upper, "opt/portcullis/releases"))).toEqual([version]);
  });

  it("refuses a release that was damaged on the way, and changes nothing", async () => {
    const damaged = makeBrokenRelease(join(machine.releases, "damaged"), "9.0.1");
    await machine.run("sh", "-c", `echo >>${damaged}/.build/scripts/portcullis.js`);
    const refused = await installed("--upgrade", damaged);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("install.release-damaged");
    expect(await current()).toBe(`releases/${version}`);
  });

  it("goes back by itself from a release that never gets healthy, with all that it had", async () => {
    const broken = makeBrokenRelease(join(machine.releases, "broken"), "9.0.2");
    const failed = await installed("--upgrade", broken, "--within", "5");
    expect(failed.code).toBe(3);
    expect(failed.err).toContain("install.returned");
    await isAsBefore();
  });

  it("goes back at the next start when the power fails before a release was found healthy", async () => {
    const broken = makeBrokenRelease(join(machine.releases, "broken-2"), "9.0.3");
    machine.start("sh", "/opt/portcullis/install.sh", "--upgrade", broken, "--within", "100");
    await until(
      "the new release has rewritten what it found",
      async () => {
        const { out } = await machine.run("cat", join(data, "site.yaml"));
        return (await current()) === "releases/9.0.3" && out.startsWith("format: 2");
      },
      60_000,
    );
    await machine.cutPower();
    await machine.boot();
    await isAsBefore();
  });

  it("is ended and started again by systemd's watchdog when it stands still as a whole", async () => {
    const dropIn = "/etc/systemd/system/portcullis-edge.service.d/quick.conf";
    await machine.run("sh", "-c", `printf '[Service]\\nWatchdogSec=4\\n' >${dropIn} && systemctl daemon-reload`);
    const restarted = await machine.run("systemctl", "restart", "portcullis-edge");
    expect(restarted, restarted.err).toMatchObject({ code: 0 });
    const pid = await shown("MainPID");
    await machine.run("systemctl", "kill", "--kill-who=main", "--signal=STOP", "portcullis-edge");
    await until(
      "another process guards",
      async () => {
        const [now, state] = [await shown("MainPID"), await shown("ActiveState")];
        return now !== pid && now !== "0" && state === "active";
      },
      60_000,
    );
    expect(standing(await durable())).toEqual(standing(before));
  });

  it("is removed with what it runs on, and keeps its data until that is asked for, too", async () => {
    expect(await installed("--uninstall")).toMatchObject({ code: 0 });
    const gone = ["/opt/portcullis", "/usr/local/bin/portcullis", "/etc/systemd/system/portcullis-edge.service"];
    const isThere = (path: string) => machine.run("test", "-e", path).then(({ code }) => code === 0);
    expect(await Promise.all(gone.map(isThere))).toEqual([false, false, false]);
    expect((await machine.run("systemctl", "is-active", "portcullis-edge")).out.trim()).toBe("inactive");
    expect(existsSync(join(machine.upper, data, "journal"))).toBe(true);
    expect(await install("--uninstall", "--purge")).toMatchObject({ code: 0 });
    expect(await Promise.all(["/etc/portcullis", "/var/lib/portcullis"].map(isThere))).toEqual([false, false]);
    expect((await machine.run("id", "portcullis")).code).not.toBe(0);
  });

  it("gives a hub its ledger back when a newer release has changed the tables", async () => {
    const done = await install("hub", "--config", join(packed, "config/hub.yaml"));
    expect(done, done.err).toMatchObject({ code: 0, out: expect.stringContaining("portcullis keys hub") });
    const hubData = "/var/lib/portcullis/hub";
    const asHub = ["setpriv", "--reuid=portcullis", "--regid=portcullis", "--clear-groups", "portcullis"] as const;
    const keys = await machine.run(...asHub, "keys", "hub", "--data", hubData, "--host", "localhost");
    expect(keys, keys.err).toMatchObject({ code: 0 });
    const started = await install("hub", ...startWithin);
    expect(started, started.err).toMatchObject({ code: 0 });
    const status = () => machine.run("systemctl", "show", "-P", "StatusText", "portcullis-hub");
    expect((await status()).out.trim()).toBe("runs 运行中");

    const broken = makeBrokenRelease(join(machine.releases, "broken-3"), "9.0.4");
    const failed = await installed("--upgrade", broken, "--within", "5");
    expect(failed, failed.err).toMatchObject({ code: 3 });
    await until("the old hub runs", async () => (await status()).out.trim() === "runs 运行中", 60_000);
    const files = (await machine.run("ls", hubData)).out.split("\n");
    expect(files).toEqual(expect.arrayContaining(["ledger.sqlite", "ledger.of-9.0.4.sqlite"]));
    expect((await machine.run("portcullis", "health", "hub", "--config", "/etc/portcullis/hub.yaml")).code).toBe(0);
  });
});
