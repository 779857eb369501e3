// A wired panel at a running box: a key that is turned, buttons that are pressed, lamps that follow, and what a restart does not do.
import { describe, expect, it } from "vitest";
import type { PanelConfig } from "../../../edge/model/panel.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { HandFed } from "../../support/hand-fed.js";
import { minute, response, sound, yard } from "../response/yard.js";

const panel: PanelConfig = {
  keys: [{ point: "key", areas: ["fence"] }],
  silence: "silence",
  reset: "reset",
  lamps: { armed: "l-armed", ready: "l-ready", alarm: "l-alarm", fault: "l-fault", lockDown: "l-lock" },
};
const lamps = ["l-armed", "l-ready", "l-alarm", "l-fault", "l-lock"];

function site(part: Partial<EdgeConfig> = {}): EdgeConfig {
  const config = yard([response("alarm", [{ area: "fence" }], sound("siren"))]);
  const point = (direction: "in" | "out") => (id: string) => ({ id, direction, line: id });
  const points = [...["key", "silence", "reset"].map(point("in")), ...lamps.map(point("out"))];
  const areas = config.areas.map((area) => ({ ...area, armedAtStart: area.id !== "fence" }));
  const drivers = [...config.drivers, { id: "desk", kind: "gpio" as const, chip: "c", points }];
  return { ...config, areas, drivers, panel, ...part };
}

const turn = (box: HandFed, isOn: boolean) => {
  box.set("key", isOn);
  box.pass(200);
};
const press = (box: HandFed, button: string) => {
  box.set(button, true);
  box.pass(200);
  box.set(button, false);
  box.pass(200);
};
/** What a lamp does in 4 s: the values that were seen. */
function shown(box: HandFed, lamp: string): string {
  const values = Array.from({ length: 8 }, () => {
    box.pass(500);
    return box.outputs[lamp] ?? false;
  });
  return values.every(Boolean) ? "steady" : values.some(Boolean) ? "blinking" : "off";
}
const acts = (box: HandFed) => box.of("operator.commanded").map(({ act, issuers }) => [issuers.join(), act.kind]);

describe("a key switch", () => {
  it("A-06: arms and disarms its areas, recorded as an operator's act with the issuer panel", () => {
    const box = new HandFed(site());
    turn(box, true);
    expect(box.durable.armed["fence"]).toBe(true);
    expect(box.of("area.armed")).toMatchObject([{ area: "fence", by: "panel" }]);
    turn(box, false);
    expect(box.durable.armed["fence"]).toBe(false);
    expect(acts(box)).toEqual([
      ["panel", "arm"],
      ["panel", "disarm"],
    ]);
    expect(new Set(box.of("operator.commanded").map(({ command }) => command)).size).toBe(2);
  });

  it("orders nothing in the position in which a start finds it, however often the box starts", () => {
    const box = new HandFed(site(), { key: true });
    box.pass(minute);
    expect(box.durable.armed["fence"]).toBe(false);
    box.restart(1000);
    box.pass(minute);
    expect(acts(box)).toEqual([]);
    turn(box, false);
    turn(box, true);
    expect(box.durable.armed["fence"]).toBe(true);
  });

  it("disarms nothing when it was turned while the box was off", () => {
    const box = new HandFed(site());
    turn(box, true);
    box.set("key", false);
    box.restart(1000);
    box.pass(minute);
    expect(box.durable.armed["fence"]).toBe(true);
    expect(acts(box)).toEqual([["panel", "arm"]]);
  });

  it("A-26: orders nothing while its line is lost or after it is back, and is a fault with a work order", () => {
    const box = new HandFed(site());
    box.set("key", true, "lost");
    box.pass(10_000);
    box.set("reset", false, "lost");
    box.pass(10_000);
    expect(Object.values(box.durable.workOrders)).toMatchObject([
      { device: "panel:box", cause: "signal-lost", state: "open" },
    ]);
    expect(shown(box, "l-fault")).toBe("blinking");
    box.set("key", true);
    box.pass(minute);
    expect(acts(box)).toEqual([]);
  });

  it("A-01: that is prevented leaves the area as it is, and says why in a record and by its lamp until it is turned back", () => {
    const box = new HandFed(site(), { beam: true });
    expect(shown(box, "l-ready")).toBe("off");
    turn(box, true);
    expect(box.durable.armed["fence"]).toBe(false);
    const obstacles = [{ subject: "beam", why: "not-normal" }];
    expect(box.of("area.arm-failed")).toMatchObject([
      { area: "fence", by: "panel", obstacles, alarm: { priority: 3 } },
    ]);
    expect(box.of("command.refused")).toMatchObject([{ code: "arming.prevented" }]);
    expect(shown(box, "l-armed")).toBe("blinking");
    turn(box, false);
    expect(shown(box, "l-armed")).toBe("off");
    box.set("beam", false);
    box.pass(2000);
    expect(shown(box, "l-ready")).toBe("steady");
    turn(box, true);
    expect(shown(box, "l-armed")).toBe("steady");
  });

  it("A-25: does not disarm a perimeter in posture level 1", () => {
    const box = new HandFed(site());
    turn(box, true);
    const level1 = { level: "level-1", issuer: "bureau", reference: "7", leader: "zhao" } as const;
    box.order({ kind: "set-posture", ...level1 });
    turn(box, false);
    expect(box.durable.armed["fence"]).toBe(true);
    expect(box.of("command.refused")).toMatchObject([{ code: "command.not-allowed" }]);
  });

  it("is taken as it stands when a new configuration wires it", () => {
    const { panel: _, ...bare } = site();
    const box = new HandFed(bare, { key: true });
    box.input({ kind: "config", config: site() });
    box.pass(minute);
    expect(acts(box)).toEqual([]);
    turn(box, false);
    turn(box, true);
    expect(box.durable.armed["fence"]).toBe(true);
  });
});

describe("the buttons and lamps of a panel", () => {
  it("A-12: silence and reset an alarm by hand, with the lamp blinking until it is acknowledged", () => {
    const box = new HandFed(site());
    turn(box, true);
    box.set("beam", true);
    box.pass(1000);
    expect(box.outputs["siren"]).toBe(true);
    expect(shown(box, "l-alarm")).toBe("blinking");
    press(box, "silence");
    expect(box.outputs["siren"]).toBe(false);
    expect(box.of("annunciator.silenced")).toMatchObject([{ by: "panel" }]);
    const [incident = ""] = Object.keys(box.durable.incidents);
    box.order({ kind: "acknowledge", incident });
    expect(shown(box, "l-alarm")).toBe("steady");
    press(box, "reset");
    expect(box.of("command.refused")).toMatchObject([{ code: "command.not-possible" }]);
    box.set("beam", false);
    box.pass(1000);
    press(box, "reset");
    expect(box.durable.incidents).toEqual({});
    expect(box.of("incident.closed")).toMatchObject([{ by: "panel" }]);
    expect(shown(box, "l-alarm")).toBe("off");
  });

  it("leave a silent hold-up alone, which no lamp shows", () => {
    const box = new HandFed(site());
    box.order({ kind: "silence" }, { duress: true });
    expect(shown(box, "l-alarm")).toBe("off");
    press(box, "reset");
    expect(Object.values(box.durable.incidents).map(({ kind }) => kind)).toEqual(["hold-up"]);
  });

  it("are written once per half period and not at all while they rest", () => {
    const box = new HandFed(site());
    box.pass(10_000);
    const before = box.transient.writeCount;
    box.pass(minute);
    expect(box.transient.writeCount - before).toBe(0);
    box.set("key", false, "lost");
    box.pass(20_000);
    const blinking = box.transient.writeCount;
    box.pass(minute);
    expect(box.transient.writeCount - blinking).toBe(60);
  });

  it("do not blink on a line that is down, and show the truth again when it is back", () => {
    const box = new HandFed(site());
    box.set("key", false, "lost");
    box.input({ kind: "link", driver: "desk", up: false, reason: "cut" });
    box.pass(20_000);
    const before = box.transient.writeCount;
    box.pass(20_000);
    expect(box.transient.writeCount - before).toBe(0);
    box.input({ kind: "link", driver: "desk", up: true, reason: "" });
    expect(shown(box, "l-fault")).toBe("blinking");
  });

  it("A-24: are no finding of a self-test while they blink", () => {
    const box = new HandFed(site());
    turn(box, true);
    box.set("beam", true);
    for (const lamp of lamps) box.deadOutputs.add(lamp);
    box.pass(10_500);
    box.order({ kind: "self-test" });
    const findings = box
      .of("selftest.done")
      .at(-1)
      ?.findings.map(({ subject }) => subject);
    expect(findings).not.toContain("l-alarm");
  });

  it("go off when a new configuration has no panel any more", () => {
    const box = new HandFed(site());
    turn(box, true);
    expect(shown(box, "l-armed")).toBe("steady");
    const { panel: _, ...bare } = site();
    box.input({ kind: "config", config: bare });
    box.pass(1000);
    expect(box.outputs["l-armed"]).toBe(false);
  });
});
