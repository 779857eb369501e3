// Word to the outside, persons' stamps and risk colours on the example sites: each clock met, missed or late, and told at the hub.
import { describe, expect, it } from "vitest";
import type { RiskColour } from "../../../edge/model/plan.js";
import type { HandFed } from "../../support/hand-fed.js";
import { alarmList, boxOf, hour, hubHasIt, hubOf, minute, outcomes, second, stamp } from "./examples.js";

const declare = (box: HandFed, colour: RiskColour) =>
  box.order({ kind: "declare-risk", colour, issuer: "市反恐办", reference: "R-3" }, { issuers: ["wang"] });

const panic = () => {
  const box = boxOf("school");
  box.set("gate-post-button", true);
  return box;
};

describe("the first minutes of an alarm", () => {
  it("A-47: word goes out within 1 minute by itself; who deploys in 3 and 5 minutes is stamped, or named as missing", async () => {
    const box = panic();
    box.pass(10 * second);
    hubHasIt(box);
    box.pass(40 * second);
    expect(outcomes(box, "lock-down")).toMatchObject({ "hub/district-hub": "met", "dial/dialler-110": "met" });
    expect(stamp(box, "muster-1", "li")).toBe(true);
    box.pass(2 * minute);
    expect(stamp(box, "muster-3", "zhao")).toBe(true);
    box.pass(3 * minute);
    expect(outcomes(box, "lock-down")).toMatchObject({
      "muster-1/person": "met",
      "muster-3/person": "met",
      "muster-5/person": "missed",
    });
    expect(await alarmList(box)).toContainEqual("All in place: Step missed, Not reported");
  });

  it("A-51: two ways are told in the same moment, each with its own delivery at the hub", async () => {
    const box = panic();
    box.pass(second);
    const ways = async () => {
      const [incident] = (await hubOf(box)).projections.incidents();
      const notified = (incident?.steps ?? []).filter(({ action }) => action.kind === "notify");
      return Object.fromEntries(
        notified.map(({ action, outcome }) => [action.kind === "notify" && action.channel, outcome]),
      );
    };
    expect(box.notified.map(({ channel }) => channel)).toEqual(["district-hub"]);
    expect(box.outputs["dialler"]).toBe(true);
    expect(await ways()).toEqual({ "district-hub": "open", "dialler-110": "met" });
    hubHasIt(box);
    expect(await ways()).toEqual({ "district-hub": "met", "dialler-110": "met" });
  });

  it("A-51: a way that fails is named, and the other is tried again in its place", async () => {
    const box = panic();
    box.pass(21 * second);
    expect(outcomes(box, "lock-down")).toMatchObject({
      "hub/district-hub": "missed",
      "dial/dialler-110": "met",
      "dial-again/dialler-110": "met",
    });
    expect(await alarmList(box)).toContainEqual("District hub: Step missed, Not delivered");
  });
});

describe("red", () => {
  it("A-41: locks the lanes, has the people leave, tells the police by two ways, and shows its issuer at the hub", async () => {
    const box = boxOf("checkpoint");
    expect(declare(box, "red").ok).toBe(true);
    box.pass(second);
    expect(box.outputs).toMatchObject({ broadcast: true, dialler: true });
    hubHasIt(box);
    box.pass(30 * second);
    expect(outcomes(box, "risk-red")).toMatchObject({
      "close/blocker-1": "met",
      "close/blocker-2": "met",
      "speak/evacuation": "met",
      "hub/port-hub": "met",
      "dial/dialler-110": "met",
    });
    const [edge] = (await hubOf(box)).projections.edges();
    expect(edge?.risk).toMatchObject({ colour: "red", issuer: "市反恐办", reference: "R-3", by: "wang" });
  });

  it("A-41, A-50: musters within 10 minutes, deploys within 15 and controls within 30, each stamped or named", async () => {
    const box = boxOf("checkpoint");
    declare(box, "red");
    hubHasIt(box);
    box.pass(9 * minute);
    expect(stamp(box, "muster")).toBe(true);
    box.pass(5 * minute);
    expect(stamp(box, "deployed")).toBe(true);
    box.pass(15 * minute);
    expect(await alarmList(box)).toEqual([]);
    box.pass(2 * minute);
    expect(outcomes(box, "risk-red")).toMatchObject({
      "muster/person": "met",
      "deployed/person": "met",
      "control/person": "missed",
    });
    expect(await alarmList(box)).toEqual(["Scene under control: Step missed, Not reported"]);
  });

  it("A-56: who deploys after 17 minutes has missed, and his 2 minutes are recorded, at the hub too", async () => {
    const box = boxOf("checkpoint");
    declare(box, "red");
    hubHasIt(box);
    const declaredAt = box.mono;
    stamp(box, "muster");
    box.pass(15 * minute + second);
    expect(box.of("step.missed")).toMatchObject([{ target: "person", reason: "not-reported" }]);
    box.pass(17 * minute - (box.mono - declaredAt));
    stamp(box, "deployed");
    expect(box.of("step.completed")).toMatchObject([{ latenessMs: 2 * minute }]);
    const steps = (await hubOf(box)).projections.incidents()[0]?.steps ?? [];
    expect(steps.find(({ id }) => id.includes("/deployed"))).toMatchObject({
      outcome: "missed",
      latenessMs: 2 * minute,
    });
  });

  it("A-52: has progress reported every hour as long as it lasts", async () => {
    const box = boxOf("checkpoint");
    declare(box, "red");
    hubHasIt(box);
    for (const step of ["muster", "deployed", "control"]) stamp(box, step);
    for (const _hour of [1, 2, 3]) {
      box.pass(59 * minute);
      expect(stamp(box, "progress")).toBe(true);
    }
    expect(await alarmList(box)).toEqual([]);
    box.pass(hour + second);
    expect(await alarmList(box)).toEqual(["Report on progress: Step missed, Not reported"]);
  });
});

describe("orange", () => {
  it("A-42: leaves one lane, has every vehicle checked, and uses the reserve way beside the hub", () => {
    const box = boxOf("checkpoint");
    declare(box, "orange");
    box.pass(30 * second);
    expect(box.durable.barriers).toMatchObject({ "blocker-1": "open", "blocker-2": "closed" });
    // The hub is gone: the reserve alone carries the word.
    expect(outcomes(box, "risk-orange")).toMatchObject({
      "close/blocker-2": "met",
      "check/person": "open",
      "hub/port-hub": "open",
      "dial/dialler-110": "met",
    });
  });

  it("A-42, A-50: mans the key posts within 15 minutes and updates the situation every 30", async () => {
    const box = boxOf("checkpoint");
    declare(box, "orange");
    hubHasIt(box);
    stamp(box, "check");
    box.pass(15 * minute + second);
    expect(await alarmList(box)).toEqual(["Key posts manned: Step missed, Not reported"]);
    box.pass(13 * minute);
    expect(stamp(box, "situation")).toBe(true);
    box.pass(29 * minute);
    expect(await alarmList(box)).toHaveLength(1);
    box.pass(2 * minute);
    expect(await alarmList(box)).toContainEqual("Situation: Step missed, Not reported");
  });
});
