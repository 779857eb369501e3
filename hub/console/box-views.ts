// How a box, its zones and its barriers look on the console: the inventory's names joined with what was last heard.
import type { Inventory } from "../../edge/model/fact.js";
import type { Text } from "../../edge/model/text.js";
import type { ZoneKind } from "../../edge/model/zone.js";
import type { Box } from "./boxes.js";
import type { BarrierView, EdgeView, ZoneView } from "./views.js";

/** Kinds that no disarming silences. */
const alwaysArmed: readonly ZoneKind[] = ["panic-button", "fire-input", "vehicle-rush"];

export function zoneViews(box: Box): readonly ZoneView[] {
  const inventory = box.inventory?.value.inventory;
  return (inventory?.zones ?? []).map((zone) => {
    const area = inventory?.areas.find(({ id }) => id === zone.area);
    const heard = box.zones.get(zone.id);
    return {
      site: box.site,
      edge: box.edge,
      id: zone.id,
      name: zone.name,
      area: zone.area,
      areaName: area?.name ?? untranslated(zone.area),
      areaKind: area?.kind ?? "perimeter",
      kind: zone.kind,
      camera: zone.camera ?? null,
      state: heard?.value.state ?? "unknown",
      armed: alwaysArmed.includes(zone.kind) || isArmed(box, zone.area),
      changedAt: heard?.said.time ?? null,
    };
  });
}

export function barrierViews(box: Box): readonly BarrierView[] {
  const inventory = box.inventory?.value.inventory;
  return (inventory?.barriers ?? []).map((barrier) => {
    const heard = box.barriers.get(barrier.id)?.value;
    return {
      site: box.site,
      edge: box.edge,
      id: barrier.id,
      name: barrier.name,
      area: barrier.area,
      groups: groupsWith(inventory, barrier.id),
      kind: barrier.kind,
      state: heard?.state ?? "unknown",
      reason: heard?.reason ?? null,
      held: box.held.get(barrier.id)?.value ?? false,
      changedAt: heard?.at ?? null,
    };
  });
}

export function edgeView(box: Box): EdgeView {
  const inventory = box.inventory?.value.inventory;
  return {
    site: box.site,
    edge: box.edge,
    name: inventory?.edge ?? untranslated(box.edge),
    online: box.online,
    revision: box.inventory?.value.revision ?? null,
    groups: (inventory?.groups ?? []).map(({ id, name, barriers }) => ({
      id,
      name,
      barriers,
      lockedDown: barriers.some((barrier) => box.held.get(barrier)?.value === true),
    })),
    areas: (inventory?.areas ?? []).map(({ id, name }) => ({ id, name, armed: isArmed(box, id) })),
    heads: [...box.heads.values()].map(({ epoch, lane, sequence }) => ({ epoch, lane, sequence })),
    lastRecordAt: box.lastRecordAt,
  };
}

function isArmed(box: Box, area: string): boolean {
  const configured = box.inventory?.value.inventory.areas.find(({ id }) => id === area)?.armedAtStart;
  return box.armed.get(area)?.value ?? configured ?? false;
}

function groupsWith(inventory: Inventory | undefined, barrier: string): readonly string[] {
  return (inventory?.groups ?? []).filter(({ barriers }) => barriers.includes(barrier)).map(({ id }) => id);
}

function untranslated(text: string): Text {
  return { zh: text, en: text };
}
