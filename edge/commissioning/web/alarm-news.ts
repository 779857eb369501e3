// Open incidents as every section must know of them: how many wait for a person, and which are new to this reader.
import type { Incident } from "../../model/incident.js";
import type { BoxStatus } from "../status.js";

/** Null before the box has spoken: what is open then is shown and not read out. */
let known: ReadonlySet<string> | null = null;

const openIn = (status: BoxStatus | null): readonly Incident[] => Object.values(status?.durable.incidents ?? {});

export function waitingIncidents(status: BoxStatus | null): readonly Incident[] {
  return openIn(status).filter(({ acknowledgedBy }) => acknowledgedBy === null);
}

/** Each once. */
export function newIncidents(status: BoxStatus | null): readonly Incident[] {
  if (status === null) return [];
  const before = known;
  const open = openIn(status);
  known = new Set(open.map(({ id }) => id));
  return before === null ? [] : open.filter(({ id }) => !before.has(id));
}
