// The transport that firmata-io holds for life: behind it connections come and go, dialled again with bounded back-off.
import { EventEmitter } from "node:events";
import type { FirmataDriverConfig } from "../../model/wiring.js";
import { createFraming } from "./framing.js";
import { dial, type FirmataEnv, type Wire } from "./wire.js";

const connectWithinMs = 3000;
const backoffMinMs = 250;
const backoffMaxMs = 5000;

export interface LineEvents {
  open(): void;
  /** A connection ended or could not be made; the next attempt is already planned. */
  lost(reason: string): void;
  noise(bytes: number): void;
  /** Whether a whole message may reach firmata-io. */
  admit(message: Uint8Array): boolean;
}

/** Emits `data` with one whole, admitted message at a time. Writes without a connection are dropped. */
export class Line extends EventEmitter {
  readonly #transport: FirmataDriverConfig["transport"];
  readonly #env: FirmataEnv;
  readonly #events: LineEvents;
  readonly #framing;
  #wire: Wire | undefined;
  #reason: string | undefined;
  #backoffMs = backoffMinMs;
  #cancel: () => void = () => undefined;
  #closed = false;

  constructor(transport: FirmataDriverConfig["transport"], env: FirmataEnv, events: LineEvents) {
    super();
    this.#transport = transport;
    this.#env = env;
    this.#events = events;
    this.#framing = createFraming((bytes) => events.noise(bytes));
  }

  dial(): void {
    this.#reason = undefined;
    const connect = this.#env.dial ?? dial;
    this.#wire = connect(this.#transport, {
      open: () => {
        this.#cancel();
        if (!this.#closed) this.#events.open();
      },
      data: (bytes) => this.#take(bytes),
      closed: (reason) => this.#lost(this.#reason ?? reason),
    });
    this.#after(connectWithinMs, () => this.redial(`no connection within ${connectWithinMs} ms`));
  }

  write(bytes: Uint8Array, done: () => void): void {
    if (this.#wire) this.#wire.write(bytes, done);
    else done();
  }

  /** Ends the present connection for `reason`; the next one follows after the back-off. */
  redial(reason: string): void {
    this.#reason = reason;
    this.#wire?.close();
  }

  /** The board works: the next loss starts again with the shortest back-off. */
  settle(): void {
    this.#backoffMs = backoffMinMs;
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#wire?.close();
  }

  #take(bytes: Uint8Array): void {
    for (const message of this.#framing.push(bytes)) {
      if (this.#events.admit(message)) this.emit("data", message);
      else this.#events.noise(message.length);
    }
  }

  #lost(reason: string): void {
    this.#wire = undefined;
    this.#framing.reset();
    if (this.#closed) return;
    this.#after(this.#backoffMs, () => this.dial());
    this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMaxMs);
    this.#events.lost(reason);
  }

  #after(ms: number, run: () => void): void {
    this.#cancel();
    this.#cancel = this.#env.timer.at(this.#env.clock.mono() + ms, run);
  }
}
