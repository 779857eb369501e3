// Live changes as server-sent events. A reader that was away resumes from its last event; one that does not read is cut off.
import type { ServerResponse } from "node:http";
import type { Change } from "./projections.js";

/** Events that are kept for readers that come back. */
export const replayMax = 2000;
/** Bytes that may wait for one reader. */
export const readerBytesMax = 8 * 1024 * 1024;
export const readersMax = 256;
/** Proxies and pages take longer silence for a dead line. */
const heartbeatMs = 10_000;

export interface Reader {
  /** Asked again from time to time. */
  readonly isWelcome: () => Promise<boolean>;
  /** The operator at whose page this reader is; null for programs and for everybody else. */
  readonly operator: string | null;
}

export interface Stream {
  publish(changes: readonly Change[]): void;
  /**
   * Makes an answer a reader. With `lastEventId` it first gets what it missed: the events since, or, when they are no
   * longer kept, everything as it stands now. False when there are too many.
   */
  open(response: ServerResponse, lastEventId: number | null, reader: Reader): boolean;
  /** Asks every reader now whether it is still welcome. */
  recheck(): void;
  readers(): number;
  /** Different operators whose pages read along. */
  operators(): number;
  close(): void;
}

/** `present` gives every view as it stands; `firstId` must be greater than any id of an earlier run. */
export function createStream(present: () => readonly Change[], firstId: number): Stream {
  const readers = new Map<ServerResponse, Reader>();
  const kept: { readonly id: number; readonly text: string }[] = [];
  let lastId = firstId;

  function write(reader: ServerResponse, text: string): void {
    if (reader.writableLength + text.length > readerBytesMax) reader.destroy();
    else reader.write(text);
  }

  function missed(since: number): readonly string[] {
    const oldest = kept[0]?.id ?? lastId + 1;
    if (since > lastId || since < oldest - 1) return present().map((change) => eventText(change, lastId));
    return kept.filter(({ id }) => id > since).map(({ text }) => text);
  }

  function recheck(): void {
    for (const [reader, { isWelcome }] of readers) {
      isWelcome().then(
        (welcome) => welcome || reader.end(),
        () => reader.end(),
      );
    }
  }

  const heartbeat = setInterval(() => {
    for (const reader of readers.keys()) write(reader, ": here\n\n");
    recheck();
  }, heartbeatMs);

  return {
    publish(changes) {
      for (const change of changes) {
        lastId += 1;
        const text = eventText(change, lastId);
        kept.push({ id: lastId, text });
        if (kept.length > replayMax) kept.shift();
        for (const reader of readers.keys()) write(reader, text);
      }
    },
    open(response, lastEventId, reader) {
      if (readers.size >= readersMax) return false;
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
      });
      response.once("close", () => readers.delete(response));
      readers.set(response, reader);
      write(response, ": welcome\n\n");
      if (lastEventId !== null) for (const text of missed(lastEventId)) write(response, text);
      return true;
    },
    recheck,
    readers: () => readers.size,
    operators: () => new Set([...readers.values()].flatMap(({ operator }) => operator ?? [])).size,
    close() {
      clearInterval(heartbeat);
      for (const reader of readers.keys()) reader.end();
    },
  };
}

function eventText({ kind, view }: Change, id: number): string {
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
}
