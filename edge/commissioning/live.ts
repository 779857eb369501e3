// Points and status as they change, for whoever looks at the moment: the controller is asked only while somebody does.
import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "../machine/ports.js";
import type { MonoMs } from "../model/time.js";
import type { Inquiry } from "./inquiry.js";
import type { BoxStatus } from "./status.js";

export const liveLimits = {
  readers: 16,
  /** Between two looks at the points, ms. */
  everyMs: 250,
  /** Bytes that may wait for one reader; a slower one is cut off and comes back by itself. */
  readerBytes: 4 * 1024 * 1024,
} as const;

export interface Live {
  /**
   * Makes an answer a reader: `event: points` (a PointsReply, the first with all that is known) and `event: status`. False when
   * there are too many. `isWelcome` is asked again with each status.
   */
  open(response: ServerResponse, isWelcome: () => boolean): boolean;
  status(status: BoxStatus): void;
  close(): void;
}

interface Reader {
  readonly isWelcome: () => boolean;
  /** Up to when it has had the points; null before the first time. */
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
    for (const since of new Set([...readers.values()].map(({ had }) => had))) {
      const reply = await inquiry.ask({ kind: "points", since });
      if (!reply.ok) continue;
      const text = eventText("points", reply.body);
      for (const [response, reader] of readers) {
        if (reader.had !== since) continue;
        reader.had = reply.body.now;
        write(response, text);
      }
    }
    looking = false;
    cancel = null;
    plan();
  }

  function plan(): void {
    if (readers.size === 0 || looking || cancel !== null) return;
    cancel = timer.at(clock.mono() + liveLimits.everyMs, () => void look());
  }

  function write(response: ServerResponse, text: string): void {
    if (response.writableLength + text.length > liveLimits.readerBytes) response.destroy();
    else response.write(text);
  }

  return {
    open(response, isWelcome) {
      if (readers.size >= liveLimits.readers) return false;
      response.once("close", () => readers.delete(response));
      readers.set(response, { isWelcome, had: null });
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

function eventText(kind: "points" | "status", view: object): string {
  return `event: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
}
