// The timing proof: for every step of every response the worst case, term by term, against its deadline (rule 12, design section 5).
import { reactionMs } from "../edge/model/budget.js";
import type { DeviationConfig, ResponseConfig, StepConfig } from "../edge/model/plan.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import { effects } from "./effects.js";
import { wiredPoints } from "./references.js";
import { type ProofTerm, sensing, sum, term } from "./sensing.js";
import type { Finding, Path } from "./trouble.js";

/** One line of the proof. `target` is an annunciator, barrier, channel or output; `retryFits`: a second try still ends in time. */
export interface ProofRow {
  readonly edge: string;
  readonly response: string;
  readonly step: string;
  readonly target: string;
  readonly terms: readonly ProofTerm[];
  readonly totalMs: number;
  readonly withinMs: number;
  readonly ok: boolean;
  readonly retryFits: boolean;
  /** What accepts a row that is not ok 偏差; null where nothing does. */
  readonly deviation: DeviationConfig | null;
}

/** A step whose time nothing can prove, and why. */
export interface UnprovedStep {
  readonly edge: string;
  readonly response: string;
  readonly step: string;
  readonly why: Text;
}

/** The whole proof of a box. References must be sound; an id that names nothing adds no term. */
export function proveTiming(edge: EdgeConfig): ProofRow[] {
  return edge.responses.flatMap((response) => response.steps.flatMap((step) => stepRows(edge, response, step)));
}

const throughHub = {
  zh: "经网络和平台送达，时限在运行中计量",
  en: "lies with networks and the hub; measured at run time",
};
const byPerson = { zh: "由人员完成，时限在运行中计量", en: "lies with people; measured at run time" };

/** What the proof leaves out: people and networks. */
export function unprovedSteps(edge: EdgeConfig): UnprovedStep[] {
  const hubs = (edge.channels ?? []).filter((channel) => channel.kind === "hub").map((channel) => channel.id);
  return edge.responses.flatMap((response) =>
    response.steps
      .filter((step) => step.kind === "report" || (step.kind === "notify" && hubs.includes(step.channel)))
      .map((step) => ({
        edge: edge.id,
        response: response.id,
        step: step.id,
        why: step.kind === "report" ? byPerson : throughHub,
      })),
  );
}

/** Refusals of code `config.timing`, with the sum shown; deviations that are of no use are warnings. */
export function timingFindings(edge: EdgeConfig, base: Path): Finding[] {
  const late = edge.responses.flatMap((response, r) =>
    response.steps.flatMap((step, s) =>
      stepRows(edge, response, step)
        .filter((row) => !row.ok && row.deviation === null)
        .map((row) => lateFinding(row, [...base, "responses", r, "steps", s, "withinMs"])),
    ),
  );
  const used = new Set(proveTiming(edge).map((row) => row.deviation));
  const idle = (edge.deviations ?? []).flatMap((deviation, d) =>
    used.has(deviation) || late.length > 0 ? [] : [idleFinding(deviation, [...base, "deviations", d])],
  );
  return [...late, ...idle];
}

function lateFinding(row: ProofRow, path: Path): Finding {
  const terms = (language: "zh" | "en") => row.terms.map((each) => `${each.name[language]} ${each.ms}`).join(" + ");
  const lessMs = row.totalMs - row.withinMs;
  return {
    code: "config.timing",
    path,
    message: {
      zh: `${row.target} 最坏情况需要 ${row.totalMs} ms，超过时限 ${row.withinMs} ms：${terms("zh")}。`,
      en: `${row.target} needs ${row.totalMs} ms in the worst case, more than ${row.withinMs} ms: ${terms("en")}.`,
    },
    remedy: {
      zh: `至少缩短 ${lessMs} ms：先缩短最长的一项，或更换更快的设备；确需接受时，由两人签署偏差（deviations，worstMs 不小于 ${row.totalMs}）。`,
      en: `Save at least ${lessMs} ms: shorten the longest term first, or use a faster device; to accept it, have two persons sign a deviation with worstMs of ${row.totalMs} or more.`,
    },
  };
}

function idleFinding({ response, step, target }: DeviationConfig, path: Path): Finding {
  return {
    code: "config.timing",
    path,
    warning: true,
    message: {
      zh: `偏差 ${response}/${step}/${target} 未接受任何超时步骤：没有这一行，或它本来就按时。`,
      en: `The deviation for ${response}/${step}/${target} accepts nothing: there is no such row, or it ends in time anyway.`,
    },
    remedy: { zh: "按时限证明表改正，或删除该偏差。", en: "Correct it by the proof's table, or remove it." },
  };
}

function stepRows(edge: EdgeConfig, response: ResponseConfig, step: StepConfig): ProofRow[] {
  const points = wiredPoints(edge);
  // A step that waits for another to be missed counts from that moment.
  const waits = response.steps.some(({ fallback }) => fallback && "step" in fallback && fallback.step === step.id);
  const before = [
    ...(waits ? [] : sensing(edge, response.on, points)),
    term("主机反应", "reaction of the box", reactionMs),
  ];
  return effects(edge, step, points).map(({ target, terms, retryMs }) => {
    const all = [...before, ...terms].filter((each) => each.ms > 0);
    const totalMs = sum(all);
    const row = { edge: edge.id, response: response.id, step: step.id, target, terms: all, totalMs };
    const ok = totalMs <= step.withinMs;
    return {
      ...row,
      withinMs: step.withinMs,
      ok,
      retryFits: totalMs + retryMs <= step.withinMs,
      deviation: ok ? null : accepting(edge, row),
    };
  });
}

/** Signed for this very row, by two different persons, and not below the worst case. */
function accepting(
  edge: EdgeConfig,
  row: Pick<ProofRow, "response" | "step" | "target" | "totalMs">,
): DeviationConfig | null {
  const found = (edge.deviations ?? []).find(
    (each) =>
      each.response === row.response &&
      each.step === row.step &&
      each.target === row.target &&
      each.worstMs >= row.totalMs &&
      signersOf(each).length > 1,
  );
  return found ?? null;
}

/** The different persons who signed. */
export function signersOf({ signedBy }: DeviationConfig): readonly string[] {
  return [...new Set(signedBy.map(({ name }) => name.trim().toLowerCase()))];
}
