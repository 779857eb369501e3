// The outlet to one SIA DC-09 alarm receiver: follows the ledger and tells it, one message after the other.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../../../edge/machine/ports.js";
import type { LedgerRow } from "../../ledger/ledger.js";
import { type Follower, startFollower, type Verdict } from "../follower.js";
import type { Rows } from "../rows.js";
import { type Describe, type Event, emptyRegister, type Register, readEvents } from "./events.js";
import { type Address, decodeReply, encode, sequenceOf } from "./frame.js";
import { createLine, type Target } from "./line.js";
import { dataOf, type Format, lateness } from "./message.js";
import { createSender, type Effect, type Input, isIdle, step, type Timing } from "./sender.js";

export interface Dc09Options extends TalkOptions {
  /** Holds the place of this control room. */
  readonly folder: string;
  readonly rows: Rows;
  /** Where a receiver that is new begins. */
  readonly newest: number;
  readonly describe: Describe;
}

export interface TalkOptions {
  readonly name: string;
  readonly target: Target;
  readonly format: Format;
  readonly address: Address;
  /** AES key; null sends in the clear. */
  readonly key: Buffer | null;
  readonly timing: Timing;
  readonly clock: Clock;
  /** The receiver came or went. */
  readonly reachable: (up: boolean, detail: string) => void;
  readonly trouble: (detail: string) => void;
}

export interface Outlet {
  readonly name: string;
  /** `reachable` is null until the first answer or the first failure. */
  health(): { readonly reachable: boolean | null } & ReturnType<Follower["place"]>;
  close(): Promise<void>;
}

/** Starts at once and keeps trying; does not wait for the receiver. */
export function startDc09(options: Dc09Options): Outlet {
  const talk = startTalk(options);
  const follower = startFollower<LedgerRow, Register, Event>({
    ...options,
    source: options.rows.after,
    file: join(options.folder, `dc09-${options.name}.json`),
    initial: emptyRegister,
    fold: readEvents(options.describe),
    tell: talk.tell,
  });
  return {
    name: options.name,
    health: () => ({ reachable: talk.reachable(), ...follower.place() }),
    async close() {
      talk.close();
      await follower.close();
    },
  };
}

interface Waiting {
  readonly event: Event;
  readonly sequence: number;
  readonly settle: (verdict: Verdict) => void;
}

/** The conversation: carries out what the pure sender wants. */
function startTalk(options: TalkOptions) {
  const { clock, timing, key } = options;
  let sender = createSender(clock.mono());
  let waiting: Waiting | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let lastTrouble = "";

  const line = createLine(options.target, {
    answer(bytes) {
      const reply = decodeReply(bytes, key);
      if (reply.kind === "broken") lastTrouble = reply.detail;
      const receiverAt = reply.kind === "NAK" ? reply.at : null;
      take({ kind: "reply", reply, aheadMs: receiverAt === null ? null : receiverAt - clock.now().wall });
    },
    down(reason) {
      lastTrouble = reason;
      take({ kind: "line-down" });
    },
  });

  function settle(verdict: "told" | "refused"): void {
    const settled = waiting;
    waiting = null;
    if (verdict === "refused")
      options.trouble(`${options.name} does not take ${settled?.event.sia} ${settled?.event.text}`);
    settled?.settle(verdict);
  }

  function carryOut(effect: Effect): void {
    if (effect.kind === "send") line.send(bytesOf(effect.what === "event" ? waiting : null, sender.offsetMs, options));
    else if (effect.kind === "hang-up") line.hangUp();
    else if (effect.kind === "fate") settle(effect.verdict);
    else options.reachable(effect.up, effect.up ? "" : lastTrouble);
  }

  function take(input: Input): void {
    if (closing) return;
    const next = step(sender, input, { now: clock.mono(), timing });
    sender = next.sender;
    for (const effect of next.effects) carryOut(effect);
    clearTimeout(timer);
    if (waiting !== null && isIdle(sender)) take({ kind: "offer", sequence: waiting.sequence });
    else timer = setTimeout(() => take({ kind: "time" }), Math.max(1, Math.ceil(sender.dueAt - clock.mono())));
  }

  take({ kind: "time" });
  return {
    reachable: () => sender.reachable,
    tell: (event: Event, count: number) =>
      new Promise<Verdict>((settleEvent) => {
        if (closing) return settleEvent("closing");
        waiting = { event, sequence: sequenceOf(count), settle: settleEvent };
        if (isIdle(sender)) take({ kind: "offer", sequence: waiting.sequence });
      }),
    close() {
      closing = true;
      clearTimeout(timer);
      line.hangUp();
      waiting?.settle("closing");
    },
  };
}

function bytesOf(waiting: Waiting | null, offsetMs: number, { address, format, clock, key }: TalkOptions): Buffer {
  const now = clock.now().wall;
  const cipher = key === null ? null : { key, padding: randomBytes };
  const sent = { address, at: now + offsetMs };
  if (waiting === null) return encode({ ...sent, id: "NULL", sequence: 0, data: "", extended: "" }, cipher);
  const { event, sequence } = waiting;
  const content = { id: format, sequence, data: dataOf(event, format), extended: lateness(event, now) };
  return encode({ ...sent, ...content }, cipher);
}
