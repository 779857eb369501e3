// The way between a box and its hub behind the Link port: a broker at the far end, delay, cut, half-open, reset. The broker
// takes a message before anybody has stored it, and forgets what the hub is not there to take.
import type { Link, LinkEvents } from "../../edge/machine/ports.js";
import type { RandomStream } from "../../simulators/plant/random.js";
import type { World } from "./world.js";

/** The hub's program as the broker knows it. */
export interface Subscriber {
  message(topic: string, payload: string): void;
}

export interface Network {
  /** The box's side; it belongs to one life of the box. */
  link(isAlive: () => boolean): Link;
  /** The hub's program has started its broker and subscribed; null: it is gone, and the broker with all that it kept. */
  subscribe(subscriber: Subscriber | null): void;
  toBox(topic: string, payload: string): void;
  /** Both ends learn of it at once. */
  cut(): void;
  mend(): void;
  /** Nobody learns of it, nothing arrives. */
  swallow(on: boolean): void;
  reset(): void;
  /** Further delay each way, ms. */
  slow(ms: number): void;
  /** Each message that arrives at the hub. */
  isConnected(): boolean;
}

const connectWithinMs = 5000;
/** A publish that nobody takes ends the connection, as the real link's limit does. */
const takenWithinMs = 15_000;
/** The broker notices a dead client after one and a half of its keepalive. */
const keepaliveMs = 15_000;

interface Session {
  readonly events: LinkEvents;
  readonly isAlive: () => boolean;
  up: boolean;
  over: boolean;
}

export function createNetwork(world: World, random: RandomStream, will: { topic: string; payload: string }): Network {
  let session: Session | null = null;
  let subscriber: Subscriber | null = null;
  let cuts = 0;
  let swallowing = 0;
  let slowMs = 0;
  const lastAt = { up: 0, down: 0 };

  const delay = () => 3 + 20 * random.next() + slowMs;
  const passes = () => cuts === 0 && swallowing === 0 && subscriber !== null;

  /** Messages of one direction stay in order. */
  function inOrder(way: "up" | "down", run: () => void): void {
    lastAt[way] = Math.max(lastAt[way], world.now() + delay());
    world.at(lastAt[way], run);
  }

  function atBroker(topic: string, payload: string): void {
    const present = subscriber;
    world.at(world.now() + 1, () => {
      if (present !== null && present === subscriber) present.message(topic, payload);
    });
  }

  function drop(reason: string): void {
    const lost = session;
    session = null;
    if (lost === null || lost.over) return;
    lost.over = true;
    if (lost.up) world.at(world.now() + (reason === "silent" ? keepaliveMs : 0), () => leave(lost));
    if (lost.isAlive()) lost.events.down(reason);
  }

  /** The broker says that a box is gone, unless it is back meanwhile. */
  function leave(lost: Session): void {
    if (session === null || session === lost || !session.up) atBroker(will.topic, will.payload);
  }

  function open(next: Session): void {
    world.at(world.now() + delay() * 2, () => {
      if (next.over || !next.isAlive()) return;
      if (passes()) {
        next.up = true;
        next.events.up();
      } else world.at(world.now() + connectWithinMs, () => session === next && drop("cannot connect"));
    });
  }

  function publish(from: Session, topic: string, payload: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (from.over || !from.up) {
        reject(new Error("not connected"));
        return;
      }
      if (!passes()) {
        world.at(world.now() + takenWithinMs, () => {
          reject(new Error("not taken"));
          if (session === from) drop("silent");
        });
        return;
      }
      inOrder("up", () => {
        if (!passes() || from.over) {
          world.at(world.now() + takenWithinMs, () => {
            reject(new Error("not taken"));
            if (session === from) drop("silent");
          });
          return;
        }
        atBroker(topic, payload);
        world.at(world.now() + delay(), resolve);
      });
    });
  }

  function link(isAlive: () => boolean): Link {
    let mine: Session | null = null;
    return {
      connect(events) {
        if (session !== null) leave(session);
        mine = { events, isAlive, up: false, over: false };
        session = mine;
        open(mine);
      },
      publish: (topic, payload) =>
        mine === null ? Promise.reject(new Error("not connected")) : publish(mine, topic, payload),
      async close() {
        if (mine === null) return;
        mine.over = true;
        if (session === mine) {
          session = null;
          if (mine.up) leave(mine);
        }
      },
    };
  }

  return {
    link,
    subscribe(next) {
      subscriber = next;
      if (next !== null) return;
      drop("broker gone");
    },
    toBox(topic, payload) {
      const to = session;
      if (to === null || !to.up || !passes()) return;
      inOrder("down", () => {
        if (!to.over && to.isAlive() && passes()) to.events.message(topic, payload, false);
      });
    },
    cut() {
      cuts += 1;
      drop("cut");
    },
    mend() {
      cuts -= 1;
    },
    swallow(on) {
      swallowing += on ? 1 : -1;
    },
    reset: () => drop("reset"),
    slow(ms) {
      slowMs = ms;
    },
    isConnected: () => session?.up === true,
  };
}
