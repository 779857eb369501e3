// A program that runs simulated boxes; the process that started it says when they connect and which of them raise alarms.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Inventory } from "../../../edge/model/inventory.js";
import { closeOnSignal, tellParent } from "../../terminal.js";
import { type BoxName, createBox, type Sent, type SimulatedBox } from "./box.js";

export type ToBoxes =
  | {
      readonly kind: "connect";
      readonly boxes: readonly BoxName[];
      readonly url: string;
      readonly pki: string;
      readonly inventory: Inventory;
      /** Between two new connections, which cost both sides some milliseconds of computing. */
      readonly everyMs: number;
    }
  /** One alarm each, spread evenly over `withinMs`. */
  | { readonly kind: "storm"; readonly keys: readonly string[]; readonly withinMs: number }
  | { readonly kind: "report" };

/** Answer to `report`; `sent` since the last storm began. */
export interface BoxesReport {
  readonly kind: "report";
  readonly connected: number;
  readonly sent: readonly Sent[];
}

let fleet: SimulatedBox[] = [];
let sent: Sent[] = [];

async function connect({ boxes, url, pki, inventory, everyMs }: Extract<ToBoxes, { kind: "connect" }>) {
  const read = (file: string) => readFileSync(join(pki, file), "utf8");
  const ca = read("ca.pem");
  for (const name of boxes) {
    const stem = join("edges", `${name.site}.${name.edge}`);
    const box = createBox(name, { url, tls: { ca, cert: read(`${stem}.pem`), key: read(`${stem}.key`) }, inventory });
    fleet = [...fleet, box];
    box.connect();
    await pause(everyMs);
  }
}

async function storm({ keys, withinMs }: Extract<ToBoxes, { kind: "storm" }>) {
  sent = [];
  const start = performance.now();
  const stride = Math.max(1, Math.floor(fleet.length / keys.length));
  for (const [index, key] of keys.entries()) {
    await pause(Math.max(0, start + (index * withinMs) / keys.length - performance.now()));
    const box = fleet[(index * stride) % fleet.length];
    if (box !== undefined) sent.push(box.raise(key));
  }
}

process.on("message", (message: ToBoxes) => {
  if (message.kind === "connect") void connect(message);
  else if (message.kind === "storm") void storm(message);
  else {
    const connected = fleet.filter((box) => box.isConnected()).length;
    tellParent({ kind: "report", connected, sent } satisfies BoxesReport);
  }
});
closeOnSignal(async () => undefined);
