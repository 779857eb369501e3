// What a hub must know of a box to show it: made from the configuration in force, sent with every `config.applied`.
import type { Inventory } from "../model/inventory.js";
import type { EdgeConfig } from "../model/site.js";
import type { DriverConfig } from "../model/wiring.js";
import { pointsOfZone, type ZoneConfig, zoneTraits } from "../model/zone.js";

export function inventoryOf(config: EdgeConfig): Inventory {
  const bare = new Set(config.drivers.flatMap(bareContacts));
  return {
    edge: config.name,
    areas: config.areas,
    groups: config.groups,
    zones: config.zones.map((zone) => inventoryOfZone(zone, bare)),
    barriers: config.barriers.map(({ id, name, area, kind, entrance, impactRating, onControlLoss, dualOpen }) => ({
      id,
      name,
      area,
      kind,
      entrance,
      ...(impactRating === undefined ? {} : { impactRating }),
      ...(onControlLoss === undefined ? {} : { onControlLoss }),
      ...(dualOpen === undefined ? {} : { dualOpen }),
    })),
    fixtures: config.fixtures ?? [],
    channels: config.channels ?? [],
    duties: config.duties ?? [],
    deviations: config.deviations ?? [],
    annunciators: config.annunciators.map(({ id, name }) => ({ id, name })),
  };
}

function inventoryOfZone(zone: ZoneConfig, bare: ReadonlySet<string>): Inventory["zones"][number] {
  const { id, name, area, kind, camera, position } = zone;
  const isLoop = "loop" in zone && zone.loop !== undefined;
  return {
    id,
    name,
    area,
    kind,
    subsystem: zoneTraits[kind].subsystem,
    supervised: isLoop || !pointsOfZone(zone).some((point) => bare.has(point)),
    ...(camera === undefined ? {} : { camera }),
    ...(position === undefined ? {} : { position }),
  };
}

/** Inputs that only tell open from closed, over a cable without a resistor: cut, they look like one of the two. */
function bareContacts(driver: DriverConfig): readonly string[] {
  switch (driver.kind) {
    case "gpio":
      return driver.points.filter(({ direction }) => direction === "in").map(({ id }) => id);
    case "firmata":
      return driver.points.filter(({ signal }) => signal === "digital").map(({ id }) => id);
    case "mqtt":
    case "opcua":
      return [];
  }
}
