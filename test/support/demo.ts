// The whole product on this machine for a system test: `portcullis demo` in a folder of its own, what a person can do to
// it from outside, and the simulators' own record of what happened.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import type { Act } from "../../edge/model/command.js";
import type { AlarmView, BarrierView, CommandView, EdgeView, IncidentView } from "../../hub/console/views.js";
import type { LedgerRow } from "../../hub/ledger/ledger.js";
import type { PlantEvent } from "../../simulators/world.js";
import { entry } from "./command-line.js";
import { type DemoFiles, writeDemoFiles } from "./demo-ports.js";
import { childrenOf, endProcess } from "./processes.js";
import { until } from "./until.js";

const endWithinMs = 10_000;

/** What access.json promises (design section 8). */
export interface Access {
  readonly hub: { readonly url: string; readonly api: string; readonly openapi: string; readonly stream: string };
  readonly edge: { readonly url: string; readonly site: string; readonly id: string; readonly data: string };
  readonly token: string;
  readonly approverToken: string;
  readonly oneTimeCode: string | null;
  readonly ca: string;
  readonly broker: { readonly url: string };
  readonly zeromq: {
    readonly publish: string;
    readonly request: string;
    readonly serverPublicKey: string;
    readonly clientPublicKey: string;
    readonly clientSecretKey: string;
  };
  readonly field: {
    readonly url: string;
    readonly credentials: { readonly devices: Readonly<Record<string, { readonly password: string }>> };
  };
  readonly simulators: {
    readonly control: string;
    readonly opcua: readonly {
      readonly endpoint: string;
      readonly bollards: Readonly<Record<string, Readonly<Record<string, string>>>>;
    }[];
  };
  readonly processes: readonly { readonly name: ProcessName; readonly pid: number; readonly command: string }[];
}

export type ProcessName = "hub" | "edge" | "simulators";

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface Demo extends DemoFiles {
  readonly folder: string;
  readonly access: Access;
  /** The monotonic time of the trigger on the simulators' clock, ms. */
  trigger(name: string, target?: string): Promise<number>;
  /** Of the simulators, oldest first. */
  events(): Promise<readonly PlantEvent[]>;
  /** The first event of this device at or after `from`. */
  happened(event: Pick<PlantEvent, "device" | "what" | "value">, from: number, withinMs?: number): Promise<PlantEvent>;
  /** Any answer of the hub's API; `token` and `body` as needed. */
  ask<T>(path: string, request?: { token?: string | null; body?: string }): Promise<Answer<T>>;
  alarms(): Promise<readonly AlarmView[]>;
  incidents(): Promise<readonly IncidentView[]>;
  incident(id: string): Promise<IncidentView>;
  barriers(): Promise<readonly BarrierView[]>;
  boxes(): Promise<readonly EdgeView[]>;
  records(type?: string): Promise<readonly LedgerRow[]>;
  /** What the box itself says; works without a hub. */
  status(): Promise<BoxStatus>;
  /** Gives an order as the operator; a second person agrees where one is needed. Resolves with its end. */
  order(act: Act): Promise<CommandView>;
  /** Ends lock-downs, silences, and resets what is open. */
  rest(): Promise<void>;
  /** kill -9, of its children too. */
  kill(name: ProcessName): Promise<void>;
  /** Starts it again by the command line that access.json names. */
  restart(name: ProcessName): Promise<void>;
  /** Ends the demo and starts it again on the same folder; how long the start took until it was ready, ms. */
  again(): Promise<number>;
  close(): Promise<void>;
}

export interface DemoChanges {
  /** Called before anything starts. */
  readonly prepare?: (folder: string, files: DemoFiles) => Promise<void>;
  /** Whose processes they are; absent: ours. */
  readonly uid?: number | undefined;
}

/** Ready when it resolves. */
export async function startDemo({ prepare, uid }: DemoChanges = {}): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-"));
  const files = await writeDemoFiles(folder);
  await prepare?.(folder, files);
  if (uid !== undefined) execFileSync("chown", ["-R", `${uid}:${uid}`, folder]);
  const processes = createProcesses(folder, files, uid);
  try {
    await processes.startAll();
    await driversConnected(folder);
  } catch (error) {
    await processes.endAll();
    throw error;
  }
  const access = await readAccess(folder);
  const outside = reach(access);
  return {
    folder,
    ...files,
    access,
    ...outside,
    kill: (name) => processes.kill(name),
    restart: (name) => processes.restart(name),
    async again() {
      await processes.endAll();
      const from = performance.now();
      // Tokens are made anew at each start of the demo; the present ones stay good.
      await processes.startAll();
      return performance.now() - from;
    },
    async close() {
      await processes.endAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A box is ready as soon as it guards, even before the last of its devices has been found. */
async function driversConnected(folder: string): Promise<void> {
  const { edge } = await readAccess(folder);
  const healthy = async () => (await (await fetch(`${edge.url}/healthz`)).text()).includes('"ok"');
  await until("all drivers are connected", healthy, 90_000);
}

export async function readAccess(folder: string): Promise<Access> {
  return JSON.parse(await readFile(join(folder, "access.json"), "utf8"));
}

// --- processes ---------------------------------------------------------------------------------------------------------

function createProcesses(folder: string, { siteFile, hubFile }: DemoFiles, uid: number | undefined) {
  let own: ChildProcess[] = [];
  const pids = new Map<ProcessName, number>();
  const commands = new Map<ProcessName, readonly string[]>();

  function start(args: readonly string[], log: string): ChildProcess {
    const file = openSync(join(folder, log), "a", 0o600);
    const child = spawn(process.execPath, [entry, ...args], {
      stdio: ["ignore", file, file],
      ...(uid !== undefined && { uid, gid: uid }),
    });
    closeSync(file);
    own.push(child);
    return child;
  }

  return {
    async startAll(): Promise<void> {
      await rm(join(folder, "access.json"), { force: true });
      start(["demo", "--config", siteFile, "--hub", hubFile, "--folder", folder], "demo.log");
      const { processes } = await until("the demo is ready", () => readAccess(folder), 60_000);
      for (const { name, pid, command } of processes) {
        pids.set(name, pid);
        commands.set(name, command.split(" ").slice(2));
      }
    },
    async kill(name: ProcessName): Promise<void> {
      const pid = pids.get(name) ?? 0;
      const all = [pid, ...childrenOf(pid)];
      for (const each of all) end(each, "SIGKILL");
      await until(`${name} is gone`, async () => all.every((each) => !isRunning(each)));
    },
    async restart(name: ProcessName): Promise<void> {
      pids.set(name, start(commands.get(name) ?? [], `${name}.log`).pid ?? 0);
    },
    async endAll(): Promise<void> {
      // The demo ends what it has started itself; what was started again here is ended here.
      const running = own;
      own = [];
      await Promise.all(running.map((child) => endChild(child)));
      for (const pid of pids.values()) end(pid, "SIGKILL");
    },
  };
}

async function endChild(child: ChildProcess): Promise<void> {
  const late = setTimeout(() => child.kill("SIGKILL"), endWithinMs);
  await endProcess(child, "SIGTERM");
  clearTimeout(late);
}

function isRunning(pid: number): boolean {
  return end(pid, 0);
}

/** False when there is no such process any more. */
function end(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

// --- from outside ------------------------------------------------------------------------------------------------------

type Outside = Omit<Demo, keyof DemoFiles | "folder" | "access" | "kill" | "restart" | "again" | "close">;

function reach(access: Access): Outside {
  const { control } = access.simulators;
  const { site, id: edge } = access.edge;

  async function ask<T>(path: string, { token = access.token, body }: { token?: string | null; body?: string } = {}) {
    const response = await fetch(`${access.hub.api}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }
  const get = async <T>(path: string): Promise<T> => (await ask<T>(path)).body;
  const items = async <T>(path: string) => (await get<{ items: readonly T[] }>(path)).items;
  const json = async <T>(url: string) => (await (await fetch(url)).json()) as T;
  const events = () => json<readonly PlantEvent[]>(`${control}/events`);

  async function order(act: Act): Promise<CommandView> {
    const body = JSON.stringify({ site, edge, act, reason: "test" });
    const { id, state } = (await ask<CommandView>("/commands", { body })).body;
    if (state === "awaiting-approval")
      await ask(`/commands/${id}/approve`, { token: access.approverToken, body: "{}" });
    return until(`${act.kind} has an end`, async () => {
      const view = await get<CommandView>(`/commands/${id}`);
      return ["done", "refused", "expired"].includes(view.state) && view;
    });
  }

  return {
    ask,
    events,
    order,
    async trigger(name, target) {
      const before = (await events()).at(-1)?.n ?? 0;
      const body = JSON.stringify({ name, ...(target !== undefined && { target }) });
      const answer = await fetch(`${control}/trigger`, { method: "POST", body });
      if (!answer.ok) throw new Error(await answer.text());
      const pulled = (await events()).find(({ n, what, value }) => n > before && what === "trigger" && value === name);
      if (pulled === undefined) throw new Error(`${name} is not among the events`);
      return pulled.mono;
    },
    happened: ({ device, what, value }, from, withinMs) =>
      until(
        `${device} ${what} ${value}`,
        async () =>
          (await events()).find(
            (event) => event.device === device && event.what === what && event.value === value && event.mono >= from,
          ),
        withinMs,
      ),
    alarms: () => items("/alarms"),
    incidents: () => items("/incidents"),
    incident: (id) => get(`/incidents/${id}`),
    barriers: () => items("/barriers"),
    boxes: () => items("/edges"),
    records: (type) => items(`/records?limit=5000${type === undefined ? "" : `&type=${type}`}`),
    status: () => json(`${access.edge.url}/api/v1/status`),
    async rest() {
      for (const { id, barriers } of await lockDowns()) await order({ kind: "stand-down", group: id, barriers });
      await order({ kind: "silence" });
      await until("all incidents are reset", async () => {
        const open = await items<IncidentView>("/incidents?state=open");
        for (const { id } of open) await order({ kind: "reset", incident: id });
        return open.length === 0;
      });
    },
  };

  async function lockDowns() {
    const [box] = await items<EdgeView>("/edges");
    const held = (await items<BarrierView>("/barriers")).filter((barrier) => barrier.held);
    return (box?.groups ?? [])
      .filter(({ lockedDown }) => lockedDown)
      .map(({ id, barriers }) => ({ id, barriers: barriers.filter((one) => held.some((other) => other.id === one)) }));
  }
}
