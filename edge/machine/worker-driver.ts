// A driver in a thread of its own, as the reaction thread sees it: its death or hanging is a fault of its points and a
// bounded restart, never more.
import { Worker } from "node:worker_threads";
import type { Driver, DriverEvents, DriverHealth } from "../model/driver.js";
import type { PointValue } from "../model/point.js";
import { builtFile } from "./built.js";
import type { FromWorker, ToWorker } from "./driver-in-worker.js";
import { createPendingWrites } from "./pending-writes.js";
import type { Clock, Timer } from "./ports.js";

export interface WorkerDriverOptions {
  /** Source of the worker, which calls `serveDriver`. */
  readonly file: string;
  /** Handed to the worker as its `workerData`. */
  readonly data: unknown;
  /** Input points, to report as lost when the worker is. */
  readonly inputs: readonly string[];
  /** Awaited before each start of the worker; its rejection counts as the worker's death. */
  readonly prepare?: () => Promise<void>;
  /** Longer than the worker's own limit for a write: only a hanging worker reaches it. */
  readonly writeWithinMs: number;
  readonly clock: Clock;
  readonly timer: Timer;
}

/** From the start of a worker to its first word; a loaded machine needs seconds to load a library. */
const startWithinMs = 30_000;
/** A worker that says nothing for this long hangs and is ended. */
const silentAfterMs = 10_000;
const restartAfterMsMin = 500;
const restartAfterMsMax = 30_000;
/** A worker that lived this long starts again after the shortest wait when it dies. */
const livedMs = 60_000;
/** After that a closing worker is ended by force; `close` has 2 s, also where a busy machine takes long to clear a thread away. */
const closeWithinMs = 1_500;
const endWithinMs = 1_800;
const heapMiBMax = 256;

/** Wraps the worker as a Driver. `open` resolves when the worker has opened or has failed for the first time. */
export function createWorkerDriver(options: WorkerDriverOptions): Driver {
  const { clock, timer } = options;
  const values = new Map<string, PointValue>();
  const writes = createPendingWrites(options, (result) => events?.result(result));
  const health = watchHealth(clock);
  let events: DriverEvents | null = null;
  let running: RunningWorker | null = null;
  let failures = 0;
  let cancelRestart: () => void = () => undefined;

  function hear(message: FromWorker): void {
    if (message.kind === "health") health.hear(message.health);
    else if (message.kind === "result") writes.settle(message.result);
    else if (events !== null) pass(message, events);
    if (message.kind === "sample" && message.sample.value !== null) {
      values.set(message.sample.point, message.sample.value);
    }
  }

  function die(reason: string, livedForMs: number): void {
    running = null;
    health.die(reason);
    events?.trouble("field.unreachable", `worker ended: ${reason}`);
    const occurredAt = clock.mono();
    for (const point of options.inputs) {
      events?.sample({ point, value: values.get(point) ?? null, quality: "lost", occurredAt });
    }
    events?.link(false, reason);
    writes.failAll("field.unreachable");
    failures = livedForMs >= livedMs ? 0 : failures + 1;
    const waitMs = Math.min(restartAfterMsMin * 2 ** failures, restartAfterMsMax);
    cancelRestart = timer.at(clock.mono() + waitMs, () => void start());
  }

  async function start(): Promise<void> {
    try {
      if (options.prepare !== undefined) await options.prepare();
      if (events === null) return;
      // Throws where the system gives no further thread.
      running = runWorker(options, hear, die);
    } catch (error) {
      if (events !== null) die(error instanceof Error ? error.message : String(error), 0);
      return;
    }
    await running.opened;
  }

  return {
    open(listener) {
      events = listener;
      return start();
    },
    write(request) {
      if (!writes.add(request, options.writeWithinMs)) return;
      if (running === null) writes.fail(request.id, "field.unreachable");
      else running.send({ kind: "write", request });
    },
    health: health.read,
    async close() {
      writes.failAll("field.unreachable");
      events = null;
      cancelRestart();
      await running?.close();
    },
  };
}

function pass(message: FromWorker, events: DriverEvents): void {
  if (message.kind === "sample") events.sample(message.sample);
  else if (message.kind === "link") events.link(message.up, message.reason);
  else if (message.kind === "trouble") events.trouble(message.code, message.detail);
}

/** What the worker last told of its health, and the deaths that it could not tell. */
function watchHealth(clock: Clock) {
  let told: DriverHealth = { connected: false, dataAgeMs: null, reconnects: 0, errors: 0, lastError: "" };
  let at = clock.mono();
  let before = { reconnects: 0, errors: 0 };
  return {
    hear(next: DriverHealth): void {
      told = next;
      at = clock.mono();
    },
    die(reason: string): void {
      before = { reconnects: before.reconnects + told.reconnects + 1, errors: before.errors + told.errors + 1 };
      told = { ...told, connected: false, reconnects: 0, errors: 0, lastError: reason };
    },
    read: (): DriverHealth => ({
      ...told,
      dataAgeMs: told.dataAgeMs === null ? null : told.dataAgeMs + clock.mono() - at,
      reconnects: before.reconnects + told.reconnects,
      errors: before.errors + told.errors,
    }),
  };
}

interface RunningWorker {
  /** Resolves when the driver in the worker is open, or with the worker's end. */
  readonly opened: Promise<void>;
  send(message: ToWorker): void;
  close(): Promise<void>;
}

function runWorker(
  options: WorkerDriverOptions,
  hear: (message: FromWorker) => void,
  die: (reason: string, livedForMs: number) => void,
): RunningWorker {
  const { clock, timer } = options;
  const startedAt = clock.mono();
  const opened = signal();
  const closed = signal();
  const worker = startThread(options);
  let reason = "";
  let closing = false;
  /** Closed or given up: what it says while it is cleared away is not heard. */
  let over = false;
  let cancelWatch = watch(startWithinMs);

  function watch(ms: number): () => void {
    return timer.at(clock.mono() + ms, () => {
      reason = `silent for ${ms} ms`;
      void worker.terminate();
    });
  }

  worker.on("message", (message: FromWorker) => {
    cancelWatch();
    cancelWatch = watch(silentAfterMs);
    if (message.kind === "opened") opened.give();
    else if (message.kind === "closed") closed.give();
    if (!over) hear(message);
  });
  worker.on("error", (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", (code) => {
    cancelWatch();
    opened.give();
    closed.give();
    if (!closing) die(reason === "" ? `exit code ${code}` : reason, clock.mono() - startedAt);
  });

  return {
    opened: opened.given,
    send: (message) => worker.postMessage(message),
    async close() {
      closing = true;
      const since = clock.mono();
      worker.postMessage({ kind: "close" } satisfies ToWorker);
      const cancelClose = timer.at(since + closeWithinMs, closed.give);
      await closed.given;
      cancelClose();
      over = true;
      const ended = signal();
      const cancelEnd = timer.at(since + endWithinMs, ended.give);
      void worker.terminate().then(ended.give);
      await ended.given;
      cancelEnd();
    },
  };
}

function startThread(options: WorkerDriverOptions): Worker {
  const worker = new Worker(builtFile(options.file), {
    workerData: options.data,
    resourceLimits: { maxOldGenerationSizeMb: heapMiBMax },
    stdout: true,
    stderr: true,
  });
  // Libraries print there; what matters comes as a message, or as the error that ends the worker.
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

/** A promise that others keep. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}
