// The trial run 试运行 that two signatures begin, and the maintenance that the inventory finds due.
import { describe, expect, it } from "vitest";
import type { Role } from "../../../edge/model/command.js";
import { fact } from "../../../edge/model/fact.js";
import { trialMs } from "../../../edge/model/trial.js";
import { trialAvailability } from "../../../edge/response/trial.js";
import type { HandFed } from "../../support/hand-fed.js";
import { beam, box, close, day, hour, minute, response, sound } from "./yard.js";

const lockDown = response("lock", [{ command: "lock-down" }], close("all-lanes"));
const alarm = response("alarm", [{ area: "fence" }], sound("siren"));

function sign(site: HandFed, by: string, hash: string, duressBy: string | null = null): void {
  const roles: readonly Role[] = ["technician"];
  const signed = fact("report.signed", by, { by, roles, capacity: "", hash, openPoints: 0, at: site.now() });
  site.facts.push({ ...signed, at: site.now(), exercise: false });
  site.input({ kind: "recorded", facts: [signed], duressBy });
}

function inTrial(): HandFed {
  const site = box([lockDown, alarm]);
  sign(site, "li", "h1");
  sign(site, "wang", "h1");
  return site;
}

describe("the trial run", () => {
  it("begins when a second person has signed the same content, and not before", () => {
    const site = box([]);
    sign(site, "li", "h1");
    sign(site, "li", "h1");
    sign(site, "wang", "h2");
    expect(site.durable.trial).toBeNull();
    sign(site, "wang", "h1");
    expect(site.of("trial.started")).toMatchObject([{ report: "h1", by: ["li", "wang"] }]);
    expect(site.durable.trial).toMatchObject({ alarms: 0, faults: 0, ended: null });
  });

  it("begins anew when a changed content has been signed by two, once", () => {
    const site = inTrial();
    site.pass(day);
    sign(site, "wu", "h2");
    expect(site.of("trial.started")).toHaveLength(1);
    sign(site, "he", "h2");
    site.pass(day);
    expect(site.of("trial.started").map(({ report }) => report)).toEqual(["h1", "h2"]);
  });

  it("A-58: counts alarms, those reset as false, faults and missed deadlines", () => {
    const site = inTrial();
    site.set("beam", true);
    site.pass(minute);
    site.set("beam", false);
    site.pass(10 * minute);
    const [incident] = Object.keys(site.durable.incidents);
    expect(site.order({ kind: "reset", incident: incident ?? "", falseAlarm: true }).ok).toBe(true);
    site.stuck.add("main");
    site.order({ kind: "lock-down", group: "all-lanes" });
    site.pass(minute);
    expect(site.durable.trial).toMatchObject({ alarms: 1, falseAlarms: 1, faults: 1, missed: 1 });
  });

  it("counts no exercise, no order of people and no silent hold-up", () => {
    const site = inTrial();
    site.order({ kind: "start-drill", drill: "d", zones: [beam.id], forMs: hour });
    site.set("beam", true);
    site.pass(minute);
    site.order({ kind: "lock-down", group: "all-lanes" }, { duress: true });
    site.pass(minute);
    expect(site.of("operator.under-duress")).toHaveLength(1);
    expect(site.durable.trial).toMatchObject({ alarms: 0, missed: 0 });
  });

  it("ends after 30 days with its figures, also when the box was off, and counts no more", () => {
    const site = inTrial();
    site.restart(trialMs - hour);
    expect(site.of("trial.ended")).toEqual([]);
    site.pass(2 * hour);
    expect(site.of("trial.ended")).toMatchObject([{ report: "h1", alarms: 0, falseAlarms: 0, missed: 0 }]);
    const before = site.durable.trial;
    site.set("beam", true);
    site.pass(minute);
    expect(site.durable.trial).toEqual(before);
  });

  it("A-11: has an availability of its own: what was lost before it does not count", () => {
    const site = box([]);
    site.set("beam", false, "lost");
    site.pass(day);
    sign(site, "li", "h1");
    sign(site, "wang", "h1");
    site.set("beam", false);
    site.pass(10 * day);
    expect(trialAvailability(site.config, site.durable, site.now())).toBeCloseTo(1, 4);
    site.set("beam", false, "lost");
    site.pass(10 * day);
    const inputs = site.config.drivers.flatMap(({ points }) => points.filter(({ direction }) => direction === "in"));
    expect(trialAvailability(site.config, site.durable, site.now())).toBeCloseTo(1 - 0.5 / inputs.length, 3);
  });

  it("is remembered after a restart as before it", () => {
    const site = inTrial();
    const before = site.durable.trial;
    site.restart(minute);
    expect(site.durable.trial).toEqual(before);
    expect(site.durable.signatures).toMatchObject({ li: { hash: "h1", order: 1 }, wang: { order: 2 } });
  });
});

it("A signature under duress counts, and a silent hold-up goes out", () => {
  const site = box([]);
  sign(site, "li", "h1", "li");
  expect(site.durable.signatures["li"]?.hash).toBe("h1");
  expect(site.of("operator.under-duress")).toMatchObject([{ by: "li" }]);
});

describe("maintenance that the inventory finds due", () => {
  it("A-09, A-39: becomes one work order for each device, however often it is told", () => {
    const site = box([]);
    for (const _ of [1, 2]) site.input({ kind: "due", devices: ["barrier:main", "driver:io"] });
    expect(site.of("workorder.opened").map(({ number, device, cause }) => [number, device, cause])).toEqual([
      ["box-W1", "barrier:main", "maintenance-due"],
      ["box-W2", "driver:io", "maintenance-due"],
    ]);
  });

  it("A-09: begins a new interval when it was accepted", () => {
    const site = box([]);
    site.input({ kind: "due", devices: ["driver:io"] });
    const move = (to: "fixed" | "verified", by: string) =>
      site.order({ kind: "work-order", number: "box-W1", to, note: "" }, { issuers: [by] });
    move("fixed", "wang");
    expect(site.durable.serviced).toEqual({});
    move("verified", "li");
    expect(site.durable.serviced["driver:io"]?.wall).toBe(site.now().wall);
    expect(site.of("device.serviced")).toMatchObject([{ device: "driver:io", by: "li" }]);
  });
});
