// One connection to a board, over TCP or a serial port. It lives from dialling to its only `closed`.
import { connect } from "node:net";
import type { SerialPort } from "serialport";
import type { Clock, Timer } from "../../machine/ports.js";
import type { FirmataDriverConfig } from "../../model/wiring.js";

const keepAliveMs = 5000;

export interface Wire {
  write(bytes: Uint8Array, done: () => void): void;
  close(): void;
}

export interface WireEvents {
  open(): void;
  data(bytes: Uint8Array): void;
  /** Exactly once, also when the connection was never made. */
  closed(reason: string): void;
}

export interface FirmataEnv {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Absent: over TCP or a serial port. */
  readonly dial?: typeof dial;
}

/** Starts to connect; what becomes of it is told through `events`, never at once. */
export function dial(transport: FirmataDriverConfig["transport"], events: WireEvents): Wire {
  return transport.kind === "tcp"
    ? dialTcp(transport.host, transport.port, events)
    : dialSerial(transport.path, transport.baud, events);
}

function dialTcp(host: string, port: number, events: WireEvents): Wire {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
  let reason = "closed by the board";
  socket.on("connect", () => events.open());
  socket.on("data", (bytes) => events.data(bytes));
  socket.on("error", (error) => {
    reason = error.message;
  });
  socket.on("close", () => events.closed(reason));
  return { write: (bytes, done) => socket.write(bytes, () => done()), close: () => socket.destroy() };
}

function dialSerial(path: string, baud: number, events: WireEvents): Wire {
  let port: SerialPort | undefined;
  let wanted = true;
  let ended = false;
  const closed = (reason: string) => {
    if (!ended) events.closed(reason);
    ended = true;
  };
  // Loaded here, because a box whose boards speak TCP needs no native serial part.
  import("serialport").then(
    (library) => {
      if (!wanted) return closed("closed before it was opened");
      // Without hupcl, closing leaves DTR up, and the next start of the agent does not reset the board and its outputs.
      port = new library.SerialPort({ path, baudRate: baud, hupcl: false, autoOpen: false });
      port.on("open", () => events.open());
      port.on("data", (bytes: Buffer) => events.data(bytes));
      port.on("error", (error) => port?.isOpen === false && closed(error.message));
      port.on("close", (error: Error | null) => closed(error?.message ?? "closed"));
      port.open((error) => error && closed(error.message));
    },
    (error: Error) => closed(error.message),
  );
  return {
    write(bytes, done) {
      if (port?.isOpen) port.write(Buffer.from(bytes), () => done());
      else done();
    },
    close() {
      wanted = false;
      // A port that is still opening is closed once it is open.
      if (port?.isOpen) port.close();
      else port?.once("open", () => port?.close());
    },
  };
}
