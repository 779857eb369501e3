// What report and inventory are made of, read from a box's data folder: of a dead box, or beside a running one. Nothing is changed.
import { join } from "node:path";
import { loadSite, readConfigFile } from "../config/load.js";
import { tellFaults } from "../edge/agent/faults.js";
import { withoutHoldUps } from "../edge/agent/hold-ups.js";
import { privateName } from "../edge/agent/journal-keys.js";
import { lookAtBook } from "../edge/commissioning/book.js";
import { type Handover, seen } from "../edge/commissioning/handover.js";
import { readDetails } from "../edge/commissioning/inventory/details-file.js";
import type { HandoverReply } from "../edge/commissioning/questions/handover.js";
import { initialState } from "../edge/controller.js";
import { fold, initialDurable } from "../edge/incident/durable.js";
import { readKept } from "../edge/journal/inspect.js";
import { createClock } from "../edge/machine/clock.js";
import type { Durable } from "../edge/model/durable.js";
import { PortcullisError } from "../edge/model/error.js";
import type { Fact } from "../edge/model/fact.js";
import { isWhole } from "../edge/model/record.js";
import { settingsFiles } from "../edge/model/revision.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { Open } from "../edge/record/seal.js";
import { trialAvailability } from "../edge/response/trial.js";
import { dataIn, journalIn } from "./journal-folder.js";

interface Kept {
  readonly durable: Durable;
  readonly version: string;
}

/** @throws PortcullisError when there is no journal, no good configuration, or no box of it. */
export async function handoverIn(data: string, open: Open): Promise<Handover> {
  const folder = dataIn(data);
  const file = join(folder, settingsFiles.stored);
  const text = readConfigFile(file);
  const loaded = text.ok ? loadSite(text.text, file) : text;
  if (!loaded.ok) throw new PortcullisError(troubleIn(loaded.troubles, file));
  const edge = await boxOf(folder, open);
  const config = loaded.site.edges.find(({ id }) => id === edge);
  if (config === undefined)
    throw new PortcullisError({ code: "config.edge-unknown", place: file, detail: String(edge) });
  const { durable: kept, version } = await keptIn(folder, open, config);
  const now = createClock().now();
  const durable = withoutHoldUps(kept, config);
  const given: HandoverReply = {
    site: loaded.site.site,
    version,
    revision: loaded.site.revision,
    hash: loaded.hash,
    config,
    durable,
    book: lookAtBook(join(folder, "book.json")),
    faults: tellFaults(initialState(config, durable, now), now),
    trialAvailability: trialAvailability(config, kept, now),
    now,
  };
  return seen(given, readDetails(folder));
}

export function signingKeyIn(data: string): string {
  return join(dataIn(data), "keys", privateName);
}

function troubleIn(
  troubles: readonly { code: PortcullisError["trouble"]["code"]; place: string; detail: string }[],
  file: string,
) {
  return troubles[0] ?? { code: "config.unreadable" as const, place: file, detail: "no configuration" };
}

/** Id of the box whose journal this is; null when it is empty. */
async function boxOf(folder: string, open: Open): Promise<string | null> {
  for await (const { source } of readKept(journalIn(folder), open)) return source.split("/").at(-1) ?? null;
  return null;
}

async function keptIn(folder: string, open: Open, config: EdgeConfig): Promise<Kept> {
  let kept: Kept = { durable: initialDurable(config), version: "" };
  for await (const record of readKept(journalIn(folder), open)) {
    if (!isWhole(record)) continue;
    const known = record as unknown as Pick<Fact, "type" | "data">;
    const version = record.type === "agent.started" ? String(record.data["version"]) : kept.version;
    kept = { durable: fold(kept.durable, known), version };
  }
  return kept;
}
