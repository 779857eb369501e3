// Hands a checked revision to the box by its one path (site.next.yaml, taken in one piece or not at all) and waits for what
// became of it. Whoever is killed on the way leaves the old revision or the new one.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readConfigFile } from "../../../config/load.js";
import { isUnwritable, writeWhole } from "../../machine/whole-file.js";
import { refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { type Outcome, type RevisionNote, settingsFiles } from "../../model/revision.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import { noteRevision } from "./history.js";

export const offerLimits = {
  /** The box looks each second and has three jobs to do; beyond this the file still waits. */
  outcomeWithinMs: 25_000,
  lookEveryMs: 100,
} as const;

/** The file in force. @throws PortcullisError `config.unreadable` */
export function readStored(dataDir: string): string {
  const read = readConfigFile(join(dataDir, settingsFiles.stored));
  if (read.ok) return read.text;
  throw refusal("config.unreadable", settingsFiles.stored, read.troubles[0]?.detail ?? "");
}

/**
 * Who, why and what is durable before the box is handed anything (rule 2).
 * @throws PortcullisError `settings.busy`, what the journal or the disk says, or `api.no-answer` while the file still waits.
 */
export async function offer(desk: Desk, edge: string, text: string, note: RevisionNote): Promise<Outcome> {
  const file = (name: keyof typeof settingsFiles) => join(desk.dataDir, settingsFiles[name]);
  if (existsSync(file("next"))) throw refusal("settings.busy", settingsFiles.next, "");
  const { revision, hash, by, reason, changes, backTo } = note;
  const proposed = fact("settings.proposed", edge, { revision, hash, by, reason, changes, backTo });
  await answer(desk, { kind: "record", facts: [proposed] });
  try {
    noteRevision(desk.dataDir, text, note);
    rmSync(file("outcome"), { force: true });
    writeWhole(file("next"), text);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    throw refusal("journal.disk-full", settingsFiles.next, error instanceof Error ? error.message : "");
  }
  const isTaken = () => desk.status()?.revision === revision && readStored(desk.dataDir) === text;
  return (
    (await outcomeIn(desk, file("outcome"), isTaken)) ?? { ok: true, revision, hash, troubles: [], afterRestart: [] }
  );
}

/** Null where the controller goes on with it and has not yet written its answer: on a slow box that takes seconds. */
async function outcomeIn({ clock, timer }: Desk, file: string, isTaken: () => boolean): Promise<Outcome | null> {
  const end = clock.mono() + offerLimits.outcomeWithinMs;
  while (clock.mono() < end) {
    if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Outcome;
    if (isTaken()) return null;
    await new Promise<void>((resolve) => timer.at(clock.mono() + offerLimits.lookEveryMs, resolve));
  }
  throw refusal("api.no-answer", settingsFiles.outcome, `not within ${offerLimits.outcomeWithinMs} ms`);
}
