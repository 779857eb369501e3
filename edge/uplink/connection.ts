// One connection to one address of the hub, with the nonce that commands on it must bear and the sender that drains into it.
import type { Link } from "../machine/ports.js";
import type { MonoMs } from "../model/time.js";
import { Sender } from "./sender.js";
import type { Topics } from "./topics.js";
import type { UplinkSetup } from "./uplink.js";

const sessionBytes = 16;

/** One connection: nothing of it is used after the next one begins. */
export interface Connection {
  readonly link: Link;
  /** Which address it goes to. */
  readonly turn: number;
  readonly session: string;
  /** When it was begun, or became the present one. */
  since: MonoMs;
  readonly sender: Sender;
}

export interface ConnectionParts {
  readonly topics: Topics;
  readonly lost: (connection: Connection, reason: string) => void;
}

/** Not opened yet; null when there is no address at all. */
export function prepareConnection(
  turn: number,
  setup: UplinkSetup,
  { topics, lost }: ConnectionParts,
): Connection | null {
  const { links, machine } = setup;
  const link = links[turn % links.length];
  if (link === undefined) return null;
  const session = Buffer.from(machine.random.bytes(sessionBytes)).toString("hex");
  const onLost = (reason: string) => lost(connection, reason);
  const sender = new Sender({ ...setup, link, topics, clock: machine.clock, onLost });
  const connection: Connection = { link, turn, session, since: machine.clock.mono(), sender };
  return connection;
}
