// The agent's side of journal and uplink: hands facts to the worker, keeps them until they are durable, survives its death.
import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import { builtFile } from "../machine/built.js";
import { createClock } from "../machine/clock.js";
import type { Clock, Timer } from "../machine/ports.js";
import { createTimer } from "../machine/timer.js";
import type { Command, CommandResult } from "../model/command.js";
import type { Durable } from "../model/durable.js";
import { type ErrorCode, PortcullisError, type Trouble } from "../model/error.js";
import type { Lane } from "../model/record.js";
import type {
  Ask,
  FromWorker,
  NumberedEntry,
  RecorderEntry,
  RecorderOptions,
  RecorderStatus,
  ToWorker,
  WorkerOptions,
} from "./recorder-messages.js";

/** Entries that wait for the disk, as a share of which each lane may use: alarms are the last to be refused. */
const entriesMax = 20_000;
const shareOf: Record<Lane, number> = { alarm: 1, state: 0.75, telemetry: 0.5 };
const troublesKeptMax = 100;
const backOffMs = { first: 200, max: 30_000 };
const closeWithinMs = 5000;
/** A worker that lived this long counts as healthy, and the next restart is quick again. */
const healthyMs = 60_000;

export type CommandHandler = (command: Command) => Promise<CommandResult>;
export type TroubleHandler = (code: ErrorCode, detail: string) => void;

export interface Recorder {
  /**
   * Resolves when all entries are durable (or, with no disk, in the volatile epoch). Telemetry for which there is no room
   * is counted and dropped. Rejects with a PortcullisError: `journal.disk-full`, `journal.queue-full`.
   */
  append(entries: readonly RecorderEntry[]): Promise<void>;
  /** What all records amount to, those of earlier runs too. Rejects when the worker dies. */
  durable(): Promise<Durable>;
  /** What else stands in the encrypted areas from now on: a new configuration is about to be in force. */
  keepSecret(ids: readonly string[]): void;
  /** One handler; without one commands are refused. A command is handed over only before it expires. */
  onCommand(handler: CommandHandler): void;
  /** One handler; trouble from before it is set is handed over then. */
  onTrouble(handler: TroubleHandler): void;
  status(): Promise<RecorderStatus>;
  /** Wall time of the newest record of earlier runs whose clock could be believed; 0 when there is none. */
  wallMs(): number;
  /** Earlier records were read back without a gap. */
  isWhole(): boolean;
  /** Writes what waits, says good-bye to the hub, ends the worker. */
  close(): Promise<void>;
}

export interface RecorderMachine {
  readonly clock: Clock;
  readonly timer: Timer;
  startWorker(options: WorkerOptions): Worker;
}

const realMachine: RecorderMachine = {
  clock: createClock(),
  timer: createTimer(),
  startWorker: (workerData) => new Worker(builtFile("edge/agent/recorder-worker.ts"), { workerData }),
};

/** Resolves when the worker is ready, or has died once: the box must act also without a journal, and it is tried again. */
export async function startRecorder(
  options: RecorderOptions,
  machine: RecorderMachine = realMachine,
): Promise<Recorder> {
  const recorder = new WorkerRecorder({ ...options, run: randomUUID() }, machine);
  await recorder.started;
  return recorder;
}

interface Waiting {
  readonly ask: Ask;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

class WorkerRecorder implements Recorder {
  readonly started: Promise<void>;
  #options: WorkerOptions;
  readonly #machine: RecorderMachine;
  /** Asked and not answered, in order; appends among them are handed over again to the next worker. */
  readonly #waiting = new Map<number, Waiting>();
  #onStarted: () => void = () => undefined;
  #worker: Worker | null = null;
  #cancelRestart: () => void = () => undefined;
  #isReady = false;
  #isClosed = false;
  #startedAt = 0;
  #deaths = 0;
  #lastId = 0;
  #lastEntry = 0;
  #entriesWaiting = 0;
  #wallMs = 0;
  #isWhole = false;
  #telemetryDropped = 0;
  #command: CommandHandler | null = null;
  #trouble: TroubleHandler | null = null;
  #troublesKept: Trouble[] = [];

  constructor(options: WorkerOptions, machine: RecorderMachine) {
    this.#options = options;
    this.#machine = machine;
    this.started = new Promise((resolve) => {
      this.#onStarted = resolve;
    });
    this.#startWorker();
  }

  async append(entries: readonly RecorderEntry[]): Promise<void> {
    const accepted = this.#admit(entries);
    if (accepted.length === 0) return;
    this.#entriesWaiting += accepted.length;
    try {
      await this.#ask({ op: "append", entries: accepted });
    } finally {
      this.#entriesWaiting -= accepted.length;
    }
  }

  async durable(): Promise<Durable> {
    return (await this.#ask({ op: "durable" })) as Durable;
  }

  keepSecret(ids: readonly string[]): void {
    // The next worker must know them too.
    this.#options = { ...this.#options, secretIds: [...new Set([...this.#options.secretIds, ...ids])] };
    this.#post({ kind: "secret", ids });
  }

  onCommand(handler: CommandHandler): void {
    this.#command = handler;
  }

  onTrouble(handler: TroubleHandler): void {
    this.#trouble = handler;
    for (const trouble of this.#troublesKept.splice(0)) this.#report(trouble);
  }

  async status(): Promise<RecorderStatus> {
    return (await this.#ask({ op: "status" })) as RecorderStatus;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  isWhole(): boolean {
    return this.#isWhole;
  }

  async close(): Promise<void> {
    const { clock, timer } = this.#machine;
    if (this.#isReady) {
      const cancel = timer.at(clock.mono() + closeWithinMs, () => this.#worker?.terminate().catch(this.#unexpected));
      await this.#ask({ op: "close" }).catch(this.#unexpected);
      cancel();
    }
    this.#isClosed = true;
    this.#cancelRestart();
    await this.#worker?.terminate();
    this.#forget({ code: "journal.worker-died", place: "recorder", detail: "closed" });
  }

  /** Numbers the entries that find room. */
  #admit(entries: readonly RecorderEntry[]): readonly NumberedEntry[] {
    const hasRoom = ({ fact }: RecorderEntry) => this.#entriesWaiting < entriesMax * shareOf[fact.lane];
    const refused = entries.find((entry) => entry.fact.lane !== "telemetry" && !hasRoom(entry));
    if (refused !== undefined)
      throw new PortcullisError(this.#report(queueFull(refused.fact.lane, this.#entriesWaiting)));
    const accepted = entries.filter(hasRoom);
    if (accepted.length < entries.length && this.#telemetryDropped === 0)
      this.#report(queueFull("telemetry", entriesMax));
    this.#telemetryDropped += entries.length - accepted.length;
    return accepted.map((entry) => {
      this.#lastEntry += 1;
      return { ...entry, number: this.#lastEntry };
    });
  }

  #ask(ask: Ask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { ask, resolve, reject });
      if (this.#isReady) this.#post({ kind: "ask", id: this.#lastId, ask });
    });
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  // --- the worker's life -----------------------------------------------------------------------------------------------

  #startWorker(): void {
    this.#startedAt = this.#machine.clock.mono();
    const worker = this.#machine.startWorker(this.#options);
    this.#worker = worker;
    let cause = "";
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error) => {
      cause = String(error);
    });
    worker.on("exit", (code) => this.#died(`exit code ${code} ${cause}`));
  }

  #died(detail: string): void {
    this.#worker = null;
    this.#isReady = false;
    this.#onStarted();
    const dead: Trouble = { code: "journal.worker-died", place: "recorder", detail };
    this.#forget(dead);
    if (this.#isClosed) return;
    this.#report(dead);
    const now = this.#machine.clock.mono();
    this.#deaths = now - this.#startedAt > healthyMs ? 1 : this.#deaths + 1;
    const waitMs = Math.min(backOffMs.first * 2 ** (this.#deaths - 1), backOffMs.max);
    this.#cancelRestart = this.#machine.timer.at(now + waitMs, () => this.#startWorker());
  }

  /** Gives up what a dead worker was asked; appends stay for the next one, unless there will be none. */
  #forget(reason: Trouble): void {
    for (const [id, { ask, reject }] of this.#waiting) {
      if (ask.op === "append" && !this.#isClosed) continue;
      this.#waiting.delete(id);
      reject(new PortcullisError(reason));
    }
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#isReady = true;
        this.#wallMs = message.wallMs;
        this.#isWhole = message.isWhole;
        for (const [id, { ask }] of this.#waiting) this.#post({ kind: "ask", id, ask });
        this.#onStarted();
        break;
      case "answer":
        this.#settle(message.id)?.resolve(message.value);
        break;
      case "failure":
        this.#settle(message.id)?.reject(new PortcullisError(message.trouble));
        break;
      case "command":
        this.#execute(message).catch(this.#unexpected);
        break;
      case "trouble":
        this.#report(message.trouble);
        break;
    }
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  async #execute({ id, command, expiresAt }: Extract<FromWorker, { kind: "command" }>): Promise<void> {
    const refused = (code: ErrorCode): CommandResult => ({ id: command.id, ok: false, code });
    let result = refused("command.not-possible");
    try {
      if (this.#machine.clock.mono() > expiresAt) {
        result = refused("command.expired");
        this.#report({ code: "command.expired", place: "command", detail: `${command.id}: came too late` });
      } else if (this.#command !== null) result = await this.#command(command);
    } finally {
      this.#post({ kind: "result", id, result });
    }
  }

  // --- trouble ---------------------------------------------------------------------------------------------------------

  #report(trouble: Trouble): Trouble {
    if (this.#trouble !== null) this.#trouble(trouble.code, `${trouble.place}: ${trouble.detail}`);
    else if (this.#troublesKept.length < troublesKeptMax) this.#troublesKept.push(trouble);
    return trouble;
  }

  readonly #unexpected = (error: unknown) => {
    this.#report({ code: "journal.worker-died", place: "recorder", detail: String(error) });
  };
}

function queueFull(lane: Lane, waiting: number): Trouble {
  return {
    code: "journal.queue-full",
    place: "recorder",
    detail: `${lane} refused, ${waiting} entries wait for the disk`,
  };
}
