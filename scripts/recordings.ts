// Prints as Markdown what the fibre detector makes of the recorded signals and the hard variants made from them: the
// The tables of scripts/recordings/README.md. `node .build/scripts/recordings.js`
import type { FibreSettings } from "../edge/model/zone.js";
import { quietFor, recordingNames } from "./recordings/signals.js";
import { attacks, header, printCounts, row, wordFor } from "./recordings/table.js";
import {
  type Blocks,
  officeSettings,
  play,
  quietSeconds,
  quiets,
  recorded,
  type Trial,
  unclear,
  verdictOf,
  weathers,
} from "./recordings/trial.js";

const seeds = [1, 2, 3];
function printRecordings(settings: FibreSettings): void {
  const judged = recordingNames().flatMap((name) =>
    weathers.map((weather) => ({ name, weather, verdict: verdictOf(play(recorded(name, weather), settings)) })),
  );
  printCounts(judged);
  console.log(
    `\nEach recording after ${quietSeconds} s of quiet. "at": from its start to the event that completes the`,
  );
  console.log("count; in brackets: from the first activity.\n");
  header("recording", ...weathers);
  for (const name of recordingNames()) {
    const words = judged.filter((each) => each.name === name).map(({ verdict }) => wordFor(name, verdict));
    row(unclear.includes(name) ? `${name} (no cut that the signal shows)` : name, ...words);
  }
}

function alarmsIn(trials: readonly Trial[]): string {
  const alarms = trials.reduce((sum, trial) => sum + trial.detections.length, 0);
  const preAlarms = trials.reduce((sum, trial) => sum + trial.preAlarms, 0);
  return `${alarms} / ${preAlarms}`;
}

function printQuiets(settings: FibreSettings): void {
  console.log(`\nNo attack, ${seeds.length} x 120 s each: false alarms / pre-alarms.\n`);
  header("variant", "plain", "gain x0.1");
  for (const { name, signal, beyond } of quiets) {
    const signals = seeds.map(signal);
    const plain = alarmsIn(signals.map((each) => play(each, settings)));
    const tenth = signals.map((each) => each.map((value) => value * 0.1));
    row(beyond ? `${name} (beyond the promise)` : name, plain, alarmsIn(tenth.map((each) => play(each, settings))));
  }
}

interface Change {
  readonly name: string;
  readonly settings: FibreSettings;
  readonly blocks?: Blocks;
}

function changesOf(settings: FibreSettings): Change[] {
  const turned = ["threshold", "windReject", "baselineMs", "eventWindowMs", "maskMs", "sustainedMs"] as const;
  return [
    { name: "as configured", settings },
    ...turned.flatMap((key) =>
      [0.7, 1.3].map((factor) => ({
        name: `${key} x${factor}`,
        settings: { ...settings, [key]: settings[key] * factor },
      })),
    ),
    ...[2, 4].map((eventCount) => ({ name: `eventCount ${eventCount}`, settings: { ...settings, eventCount } })),
    ...[17, 33, 166, 333].map((samples) => ({ name: `blocks of ${samples * 3} ms`, settings, blocks: { samples } })),
    ...[7, 14, 20].map((skipped) => ({
      name: `frames ${skipped * 3} ms later`,
      settings,
      blocks: { samples: 83, skipped },
    })),
  ];
}

function printRobustness(settings: FibreSettings): void {
  const weathersLeft = weathers.filter((weather) => weather !== "gain x0.1");
  const cuts = attacks.flatMap((name) =>
    weathersLeft.flatMap((weather) => seeds.map((seed) => recorded(name, weather, seed))),
  );
  const calm = quiets.filter((each) => !each.beyond).flatMap((each) => seeds.map((seed) => each.signal(seed)));
  console.log("\nThe same with one thing changed, over all of the above except what is beyond the promise.\n");
  header("changed", `missed of ${cuts.length}`, `false of ${cuts.length + calm.length}`);
  for (const { name, settings: changed, blocks } of changesOf(settings)) {
    const verdicts = cuts.map((signal) => verdictOf(play(signal, changed, blocks)));
    const missed = verdicts.filter((each) => each.detectedMs === null).length;
    const early = verdicts.filter((each) => each.falseAlarms > 0).length;
    row(name, missed, early + calm.filter((signal) => play(signal, changed, blocks).detections.length > 0).length);
  }
}

function printCost(settings: FibreSettings): void {
  const signal = quietFor(600);
  play(signal, settings);
  const start = performance.now();
  play(signal, settings);
  const blockUs = ((performance.now() - start) * 1000) / (signal.length / 83);
  console.log(`\n${blockUs.toFixed(1)} microseconds for a block of 83 samples.`);
}

const settings = officeSettings();
console.log(`Settings: \`${JSON.stringify(settings)}\``);
printRecordings(settings);
printQuiets(settings);
printRobustness(settings);
printCost(settings);
