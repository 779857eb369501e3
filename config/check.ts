// Everything that must hold for a site beyond its form: ids, wiring, safety rules, and last the timing proof (rule 12).
import type { EdgeConfig, Site } from "../edge/model/site.js";
import { consistencyFindings } from "./consistency.js";
import { duplicateFindings } from "./duplicates.js";
import { referenceFindings } from "./references.js";
import { safetyFindings } from "./safety.js";
import { timingFindings } from "./timing.js";
import type { Finding, Path } from "./trouble.js";
import { wiringFindings } from "./wiring.js";

/** Findings of a well-formed site, warnings among them. Safety and timing are judged only where every id names something. */
export function checkSite(site: Site): Finding[] {
  return [...duplicateFindings(site), ...site.edges.flatMap((edge, index) => checkEdge(edge, ["edges", index]))];
}

function checkEdge(edge: EdgeConfig, path: Path): Finding[] {
  const wired = [...wiringFindings(edge, path), ...referenceFindings(edge, path)];
  if (wired.some(({ warning }) => warning !== true)) return wired;
  const odd = consistencyFindings(edge).map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
  return [...wired, ...odd, ...safetyFindings(edge, path), ...timingFindings(edge, path)];
}
