// Processes that a test has started and their end, and what the kernel tells of running ones: their
// children, what they hold, on which addresses they listen, with which words and surroundings they were started.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";

/** Resolves when it is gone, at once if it already is. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

/** Processes that this one has started, oldest first; none when it is gone. */
export function childrenOf(pid: number): readonly number[] {
  let list = "";
  try {
    list = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    // It is gone.
  }
  return list.split(" ").filter(Boolean).map(Number);
}

/** Memory that it holds. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return 1024 * Number(kilobytes ?? Number.NaN);
}

export interface Listening {
  readonly protocol: "tcp" | "udp";
  readonly address: string;
  readonly port: number;
}

const listeningState = "0A";
/** Loopback of both families, as the kernel writes them. */
const loopback: readonly string[] = ["0100007F", "00000000000000000000000001000000"];

/** Sockets that others could reach: TCP that listens, UDP that is bound and not connected. */
export async function listeningOf(pid: number): Promise<readonly Listening[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = new Set(await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => ""))));
  const found = (["tcp", "tcp6", "udp", "udp6"] as const).map(async (table) => {
    const lines = (await readFile(`/proc/${pid}/net/${table}`, "utf8")).split("\n").slice(1);
    const isTcp = table.startsWith("tcp");
    return lines.flatMap((line): Listening[] => {
      const [, local = "", remote = "", state, , , , , , inode] = line.trim().split(/\s+/);
      const isOpen = isTcp ? state === listeningState : remote.endsWith(":0000");
      if (!isOpen || !links.has(`socket:[${inode}]`)) return [];
      const [address = "", port = ""] = local.split(":");
      const host = loopback.includes(address) ? "loopback" : address;
      return [{ protocol: isTcp ? "tcp" : "udp", address: host, port: Number.parseInt(port, 16) }];
    });
  });
  return (await Promise.all(found)).flat();
}

/** Arguments and environment, as `ps` and its like show them to whoever may look. */
export async function shownOf(pid: number): Promise<string> {
  const texts = ["cmdline", "environ"].map((name) => readFile(`/proc/${pid}/${name}`, "utf8"));
  return (await Promise.all(texts)).join("\n");
}
