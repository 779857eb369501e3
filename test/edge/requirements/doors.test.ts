// Controlled doors, turnstiles and passages, from a contact to the lock, the light and the hub's list.
import { describe, expect, it } from "vitest";
import type { HandFed } from "../../support/hand-fed.js";
import { alarmList, boxOf, hour, hubHasIt, minute, outcomes, second } from "./examples.js";

const sirens = ({ outputs }: HandFed) => outputs["hall-siren"] === true;

/** The access control lets somebody through, who opens the door and leaves it so. */
function letIn(box: HandFed): void {
  box.set("staff-door-granted", true);
  box.set("staff-door-open", true);
  box.pass(second);
  box.set("staff-door-granted", false);
}

describe("a controlled door", () => {
  it("A-19: opened without a grant is forced: the siren, both channels and the hub's list", async () => {
    const box = boxOf("warehouse");
    box.set("staff-door-open", true);
    box.pass(2 * second);
    expect(sirens(box)).toBe(true);
    hubHasIt(box);
    expect(new Set(Object.values(outcomes(box, "intrusion")))).toEqual(new Set(["met"]));
    expect(await alarmList(box)).toEqual(["Staff door: Door forced"]);
  });

  it("A-19: opened with a grant and shut again is nothing", () => {
    const box = boxOf("warehouse");
    letIn(box);
    box.pass(10 * second);
    box.set("staff-door-open", false);
    box.pass(hour);
    expect(box.of("incident.opened")).toEqual([]);
  });

  it("A-19: held open lights the strobe after 30 s, without a siren, and says so at the hub", async () => {
    const box = boxOf("warehouse");
    letIn(box);
    box.pass(28 * second);
    expect(box.of("zone.breached")).toEqual([]);
    box.pass(2 * second);
    expect([box.outputs["hall-strobe"], sirens(box)]).toEqual([true, false]);
    expect(outcomes(box, "door-manners")).toEqual({ "light/strobe-only": "met" });
    expect(await alarmList(box)).toEqual(["Staff door: Door held open"]);
  });

  it("A-23: is held open after 15 s in level 3, and again after 30 s when the level is back to normal", () => {
    const box = boxOf("warehouse");
    const heldOpenMs = () => {
      const from = box.mono;
      letIn(box);
      while (box.of("zone.breached").length === told) box.pass(second);
      box.set("staff-door-open", false);
      told = box.of("zone.breached").length;
      const ms = box.mono - from;
      box.pass(minute);
      return ms;
    };
    let told = 0;
    const decree = { kind: "set-posture", issuer: "city", reference: "1", leader: null } as const;
    box.order({ ...decree, level: "level-3" });
    expect(heldOpenMs()).toBe(15 * second);
    box.order({ ...decree, level: "normal" });
    expect(heldOpenMs()).toBe(30 * second);
  });
});

describe("a turnstile", () => {
  it("A-39: a second passage on one grant is tailgating: the strobe and the hub's list, no siren", async () => {
    const box = boxOf("warehouse");
    const passThrough = () => {
      box.set("turnstile-passed", true);
      box.pass(200);
      box.set("turnstile-passed", false);
      box.pass(second);
    };
    box.set("turnstile-granted", true);
    box.set("turnstile-granted", false);
    passThrough();
    expect(box.of("zone.breached")).toEqual([]);
    passThrough();
    expect([box.outputs["hall-strobe"], sirens(box)]).toEqual([true, false]);
    expect(await alarmList(box)).toEqual(["Staff turnstile: Tailgating"]);
  });
});

describe("the passage between two doors", () => {
  it("A-29: is locked at both ends within 3 s of the intrusion, with nobody upstream, and stays locked over a power cut", async () => {
    const box = boxOf("checkpoint");
    box.set("buffer-blocked", true);
    const intrudedAt = box.mono;
    box.pass(second);
    const locks = Object.values(box.durable.steps).filter(({ step }) => step === "lock");
    expect(locks.map(({ outcome, confirmedAt }) => [outcome, (confirmedAt?.mono ?? 0) - intrudedAt < 3000])).toEqual([
      ["met", true],
      ["met", true],
    ]);
    expect(await alarmList(box)).toEqual(["Beam in the buffer passage: Beam blocked"]);
    box.restart(minute);
    expect(box.outputs).toMatchObject({ "outer-lock": true, "inner-lock": true });
  });

  it("A-29: names at the hub the door that did not lock", async () => {
    const box = boxOf("checkpoint");
    box.stuck.add("inner-door");
    box.set("buffer-blocked", true);
    box.pass(5 * second);
    expect(outcomes(box, "buffer-intrusion")).toMatchObject({ "lock/outer-door": "met", "lock/inner-door": "missed" });
    expect(await alarmList(box)).toContainEqual(expect.stringMatching(/^Inner door: Step missed, /));
    expect(box.outputs["booth-buzzer"]).toBe(true);
  });
});

describe("a gate that asks for two persons", () => {
  it("A-30: opens for two different persons, for one or the same twice it does not", () => {
    const box = boxOf("warehouse");
    box.order({ kind: "lock-down", group: "yard-lanes" });
    box.pass(30 * second);
    const open = { kind: "open", barrier: "yard-gate" } as const;
    box.order(
      { kind: "stand-down", group: "yard-lanes", barriers: ["yard-gate", "staff-wings"] },
      { issuers: ["li", "wang"] },
    );
    box.pass(minute);
    expect(box.durable.barriers["yard-gate"]).toBe("closed");
    for (const issuers of [["li"], ["li", "li"]]) {
      expect(box.order(open, { issuers }).code).toBe("command.needs-two-persons");
      box.pass(minute);
      expect(box.durable.barriers["yard-gate"]).toBe("closed");
    }
    expect(box.order(open, { issuers: ["li", "wang"] }).ok).toBe(true);
    box.pass(minute);
    expect(box.durable.barriers["yard-gate"]).toBe("open");
  });
});
