// Answers to snapshot and replay requests, side by side: a few frames for each listener in turn. One that does not take its
// answer is left and tried again later, so that nobody waits for it.
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../edge/machine/ports.js";
import { wait } from "../wait.js";
import { errorFrame } from "./frames.js";

/** Frames for one listener before the next has its turn. */
const burstLength = 50;
/** A listener without room is tried again after so long when nobody else has something to take. */
const retryMs = 10;
/** A listener that takes nothing of its answer for this long loses it. */
export const answerWithinMs = 30_000;
/** Requests of one listener that may wait for an answer, and of all. */
export const requestsPerListenerMax = 4;
export const requestsMax = 256;

export interface Request {
  /** Identity of the listener, and what else must stand before the answer. */
  readonly envelope: readonly Buffer[];
  readonly body: Buffer | undefined;
}
type Part = string | Buffer;

export interface AnswersOptions {
  /** Rejects with EAGAIN at once when the listener has no room, with EHOSTUNREACH when it is gone. */
  readonly send: (frames: Part[]) => Promise<void>;
  /** Each message of the answer, its end included. */
  readonly answer: (body: Buffer | undefined) => AsyncIterator<readonly Part[]>;
  readonly clock: Pick<Clock, "mono">;
  readonly trouble: (detail: string) => void;
}

export interface Answers {
  /** Takes a request; never waits. */
  take(request: Request): void;
  /** Resolves when nothing is sent any more. */
  close(): Promise<void>;
}

interface Job {
  readonly envelope: readonly Buffer[];
  readonly messages: AsyncIterator<readonly Part[]>;
  /** What the listener has had no room for. */
  held: readonly Part[] | null;
  /** Since when it takes nothing, monotonic ms. */
  stuckSince: number | null;
  isFailed: boolean;
}
/** `stuck`: no room; `over`: answered, or lost. */
type Progress = "moved" | "stuck" | "over";

export function createAnswers(options: AnswersOptions): Answers {
  const { trouble } = options;
  /** By listener, its requests in their order. */
  const listeners = new Map<string, Job[]>();
  const ending = new AbortController();
  let running: Promise<void> | null = null;

  async function advance(job: Job): Promise<Progress> {
    for (let sent = 0; sent < burstLength; sent += 1) {
      const message = job.held ?? (await nextOf(job, trouble));
      if (message === null || ending.signal.aborted) return "over";
      job.held = message;
      try {
        await options.send([...job.envelope, ...message]);
      } catch (error) {
        return ending.signal.aborted ? "over" : refused(job, error, options);
      }
      job.held = null;
      job.stuckSince = null;
    }
    return "moved";
  }

  /** One turn for every listener; false when none had room. */
  async function goRound(): Promise<boolean> {
    let hasMoved = false;
    for (const [listener, jobs] of [...listeners]) {
      const [job] = jobs;
      const progress = job === undefined ? "over" : await advance(job);
      hasMoved ||= progress !== "stuck";
      if (progress !== "over") continue;
      await job?.messages.return?.();
      jobs.shift();
      if (jobs.length === 0) listeners.delete(listener);
    }
    return hasMoved;
  }

  async function run(): Promise<void> {
    while (listeners.size > 0 && !ending.signal.aborted) {
      // The ledger answers on this thread, so everybody else in the hub has a turn too.
      if (await goRound()) await turn();
      else await wait(retryMs, ending.signal);
    }
    running = null;
  }

  return {
    take({ envelope, body }) {
      const listener = envelope[0]?.toString("hex") ?? "";
      const jobs = listeners.get(listener) ?? [];
      const waiting = [...listeners.values()].reduce((sum, { length }) => sum + length, 0);
      if (jobs.length >= requestsPerListenerMax || waiting >= requestsMax) {
        trouble("a request was refused: too many wait for an answer");
        options.send([...envelope, errorFrame("api.throttled")]).catch(() => undefined);
        return;
      }
      jobs.push({ envelope, messages: options.answer(body), held: null, stuckSince: null, isFailed: false });
      listeners.set(listener, jobs);
      running ??= run();
    },
    async close() {
      ending.abort();
      await running;
    },
  };
}

function refused(job: Job, error: unknown, { clock, trouble }: AnswersOptions): Progress {
  const now = clock.mono();
  job.stuckSince ??= now;
  if ((error as { code?: unknown }).code === "EAGAIN" && now - job.stuckSince < answerWithinMs) return "stuck";
  trouble(`an answer was not taken: ${String(error)}`);
  return "over";
}

/** Null at the end. A fault of our own ends the answer with an error that the listener can read. */
async function nextOf(job: Job, trouble: AnswersOptions["trouble"]): Promise<readonly Part[] | null> {
  if (job.isFailed) return null;
  try {
    const { done, value } = await job.messages.next();
    return done === true ? null : value;
  } catch (error) {
    job.isFailed = true;
    trouble(`a request failed: ${String(error)}`);
    return [errorFrame("api.internal")];
  }
}
