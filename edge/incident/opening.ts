// An incident is opened once per kind and place, however often its reason is seen.
import { type Fact, fact } from "../model/fact.js";
import type { Incident, IncidentKind } from "../model/incident.js";
import type { Place } from "./scene.js";

/** The incident of this kind and place that is open, or a new one. What is real joins no exercise, nor the other way round. */
export function incidentFor(
  kind: IncidentKind,
  place: string,
  scene: Place,
  { zones, exercise }: { readonly zones: readonly string[]; readonly exercise: boolean },
): { incident: Incident; opened: readonly Fact[] } {
  const open = Object.values(scene.durable.incidents).find(
    (known) => known.kind === kind && known.place === place && known.exercise === exercise,
  );
  if (open !== undefined) return { incident: open, opened: [] };
  const stamp = Math.floor(scene.now.wall / 1000).toString(36);
  const incident: Incident = {
    id: `${scene.edge}-${stamp}-${scene.durable.incidentCount + 1}`,
    kind,
    place,
    openedAt: scene.now,
    zones,
    acknowledgedBy: null,
    exercise,
  };
  return { incident, opened: [fact("incident.opened", incident.id, { incident })] };
}
