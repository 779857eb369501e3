// What a look at a zone comes to: a moment that stands for itself, or the rule that held it back.
import type { Cause } from "../model/incident.js";
import type { ZoneTrace } from "../model/state.js";
import type { MonoMs } from "../model/time.js";

/** A look that did not become an event; the zone and the time are added where they are known. */
export type Look = Omit<ZoneTrace, "zone" | "at">;

/** A detection that stands for itself: no level follows that could return to normal. */
export interface Moment {
  readonly cause: Cause;
  readonly firstActivityAt: MonoMs;
  readonly occurredAt: MonoMs;
}
