// What asked for a walk test learns that it was done: the zone's work order and the duty of walking, also over a power cut.
import { describe, expect, it } from "vitest";
import { fact } from "../../../edge/model/fact.js";
import type { DutyConfig } from "../../../edge/model/plan.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { zonesOfDuty } from "../../../edge/response/walk-done.js";
import type { HandFed } from "../../support/hand-fed.js";
import { beam, box, day, hour, minute, motion, name, panic, yard } from "./yard.js";

const monthly: DutyConfig = {
  id: "monthly-walk",
  name,
  kind: "walk-test",
  everyMs: 30 * day,
  graceMs: 3 * day,
};

function started(duty: Partial<DutyConfig> = {}, zones: readonly ZoneConfig[] = [beam, motion, panic]): HandFed {
  const site = box([], { duties: [{ ...monthly, ...duty }], zones });
  const at = site.now();
  site.facts.push({ ...fact("agent.started", "box", { version: "", revision: 1, at }), at, exercise: false });
  site.restart(0);
  return site;
}

const begin = (site: HandFed, zones: readonly string[]) =>
  site.order({ kind: "start-walk-test", zones, forMs: hour }, { issuers: ["wang"] });
const end = (site: HandFed) => site.order({ kind: "end-walk-test" }, { issuers: ["wang"] });

function trigger(site: HandFed, point: string): void {
  site.set(point, true);
  site.pass(100);
  site.set(point, false);
  site.pass(100);
}

function walk(site: HandFed, ...points: readonly string[]): void {
  begin(site, points);
  for (const point of points) trigger(site, point);
  end(site);
}

const done = (site: HandFed) => site.of("duty.done");
const states = (site: HandFed) => Object.values(site.durable.workOrders).map(({ device, state }) => [device, state]);

describe("a duty of walking", () => {
  it("A-20: that was missed is done, told to the hub and its work order reported done when all its zones were walked", () => {
    const site = started();
    site.pass(34 * day);
    expect(site.of("duty.missed")).toHaveLength(1);
    expect(states(site)).toEqual([["duty:monthly-walk", "open"]]);
    walk(site, "beam", "motion");
    expect(done(site)).toMatchObject([{ duty: "monthly-walk", by: "wang", alarms: ["duty:monthly-walk/missed"] }]);
    expect(site.of("workorder.fixed")).toMatchObject([
      { device: "duty:monthly-walk", by: "wang", alarms: ["box-W1/overdue"] },
    ]);
    expect(states(site)).toEqual([["duty:monthly-walk", "fixed"]]);
    expect(site.durable.dutiesMissed).toEqual({});
    site.pass(32 * day);
    expect(site.of("duty.missed")).toHaveLength(1);
  });

  it("A-20: is not done while one zone is left, and takes the work of several walks", () => {
    const site = started();
    walk(site, "beam");
    expect(done(site)).toEqual([]);
    site.pass(5 * day);
    walk(site, "motion");
    expect(done(site)).toHaveLength(1);
    walk(site, "motion");
    expect(done(site)).toHaveLength(1);
  });

  it("A-20: is done once per walk, however often a detector is triggered", () => {
    const site = started({ device: "zone:beam" });
    begin(site, ["beam"]);
    for (const _ of [1, 2, 3]) {
      trigger(site, "beam");
      site.pass(minute);
    }
    expect(done(site)).toEqual([]);
    end(site);
    expect(done(site)).toHaveLength(1);
  });

  it("A-20: a walk that a power cut parted from its order settles it after the start", () => {
    const site = started();
    site.pass(34 * day);
    begin(site, ["beam", "motion"]);
    trigger(site, "beam");
    trigger(site, "motion");
    site.restart(2 * hour);
    expect(done(site)).toHaveLength(1);
    expect(states(site)).toEqual([["duty:monthly-walk", "fixed"]]);
    site.restart(minute);
    expect(done(site)).toHaveLength(1);
    expect(states(site)).toEqual([["duty:monthly-walk", "fixed"]]);
  });

  it("A-20: is settled by a walk of this boot also where the clock was never set", () => {
    const site = started();
    site.restart(0, "never-set");
    site.pass(34 * day);
    site.restart(0, "never-set");
    walk(site, "beam", "motion");
    expect(states(site)).toEqual([["duty:monthly-walk", "fixed"]]);
  });

  it("A-20: is done by guided tests that count as walks, also for what no walk test may take", () => {
    const site = started({ device: "zone:panic" });
    const at = site.now();
    const data = {
      subject: "panic",
      test: "panic-button",
      by: "li",
      outcome: "passed",
      reason: null,
      ms: 9,
      at,
    } as const;
    const feed = (walked: object) =>
      site.input({
        kind: "recorded",
        facts: [fact("guidedtest.done", "panic", { ...data, at: site.now(), ...walked })],
        duressBy: null,
      });
    site.pass(minute);
    feed({});
    expect(done(site)).toEqual([]);
    feed({ walked: "panic" });
    expect(done(site)).toMatchObject([{ by: "li" }]);
  });

  it.each([
    ["all that are walked with an area", {}, ["beam", "motion"]],
    ["the area that its device names", { device: "area:buffer" }, ["motion"]],
    ["the zone that its device names", { device: "zone:panic" }, ["panic"]],
    ["all where its device is none of them", { device: "ladder" }, ["beam", "motion"]],
  ])("means %s", (_word, part, zones) => {
    expect(zonesOfDuty({ ...monthly, ...part }, yard([], { zones: [beam, motion, panic] }))).toEqual(zones);
  });
});
