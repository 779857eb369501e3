// A plug between a peer and the box: a TCP proxy that a test can pull, leave half open, and put back.
import { connect, createServer, type Socket } from "node:net";

/** open: bytes pass. half-open: connections are taken and swallow all. cut: they are reset, and so is every new one. */
export type PlugState = "open" | "half-open" | "cut";

export interface Plug {
  readonly port: number;
  /** What has lost bytes does not come back to life: connections end when the plug is put back. */
  set(state: PlugState): void;
  /** What is connected now stays connected and hears nothing more, and new connections work. */
  stall(): void;
  close(): Promise<void>;
}

const host = "127.0.0.1";

export async function startPlug(to: number): Promise<Plug> {
  const sockets = new Set<Socket>();
  const stalled = new WeakSet<Socket>();
  let state: PlugState = "open";

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    // A reset is as good as an end; "close" follows.
    socket.on("error", () => socket.destroy());
    return socket.on("close", () => sockets.delete(socket));
  }

  const passes = (socket: Socket) => state === "open" && !stalled.has(socket);

  function join(one: Socket, other: Socket): void {
    one.on("data", (bytes) => {
      if (passes(one)) other.write(bytes);
    });
    // The news of an end gets no further than the bytes.
    one.on("close", () => {
      if (state === "cut" || passes(one)) other.destroy();
    });
  }

  const server = createServer({ noDelay: true }, (near) => {
    keep(near);
    if (state === "cut") near.resetAndDestroy();
    else if (state === "half-open") near.resume();
    else {
      const far = keep(connect({ host, port: to, noDelay: true }));
      join(near, far);
      join(far, near);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    set(next) {
      if (next === state) return;
      if (next !== "half-open") for (const socket of sockets) socket.resetAndDestroy();
      state = next;
    },
    stall() {
      for (const socket of sockets) stalled.add(socket);
    },
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
