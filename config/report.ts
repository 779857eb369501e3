// Renders what `portcullis config check` found: troubles and the timing proof, as text in one language or as JSON.
import type { Site } from "../edge/model/site.js";
import type { Language, Text } from "../edge/model/text.js";
import type { LoadedSite, Refused } from "./load.js";
import { type ProofRow, proveTiming, signersOf, type UnprovedStep, unprovedSteps } from "./timing.js";
import type { ConfigTrouble } from "./trouble.js";

/** The proof of all boxes of a site. */
export function proofOf(site: Site): ProofRow[] {
  return site.edges.flatMap(proveTiming);
}

/** For programs: one JSON object with `ok`, `hash`, `troubles`, `warnings`, `proof` and `unproved`. */
export function reportJson(result: LoadedSite | Refused): string {
  if (!result.ok) {
    const { troubles } = result;
    return JSON.stringify({ ok: false, hash: null, troubles, warnings: [], proof: [], unproved: [] }, null, 2);
  }
  const { hash, warnings, site } = result;
  const unproved = site.edges.flatMap(unprovedSteps);
  return JSON.stringify({ ok: true, hash, troubles: [], warnings, proof: proofOf(site), unproved }, null, 2);
}

/** For people: each trouble on two lines; of a good file the proof as a table, term by term. */
export function reportText(result: LoadedSite | Refused, language: Language): string {
  if (!result.ok) return result.troubles.map((trouble) => troubleText(trouble, language)).join("\n");
  const warnings = result.warnings.map((trouble) => troubleText(trouble, language));
  const proof = proofOf(result.site);
  const left = result.site.edges.flatMap(unprovedSteps).map((step) => unprovedText(step, language));
  return [...warnings, proofTable(proof, language), ...left, verdict(proof)[language]].join("\n");
}

function verdict(proof: readonly ProofRow[]): Text {
  const accepted = proof.filter((row) => row.deviation !== null).length;
  if (accepted === 0) {
    return {
      zh: `配置有效，${proof.length} 个步骤均能按时完成。`,
      en: `Valid; all ${proof.length} steps end in time.`,
    };
  }
  return {
    zh: `配置有效，${proof.length} 个步骤中 ${accepted} 个超时，已由两人签署偏差接受。`,
    en: `Valid; of ${proof.length} steps ${accepted} end too late and are accepted as signed deviations.`,
  };
}

function unprovedText({ edge, response, step, why }: UnprovedStep, language: Language): string {
  const lead = { zh: "未证明", en: "not proved" };
  return `${lead[language]}: ${edge} ${response}/${step}: ${why[language]}`;
}

function troubleText(trouble: ConfigTrouble, language: Language): string {
  return `${trouble.place}: ${trouble.code}: ${trouble.message[language]}\n  -> ${trouble.remedy[language]}`;
}

const headings: Readonly<Record<Language, readonly string[]>> = {
  zh: ["主机", "处置/步骤", "对象", "最坏 ms", "时限 ms", "余量 ms", "可重试", "偏差", "构成"],
  en: ["box", "response/step", "target", "worst ms", "within ms", "spare ms", "retry fits", "deviation", "made of"],
};
const yesNo = { zh: ["是", "否"], en: ["yes", "no"] } as const;

/** Columns padded to the width that a terminal gives them; a Chinese character takes two. */
export function proofTable(rows: readonly ProofRow[], language: Language): string {
  const cells = rows.map((row) => [
    row.edge,
    `${row.response}/${row.step}`,
    row.target,
    String(row.totalMs),
    String(row.withinMs),
    String(row.withinMs - row.totalMs),
    yesNo[language][row.retryFits ? 0 : 1],
    row.deviation === null ? "-" : signersOf(row.deviation).join(", "),
    row.terms.map((term) => `${term.name[language]} ${term.ms}`).join(" + "),
  ]);
  const table = [headings[language], ...cells];
  const widths = headings[language].map((_, column) => Math.max(...table.map((row) => width(row[column] ?? ""))));
  return table
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, to: number): string {
  const spaces = " ".repeat(to - width(cell));
  return /^-?\d+$/.test(cell) ? spaces + cell : cell + spaces;
}

function width(cell: string): number {
  return [...cell].reduce((sum, char) => sum + (/[\u2e80-\uffef]/.test(char) ? 2 : 1), 0);
}
