// What one source (a zone, a barrier, a box) shows as an OPC UA condition: all its alarms in one picture. A pure fold.
import type { AlarmRecord } from "../../alarm/record.js";

/** Part 9: one condition of a source; its state is that of the alarms that are not closed. */
export interface Picture {
  /** `{site}/{edge}/{origin}`; the same condition for the life of the hub. */
  readonly source: string;
  readonly active: boolean;
  readonly acked: boolean;
  /** Nothing is open. Until then it waits for a person's Confirm, which resets. */
  readonly confirmed: boolean;
  readonly latched: boolean;
  /** Kept in ConditionRefresh until everything is closed. */
  readonly retain: boolean;
  readonly shelved: boolean;
  readonly suppressed: boolean;
  readonly outOfService: boolean;
  /** 1 to 1000. */
  readonly severity: number;
  readonly message: string;
  /** ISO 8601 UTC, of what it shows. */
  readonly at: string;
  /** Who acknowledged last, and what he remarked; empty while nobody did. */
  readonly comment: string;
  /** Ids of the alarms that a client's act is for. */
  readonly unacknowledged: readonly string[];
  readonly open: readonly string[];
}

/** Open alarms of each source, by id. */
export type Sources = ReadonlyMap<string, ReadonlyMap<string, AlarmRecord>>;

export function sourceOf({ site, edge, origin }: Pick<AlarmRecord, "site" | "edge" | "origin">): string {
  return `${site || "-"}/${edge || "-"}/${origin}`;
}

/** After a change of one alarm: the sources as they are now, and the picture of the one that it is shown at. */
export function see(
  sources: Sources,
  alarm: AlarmRecord,
  source = sourceOf(alarm),
): { readonly sources: Sources; readonly picture: Picture } {
  const alarms = new Map(sources.get(source));
  if (alarm.state === "closed") alarms.delete(alarm.id);
  else alarms.set(alarm.id, alarm);
  const next = new Map(sources);
  if (alarms.size === 0) next.delete(source);
  else next.set(source, alarms);
  return { sources: next, picture: pictureOf(source, [...alarms.values()], alarm) };
}

/** `last`: the alarm whose change is shown; its words stand where nothing is open any more. */
function pictureOf(source: string, open: readonly AlarmRecord[], last: AlarmRecord): Picture {
  const worst = [...open].sort(bySeverity)[0] ?? last;
  const all = (test: (alarm: AlarmRecord) => boolean) => open.length > 0 && open.every(test);
  const unacknowledged = open.filter(({ acknowledged }) => !acknowledged).map(({ id }) => id);
  return {
    source,
    active: open.some(({ active }) => active),
    acked: unacknowledged.length === 0,
    confirmed: open.length === 0,
    latched: open.some(({ latched, active }) => latched && !active),
    retain: open.length > 0,
    shelved: all(({ shelved }) => shelved !== null),
    suppressed: all(({ suppressed }) => suppressed !== null),
    outOfService: all(({ outOfService }) => outOfService !== null),
    severity: worst.severity,
    message: `${worst.exercise ? "演练 Exercise: " : ""}${worst.title.zh} / ${worst.title.en}`,
    at: last.state === "closed" ? (last.closedAt ?? last.raisedAt) : worst.occurredAt,
    comment: last.acknowledgedBy ?? "",
    unacknowledged,
    open: open.map(({ id }) => id),
  };
}

/** The worst first; of two alike the newest. */
function bySeverity(a: AlarmRecord, b: AlarmRecord): number {
  return b.severity - a.severity || Number(b.id) - Number(a.id);
}
