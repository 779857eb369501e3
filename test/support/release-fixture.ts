// Writes what this release leaves behind for later ones: `node .build/test/support/release-fixture.js` makes
// test/fixtures/releases/VERSION. Once per release, before it goes out; what is there is never made anew.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSite } from "../../config/load.js";
import { startRecorder } from "../../edge/agent/recorder.js";
import { fold, initialDurable } from "../../edge/incident/durable.js";
import { builtFile } from "../../edge/machine/built.js";
import type { Durable } from "../../edge/model/durable.js";
import { version } from "../../scripts/version.js";
import { VirtualSite } from "./virtual-site.js";

const minuteMs = 60_000;
const siteFile = fileURLToPath(builtFile("../config/office.yaml"));

/** An office at its worst: locked down, a panic button latched, a zone isolated, level 2, a fence that was cut. */
function troubledOffice(): VirtualSite {
  const loaded = loadSite(readFileSync(siteFile, "utf8"), siteFile);
  if (!loaded.ok) throw new Error("the example is refused");
  const site = new VirtualSite(loaded.site).run(10_000);
  const order = (...[act, issuers]: Parameters<VirtualSite["command"]>) => {
    const { ok, code } = site.command(act, issuers);
    if (!ok) throw new Error(`${act.kind}: ${code}`);
  };
  order({ kind: "isolate", zone: "beam-east", forMs: null });
  order({ kind: "set-posture", level: "level-2", issuer: "省反恐办", reference: "2026-17", leader: null }, ["chen"]);
  order({ kind: "lock-down", group: "all-lanes" });
  site.trigger("panic");
  site.trigger("fence-cut");
  return site.run(minuteMs);
}

async function writeFixture(folder: string): Promise<void> {
  const site = troubledOffice();
  const { config } = site;
  const work = mkdtempSync(join(tmpdir(), "release-fixture-"));
  const recorder = await startRecorder({
    dataDir: join(work, "journal"),
    keysDir: join(work, "keys"),
    site: "demo-office",
    edge: config.id,
    initial: initialDurable(config),
    journal: config.journal,
    secretIds: [],
    isAlone: true,
  });
  const entries = site.facts.map(({ at, ...fact }) => ({ fact, now: at, exercise: false }));
  await recorder.append(entries);
  await recorder.close();
  mkdirSync(folder, { recursive: true });
  cpSync(join(work, "journal"), join(folder, "journal"), { recursive: true });
  // Thirty megabytes of room that any start makes again.
  rmSync(join(folder, "journal/reserve"));
  // The public key only: whoever holds the other one could sign for this box.
  cpSync(join(work, "keys/journal.pub"), join(folder, "journal.pub"));
  cpSync(siteFile, join(folder, "site.yaml"));
  const durable = site.facts.reduce<Durable>((before, known) => fold(before, known), initialDurable(config));
  writeFileSync(join(folder, "durable.json"), `${JSON.stringify(durable, null, 2)}\n`);
  rmSync(work, { recursive: true });
}

const folder = fileURLToPath(builtFile(`../test/fixtures/releases/${version}`));
if (existsSync(folder)) throw new Error(`${folder} is there already`);
await writeFixture(folder);
process.stdout.write(`${folder}\n`);
