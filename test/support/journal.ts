// Builders for tests around the journal: settings, drafts, and a machine whose time is turned by hand.
import { initialDurable } from "../../edge/incident/durable.js";
import type { JournalDraft, JournalMachine, JournalOptions, Memory } from "../../edge/journal/journal.js";
import type { Random } from "../../edge/machine/ports.js";
import type { Durable } from "../../edge/model/durable.js";
import type { Lane } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import { seeded } from "./seeded.js";
import { exampleSite } from "./virtual-site.js";

export const journalOptions: JournalOptions = {
  site: "office",
  edge: "box",
  run: "run-1",
  retentionDays: 90,
  quotaBytes: 64 * 1024 * 1024,
  reserveBytes: 0,
  segmentBytes: 16 * 1024,
};

/** For tests of which it is no part. */
export const noMemory: Memory = { remember: () => undefined, kept: () => [] };

/** Remembers the texts of all drafts. */
export function textMemory(): Memory & { readonly texts: unknown[] } {
  const texts: unknown[] = [];
  return {
    texts,
    remember({ type, data }) {
      if (type === "texts.kept") texts.splice(0, texts.length, ...(data["texts"] as unknown[]));
      else if (type === "test.happened") texts.push(data["text"]);
    },
    kept: (now) => [
      { type: "texts.kept", lane: "state", subject: "memory", data: { texts: [...texts] }, now, exercise: false },
    ],
  };
}

/** What the box of the example office knows at its first start. */
export function initialOffice(): Durable {
  const [config] = exampleSite("office").edges;
  if (config === undefined) throw new Error("the example has a box");
  return initialDurable(config);
}

export const startStamp: Stamp = {
  boot: "boot-1",
  mono: 1000,
  wall: Date.parse("2026-11-22T00:00:00Z"),
  clock: "synchronised",
};

export function seededRandom(seed: number): Random {
  const next = seeded(seed);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)) };
}

export interface ManualMachine extends JournalMachine {
  /** Moves both clocks and runs what becomes due. */
  advance(ms: number): void;
}

/** A machine in which time passes only by `advance`. */
export function manualMachine(seed = 1): ManualMachine {
  let now = startStamp;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    clock: { mono: () => now.mono, now: () => now },
    timer: {
      at(at, run) {
        const timer = { at, run };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    random: seededRandom(seed),
    advance(ms) {
      const end = now.mono + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        const at = Math.max(due?.at ?? end, now.mono);
        now = { ...now, mono: at, wall: now.wall + (at - now.mono) };
        if (due === undefined) return;
        timers.delete(due);
        due.run();
      }
    },
  };
}

export function draft(lane: Lane, text = "x", entry?: number): JournalDraft {
  const number = entry === undefined ? {} : { entry };
  return {
    type: "test.happened",
    lane,
    subject: "zone-1",
    data: { text },
    now: startStamp,
    exercise: false,
    ...number,
  };
}
