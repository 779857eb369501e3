// Everything that can be touched, bought and serviced, from the configuration in force: the rows of the inventory 台账.
import type { BarrierConfig, EdgeConfig } from "../../model/site.js";
import type { Text } from "../../model/text.js";
import type { DriverConfig } from "../../model/wiring.js";
import { pointsOfZone, type ZoneConfig } from "../../model/zone.js";
import type { Book } from "../book.js";

export const deviceClasses = [
  "box",
  "driver",
  "field-device",
  "detector",
  "power",
  "barrier",
  "annunciator",
  "fixture",
] as const;
export type DeviceClass = (typeof deviceClasses)[number];

export interface Device {
  /** As in work orders: `{kind}:{id}`. */
  readonly device: string;
  readonly class: DeviceClass;
  readonly kind: string;
  readonly name: Text;
  /** Id; null where it lies in none. */
  readonly area: string | null;
  readonly areaName: Text | null;
  readonly points: readonly string[];
  /** Revision of the configuration that brought it; null where nobody noted it. */
  readonly sinceRevision: number | null;
  /** For example `7.5 t at 48 km/h`. */
  readonly impactRating: string | null;
  /** Runs between two services. */
  readonly serviceCycles: number | null;
}

type Bare = Pick<Device, "device" | "class" | "kind" | "name"> & Partial<Device>;

export function devicesOf(config: EdgeConfig, known: Book["inventory"]): readonly Device[] {
  const { zones, barriers, annunciators, fixtures = [] } = config;
  const bare: readonly Bare[] = [
    { device: `box:${config.id}`, class: "box", kind: "box", name: config.name },
    ...config.drivers.flatMap(ofDriver),
    ...zones.map(ofZone),
    ...barriers.map(ofBarrier),
    ...annunciators.map(({ id, kind, name, points }): Bare => {
      return { device: `annunciator:${id}`, class: "annunciator", kind, name, points };
    }),
    ...fixtures.map(({ id, name, area, impactRating = null }): Bare => {
      return { device: `fixture:${id}`, class: "fixture", kind: "fixture", name, area, impactRating };
    }),
  ];
  return bare.map((each) => ({
    area: null,
    points: [],
    impactRating: null,
    serviceCycles: null,
    ...each,
    areaName: config.areas.find(({ id }) => id === each.area)?.name ?? null,
    sinceRevision:
      known.find(({ id, kind }) => each.device.endsWith(`:${id}`) && kind === each.kind)?.sinceRevision ?? null,
  }));
}

function ofDriver(driver: DriverConfig): readonly Bare[] {
  const named = (id: string): Text => ({ zh: id, en: id });
  const points = driver.points.map(({ id }) => id);
  const own: Bare = {
    device: `driver:${driver.id}`,
    class: "driver",
    kind: driver.kind,
    name: named(driver.id),
    points,
  };
  if (driver.kind !== "mqtt") return [own];
  const devices = driver.devices.map(({ id }): Bare => {
    const of = driver.points.filter((point) => "device" in point && point.device === id).map((point) => point.id);
    const device = `device:${driver.id}/${id}`;
    return { device, class: "field-device", kind: "field-device", name: named(id), points: of };
  });
  return [own, ...devices];
}

function ofZone(zone: ZoneConfig): Bare {
  const { id, kind, name, area } = zone;
  const points = pointsOfZone(zone);
  return { device: `zone:${id}`, class: kind === "power" ? "power" : "detector", kind, name, area, points };
}

function ofBarrier(barrier: BarrierConfig): Bare {
  const { id, kind, name, area, impactRating = null, serviceCycles = null, closed, open, interlocks } = barrier;
  const points = [closed, ...(open === undefined ? [] : [open]), ...interlocks];
  return { device: `barrier:${id}`, class: "barrier", kind, name, area, points, impactRating, serviceCycles };
}
