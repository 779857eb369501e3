// Points, a fibre's trace and status as they change, for whoever looks at the moment: the controller is asked only while
// somebody does.
import type { ServerResponse } from "node:http";
import { isLoopback } from "../../config/rules/exposure.js";
import type { Clock, Timer } from "../machine/ports.js";
import type { MonoMs } from "../model/time.js";
import { addressOf } from "./connections.js";
import type { Inquiry } from "./inquiry.js";
import type { BoxStatus } from "./status.js";
import { vibrationView } from "./vibration/views.js";

export const liveLimits = {
  readers: 16,
  /** From one address that is not this machine's own. */
  perAddress: 6,
  /** Between two looks at the points, ms. */
  everyMs: 250,
  /** Bytes that may wait for one reader; a slower one is cut off and comes back by itself. */
  readerBytes: 4 * 1024 * 1024,
} as const;

export interface Live {
  /**
   * Makes an answer a reader: `event: points` (a PointsReply, the first with all that is known) and `event: status`. With a
   * `zone`, its trace takes the place of the points: `event: vibration` (a VibrationView). False when there are too many.
   * `isWelcome` is asked again with each status.
   */
  open(response: ServerResponse, isWelcome: () => boolean, zone?: string | null): boolean;
  status(status: BoxStatus): void;
  close(): void;
}

interface Reader {
  readonly isWelcome: () => boolean;
  /** The vibration fibre that it follows; null: the points. */
  readonly zone: string | null;
  /** Up to when it has had them; null before the first time. */
  had: MonoMs | null;
}

export interface LiveParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly inquiry: Pick<Inquiry, "ask">;
  readonly present: () => BoxStatus | null;
}

export function createLive({ clock, timer, inquiry, present }: LiveParts): Live {
  const readers = new Map<ServerResponse, Reader>();
  let cancel: (() => void) | null = null;
  let looking = false;

  /** All who have had the same are asked for once. */
  async function look(): Promise<void> {
    looking = true;
    for (const wish of wishesOf([...readers.values()])) {
      const told = await newSince(inquiry, wish);
      if (told !== null) deliver(wish, told);
    }
    looking = false;
    cancel = null;
    plan();
  }

  function deliver({ zone, had }: Wish, { now, text }: Told): void {
    for (const [response, reader] of readers) {
      if (reader.had !== had || reader.zone !== zone) continue;
      reader.had = now;
      write(response, text);
    }
  }

  function plan(): void {
    if (readers.size === 0 || looking || cancel !== null) return;
    cancel = timer.at(clock.mono() + liveLimits.everyMs, () => void look());
  }

  function hasRoom(address: string): boolean {
    const count = [...readers.keys()].filter(({ socket }) => addressOf(socket ?? {}) === address).length;
    return readers.size < liveLimits.readers && (isLoopback(address) || count < liveLimits.perAddress);
  }

  function write(response: ServerResponse, text: string): void {
    if (response.writableLength + text.length > liveLimits.readerBytes) response.destroy();
    else response.write(text);
  }

  return {
    open(response, isWelcome, zone = null) {
      if (!hasRoom(addressOf(response.socket ?? {}))) return false;
      response.once("close", () => readers.delete(response));
      readers.set(response, { isWelcome, zone, had: null });
      write(response, ": welcome\n\n");
      const status = present();
      if (status !== null) write(response, eventText("status", status));
      if (!looking) {
        cancel?.();
        cancel = null;
        void look();
      }
      return true;
    },
    status(status) {
      if (readers.size === 0) return;
      const text = eventText("status", status);
      for (const [response, { isWelcome }] of readers) {
        if (isWelcome()) write(response, text);
        else response.end();
      }
    },
    close() {
      cancel?.();
      for (const response of readers.keys()) response.end();
      readers.clear();
    },
  };
}

type Wish = Pick<Reader, "zone" | "had">;
interface Told {
  readonly now: MonoMs | null;
  readonly text: string;
}

/** Null: the controller did not answer, or refused. */
async function newSince(inquiry: LiveParts["inquiry"], { zone, had: since }: Wish): Promise<Told | null> {
  if (zone === null) {
    const reply = await inquiry.ask({ kind: "points", since });
    return reply.ok ? { now: reply.body.now, text: eventText("points", reply.body) } : null;
  }
  const reply = await inquiry.ask({ kind: "vibration", zone, since });
  if (!reply.ok) return null;
  // Up to the last block, not up to now: one that is on its way ends before now.
  const now = reply.body.run?.blocks.at(-1)?.at ?? since;
  return { now, text: eventText("vibration", vibrationView(reply.body)) };
}

/** What is asked for, each once. */
function wishesOf(readers: readonly Reader[]): readonly Wish[] {
  const wishes = readers.map(({ zone, had }) => [`${zone ?? ""}/${had}`, { zone, had }] as const);
  return [...new Map(wishes).values()];
}

function eventText(kind: "points" | "vibration" | "status", view: object): string {
  return `event: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
}
