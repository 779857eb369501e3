// Lock-downs of the example sites: what closes in time, who is named when it does not, what is never locked, and what is kept up.
import { describe, expect, it } from "vitest";
import { barrierKinds } from "../../../edge/model/site.js";
import type { Reading } from "../../../hub/reading.js";
import { VirtualSite } from "../../support/virtual-site.js";
import { alarmList, boxOf, hubOf, loop, minute, outcomes, type Place, second, settle, siteOf } from "./examples.js";

const lockDown = (group: string) => ({ kind: "lock-down", group }) as const;

/** What the hub shows of a box all of whose groups were locked down, and the port's passage by an intruder. */
function closedAt(place: Place): Promise<Reading> {
  const box = boxOf(place);
  for (const { id } of box.config.groups) box.order(lockDown(id));
  if (place === "checkpoint") box.set("buffer-blocked", true);
  box.pass(minute);
  return hubOf(box);
}

describe("a lock-down", () => {
  it.each([
    ["south-lane", "school"],
    ["both-lanes", "checkpoint"],
    ["yard-lanes", "warehouse"],
  ] as const)(
    "A-33: of %s at the %s is closed within 30 s, each confirmed by its own contact",
    async (group, place) => {
      const box = boxOf(place);
      box.order(lockDown(group));
      box.pass(30 * second);
      const barriers = box.config.groups.find(({ id }) => id === group)?.barriers ?? [];
      const closes = Object.values(box.durable.steps).filter(({ action }) => action.kind === "close");
      expect(closes.map(({ action, outcome }) => [action.kind === "close" && action.barrier, outcome])).toEqual(
        barriers.map((barrier) => [barrier, "met"]),
      );
      const shown = (await hubOf(box)).projections.barriers().filter(({ id }) => barriers.includes(id));
      expect(shown.map(({ state, held }) => [state, held])).toEqual(barriers.map(() => ["closed", true]));
    },
  );

  it("A-33: that one drive does not obey is missed after 30 s, and the hub names the drive", async () => {
    const box = boxOf("checkpoint");
    box.stuck.add("blocker-2");
    box.order(lockDown("both-lanes"));
    box.pass(31 * second);
    expect(outcomes(box, "lock-down")).toMatchObject({ "close/blocker-1": "met", "close/blocker-2": "missed" });
    expect(await alarmList(box)).toContainEqual("Road blocker of lane 2: Step missed, Jammed");
  });

  it("A-07: closes bollards, blockers, boom gates, gates, wings and passage locks; what is fixed stands in the inventory", async () => {
    const sites = await Promise.all((["office", "school", "checkpoint", "warehouse"] as const).map(closedAt));
    const barriers = sites.flatMap(({ projections }) => projections.barriers());
    const closed = barriers.filter(({ state }) => state === "closed");
    expect(new Set(closed.map(({ kind }) => kind))).toEqual(new Set(barrierKinds));
    expect(sites.flatMap(({ projections }) => projections.edges()[0]?.fixtures ?? [])).toMatchObject([
      { id: "fixed-bollards", count: 6 },
      { id: "yard-blocks", count: 4, impactRating: "7.5 t at 48 km/h" },
    ]);
  });

  it("A-49: closes what is not needed and puts the core on reserve power in the same moment, until it is over", () => {
    const box = boxOf("warehouse");
    const orderedAt = box.mono;
    box.order(lockDown("yard-lanes"));
    expect([box.mono, box.outputs["reserve-power"]]).toEqual([orderedAt, true]);
    box.pass(30 * second);
    expect(outcomes(box, "lock-down")).toEqual({
      "close/yard-gate": "met",
      "close/staff-wings": "met",
      "reserve/reserve-power": "met",
    });
    const barriers = ["yard-gate", "staff-wings"];
    box.order({ kind: "stand-down", group: "yard-lanes", barriers }, { issuers: ["li", "wang"] });
    box.pass(minute);
    expect(box.outputs["reserve-power"]).toBe(true);
    expect(settle(box)).toBe(true);
    expect(box.outputs["reserve-power"]).toBe(false);
  });
});

describe("an emergency exit", () => {
  it("A-08: is locked by no lock-down, posture, risk, intrusion or panic", () => {
    const box = boxOf("warehouse");
    const decree = { issuer: "city", reference: "1" };
    for (const { id } of box.config.groups) box.order(lockDown(id));
    box.order({ kind: "set-posture", level: "level-1", leader: "chen", ...decree });
    box.order({ kind: "declare-risk", colour: "red", ...decree });
    for (const point of ["hall-motion-loop", "hold-up-loop", "cabinet-loop"]) box.set(point, loop.alarm);
    for (let passed = 0; passed < minute; passed += second) {
      box.pass(second);
      expect([box.outputs["exit-lock"] ?? false, box.durable.barriers["emergency-exit"]]).toEqual([false, "open"]);
    }
    expect(box.order(lockDown("emergency-exit")).code).toBe("command.unknown-target");
  });

  it("A-08: refuses a configuration in which a group would lock it", () => {
    const grouped = () =>
      siteOf("warehouse", ["barriers: [yard-gate, staff-wings]", "barriers: [yard-gate, staff-wings, emergency-exit]"]);
    expect(grouped).toThrow(/config\.safety/);
  });
});

describe("a fire lane", () => {
  it("A-40: that is blocked for 20 s stands in the hub's list until it is free and reset, at any hour", async () => {
    const box = boxOf("checkpoint");
    box.order({ kind: "disarm", area: "lane-2" });
    box.set("fire-lane-taken", true);
    box.pass(19 * second);
    expect(await alarmList(box)).toEqual([]);
    box.pass(2 * second);
    expect(box.outputs).toMatchObject({ "booth-buzzer": true, siren: false });
    expect(await alarmList(box)).toEqual(["Fire lane occupied: Fire lane blocked"]);
    box.set("fire-lane-taken", false);
    box.pass(minute);
    expect(settle(box)).toBe(true);
    expect(await alarmList(box)).toEqual([]);
  });
});

describe("a rush over a barred lane", () => {
  const demands = (site: VirtualSite) => Object.values(site.plant.bollards).map(({ demand }) => demand);

  it("A-81: by a pedestrian is an alarm at the booth and moves nothing", async () => {
    const site = new VirtualSite(siteOf("checkpoint")).run(10_000);
    const before = demands(site);
    for (const beam of ["Walk.Beam1", "Walk.Beam2"]) {
      site.trigger("vehicle-on-loop", beam);
      site.run(500);
    }
    site.run(20_000);
    expect(await alarmList(site)).toEqual(["Pedestrian rush in lane 1: Pedestrian rush"]);
    expect([site.relay("booth-buzzer"), site.relay("siren")]).toEqual([true, false]);
    expect(demands(site)).toEqual(before);
    expect(site.durable().barriers["blocker-2"]).toBe("open");
  });
});

describe("what a barrier withstands and when it is kept up", () => {
  it("A-39: the impact rating shows at the hub", async () => {
    const shown = (await hubOf(boxOf("school"))).projections.barriers();
    expect(shown.find(({ id }) => id === "bollard")?.impactRating).toBe("7.5 t at 48 km/h");
  });

  it("A-39: its service falls due after so many runs, and begins a new count when another person accepts it", async () => {
    const box = boxOf("school", ["serviceCycles: 50000", "serviceCycles: 1"]);
    box.order(lockDown("south-lane"));
    box.pass(minute);
    const [order] = (await hubOf(box)).projections.workOrders();
    expect(order).toMatchObject({ device: "barrier:bollard", cause: "maintenance-due", state: "open" });
    const move = (to: "fixed" | "verified", by: string) =>
      box.order({ kind: "work-order", number: order?.number ?? "", to, note: "" }, { issuers: [by] }).ok;
    expect([move("fixed", "li"), move("verified", "li"), move("verified", "wang")]).toEqual([true, false, true]);
    const shown = (await hubOf(box)).projections.barriers().find(({ id }) => id === "bollard");
    expect([shown?.serviced?.cycles, box.durable.cycles["bollard"]]).toEqual([1, 0]);
  });
});
