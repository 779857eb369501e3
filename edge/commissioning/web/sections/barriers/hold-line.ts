// The line of a hold: begins it, gives a sign again and again with the key of the last answer, and ends it. Whatever goes wrong here, the
// box stops the drive by itself.

import type { HoldReply } from "../../../questions/drives.js";
import { call, refusalOf } from "../../api.js";

/** Between an answer and the next sign, so that two ways there and back fit into the box's limit. */
const signAfterMs = 150;

export interface HoldAsk {
  readonly barrier: string;
  readonly direction: "open" | "close";
  readonly reason: string;
  /** Where two persons must agree. */
  readonly second?: { readonly name: string; readonly pin: string };
}

interface Held {
  readonly hold: string;
  readonly key: number;
}

/** `isHeld` is asked before every sign; `told` hears of every answer. Rejects with Refusal where the hold is not begun. */
export async function holdDrive(
  { barrier, ...order }: HoldAsk,
  isHeld: () => boolean,
  told: (reply: HoldReply) => void,
): Promise<void> {
  const line = new AbortController();
  try {
    const response = await fetch(`/api/v1/drives/${encodeURIComponent(barrier)}/hold`, {
      method: "POST",
      credentials: "same-origin",
      cache: "no-store",
      signal: line.signal,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
    });
    if (!response.ok) throw refusalOf(response, await response.text());
    const held = await firstWord(response);
    if (held !== null) await keepUp(held, isHeld, told);
  } finally {
    line.abort();
  }
}

async function keepUp(
  { hold, key: first }: Held,
  isHeld: () => boolean,
  told: (reply: HoldReply) => void,
): Promise<void> {
  const path = `holds/${encodeURIComponent(hold)}`;
  for (let key = first; ; ) {
    if (!isHeld()) return told(await call<HoldReply>("DELETE", path));
    const reply = await call<HoldReply>("POST", path, { key });
    told(reply);
    if (reply.underWay === null || reply.underWay.key === null) return;
    key = reply.underWay.key;
    await new Promise((resolve) => setTimeout(resolve, signAfterMs));
  }
}

async function firstWord({ body }: Response): Promise<Held | null> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (reader !== undefined && !text.includes("\n\n")) {
    const { value, done } = await reader.read();
    if (done) return null;
    text += value;
  }
  const data = /^data: (.*)$/m.exec(text)?.[1];
  return data === undefined ? null : (JSON.parse(data) as Held);
}
