// A hold-up that nobody on site must notice: a person who acts under duress, and a silent panic device, on a whole box.
import { describe, expect, it } from "vitest";
import { box, close, minute, notify, panic, response, sound } from "../response/yard.js";

const help = response(
  "help",
  [{ cause: "duress" }, { zones: ["panic"] }],
  sound("siren"),
  notify("radio", { withinMs: 5000, fallback: { announce: "buzzer" } }),
  notify("hub"),
);
const fence = response("fence", [{ zones: ["beam"] }], sound("siren"), close("main-lanes"));

const silent = { ...panic, audible: false };

const yardUnderDuress = () => box([help, fence]);

describe("an order under duress", () => {
  it("is obeyed as always, and word goes out without a sound or a light on site", () => {
    const site = yardUnderDuress();
    expect(site.order({ kind: "disarm", area: "fence" }, { duress: true }).ok).toBe(true);
    site.pass(minute);
    expect(site.durable.armed["fence"]).toBe(false);
    expect(site.of("operator.under-duress")).toMatchObject([{ by: "guard", alarm: { priority: 1 } }]);
    expect(site.of("incident.opened")).toMatchObject([{ incident: { kind: "hold-up", exercise: false } }]);
    expect(site.outputs["radio"]).toMatch(/help/);
    expect(site.notified.map(({ channel }) => channel)).toEqual(["hub"]);
    expect(site.of("annunciator.sounded")).toEqual([]);
    expect([site.outputs["siren"], site.outputs["buzzer"]]).toEqual([false, false]);
  });

  it("calls for help although the order itself is refused, and shows no more than the refusal", () => {
    const site = yardUnderDuress();
    const plain = site.order({ kind: "open", barrier: "nowhere" });
    expect(site.order({ kind: "open", barrier: "nowhere" }, { duress: true })).toEqual(plain);
    expect(site.of("operator.under-duress")).toHaveLength(1);
  });

  it("sounds nothing either when a way out fails and a siren is the fallback", () => {
    const site = yardUnderDuress();
    site.deadOutputs.add("radio");
    site.order({ kind: "silence" }, { duress: true });
    site.pass(minute);
    expect(site.of("step.missed").map(({ target }) => target)).toContain("radio");
    expect(site.outputs["buzzer"]).toBe(false);
  });

  it("is real in a drill", () => {
    const site = yardUnderDuress();
    site.order({ kind: "start-drill", drill: "d", zones: ["beam"], forMs: 60 * minute });
    site.order({ kind: "silence" }, { duress: true });
    expect(site.facts.filter(({ type }) => type === "operator.under-duress").map(({ exercise }) => exercise)).toEqual([
      false,
    ]);
  });

  it("silences no siren that sounds for something else, nor keeps the next alarm quiet", () => {
    const site = yardUnderDuress();
    site.order({ kind: "silence" }, { duress: true });
    site.set("beam", true);
    site.pass(1000);
    expect(site.outputs["siren"]).toBe(true);
  });
});

describe("a silent panic device", () => {
  it("A-18: calls by its ways, at any hour, and moves and sounds nothing on site", () => {
    const site = box([help, fence], { zones: [silent] });
    site.order({ kind: "disarm", area: "post" });
    site.set("panic", true);
    site.pass(minute);
    expect(site.of("zone.breached")).toMatchObject([{ kind: "hold-up", cause: "panic-pressed", sounds: false }]);
    expect(site.outputs["radio"]).toMatch(/help/);
    expect(site.of("annunciator.sounded")).toEqual([]);
    expect(site.of("lockdown.started")).toEqual([]);
  });

  it("keeps no area from being armed, for the list of what does would show it on site", () => {
    const site = box([help, fence], { zones: [silent] });
    site.order({ kind: "disarm", area: "post" });
    site.set("panic", true);
    site.pass(minute);
    expect(site.order({ kind: "arm", area: "post" })).toMatchObject({ ok: true });
  });
});
