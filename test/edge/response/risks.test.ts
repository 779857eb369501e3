// Risk colours of norm 002 and the clocks of an emergency: lock-down, word to the outside, muster, control, progress.
import { describe, expect, it } from "vitest";
import type { HandFed } from "../../support/hand-fed.js";
import {
  box,
  close,
  hold,
  hour,
  minute,
  motion,
  notify,
  outcomes,
  panic,
  report,
  response,
  sound,
  stepId,
} from "./yard.js";

const risk = (site: HandFed, colour: "none" | "yellow" | "orange" | "red", part: { issuer?: string } = {}) =>
  site.order({ kind: "declare-risk", colour, issuer: "command centre", reference: "R-1", ...part });
const reported = (site: HandFed, step: string) => site.order({ kind: "report", step: stepId(site, step) });

/** What norm 002 asks of red and orange, as a site configures it. */
const colours = [
  response(
    "red",
    [{ risk: "red" }],
    close("all-lanes"),
    sound("evacuation"),
    notify("hub"),
    notify("dialler"),
    report("muster", 10 * minute),
    report("deployed", 15 * minute),
    report("under-control", 30 * minute),
    report("progress", hour, { everyMs: hour }),
  ),
  response(
    "orange",
    [{ risk: "orange" }],
    close("other-lanes"),
    notify("radio"),
    report("muster", 15 * minute),
    report("situation", 30 * minute, { everyMs: 30 * minute }),
  ),
];

describe("a risk colour", () => {
  it("A-41: is refused without an issuer, and when it holds already", () => {
    const site = box(colours);
    expect(risk(site, "red", { issuer: "" }).code).toBe("command.not-possible");
    expect(risk(site, "none").code).toBe("command.not-possible");
    expect(site.of("risk.declared")).toEqual([]);
  });

  it("A-41: red locks down, has people evacuated, tells the police link, and runs the clocks of 15 and 30 minutes", () => {
    const site = box(colours);
    expect(risk(site, "red").ok).toBe(true);
    site.pass(10_000);
    expect(site.durable.risk).toMatchObject({ colour: "red", issuer: "command centre", by: "guard" });
    expect(site.durable.barriers).toMatchObject({ main: "closed", side: "closed" });
    expect(site.outputs["evacuation"]).toBe(true);
    expect(site.notified).toMatchObject([{ channel: "hub", step: stepId(site, "notify-hub") }]);
    reported(site, "muster");
    site.pass(14 * minute);
    reported(site, "deployed");
    site.pass(17 * minute);
    expect(site.of("step.missed").map(({ step }) => step.split("/")[2])).toEqual(["notify-hub", "under-control"]);
    expect(outcomes(site)).toMatchObject({ "red/muster": "met", "red/deployed": "met", "red/under-control": "missed" });
  });

  it("A-41: going back to none calls nothing and frees nothing", () => {
    const site = box(colours);
    risk(site, "red");
    site.pass(minute);
    const decided = site.of("step.decided").length;
    expect(risk(site, "none").ok).toBe(true);
    site.pass(minute);
    expect(site.of("step.decided")).toHaveLength(decided);
    expect(site.durable.lockDowns["all-lanes"]?.barriers).toEqual(["main", "side"]);
  });

  it("A-42: orange closes what it names, uses the reserve channel and asks for the situation every 30 minutes", () => {
    const site = box(colours);
    risk(site, "orange");
    site.pass(10_000);
    expect(site.durable.barriers).toMatchObject({ main: "open", side: "closed" });
    expect(outcomes(site)).toMatchObject({ "orange/notify-radio": "met", "orange/situation": "open" });
    site.pass(20 * minute);
    const reportedAt = site.mono;
    reported(site, "situation");
    site.pass(31 * minute);
    expect(site.of("step.missed").map(({ step, deadlineAt }) => [step.split("/")[2], deadlineAt.mono])).toContainEqual([
      "situation",
      reportedAt + 30 * minute,
    ]);
  });

  it("A-22: and a posture go their own ways: neither sets the other, nor opens the other's incident", () => {
    const site = box([...colours, response("third", [{ posture: "level-3" }], report("guards", minute))]);
    risk(site, "orange");
    expect(site.durable.posture.level).toBe("normal");
    site.order({ kind: "set-posture", level: "level-3", issuer: "i", reference: "r", leader: null });
    expect(Object.values(site.durable.incidents).map(({ kind }) => kind)).toEqual(["risk", "posture"]);
  });
});

describe("the clocks of an emergency", () => {
  it("A-47: word within 1 minute, deployed within 3, dealt with within 5, each stamped or missed", () => {
    const site = box([
      response(
        "panic",
        [{ zones: ["panic"] }],
        notify("dialler"),
        report("deployed", 3 * minute),
        report("dealt", 5 * minute),
      ),
    ]);
    site.set("panic", true);
    site.pass(2 * minute);
    expect(outcomes(site)).toMatchObject({ "panic/notify-dialler": "met" });
    reported(site, "deployed");
    site.pass(4 * minute);
    expect(outcomes(site)).toMatchObject({ "panic/deployed": "met", "panic/dealt": "missed" });
  });

  it.each([
    ["red", 10 * minute],
    ["orange", 15 * minute],
  ] as const)("A-50: muster under %s is due within %i ms and acknowledged by a person", (colour, withinMs) => {
    const site = box(colours);
    const declaredAt = site.mono;
    risk(site, colour);
    const step = Object.values(site.durable.steps).find((known) => known.step === "muster");
    expect(step?.deadlineAt.mono).toBe(declaredAt + withinMs);
    site.pass(withinMs - 1000);
    expect(reported(site, "muster").ok).toBe(true);
    expect(outcomes(site)).toMatchObject({ [`${colour}/muster`]: "met" });
    expect(reported(site, "muster").code).toBe("command.not-possible");
  });

  it("A-50: is refused for a step that asks nobody, and for one that nobody knows", () => {
    const site = box(colours);
    risk(site, "red");
    expect(site.order({ kind: "report", step: stepId(site, "notify-hub") }).code).toBe("command.unknown-target");
    expect(site.order({ kind: "report", step: "nowhere" }).code).toBe("command.unknown-target");
  });

  it("A-51: two channels are told at once, each with its own delivery", () => {
    const site = box(colours);
    site.deadOutputs.add("dialler");
    risk(site, "red");
    site.pass(1000);
    site.input({ kind: "notified", step: stepId(site, "notify-hub"), ok: true, detail: "", at: site.mono });
    site.pass(2 * minute);
    expect(outcomes(site)).toMatchObject({ "red/notify-hub": "met", "red/notify-dialler": "missed" });
  });

  it("A-51: a channel that refuses is replaced at once by the next", () => {
    const site = box([
      response("word", [{ zones: ["panic"] }], notify("hub", { fallback: { step: "notify-radio" } }), notify("radio")),
    ]);
    site.set("panic", true);
    site.pass(1000);
    expect(outcomes(site)).toEqual({ "word/notify-hub": "open" });
    site.input({ kind: "notified", step: stepId(site, "notify-hub"), ok: false, detail: "full", at: site.mono });
    site.pass(1000);
    expect(outcomes(site)).toEqual({ "word/notify-hub": "missed", "word/notify-radio": "met" });
    expect(site.of("step.fallback-taken")).toMatchObject([{ announce: "notify-radio" }]);
  });

  it("A-52: progress is asked for every hour while the incident is open", () => {
    const site = box(colours);
    risk(site, "red");
    for (let count = 0; count < 3; count += 1) {
      site.pass(50 * minute);
      expect(reported(site, "progress").ok).toBe(true);
    }
    expect(site.of("step.missed").filter(({ step }) => step.includes("progress"))).toEqual([]);
    site.pass(hour + minute);
    expect(site.of("step.missed").filter(({ step }) => step.includes("progress"))).toHaveLength(1);
  });

  it("A-56: who arrives late is recorded with the minutes, after the miss was told", () => {
    const site = box(colours);
    risk(site, "red");
    site.pass(17 * minute);
    expect(site.of("step.missed")).toContainEqual(
      expect.objectContaining({ target: "person", reason: "not-reported" }),
    );
    reported(site, "deployed");
    expect(site.of("step.completed")).toMatchObject([{ latenessMs: 2 * minute }]);
  });

  it("A-49: activation at once closes what is not needed and switches the reserve supply on", () => {
    const site = box([response("activate", [{ command: "lock-down" }], close("other-lanes"), hold("reserve-power"))]);
    const orderedAt = site.mono;
    site.order({ kind: "lock-down", group: "other-lanes" });
    expect(site.outputs).toMatchObject({ "side-close": true, "reserve-power": true });
    expect(site.mono).toBe(orderedAt);
    site.pass(10_000);
    expect(outcomes(site)).toEqual({ "activate/close-other-lanes": "met", "activate/switch-reserve-power": "met" });
  });

  it("A-18: panic alone moves nothing unless it is configured to", () => {
    const site = box([
      response("panic", [{ zones: [panic.id] }], sound("siren")),
      response("lock", [{ command: "lock-down" }], close("all-lanes")),
    ]);
    site.set("panic", true);
    site.pass(minute);
    expect(site.outputs).toMatchObject({ siren: true, "main-close": false, "side-close": false });
    expect(site.durable.lockDowns).toEqual({});
  });

  it("A-29: an intrusion in the buffer locks both channel doors", () => {
    const site = box([response("buffer", [{ area: motion.area }], close("channel"), sound("siren"))], {});
    site.set("motion", true);
    site.pass(5000);
    expect(site.outputs).toMatchObject({ "door-1-lock": true, "door-2-lock": true });
    expect(site.durable.barriers).toMatchObject({ "door-1": "closed", "door-2": "closed" });
  });

  it("A-32: fire frees the doors that an intrusion has locked, and has the evacuation announced", () => {
    const fireResponse = response("fire", [{ zones: ["fire"] }], sound("siren"), sound("evacuation"), {
      id: "free",
      kind: "release",
      group: "channel",
      withinMs: 10_000,
    });
    const site = box([response("buffer", [{ area: "buffer" }], close("channel")), fireResponse]);
    site.set("motion", true);
    site.pass(5000);
    site.set("fire", true);
    site.pass(5000);
    expect(site.outputs).toMatchObject({ "door-1-lock": false, "door-2-lock": false, evacuation: true });
    site.set("motion", false);
    site.set("motion", true);
    site.pass(5000);
    expect(site.outputs).toMatchObject({ "door-1-lock": false, "door-2-lock": false });
  });
});
