// Orders and judgement in a whole box: the production controller, fed by hand.
import { describe, expect, it } from "vitest";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { HandFed } from "../../support/hand-fed.js";
import { area, config, zone } from "../incident/stage.js";

const name = { zh: "名", en: "name" };
const hourMs = 3_600_000;
const two = { issuers: ["wang", "li"] };

/** Two beams on the fence that sound the siren, a door and a window of the office, a panic button. */
function site(part: Partial<EdgeConfig> = {}): EdgeConfig {
  const zones = [
    zone("east"),
    zone("west"),
    zone("door", { kind: "door-contact", area: "office", entryRoute: true }),
    zone("window", { kind: "door-contact", area: "office" }),
    zone("panic", { kind: "panic-button", area: "office", audible: true }),
  ];
  const sound = (id: string, annunciator: string) => ({ id, kind: "announce", annunciator, withinMs: 5_000 }) as const;
  const inputs = zones.map(({ id }) => ({ id, direction: "in" as const, line: 0 }));
  const outputs = [{ id: "k1", direction: "out" as const, line: 0 }];
  return config({
    areas: [area("fence"), area("office", { kind: "office", entryMs: 30_000, exitMs: 20_000 })],
    zones,
    drivers: [{ id: "io", kind: "gpio", chip: "c", points: [...inputs, ...outputs] }],
    annunciators: [{ id: "siren", name, kind: "siren-strobe", points: ["k1"], soundMsMax: 180_000 }],
    responses: [
      { id: "fence", name, on: [{ zones: ["east"] }], steps: [sound("sound", "siren")] },
      { id: "office", name, on: [{ area: "office" }], steps: [sound("sound", "siren")] },
    ],
    ...part,
  });
}
const sounds = (box: HandFed) => box.outputs["k1"] === true;
const pulse = (box: HandFed, point: string) => {
  box.set(point, true);
  box.pass(500);
  box.set(point, false);
  box.pass(500);
};

describe("orders in a whole box", () => {
  it("A-01: cannot arm because a window is open, says which, and arms when it is closed", () => {
    const box = new HandFed(site());
    box.order({ kind: "disarm", area: "office" });
    box.set("window", true);
    box.pass(1000);
    expect(box.order({ kind: "arm", area: "office" })).toEqual({
      ok: false,
      code: "arming.prevented",
      obstacles: [{ subject: "window", why: "not-normal" }],
    });
    box.set("window", false);
    box.pass(1000);
    expect(box.order({ kind: "arm", area: "office" }).ok).toBe(true);
    box.pass(20_000);
    expect(box.durable.armed["office"]).toBe(true);
    pulse(box, "window");
    expect(sounds(box)).toBe(true);
  });

  it("keeps the armed state over a power cut", () => {
    const box = new HandFed(site());
    box.order({ kind: "disarm", area: "office" });
    box.restart(60_000);
    expect(box.durable.armed).toEqual({ fence: true, office: false });
    box.order({ kind: "arm", area: "office" });
    box.pass(20_000);
    box.restart(60_000, "never-set");
    expect(box.durable.armed["office"]).toBe(true);
  });

  it("sounds when the entry time is over, within 5 s of its end", () => {
    const box = new HandFed(site());
    pulse(box, "door");
    box.pass(28_000);
    expect(sounds(box)).toBe(false);
    box.pass(2_000);
    expect(sounds(box)).toBe(true);
    expect(box.of("step.met")).toHaveLength(1);
    box.pass(60_000);
    expect(box.of("zone.breached")).toHaveLength(1);
  });

  it("says nothing of somebody who disarms in time", () => {
    const box = new HandFed(site());
    pulse(box, "door");
    box.pass(20_000);
    box.order({ kind: "disarm", area: "office" });
    box.pass(60_000);
    expect(sounds(box)).toBe(false);
    expect(box.of("incident.opened")).toEqual([]);
  });

  it("alarms when a zone that is open comes back from isolation", () => {
    const box = new HandFed(site());
    box.order({ kind: "isolate", zone: "east", forMs: hourMs });
    box.set("east", true);
    box.pass(hourMs - 10_000);
    expect(sounds(box)).toBe(false);
    expect(box.traces.some(({ zone: id, verdict }) => id === "east" && verdict === "isolated")).toBe(true);
    box.pass(10_000);
    expect(box.of("zone.reinstated")).toEqual([{ zone: "east", by: "time" }]);
    expect(sounds(box)).toBe(true);
  });

  it("A-20: tests a beam without a siren, and alarms when it is still broken at the end of the test", () => {
    const box = new HandFed(site());
    box.order({ kind: "start-walk-test", zones: ["east"], forMs: 60_000 });
    pulse(box, "east");
    expect(box.of("zone.tested")).toMatchObject([{ zone: "east", cause: "beam-blocked" }]);
    box.set("east", true);
    box.pass(50_000);
    expect(sounds(box)).toBe(false);
    box.pass(20_000);
    expect(box.of("walktest.ended")).toMatchObject([{ tested: ["east"], untested: [] }]);
    expect(sounds(box)).toBe(true);
  });

  it("A-54: an intrusion in a drill is real: it sounds, and nothing of it is marked as exercise", () => {
    const box = new HandFed(site());
    box.order({ kind: "start-drill", drill: "autumn", zones: ["east"], forMs: hourMs });
    pulse(box, "east");
    expect(sounds(box)).toBe(true);
    box.order({ kind: "silence" });
    box.pass(1000);
    expect(sounds(box)).toBe(false);
    pulse(box, "window");
    expect(sounds(box)).toBe(true);
    const marked = box.facts
      .filter(({ type }) => type === "zone.breached" || type === "step.decided" || type === "step.met")
      .map(({ type, exercise }) => `${type} ${exercise}`);
    expect(marked).toEqual([
      "zone.breached true",
      "step.decided true",
      "step.met true",
      "zone.breached false",
      "step.decided false",
      "step.met false",
    ]);
    expect(box.of("drill.suspended")).toMatchObject([{ zone: "window" }]);
  });

  it("A-14: a drill's timing sheet says within how many milliseconds each step was done", () => {
    const box = new HandFed(site());
    box.order({ kind: "start-drill", drill: "autumn", zones: ["east"], forMs: hourMs });
    pulse(box, "east");
    box.order({ kind: "end-drill" });
    const [row, ...more] = box.of("drill.ended")[0]?.sheet ?? [];
    expect(more).toEqual([]);
    expect(row).toMatchObject({ step: "fence/sound", target: "siren", withinMs: 5_000, outcome: "met" });
    expect(row?.tookMs).toBeGreaterThan(0);
    expect(row?.tookMs).toBeLessThan(5_000);
  });

  it("sounds for every zone that was confirmed, also where only the first one has a response", () => {
    const confirmations = [{ id: "pair", zones: ["east", "west"], needed: 2, withinMs: 60_000 }];
    const box = new HandFed(site({ confirmations }));
    pulse(box, "east");
    expect(box.of("zone.pre-alarmed")).toHaveLength(1);
    expect(sounds(box)).toBe(false);
    pulse(box, "west");
    expect(box.of("zone.breached").map((alarm) => alarm.zone)).toEqual(["east", "west"]);
    expect(sounds(box)).toBe(true);
  });

  it("decides alone when the partner that it waits for is lost", () => {
    const confirmations = [{ id: "pair", zones: ["east", "west"], needed: 2, withinMs: 60_000 }];
    const box = new HandFed(site({ confirmations }));
    pulse(box, "east");
    box.set("west", false, "lost");
    box.pass(2_000);
    expect(sounds(box)).toBe(true);
  });

  it("A-18: a panic button that is out for repair comes back by itself", () => {
    const box = new HandFed(site());
    const repair = { kind: "take-out-for-repair", zone: "panic", guard: "Zhao", forMs: hourMs } as const;
    expect(box.order(repair).code).toBe("command.needs-two-persons");
    expect(box.order(repair, two).ok).toBe(true);
    pulse(box, "panic");
    expect(sounds(box)).toBe(false);
    box.pass(hourMs);
    pulse(box, "panic");
    expect(sounds(box)).toBe(true);
    expect(box.of("incident.opened")).toMatchObject([{ incident: { kind: "panic" } }]);
  });

  it("arms and disarms by the schedule of its place", () => {
    const schedule = [{ days: [1, 2, 3, 4, 5, 6, 7], armAt: "18:00", disarmAt: "08:00" }];
    const box = new HandFed(site({ areas: [area("fence"), area("office", { kind: "office", schedule })] }));
    box.pass(3_000);
    expect(box.durable.armed["office"]).toBe(false);
    box.pass(2 * hourMs);
    expect(box.of("area.armed")).toMatchObject([{ area: "office", by: "schedule" }]);
  });
});
