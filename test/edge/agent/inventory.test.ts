import { expect, it } from "vitest";
import { inventoryOf } from "../../../edge/agent/inventory.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { exampleSite } from "../../support/virtual-site.js";

const config = exampleSite("office").edges[0] as EdgeConfig;
const zoneOf = (box: EdgeConfig, id: string) => inventoryOf(box).zones.find((zone) => zone.id === id);

it.each([
  ["a loop with resistors", "gatehouse-door", true],
  ["a device that gives signs of life", "beam-east", true],
  ["a bare contact on a board", "panic-button", false],
  ["loops of a controller that is watched", "main-rush", true],
])("tells whether a cut cable of %s would be seen", (_name, zone, supervised) => {
  expect(zoneOf(config, zone)).toMatchObject({ supervised });
});

it("counts a detector on a loop as supervised whatever its case contact is", () => {
  const zones = config.zones.map((zone) => (zone.id === "gatehouse-door" ? { ...zone, tamper: "panic" } : zone));
  expect(zoneOf({ ...config, zones } as EdgeConfig, "gatehouse-door")).toMatchObject({ supervised: true });
});

it("counts a bare GPIO input as unsupervised", () => {
  const gpio = { id: "pi", kind: "gpio", chip: "c", points: [{ id: "key", direction: "in", line: 1 }] } as const;
  const zones = config.zones.map((zone) => (zone.id === "panic-button" ? { ...zone, point: "key" } : zone));
  expect(zoneOf({ ...config, zones, drivers: [...config.drivers, gpio] } as EdgeConfig, "panic-button")).toMatchObject({
    supervised: false,
  });
});

it("A-05: says of each zone to which of the four subsystems it belongs", () => {
  const subsystems = Object.fromEntries(inventoryOf(config).zones.map(({ id, subsystem }) => [id, subsystem]));
  expect(subsystems).toMatchObject({
    "fence-north": "perimeter",
    "gatehouse-door": "intrusion-and-hold-up",
    "main-rush": "access-control",
  });
});

it("A-07, A-39: lists fixed obstacles and impact ratings, and what was accepted against the timing proof", () => {
  const fixture = { id: "f1", name: { zh: "石墩", en: "Block" }, area: "perimeter", count: 4, impactRating: "7.5 t" };
  const deviation = { response: "r", step: "s", target: "t", worstMs: 1, reason: "slow", signedBy: [] };
  const [first, ...others] = config.barriers;
  if (first === undefined) throw new Error("the example has a barrier");
  const barriers = [{ ...first, impactRating: "7.5 t at 48 km/h" }, ...others];
  const inventory = inventoryOf({ ...config, barriers, fixtures: [fixture], deviations: [deviation] });
  expect(inventory).toMatchObject({ fixtures: [fixture], deviations: [deviation] });
  expect(inventory.barriers[0]?.impactRating).toBe("7.5 t at 48 km/h");
});
