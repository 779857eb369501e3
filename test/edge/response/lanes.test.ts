// One held lane is opened for an emergency vehicle, and barriers are opened by a person's wish.
import { describe, expect, it } from "vitest";
import type { Role } from "../../../edge/model/command.js";
import { passMsMax } from "../../../edge/response/orders/lanes.js";
import { box, close, minute, response, yard } from "./yard.js";

const lockDown = response("lock", [{ command: "lock-down" }], close("all-lanes"));
const held = () => {
  const site = box([lockDown]);
  site.order({ kind: "lock-down", group: "all-lanes" });
  site.pass(10_000);
  return site;
};
const pass = (barrier: string, forMs = minute) => ({ kind: "let-pass", barrier, forMs }) as const;

describe("letting a vehicle pass", () => {
  it("A-33: opens one held lane on one guard's word, with an alarm and a review, and closes it when its time is over", () => {
    const site = held();
    expect(site.order(pass("main"), { issuers: ["li"], reason: "ambulance" }).ok).toBe(true);
    site.pass(5000);
    expect(site.durable.barriers).toMatchObject({ main: "open", side: "closed" });
    const [opened] = site.of("lane.opened");
    expect(opened).toMatchObject({ alarm: { priority: 2 }, barrier: "main", by: "li", reason: "ambulance" });
    expect(site.durable.workOrders["lane:main"]).toMatchObject({ cause: "review", state: "open" });
    site.pass(minute);
    expect(site.of("lane.closed")).toMatchObject([{ barrier: "main", by: "time", alarms: [opened?.alarm.key] }]);
    site.pass(10_000);
    expect(site.durable.barriers).toMatchObject({ main: "closed", side: "closed" });
  });

  it.each([
    ["a barrier that nobody knows", pass("nowhere"), "ambulance", "command.unknown-target"],
    ["a barrier that no lock-down holds", pass("door-1"), "ambulance", "command.not-possible"],
    ["no reason", pass("main"), " ", "command.not-possible"],
    ["no time", pass("main", 0), "ambulance", "command.not-possible"],
    ["more than ten minutes", pass("main", passMsMax + 1), "ambulance", "command.not-possible"],
  ])("is refused for %s", (_word, act, reason, code) => {
    const site = held();
    expect(site.order(act, { reason })).toMatchObject({ ok: false, code });
    expect(site.durable.passes).toEqual({});
  });

  it("is refused for a second lane while the first stands open", () => {
    const site = held();
    site.order(pass("main"));
    expect(site.order(pass("side")).code).toBe("command.not-possible");
    site.pass(2 * minute);
    expect(site.order(pass("side")).ok).toBe(true);
  });

  it("A-33: leaves a review of its own each time: who, why, from when and until when", () => {
    const site = held();
    site.order(pass("main"), { issuers: ["li"], reason: "ambulance" });
    const openedAt = site.now();
    expect(site.durable.workOrders["lane:main"]?.pass?.closedAt).toBeNull();
    site.pass(2 * minute);
    const first = {
      barrier: "main",
      by: "li",
      reason: "ambulance",
      openedAt,
      closedAt: { mono: openedAt.mono + minute },
    };
    expect(site.durable.workOrders["lane:main"]).toMatchObject({ state: "open", pass: first });
    site.order(pass("main"), { issuers: ["wang"], reason: "fire engine" });
    site.order({ kind: "stand-down", group: "all-lanes", barriers: ["main"] }, { issuers: ["li", "wang"] });
    const passes = Object.values(site.durable.workOrders).map(({ number, pass: seen }) => [
      number,
      seen?.by,
      seen?.closedAt,
    ]);
    expect(passes).toMatchObject([
      ["box-W1", "li", {}],
      ["box-W2", "wang", { mono: site.mono }],
    ]);
    site.restart(1000);
    expect(Object.values(site.durable.workOrders)).toMatchObject([{ pass: first }, { pass: { by: "wang" } }]);
  });

  it.each<[string, Role[], string[], string]>([
    ["an operator", ["operator"], ["wang"], "command.not-allowed"],
    ["a technician", ["technician"], ["wang"], "command.not-allowed"],
    ["the supervisor who let it pass", ["supervisor"], ["li"], "command.not-allowed"],
    ["him and an operator whose PIN he is lent", ["supervisor", "operator"], ["li", "wang"], "command.not-allowed"],
    ["another supervisor", ["supervisor"], ["wang"], ""],
  ])("A-33: is not signed off by %s unless a supervisor who did not let it pass", (_who, roles, issuers, code) => {
    const site = held();
    site.order(pass("main"), { issuers: ["li"] });
    const sign = () =>
      site.order({ kind: "work-order", number: "box-W1", to: "verified", note: "seen" }, { roles, issuers });
    if (code === "") expect(sign().code).toBe("command.not-possible");
    site.pass(2 * minute);
    expect(sign().code).toBe(code);
    expect(Object.keys(site.durable.workOrders)).toHaveLength(code === "" ? 0 : 1);
  });

  it("ends with the lock-down that it interrupts", () => {
    const site = held();
    site.order(pass("main", 5 * minute));
    site.order({ kind: "stand-down", group: "all-lanes", barriers: ["main"] }, { issuers: ["li", "wang"] });
    expect(site.of("lane.closed")).toMatchObject([{ barrier: "main", by: "stand-down" }]);
  });

  it("is over after a restart by a clock that nobody can trust", () => {
    const site = held();
    site.order(pass("main", 5 * minute));
    site.restart(1000, "never-set");
    expect(site.of("lane.closed")).toMatchObject([{ barrier: "main", by: "time" }]);
  });
});

describe("opening a barrier", () => {
  const closedAtRest = { "main-closed": true, "main-open": false };
  const open = { kind: "open", barrier: "main" } as const;

  it("is done for one person in the normal posture", () => {
    const site = box([lockDown]);
    for (const [point, value] of Object.entries(closedAtRest)) site.set(point, value);
    expect(site.order(open).ok).toBe(true);
    site.pass(5000);
    expect(site.durable.barriers["main"]).toBe("open");
  });

  it("is refused while a lock-down holds it, and says which", () => {
    expect(held().order(open, { issuers: ["li", "wang"] })).toEqual({
      ok: false,
      code: "command.not-possible",
      obstacles: [{ subject: "all-lanes", why: "lock-down-stands" }],
    });
  });

  it("is refused for a barrier that nobody knows", () => {
    expect(held().order({ kind: "open", barrier: "nowhere" }).code).toBe("command.unknown-target");
  });

  it("A-25: needs two different persons in level 1", () => {
    const site = box([lockDown]);
    site.order({ kind: "set-posture", level: "level-1", issuer: "i", reference: "r", leader: "li" });
    expect(site.order(open, { issuers: ["li"] }).code).toBe("command.needs-two-persons");
    expect(site.order(open, { issuers: ["li", "li "] }).code).toBe("command.needs-two-persons");
    expect(site.order(open, { issuers: ["li", "wang"] }).ok).toBe(true);
  });

  it("A-30: needs two different persons where the door asks for them", () => {
    const { barriers } = yard([]);
    const site = box([], {
      barriers: barriers.map((each) => (each.id === "main" ? { ...each, dualOpen: true } : each)),
    });
    for (const [point, value] of Object.entries(closedAtRest)) site.set(point, value);
    expect(site.order(open).code).toBe("command.needs-two-persons");
    site.pass(5000);
    expect(site.durable.barriers["main"]).toBe("closed");
    expect(site.order(open, { issuers: ["li", "wang"] }).ok).toBe(true);
    site.pass(5000);
    expect(site.durable.barriers["main"]).toBe("open");
  });
});
