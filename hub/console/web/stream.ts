// The hub's event stream, read by fetch because the page must see the hub's signs of life and its answer code, which
// EventSource hides. Connects again by itself; what was missed meanwhile stands in the lists that the feed then reads.
import type { StreamEvents } from "../views.js";

/** The hub writes at least a comment every 10 s (its `heartbeatMs`); longer silence means that the line is dead. */
const silenceMsMax = 25_000;
const reconnectMs = 2_000;
const eventCharsMax = 1_000_000;

export type StreamEvent = {
  [K in keyof StreamEvents]: { readonly kind: K; readonly view: StreamEvents[K] };
}[keyof StreamEvents];

export interface StreamListener {
  /** Connected; events follow. */
  up(): void;
  event(event: StreamEvent): void;
  down(): void;
  /** The session is over; nothing is tried again. */
  signedOut(): void;
}

const kinds: readonly string[] = [
  "alarm",
  "incident",
  "zone",
  "barrier",
  "edge",
  "work-order",
  "command",
] satisfies readonly (keyof StreamEvents)[];

interface Block {
  readonly kind: string;
  readonly data: string;
}

/** One event of the text/event-stream form; null for a comment. */
function parseBlock(text: string): Block | null {
  const fields = text.split(/\r?\n/).map((line) => /^(\w+):\s?(.*)$/.exec(line));
  const all = (name: string) => fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ""] : []));
  const data = all("data");
  return data.length === 0 ? null : { kind: all("event").at(-1) ?? "", data: data.join("\n") };
}

/** Splits the text that has come so far into whole blocks and the rest. */
function splitBlocks(text: string): { readonly blocks: readonly string[]; readonly rest: string } {
  const parts = text.split(/\r?\n\r?\n/);
  const rest = parts.pop() ?? "";
  if (rest.length > eventCharsMax) throw new RangeError("event too long");
  return { blocks: parts, rest };
}

/** Opens the stream and keeps it open until the returned function is called. */
export function openStream(listener: StreamListener): () => void {
  const closed = new AbortController();

  function deliver(text: string): void {
    const block = parseBlock(text);
    if (block === null) return;
    if (kinds.includes(block.kind)) listener.event({ kind: block.kind, view: JSON.parse(block.data) } as StreamEvent);
  }

  async function readOnce(): Promise<void> {
    const silent = new AbortController();
    const silence = () => setTimeout(() => silent.abort(), silenceMsMax);
    let timer = silence();
    try {
      const headers = { accept: "text/event-stream" };
      const signal = AbortSignal.any([closed.signal, silent.signal]);
      const response = await fetch("/api/v1/stream", {
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal,
      });
      if (response.status === 401) {
        closed.abort();
        listener.signedOut();
        return;
      }
      if (!response.ok || response.body === null) return;
      listener.up();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
        clearTimeout(timer);
        timer = silence();
        const { blocks, rest } = splitBlocks(text + chunk.value);
        text = rest;
        blocks.forEach(deliver);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  function again(): void {
    if (closed.signal.aborted) return;
    listener.down();
    setTimeout(run, reconnectMs);
  }
  function run(): void {
    if (!closed.signal.aborted) readOnce().then(again, again);
  }
  run();
  return () => closed.abort();
}
