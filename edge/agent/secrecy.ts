// Says which records of a box are sealed on its disk: those of encrypted areas, of what stands in them, and of the incidents
// in which they have a part.
import type { JournalDraft } from "../journal/journal.js";
import type { EdgeConfig } from "../model/site.js";
import { pointsOfZone } from "../model/zone.js";
import { demandPointOf, outputsOf } from "../response/outputs.js";
import { pointsOfBarrier } from "../response/sight.js";

/** Incidents that are remembered; the oldest goes first. */
const incidentsMax = 1000;
/** The whole state holds all areas. What names everything, and stands in the site's file too, is no secret. */
const always = "state.kept";
const never: readonly string[] = [
  "config.applied",
  "config.kept",
  "book.kept",
  "inventory.kept",
  "journal.checkpointed",
  "agent.started",
];

export interface Secrecy {
  seals(draft: Pick<JournalDraft, "type" | "subject" | "data">): boolean;
  /** What the journal remembers; incidents of encrypted areas are known from there after a start. */
  note(known: Pick<JournalDraft, "type" | "data">): void;
  /** A new configuration has put more into an area. */
  add(ids: readonly string[]): void;
}

/** Ids of what stands in the areas that the journal encrypts; all plain, so that a worker can be handed them. */
export function secretIds(config: EdgeConfig, { encryptedAreas = [] } = config.journal): readonly string[] {
  const areas = new Set(encryptedAreas);
  const zones = config.zones.filter(({ area }) => areas.has(area));
  const barriers = config.barriers.filter(({ area }) => areas.has(area));
  const points = barriers.flatMap((barrier) => [
    ...pointsOfBarrier(barrier),
    ...outputsOf(barrier),
    demandPointOf(barrier.drive),
  ]);
  return [...areas, ...[...zones, ...barriers].map(({ id }) => id), ...zones.flatMap(pointsOfZone), ...points];
}

export function createSecrecy(ids: readonly string[]): Secrecy {
  const secret = new Set(ids);
  const incidents = new Set<string>();

  function names(value: unknown): boolean {
    if (typeof value === "string")
      return secret.has(bare(value)) || secret.has(headOf(bare(value))) || incidents.has(headOf(value));
    return (
      typeof value === "object" &&
      value !== null &&
      Object.entries(value).some(([key, member]) => secret.has(key) || names(member))
    );
  }

  function remember(incident: unknown): void {
    if (typeof incident !== "string") return;
    incidents.add(incident);
    const [oldest] = incidents;
    if (incidents.size > incidentsMax && oldest !== undefined) incidents.delete(oldest);
  }

  return {
    seals({ type, subject, data }) {
      if (type === always) return true;
      if (never.includes(type) || !(names(subject) || names(data))) return false;
      const { incident } = data;
      remember(typeof incident === "object" ? Object(incident).id : incident);
      return true;
    },
    note({ type, data }) {
      const kept = type === always ? Object(Object(data["durable"]).incidents) : {};
      for (const [id, incident] of Object.entries(kept)) if (names(incident)) remember(id);
    },
    add: (more) => more.forEach((id) => void secret.add(id)),
  };
}

/** The thing of which a path speaks: of an incident its step, of a zone its case. */
function headOf(text: string): string {
  return text.split("/", 1)[0] ?? text;
}

/** A work order says of what kind its device is: `barrier:north`. */
function bare(text: string): string {
  return text.slice(text.indexOf(":") + 1);
}
