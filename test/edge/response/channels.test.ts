// Word by wired channels: a pulse for a dialler, one text after the other for a radio, and outputs that are held for an incident.
import { describe, expect, it } from "vitest";
import { hubNotifications, notifyOutputs, pulseMs, switchOutputs } from "../../../edge/response/channels.js";
import { box, hold, minute, notify, outcomes, response, sound, stepId } from "./yard.js";

const fence = { area: "fence" } as const;

describe("a dialler", () => {
  it("A-51: is triggered until it has confirmed and a pulse more, and its step is met by the confirmation", () => {
    const site = box([response("word", [fence], notify("dialler"))]);
    expect(site.outputs["dialler"]).toBe(false);
    site.set("beam", true);
    site.pass(100);
    expect(site.outputs["dialler"]).toBe(true);
    expect(outcomes(site)).toEqual({ "word/notify-dialler": "met" });
    expect(site.of("step.commanded")).toHaveLength(1);
    site.pass(pulseMs);
    expect(site.outputs["dialler"]).toBe(false);
  });

  it("is triggered anew for the next word, after a rest", () => {
    const site = box([
      response("first", [fence], notify("dialler")),
      response("second", [{ area: "buffer" }], notify("dialler")),
    ]);
    site.set("beam", true);
    site.pass(1000);
    site.set("motion", true);
    site.pass(500);
    expect(outcomes(site)).toEqual({ "first/notify-dialler": "met", "second/notify-dialler": "open" });
    site.pass(pulseMs);
    expect(site.outputs["dialler"]).toBe(false);
    site.pass(pulseMs);
    expect(site.outputs["dialler"]).toBe(true);
    expect(outcomes(site)).toEqual({ "first/notify-dialler": "met", "second/notify-dialler": "met" });
  });

  it("that never confirms is a missed step, and goes on being triggered", () => {
    const site = box([response("word", [fence], notify("dialler", { fallback: { announce: "buzzer" } }))]);
    site.deadOutputs.add("dialler");
    site.set("beam", true);
    site.pass(minute + 100);
    expect(site.of("step.missed")).toMatchObject([{ target: "dialler", reason: "not-delivered" }]);
    expect(site.outputs["buzzer"]).toBe(true);
    expect(site.outputs["dialler"]).toBe(true);
  });
});

describe("a channel that takes texts", () => {
  it("A-51: is given one message after the other, in both languages, each with the id of its own step", () => {
    const site = box([response("first", [fence], notify("radio")), response("second", [fence], notify("radio"))]);
    site.deadOutputs.add("radio");
    site.set("beam", true);
    site.pass(100);
    expect(site.outputs["radio"]).toMatch(/^名：名 · name: name · .*\/first\/notify-radio\/radio$/);
    site.deadOutputs.delete("radio");
    site.pass(10_000);
    expect(outcomes(site)).toEqual({ "first/notify-radio": "met", "second/notify-radio": "met" });
    expect(site.outputs["radio"]).toMatch(/\/second\/notify-radio\/radio$/);
  });

  it("A-14: says in its words that it is an exercise", () => {
    const site = box([response("word", [fence], notify("radio"))]);
    site.order({ kind: "start-drill", drill: "d1", zones: ["beam"], forMs: minute });
    site.set("beam", true);
    site.pass(100);
    expect(site.outputs["radio"]).toMatch(/^演练 EXERCISE · /);
  });
});

describe("word by the hub", () => {
  it("waits to be sent until it is delivered, also when its deadline has passed", () => {
    const site = box([response("word", [fence], notify("hub"))]);
    const waiting = () => hubNotifications(site.config, site.durable).map(({ id }) => id);
    expect(waiting()).toEqual([]);
    site.set("beam", true);
    site.pass(minute + 100);
    const step = stepId(site, "notify-hub");
    expect(outcomes(site)).toEqual({ "word/notify-hub": "missed" });
    expect(waiting()).toEqual([step]);
    site.input({ kind: "notified", step, ok: true, detail: "", at: site.mono });
    expect(waiting()).toEqual([]);
    expect(site.of("step.completed")).toHaveLength(1);
  });
});

describe("an output that is held", () => {
  it("A-49: is on from the incident to its reset, and met when it is confirmed", () => {
    const site = box([response("reserve", [fence], hold("reserve-power"), sound("siren"))]);
    expect(switchOutputs(site.config, site.durable)).toEqual({ "reserve-power": false });
    site.set("beam", true);
    site.pass(100);
    expect(site.outputs["reserve-power"]).toBe(true);
    expect(outcomes(site)).toMatchObject({ "reserve/switch-reserve-power": "met" });
    site.set("beam", false);
    site.pass(minute);
    expect(site.outputs["reserve-power"]).toBe(true);
    const [incident] = Object.keys(site.durable.incidents);
    expect(site.order({ kind: "reset", incident: incident ?? "" }).ok).toBe(true);
    site.pass(100);
    expect(site.outputs["reserve-power"]).toBe(false);
  });

  it("is not wanted by what only notifies", () => {
    const site = box([response("word", [fence], notify("dialler"))]);
    expect(switchOutputs(site.config, site.durable)).toEqual({});
    expect(notifyOutputs(site.config, site.durable, site.now())).toEqual({ dialler: false });
  });
});
