// What a detection is judged by, and what a judgement says: shared by the files of this stage.
import type { Durable } from "../model/durable.js";
import type { Fact } from "../model/fact.js";
import type { Detection } from "../model/incident.js";
import type { AreaConfig, EdgeConfig } from "../model/site.js";
import type { Condition, Verdict } from "../model/state.js";
import type { Stamp } from "../model/time.js";

/** The surroundings of an incident that belongs to no zone. */
export interface Place {
  readonly edge: string;
  readonly durable: Durable;
  readonly now: Stamp;
}

/** The surroundings in which a zone's event is judged; `area` is the zone's. */
export interface Scene extends Place {
  readonly config: EdgeConfig;
  readonly area: AreaConfig;
  /** Filtered condition of each zone, so that a partner that is not good is not waited for. */
  readonly conditions: Readonly<Record<string, Condition>>;
}

/** `responding` is set when responses are due. */
export interface Judgement {
  readonly facts: readonly Fact[];
  readonly responding: Responding | null;
  /** What became of the event: "why no alarm?" where it is none. */
  readonly verdict: Verdict;
}

export interface Responding {
  readonly incident: string;
  readonly detection: Detection;
  /** Zones whose responses are due: that of the detection, and those that it confirms. */
  readonly zones: readonly string[];
  readonly announceOnly: boolean;
  /** Nothing new: the same cause has come into sight again. */
  readonly isKnown: boolean;
  /** Nothing sounds on site: a silent hold-up, or the swinger limit is reached. */
  readonly quiet: boolean;
}
