// What systemd is told of this process (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names. Node speaks no Unix
// datagrams, so libc is called; nothing is loaded where nobody listens.
import { createRequire } from "node:module";
import type { Service, ServiceState } from "./ports.js";

/** True when the datagram is on its way. */
export type Send = (message: string) => boolean;

export interface Told {
  readonly ready: boolean;
  readonly status: string;
}
export const nothingTold: Told = { ready: false, status: "" };

/** What is to be said now: READY once, STATUS when it changes, WATCHDOG each time there is life. Empty when nothing. */
export function wordsFor(state: ServiceState, told: Told): string {
  const words = [
    ...(state.ready && !told.ready ? ["READY=1"] : []),
    ...(state.status === told.status ? [] : [`STATUS=${state.status.replaceAll("\n", " ")}`]),
    ...(state.alive ? ["WATCHDOG=1"] : []),
  ];
  return words.join("\n");
}

/** `failed`: the service manager cannot be reached, said once. */
export function openService(
  failed: (error: unknown) => void,
  address = process.env["NOTIFY_SOCKET"] ?? "",
  open: (address: string) => Send = openSocket,
): Service {
  if (address === "") return { tell: () => undefined, stopping: () => undefined };
  let send: Send;
  try {
    send = open(address);
  } catch (error) {
    failed(error);
    send = () => false;
  }
  let told = nothingTold;
  return {
    tell(state) {
      const words = wordsFor(state, told);
      // What did not get through is said again the next time.
      if (words !== "" && send(words)) told = { ready: told.ready || state.ready, status: state.status };
    },
    stopping: () => void send("STOPPING=1"),
  };
}

const unixFamily = 1;
const datagram = 2;
const closeOnExec = 0o2000000;
/** The thread never waits for a service manager that does not read, nor dies when it is gone. */
const dontWaitNoSignal = 0x40 | 0x4000;
const familyBytes = 2;
/** `sun_path` of sockaddr_un, with the byte that ends it. */
const pathBytesMax = 108;

type Socket = (family: number, type: number, protocol: number) => number;
type SendTo = (
  ...call: [fd: number, message: Buffer, length: number, flags: number, to: Buffer, toLength: number]
) => number;

/** @throws when the address is no Unix socket's or the machine has none. */
function openSocket(address: string): Send {
  const to = socketAddress(address);
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  const libc = koffi.load(null);
  const socket = libc.func("int socket(int family, int type, int protocol)") as Socket;
  const sendTo = libc.func(
    "long sendto(int fd, const void *message, size_t length, int flags, const void *to, uint32_t toLength)",
  ) as SendTo;
  const fd = socket(unixFamily, datagram | closeOnExec, 0);
  if (fd < 0) throw new Error(`no Unix socket: errno ${koffi.errno()}`);
  return (words) => {
    const message = Buffer.from(words);
    return sendTo(fd, message, message.length, dontWaitNoSignal, to, to.length) === message.length;
  };
}

/** A path, or with a leading "@" a name in the abstract namespace, as `struct sockaddr_un`. */
export function socketAddress(address: string): Buffer {
  const isAbstract = address.startsWith("@");
  if (!isAbstract && !address.startsWith("/")) throw new Error(`NOTIFY_SOCKET is no Unix socket: ${address}`);
  const path = Buffer.from(isAbstract ? `\0${address.slice(1)}` : `${address}\0`);
  if (path.length > pathBytesMax) throw new Error(`NOTIFY_SOCKET is longer than ${pathBytesMax} bytes`);
  const bytes = Buffer.alloc(familyBytes + path.length);
  bytes.writeUInt16LE(unixFamily);
  path.copy(bytes, familyBytes);
  return bytes;
}
