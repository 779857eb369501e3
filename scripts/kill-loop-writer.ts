// The process that the kill loop kills: a box's journal under load, which says what it has promised.
// Arguments: the journal's folder, the keys' folder, which life it is.
import { openSigner } from "../edge/agent/journal-keys.js";
import type { JournalDraft } from "../edge/journal/journal.js";
import { openJournal } from "../edge/journal/open.js";
import { createClock } from "../edge/machine/clock.js";
import { openDisk } from "../edge/machine/disk.js";
import { createRandom } from "../edge/machine/random.js";
import { createTimer } from "../edge/machine/timer.js";
import type { Lane } from "../edge/model/record.js";

/** Appends that are not answered yet. */
const waitingMax = 40;
const lanes: readonly Lane[] = ["state", "alarm", "alarm", "telemetry"];

const [folder = "", keys = "", life = ""] = process.argv.slice(2);
const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
const onTrouble = (trouble: object) => void process.stderr.write(`${JSON.stringify(trouble)}\n`);
/** All that was recorded, as a number: a start must know it again. */
let count = 0;

const note = (type: string, lane: Lane, data: Record<string, unknown>): JournalDraft => {
  return { type, lane, subject: "load", data, now: machine.clock.now(), exercise: false };
};

const journal = await openJournal({
  disk: () => openDisk(folder),
  machine,
  options: { site: "kill", edge: "box", run: life, retentionDays: 90, quotaBytes: 2 ** 32, reserveBytes: 0 },
  memory: {
    remember({ type, data }) {
      if (type === "load.kept") count = Number(data["count"]);
      if (type === "load.given") count += 1;
    },
    kept: () => [note("load.kept", "state", { count })],
  },
  signer: openSigner(keys, machine.random, onTrouble),
  onTrouble,
});
process.stdout.write(`ready ${count}\n`);

async function write(first: number): Promise<never> {
  for (let at = first; ; at += waitingMax) {
    const text = `${life}-${at}`;
    const data = { text, padding: "x".repeat((at * 37) % 700) };
    await journal.append([note("load.given", lanes[at % lanes.length] ?? "state", data)], at % 3 === 0);
    process.stdout.write(`${text}\n`);
  }
}

await Promise.all(Array.from({ length: waitingMax }, (_, first) => write(first)));
