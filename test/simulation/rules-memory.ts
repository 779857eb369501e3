// The rule about memory: after a start the box knows what it knew, as far as that was on the medium, or was remembered when
// the newest segment began.
import { fold, initialDurable } from "../../edge/incident/durable.js";
import type { Appended, JournalDraft } from "../../edge/journal/journal.js";
import type { Durable } from "../../edge/model/durable.js";
import type { Fact } from "../../edge/model/fact.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { canonical } from "../../edge/record/canonical.js";
import type { Scene } from "./scene.js";

export interface MemoryRule {
  /** Facts on their way to the journal, in this order. */
  handed(drafts: readonly JournalDraft[]): void;
  settled(drafts: readonly JournalDraft[], appended: Appended): void;
  /** `records`: all that the journal holds; `durable`: what the box has made of them. */
  opened(records: readonly JournalRecord[], durable: Durable): void;
}

/** What became of one fact of the present life. */
interface Handed {
  readonly draft: JournalDraft;
  isSettled: boolean;
  /** Where it is on the disk; null as long as it is not. */
  record: JournalRecord | null;
}

type Known = Pick<JournalRecord, "type" | "data">;

const foldAll = (from: Durable, facts: readonly Known[]): Durable =>
  facts.reduce((durable, { type, data }) => fold(durable, { type, data } as unknown as Fact), from);

export function createMemoryRule({ config, violate }: Scene): MemoryRule {
  let base = initialDurable(config);
  let life: Handed[] = [];
  /** The last record that this life found. */
  let lastAtStart = "";
  const byDraft = new Map<JournalDraft, Handed>();

  /** What the box may know now: more than one answer only when its last group has not been answered. */
  function expected(records: readonly JournalRecord[]): readonly Durable[] {
    const kept = records.findLastIndex(({ type }) => type === "state.kept");
    const { epoch = "", order = 0 } = records[kept] ?? {};
    const told = new Set(life.flatMap(({ record }) => record?.id ?? []));
    const lastTold = records.findLastIndex(({ id }) => told.has(id) || id === lastAtStart);
    const untold = records.slice(Math.max(lastTold, kept) + 1);
    lastAtStart = records.at(-1)?.id ?? "";
    const after = life.findIndex(({ record }) => record?.epoch === epoch && record.order > order);
    if (after >= 0) {
      const later = life.slice(after).flatMap(({ record }) => record ?? []);
      const before = life.slice(0, after).map(({ draft }) => draft);
      return [foldAll(base, [...before, ...later, ...untold])];
    }
    const least = life.findLastIndex(({ isSettled }) => isSettled) + 1;
    return Array.from({ length: life.length - least + 1 }, (_, more) => {
      const before = life.slice(0, least + more).map(({ draft }) => draft);
      return foldAll(base, [...before, ...untold]);
    });
  }

  return {
    handed(drafts) {
      for (const draft of drafts) {
        const handed: Handed = { draft, isSettled: false, record: null };
        life.push(handed);
        byDraft.set(draft, handed);
      }
    },
    settled(drafts, { records, refused }) {
      const written = drafts.filter((draft) => !refused.includes(draft));
      for (const draft of drafts) {
        const handed = byDraft.get(draft);
        if (handed === undefined) continue;
        handed.isSettled = true;
        const record = records[written.indexOf(draft)];
        if (record !== undefined && record.durable !== false) handed.record = record;
      }
    },
    opened(records, durable) {
      const may = expected(records);
      const found = canonical(durable);
      const [first] = may;
      if (first !== undefined && !may.some((each) => canonical(each) === found)) {
        const parts = (Object.keys(first) as (keyof Durable)[]).filter(
          (part) => canonical(first[part]) !== canonical(durable[part]),
        );
        const [part] = parts;
        if (part !== undefined)
          violate(
            "memory-is-kept",
            `${parts.join(" ")} after a start; ${canonical(durable[part])} instead of ${canonical(first[part])}`,
          );
      }
      base = durable;
      life = [];
      byDraft.clear();
    },
  };
}
