// A board with StandardFirmata as seen from the wire: written from the protocol's text, for the Firmata driver's tests only.
import { createServer, type Server, type Socket } from "node:net";

const pinCount = 20;
const analogFirst = 14;
const mode = { input: 0, output: 1, analog: 2, pullUp: 11 } as const;

/** A 20-pin board on a TCP port of loopback; analog channel n is pin 14 + n. */
export class FirmataBoard {
  /** Everything that was ordered, in hexadecimal, one message each. */
  readonly received: string[] = [];
  /** Relays that do not follow their orders. */
  readonly stuck = new Set<number>();
  /** What the world does to the pins. */
  readonly #analog = new Array<number>(pinCount - analogFirst).fill(0);
  readonly #level = new Array<boolean>(pinCount).fill(true);
  readonly #modes = new Array<number>(pinCount);
  readonly #outputs = new Array<boolean>(pinCount);
  readonly #reportsAnalog = new Set<number>();
  readonly #reportsPort = new Set<number>();
  readonly #server: Server;
  #socket: Socket | undefined;
  #pending: number[] = [];
  #sampling: NodeJS.Timeout | undefined;
  #port = 0;
  #isMute = false;
  #intervalMs = 19;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    this.#restart();
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (typeof address === "object" && address) this.#port = address.port;
  }

  /** Cuts the connection and refuses others; the pins stay as they are. */
  async unplug(): Promise<void> {
    clearTimeout(this.#sampling);
    this.#socket?.destroy();
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  setAnalog(channel: number, value: number): void {
    this.#analog[channel] = value;
  }

  setLevel(pin: number, high: boolean): void {
    this.#level[pin] = high;
    if (this.#reportsPort.has(pin >> 3)) this.#sendPort(pin >> 3);
  }

  /** What the pin drives; null when it is no output. */
  output(pin: number): boolean | null {
    return this.#modes[pin] === mode.output ? this.#outputs[pin] === true : null;
  }

  /** As another program left it. */
  drive(pin: number, high: boolean): void {
    this.#modes[pin] = mode.output;
    this.#outputs[pin] = high;
  }

  hasPullUp(pin: number): boolean {
    return this.#modes[pin] === mode.pullUp;
  }

  /** The reset button: outputs low, nothing reported any more, and the boot message unless it is lost on the line. */
  reset({ isHeard = true } = {}): void {
    this.#restart();
    if (isHeard) this.send([0xf9, 2, 5, ...firmware()]);
  }

  /** Connected, and says nothing any more. */
  mute(isMute: boolean): void {
    this.#isMute = isMute;
  }

  send(bytes: readonly number[]): void {
    if (!this.#isMute) this.#socket?.write(Uint8Array.from(bytes));
  }

  #restart(): void {
    for (let pin = 0; pin < pinCount; pin += 1) {
      this.#modes[pin] = pin < analogFirst ? mode.output : mode.analog;
      this.#outputs[pin] = false;
    }
    this.#reportsAnalog.clear();
    this.#reportsPort.clear();
    this.#pending = [];
  }

  #accept(socket: Socket): void {
    this.#socket = socket;
    this.#pending = [];
    socket.on("data", (bytes) => {
      for (const byte of bytes) this.#take(byte);
    });
    socket.on("error", () => socket.destroy());
    clearTimeout(this.#sampling);
    this.#sample();
  }

  #sample(): void {
    for (const channel of this.#reportsAnalog) {
      const value = this.#analog[channel] ?? 0;
      this.send([0xe0 | channel, value & 0x7f, value >> 7]);
    }
    this.#sampling = setTimeout(() => this.#sample(), this.#intervalMs);
  }

  #take(byte: number): void {
    this.#pending.push(byte);
    const [first = 0] = this.#pending;
    const isWhole = first === 0xf0 ? byte === 0xf7 : this.#pending.length === lengthOf(first);
    if (!isWhole) return;
    const message = this.#pending;
    this.#pending = [];
    this.received.push(Buffer.from(message).toString("hex"));
    if (first === 0xf0) this.#sysex(message);
    else this.#order(message);
  }

  #order([first = 0, low = 0, high = 0]: readonly number[]): void {
    const kind = first & 0xf0;
    const index = first & 0x0f;
    if (first === 0xf9) this.send([0xf9, 2, 5]);
    if (first === 0xf4) this.#modes[low] = high;
    if (kind === 0xc0 && low) this.#reportsAnalog.add(index);
    if (kind === 0xd0 && low) {
      this.#reportsPort.add(index);
      this.#sendPort(index);
    }
    if (kind !== 0x90) return;
    for (let bit = 0; bit < 8; bit += 1) {
      const pin = index * 8 + bit;
      if (this.stuck.has(pin)) continue;
      if (this.#modes[pin] === mode.output) this.#outputs[pin] = ((low | (high << 7)) & (1 << bit)) !== 0;
    }
  }

  #sysex([, kind, first = 0, second = 0]: readonly number[]): void {
    if (kind === 0x79) this.send(firmware());
    if (kind === 0x6b) this.send([0xf0, 0x6c, ...Array.from({ length: pinCount }, capabilitiesOf).flat(), 0xf7]);
    if (kind === 0x69) this.send([0xf0, 0x6a, ...Array.from({ length: pinCount }, channelOf), 0xf7]);
    if (kind === 0x6d)
      this.send([0xf0, 0x6e, first, this.#modes[first] ?? 0, this.#outputs[first] === true ? 1 : 0, 0xf7]);
    if (kind === 0x7a) this.#intervalMs = first | (second << 7);
  }

  #sendPort(port: number): void {
    let bits = 0;
    for (let bit = 0; bit < 8; bit += 1) if (this.#level[port * 8 + bit]) bits |= 1 << bit;
    this.send([0x90 | port, bits & 0x7f, bits >> 7]);
  }
}

function lengthOf(first: number): number {
  if (first === 0xf9 || first === 0xff) return 1;
  const kind = first & 0xf0;
  return kind === 0xc0 || kind === 0xd0 ? 2 : 3;
}

function firmware(): number[] {
  return [0xf0, 0x79, 2, 5, ...[..."test"].flatMap((letter) => [letter.charCodeAt(0), 0]), 0xf7];
}

function capabilitiesOf(_: unknown, pin: number): number[] {
  const digital = [mode.input, 1, mode.output, 1, mode.pullUp, 1];
  return pin < analogFirst ? [...digital, 0x7f] : [...digital, mode.analog, 10, 0x7f];
}

function channelOf(_: unknown, pin: number): number {
  return pin < analogFirst ? 0x7f : pin - analogFirst;
}
