// Points on a Firmata board: raw reports become samples, and a write is what the board says of the relay's pin.
import type { Driver, DriverEvents, DriverHealth } from "../../model/driver.js";
import type { ErrorCode } from "../../model/error.js";
import type { PointValue, Quality, WriteRequest } from "../../model/point.js";
import type { FirmataDriverConfig } from "../../model/wiring.js";
import { Board, type PinState } from "./board.js";
import { Inputs } from "./inputs.js";
import { isEnergised, newPoint, type PointState, settle } from "./point.js";
import { createRelays } from "./relay.js";
import type { FirmataEnv } from "./wire.js";

const writeAttempts = 2;

/**
 * A board over TCP or serial. Inputs are reported on change (analog: more than 6 counts, and each second); outputs when
 * they are read back. A value is told when two raw reports say it. A board without a report for 1.5 s is lost and dialled
 * again. A write ends within 1.5 s.
 */
export function createFirmataDriver(
  config: FirmataDriverConfig,
  env: FirmataEnv,
  newBoard: (...about: ConstructorParameters<typeof Board>) => Board = (...about) => new Board(...about),
): Driver {
  return new FirmataDriver(config, env, newBoard);
}

class FirmataDriver implements Driver {
  readonly #config: FirmataDriverConfig;
  readonly #env: FirmataEnv;
  readonly #board: Board;
  readonly #points: ReadonlyMap<string, PointState>;
  readonly #inputs: Inputs;
  #events: DriverEvents | undefined;
  #relays: ReturnType<typeof createRelays> | undefined;
  #up: boolean | undefined;
  /** False while pins are set up: an input without its pull-up yet reads as pressed. */
  #isSettled = false;
  /** Counts identifications; a set-up that was overtaken by another one stops. */
  #round = 0;
  #beats = 0;
  #links = 0;
  #errors = 0;
  #lastError = "";

  constructor(
    config: FirmataDriverConfig,
    env: FirmataEnv,
    newBoard: (...about: ConstructorParameters<typeof Board>) => Board,
  ) {
    this.#config = config;
    this.#env = env;
    this.#points = new Map(config.points.map((point) => [point.id, newPoint(point)]));
    this.#board = newBoard(config.transport, env, {
      identified: () => this.#guard(this.#setUp()),
      lost: (reason) => this.#lost(reason),
      noise: (bytes) => this.#trouble("field.noise", `${bytes} bytes that belong to no Firmata message`),
      doubted: () => this.#inputs.read(),
      beat: () => this.#guard(this.#beat()),
    });
    this.#inputs = new Inputs(this.#board, env, [...this.#points.values()], {
      isReady: () => this.#up === true && this.#isSettled,
      told: (point, value, at) => this.#report(point, value, "good", at),
    });
  }

  async open(events: DriverEvents): Promise<void> {
    this.#events = events;
    this.#board.open();
  }

  async close(): Promise<void> {
    this.#round += 1;
    this.#up = false;
    this.#board.close();
  }

  health(): DriverHealth {
    const { signAt } = this.#board;
    return {
      connected: this.#up === true,
      dataAgeMs: signAt === null ? null : this.#env.clock.mono() - signAt,
      reconnects: Math.max(0, this.#links - 1),
      errors: this.#errors,
      lastError: this.#lastError,
    };
  }

  write(request: WriteRequest): void {
    void this.#switch(request).then((reason) => {
      const at = this.#env.clock.mono();
      const { id, point } = request;
      this.#events?.result(
        reason === null ? { id, point, ok: true, confirmedAt: at } : { id, point, ok: false, reason, at },
      );
    });
  }

  /** Null when the pin was seen as wanted, else why not. */
  async #switch(request: WriteRequest): Promise<string | null> {
    const point = this.#points.get(request.point);
    if (point?.config.signal !== "relay") return "not an output";
    if (typeof request.value !== "boolean") return "not true or false";
    const wanted = request.value;
    point.wanted = wanted;
    for (let attempt = 0; attempt < writeAttempts; attempt += 1) {
      if (!this.#up) return "link-down";
      if (!point.relay) return "no such pin";
      this.#drive(point, wanted);
      const seen = await this.#readBack(point);
      if (seen === wanted) return null;
      if (point.wanted !== wanted) return "superseded";
    }
    this.#trouble("field.write-unconfirmed", `${request.point}: pin ${point.config.pin} is not ${wanted}`);
    return "unconfirmed";
  }

  #drive(point: PointState, energised: boolean): void {
    this.#inputs.hold();
    if (energised) point.relay?.close();
    else point.relay?.open();
  }

  /** Asks for the relay's pin and reports what it is; null without an answer. */
  async #readBack(point: PointState): Promise<boolean | null> {
    const pin = await this.#board.pinState(point.config.pin);
    if (pin === null) return null;
    const value = isEnergised(point.config, pin.state);
    if (this.#up) this.#change(point, value);
    return value;
  }

  #change(point: PointState, value: boolean): void {
    if (!point.fresh || value !== point.value) this.#report(point, value, "good");
  }

  #report(point: PointState, value: PointValue | null, quality: Quality, at = this.#env.clock.mono()): void {
    const latencyMs = quality === "good" && point.config.direction === "in" ? (point.config.latencyMs ?? 0) : 0;
    // Never before the point's last sample, which would make this one history.
    point.reportedAt = Math.max(point.reportedAt, at - latencyMs);
    point.value = value;
    point.fresh = quality === "good";
    this.#events?.sample({ point: point.config.id, value, quality, occurredAt: point.reportedAt });
  }

  /** After a connection or reset: read the outputs as they are, set the inputs up, then replay what is declared. */
  async #setUp(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    this.#isSettled = false;
    const { io } = this.#board;
    this.#relays ??= createRelays(io, (error) => this.#board.redial(error.message));
    const usable = [...this.#points.values()].filter((point) => this.#isOnBoard(point));
    const relays = usable.filter(({ config }) => config.signal === "relay");
    const found = await this.#statesOf(relays);
    if (round !== this.#round) return;
    if (found === null) return this.#board.redial("no answer about the outputs");
    for (const [point, pin] of found) this.#adopt(point, pin);
    for (const point of usable) this.#forget(point);
    this.#inputs.setUp(usable, this.#config.samplingMs);
    // The answers come after all that the inputs said while they were set up.
    const left = await this.#statesOf(relays);
    if (round !== this.#round) return;
    if (left === null) return this.#board.redial("no answer after the set-up");
    this.#isSettled = true;
    this.#raise();
    this.#inputs.read();
    for (const [point, pin] of left) this.#change(point, isEnergised(point.config, pin.state));
    for (const point of relays) this.#replay(point);
  }

  /** What the board says of these outputs; null when an answer is missing. Asks for pin 0 where there is none. */
  async #statesOf(relays: readonly PointState[]): Promise<readonly (readonly [PointState, PinState])[] | null> {
    const [first, ...pins] = await Promise.all(
      [0, ...relays.map(({ config }) => config.pin)].map((pin) => this.#board.pinState(pin)),
    );
    const states = relays.flatMap((point, index) => {
      const pin = pins[index];
      return pin ? [[point, pin] as const] : [];
    });
    return first && states.length === relays.length ? states : null;
  }

  /** Takes an output over without driving it; a pin that is not an output yet becomes one, and is low. */
  #adopt(point: PointState, { mode, state }: PinState): void {
    const { config } = point;
    const { io } = this.#board;
    const isOutput = mode === io.MODES.OUTPUT;
    point.relay ??= this.#relays?.(config.pin, config.activeLow === true);
    if (!isOutput) io.pinMode(config.pin, io.MODES.OUTPUT);
    this.#board.setPort(config.pin, isOutput && state !== 0);
  }

  #replay(point: PointState): void {
    const { wanted, value, config } = point;
    if (!config.replay || wanted === undefined || wanted === value) return;
    this.#drive(point, wanted);
    this.#guard(this.#readBack(point));
  }

  #forget(point: PointState): void {
    point.fresh = false;
    settle(point);
  }

  #isOnBoard(point: PointState): boolean {
    const { pins, analogPins } = this.#board.io;
    const { pin, signal, id } = point.config;
    const known = signal === "analog" ? analogPins[pin] !== undefined : pins[pin] !== undefined;
    if (!known) {
      this.#trouble("field.line-unknown", `${id}: the board has no ${signal} pin ${pin}`);
      this.#report(point, null, "lost");
    }
    return known;
  }

  /** Without analog reports a pin's answer is the sign of life; with them it still finds a reset or a report that went unheard. */
  async #beat(): Promise<void> {
    if (!this.#up) return;
    const asked = [...this.#points.values()].filter(({ config }) => config.signal !== "analog");
    const point = asked[this.#beats % asked.length];
    this.#beats += 1;
    if (!point) return;
    const pin = await this.#board.pinState(point.config.pin);
    if (pin === null || !this.#up) return;
    if (!this.#inputs.hasAnalogs) this.#board.alive(this.#env.clock.mono());
    const isRelay = point.config.signal === "relay";
    const isOutput = pin.mode === this.#board.io.MODES.OUTPUT;
    const isAsLeft = !isRelay || isEnergised(point.config, pin.state) === point.value;
    if (isRelay !== isOutput || !isAsLeft) await this.#setUp();
    else if (!isRelay) this.#inputs.ask(point);
  }

  /** What goes wrong with one board costs its connection, never the agent. */
  #guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#board.redial(String(error)));
  }

  #raise(): void {
    if (this.#up) return;
    this.#up = true;
    this.#links += 1;
    this.#events?.link(true, "the board answers");
  }

  #lost(reason: string): void {
    this.#round += 1;
    if (this.#up === false) return;
    for (const point of this.#points.values()) {
      this.#forget(point);
      if (point.config.direction === "in") this.#report(point, point.value, "lost");
    }
    this.#up = false;
    this.#events?.link(false, reason);
    this.#trouble("field.unreachable", reason);
  }

  #trouble(code: ErrorCode, detail: string): void {
    this.#errors += 1;
    this.#lastError = detail;
    this.#events?.trouble(code, `${this.#config.id}: ${detail}`);
  }
}
