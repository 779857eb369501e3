// Facts about trying things out: walk tests, tests of annunciators, and what a guided test found.
import type { WalkResult } from "./durable.js";
import type { Cause } from "./incident.js";
import type { Stamp } from "./time.js";

export interface TestFactMap {
  "walktest.started": {
    readonly zones: readonly string[];
    readonly by: string;
    readonly at: Stamp;
    readonly until: Stamp;
  };
  /** `latencyMs`: from the sample to the judgement. */
  "zone.tested": { readonly zone: string; readonly cause: Cause; readonly latencyMs: number; readonly at: Stamp };
  /** The trigger was answered by a sound. `tookMs`: from the sample to the confirmed output; null: it sounded already. */
  "walktest.chirped": { readonly zone: string; readonly tookMs: number | null; readonly at: Stamp };
  /** `by`: who or what ended it; `person`: who began it. */
  "walktest.ended": {
    readonly by: string;
    readonly person: string;
    readonly at: Stamp;
    readonly tested: readonly string[];
    readonly untested: readonly string[];
    readonly results: readonly WalkResult[];
  };
  "soundtest.started": {
    readonly annunciator: string;
    readonly by: string;
    readonly at: Stamp;
    readonly until: Stamp;
  };
  /** `tookMs`: from the order to the confirmed output; null: it was not confirmed. */
  "soundtest.ended": {
    readonly annunciator: string;
    readonly by: string;
    readonly at: Stamp;
    readonly tookMs: number | null;
  };
  /** `reason`: a stable word for why it failed, null where it passed; `ms`: what was measured; `walked`: the zone whose walk test it was. */
  "guidedtest.done": {
    readonly subject: string;
    readonly test: string;
    readonly by: string;
    readonly outcome: "passed" | "failed" | "stopped";
    readonly reason: string | null;
    readonly ms: number | null;
    readonly at: Stamp;
    readonly walked?: string;
  };
}
