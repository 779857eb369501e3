// Outputs that several want or that nobody wants, on small boxes fed by hand.
import { describe, expect, it } from "vitest";
import { HandFed } from "../../support/hand-fed.js";
import { box, close, hold, minute, notify, outcomes, response, sound, yard } from "../response/yard.js";

describe("two incidents that want one siren", () => {
  const silenced = () => {
    const site = box(
      [response("a", [{ zones: ["beam"] }], sound("buzzer")), response("b", [{ zones: ["motion"] }], sound("buzzer"))],
      { annunciators: yard([]).annunciators.map((each) => ({ ...each, resoundMs: minute })) },
    );
    for (const zone of ["beam", "motion"]) {
      site.set(zone, true);
      site.pass(500);
      site.set(zone, false);
    }
    site.pass(500);
    site.order({ kind: "silence" });
    expect(site.outputs["buzzer"]).toBe(false);
    return site;
  };

  it.each(["acknowledge", "reset"] as const)(
    "hear it again for the one that nobody has seen to, whatever became of the other: %s",
    (kind) => {
      const site = silenced();
      const [first = "", second = ""] = Object.keys(site.durable.incidents);
      expect(site.order({ kind, incident: first }).ok).toBe(true);
      site.pass(minute + 500);
      expect(site.outputs["buzzer"]).toBe(true);
      expect(site.durable.annunciators["buzzer"]?.incident).toBe(second);
    },
  );

  it("hear it no more when both were seen to", () => {
    const site = silenced();
    for (const incident of Object.keys(site.durable.incidents)) site.order({ kind: "acknowledge", incident });
    site.pass(3 * minute);
    expect(site.outputs["buzzer"]).toBe(false);
  });
});

describe("an output that is on when the box comes back", () => {
  const responses = [
    response("held", [{ command: "lock-down" }], close("main-lanes")),
    response("called", [{ zones: ["panic"] }], hold("reserve-power"), notify("dialler")),
  ];
  const site = () => box(responses, { barriers: yard([]).barriers.map((each) => ({ ...each, warnMs: 3000 })) });

  it("is unexplained when nothing on record wants it: a held output or a dialler too", () => {
    const idle = site();
    for (const point of ["reserve-power", "dialler", "main-close"]) idle.set(point, true);
    idle.restart(1000);
    expect(idle.of("incident.unexplained").map(({ subject }) => subject)).toEqual([
      "main-close",
      "dialler",
      "reserve-power",
    ]);
  });

  it("is explained by the incident that called, also after its pulse", () => {
    const called = site();
    called.set("panic", true);
    called.pass(1000);
    for (const point of ["reserve-power", "dialler"]) called.set(point, true);
    called.restart(20_000);
    expect(called.of("incident.unexplained")).toEqual([]);
  });

  it("is explained by the lock-down in whose run the box went off", () => {
    const running = site();
    running.stuck.add("main");
    running.order({ kind: "lock-down", group: "main-lanes" });
    running.pass(4000);
    expect(running.outputs["main-close"]).toBe(true);
    running.set("main-close", true);
    running.restart(1000);
    expect(running.of("incident.unexplained")).toEqual([]);
  });
});

describe("an output that a new configuration uses no more", () => {
  it.each([
    ["a siren that sounds", "siren", "annunciators", "siren"],
    ["the relay of a gate that runs", "side-close", "barriers", "side"],
  ] as const)("is switched off: %s", (_, point, part, id) => {
    const responses = [response("held", [{ command: "lock-down" }], sound("siren"), close("other-lanes"))];
    const site = box(responses);
    site.stuck.add("side");
    site.order({ kind: "lock-down", group: "other-lanes" });
    site.pass(500);
    expect(site.outputs[point]).toBe(true);
    const left = site.config[part].filter((each) => each.id !== id);
    site.input({ kind: "config", config: { ...site.config, responses: [], [part]: left } });
    site.pass(500);
    expect(site.outputs[point]).toBe(false);
  });
});

describe("a barrier that is closed already", () => {
  it("A-33: is told to close once all the same, so that its drive refuses a card from then on", () => {
    const site = yard([response("held", [{ command: "lock-down" }], close("main-lanes"))]);
    const drive = { kind: "demand", point: "main-word", close: "close", open: "open", stop: "stop" } as const;
    const barriers = site.barriers.map((each) => (each.id === "main" ? { ...each, drive } : each));
    const words = [{ id: "main-word", direction: "out" as const, line: "word" }];
    const drivers = [...site.drivers, { id: "plc", kind: "gpio" as const, chip: "w", points: words }];
    const held = new HandFed({ ...site, barriers, drivers }, { "main-open": false, "main-closed": true });
    held.set("main-closed", true);
    expect(held.outputs["main-word"]).toBeUndefined();
    held.order({ kind: "lock-down", group: "main-lanes" });
    expect(held.outputs["main-word"]).toBe("close");
    expect(held.of("step.commanded")).toHaveLength(1);
    held.pass(minute);
    expect(outcomes(held)).toEqual({ "held/close-main-lanes": "met" });
  });
});

describe("a barrier that is between its ends when the box comes up", () => {
  const between = { "main-open": false, "main-closed": false };

  it("is an incident when nothing on record explains it", () => {
    const site = new HandFed(yard([]), between);
    expect(site.of("incident.unexplained")).toMatchObject([
      { subject: "main", seen: "between", alarm: { priority: 2 } },
    ]);
  });

  it("is none when it was on its way, or is held closed", () => {
    const site = box([response("held", [{ command: "lock-down" }], close("main-lanes"))]);
    site.stuck.add("main");
    site.order({ kind: "lock-down", group: "main-lanes" });
    site.set("main-open", false);
    site.restart(1000);
    expect(site.of("incident.unexplained")).toEqual([]);
  });
});
