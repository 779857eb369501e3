// Holds the connection to the hub, one address after the other; sends records through it and brings commands down.
import type { Clock, Link, Random, Timer } from "../machine/ports.js";
import type { Command, CommandResult } from "../model/command.js";
import type { ErrorCode, Trouble } from "../model/error.js";
import type { Lane, LaneHead } from "../model/record.js";
import type { MonoMs } from "../model/time.js";
import { laneKey } from "../record/verify.js";
import { createCommandGate } from "./command-gate.js";
import { InvalidMessage, parseAck } from "./messages.js";
import { type RecordSource, Sender } from "./sender.js";
import { type Topics, topicsOf } from "./topics.js";

/** The hub must be reached and state its heads within this time, else the next address is tried. */
const statementWithinMs = 30_000;
const backOffMs = { first: 500, max: 30_000 };
const tickMs = 1000;
const sessionBytes = 16;

export interface UplinkSetup {
  readonly site: string;
  readonly edge: string;
  /** One per address of the hub, tried in turn. */
  readonly links: readonly Link[];
  readonly source: RecordSource;
  readonly machine: { readonly clock: Clock; readonly timer: Timer; readonly random: Random };
  /** Executes a command unless `expiresAt` (monotonic) has passed. */
  readonly onCommand: (command: Command, expiresAt: MonoMs) => Promise<CommandResult>;
  readonly onTrouble: (trouble: Trouble) => void;
}

export interface UplinkStatus {
  /** The hub has stated its heads on the present connection. */
  readonly hubConnected: boolean;
  /** Durable records that the hub has not acknowledged. */
  readonly backlog: Record<Lane, number>;
  /** What the hub has on its disk, as far as is known. */
  readonly acknowledged: readonly LaneHead[];
}

/** One connection: nothing of it is used after the next one begins. */
interface Connection {
  readonly link: Link;
  readonly session: string;
  readonly since: MonoMs;
  readonly sender: Sender;
}

interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
}

export class Uplink {
  readonly #setup: UplinkSetup;
  readonly #topics: Topics;
  readonly #gate = createCommandGate();
  #connection: Connection | null = null;
  #cancelTimer: () => void = () => undefined;
  #attempt = 0;
  #turn = 0;

  constructor(setup: UplinkSetup) {
    this.#setup = setup;
    this.#topics = topicsOf(setup.site, setup.edge);
  }

  start(): void {
    this.#connect();
  }

  /** Records have become durable. */
  wake(): void {
    this.#connection?.sender.wake();
  }

  status(): UplinkStatus {
    const { source } = this.#setup;
    const acknowledged = source.acknowledged();
    const sequences = new Map(acknowledged.map((head) => [laneKey(head), head.sequence]));
    const backlog = { alarm: 0, state: 0, telemetry: 0 };
    for (const head of source.heads()) {
      backlog[head.lane] += Math.max(0, head.sequence - (sequences.get(laneKey(head)) ?? 0));
    }
    return { hubConnected: this.#connection?.sender.isReady ?? false, backlog, acknowledged };
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#drop();
    if (connection === null) return;
    await connection.link
      .publish(this.#topics.status, JSON.stringify({ online: false }), { retain: true })
      .catch(() => null);
    await connection.link.close();
  }

  // --- connection ------------------------------------------------------------------------------------------------------

  #connect(): void {
    const { links, machine } = this.#setup;
    const link = links[this.#turn % links.length];
    if (link === undefined) return;
    const session = Buffer.from(machine.random.bytes(sessionBytes)).toString("hex");
    const onLost = (reason: string) => this.#lose(connection, reason);
    const sender = new Sender({ ...this.#setup, link, topics: this.#topics, clock: machine.clock, onLost });
    const connection: Connection = { link, session, since: machine.clock.mono(), sender };
    const isPresent = () => this.#connection === connection;
    this.#connection = connection;
    this.#tick(connection);
    link.connect({
      up: () => isPresent() && this.#greet(connection),
      down: (reason) => isPresent() && this.#lose(connection, reason),
      message: (topic, payload, retained) => isPresent() && this.#receive(connection, { topic, payload, retained }),
    });
  }

  #greet(connection: Connection): void {
    const online = { online: true, epoch: this.#setup.source.epoch(), session: connection.session };
    connection.link
      .publish(this.#topics.status, JSON.stringify(online), { retain: true })
      .catch((error) => this.#lose(connection, String(error)));
  }

  /** Ends the connection and begins the next one, with the next address, after a while that grows. */
  #lose(connection: Connection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#drop();
    connection.link.close().catch(this.#unexpected);
    if (this.#attempt === 0) this.#trouble("uplink.unreachable", reason);
    const { clock, timer, random } = this.#setup.machine;
    const longestMs = Math.min(backOffMs.first * 2 ** this.#attempt, backOffMs.max);
    const share = (random.bytes(1)[0] ?? 0) / 256;
    this.#attempt += 1;
    this.#turn += 1;
    this.#cancelTimer = timer.at(clock.mono() + longestMs * (0.5 + share / 2), () => this.#connect());
  }

  #drop(): void {
    this.#connection?.sender.stop();
    this.#connection = null;
    this.#cancelTimer();
  }

  #tick(connection: Connection): void {
    const { clock, timer } = this.#setup.machine;
    const now = clock.mono();
    if (!connection.sender.isReady && now - connection.since >= statementWithinMs) {
      this.#lose(connection, "the hub has not stated its heads");
      return;
    }
    connection.sender.tick();
    this.#cancelTimer = timer.at(now + tickMs, () => this.#tick(connection));
  }

  // --- from the hub ----------------------------------------------------------------------------------------------------

  #receive(connection: Connection, message: Message): void {
    if (message.topic === this.#topics.ack && !message.retained) this.#acknowledged(connection, message.payload);
    else if (message.topic === this.#topics.command) this.#order(connection, message).catch(this.#unexpected);
    else this.#trouble("uplink.message-invalid", "retained, or of another topic", message.topic);
  }

  #acknowledged(connection: Connection, payload: string): void {
    const heads = this.#headsIn(payload);
    if (heads === null) return;
    this.#attempt = 0;
    this.#setup.source.acknowledge(heads).catch(this.#unexpected);
    connection.sender.acknowledged(heads);
  }

  #headsIn(payload: string): readonly LaneHead[] | null {
    try {
      return parseAck(payload);
    } catch (error) {
      if (!(error instanceof InvalidMessage)) throw error;
      this.#trouble("uplink.message-invalid", error.message, this.#topics.ack);
      return null;
    }
  }

  async #order(connection: Connection, message: Message): Promise<void> {
    const at = this.#setup.machine.clock.mono();
    const judgement = this.#gate.judge({ ...message, at, session: connection.session });
    if (!judgement.ok) {
      this.#trouble(judgement.code, judgement.detail, this.#topics.command);
      if (judgement.id !== null) await this.#answer({ id: judgement.id, ok: false, code: judgement.code });
      return;
    }
    await this.#answer(await this.#setup.onCommand(judgement.command, judgement.expiresAt));
  }

  async #answer(result: CommandResult): Promise<void> {
    await this.#connection?.link.publish(this.#topics.result, JSON.stringify(result));
  }

  readonly #unexpected = (error: unknown) => this.#trouble("uplink.unreachable", String(error));

  #trouble(code: ErrorCode, detail: string, place = "uplink"): void {
    this.#setup.onTrouble({ code, place, detail });
  }
}
