// The boxes of the example sites, loaded as a user's are, and what a hub shows of them. For rows that are shown end to end.
import { readFileSync } from "node:fs";
import { loadSite } from "../../../config/load.js";
import { inventoryOf } from "../../../edge/agent/inventory.js";
import { fact } from "../../../edge/model/fact.js";
import type { PointValue } from "../../../edge/model/point.js";
import { type EdgeConfig, pointsOf, type Site } from "../../../edge/model/site.js";
import { openLedger } from "../../../hub/ledger/sqlite.js";
import { type Reading, readLedger } from "../../../hub/reading.js";
import { createJournal, rowsOf } from "../../hub/box.js";
import { log } from "../../hub/running-hub.js";
import { HandFed } from "../../support/hand-fed.js";
import type { VirtualSite } from "../../support/virtual-site.js";

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** One piece of the file put in the place of another; it must be there. */
export type Edit = readonly [find: string, put: string];

const places = { office: 0, school: 0, checkpoint: 0, warehouse: 1 } as const;
export type Place = keyof typeof places;

const fileOf = (place: Place) => `${place === "checkpoint" || place === "warehouse" ? "port" : place}.yaml`;

/** The file of a box's site. */
export function textOf(place: Place): string {
  return readFileSync(new URL(`../../../config/${fileOf(place)}`, import.meta.url), "utf8");
}

/** The whole site of a box, checked; throws with the troubles when it is refused. */
export function siteOf(place: Place, ...edits: readonly Edit[]): Site {
  const edited = edits.reduce((before, [find, put]) => {
    if (!before.includes(find)) throw new Error(`the example holds no ${find}`);
    return before.replace(find, () => put);
  }, textOf(place));
  const loaded = loadSite(edited, fileOf(place));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.troubles, null, 2));
  return loaded.site;
}

/** What a loop with its resistors reads on a board of ten bits; `open` is what a single end-of-line resistor alarms by. */
export const loop = { normal: 512, alarm: 682, masked: 767, maskedAlarm: 818, open: 1023 } as const;

const measured: Readonly<Record<string, PointValue>> = {
  "archive-celsius": 20,
  "archive-humidity": 45,
  "sump-level": 300,
  "battery-volts": 26,
  "quay-level": { t0: 0, periodUs: 3000, values: [1] },
  "fence-level": { t0: 0, periodUs: 3000, values: [1] },
};

/** Loops closed, climate and levels in their middle, the rest of the detectors at rest, barriers open. */
function atRest(config: EdgeConfig): Readonly<Record<string, PointValue>> {
  const loops = pointsOf(config).filter(({ id }) => id.endsWith("-loop") && config.zones.some(hasLoopOn(id)));
  return { ...measured, ...Object.fromEntries(loops.map(({ id }) => [id, loop.normal])) };
}

const hasLoopOn = (point: string) => (zone: object) => "loop" in zone && "point" in zone && zone.point === point;

/** Nobody plays the fibre's processor, whose silence would be an alarm of its own. */
function withoutFibre(config: EdgeConfig): EdgeConfig {
  const drivers = config.drivers.map((driver) => ({
    ...driver,
    points: driver.points.map(({ silentAfterMs: _, ...point }) => point),
  }));
  return { ...config, drivers: drivers as EdgeConfig["drivers"] };
}

/** A box of an example site at rest, watched for two minutes since an agent's first start. */
export function boxOf(place: Place, ...edits: readonly Edit[]): HandFed {
  const config = siteOf(place, ...edits).edges[places[place]];
  if (config === undefined) throw new Error(`no box ${place}`);
  const box = new HandFed(withoutFibre(config), atRest(config));
  const at = box.now();
  box.facts.push({ ...fact("agent.started", config.id, { version: "", revision: 1, at }), at, exercise: false });
  box.restart(0);
  box.pass(2 * minute);
  return box;
}

/** Outcome of each step of a response that was decided, by step and target. */
export function outcomes(box: HandFed | VirtualSite, response: string): Readonly<Record<string, string>> {
  const steps = "steps" in box ? box.steps() : Object.values(box.durable.steps);
  const own = steps.filter((step) => step.response === response);
  return Object.fromEntries(own.map(({ id, outcome }) => [id.split("/").slice(2).join("/"), outcome]));
}

/** A person stamps the step of a response. */
export function stamp(box: HandFed, step: string, by = "zhao"): boolean {
  const known = Object.values(box.durable.steps).findLast((each) => each.step === step && each.outcome !== "met");
  return box.order({ kind: "report", step: known?.id ?? "" }, { issuers: [by] }).ok;
}

/** Somebody acknowledges and resets the one incident that is open; true when both were done. */
export function settle(box: HandFed): boolean {
  const [incident = ""] = Object.keys(box.durable.incidents);
  const acknowledged = box.order({ kind: "acknowledge", incident });
  return acknowledged.ok && box.order({ kind: "reset", incident }).ok;
}

/** The hub has on its disk all that it was notified of. */
export function hubHasIt(box: HandFed): void {
  for (const { step } of box.notified) box.input({ kind: "notified", step, ok: true, detail: "", at: box.mono });
}

/** What a hub shows that has received all records of the box. */
export async function hubOf(box: HandFed | VirtualSite): Promise<Reading> {
  const { config, facts } = box;
  const journal = createJournal("site", config.id);
  journal.add("config.applied", { revision: 1, hash: "h", inventory: inventoryOf(config) });
  for (const known of facts)
    journal.add(known.type, known.data, "exercise" in known ? { exercise: known.exercise } : {});
  const ledger = openLedger(":memory:");
  const reading = await readLedger(ledger, log);
  for (const row of rowsOf("site", config.id, journal.records)) reading.apply(row);
  await ledger.close();
  return reading;
}

/** The hub's list of alarms that are not over and seen, oldest first, in the words of an English reader. */
export async function alarmList(box: HandFed | VirtualSite): Promise<readonly string[]> {
  const { alarms } = await hubOf(box);
  const standing = alarms.list().filter(({ state }) => state !== "closed");
  return standing.map(({ title }) => title.en).reverse();
}
