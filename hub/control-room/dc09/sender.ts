// One receiver's conversation as a pure step: one message under way at a time, sent again under the same number until the
// receiver has answered; link tests when there is nothing else to say. Times are monotonic milliseconds.
import type { Reply } from "./frame.js";

export interface Timing {
  /** An answer must come within. */
  readonly answerMs: number;
  /** Sendings before the line is given up and dialled again after a pause. */
  readonly triesMax: number;
  /** Silence after which a link test goes out. */
  readonly supervisionMs: number;
}

export interface Sender {
  /** Number of the event under way, 1 to 9999. A link test has 0. */
  readonly sequence: number;
  /** `event`: somebody waits for its fate. `test`: a link test. */
  readonly underWay: "event" | "test" | null;
  readonly tries: number;
  /** Answered with NAK in a row. */
  readonly naks: number;
  /** When to look again: an answer is overdue, a pause ends, or a link test is due. */
  readonly dueAt: number;
  /** Between two dials: nothing is sent. */
  readonly pausing: boolean;
  readonly pauseMs: number;
  /** Null before the first answer. */
  readonly reachable: boolean | null;
  /** The receiver's clock minus ours. */
  readonly offsetMs: number;
}

export type Input =
  | { readonly kind: "offer"; readonly sequence: number }
  /** `aheadMs`: the receiver's time minus our wall clock, with a NAK that says it. */
  | { readonly kind: "reply"; readonly reply: Reply; readonly aheadMs: number | null }
  | { readonly kind: "line-down" }
  | { readonly kind: "time" };

export type Effect =
  | { readonly kind: "send"; readonly what: "event" | "test" }
  | { readonly kind: "fate"; readonly verdict: "told" | "refused" }
  | { readonly kind: "reachable"; readonly up: boolean }
  | { readonly kind: "hang-up" };

export const pauseMsMin = 1000;
export const pauseMsMax = 60_000;
/** A receiver that says NAK again and again has trouble of its own. */
const naksMax = 3;

export function createSender(now: number): Sender {
  const quiet = { underWay: null, tries: 0, naks: 0, pausing: false, pauseMs: pauseMsMin };
  // A link test at once: whether the receiver is there is known before the first alarm.
  return { sequence: 0, ...quiet, dueAt: now, reachable: null, offsetMs: 0 };
}

/** An offer is taken only now. */
export function isIdle(sender: Sender): boolean {
  return sender.underWay === null;
}

export function step(
  sender: Sender,
  input: Input,
  { now, timing }: { readonly now: number; readonly timing: Timing },
): { readonly sender: Sender; readonly effects: readonly Effect[] } {
  switch (input.kind) {
    case "offer": {
      const offered = { ...sender, underWay: "event", sequence: input.sequence, tries: 0, naks: 0 } as const;
      // During a pause the message waits for its end.
      return sender.pausing ? { sender: offered, effects: [] } : send(offered, now, timing);
    }
    case "reply":
      return answered(sender, input, { now, timing });
    case "line-down":
      return sender.underWay === null || sender.pausing ? { sender, effects: [] } : giveUp(sender, now);
    case "time":
      return now < sender.dueAt ? { sender, effects: [] } : onTime(sender, now, timing);
  }
}

type Stepped = ReturnType<typeof step>;

function onTime(sender: Sender, now: number, timing: Timing): Stepped {
  if (sender.pausing)
    return send({ ...sender, pausing: false, underWay: sender.underWay ?? "test", tries: 0, naks: 0 }, now, timing);
  if (sender.underWay === null) return send({ ...sender, underWay: "test", tries: 0, naks: 0 }, now, timing);
  return sender.tries < timing.triesMax ? send(sender, now, timing) : giveUp(sender, now);
}

function send(sender: Sender, now: number, { answerMs }: Timing): Stepped {
  const what = sender.underWay ?? "test";
  return {
    sender: { ...sender, underWay: what, tries: sender.tries + 1, dueAt: now + answerMs },
    effects: [{ kind: "send", what }],
  };
}

/** Nothing is dropped: the same message goes out again after the pause. */
function giveUp(sender: Sender, now: number): Stepped {
  const { pauseMs, reachable } = sender;
  return {
    sender: {
      ...sender,
      pausing: true,
      dueAt: now + pauseMs,
      pauseMs: Math.min(pauseMs * 2, pauseMsMax),
      reachable: false,
    },
    effects: [{ kind: "hang-up" }, ...(reachable === false ? [] : [{ kind: "reachable", up: false } as const])],
  };
}

function answered(
  sender: Sender,
  { reply, aheadMs }: Extract<Input, { kind: "reply" }>,
  { now, timing }: { readonly now: number; readonly timing: Timing },
): Stepped {
  if (sender.underWay === null || sender.pausing) return { sender, effects: [] };
  if (reply.kind === "NAK" && sender.underWay === "event") {
    const corrected = { ...sender, naks: sender.naks + 1, offsetMs: aheadMs ?? sender.offsetMs };
    return corrected.naks > naksMax ? giveUp(corrected, now) : send({ ...corrected, tries: 0 }, now, timing);
  }
  // Rubbish, or a late answer to another message. Of a link test receivers say what they like, be it no or an empty line.
  const isOurs =
    (reply.kind === "ACK" || reply.kind === "RSP" || reply.kind === "DUH") && reply.sequence === sender.sequence;
  if (sender.underWay === "event" && !isOurs) return { sender, effects: [] };
  const verdict = reply.kind === "DUH" ? "refused" : "told";
  return {
    sender: {
      ...sender,
      underWay: null,
      naks: 0,
      tries: 0,
      dueAt: now + timing.supervisionMs,
      pauseMs: pauseMsMin,
      reachable: true,
      offsetMs: aheadMs ?? sender.offsetMs,
    },
    effects: [
      ...(sender.underWay === "event" ? [{ kind: "fate", verdict } as const] : []),
      ...(sender.reachable === true ? [] : [{ kind: "reachable", up: true } as const]),
    ],
  };
}
