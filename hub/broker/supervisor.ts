// Keeps the broker's process running: starts it, and starts it again with growing pauses when it dies.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BrokerOptions } from "../../edge/broker/broker.js";
import { builtFile } from "../../edge/machine/built.js";
import type { ErrorCode } from "../../edge/model/error.js";
import type { Admission } from "./admission.js";

/** Settings for the child; plain values only. */
export type BrokerSettings = Pick<BrokerOptions, "host" | "port" | "tls" | "connectionsMax" | "packetBytesMax"> & {
  /** Whose broker it is, and the certificate names of those who may connect: `{site}.{edge}`, or control rooms. */
  readonly audience: "boxes" | "control-rooms";
  readonly names: readonly string[];
  readonly admission: Admission;
};

export type ToBroker =
  | { readonly kind: "settings"; readonly settings: BrokerSettings }
  | { readonly kind: "admission"; readonly admission: Admission };

export type FromBroker =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "failed"; readonly detail: string }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly detail: string; readonly count: number }
  | { readonly kind: "connected"; readonly client: string; readonly serial: string | null }
  | { readonly kind: "disconnected"; readonly client: string };

export interface SupervisorEvents {
  /** Something about one connection; for log and counters. */
  event(message: FromBroker): void;
  /** The process ended without being asked to. */
  died(detail: string): void;
}

export interface BrokerSupervisor {
  /** The port of the first start; later ones take the same. */
  readonly port: number;
  isUp(): boolean;
  /** Id of the present process; undefined between two. */
  pid(): number | undefined;
  /** From now on these certificates count; whoever has lost his is cut off. */
  admit(admission: Admission): void;
  close(): Promise<void>;
}

/** Little of what a broker holds is young; with the usual 16 MB of space for that it would grow by 48 MB. */
const brokerFlags = ["--max-semi-space-size=1"];
/** For glibc, others do not look: the large blocks of each read go back at once, and a connection costs 48 KB instead of 65. */
const brokerMemory = { MALLOC_MMAP_THRESHOLD_: "16384", MALLOC_TRIM_THRESHOLD_: "65536", MALLOC_TOP_PAD_: "0" };
export const restartMsMin = 200;
export const restartMsMax = 10_000;
/** A process that has run this long counts as sound: the pause begins anew. */
const soundAfterMs = 60_000;

/** Resolves when the broker listens for the first time; rejects when it cannot, with the reason. */
export async function superviseBroker(
  settings: BrokerSettings,
  events: SupervisorEvents,
  launch: () => ChildProcess = forkBroker,
): Promise<BrokerSupervisor> {
  let child: ChildProcess | undefined;
  let up = false;
  let closing = false;
  let pauseMs = restartMsMin;
  let restart: NodeJS.Timeout | undefined;
  // A broker that is started again takes the port that boxes know.
  let port = settings.port;
  let admission = settings.admission;

  /** Resolves when it listens. Rejects when it ends before that; the next start is planned then. */
  function start(): Promise<void> {
    const startedAt = process.hrtime.bigint();
    return new Promise((resolve, reject) => {
      const heard = (message: FromBroker) => {
        if (message.kind === "listening") {
          up = true;
          port = message.port;
          // It may have changed since the start began.
          say(child, { kind: "admission", admission });
          resolve();
        } else if (message.kind === "failed") reject(new Error(`the broker cannot listen: ${message.detail}`));
        events.event(message);
      };
      const ended = (how: string) => {
        up = false;
        child = undefined;
        reject(new Error(`the broker's process ${how} before it listened`));
        if (closing) return;
        if (Number(process.hrtime.bigint() - startedAt) / 1e6 > soundAfterMs) pauseMs = restartMsMin;
        events.died(`the broker's process ${how}; next start in ${pauseMs} ms`);
        // Its end tells of itself.
        restart = setTimeout(() => void start().catch(() => undefined), pauseMs);
        pauseMs = Math.min(pauseMs * 2, restartMsMax);
      };
      child = run(launch, heard, ended);
      say(child, { kind: "settings", settings: { ...settings, port, admission } });
    });
  }

  async function close(): Promise<void> {
    closing = true;
    clearTimeout(restart);
    if (child !== undefined) await end(child);
  }

  try {
    await start();
    return {
      port,
      isUp: () => up,
      pid: () => child?.pid,
      admit(next) {
        admission = next;
        say(child, { kind: "admission", admission });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export function forkBroker(): ChildProcess {
  return fork(fileURLToPath(builtFile("hub/broker/process.ts")), {
    execArgv: brokerFlags,
    env: { ...process.env, ...brokerMemory },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** `ended` hears once how it ended; a machine without room for a process is as good a reason. */
function run(
  launch: () => ChildProcess,
  heard: (message: FromBroker) => void,
  ended: (how: string) => void,
): ChildProcess | undefined {
  try {
    const broker = launch();
    broker.on("message", heard);
    broker.once("exit", (code, signal) => ended(`ended with ${signal ?? code}`));
    broker.on("error", (error) => {
      // One that never ran has no exit. Any other error is of one message or signal.
      if (broker.pid === undefined) ended(`could not be started: ${error.message}`);
    });
    return broker;
  } catch (error) {
    ended(`could not be started: ${String(error)}`);
    return undefined;
  }
}

function say(broker: ChildProcess | undefined, message: ToBroker): void {
  // One that dies meanwhile is started again with the present settings.
  if (broker?.connected === true) broker.send(message, () => undefined);
}

function end(broker: ChildProcess): Promise<void> {
  if (broker.pid === undefined) return Promise.resolve();
  const ended = new Promise<void>((resolve) => broker.once("exit", () => resolve()));
  broker.kill("SIGTERM");
  return ended;
}
