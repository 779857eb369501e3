// Watches the bytes of one connection before the broker parses them: aedes knows neither a largest nor a slowest packet.
import type { Socket } from "node:net";
import type { Clock, Timer } from "../machine/ports.js";

export interface PacketLimits {
  /** Largest MQTT packet, fixed header included. */
  readonly packetBytesMax: number;
  /** From the first byte of a packet to its last. */
  readonly packetWithinMs: number;
}

export const packetWithinMsDefault = 10_000;

export type PacketFault = "oversize" | "malformed" | "slow";

/** Follows MQTT's fixed headers through a byte stream. */
export interface PacketScanner {
  /** Takes the next bytes; a fault means that the connection must end. */
  take(bytes: Uint8Array): Exclude<PacketFault, "slow"> | null;
  /** Number of the packet that the last byte taken stands inside of; null between packets. */
  unfinished(): number | null;
}

/** MQTT 3.1.1 section 2.2.3: the length has one to four bytes of seven bits. */
const lengthBytesMax = 4;

export function packetScanner(packetBytesMax: number): PacketScanner {
  let lengthBytes = -1;
  let length = 0;
  let bodyLeft = 0;
  let packets = 0;

  function header(byte: number): ReturnType<PacketScanner["take"]> {
    if (lengthBytes === -1) {
      lengthBytes = 0;
      length = 0;
      packets += 1;
      return byte >> 4 === 0 ? "malformed" : null;
    }
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    if (length + 1 + lengthBytes > packetBytesMax) return "oversize";
    if (byte >= 0x80) return lengthBytes < lengthBytesMax ? null : "malformed";
    bodyLeft = length;
    lengthBytes = -1;
    return null;
  }

  return {
    take(bytes) {
      let at = 0;
      while (at < bytes.length) {
        const skipped = Math.min(bodyLeft, bytes.length - at);
        bodyLeft -= skipped;
        at += skipped;
        const next = bytes[at];
        if (next === undefined) return null;
        const fault = header(next);
        if (fault !== null) return fault;
        at += 1;
      }
      return null;
    },
    unfinished: () => (bodyLeft > 0 || lengthBytes !== -1 ? packets : null),
  };
}

/**
 * Puts the guard in front of whoever reads `socket`. It stands in `read`, the one way by which aedes takes bytes, so that
 * no second stream and no copy lies on the path.
 */
export function guardPackets(
  socket: Socket,
  limits: PacketLimits,
  machine: { readonly clock: Clock; readonly timer: Timer },
  onFault: (fault: PacketFault) => void,
): void {
  const scanner = packetScanner(limits.packetBytesMax);
  let waitingFor: number | null = null;
  let stopWaiting: (() => void) | null = null;

  function end(fault: PacketFault): void {
    onFault(fault);
    socket.destroy();
  }
  function wait(packet: number | null): void {
    if (packet === waitingFor) return;
    stopWaiting?.();
    waitingFor = packet;
    stopWaiting =
      packet === null ? null : machine.timer.at(machine.clock.mono() + limits.packetWithinMs, () => end("slow"));
  }

  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const bytes: unknown = read(size);
    if (!(bytes instanceof Uint8Array)) return bytes;
    const fault = scanner.take(bytes);
    if (fault !== null) {
      end(fault);
      return null;
    }
    wait(scanner.unfinished());
    return bytes;
  };
  socket.once("close", () => wait(null));
}
