// Plays the recordings and the hard variants over the whole real path and prints as Markdown what the box recorded,
// beside what the detector alone makes of the same signals. Lasts two minutes. `node .build/scripts/recordings-live.js`
import { type LiveAlarm, type LiveCase, playLive } from "./recordings/live.js";
import { recordingFile, recordingNames, scale } from "./recordings/signals.js";
import { header, printCounts, row, wordFor } from "./recordings/table.js";
import {
  officeSettings,
  play,
  playPhases,
  quietSeconds,
  quiets,
  recorded,
  recordingAtMs,
  unclear,
  type Verdict,
  verdictOf,
  type Weather,
  weathers,
} from "./recordings/trial.js";

interface RecordingCase extends LiveCase {
  readonly name: string;
  readonly weather: Weather;
  /** Where the recording begins in what is played. */
  readonly fromMs: number;
}

const gains: Partial<Record<Weather, number>> = { plain: 1, "gain x0.1": 0.1 };

/** Plain ones come as files after the simulator's own quiet; weather and knocks are laid over recorded quiet. */
const recordingCases = recordingNames().flatMap((name) =>
  weathers.map((weather, i): RecordingCase => {
    const id = `${name.replaceAll("_", "-")}-${i}`;
    const gain = gains[weather];
    return gain === undefined
      ? { id, name, weather, plays: recorded(name, weather), quietMs: 0, fromMs: recordingAtMs }
      : { id, name, weather, plays: recordingFile(name), gain, quietMs: quietSeconds * 1000, fromMs: 0 };
  }),
);

const quietCases = quiets.flatMap((quiet, index) =>
  [1, 0.1].map((gain, i) => ({ id: `quiet-${index}-${i}`, quiet, plays: quiet.signal(1), gain, quietMs: 0 })),
);

const settings = officeSettings();
const run = await playLive([...recordingCases, ...quietCases]);
const alarmsOf = (id: string): readonly LiveAlarm[] => run.alarms.get(id) ?? [];

const judged = recordingCases.map((each) => ({
  ...each,
  live: verdictOf({ detections: alarmsOf(each.id) }, each.fromMs),
  pure: verdictOf(play(recorded(each.name, each.weather), settings)),
}));

function isSame(one: Verdict, other: Verdict): boolean {
  return (one.detectedMs === null) === (other.detectedMs === null) && one.falseAlarms === other.falseAlarms;
}

function printRecordings(): void {
  console.log(
    `\nEach recording after ${quietSeconds} s of quiet, times from its start (in brackets: from the first activity).\n`,
  );
  header("recording", ...weathers);
  for (const name of recordingNames()) {
    const cells = judged
      .filter((each) => each.name === name)
      .map(
        ({ live, pure }) =>
          wordFor(name, live) + (isSame(live, pure) ? "" : `; detector alone: ${wordFor(name, pure)}`),
      );
    row(unclear.includes(name) ? `${name} (no cut that the signal shows)` : name, ...cells);
  }
}

/** `0` or `1 to 3`. */
function rangeOf(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

function printQuiets(): void {
  console.log("\nNo attack, 120 s each: false alarms / those of the detector alone, wherever its frames fall.\n");
  header("variant", "plain", "gain x0.1");
  for (const quiet of quiets) {
    const cells = quietCases
      .filter((each) => each.quiet === quiet)
      .map(({ id, plays, gain }) => {
        const alone = playPhases(scale(plays, gain), settings).map(({ detections }) => detections.length);
        return `${alarmsOf(id).length} / ${rangeOf(alone)}`;
      });
    row(quiet.beyond ? `${quiet.name} (beyond the promise)` : quiet.name, ...cells);
  }
}

/** How far an alarm lies outside the moments at which the detector alone gives it; 0 inside. */
function beyondPure({ name, weather, live }: (typeof judged)[number]): number[] {
  if (live.detectedMs === null) return [];
  const alone = playPhases(recorded(name, weather), settings).flatMap((trial) => verdictOf(trial).detectedMs ?? []);
  const nearest = Math.min(Math.max(live.detectedMs, Math.min(...alone)), Math.max(...alone));
  return [Math.round(live.detectedMs - nearest)];
}

function printTimes(): void {
  const decided = [...run.alarms.values()].flat().map(({ occurredAt, detectedAt }) => detectedAt - occurredAt);
  const same = judged.filter(({ live, pure }) => isSame(live, pure)).length;
  console.log(
    `\nSame outcome as the detector alone: ${same} of ${judged.length}. The moment of an alarm, by the simulator's`,
  );
  console.log(
    `clock, outside those of the detector alone wherever its frames fall: ${rangeOf(judged.flatMap(beyondPure))} ms.`,
  );
  console.log(`From the event to the box's decision: ${rangeOf(decided.map(Math.round))} ms.`);
  console.log(`Trouble on the path: ${run.troubles.length === 0 ? "none" : run.troubles.join("; ")}.`);
}

printCounts(judged.map(({ name, weather, live }) => ({ name, weather, verdict: live })));
printRecordings();
printQuiets();
printTimes();
