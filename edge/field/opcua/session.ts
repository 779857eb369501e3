// An OPC UA server as a Driver: one connection after the other for ever, each given up as soon as its heartbeat rests.
import type { DataValue } from "node-opcua";
import { createPendingWrites, type PendingWrites } from "../../machine/pending-writes.js";
import type { Driver } from "../../model/driver.js";
import type { ErrorCode } from "../../model/error.js";
import type { WriteRequest } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { type Access, type Connection, connectOnce } from "./connection.js";
import { watchHeartbeat } from "./heartbeat.js";
import { createReporter, type Reporter } from "./reporter.js";
import { orderVariant } from "./values.js";
import { type Machine, pause, within } from "./waiting.js";

/** From writing to the value read back. */
export const writeWithinMs = 1_500;
const readBackEveryMs = 50;
const connectWithinMs = 8_000;
const closeWithinMs = 800;
const retryAfterMsMin = 250;
const retryAfterMsMax = 5_000;

/** The driver on one thread; worker.ts runs it, driver.ts carries it to the reaction thread. */
export function createOpcuaSession(config: OpcuaDriverConfig, access: Access, machine: Machine): Driver {
  const reporter = createReporter(config, machine);
  const writes = createPendingWrites(machine, reporter.result);
  let connection: Connection | null = null;
  let endNow: (reason: string) => void = () => undefined;
  let told = "";
  let life: { stop(): Promise<void> } | null = null;

  /** One connection, from dialling to its end. Resolves with whether it was ever believed. */
  async function live(): Promise<boolean> {
    const over = new Promise<string>((resolve) => {
      endNow = resolve;
    });
    const trust = believe(config, reporter, machine, endNow);
    const dialling = connectOnce(config, access, { ...trust, refused: reporter.refused, ended: endNow });
    try {
      connection = await within(connectWithinMs, dialling, machine);
      trust.start();
    } catch (error) {
      endNow(messageOf(error));
      dialling.then(hangUp, () => undefined);
    }
    const reason = await over;
    trust.stop();
    reporter.down(reason);
    // The same trouble at each attempt is told once.
    if (!trust.believed() && reason !== told) reporter.trouble("field.unreachable", `${config.endpoint}: ${reason}`);
    told = trust.believed() ? "" : reason;
    writes.failAll("field.unreachable");
    const ended = connection;
    connection = null;
    if (ended !== null) await hangUp(ended);
    return trust.believed();
  }
  /** A close that fails or hangs is left behind: the next connection shares nothing with it. */
  function hangUp(ended: Connection): Promise<void> {
    return within(closeWithinMs, ended.close(), machine).catch((error: unknown) => {
      reporter.trouble("field.unreachable", `${config.endpoint}: close: ${messageOf(error)}`);
    });
  }

  return {
    open(events) {
      reporter.listen(events);
      life = again(live, machine);
      return Promise.resolve();
    },
    write: (request) => void order(request, { config, reporter, writes, machine, connection }),
    health: reporter.health,
    async close() {
      reporter.close();
      writes.failAll("field.unreachable");
      const stopped = life?.stop() ?? Promise.resolve();
      endNow("closed");
      await within(closeWithinMs, stopped, machine).catch(() => undefined);
    },
  };
}

/** Runs `live` after each end again, with growing pauses while it does not work, until it is stopped. */
function again(live: () => Promise<boolean>, machine: Machine): { stop(): Promise<void> } {
  let stop: () => void = () => undefined;
  const stopped = new Promise<"stopped">((resolve) => {
    stop = () => resolve("stopped");
  });
  async function run(): Promise<void> {
    let waitMs = retryAfterMsMin;
    do {
      const worked = await live();
      waitMs = worked ? retryAfterMsMin : Math.min(waitMs * 2, retryAfterMsMax);
    } while ((await Promise.race([stopped, pause(waitMs, machine)])) !== "stopped");
  }
  const done = run();
  return {
    stop() {
      stop();
      return done;
    },
  };
}

/**
 * Holds back what a new connection says until the heartbeat has moved on it: a frozen server answers with good values
 * that nobody keeps up to date.
 */
function believe(config: OpcuaDriverConfig, reporter: Reporter, machine: Machine, end: (reason: string) => void) {
  const held = new Map<string, { value: DataValue; at: MonoMs }>();
  let believed = false;
  const heartbeat = watchHeartbeat(config.watchdogMs, machine, {
    beat() {
      if (believed) return;
      believed = true;
      reporter.up();
      for (const [node, { value, at }] of held) reporter.changed(node, value, at);
    },
    rest: () => end(`heartbeat ${config.heartbeat} rests for ${config.watchdogMs} ms`),
  });
  return {
    changed(node: string, value: DataValue): void {
      const at = machine.clock.mono();
      if (believed) reporter.changed(node, value, at);
      else held.set(node, { value, at });
      if (node === config.heartbeat) heartbeat.saw(value);
    },
    believed: () => believed,
    start: heartbeat.start,
    stop: heartbeat.stop,
  };
}

interface OrderPort {
  readonly config: OpcuaDriverConfig;
  readonly reporter: Reporter;
  readonly writes: PendingWrites;
  readonly machine: Machine;
  readonly connection: Connection | null;
}

/** Writes, then reads back until the server holds the value; the pending write's own limit ends the reading. */
async function order(request: WriteRequest, port: OrderPort): Promise<void> {
  const { writes, connection } = port;
  if (!writes.add(request, writeWithinMs)) return;
  const fail = (reason: ErrorCode) => writes.fail(request.id, reason);
  const point = port.config.points.find(({ id, direction }) => id === request.point && direction === "out");
  const value = point === undefined ? null : orderVariant(point, request.value);
  if (point === undefined || value === null) return fail("field.write-refused");
  if (connection === null) return fail("field.unreachable");
  try {
    const status = await connection.write(point.node, value);
    if (!status.isGood()) {
      port.reporter.trouble("field.write-refused", `node ${point.node}: ${status.name}`);
      return fail("field.write-refused");
    }
    while (writes.waitingFor(point.id).includes(request)) {
      const seen = await connection.read(point.node);
      if (seen.statusCode.isGood() && seen.value.value === request.value) return writes.confirm(request.id);
      await pause(readBackEveryMs, port.machine);
    }
  } catch (error) {
    port.reporter.trouble("field.unreachable", `node ${point.node}: ${messageOf(error)}`);
    fail("field.unreachable");
  }
}

/** On one line: node-opcua's messages have several, with advice. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").slice(0, messageLengthMax);
}
const messageLengthMax = 300;
