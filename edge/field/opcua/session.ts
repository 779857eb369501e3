// An OPC UA server as a Driver: one connection after the other for ever, each given up as soon as its heartbeat rests.
import type { DataValue } from "node-opcua";
import { createPendingWrites } from "../../machine/pending-writes.js";
import type { Driver } from "../../model/driver.js";
import { type ErrorCode, PortcullisError } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";
import type { OpcuaDriverConfig } from "../../model/wiring.js";
import { type Connection, connectOnce } from "./connection.js";
import { watchHeartbeat } from "./heartbeat.js";
import { carryOut } from "./orders.js";
import { createReporter, type Reporter } from "./reporter.js";
import type { Access } from "./security.js";
import { type Machine, messageOf, pause, within } from "./waiting.js";

const connectWithinMs = 8_000;
const closeWithinMs = 800;
/** A server that is rejected or revoked is let go after this. */
const lookEveryMs = 5_000;
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
    let refusal: ErrorCode = "field.unreachable";
    let stopLooking: () => void = () => undefined;
    const trust = believe(config, reporter, machine, endNow);
    const noted = reporter.trouble;
    const dialling = connectOnce(config, access, { ...trust, noted, refused: reporter.refused, ended: endNow });
    try {
      connection = await within(connectWithinMs, dialling, machine);
      trust.start();
      stopLooking = look(connection, endNow, machine);
    } catch (error) {
      if (error instanceof PortcullisError) refusal = error.trouble.code;
      endNow(error instanceof PortcullisError ? error.trouble.detail : messageOf(error));
      dialling.then(hangUp, () => undefined);
    }
    const reason = await over;
    stopLooking();
    trust.stop();
    reporter.down(reason);
    // The same trouble at each attempt is told once.
    if (!trust.believed() && reason !== told) reporter.trouble(refusal, `${config.endpoint}: ${reason}`);
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
    write: (request) => void carryOut(request, { config, reporter, writes, machine, connection }),
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

/** Ends a connection whose server is rejected or revoked. A disk that cannot be read any more rejects nobody. */
function look(connection: Connection, end: (reason: string) => void, machine: Machine): () => void {
  function lookAgain(): () => void {
    return machine.timer.at(machine.clock.mono() + lookEveryMs, () => {
      try {
        const objection = connection.objection();
        if (objection !== null) return end(`trusted no longer: ${objection}`);
      } catch {
        // Bollards must close also without a disk.
      }
      cancel = lookAgain();
    });
  }
  let cancel = lookAgain();
  return () => cancel();
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
