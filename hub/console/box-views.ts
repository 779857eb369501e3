// How a box, its zones and its barriers look on the console: the inventory's names joined with what was last heard.
import { obstacleTexts } from "../../config/words.js";
import type { Obstacle } from "../../edge/model/command.js";
import type { Inventory } from "../../edge/model/inventory.js";
import type { DutyConfig } from "../../edge/model/plan.js";
import { zoneTraits } from "../../edge/model/zone.js";
import { deviceName, untranslated } from "../alarm/names.js";
import { type Box, inventoryIn, single, type Words } from "./boxes.js";
import type { AreaView, DutyView, ObstacleView, PostureView, RiskView } from "./standing-views.js";
import type { BarrierView, EdgeView, ZoneView } from "./views.js";

const normal: PostureView = { level: "normal", issuer: "", reference: "", by: "", leader: null, since: null };
const noRisk: RiskView = { colour: "none", issuer: "", reference: "", by: "", since: null };

export function zoneViews(box: Box): readonly ZoneView[] {
  const inventory = inventoryIn(box);
  return (inventory?.zones ?? []).map((zone) => {
    const area = inventory?.areas.find(({ id }) => id === zone.area);
    const heard = box.zones.get(zone.id);
    const traits = Object.hasOwn(zoneTraits, zone.kind) ? zoneTraits[zone.kind] : undefined;
    const alwaysOn = traits?.watch === "always";
    return {
      site: box.site,
      edge: box.edge,
      id: zone.id,
      name: zone.name,
      area: zone.area,
      areaName: area?.name ?? untranslated(zone.area),
      areaKind: area?.kind ?? "perimeter",
      kind: zone.kind,
      subsystem: zone.subsystem ?? traits?.subsystem ?? "intrusion-and-hold-up",
      supervised: zone.supervised ?? false,
      camera: zone.camera ?? null,
      position: zone.position ?? null,
      state: heard?.value.state ?? "unknown",
      exercise: heard?.said.exercise ?? false,
      armed: alwaysOn || isArmed(box, zone.area),
      alwaysOn,
      out: wordOn(box.out, zone.id),
      preAlarm: wordOn(box.preAlarms, zone.id),
      tested: wordOn(box.tested, zone.id),
      changedAt: heard?.said.time ?? null,
    };
  });
}

export function barrierViews(box: Box): readonly BarrierView[] {
  const inventory = inventoryIn(box);
  return (inventory?.barriers ?? []).map((barrier) => {
    const heard = wordOn(box.barriers, barrier.id);
    return {
      site: box.site,
      edge: box.edge,
      id: barrier.id,
      name: barrier.name,
      area: barrier.area,
      groups: groupsWith(inventory, barrier.id),
      kind: barrier.kind,
      entrance: barrier.entrance,
      impactRating: barrier.impactRating ?? null,
      state: heard?.state ?? "unknown",
      reason: heard?.reason ?? null,
      held: wordOn(box.held, barrier.id) ?? false,
      pass: wordOn(box.passes, barrier.id),
      serviced: wordOn(box.services, barrier.id),
      changedAt: heard?.at ?? null,
    };
  });
}

export function areaViews(box: Box): readonly AreaView[] {
  const inventory = inventoryIn(box);
  return (inventory?.areas ?? []).map(({ id, name, kind, grade = 2 }) => {
    const period = wordOn(box.armed, id);
    const { arming = null, entry = null, failed } = wordOn(box.phases, id) ?? {};
    return {
      site: box.site,
      edge: box.edge,
      id,
      name,
      kind,
      grade,
      armed: isArmed(box, id),
      changedAt: period?.at ?? null,
      changedBy: period?.by ?? null,
      arming,
      entry,
      failed: failed === undefined ? null : { ...failed, obstacles: obstacleViews(inventory, failed.obstacles) },
    };
  });
}

export function dutyViews(box: Box): readonly DutyView[] {
  const posture = wordOn(box.posture, single) ?? normal;
  return (inventoryIn(box)?.duties ?? []).map((duty) => {
    const done = wordOn(box.dutiesDone, duty.id);
    const since = done?.at ?? box.watchedSince;
    return {
      site: box.site,
      edge: box.edge,
      id: duty.id,
      name: duty.name,
      kind: duty.kind,
      lastDoneAt: done?.at ?? null,
      lastDoneBy: done?.by ?? null,
      dueAt: since === null ? null : new Date(dutyDueAt(duty, Date.parse(since), posture)).toISOString(),
      missed: wordOn(box.dutiesMissed, duty.id) ?? false,
    };
  });
}

/** As the box counts: a raised posture's interval begins with the posture at the earliest. */
function dutyDueAt({ everyMs, everyRaisedMs }: DutyConfig, since: number, posture: PostureView): number {
  const due = since + everyMs;
  if (posture.level === "normal" || posture.since === null || everyRaisedMs === undefined) return due;
  return Math.min(due, Math.max(since, Date.parse(posture.since)) + everyRaisedMs);
}

export function edgeView(box: Box): EdgeView {
  const inventory = inventoryIn(box);
  const selfTest = wordOn(box.selfTest, single);
  return {
    site: box.site,
    edge: box.edge,
    name: inventory?.edge ?? untranslated(box.edge),
    online: box.online,
    revision: wordOn(box.inventory, single)?.revision ?? null,
    groups: (inventory?.groups ?? []).map(({ id, name, barriers }) => ({
      id,
      name,
      barriers,
      lockedDown: barriers.some((barrier) => wordOn(box.held, barrier) === true),
    })),
    areas: areaViews(box),
    posture: wordOn(box.posture, single) ?? normal,
    risk: wordOn(box.risk, single) ?? noRisk,
    drill: wordOn(box.drill, single),
    walkTest: wordOn(box.walkTest, single),
    selfTest: selfTest && { ...selfTest, findings: obstacleViews(inventory, selfTest.findings) },
    duties: dutyViews(box),
    channels: inventory?.channels ?? [],
    fixtures: inventory?.fixtures ?? [],
    deviations: inventory?.deviations ?? [],
    heads: [...box.heads.values()].map(({ epoch, lane, sequence, hash }) => ({ epoch, lane, sequence, hash })),
    lastRecordAt: box.lastRecordAt,
  };
}

/** With names and words; a newer box's word stays as it came. */
export function obstacleViews(
  inventory: Inventory | undefined,
  obstacles: readonly Obstacle[],
): readonly ObstacleView[] {
  return obstacles.map(({ subject, why }) => ({
    subject,
    why,
    name: deviceName(inventory, subject),
    text: Object.hasOwn(obstacleTexts, why) ? obstacleTexts[why] : untranslated(why),
  }));
}

function wordOn<T>(words: Words<T>, id: string): T | null {
  return words.get(id)?.value ?? null;
}

function isArmed(box: Box, area: string): boolean {
  const configured = inventoryIn(box)?.areas.find(({ id }) => id === area)?.armedAtStart;
  return wordOn(box.armed, area)?.armed ?? configured ?? false;
}

function groupsWith(inventory: Inventory | undefined, barrier: string): readonly string[] {
  return (inventory?.groups ?? []).filter(({ barriers }) => barriers.includes(barrier)).map(({ id }) => id);
}
