// Keeps what is known current: stream first, then the lists, then what the stream brought meanwhile. Live only after that.
import type { AlarmView } from "../views.js";
import { Refusal } from "./api.js";
import { applyEvent, type Known, nothingKnown, readAll } from "./store.js";
import { openStream, type StreamEvent } from "./stream.js";

const readAgainMs = 2_000;

export interface FeedListener {
  changed(): void;
  /** An alarm that nobody has acknowledged came over the live stream for the first time. */
  alarmed(alarm: AlarmView): void;
  /** Any event after it has been taken over. */
  event(event: StreamEvent): void;
  signedOut(): void;
}

export interface Feed {
  known(): Known;
  isLive(): boolean;
  /** When what is shown was last known to be complete, ms since 1970 by this computer; null before the first time. */
  currentAt(): number | null;
  close(): void;
}

/** What came while the line was down is new to the reader too. */
function newAlarms(before: Known, after: Known): readonly AlarmView[] {
  return [...after.alarms.values()].filter(({ id, state }) => state === "unacknowledged" && !before.alarms.has(id));
}

export function openFeed(listener: FeedListener): Feed {
  let known = nothingKnown();
  let liveSince: number | null = null;
  let lastCurrentAt: number | null = null;
  let waiting: StreamEvent[] = [];
  let connection = 0;

  function take(event: StreamEvent): void {
    const isNewAlarm =
      event.kind === "alarm" && event.view.state === "unacknowledged" && !known.alarms.has(event.view.id);
    applyEvent(known, event);
    if (isNewAlarm) listener.alarmed(event.view);
    listener.event(event);
  }

  async function read(mine: number): Promise<void> {
    const fresh = await readAll();
    if (mine !== connection) return;
    const missed = lastCurrentAt === null ? [] : newAlarms(known, fresh);
    known = fresh;
    liveSince = Date.now();
    for (const event of waiting) take(event);
    waiting = [];
    for (const alarm of missed) listener.alarmed(alarm);
    listener.changed();
  }

  function readUntilDone(mine: number): void {
    read(mine).catch((error: unknown) => {
      if (mine !== connection) return;
      if (error instanceof Refusal && error.status === 401) listener.signedOut();
      else setTimeout(() => mine === connection && readUntilDone(mine), readAgainMs);
    });
  }

  const closeStream = openStream({
    up() {
      connection += 1;
      waiting = [];
      readUntilDone(connection);
    },
    event(event) {
      if (liveSince === null) waiting.push(event);
      else take(event);
      listener.changed();
    },
    down() {
      connection += 1;
      if (liveSince !== null) lastCurrentAt = Date.now();
      liveSince = null;
      listener.changed();
    },
    signedOut: () => listener.signedOut(),
  });

  return {
    known: () => known,
    isLive: () => liveSince !== null,
    currentAt: () => (liveSince === null ? lastCurrentAt : Date.now()),
    close() {
      connection += 1;
      closeStream();
    },
  };
}
