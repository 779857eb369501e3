// Word to the outside by way of the hub: sent with the step's own records, delivered when the hub has them on its disk.
import type { Clock, Timer } from "../machine/ports.js";
import type { Durable } from "../model/durable.js";
import type { Lane, LaneHead } from "../model/record.js";
import type { MonoMs } from "../model/time.js";

export const notificationsMax = 1000;
const lookEveryMs = 250;

/** What the recorder tells of its lanes. */
interface Lanes {
  readonly epoch: string;
  readonly heads: readonly LaneHead[];
  readonly acknowledged: readonly LaneHead[];
}

export interface NotifierParts {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Resolves when every alarm that was handed over so far is durable; rejects when it cannot be. */
  readonly written: () => Promise<void>;
  readonly lanes: () => Promise<Lanes>;
  readonly durable: () => Durable;
  readonly notified: (told: { step: string; ok: boolean; detail: string; at: MonoMs }) => void;
}

export interface Notifier {
  notify(step: string): void;
  waiting(): number;
  stop(): void;
}

interface Waiting {
  isWritten: boolean;
  /** The last alarm of the box when the step's records were durable: with it the hub has them too. */
  head: LaneHead | null;
}

/** Answers each step once, unless it is over before: without a hub it waits, and its deadline passes. */
export function createNotifier(parts: NotifierParts): Notifier {
  const waiting = new Map<string, Waiting>();
  let cancel: (() => void) | null = null;
  let stopped = false;

  function lookLater(): void {
    if (stopped || cancel !== null || waiting.size === 0) return;
    cancel = parts.timer.at(parts.clock.mono() + lookEveryMs, () => void look());
  }

  async function look(): Promise<void> {
    for (const step of [...waiting.keys()]) if (!isAwaited(parts.durable(), step)) waiting.delete(step);
    const written = [...waiting.values()].filter(({ isWritten }) => isWritten);
    // A recorder that dies is started again and asked the next time.
    const lanes = written.length === 0 ? null : await parts.lanes().catch(() => null);
    if (lanes !== null) judge(lanes, written);
    cancel = null;
    lookLater();
  }

  function judge(lanes: Lanes, written: readonly Waiting[]): void {
    for (const entry of written) entry.head ??= alarmHead(lanes.heads, lanes.epoch);
    for (const [step, { head }] of [...waiting]) {
      if (head === null || (alarmHead(lanes.acknowledged, head.epoch)?.sequence ?? 0) < head.sequence) continue;
      answer(step, true, `${head.epoch}/${head.lane}/${head.sequence}`);
    }
  }

  function answer(step: string, ok: boolean, detail: string): void {
    waiting.delete(step);
    if (!stopped) parts.notified({ step, ok, detail, at: parts.clock.mono() });
  }

  return {
    notify(step) {
      if (waiting.size >= notificationsMax && !waiting.has(step)) {
        answer(step, false, `${notificationsMax} notifications wait`);
        return;
      }
      const entry: Waiting = { isWritten: false, head: null };
      waiting.set(step, entry);
      parts.written().then(
        () => {
          entry.isWritten = true;
        },
        (error: unknown) => {
          if (waiting.get(step) === entry) answer(step, false, String(error));
        },
      );
      lookLater();
    },
    waiting: () => waiting.size,
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}

/** A missed one is still worth delivering while its incident is open. */
function isAwaited({ steps }: Durable, id: string): boolean {
  const step = steps[id];
  return step !== undefined && step.confirmedAt === null && (step.outcome === "open" || step.outcome === "missed");
}

function alarmHead(heads: readonly LaneHead[], epoch: string): LaneHead | null {
  const lane: Lane = "alarm";
  return heads.find((head) => head.epoch === epoch && head.lane === lane) ?? null;
}
