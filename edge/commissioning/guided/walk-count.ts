// Whether a guided test was the walk test of its zone: decided here and nowhere else.
//
// A-20 asks that equipment is tried regularly so that it is known to work; a walk test is a detector triggered by hand (design,
// section 4), and what counts in one is that the zone's own judge took the trigger for a breach, not that a siren followed. So a guided
// test that passed counts exactly where that judge saw the same breach in it: armed or not, confirmed or not, under a walk test or
// not. It counts for panic, fire, tamper and rush too, which no walk test may take; nobody reminds of those, but a duty
// may. It does not count where only a part was tried (one beam of two, the case, a fibre's quiet), for the detection as a whole was
// not made; nor where it failed or was stopped. One trigger settles the interval, as one trigger of a walk does; the ten of the
// report stay a matter of the walk test, which counts them.
import type { GuidedRun } from "./guided-run.js";

export const walkCounts = ["counted", "part", "not-judged", "not-passed"] as const;
export type WalkCount = (typeof walkCounts)[number];

/** Null for what is no detector and for what does not end. */
export function walkCountOf({ test, stage, judged }: Pick<GuidedRun, "test" | "stage" | "judged">): WalkCount | null {
  if (test.kind === "annunciator") return null;
  switch (stage) {
    case "passed":
      if (test.judge === null || test.judge.causes.length === 0) return "part";
      return judged === null ? "not-judged" : "counted";
    case "failed":
    case "stopped":
      return "not-passed";
    default:
      return null;
  }
}
