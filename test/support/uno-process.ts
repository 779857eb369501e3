// A test's hold on an emulated Uno: starts the process, gives its orders, ends it.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FirmataDriverConfig } from "../../edge/model/wiring.js";
import type { UnoLook, UnoOrder } from "./emulated-uno.js";
import type { Contact, Firmware } from "./uno.js";

const program = fileURLToPath(new URL("../../.build/test/support/emulated-uno.js", import.meta.url));
const baud = 57_600;

export interface UnoProcess {
  readonly transport: FirmataDriverConfig["transport"];
  order(order: UnoOrder): Promise<void>;
  contact(pin: number, to: Contact): Promise<void>;
  analog(channel: number, counts: number): Promise<void>;
  look(pin: number): Promise<UnoLook>;
  end(): Promise<void>;
}

/** Why a board cannot be had on a serial port here; null where it can. */
export function serialMissing(): string | null {
  const isThere = spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") === true;
  return isThere ? null : "no serial port: the program script of util-linux (Debian: bsdutils) is not there";
}

export async function startUno(firmware: Firmware, kind: "tcp" | "serial"): Promise<UnoProcess> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-uno-"));
  const path = join(folder, "tty");
  const child = fork(program, kind === "serial" ? [firmware, path] : [firmware]);
  const gone = once(child, "exit");
  const failed = gone.then(([code]) => Promise.reject(new Error(`the board ended with ${code}`)));
  failed.catch(() => undefined);
  const [{ port }] = (await Promise.race([once(child, "message"), failed])) as [{ port: number }];
  // One order at a time: answers carry no number.
  let queue: Promise<unknown> = Promise.resolve();
  const ask = (order: UnoOrder) => {
    const answer = queue.then(async () => {
      child.send(order);
      const [{ look }] = (await Promise.race([once(child, "message"), failed])) as [{ look: UnoLook }];
      return look;
    });
    queue = answer;
    return answer;
  };
  const order = async (what: UnoOrder) => void (await ask(what));
  return {
    transport: kind === "serial" ? { kind, path, baud } : { kind, host: "127.0.0.1", port },
    order,
    contact: (pin, to) => order({ op: "contact", pin, to }),
    analog: (channel, counts) => order({ op: "analog", channel, counts }),
    look: (pin) => ask({ op: "look", pin }),
    async end() {
      if (child.connected) child.disconnect();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
