// The abnormal posture of norm 003 on the example sites: from a decree to closed entrances, checklists and the hub's page.
import { describe, expect, it } from "vitest";
import type { PostureLevel } from "../../../edge/model/plan.js";
import type { HandFed } from "../../support/hand-fed.js";
import { alarmList, boxOf, hour, hubHasIt, hubOf, minute, outcomes, second, stamp } from "./examples.js";

const raise = (box: HandFed, level: PostureLevel, leader: string | null = null, by = "wang") =>
  box.order({ kind: "set-posture", level, issuer: "市反恐办", reference: "2026-17", leader }, { issuers: [by] });

describe("a posture", () => {
  it("A-22: comes with issuer, reference and operator, survives a power cut, and shows at the hub", async () => {
    const box = boxOf("school");
    for (const part of [{ issuer: "" }, { reference: " " }])
      expect(
        box.order({
          kind: "set-posture",
          level: "level-3",
          issuer: "市反恐办",
          reference: "2026-17",
          leader: null,
          ...part,
        }).ok,
      ).toBe(false);
    const since = box.wall;
    expect(raise(box, "level-3").ok).toBe(true);
    box.restart(hour);
    expect(box.durable.posture).toMatchObject({ level: "level-3", by: "wang" });
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.posture).toEqual({
      level: "level-3",
      issuer: "市反恐办",
      reference: "2026-17",
      by: "wang",
      leader: null,
      since: new Date(since).toISOString(),
    });
  });

  it("A-22: adds up: level 1 at once asks for all that levels 3 and 2 ask for", () => {
    const box = boxOf("school");
    raise(box, "level-1", "chen");
    expect(Object.keys(outcomes(box, "posture-3"))).toContain("patrols/person");
    expect(Object.keys(outcomes(box, "posture-2"))).toContain("cordon/person");
    expect(Object.keys(outcomes(box, "posture-1"))).toContain("contact/person");
  });
});

describe("level 3", () => {
  it("A-23: has the additional guards checked off by a person, and says at the hub that they did not come", async () => {
    const box = boxOf("school");
    raise(box, "level-3");
    hubHasIt(box);
    box.pass(30 * minute);
    expect(stamp(box, "patrols")).toBe(true);
    expect(outcomes(box, "posture-3")).toEqual({
      "guards/person": "open",
      "patrols/person": "met",
      "hub/district-hub": "met",
      "dial/dialler-110": "met",
    });
    box.pass(31 * minute);
    expect(outcomes(box, "posture-3")).toMatchObject({ "guards/person": "missed", "patrols/person": "met" });
    expect(await alarmList(box)).toEqual(["30 % more guards: Step missed, Not reported"]);
  });

  it("A-23: has the gate patrolled twice as often", async () => {
    const missedAfter = (level: PostureLevel) => {
      const box = boxOf("school");
      if (level !== "normal") raise(box, level);
      const from = box.mono;
      while (box.of("duty.missed").every(({ duty }) => duty !== "gate-patrol")) box.pass(minute);
      return Math.round((box.mono - from) / minute);
    };
    expect(missedAfter("level-3")).toBe(2 * 60 + 30);
    // The box had been watched for two minutes before.
    expect(missedAfter("normal")).toBe(4 * 60 + 30 - 2);
  });
});

describe("level 2", () => {
  it("A-24: closes the other entrance and leaves the main one open", () => {
    const box = boxOf("office");
    raise(box, "level-2");
    box.pass(30 * second);
    expect(box.durable.barriers).toMatchObject({ "bollard-1": "open", "bollard-2": "open", "bollard-3": "closed" });
    expect(outcomes(box, "posture-2")).toEqual({
      "close/bollard-3": "met",
      "cordon/person": "open",
      "posts/person": "open",
    });
  });

  it("A-24: level 2 closes the other entrances, and names the one that did not close", async () => {
    const box = boxOf("office");
    box.stuck.add("bollard-3");
    raise(box, "level-2");
    box.pass(31 * second);
    expect(outcomes(box, "posture-2")["close/bollard-3"]).toBe("missed");
    expect(await alarmList(box)).toContainEqual(expect.stringMatching(/^Bollard 3 \(service\): Step missed, Jammed$/));
    expect(box.outputs["gatehouse-buzzer"]).toBe(true);
  });

  it("A-24: tries what acts when it stands by, and the hub shows what is not ready", async () => {
    const box = boxOf("office");
    box.set("b1-fault", true);
    box.pass(second);
    raise(box, "level-2");
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.selfTest).toMatchObject({ by: "posture", findings: [{ subject: "bollard-1", why: "drive-fault" }] });
  });
});

describe("level 1", () => {
  it("A-25: bars the main entrance within 30 s and records the leader on duty, without whom it is refused", async () => {
    const box = boxOf("school");
    expect(raise(box, "level-1").ok).toBe(false);
    expect(raise(box, "level-1", "chen").ok).toBe(true);
    box.pass(30 * second);
    expect(box.durable.barriers).toEqual({ "boom-gate": "closed", bollard: "closed" });
    expect(outcomes(box, "posture-1")).toMatchObject({ "close/boom-gate": "met", "close/bollard": "met" });
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.posture.leader).toBe("chen");
  });

  it("A-25: arms the perimeter that somebody had disarmed, and has nothing of it isolated", () => {
    const box = boxOf("school");
    box.order({ kind: "disarm", area: "fence" });
    box.order({ kind: "isolate", zone: "fence-north", forMs: null });
    raise(box, "level-1", "chen");
    expect(box.durable.armed["fence"]).toBe(true);
    expect(box.durable.out).toEqual({});
    expect(box.order({ kind: "isolate", zone: "fence-north", forMs: hour }).code).toBe("command.not-allowed");
    expect(box.order({ kind: "inhibit", zone: "fence-north" }).code).toBe("command.not-allowed");
    box.set("north-blocked", true);
    box.pass(second);
    expect(box.outputs["siren"]).toBe(true);
  });

  it("A-25: opens a door for two persons only", () => {
    const box = boxOf("checkpoint");
    const open = { kind: "open", barrier: "outer-door" } as const;
    expect(box.order(open).ok).toBe(true);
    raise(box, "level-1", "chen");
    expect(box.order(open).code).toBe("command.needs-two-persons");
    expect(box.order(open, { issuers: ["li", "wang"] }).ok).toBe(true);
  });

  it("A-25: has cordon, double post, guards and leader checked off, and asks for the communication check every 4 hours", () => {
    const box = boxOf("school");
    raise(box, "level-1", "chen");
    for (const step of ["cordon", "posts", "leader", "contact"]) expect([step, stamp(box, step)]).toEqual([step, true]);
    expect(outcomes(box, "posture-2")).toMatchObject({ "cordon/person": "met", "posts/person": "met" });
    expect(outcomes(box, "posture-1")).toMatchObject({ "leader/person": "met" });
    box.pass(4 * hour - minute);
    const missed = () => box.of("step.missed").filter(({ step }) => step.includes("/contact/"));
    expect(missed()).toEqual([]);
    box.pass(2 * minute);
    expect(missed()).toHaveLength(1);
  });
});
