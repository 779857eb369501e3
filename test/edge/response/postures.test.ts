// The abnormal posture of norm 003: by whom it is set, and what each level adds.
import { describe, expect, it } from "vitest";
import type { Act } from "../../../edge/model/command.js";
import { postureLevels } from "../../../edge/model/plan.js";
import { setPosture } from "../../../edge/response/orders/postures.js";
import { box, close, minute, outcomes, report, response, stepId, wardOf, yard } from "./yard.js";

type SetPosture = Extract<Act, { kind: "set-posture" }>;
const order = (level: SetPosture["level"], part: Partial<SetPosture> = {}): SetPosture => ({
  kind: "set-posture",
  level,
  issuer: "province",
  reference: "2026-7",
  leader: "leader Li",
  ...part,
});

/** What norm 003 asks of each level, as a site configures it. */
const levels = [
  response("third", [{ posture: "level-3" }], report("guards-30", 60 * minute)),
  response(
    "second",
    [{ posture: "level-2" }],
    close("other-lanes"),
    report("guards-50", 60 * minute),
    report("double-post", 60 * minute),
    report("cordon", 60 * minute),
  ),
  response(
    "first",
    [{ posture: "level-1" }],
    close("main-lanes"),
    report("guards-100", 60 * minute),
    report("communication-check", 10 * minute),
  ),
];

describe("a posture", () => {
  it.each([
    ["no issuer", { issuer: " " }],
    ["no reference", { reference: "" }],
    ["no leader on duty in level 1", { leader: null }],
    ["an empty leader on duty in level 1", { leader: " " }],
    ["a level that nobody knows", { level: "level-9" as SetPosture["level"] }],
    ["the level that holds already", { level: "normal" as const }],
  ])("A-22: is refused with %s", (_word, part) => {
    const site = box(levels);
    expect(site.order(order("level-1", part))).toMatchObject({ ok: false, code: "command.not-possible" });
    expect(site.of("posture.changed")).toEqual([]);
  });

  it("A-22: is refused when nobody enters it, and remembered with issuer, reference, person and time", () => {
    const site = box(levels);
    expect(site.order(order("level-3"), { issuers: [" "] })).toMatchObject({ ok: false, code: "command.not-allowed" });
    expect(site.order(order("level-3", { leader: null }), { issuers: ["wang"] }).ok).toBe(true);
    expect(site.durable.posture).toEqual({
      level: "level-3",
      issuer: "province",
      reference: "2026-7",
      by: "wang",
      leader: null,
      since: site.now(),
    });
    site.restart(minute);
    expect(site.durable.posture.level).toBe("level-3");
  });

  it("A-22: adds up: level 1 at once sets off all three, and once each when they are reached one by one", () => {
    const atOnce = box(levels);
    atOnce.order(order("level-1"));
    const oneByOne = box(levels);
    for (const level of postureLevels.slice(1)) oneByOne.order(order(level));
    for (const site of [atOnce, oneByOne]) {
      expect(new Set(site.of("step.decided").map(({ step }) => step.response))).toEqual(
        new Set(["third", "second", "first"]),
      );
      expect(site.of("step.decided")).toHaveLength(8);
      expect(site.of("incident.opened")).toMatchObject([{ incident: { kind: "posture", place: "box" } }]);
    }
  });

  it("A-22: on its way down frees nothing by itself; two persons stand the lock-down down", () => {
    const site = box(levels);
    site.order(order("level-1"));
    site.pass(minute);
    expect(site.order(order("normal")).ok).toBe(true);
    site.pass(minute);
    expect(site.durable.posture.level).toBe("normal");
    expect(Object.keys(site.durable.lockDowns).sort()).toEqual(["main-lanes", "other-lanes"]);
    expect(site.durable.barriers).toMatchObject({ main: "closed", side: "closed" });
    const standDown = { kind: "stand-down", group: "other-lanes", barriers: ["side"] } as const;
    expect(site.order(standDown).code).toBe("command.needs-two-persons");
    expect(site.order(standDown, { issuers: ["wang", "li"] }).ok).toBe(true);
  });

  it("A-23: asks in level 3 for the additional guards, and takes the report of them", () => {
    const site = box(levels);
    site.order(order("level-3"));
    expect(outcomes(site)).toEqual({ "third/guards-30": "open" });
    site.order({ kind: "report", step: stepId(site, "guards-30") }, { issuers: ["zhao"] });
    expect(outcomes(site)).toEqual({ "third/guards-30": "met" });
    expect(site.of("operator.reported")).toMatchObject([{ by: "zhao" }]);
  });

  it("A-24: closes the other entrances in level 2, each confirmed by its contact, and leaves the main ones open", () => {
    const site = box(levels);
    site.order(order("level-2"));
    site.pass(10_000);
    expect(site.durable.barriers).toMatchObject({ main: "open", side: "closed" });
    expect(outcomes(site)).toMatchObject({ "second/close-other-lanes": "met", "second/cordon": "open" });
  });

  it("A-24: names each entrance that did not close", () => {
    const site = box(levels);
    site.stuck.add("side");
    site.order(order("level-2"));
    site.pass(minute);
    expect(site.of("step.missed")).toMatchObject([{ target: "side", reason: "jammed" }]);
  });

  it("A-24: tries all that acts when level 2 is reached, and says what is not ready", () => {
    const site = box(levels);
    site.input({ kind: "link", driver: "relays", up: false, reason: "cable" });
    site.set("beam", true, "lost");
    site.order(order("level-3"));
    expect(site.of("selftest.done")).toEqual([]);
    site.order(order("level-1"));
    expect(site.of("selftest.done")).toMatchObject([
      { by: "posture", findings: expect.arrayContaining([{ subject: "relays", why: "driver-lost" }]) },
    ]);
    expect(site.of("selftest.done")[0]?.findings.map(({ subject }) => subject)).not.toContain("beam");
  });

  it("A-25: bars the main entrances in level 1 and records the leader on duty", () => {
    const site = box(levels);
    site.order(order("level-1"));
    site.pass(10_000);
    expect(site.durable.barriers).toMatchObject({ main: "closed", side: "closed" });
    expect(site.durable.posture.leader).toBe("leader Li");
    expect(outcomes(site)).toMatchObject({ "first/guards-100": "open", "first/communication-check": "open" });
  });

  it("A-25: arms every perimeter in level 1, also one that is active, and nothing else", () => {
    const site = box(levels);
    for (const area of ["fence", "buffer"]) site.order({ kind: "disarm", area });
    site.set("beam", true);
    site.pass(minute);
    expect(site.of("zone.breached")).toEqual([]);
    site.order(order("level-1"));
    expect(site.durable.armed).toMatchObject({ fence: true, buffer: false });
    expect(site.of("area.armed")).toMatchObject([{ area: "fence", by: "posture" }]);
    site.pass(100);
    expect(site.of("zone.breached")).toMatchObject([{ zone: "beam" }]);
  });

  it.each(postureLevels.flatMap((from) => postureLevels.map((to) => [from, to] as const)))(
    "is decided for every change, from %s to %s: only up calls responses",
    (level, to) => {
      const ward = wardOf(yard(levels));
      const durable = { ...ward.durable, posture: { ...ward.durable.posture, level } };
      const command = { id: "c", issuers: ["wang"], reason: "", roles: ["supervisor" as const], act: order(to) };
      const verdict = setPosture(order(to), command, { ...ward, durable });
      const steps = postureLevels.indexOf(to) - postureLevels.indexOf(level);
      expect(verdict.ok).toBe(steps !== 0);
      if (verdict.ok) expect(verdict.calls.flatMap(({ responses }) => responses)).toHaveLength(Math.max(0, steps));
    },
  );
});
