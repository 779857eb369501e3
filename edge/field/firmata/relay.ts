// Relays by johnny-five, on a board that firmata-io already knows.
import five from "johnny-five";
import type { Board } from "./board.js";

export type Relay = InstanceType<typeof five.Relay>;

/** Without johnny-five's prompt, console and signal handler. Its errors would end the process unheard. */
export function createRelays(io: Board["io"], failed: (error: Error) => void) {
  const board = new five.Board({ io, repl: false, debug: false, sigint: false });
  board.on("error", failed);
  return (pin: number, activeLow: boolean): Relay => {
    const relay = new five.Relay({ board, pin, type: activeLow ? "NC" : "NO" });
    // johnny-five takes the number of an analog pin for that of its channel, and would switch another pin.
    relay.pin = pin;
    return relay;
  };
}
