// Keeps what is known current: stream first, then the lists, then what the stream brought meanwhile. Live only after that.
import type { AlarmView } from "../views.js";
import { isTold } from "./alarms.js";
import { Refusal } from "./api.js";
import { applyEvent, type Known, nothingKnown, readAll } from "./store.js";
import { openStream, type StreamEvent } from "./stream.js";

const readAgainMs = 2_000;

export interface FeedListener {
  changed(): void;
  /** The line is up and everything is as the hub has it. */
  caughtUp(): void;
  /** An alarm has come, or has come again after it was acknowledged; also one that came while the line was down. */
  alarmed(alarm: AlarmView): void;
  /** Any event of the live stream, after it has been taken over. */
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

/** Whether a reader must be told: to be seen, and not so before, or told anew because nobody has seen it. */
function isNewAlarm(alarm: AlarmView, before: Known): boolean {
  const known = before.alarms.get(alarm.id);
  if (!isTold(alarm)) return false;
  // What came while it stood aside was told to nobody.
  const isSeen = known?.state === "unacknowledged" && isTold(known);
  return (alarm.active && !isSeen) || alarm.escalation > (known?.escalation ?? 0);
}

export function openFeed(listener: FeedListener): Feed {
  let known = nothingKnown();
  let isLive = false;
  let lastCurrentAt: number | null = null;
  let waiting: StreamEvent[] = [];
  let connection = 0;

  function take(event: StreamEvent): void {
    const alarm = event.kind === "alarm" && isNewAlarm(event.view, known) ? event.view : null;
    applyEvent(known, event);
    if (alarm !== null) listener.alarmed(alarm);
    listener.event(event);
  }

  async function read(mine: number): Promise<void> {
    const fresh = await readAll();
    if (mine !== connection) return;
    for (const event of waiting) applyEvent(fresh, event);
    waiting = [];
    const missed = lastCurrentAt === null ? [] : [...fresh.alarms.values()].filter((alarm) => isNewAlarm(alarm, known));
    known = fresh;
    isLive = true;
    for (const alarm of missed) listener.alarmed(alarm);
    listener.caughtUp();
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
      if (!isLive) waiting.push(event);
      else take(event);
      listener.changed();
    },
    down() {
      connection += 1;
      if (isLive) lastCurrentAt = Date.now();
      isLive = false;
      listener.changed();
    },
    signedOut: () => listener.signedOut(),
  });

  return {
    known: () => known,
    isLive: () => isLive,
    currentAt: () => (isLive ? Date.now() : lastCurrentAt),
    close() {
      connection += 1;
      closeStream();
    },
  };
}
