// What nothing on site may show: a silent hold-up, raised by a PIN under duress or by a silent button.
import type { Durable } from "../model/durable.js";
import type { EdgeConfig } from "../model/site.js";

/** The durable state as the box's own pages may have it. The journal and the hub have all of it. */
export function withoutHoldUps(durable: Durable, { zones }: Pick<EdgeConfig, "zones">): Durable {
  const hidden = new Set(
    Object.values(durable.incidents)
      .filter(({ kind }) => kind === "hold-up")
      .map(({ id }) => id),
  );
  // How many there have been is needed by nobody there, and would count these too.
  const shown = { ...durable, incidentCount: 0 };
  if (hidden.size === 0) return shown;
  const silent = zones.filter((zone) => zone.kind === "panic-button" && !zone.audible).map(({ id }) => id);
  return {
    ...shown,
    incidents: without(durable.incidents, ({ id }) => hidden.has(id)),
    steps: without(durable.steps, ({ incident }) => hidden.has(incident)),
    zones: Object.fromEntries(
      Object.entries(durable.zones).map(([id, memory]) => [
        id,
        silent.includes(id) ? { ...memory, state: "normal" as const, cause: null, incident: null } : memory,
      ]),
    ),
  };
}

function without<T>(entries: Readonly<Record<string, T>>, leaves: (entry: T) => boolean): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([, entry]) => !leaves(entry)));
}
