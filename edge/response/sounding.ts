// What sounds again by itself: what a person silenced, while nobody has acknowledged its incident (GB 50394 5.2.4).
import { fact } from "../model/fact.js";
import type { AnnunciatorConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import { later, type MonoMs, monoOf } from "../model/time.js";

/** A new trip sounds at once by its own response; this is for silence that lasts too long. */
const resounding: Clockwork = {
  facts: (ward) =>
    ward.config.annunciators
      .filter((annunciator) => soundsAgainAt(annunciator, ward) <= ward.now.mono)
      .map(({ id }) =>
        fact("annunciator.sounded", id, {
          annunciator: id,
          incident: unheardIncident(id, ward) ?? "",
          at: ward.now,
        }),
      ),
  dueAt: (ward) =>
    Math.min(Number.POSITIVE_INFINITY, ...ward.config.annunciators.map((each) => soundsAgainAt(each, ward))),
};

/** Infinity when it is to stay silent. Where nobody can tell how long it was silent, it has been long enough. */
function soundsAgainAt({ id, resoundMs }: AnnunciatorConfig, { durable, now }: Ward): MonoMs {
  const silenced = durable.silenced[id];
  if (silenced === undefined || resoundMs === undefined || unheardIncident(id, { durable }) === undefined)
    return Number.POSITIVE_INFINITY;
  return monoOf(later(silenced.at, resoundMs), now) ?? now.mono;
}

/** One that the annunciator sounded for, or was to sound for as well, and that nobody has acknowledged. */
function unheardIncident(annunciator: string, { durable }: Pick<Ward, "durable">): string | undefined {
  const wanting = Object.values(durable.steps).flatMap(({ action, incident }) =>
    action.kind === "announce" && action.annunciator === annunciator ? [incident] : [],
  );
  const silenced = durable.silenced[annunciator]?.incident ?? "";
  return [silenced, ...wanting].find((id) => durable.incidents[id]?.acknowledgedBy === null);
}

export const soundClockworks: readonly Clockwork[] = [resounding];
