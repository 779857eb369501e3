// Holds the connection to the hub, one address after the other; sends records through it and brings commands down.
import type { Clock, Link, Random, Timer } from "../machine/ports.js";
import type { Command, CommandResult } from "../model/command.js";
import type { ErrorCode, Trouble } from "../model/error.js";
import type { LaneHead } from "../model/record.js";
import type { MonoMs } from "../model/time.js";
import { laneKey } from "../record/verify.js";
import { depths, type PerLane } from "./backlog.js";
import { createCommandGate } from "./command-gate.js";
import { type Connection, prepareConnection } from "./connection.js";
import { InvalidMessage, parseAck, type Statement } from "./messages.js";
import type { RecordSource } from "./sender.js";
import { completed, forkedHeads } from "./statement.js";
import { type Topics, topicsOf } from "./topics.js";

/** The hub must be reached and state its heads within this time, else the next address is tried. */
const statementWithinMs = 30_000;
const backOffMs = { first: 500, max: 30_000 };
/** A fresh alarm cuts a back-off short: the next attempt follows the last one by this. */
const hurryAfterMs = 500;
/** While another address serves, the first one is tried this often. */
const homeEveryMs = 60_000;
const tickMs = 1000;
/** Heads that are told at the greeting, the newest; the hub compares them with what it has. */
const greetingHeadsMax = 30;

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
  readonly backlog: PerLane;
  /** What the hub has on its disk, as far as is known. */
  readonly acknowledged: readonly LaneHead[];
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
  /** On its way to the first address, while `#connection` serves from another. */
  #home: Connection | null = null;
  #cancelTimer: () => void = () => undefined;
  #attempt = 0;
  #turn = 0;
  #triedAt = 0;
  /** When the next attempt is due, while there is no connection. */
  #nextAt = Number.POSITIVE_INFINITY;
  #homeTriedAt = Number.NEGATIVE_INFINITY;
  #alarms = 0;
  #isClosed = false;
  /** Lanes, by key, that another box has continued: nothing of them is sent any more. */
  readonly #forked = new Set<string>();

  constructor(setup: UplinkSetup) {
    this.#setup = setup;
    this.#topics = topicsOf(setup.site, setup.edge);
  }

  start(): void {
    this.#alarms = this.#alarmCount();
    this.#connect();
  }

  /** Records have become durable. */
  wake(): void {
    const alarms = this.#alarmCount();
    const isUrgent = alarms > this.#alarms;
    this.#alarms = alarms;
    if (this.#connection !== null) this.#connection.sender.wake();
    else if (isUrgent && !this.#isClosed) this.#connectAt(Math.min(this.#nextAt, this.#triedAt + hurryAfterMs));
  }

  status(): UplinkStatus {
    const { source } = this.#setup;
    const hubConnected = this.#connection?.sender.isReady ?? false;
    return { hubConnected, backlog: depths(source), acknowledged: source.acknowledged() };
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#isClosed = true;
    this.#giveUpHome();
    this.#drop();
    if (connection !== null) await this.#leave(connection);
  }

  /** Alarms that are durable, over all epochs. */
  #alarmCount(): number {
    return this.#setup.source.heads().reduce((sum, { lane, sequence }) => sum + (lane === "alarm" ? sequence : 0), 0);
  }

  // --- connection ------------------------------------------------------------------------------------------------------

  #connect(): void {
    const connection = this.#prepare(this.#turn);
    if (connection === null) return;
    this.#triedAt = connection.since;
    this.#connection = connection;
    this.#tick(connection);
    this.#open(connection);
  }

  #prepare(turn: number): Connection | null {
    return prepareConnection(turn, this.#setup, {
      topics: this.#topics,
      lost: (from, reason) => this.#lose(from, reason),
    });
  }

  #open(connection: Connection): void {
    const isHeard = () => this.#connection === connection || this.#home === connection;
    connection.link.connect({
      up: () => isHeard() && this.#greet(connection),
      down: (reason) => isHeard() && this.#lose(connection, reason),
      message: (topic, payload, retained) => isHeard() && this.#receive(connection, { topic, payload, retained }),
    });
  }

  #greet(connection: Connection): void {
    const { source } = this.#setup;
    const heads = source.heads().slice(-greetingHeadsMax);
    const online = { online: true, epoch: source.epoch(), session: connection.session, heads };
    connection.link
      .publish(this.#topics.status, JSON.stringify(online), { retain: true })
      .catch((error) => this.#lose(connection, String(error)));
  }

  /** Ends the connection and begins the next one, with the next address, after a while that grows. */
  #lose(connection: Connection, reason: string): void {
    if (this.#home === connection) this.#giveUpHome();
    if (this.#connection !== connection) return;
    this.#drop();
    connection.link.close().catch(this.#unexpected);
    if (this.#attempt === 0) this.#trouble("uplink.unreachable", reason);
    if (this.#home !== null) {
      this.#settle(this.#home);
      return;
    }
    const { clock, random } = this.#setup.machine;
    const longestMs = Math.min(backOffMs.first * 2 ** this.#attempt, backOffMs.max);
    const share = (random.bytes(1)[0] ?? 0) / 256;
    this.#attempt += 1;
    this.#turn += 1;
    this.#connectAt(clock.mono() + longestMs * (0.5 + share / 2));
  }

  #connectAt(at: MonoMs): void {
    this.#cancelTimer();
    this.#nextAt = at;
    this.#cancelTimer = this.#setup.machine.timer.at(at, () => this.#connect());
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
    this.#lookHome(connection, now);
    this.#cancelTimer = timer.at(now + tickMs, () => this.#tick(connection));
  }

  // --- back to the first address ---------------------------------------------------------------------------------------

  /** The present connection serves on until the first address has stated its heads. */
  #lookHome(present: Connection, now: MonoMs): void {
    const isAway = present.turn % this.#setup.links.length !== 0;
    if (this.#home !== null && now - this.#home.since >= statementWithinMs) this.#giveUpHome();
    if (!isAway || this.#home !== null || now - Math.max(this.#homeTriedAt, present.since) < homeEveryMs) return;
    this.#homeTriedAt = now;
    this.#home = this.#prepare(0);
    if (this.#home !== null) this.#open(this.#home);
  }

  /** When both addresses lead to one hub, its broker has ended the present connection, and this one is settled already. */
  #comeHome(home: Connection): void {
    const away = this.#connection;
    this.#drop();
    if (away !== null) this.#leave(away).catch(this.#unexpected);
    this.#settle(home);
  }

  #settle(home: Connection): void {
    this.#home = null;
    this.#turn = 0;
    home.since = this.#setup.machine.clock.mono();
    this.#connection = home;
    this.#tick(home);
  }

  #giveUpHome(): void {
    this.#home?.link.close().catch(this.#unexpected);
    this.#home = null;
  }

  async #leave(connection: Connection): Promise<void> {
    const gone = JSON.stringify({ online: false });
    await connection.link.publish(this.#topics.status, gone, { retain: true }).catch(() => null);
    await connection.link.close();
  }

  // --- from the hub ----------------------------------------------------------------------------------------------------

  #receive(connection: Connection, message: Message): void {
    if (message.topic === this.#topics.ack && !message.retained) this.#acknowledged(connection, message.payload);
    else if (message.topic === this.#topics.command) this.#order(connection, message).catch(this.#unexpected);
    else this.#trouble("uplink.message-invalid", "retained, or of another topic", message.topic);
  }

  #acknowledged(connection: Connection, payload: string): void {
    const statement = this.#statementIn(payload);
    if (statement === null) return;
    const isFirst = !connection.sender.isReady;
    // What was sent on an earlier connection may be acknowledged before the hub has told all that it has.
    if (isFirst && statement.scope === "part") return;
    const isWhole = isFirst || statement.scope === "all";
    if (connection === this.#home) this.#comeHome(connection);
    this.#attempt = 0;
    const stated = isWhole ? completed(statement.heads, this.#setup.source.acknowledged()) : statement.heads;
    const heads = stated.filter((head) => !this.#forked.has(laneKey(head)));
    this.#setup.source.acknowledge(heads).catch(this.#unexpected);
    if (isWhole) connection.sender.begin();
    connection.sender.acknowledged(heads);
    if (isFirst) this.#leaveForked(connection, heads).catch(this.#unexpected);
  }

  /** Our numbers are taken there: counted as acknowledged to their end, they begin anew in another epoch. */
  async #leaveForked(connection: Connection, heads: readonly LaneHead[]): Promise<void> {
    const { source } = this.#setup;
    const forked = await forkedHeads(heads, source);
    if (forked.length === 0) return;
    for (const head of forked) {
      this.#forked.add(laneKey(head));
      this.#trouble("intake.chain-forked", `${laneKey(head)}/${head.sequence} is another record at the hub`);
    }
    const ended = forked.map((head) => ({ ...head, sequence: Number.MAX_SAFE_INTEGER }));
    await source.acknowledge(ended);
    connection.sender.acknowledged(ended);
  }

  #statementIn(payload: string): Statement | null {
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
