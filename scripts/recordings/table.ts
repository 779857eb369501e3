// Markdown tables of what the fibre detector makes of the recordings, for the pure and the live evaluation alike.
import { recordingNames } from "./signals.js";
import { unclear, type Verdict, type Weather, weathers } from "./trial.js";

/** The recordings in which a cut shows. */
export const attacks = recordingNames().filter((name) => !name.startsWith("non_event") && !unclear.includes(name));

export function row(...cells: readonly (string | number)[]): void {
  console.log(`| ${cells.join(" | ")} |`);
}

export function header(...cells: readonly string[]): void {
  row(...cells);
  row(...cells.map(() => "---"));
}

const groups: Readonly<Record<string, (name: string) => boolean>> = {
  "machete at the fence": (name) => attacks.includes(name) && name.startsWith("mac_"),
  "chainsaw at the fence": (name) => attacks.includes(name) && name.startsWith("chain_"),
  "no cut that the signal shows": (name) => unclear.includes(name),
  quiet: (name) => name.startsWith("non_event"),
};

/** What an alarm was told as, in the words of the tables. */
function toldAs({ cause }: Verdict): string {
  return cause === null ? "" : cause.replace("fibre-", "");
}

/** The table of scripts/recordings/README.md: alarms of each group of recordings, as what they were told, and false ones in the quiet before. */
export function printCounts(
  judged: readonly { readonly name: string; readonly weather: Weather; readonly verdict: Verdict }[],
): void {
  console.log("\nAlarms of recordings, what they were told as, and false ones in the quiet before.\n");
  header("recordings", ...weathers);
  for (const [group, holds] of Object.entries(groups)) {
    const cells = weathers.map((weather) => {
      const members = judged.filter((each) => holds(each.name) && each.weather === weather);
      const words = members.map(({ verdict }) => toldAs(verdict)).filter((word) => word !== "");
      const kinds = [...new Set(words)].sort().map((kind) => `${words.filter((word) => word === kind).length} ${kind}`);
      const early = members.reduce((sum, { verdict }) => sum + verdict.falseAlarms, 0);
      return [`${words.length} of ${members.length}`, ...kinds, `${early} false`].join(", ");
    });
    row(group, ...cells);
  }
}

export function wordFor(name: string, verdict: Verdict): string {
  const { detectedMs, tookMs, falseAlarms } = verdict;
  const before = falseAlarms > 0 ? `, ${falseAlarms} false in the quiet` : "";
  if (detectedMs !== null) {
    const word = name.startsWith("non_event") ? "**false alarm**" : toldAs(verdict);
    return `${word} at ${(detectedMs / 1000).toFixed(1)} s (${(tookMs / 1000).toFixed(1)} s)${before}`;
  }
  return `${attacks.includes(name) ? "**missed**" : "no alarm"}${before}`;
}
