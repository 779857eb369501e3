// Markdown tables of what the fibre detector makes of the recordings, for the pure and the live evaluation alike.
import { recordingNames } from "./signals.js";
import { unclear, type Verdict } from "./trial.js";

/** The recordings in which a cut shows. */
export const attacks = recordingNames().filter((name) => !name.startsWith("non_event") && !unclear.includes(name));

export function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

export function header(...cells: readonly string[]): void {
  row(...cells);
  row(...cells.map(() => "---"));
}

export function wordFor(name: string, { detectedMs, tookMs, falseAlarms }: Verdict): string {
  const before = falseAlarms > 0 ? `, ${falseAlarms} false in the quiet` : "";
  if (detectedMs !== null) {
    const word = name.startsWith("non_event") ? "**false alarm**" : "detected";
    return `${word} at ${(detectedMs / 1000).toFixed(1)} s (${(tookMs / 1000).toFixed(1)} s)${before}`;
  }
  return `${attacks.includes(name) ? "**missed**" : "no alarm"}${before}`;
}
