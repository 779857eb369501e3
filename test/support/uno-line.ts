// What connects an emulated board to its host: a TCP port, or a pseudo-terminal that stands for a serial port.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, symlinkSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { endProcess } from "./processes.js";

/** A cable: it can be cut and mended, and drops what is sent while it is cut. */
export interface UnoLine {
  /** Resolves when a host can connect. */
  mend(): Promise<void>;
  /** The port, once it was mended. */
  port(): number;
  cut(): Promise<void>;
  send(bytes: Uint8Array): void;
}

/** On a port of loopback, the same one after each cut; a new host replaces the one before. */
export function tcpLine(hear: (bytes: Uint8Array) => void): UnoLine {
  let host: Socket | undefined;
  let port = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    host?.destroy();
    host = socket;
    socket.on("data", hear);
    socket.on("error", () => socket.destroy());
  });
  return {
    async mend() {
      if (!server.listening) await once(server.listen(port, "127.0.0.1"), "listening");
      port = (server.address() as AddressInfo).port;
    },
    port: () => port,
    async cut() {
      host?.destroy();
      host = undefined;
      if (server.listening) await once(server.close(), "close");
    },
    send: (bytes) => void host?.write(bytes),
  };
}

/**
 * `path` becomes a link to a new terminal each time. `script` of bsdutils, which every Debian has, makes the terminal and
 * carries its bytes; the shell inside keeps it open while no host is there.
 */
export function serialLine(path: string, hear: (bytes: Uint8Array) => void): UnoLine {
  const makeRaw = "stty raw -echo && tty && exec sleep 600";
  const startScript = () => spawn("script", ["-qfc", makeRaw, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
  let script: ReturnType<typeof startScript> | undefined;
  return {
    async mend() {
      if (script) return;
      const started = startScript();
      const terminal = await new Promise<string>((resolve, reject) => {
        let text = "";
        started.on("error", reject);
        started.stdin.on("error", () => undefined);
        started.stdout.on("data", (bytes: Buffer) => {
          if (text.includes("\n")) return hear(bytes);
          text += bytes.toString("latin1");
          if (text.includes("\n")) resolve(text.trim());
        });
      });
      // Only now, because until it is raw the terminal takes some bytes for Ctrl-C and the like.
      script = started;
      symlinkSync(terminal, path);
    },
    port: () => 0,
    async cut() {
      if (!script) return;
      const ending = script;
      script = undefined;
      await endProcess(ending);
      rmSync(path, { force: true });
    },
    send: (bytes) => void script?.stdin.write(bytes),
  };
}
