// How the command line says what a barrier's drive did, in both languages.

import { reasonTexts } from "../../../config/words.js";
import type { RunRow } from "../../../edge/commissioning/drives.js";
import type { DriveView } from "../../../edge/commissioning/questions/drives.js";
import type { CheckResult } from "../../../edge/model/drive-run.js";

const msText = (ms: number | null) => (ms === null ? "-" : `${ms} ms`);

export function runLine(run: RunRow): string {
  const { at, by, kind, direction, mode, ms, leftMs, datasheetMs, provedMs, verdict, end, reason, isFull } = run;
  const why = reason === null ? "" : ` (${reasonTexts[reason].en} ${reasonTexts[reason].zh})`;
  return [
    at,
    by,
    `${kind} ${direction} ${mode}${isFull ? "" : " (part of the way 半程)"}`,
    msText(ms),
    `left ${msText(leftMs)}`,
    `datasheet ${datasheetMs} ms`,
    `proof ${provedMs} ms`,
    `${verdict}: ${end}${why}`,
  ].join("  ");
}

export function checkLine({ kind, point, state, failure, ms }: CheckResult): string {
  return [kind, point, state, failure ?? "", ms === null ? "" : `${ms} ms`].filter((part) => part !== "").join("  ");
}

export function resultLines(drive: DriveView): readonly string[] {
  const { barrier, name, state, lockOut, cycles, serviceCycles, isServiceDue, summaries, runs, checks } = drive;
  const of = serviceCycles === null ? "" : ` / ${serviceCycles}`;
  return [
    `${barrier}  ${name.zh} / ${name.en}  ${state}`,
    ...(lockOut === null ? [] : [`locked out 检修锁定  ${lockOut.by}  ${lockOut.since}  ${lockOut.note}`]),
    `cycles 动作次数  ${cycles}${of}${isServiceDue ? "  service due 保养到期" : ""}`,
    ...summaries.map(
      ({ direction, mode, runs: count, worstMs, datasheetMs, provedMs, verdict }) =>
        `worst of ${count} 最慢  ${direction} ${mode}  ${msText(worstMs)}  datasheet ${datasheetMs} ms  proof ${provedMs} ms  ${verdict}`,
    ),
    ...runs.map(runLine),
    ...checks.map((check) => `${checkLine(check)}  ${check.by}  ${check.at}`),
  ];
}
