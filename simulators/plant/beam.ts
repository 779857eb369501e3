// An infrared beam with its tamper switch, as the receiving head sees it.

export interface Beam {
  readonly blocked: boolean;
  readonly coverOpen: boolean;
  /** The head has hung: it stays connected and says nothing. */
  readonly silent: boolean;
}

export const restingBeam: Beam = { blocked: false, coverOpen: false, silent: false };

/** What the head reports in this state. */
export function beamReport(beam: Beam): { readonly beam: "blocked" | "clear"; readonly cover: "open" | "shut" } {
  return { beam: beam.blocked ? "blocked" : "clear", cover: beam.coverOpen ? "open" : "shut" };
}
