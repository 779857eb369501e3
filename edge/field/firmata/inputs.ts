// The inputs of a board: how they are set up and asked for, and when a raw report is a value to be told.
import type { PointValue } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { Board } from "./board.js";
import { bearsOut, type PointState, takeAnalog } from "./point.js";
import type { FirmataEnv } from "./wire.js";

const analogReportBytes = 3;
/** An answer about a port takes as long on the wire; what is said twice within it is one burst of noise. */
const answerMs = 1;
/** A board that no longer hears cannot bear out what it said; it is taken at its word. */
const bearOutWithinMs = 250;

export interface InputEvents {
  /** Whether the board is up and its pins are as they shall be; what it says at other times does not count. */
  isReady(): boolean;
  told(point: PointState, value: PointValue, at: MonoMs): void;
}

export class Inputs {
  readonly #board: Board;
  readonly #env: FirmataEnv;
  readonly #events: InputEvents;
  readonly #digitals: readonly PointState[];
  #analogs: readonly PointState[] = [];
  #samplingMs = 0;
  /** Digital ports to be asked for at the end of this turn. */
  readonly #asking = new Set<number>();

  constructor(board: Board, env: FirmataEnv, points: readonly PointState[], events: InputEvents) {
    this.#board = board;
    this.#env = env;
    this.#events = events;
    this.#digitals = points.filter(({ config }) => config.signal === "digital");
    for (const point of this.#digitals) {
      const { pin, activeLow } = point.config;
      board.io.on(`digital-read-${pin}`, (bit: number) => this.#digital(point, (bit === 1) !== (activeLow === true)));
    }
    for (const point of points.filter(({ config }) => config.signal === "analog")) {
      board.io.on(`analog-read-${point.config.pin}`, (value: number) => this.#analog(point, value));
    }
  }

  get hasAnalogs(): boolean {
    return this.#analogs.length > 0;
  }

  /** Gives the board its modes and asks for reports; `usable` are the points whose pins the board has. */
  setUp(usable: readonly PointState[], samplingMs: number): void {
    const { io } = this.#board;
    this.#samplingMs = samplingMs;
    this.#analogs = usable.filter(({ config }) => config.signal === "analog");
    for (const { config } of this.#digitals.filter((point) => usable.includes(point))) {
      const hasPullUp = io.pins[config.pin]?.supportedModes.includes(io.MODES.PULLUP) === true;
      io.pinMode(config.pin, config.pullUp && hasPullUp ? io.MODES.PULLUP : io.MODES.INPUT);
      if (config.pullUp && !hasPullUp) {
        this.hold();
        io.digitalWrite(config.pin, 1);
      }
    }
    io.setSamplingInterval(samplingMs);
    for (const { config } of this.#analogs) io.reportAnalogPin(config.pin, 1);
  }

  /** A write goes to eight pins at once; older firmware takes the bit of an input as its pull-up. */
  hold(): void {
    for (const { config } of this.#digitals) this.#board.setPort(config.pin, config.pullUp === true);
  }

  /** Digital inputs are reported on change only; asked to report, the board says at once what they are. */
  read(): void {
    for (const point of this.#digitals) this.ask(point);
  }

  /** Once per port and turn, however many of its pins are meant. */
  ask({ config: { pin } }: PointState): void {
    const port = pin >> 3;
    if (!this.#board.io.pins[pin] || this.#asking.has(port)) return;
    this.#asking.add(port);
    queueMicrotask(() => {
      this.#asking.delete(port);
      if (this.#events.isReady()) this.#board.io.reportDigitalPin(pin, 1);
    });
  }

  #analog(point: PointState, value: number): void {
    if (!this.#events.isReady()) return;
    if (value > (this.#board.io.RESOLUTION.ADC ?? 1023)) {
      this.#board.doubt(analogReportBytes);
      return;
    }
    point.seenAt = this.#env.clock.mono();
    // The channel heard longest ago decides: a board that has lost the reporting of one is not alive.
    this.#board.alive(Math.min(...this.#analogs.map(({ seenAt }) => seenAt)));
    const at = takeAnalog(point, value, point.seenAt, this.#samplingMs / 2);
    if (at !== null) this.#events.told(point, value, at);
  }

  #digital(point: PointState, value: boolean): void {
    if (!this.#events.isReady()) return;
    const before = point.suspectedAt;
    const at = bearsOut(point, !point.fresh || value !== point.value, this.#env.clock.mono(), answerMs);
    if (at !== null) this.#events.told(point, value, at);
    const { suspectedAt } = point;
    if (suspectedAt === null) return;
    point.suspectedBit = value;
    this.ask(point);
    if (suspectedAt === before) return;
    this.#env.timer.at(suspectedAt + bearOutWithinMs, () => {
      if (!this.#events.isReady() || point.suspectedAt !== suspectedAt) return;
      point.suspectedAt = null;
      this.#events.told(point, point.suspectedBit, suspectedAt);
    });
  }
}
