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
          incident: ward.durable.silenced[id]?.incident ?? "",
          at: ward.now,
        }),
      ),
  dueAt: (ward) =>
    Math.min(Number.POSITIVE_INFINITY, ...ward.config.annunciators.map((each) => soundsAgainAt(each, ward))),
};

/** Infinity when it is to stay silent. Where nobody can tell how long it was silent, it has been long enough. */
function soundsAgainAt({ id, resoundMs }: AnnunciatorConfig, { durable, now }: Ward): MonoMs {
  const silenced = durable.silenced[id];
  if (silenced === undefined || resoundMs === undefined) return Number.POSITIVE_INFINITY;
  const incident = durable.incidents[silenced.incident];
  if (incident === undefined || incident.acknowledgedBy !== null) return Number.POSITIVE_INFINITY;
  return monoOf(later(silenced.at, resoundMs), now) ?? now.mono;
}

export const soundClockworks: readonly Clockwork[] = [resounding];
