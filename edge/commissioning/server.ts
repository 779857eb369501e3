// The reaction thread's end of the box's HTTP: starts the worker, hands it the status, answers its questions, starts it again
// when it dies.
import { Worker } from "node:worker_threads";
import { builtFile } from "../machine/built.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { ErrorCode } from "../model/error.js";
import type { HttpConfig } from "../model/site.js";
import type { Question, Reply } from "./questions.js";
import type { BoxStatus } from "./status.js";

export interface BoxServer {
  /** Where it listens; null while it does not. */
  address(): string | null;
  tell(status: BoxStatus): void;
  close(): Promise<void>;
}

export interface BoxServerParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly trouble: (code: ErrorCode, detail: string) => void;
  /** Called on the reaction thread: must be quick, or wait for others only. Never rejects. */
  readonly answer: (question: Question) => Promise<Reply>;
}

export type ToServer =
  | { readonly kind: "status"; readonly status: BoxStatus }
  | { readonly kind: "reply"; readonly id: number; readonly reply: Reply };

export type FromServer =
  | { readonly kind: "listening"; readonly address: string }
  | { readonly kind: "question"; readonly id: number; readonly question: Question }
  | { readonly kind: "trouble"; readonly code: ErrorCode; readonly detail: string };

/** What the worker is started with. */
export interface ServerData {
  readonly http: HttpConfig;
  readonly dataDir: string;
  /** The box's signing key. */
  readonly keyFile: string;
}

const restartAfterMs = 2_000;

/** Listens where the configuration says; a port that is taken is told as trouble and tried again. */
export function startBoxServer(listen: ServerData, { clock, timer, trouble, answer }: BoxServerParts): BoxServer {
  let worker: Worker | null = null;
  let address: string | null = null;
  let closed = false;

  function start(): void {
    if (closed) return;
    const started = new Worker(builtFile("edge/commissioning/server-worker.ts"), { workerData: listen });
    worker = started;
    started.on("message", (message: FromServer) => {
      if (message.kind === "listening") address = message.address;
      else if (message.kind === "trouble") trouble(message.code, message.detail);
      else void answer(message.question).then((reply) => post({ kind: "reply", id: message.id, reply }));
    });
    started.on("error", (error) => trouble("api.internal", error.message));
    started.on("exit", () => {
      worker = null;
      address = null;
      if (!closed) timer.at(clock.mono() + restartAfterMs, start);
    });
  }

  function post(message: ToServer): void {
    worker?.postMessage(message);
  }

  start();
  return {
    address: () => address,
    tell: (status) => post({ kind: "status", status }),
    close: async () => {
      closed = true;
      await worker?.terminate();
    },
  };
}
