// The parts of firmata-io and johnny-five that the Firmata driver uses; neither ships types.

declare module "firmata-io" {
  import type { EventEmitter } from "node:events";

  interface Pin {
    readonly supportedModes: readonly number[];
    mode: number | undefined;
    /** Last answer to a pin state query: what was written to an output. */
    state?: number;
  }

  interface Transport extends EventEmitter {
    write(bytes: Uint8Array, done: () => void): void;
  }

  class Firmata extends EventEmitter {
    constructor(transport: Transport, options: { reportVersionTimeout: number });
    readonly isReady: boolean;
    readonly MODES: Readonly<Record<"INPUT" | "OUTPUT" | "ANALOG" | "PULLUP", number>>;
    readonly RESOLUTION: { readonly ADC: number | null };
    readonly pins: Pin[];
    /** Pin number by analog channel. */
    readonly analogPins: number[];
    /** What the next write sends to each group of eight pins. */
    readonly ports: number[];
    /** Bytes of an unfinished message. */
    readonly buffer: number[];
    readonly reportVersionTimeoutId: NodeJS.Timeout;
    pinMode(pin: number, mode: number): void;
    digitalWrite(pin: number, value: number): void;
    reportAnalogPin(channel: number, on: 0 | 1): void;
    reportDigitalPin(pin: number, on: 0 | 1): void;
    setSamplingInterval(ms: number): void;
    sysexCommand(message: readonly number[]): void;
  }

  const bindTransport: { readonly Firmata: typeof Firmata };
  export = bindTransport;
}

declare module "johnny-five" {
  import type { EventEmitter } from "node:events";

  class Board extends EventEmitter {
    constructor(options: { io: unknown; repl: false; debug: false; sigint: false });
  }

  class Relay {
    /** Where it switches. */
    pin: number;
    constructor(options: { board: Board; pin: number; type: "NO" | "NC" });
    /** Energises: high for NO, low for NC. */
    close(): void;
    open(): void;
  }

  const five: { readonly Board: typeof Board; readonly Relay: typeof Relay };
  export = five;
}
