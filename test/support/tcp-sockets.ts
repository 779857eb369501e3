// What the kernel says of this process's TCP connections: the one witness of an option that Node.js can set but not read.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import koffi from "koffi";

const ipProtoTcp = 6;
const tcpNoDelay = 1;
const established = "01";

export interface TcpSocket {
  readonly localPort: number;
  readonly remotePort: number;
  /** A small packet leaves at once. */
  readonly noDelay: boolean;
}

/** The established IPv4 connections whose descriptors this process holds, those of its threads included. Linux only. */
export function tcpSockets(): readonly TcpSocket[] {
  const getsockopt = koffi
    .load(null)
    .func("int getsockopt(int fd, int level, int name, _Out_ int *value, _Inout_ uint32_t *length)");
  const byInode = establishedByInode();
  return readdirSync("/proc/self/fd").flatMap((fd): TcpSocket[] => {
    const ports = byInode.get(/^socket:\[(\d+)\]$/.exec(linkOf(fd))?.[1] ?? "");
    if (ports === undefined) return [];
    const value = [0];
    const failed = getsockopt(Number(fd), ipProtoTcp, tcpNoDelay, value, [4]);
    return failed === 0 ? [{ ...ports, noDelay: value[0] !== 0 }] : [];
  });
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // The descriptor by which the folder was read is closed by now.
    return "";
  }
}

function establishedByInode() {
  const lines = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const portOf = (address = "") => Number.parseInt(address.split(":")[1] ?? "0", 16);
  return new Map(
    fields
      .filter((field) => field[3] === established)
      .map((field) => [field[9] ?? "", { localPort: portOf(field[1]), remotePort: portOf(field[2]) }]),
  );
}
