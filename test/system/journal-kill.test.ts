// kill -9 of a process that appends: whatever it said was durable is there, again and again on the same folder.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { readJournal, verifyJournal } from "../../edge/journal/inspect.js";
import { builtFile } from "../../edge/machine/built.js";

/** Says the text of each record on its output once the append has resolved. */
const writer = `
  const [journalFile, machineFiles, folder, life] = process.argv.slice(1);
  const { openJournal } = await import(journalFile);
  const { openDisk } = await import(machineFiles + "disk.js");
  const { createClock } = await import(machineFiles + "clock.js");
  const { createTimer } = await import(machineFiles + "timer.js");
  const { createRandom } = await import(machineFiles + "random.js");
  const clock = createClock();
  const options = { site: "office", edge: "box", run: life, retentionDays: 90, quotaBytes: 1e9, reserveBytes: 0 };
  const machine = { clock, timer: createTimer(), random: createRandom() };
  const memory = { remember: () => undefined, kept: () => [] };
  const journal = await openJournal({ disk: () => openDisk(folder), machine, options, memory, onTrouble: (t) => console.error(t) });
  for (let at = 0; ; at += 1) {
    const text = life + "-" + at;
    const lane = at % 3 === 0 ? "state" : "alarm";
    const data = { text, padding: "x".repeat(at % 500) };
    const draft = { type: "test.happened", lane, subject: "s", data, now: clock.now(), exercise: false };
    journal.append([draft]).then(() => process.stdout.write(text + "\\n"));
    if (at % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
`;

async function liveAndDie(folder: string, life: number): Promise<string[]> {
  const files = [builtFile("edge/journal/open.ts").href, builtFile("edge/machine/").href, folder, `${life}`];
  const child = spawn(process.execPath, ["--input-type=module", "-e", writer, ...files], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const promised: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    promised.push(line);
    if (promised.length === 150 + life * 37) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  expect(signal, "the writer must not end by itself").toBe("SIGKILL");
  return promised;
}

test("nothing that was promised is lost when the process is killed four times", async () => {
  const folder = await mkdtemp(join(tmpdir(), "journal-kill-"));
  const promised: string[] = [];
  for (let life = 1; life <= 4; life += 1) promised.push(...(await liveAndDie(folder, life)));
  const kept: unknown[] = [];
  for await (const { data } of readJournal(folder)) kept.push(data["text"]);
  expect(promised.length).toBeGreaterThan(600);
  const found = new Set(kept);
  expect(promised.filter((text) => !found.has(text))).toEqual([]);
  expect(found.size).toBe(kept.length);
  const { faults } = await verifyJournal(folder);
  expect(faults.filter(({ code }) => code !== "journal.torn-tail")).toEqual([]);
});
