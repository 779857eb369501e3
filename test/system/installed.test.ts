// The installer into a folder, as an image is built, and what it has put there: units as systemd judges them, and the box started as
// its unit does, with its words to systemd heard.
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { smallSite } from "../contract/small-box.js";
import { freePort } from "../support/free-port.js";
import { makeFolder } from "../support/machine.js";
import { listenToNotifications } from "../support/notify-socket.js";
import { makeBrokenRelease, packRelease } from "../support/releases.js";
import { until } from "../support/until.js";

const folder = makeFolder("portcullis-installed-");
const root = join(folder, "root");
const at = (path: string) => join(root, path);
const units = at("etc/systemd/system");
const children: ChildProcess[] = [];
let packed = "";
let http = 0;

const install = (...args: string[]) =>
  spawnSync("sh", [join(packed, "scripts/install.sh"), ...args, "--root", root], { encoding: "utf8" });

beforeAll(async () => {
  packed = packRelease(join(folder, "packages"));
  mkdirSync(root);
  http = await freePort([]);
  const broker = await freePort([http]);
  writeFileSync(join(folder, "site.yaml"), smallSite({ revision: 1, http, broker }));
});
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ["an unknown word", ["edge", "--colour", "red"], "install.usage"],
  ["no configuration", ["edge", "--id", "box"], "install.no-configuration"],
  ["a box's name that is none", ["edge", "--id", "a b", "--config", join(folder, "site.yaml")], "install.usage"],
  ["an upgrade of nothing", ["--upgrade", "/nowhere.tar.gz"], "install.not-installed"],
  ["a limit that is no number", ["--upgrade", "/x", "--within", "soon"], "install.usage"],
])("refuses %s, in both languages", (_what, args, code) => {
  const { status, stderr } = install(...args);
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${code} `, "m"));
  expect(stderr).toMatch(/^ {2}[A-Z].*\n {2}.*\p{Script=Han}/mu);
});

it("has a sentence in both languages for each of its refusals", () => {
  const text = readFileSync(join(packed, "scripts/install.sh"), "utf8");
  const used = new Set([...text.matchAll(/fail (install\.[a-z-]+)/g)].map(([, code]) => code));
  const told = new Set(
    [...text.matchAll(/^ {2}(install\.[a-z-]+)\) en="\S.*" zh="\S.*" ;;$/gm)].map(([, code]) => code),
  );
  expect([...used].toSorted()).toEqual([...told].toSorted());
});

it("packs each file with its checksum, the program, its packages and the Node that runs them, and nothing for development", () => {
  const listed = readFileSync(join(packed, "files.sha256"), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.slice(66));
  expect(listed).toEqual(listed.toSorted((one, other) => (one < other ? -1 : 1)));
  expect(listed).toEqual(
    expect.arrayContaining([
      "bin/node",
      ".build/scripts/portcullis.js",
      "node_modules/mqtt/package.json",
      "scripts/install.sh",
      "config/site.schema.json",
    ]),
  );
  expect(
    listed.filter(
      (file) =>
        /^node_modules\/(vitest|typescript|esbuild|playwright-core)\/|^\.build\/test\/|\.map$/.test(file) &&
        file.startsWith(".build"),
    ),
  ).toEqual([]);
  expect(existsSync(join(packed, "node_modules/vitest"))).toBe(false);
});

it("puts a box into a folder, and does it again without a change", () => {
  for (const time of ["first", "second"]) {
    const { status, stderr } = install("edge", "--id", "box", "--config", join(folder, "site.yaml"));
    expect(status, `${time}: ${stderr}`).toBe(0);
    expect(readdirSync(at("opt/portcullis/releases"))).toHaveLength(1);
  }
  expect(readlinkSync(at("opt/portcullis/current"))).toMatch(/^releases\/\d/);
  expect(readlinkSync(join(units, "multi-user.target.wants/portcullis-edge.service"))).toBe(
    "../portcullis-edge.service",
  );
  expect(readFileSync(at("etc/portcullis/edge.env"), "utf8")).toBe("PORTCULLIS_EDGE=box\n");
  expect(statSync(at("etc/portcullis/edge.env")).mode & 0o777).toBe(0o600);
  expect(statSync(at("etc/portcullis/site.yaml")).mode & 0o777).toBe(0o640);
  expect(statSync(at("var/lib/portcullis/edge")).mode & 0o777).toBe(0o700);
  expect(readFileSync(at("etc/systemd/system.conf.d/portcullis-watchdog.conf"), "utf8")).toContain(
    "RuntimeWatchdogSec=15",
  );
});

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;
if (!analyze) process.stderr.write("The units are not judged: no systemd-analyze\n");

/** As systemd-analyze counts: 0 is fully shut in, 10 is a program that may do all that its user may. */
const exposureMax = { "portcullis-edge.service": 2.5, "portcullis-hub.service": 2.5 };

it.skipIf(!analyze).each(Object.entries(exposureMax))(
  "has a unit %s that systemd finds good and closed",
  (unit, most) => {
    const file = join(packed, "scripts/systemd", unit);
    const verified = spawnSync("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", file], {
      encoding: "utf8",
    });
    // The program is not at its place on this machine.
    const minded = verified.stderr
      .split("\n")
      .filter((line) => line.includes("portcullis") && !/is not executable/.test(line));
    expect(minded).toEqual([]);
    const judged = spawnSync(
      "systemd-analyze",
      ["security", "--offline=true", `--threshold=${most * 10}`, "--no-pager", file],
      { encoding: "utf8" },
    );
    expect(judged.status, judged.stdout.split("\n").at(-2)).toBe(0);
  },
);

/** The line of the unit, as systemd would call it, in the folder instead of the root. */
function startAsUnit(environment: Readonly<Record<string, string>>): ChildProcess {
  const unit = readFileSync(join(units, "portcullis-edge.service"), "utf8");
  const [, line = ""] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  const id = /^PORTCULLIS_EDGE=(.*)$/m.exec(readFileSync(at("etc/portcullis/edge.env"), "utf8"))?.[1] ?? "";
  const words = line
    .replaceAll(/(?<= |^)\//g, `${root}/`)
    .replace(/\$\{PORTCULLIS_EDGE\}/, id)
    .split(" ");
  const [program = "", ...args] = words;
  const child = spawn(program, args, {
    cwd: at("var/lib/portcullis/edge"),
    env: { PATH: process.env["PATH"], ...environment },
    stdio: "ignore",
  });
  children.push(child);
  return child;
}

it("tells systemd that it is ready when its inputs are read, lives as long as its reaction thread turns, and no longer", async () => {
  const socket = join(folder, "notify");
  const preload = join(folder, "hang.mjs");
  writeFileSync(preload, 'process.on("SIGUSR2", () => { for (;;); });\n');
  const { heard, close } = listenToNotifications(socket);
  const child = startAsUnit({ NOTIFY_SOCKET: socket, NODE_OPTIONS: `--import=${preload}` });
  const exited = once(child, "exit");
  const has = (word: string) => heard.some(({ words }) => words.includes(word));
  const health = async () => (await (await fetch(`http://127.0.0.1:${http}/healthz`)).json()) as { status: string };
  await until("it is starting", async () => (await health()).status === "starting" || has("READY=1"), 60_000);
  await until("it is ready", async () => has("READY=1"), 60_000);
  expect((await health()).status).toBe("ok");
  const starting = heard.findIndex(({ words }) => words.some((word) => word.startsWith("STATUS=starting")));
  const ready = heard.findIndex(({ words }) => words.includes("READY=1"));
  expect(starting).toBeLessThan(ready);
  expect(heard.slice(0, ready).filter(({ words }) => words.includes("READY=1"))).toEqual([]);
  const signs = () => heard.filter(({ words }) => words.includes("WATCHDOG=1"));
  const before = signs().length;
  await until("it gives signs of life", async () => signs().length >= before + 3, 30_000);

  child.kill("SIGUSR2");
  const hungAt = performance.now();
  const [, signal] = await exited;
  close();
  expect(signal).toBe("SIGKILL");
  // One that was on its way.
  expect(signs().filter(({ at: when }) => when > hungAt + 1_500)).toEqual([]);
});

it("says that it stops before it does, and goes with code 0", async () => {
  const socket = join(folder, "notify-2");
  const { heard, close } = listenToNotifications(socket);
  const child = startAsUnit({ NOTIFY_SOCKET: socket });
  const exited = once(child, "exit");
  await until("it is ready", async () => heard.some(({ words }) => words.includes("READY=1")), 60_000);
  child.kill("SIGTERM");
  expect((await exited)[0]).toBe(0);
  await until("it has said so", async () => heard.at(-1)?.words.includes("STOPPING=1"));
  close();
});

it("takes a release from a tarball, and refuses one whose checksum is another", () => {
  const release = makeBrokenRelease(join(folder, "portcullis-9.0.0"), "9.0.0");
  const tarball = join(folder, "portcullis-9.0.0.tar.gz");
  execFileSync("tar", ["-czf", tarball, "-C", folder, "portcullis-9.0.0"]);
  writeFileSync(`${tarball}.sha256`, `${"0".repeat(64)}  portcullis-9.0.0.tar.gz\n`);
  expect(install("--upgrade", tarball)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("install.release-damaged"),
  });
  rmSync(`${tarball}.sha256`);
  expect(install("--upgrade", tarball)).toMatchObject({ status: 0 });
  expect(readlinkSync(at("opt/portcullis/current"))).toBe("releases/9.0.0");
  expect(readdirSync(at("opt/portcullis/releases"))).toHaveLength(2);
  expect(release).toContain("9.0.0");
});

it("removes itself from the folder, without configuration and data, then with them", () => {
  expect(install("--uninstall")).toMatchObject({ status: 0 });
  expect(existsSync(at("opt/portcullis"))).toBe(false);
  expect(readdirSync(units).filter((name) => name.startsWith("portcullis"))).toEqual([]);
  expect(existsSync(at("var/lib/portcullis/edge/journal"))).toBe(true);
  expect(existsSync(at("etc/portcullis/site.yaml"))).toBe(true);
  expect(install("--uninstall", "--purge")).toMatchObject({ status: 0 });
  expect(existsSync(at("etc/portcullis"))).toBe(false);
  expect(existsSync(at("var/lib/portcullis"))).toBe(false);
});
