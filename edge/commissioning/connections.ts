// Who may hold a connection to the box's HTTP: so many in all, fewer from one address, so that no phone in the technician's network
// keeps the others out. What comes from this machine is counted apart and always finds its own room.
import type { Server } from "node:net";
import { isLoopback } from "../../config/rules/exposure.js";

export const connectionLimits = {
  /** From elsewhere; then the longest-open connection on which nobody is logged in gives way to a new one. */
  fromElsewhere: 128,
  /** From one address elsewhere. A browser opens 6 and the lines of a hold and of what is live. */
  perAddress: 24,
  fromHere: 128,
  handshakeWithinMs: 10_000,
} as const;

type Limits = Readonly<Record<"fromElsewhere" | "perAddress" | "fromHere", number>>;

/** The far end of a connection, which names it. */
export interface FarEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

interface Held {
  readonly address: string;
  readonly isHere: boolean;
  /** Somebody who is logged in has asked on it. */
  isKnown: boolean;
  readonly end: () => void;
}

export interface Connections {
  /** `end` is called when it has to give way to another. False: there is no room for it. */
  take(from: FarEnd, end: () => void): boolean;
  /** Somebody who is logged in uses it: it gives way to nobody. */
  know(from: FarEnd): void;
  leave(from: FarEnd): void;
}

export function createConnections(limits: Limits = connectionLimits): Connections {
  // In the order in which they were opened.
  const held = new Map<string, Held>();
  const countOf = (counts: (each: Held) => boolean) => [...held.values()].filter(counts).length;

  /** Ends the oldest stranger; false when there is none. */
  function makeRoom(): boolean {
    for (const [key, each] of held) {
      if (each.isHere || each.isKnown) continue;
      held.delete(key);
      each.end();
      return true;
    }
    return false;
  }

  function hasRoom({ address, isHere }: Pick<Held, "address" | "isHere">): boolean {
    if (isHere) return countOf((each) => each.isHere) < limits.fromHere;
    if (countOf((each) => each.address === address) >= limits.perAddress) return false;
    return countOf((each) => !each.isHere) < limits.fromElsewhere || makeRoom();
  }

  return {
    take(from, end) {
      const address = addressOf(from);
      const isHere = isLoopback(address);
      if (!hasRoom({ address, isHere })) return false;
      held.set(keyOf(from), { address, isHere, isKnown: false, end });
      return true;
    },
    know(from) {
      const found = held.get(keyOf(from));
      if (found !== undefined) found.isKnown = true;
    },
    leave: (from) => void held.delete(keyOf(from)),
  };
}

/** The same machine by IPv4 and as IPv4 within IPv6, and by each of its interfaces, has one address. */
export function addressOf({ remoteAddress = "" }: Pick<FarEnd, "remoteAddress">): string {
  return remoteAddress.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
}

function keyOf(from: FarEnd): string {
  return `${addressOf(from)} ${from.remotePort ?? 0}`;
}

/** Ends what finds no room, before a handshake is paid for. `refused` is called for each. */
export function limitConnections(server: Server, connections: Connections, refused: (detail: string) => void): void {
  server.on("connection", (socket) => {
    const from: FarEnd = { remoteAddress: socket.remoteAddress, remotePort: socket.remotePort };
    const end = () => {
      refused(`${addressOf(from)}: gave way to a newer connection`);
      socket.destroy();
    };
    if (!connections.take(from, end)) {
      refused(`${addressOf(from)}: too many connections`);
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.once("close", () => connections.leave(from));
  });
}
