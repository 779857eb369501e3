// Bugs planted on purpose, each between production code and what it is handed: a simulator that does not find them is broken.
import type { Disk, Timer } from "../../edge/machine/ports.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { RecordSource } from "../../edge/uplink/sender.js";
import { readRecords } from "../../hub/intake/message.js";
import type { createQueue } from "../../hub/intake/queue.js";
import { noPlants, type Plants } from "./site.js";
import type { Life } from "./world.js";

const lateSyncMs = 15;

/** A disk whose sync says "done" and does it later. */
function lyingDisk(disk: Disk, life: Life): Disk {
  return {
    ...disk,
    async open(name, mode) {
      const file = await disk.open(name, mode);
      const later = async () => {
        await life.delay(lateSyncMs);
        await file.sync();
      };
      return {
        ...file,
        async sync() {
          later().catch(() => null);
        },
      };
    },
  };
}

/** The controller takes the wall clock for the monotonic one. */
const wallClock: Plants["controllerClock"] = ({ clock, timer }) => {
  const start = clock.now();
  const mono = () => start.mono + clock.now().wall - start.wall;
  const byWall: Timer = { at: (at, run) => timer.at(clock.mono() + at - mono(), run) };
  return { clock: { mono, now: () => ({ ...clock.now(), mono: mono() }) }, timer: byWall };
};

/** What was read for sending is gone. */
function forgetful(source: RecordSource): RecordSource {
  const gone = new Map<string, number>();
  return {
    ...source,
    async read(from, max) {
      const key = `${from.epoch}/${from.lane}`;
      const records = await source.read(from, max);
      const kept = records.filter(({ sequence }) => sequence > (gone.get(key) ?? 0));
      gone.set(key, Math.max(gone.get(key) ?? 0, ...kept.map(({ sequence }) => sequence)));
      return kept;
    },
  };
}

/** Stores whatever comes, known or not. */
const credulousQueue: typeof createQueue = ({ book, clock, events }, acknowledge) => ({
  add(message) {
    const { site, edge } = message;
    const { incoming } = readRecords(message.text, message);
    const storedAt = new Date(clock.now().wall).toISOString();
    const rows = incoming.map(({ record, hash }) => ({ site, edge, storedAt, hash, record }));
    const last = rows.at(-1);
    if (last === undefined) return;
    const { epoch, lane, sequence } = last.record;
    const head = { epoch, lane, sequence, hash: last.hash };
    book
      .write(async () => ({ rows, heads: [{ site, edge, ...head }], aside: [], own: [] }))
      .then(
        () => acknowledge(site, edge, [head], "part"),
        (error) => events.trouble(String(error)),
      );
  },
  isSound: () => true,
  close: () => Promise.resolve(),
});

function withoutInterlocks(config: EdgeConfig): EdgeConfig {
  return { ...config, barriers: config.barriers.map((barrier) => ({ ...barrier, interlocks: [] })) };
}

/** An isolation whose end is dropped on the way. */
const endless: Plants["act"] = (act) => (act.kind === "isolate" ? { ...act, forMs: null } : act);

/** A drill that takes in the whole site. */
const allInDrill: Plants["act"] = (act, { zones }) =>
  act.kind === "start-drill" ? { ...act, zones: zones.map(({ id }) => id) } : act;

/** Segments begin without what the box remembers. */
const forgetting: Plants["memory"] = (memory) => ({ ...memory, kept: () => [] });

export const planted: Readonly<Record<string, Plants>> = {
  "acknowledges before the sync": { ...noPlants, disk: lyingDisk },
  "counts deadlines on the wall clock": { ...noPlants, controllerClock: wallClock },
  "deletes what it has sent": { ...noPlants, source: forgetful },
  "stores duplicates": { ...noPlants, createQueue: credulousQueue },
  "moves without looking at interlocks": { ...noPlants, config: withoutInterlocks },
  "lets an isolation outlive its end": { ...noPlants, act: endless },
  "marks in a drill what it does not name": { ...noPlants, act: allInDrill },
  "forgets what its last segment does not hold": { ...noPlants, memory: forgetting },
};
