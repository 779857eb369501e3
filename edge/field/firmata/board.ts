// The board itself, over firmata-io: who it is after each connection or reset, its pins, and whether it still lives.
import firmataIo from "firmata-io";
import type { MonoMs } from "../../model/time.js";
import type { FirmataDriverConfig } from "../../model/wiring.js";
import { Line } from "./line.js";
import type { FirmataEnv } from "./wire.js";

const reportVersion = 0xf9;
const sysexStart = 0xf0;
const sysexEnd = 0xf7;
const queryFirmware = 0x79;
const queryCapabilities = 0x6b;
const capabilities = 0x6c;
const queryAnalogMapping = 0x69;
const analogMapping = 0x6a;
const queryPinState = 0x6d;
const pinStateReply = 0x6e;
const stringData = 0x71;

const tickMs = 250;
/** A serial board boots for some 2 s after it is opened. */
const handshakeWithinMs = 6000;
const silentAfterMs = 1500;
const pinStateWithinMs = 500;
const noiseEveryMs = 1000;
/** Noise may hold bytes that look like a report; what they said is asked for again after this. */
const doubtMs = 30;

export interface PinState {
  readonly mode: number;
  readonly state: number;
}

export interface BoardEvents {
  /** The board has said who it is, after a connection or a reset: its pins are as its firmware left them. */
  identified(): void;
  lost(reason: string): void;
  /** Bytes that belong to no message, gathered over a second. */
  noise(bytes: number): void;
  /** There was noise a moment ago: reports may have been false or lost. */
  doubted(): void;
  /** Every 250 ms while the board lives; the place to ask for a pin as a sign of life. */
  beat(): void;
}

/** One board for the life of the driver, through any number of connections. */
export class Board {
  readonly io: InstanceType<typeof firmataIo.Firmata>;
  readonly #line: Line;
  readonly #env: FirmataEnv;
  readonly #events: BoardEvents;
  readonly #asked = new Map<number, ((state: PinState | null) => void)[]>();
  #openedAt: MonoMs | undefined;
  #identified = false;
  #signAt: MonoMs | null = null;
  #tickedAt = Number.NEGATIVE_INFINITY;
  #noiseBytes = 0;
  #noiseToldAt = Number.NEGATIVE_INFINITY;
  #cancelTick: () => void = () => undefined;
  #cancelDoubt: (() => void) | undefined;

  constructor(transport: FirmataDriverConfig["transport"], env: FirmataEnv, events: BoardEvents) {
    this.#env = env;
    this.#events = events;
    this.#line = new Line(transport, env, {
      open: () => this.#opened(),
      lost: (reason) => this.#lost(reason),
      noise: (bytes) => this.doubt(bytes),
      admit: (message) => this.#admits(message),
    });
    this.io = new firmataIo.Firmata(this.#line, { reportVersionTimeout: 0 });
    // The board is asked on each connection, below.
    clearTimeout(this.io.reportVersionTimeoutId);
    this.io.on("error", (error: Error) => this.#line.redial(error.message));
    this.io.on("reportversion", () => {
      if (this.io.isReady) this.#identify();
      else this.#send([sysexStart, queryFirmware, sysexEnd]);
    });
    this.io.once("ready", () => this.#identify());
  }

  open(): void {
    this.#line.dial();
    this.#tick();
  }

  close(): void {
    this.#cancelTick();
    this.#cancelDoubt?.();
    this.#forgetAsked();
    this.#line.close();
  }

  /** Ends the connection for `reason` and dials again. */
  redial(reason: string): void {
    this.#line.redial(reason);
  }

  /** The board showed life at `at`; 1.5 s after the last such sign it counts as lost. */
  alive(at: MonoMs): void {
    this.#signAt = Math.max(this.#signAt ?? at, at);
    this.#line.settle();
  }

  /** Counts bytes that meant nothing; told at most once per second. */
  doubt(bytes: number): void {
    this.#noiseBytes += bytes;
    this.#cancelDoubt ??= this.#env.timer.at(this.#env.clock.mono() + doubtMs, () => {
      this.#cancelDoubt = undefined;
      this.#events.doubted();
    });
  }

  get signAt(): MonoMs | null {
    return this.#signAt;
  }

  /** Keeps what the next write to the pin's port says of this pin. */
  setPort(pin: number, high: boolean): void {
    const { ports } = this.io;
    const port = ports[pin >> 3] ?? 0;
    const bit = 1 << (pin & 7);
    ports[pin >> 3] = high ? port | bit : port & ~bit;
  }

  /** What the board says of a pin; null when it does not answer within 500 ms. Answers come in the order of asking. */
  pinState(pin: number): Promise<PinState | null> {
    if (!this.#identified) return Promise.resolve(null);
    return new Promise((resolve) => {
      const waiters = this.#waiters(pin);
      const cancel = this.#env.timer.at(this.#env.clock.mono() + pinStateWithinMs, () => {
        waiters.splice(waiters.indexOf(answer), 1);
        resolve(null);
      });
      const answer = (state: PinState | null) => {
        cancel();
        resolve(state);
      };
      waiters.push(answer);
      this.io.sysexCommand([queryPinState, pin]);
    });
  }

  /** Not `io.queryPinState`: its listeners all take the first answer and stay when none comes. */
  #waiters(pin: number): ((state: PinState | null) => void)[] {
    const known = this.#asked.get(pin);
    if (known) return known;
    const waiters: ((state: PinState | null) => void)[] = [];
    this.#asked.set(pin, waiters);
    this.io.on(`pin-state-${pin}`, () => {
      const { mode = -1, state = 0 } = this.io.pins[pin] ?? {};
      waiters.shift()?.({ mode, state });
    });
    return waiters;
  }

  #forgetAsked(): void {
    for (const waiters of this.#asked.values()) for (const answer of waiters.splice(0)) answer(null);
  }

  #opened(): void {
    this.#openedAt = this.#env.clock.mono();
    // A handshake that was cut off may have left half of the pins.
    if (!this.io.isReady) {
      this.io.pins.length = 0;
      this.io.analogPins.length = 0;
    }
    this.#ask();
  }

  #lost(reason: string): void {
    this.#openedAt = undefined;
    this.#identified = false;
    this.io.buffer.length = 0;
    this.#forgetAsked();
    this.#events.lost(reason);
  }

  #identify(): void {
    // A reset board answers nothing that it was asked before.
    this.#forgetAsked();
    this.#identified = true;
    this.#signAt = this.#env.clock.mono();
    this.#events.identified();
  }

  /** Asks for whatever is missing of the handshake; a booting board swallows questions, so this is repeated. */
  #ask(): void {
    const waits = (event: string) => this.io.listenerCount(event) > 0;
    this.#send([reportVersion]);
    if (this.io.isReady) return;
    if (waits("queryfirmware")) this.#send([sysexStart, queryFirmware, sysexEnd]);
    if (waits("capability-query")) this.#send([sysexStart, queryCapabilities, sysexEnd]);
    if (waits("analog-mapping-query")) this.#send([sysexStart, queryAnalogMapping, sysexEnd]);
  }

  #send(bytes: readonly number[]): void {
    this.#line.write(Uint8Array.from(bytes), () => undefined);
  }

  /** firmata-io indexes its pins with what it receives, unchecked. */
  #admits(message: Uint8Array): boolean {
    const [first, kind, pin = 0] = message;
    if (first !== sysexStart) return true;
    const { pins, analogPins } = this.io;
    if (kind === pinStateReply) return pin < pins.length && message.length >= 6;
    if (kind === analogMapping) return analogPins.length === 0 && message.length === pins.length + 3;
    if (kind === queryFirmware) return message.length >= 5;
    return kind === capabilities || kind === stringData;
  }

  #tick(): void {
    const now = this.#env.clock.mono();
    this.#cancelTick = this.#env.timer.at(now + tickMs, () => this.#tick());
    if (this.#noiseBytes > 0 && now - this.#noiseToldAt >= noiseEveryMs) {
      this.#noiseToldAt = now;
      this.#events.noise(this.#noiseBytes);
      this.#noiseBytes = 0;
    }
    // After a stall of our own thread the board's reports wait unread; they are not missing.
    const isLate = now - this.#tickedAt > 2 * tickMs;
    this.#tickedAt = now;
    if (isLate || this.#openedAt === undefined) return;
    if (this.#identified) this.#supervise(now);
    else if (now - this.#openedAt > handshakeWithinMs) this.redial(`no Firmata answer within ${handshakeWithinMs} ms`);
    else this.#ask();
  }

  #supervise(now: MonoMs): void {
    const ageMs = now - (this.#signAt ?? now);
    if (ageMs > silentAfterMs) this.redial(`silent for ${Math.round(ageMs)} ms`);
    else this.#events.beat();
  }
}
