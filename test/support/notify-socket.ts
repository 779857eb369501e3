// What systemd's end of the notification socket hears: a Unix datagram socket in a folder, read without blocking.
import { chmodSync } from "node:fs";
import koffi from "koffi";
import { socketAddress } from "../../edge/machine/service.js";

export interface Heard {
  /** performance.now() */
  readonly at: number;
  readonly words: readonly string[];
}

const datagramCloseOnExecNonBlocking = 2 | 0o2000000 | 0o4000;
const readEveryMs = 20;

export function listenToNotifications(path: string): { readonly heard: readonly Heard[]; close(): void } {
  const libc = koffi.load(null);
  const socket = libc.func("int socket(int family, int type, int protocol)");
  const bind = libc.func("int bind(int fd, const void *address, uint32_t length)");
  const receive = libc.func("long recv(int fd, _Out_ void *into, size_t length, int flags)");
  const fd: number = socket(1, datagramCloseOnExecNonBlocking, 0);
  const address = socketAddress(path);
  if (bind(fd, address, address.length) !== 0) throw new Error(`cannot listen at ${path}: errno ${koffi.errno()}`);
  chmodSync(path, 0o600);
  const heard: Heard[] = [];
  const into = Buffer.alloc(4096);
  const reading = setInterval(() => {
    for (;;) {
      const length = Number(receive(fd, into, into.length, 0));
      if (length <= 0) return;
      heard.push({ at: performance.now(), words: into.subarray(0, length).toString().split("\n") });
    }
  }, readEveryMs);
  return { heard, close: () => clearInterval(reading) };
}
