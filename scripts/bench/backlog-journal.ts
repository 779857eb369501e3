// A journal with a large backlog, as a long absence of the hub leaves it, made by the journal itself.
import type { JournalDraft } from "../../edge/journal/journal.js";
import { openJournal } from "../../edge/journal/open.js";
import { createClock } from "../../edge/machine/clock.js";
import { openDisk } from "../../edge/machine/disk.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import type { Lane, LaneHead } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";

const mib = 1024 * 1024;
const chunk = 2_000;
/** One record in so many is an alarm; of the others one in three is state, the rest measurements. */
const alarmEvery = 1_000;
export const benchBox = { site: "bench", edge: "box" } as const;

function laneAt(at: number): Lane {
  if (at % alarmEvery === 0) return "alarm";
  return at % 3 === 0 ? "state" : "telemetry";
}

const data: Readonly<Record<Lane, (at: number, now: Stamp) => JournalDraft["data"]>> = {
  alarm: (at, now) => ({
    alarm: { key: `bench/${at}`, priority: 2 },
    zone: `zone-${at % 50}`,
    area: "area-1",
    cause: "fence-cut",
    incident: `incident-${at}`,
    kind: "intrusion",
    detection: { zone: `zone-${at % 50}`, kind: "breach", cause: "fence-cut", occurredAt: now, detectedAt: now },
    sounds: true,
  }),
  state: (at) => ({ zone: `zone-${at % 50}`, state: at % 2 === 0 ? "normal" : "active", cause: null }),
  telemetry: (at) => ({ stepMsMax: at % 17, loopMsP99: 1.25, heapMiB: 60 + (at % 9), rssMiB: 140, cpuShare: 0.07 }),
};
const types: Readonly<Record<Lane, string>> = {
  alarm: "zone.breached",
  state: "zone.changed",
  telemetry: "health.sampled",
};

export function benchDraft(at: number, now: Stamp, lane: Lane = laneAt(at)): JournalDraft {
  return { type: types[lane], lane, subject: `bench-${at}`, data: data[lane](at, now), now, exercise: false };
}

/** Fills `folder` with `count` records; gives the heads of its lanes. */
export async function buildBacklog(folder: string, count: number): Promise<readonly LaneHead[]> {
  const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
  const journal = await openJournal({
    disk: () => openDisk(folder),
    machine,
    options: { ...benchBox, run: "backlog", retentionDays: 90, quotaBytes: 8192 * mib, reserveBytes: 4 * mib },
    memory: { remember: () => undefined, kept: () => [] },
    onTrouble: ({ code, detail }) => console.error(code, detail),
  });
  for (let from = 0; from < count; from += chunk) {
    const now = machine.clock.now();
    const size = Math.min(chunk, count - from);
    const drafts = Array.from({ length: size }, (_, at) => benchDraft(from + at, now));
    const { refused } = await journal.append(drafts, true);
    if (refused.length > 0) throw new Error(`${refused.length} records found no room`);
  }
  const heads = journal.heads();
  await journal.close();
  return heads;
}
