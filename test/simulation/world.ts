// Virtual time for a whole site: one heap of events by (time, order). After each event all promises settle.
import type { Clock, Random, Timer } from "../../edge/machine/ports.js";
import type { Stamp } from "../../edge/model/time.js";
import { type RandomStream, randomStream } from "../../simulators/plant/random.js";

export interface World {
  /** Milliseconds since the run began. */
  now(): number;
  /** Calls `run` once at `at`, equal times in order of asking; the returned function cancels. */
  at(at: number, run: () => void): () => void;
  /** Runs every event up to `until`, or until `goesOn` says no after one. */
  run(until: number, goesOn: () => boolean): Promise<void>;
  /** Events that have run. */
  events(): number;
}

interface Event {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

/** Times lie on this grid of binary fractions, so that a shift by whole milliseconds is exact and no timer fires early. */
const grainsPerMs = 1024;

export function createWorld(): World {
  const heap: Event[] = [];
  let now = 0;
  let order = 0;
  let events = 0;

  /** Runs the next event; false when none is due. */
  function next(until: number): boolean {
    while (heap[0] !== undefined && heap[0].at <= until) {
      const { at, run } = pop(heap);
      if (run === null) continue;
      now = at;
      events += 1;
      run();
      return true;
    }
    return false;
  }

  return {
    now: () => now,
    at(at, run) {
      const event: Event = { at: Math.max(now, Math.ceil(at * grainsPerMs) / grainsPerMs), order, run };
      order += 1;
      push(heap, event);
      return () => {
        event.run = null;
      };
    },
    run(until, goesOn) {
      const before = events;
      return inRounds(() => {
        if (events > before && !goesOn()) return false;
        if (next(until)) return true;
        now = Math.max(now, until);
        return false;
      });
    },
    events: () => events,
  };
}

/** Turns of one round of the loop. */
const turnsPerRound = 64;

/**
 * Calls `turn` until it says no. Between two calls every promise settles that can: the loop comes to the next one only
 * when no microtask is left. Many calls in one round of the loop cost less than a round for each.
 */
function inRounds(turn: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let goesOn = true;
    function one(): void {
      if (!goesOn) return;
      try {
        goesOn = turn();
        if (!goesOn) resolve();
      } catch (error) {
        goesOn = false;
        reject(error);
      }
    }
    function round(): void {
      for (let count = 0; count < turnsPerRound; count += 1) setImmediate(one);
      setImmediate(() => goesOn && round());
    }
    round();
  });
}

const isBefore = (one: Event, other: Event) => one.at < other.at || (one.at === other.at && one.order < other.order);

function push(heap: Event[], event: Event): void {
  let place = heap.length;
  heap.push(event);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above] as Event;
    if (!isBefore(event, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function pop(heap: Event[]): Event {
  const first = heap[0] as Event;
  const last = heap.pop() as Event;
  if (heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && isBefore(heap[right] as Event, heap[left] as Event) ? right : left;
    if (!isBefore(heap[child] as Event, last)) break;
    heap[place] = heap[child] as Event;
    place = child;
  }
  heap[place] = last;
  return first;
}

/** The stream of one concern. Each has its own, so that a fault taken away does not change what the others draw. */
export function streamOf(seed: number, concern: string): RandomStream {
  let hash = seed >>> 0;
  for (const letter of concern) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  const stream = randomStream(hash);
  stream.next();
  return stream;
}

/** What one life of a program sees of the machine. Whatever it waits for when it ends never comes. */
export interface Life {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly random: Random;
  delay(ms: number): Promise<void>;
  isAlive(): boolean;
  end(): void;
}

/** `stamp` gives both clocks; its `mono` may differ from the world's time by whole milliseconds only. */
export function createLife(world: World, stamp: () => Stamp, random: RandomStream): Life {
  const cancels = new Set<() => void>();
  let alive = true;
  function after(ms: number, run: () => void): () => void {
    if (!alive) return () => undefined;
    const cancel = world.at(world.now() + ms, () => {
      cancels.delete(cancel);
      run();
    });
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  }
  return {
    clock: { mono: () => stamp().mono, now: stamp },
    timer: { at: (at, run) => after(at - stamp().mono, run) },
    random: { bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random.next() * 256)) },
    delay: (ms) => new Promise((resolve) => after(ms, resolve)),
    isAlive: () => alive,
    end() {
      alive = false;
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}
