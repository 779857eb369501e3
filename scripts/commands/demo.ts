// portcullis demo (npm start): hub, box and simulators of a site on this machine, each a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { edgeName } from "../../config/certificate-names.js";
import { ensureHubPki, fits, readText } from "../../config/hub-pki.js";
import { type LoadedHub, type LoadedSite, loadHub, loadSite, type Refused, readConfigFile } from "../../config/load.js";
import { writeAccess } from "../access.js";
import { healthy, urlOf } from "../healthy.js";
import { closeOnSignal, run, tellTrouble } from "../terminal.js";
import { checkout } from "../version.js";
import type { HubReady } from "./hub.js";

interface DemoOptions {
  readonly config: string;
  readonly hub: string;
  readonly folder: string;
  readonly scenario?: string;
}

const readyWithinMs = 60_000;

export function demoCommand(): Command {
  return new Command("demo")
    .description("run hub, box and simulators of an example site here 在本机运行示例站点")
    .option("--config <file>", "site file", fileURLToPath(new URL("config/office.yaml", checkout)))
    .option("--hub <file>", "hub file", fileURLToPath(new URL("config/hub.yaml", checkout)))
    .option("--folder <folder>", "data, logs and access.json", ".portcullis")
    .option("--scenario <file>", "what happens when, YAML")
    .action((options: DemoOptions) => run(() => runDemo(options)));
}

async function runDemo(options: DemoOptions): Promise<void> {
  const site = good(options.config, loadSite).site;
  const hub = good(options.hub, loadHub).hub;
  const folder = resolve(options.folder);
  const [edge] = site.edges;
  if (edge === undefined) throw new Error("the site has no box");
  const rooms = hub.outlets?.mqtt?.rooms.map(({ name }) => name) ?? [];
  await prepareKeys(folder, { site: site.site, edges: site.edges.map(({ id }) => id), rooms });
  const access = { folder, site, hub, edge };
  // Client keys must be admitted before the hub reads its list.
  writeAccess(access, null);

  const start = (name: string, args: readonly string[]) => startProcess(folder, name, args);
  const simulators = start("simulators", [
    "simulate",
    "--config",
    options.config,
    "--credentials",
    join(folder, "edge", "field-credentials.json"),
    ...(options.scenario === undefined ? [] : ["--scenario", options.scenario]),
  ]);
  const hubProcess = start("hub", ["hub", "--config", options.hub, "--data", join(folder, "hub")]);
  const edgeProcess = start("edge", [
    "edge",
    "--config",
    options.config,
    "--edge",
    edge.id,
    "--data",
    join(folder, "edge"),
  ]);
  const processes = [simulators, edgeProcess, hubProcess];
  closeOnSignal(() => endAll(processes));
  try {
    const ready = await hubReady(hubProcess);
    await Promise.all([urlOf(hub.http), urlOf(edge.http)].map((url) => healthy(url, readyWithinMs)));
    const running = processes.map(({ name, child, command }) => ({ name, pid: child.pid ?? 0, command }));
    writeAccess(access, { ...ready, processes: running });
    greet(urlOf(hub.http), ready, join(folder, "access.json"));
  } catch (error) {
    await endAll(processes);
    throw error;
  }
}

function good<T extends LoadedSite | LoadedHub>(file: string, load: (text: string, name: string) => T | Refused): T {
  const text = readConfigFile(file);
  const loaded = text.ok ? load(text.text, file) : text;
  if (loaded.ok) return loaded;
  for (const trouble of loaded.troubles) tellTrouble(trouble);
  process.exit(1);
}

/** One demo authority; hub and box each get their own part of it. */
async function prepareKeys(
  folder: string,
  names: { site: string; edges: readonly string[]; rooms: readonly string[] },
): Promise<void> {
  const pki = join(folder, "pki");
  await ensureHubPki(pki, {
    edges: names.edges.map((edge) => ({ site: names.site, edge })),
    rooms: names.rooms,
    hosts: [],
    now: Date.now(),
  });
  for (const [part, files] of [
    ["hub", ["ca.pem", "ca.key", "hub.pem", "hub.key", "intake.pem", "intake.key"]],
    ["edge", ["ca.pem"]],
  ] as const) {
    mkdirSync(join(folder, part, "pki"), { recursive: true, mode: 0o700 });
    for (const file of files) cpSync(join(pki, file), join(folder, part, "pki", file));
  }
  for (const edge of names.edges) await giveBoxKeys(pki, join(folder, "edge", "pki"), edgeName(names.site, edge));
}

/** A box that was enrolled or has renewed its certificate keeps its own; the first one counts no more. */
async function giveBoxKeys(from: string, to: string, name: string): Promise<void> {
  const stem = join("edges", name);
  const ca = { certificate: await readText(join(from, "ca.pem")), key: "" };
  const own = { certificate: await readText(join(to, `${stem}.pem`)), key: await readText(join(to, `${stem}.key`)) };
  if (fits(own, ca)) return;
  for (const ending of ["pem", "key"]) cpSync(join(from, `${stem}.${ending}`), join(to, `${stem}.${ending}`));
}

interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly command: string;
}

/** Logs go to a file; the terminal stays readable. */
function startProcess(folder: string, name: string, args: readonly string[]): Running {
  const entry = fileURLToPath(new URL(".build/scripts/portcullis.js", checkout));
  const log = openSync(join(folder, `${name}.log`), "a", 0o600);
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", log, log, "ipc"] });
  const command = `npx portcullis ${args.join(" ")}`;
  child.on("exit", (code, signal) => {
    console.error(
      `${name} ended 已退出 (${signal ?? code}):\n${lastLines(join(folder, `${name}.log`))}\n  Start it again 重新启动: ${command}`,
    );
  });
  return { name, child, command };
}

/** A port that is taken, a file that is not readable: the reason stands at the end of the log. */
function lastLines(log: string): string {
  return readFileSync(log, "utf8")
    .trim()
    .split("\n")
    .slice(-6)
    .map((line) => `  | ${line.slice(0, 300)}`)
    .join("\n");
}

function hubReady({ child }: Running): Promise<HubReady> {
  return new Promise((resolveReady, reject) => {
    child.once("message", (message) => resolveReady(message as HubReady));
    child.once("exit", () => reject(new Error("the hub did not start 平台未能启动")));
  });
}

async function endAll(processes: readonly Running[]): Promise<void> {
  await Promise.all(
    processes.map(({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return undefined;
      child.removeAllListeners("exit");
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      return ended;
    }),
  );
}

function greet(url: string, { oneTimeCode }: HubReady, accessFile: string): void {
  const login =
    oneTimeCode === null
      ? "log in with your password 请用密码登录"
      : `first login, once 首次登录（一次有效）: ${url}/?code=${encodeURIComponent(oneTimeCode)}`;
  console.log(`
Portcullis guards the demo site. 示范站点已在防护。
  console 控制台   ${url}
  ${login}
  access 接入信息  ${accessFile}
  try 试一试       npx portcullis trigger fence-cut   |   npx portcullis trigger vehicle-rush
  end 结束         Ctrl+C
`);
}
