// Records a vibration fibre while somebody tests it: gathers the blocks that its detector takes and writes them when it is stopped
// or complete. One at a time per zone, in the HTTP's thread; what runs when that thread dies is lost, and was not promised.
import type { Clock, Timer } from "../../machine/ports.js";
import { PortcullisError, refusal, type Trouble } from "../../model/error.js";
import { answer } from "../answer.js";
import type { Inquiry } from "../inquiry.js";
import {
  endOf,
  type Job,
  openJob,
  type Running,
  recorderLimits,
  recordingOf,
  runningOf,
  take,
  type Wanted,
} from "./job.js";
import type { Recording, RecordingHead } from "./recording.js";
import type { Store } from "./store.js";

export interface RecordingDesk {
  /** @throws PortcullisError `recording.running`, `recording.full`, `recording.silent` or what the controller said */
  start(zone: string, wanted: Wanted): Promise<Running>;
  /** Ends it and gives what was written. @throws PortcullisError `recording.none`, `recording.silent` or `recording.unwritable` */
  stop(zone: string): Promise<RecordingHead>;
  running(zone: string): Running | null;
  /** Why the last one of the zone was not kept; null: it was. */
  lost(zone: string): Trouble | null;
}

export interface RecorderParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly inquiry: Inquiry;
  readonly store: Store;
  readonly made: (head: RecordingHead) => void;
}

export function createRecorder(parts: RecorderParts): RecordingDesk {
  const { clock, timer, inquiry } = parts;
  const jobs = new Map<string, Job>();
  const lost = new Map<string, Trouble>();
  const starting = new Set<string>();

  function plan(zone: string, job: Job): void {
    job.cancel = timer.at(clock.mono() + recorderLimits.everyMs, () => void look(zone, job));
  }

  /** A controller that does not answer in time is asked again. */
  async function look(zone: string, job: Job): Promise<void> {
    const since = job.blocks.at(-1)?.at ?? job.from;
    const reply = await inquiry.ask({ kind: "vibration", zone, since });
    if (job.ending !== null) return;
    const isWhole = !reply.ok || reply.body.run === null || take(job, reply.body.run, clock.mono());
    const ended = isWhole ? endOf(job, clock.mono()) : "interrupted";
    if (ended === null) plan(zone, job);
    // Whoever recorded is told by `lost`.
    else await end(zone, job, ended).catch(() => undefined);
  }

  async function keep(zone: string, job: Job, ended: RecordingHead["ended"]): Promise<RecordingHead> {
    try {
      const head = await write(parts, recordingOf(zone, job, ended));
      lost.delete(zone);
      return head;
    } catch (error) {
      if (error instanceof PortcullisError) lost.set(zone, error.trouble);
      throw error;
    }
  }

  function end(zone: string, job: Job, ended: RecordingHead["ended"]): Promise<RecordingHead> {
    job.cancel();
    job.ending ??= keep(zone, job, ended).finally(() => jobs.delete(zone));
    return job.ending;
  }

  return {
    async start(zone, wanted) {
      if (jobs.has(zone) || starting.has(zone)) throw refusal("recording.running", zone, "");
      if (jobs.size + starting.size >= recorderLimits.running)
        throw refusal("recording.running", [...jobs.keys()].join(), `${recorderLimits.running} at a time`);
      starting.add(zone);
      try {
        const job = await begin(parts, zone, wanted);
        lost.delete(zone);
        jobs.set(zone, job);
        plan(zone, job);
        return runningOf(job);
      } finally {
        starting.delete(zone);
      }
    },
    async stop(zone) {
      const job = jobs.get(zone);
      if (job === undefined) throw refusal("recording.none", zone, "");
      const since = job.blocks.at(-1)?.at ?? job.from;
      // What came since the last look belongs to it.
      const reply = await inquiry.ask({ kind: "vibration", zone, since });
      if (job.ending === null && reply.ok && reply.body.run !== null) take(job, reply.body.run, clock.mono());
      return end(zone, job, "stopped");
    },
    running(zone) {
      const job = jobs.get(zone);
      return job === undefined ? null : runningOf(job);
    },
    lost: (zone) => lost.get(zone) ?? null,
  };
}

/** @throws PortcullisError when there is no room, or nothing to record */
async function begin({ store, inquiry, clock }: RecorderParts, zone: string, wanted: Wanted): Promise<Job> {
  await store.makeRoom(zone);
  // No block is newer than now: what comes back is where the detector stands.
  const { run, revision } = await answer({ inquiry }, { kind: "vibration", zone, since: clock.mono() });
  if (run === null) throw refusal("recording.silent", zone, "nothing heard since the start");
  return openJob(wanted, { run, revision, now: clock.now() });
}

/** @throws PortcullisError, whatever was in the way */
async function write({ store, made }: RecorderParts, recording: Recording): Promise<RecordingHead> {
  const { zone } = recording.head;
  if (recording.blocks.length === 0) throw refusal("recording.silent", zone, "no block since it was started");
  try {
    const head = await store.write(recording);
    made(head);
    return head;
  } catch (cause) {
    if (cause instanceof PortcullisError) throw cause;
    throw new PortcullisError({ code: "recording.unwritable", place: zone, detail: String(cause) }, { cause });
  }
}
