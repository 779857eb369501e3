// The site of plug-site.ts as running processes: hub, box and its siren by `portcullis demo`, each peer a process behind a plug.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { monoNow } from "../../edge/machine/clock.js";
import { entry } from "./command-line.js";
import { type Demo, startDemo } from "./demo.js";
import { freePorts } from "./free-port.js";
import { type Plug, startPlug } from "./plug.js";
import { chatter, type Peer, type PlugPorts, peers, plugSite } from "./plug-site.js";
import { endProcess } from "./processes.js";

export const pulls = ["killed", "half open", "frozen", "cut"] as const;
export type Pull = (typeof pulls)[number];

export interface PluggedBox {
  readonly demo: Demo;
  pull(peer: Peer, pull: Pull): Promise<void>;
  /** Undoes the pull: the peer runs again, its line is whole. */
  putBack(peer: Peer, pull: Pull): void;
  /** Pulls a trigger of the peer's plant; its monotonic time, ms. */
  trigger(peer: Peer, name: string, target: string): Promise<number>;
  close(): Promise<void>;
}

const hubFile = new URL("../../config/hub.yaml", import.meta.url);

interface BoxPorts extends PlugPorts {
  readonly hub: { readonly http: number; readonly publish: number; readonly request: number };
  readonly lines: Readonly<Record<Peer, Plug>>;
}

async function choosePorts(): Promise<BoxPorts> {
  const [http = 0, uplink = 0, broker = 0, board = 0, plc = 0, still = 0, ...others] = await freePorts(13);
  const [busControl = 0, boardControl = 0, plcControl = 0, stillControl = 0, ...ofHub] = others;
  const [hubHttp = 0, publish = 0, request = 0] = ofHub;
  const control = { bus: busControl, board: boardControl, plc: plcControl, still: stillControl };
  const lines = { bus: await startPlug(broker), board: await startPlug(board), plc: await startPlug(plc) };
  const line = { bus: lines.bus.port, board: lines.board.port, plc: lines.plc.port };
  const hub = { http: hubHttp, publish, request };
  return { http, uplink, broker, board, plc, still, control, line, hub, lines };
}

/** In place of the demo's own. */
async function writeFiles(folder: string, ports: Omit<BoxPorts, "lines">) {
  await writeFile(join(folder, "site.yaml"), plugSite("still", ports));
  for (const peer of peers) {
    await writeFile(join(folder, `${peer}.yaml`), plugSite(peer, ports));
    await writeFile(join(folder, `${peer}-chatter.yaml`), chatter(peer));
  }
  const { outlets: _, ...hub } = parse(await readFile(hubFile, "utf8"));
  const changed = {
    ...hub,
    http: { ...hub.http, port: ports.hub.http },
    broker: { ...hub.broker, port: ports.uplink },
    zeromq: { ...hub.zeromq, publishPort: ports.hub.publish, requestPort: ports.hub.request },
    sites: [{ site: "plugs", edges: ["box"] }],
  };
  await writeFile(join(folder, "hub.yaml"), stringify(changed));
}

function startPeer(peer: Peer, folder: string): ChildProcess {
  const log = openSync(join(folder, `${peer}.log`), "a", 0o600);
  const args = ["--config", `${peer}.yaml`, "--scenario", `${peer}-chatter.yaml`];
  const child = spawn(process.execPath, [entry, "simulate", ...args, "--credentials", "edge/field-credentials.json"], {
    cwd: folder,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  return child;
}

/** Ready when every driver is connected. */
export async function startPluggedBox(): Promise<PluggedBox> {
  const { lines, ...ports } = await choosePorts();
  const running = new Map<Peer, ChildProcess>();
  let folder = "";
  const start = (peer: Peer) => running.set(peer, startPeer(peer, folder));
  const endPeers = async () => {
    await Promise.all([...running.values()].map((child) => endProcess(child)));
    await Promise.all(Object.values(lines).map((line) => line.close()));
  };
  const prepare = async (made: string) => {
    folder = made;
    await writeFiles(folder, ports);
    for (const peer of peers) start(peer);
  };
  const demo = await startDemo({ prepare }).catch(async (error: unknown) => {
    await endPeers();
    throw error;
  });
  return {
    demo,
    async pull(peer, pull) {
      const process = running.get(peer);
      if (pull === "half open") lines[peer].set("half-open");
      else if (pull === "cut") lines[peer].set("cut");
      else if (pull === "frozen") process?.kill("SIGSTOP");
      else if (process !== undefined) await endProcess(process);
    },
    putBack(peer, pull) {
      if (pull === "killed") start(peer);
      else if (pull === "frozen") running.get(peer)?.kill("SIGCONT");
      else lines[peer].set("open");
    },
    async trigger(peer, name, target) {
      const url = `http://127.0.0.1:${ports.control[peer]}/trigger`;
      const at = monoNow();
      const answer = await fetch(url, { method: "POST", body: JSON.stringify({ name, target }) });
      if (!answer.ok) throw new Error(await answer.text());
      return at;
    },
    async close() {
      await endPeers();
      await demo.close();
    },
  };
}
