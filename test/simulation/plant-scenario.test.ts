// Triggers and scenarios in virtual time: every trigger changes what it says, and a scenario plays the same each time.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { advance, type Plant, schedule, startPlant } from "../../simulators/plant/plant.js";
import {
  scheduleScenario,
  type TriggerName,
  triggerDues,
  triggerNames,
  triggerTargets,
} from "../../simulators/plant/trigger.js";
import { changesBetween, viewPlant } from "../../simulators/plant/view.js";
import { parseScenario } from "../../simulators/scenario.js";
import { checkSimulation, plantSettingsOf } from "../../simulators/settings.js";

const simulationOf = (name: string): unknown => parse(readFileSync(`config/${name}.yaml`, "utf8")).simulation;
const office = simulationOf("office");
const settings = plantSettingsOf(checkSimulation(office));

/** What happens from `plant` on until `untilMs`, one line per change. */
function runs(plant: Plant, untilMs: number): readonly string[] {
  const lines: string[] = [];
  let before = plant;
  for (let at = plant.now; at <= untilMs; at += 20) {
    for (const after of advance(before, settings, at)) {
      const changes = changesBetween(viewPlant(before), viewPlant(after));
      lines.push(...changes.map(({ device, what, value }) => `${after.now} ${device}.${what}=${value}`));
      before = after;
    }
  }
  return lines;
}

function pulled(name: TriggerName, target?: string, before: Plant = startPlant(settings, 0)): readonly string[] {
  const dues = triggerDues({ name, target }, settings, before.now);
  return runs(schedule(before, dues ?? []), before.now + 2_000);
}

describe("a trigger", () => {
  const rows: [TriggerName, readonly string[]][] = [
    ["fence-cut", ["0 fibre-1.activities=cut"]],
    ["fence-climb", ["0 fibre-1.activities=climb"]],
    ["fibre-break", ["0 fibre-1.broken=true"]],
    ["fibre-silent", ["0 fibre-1.silent=true"]],
    ["beam-break", ["0 beam-1.blocked=true", "500 beam-1.blocked=false"]],
    ["beam-short", ["0 beam-1.blocked=true", "30 beam-1.blocked=false"]],
    ["beam-tamper", ["0 beam-1.coverOpen=true"]],
    ["beam-silent", ["0 beam-1.silent=true"]],
    ["door-open", ["0 gatehouse-door.contact=open"]],
    ["loop-cut", ["0 gatehouse-door.wiring=cut"]],
    ["loop-short", ["0 gatehouse-door.wiring=short"]],
    ["panic", ["0 panic.pressed=true", "1000 panic.pressed=false"]],
    ["fire", ["0 fire.pressed=true"]],
    ["lock-out", ["0 lock-out-key.pressed=true"]],
    [
      "vehicle-rush",
      [
        "0 Main.Approach1.loop=occupied",
        "450 Main.Approach2.loop=occupied",
        "500 Main.Approach1.loop=free",
        "950 Main.Approach2.loop=free",
      ],
    ],
    ["vehicle-on-loop", ["0 B2.Loop.loop=occupied"]],
    ["vehicle-loop-lost", ["0 B2.Loop.loop=lost"]],
    ["bollard-jam", ["0 B2.jammed=true"]],
    ["bollard-obstructed", ["0 B2.obstacle=true"]],
    ["power-loss", ["0 B2.powerOk=false"]],
    ["firmata-noise", ["0 io.noises=1"]],
    ["firmata-hang", ["0 io.hangs=1"]],
    ["firmata-reset", ["0 io.resets=1"]],
  ];
  it.each(rows)("%s changes what it says and nothing else", (name, expected) => {
    expect(pulled(name)).toEqual(expected);
  });

  const undone: [TriggerName, TriggerName][] = [
    ["fibre-break", "fibre-mend"],
    ["fibre-silent", "fibre-back"],
    ["beam-tamper", "beam-mend"],
    ["beam-silent", "beam-back"],
    ["door-open", "door-close"],
    ["loop-cut", "loop-mend"],
    ["fire", "fire-clear"],
    ["lock-out", "lock-out-clear"],
    ["vehicle-on-loop", "vehicle-leaves"],
    ["vehicle-loop-lost", "vehicle-loop-mend"],
    ["bollard-jam", "bollard-free"],
    ["bollard-obstructed", "bollard-free"],
    ["power-loss", "power-back"],
  ];
  it.each(undone)("%s is undone by %s", (name, back) => {
    const rest = startPlant(settings, 0);
    const dues = [...(triggerDues({ name }, settings, 0) ?? []), ...(triggerDues({ name: back }, settings, 100) ?? [])];
    const after = advance(schedule(rest, dues), settings, 200).at(-1) ?? rest;
    expect(viewPlant(after)).toEqual(viewPlant(rest));
    expect(
      changesBetween(viewPlant(rest), viewPlant(advance(schedule(rest, dues), settings, 50).at(-1) ?? rest)),
    ).not.toEqual([]);
  });

  it("has a target on this site or at the port whatever its name", () => {
    const port = plantSettingsOf(checkSimulation(simulationOf("port")));
    const isLost = (name: (typeof triggerNames)[number]) =>
      [settings, port].every((site) => triggerTargets(name, site).length === 0);
    expect(triggerNames.filter(isLost)).toEqual([]);
  });

  it("takes a bollard's name for its loop and refuses a target that does not fit", () => {
    expect(pulled("vehicle-on-loop", "B3")).toEqual(["0 B3.Loop.loop=occupied"]);
    expect(triggerDues({ name: "vehicle-on-loop", target: "siren" }, settings, 0)).toBeNull();
    expect(triggerDues({ name: "panic", target: "__proto__" }, settings, 0)).toBeNull();
  });
});

describe("the plant", () => {
  it("shows a beam that breaks and clears between two looks", () => {
    const due = schedule(startPlant(settings, 0), triggerDues({ name: "beam-short" }, settings, 100) ?? []);
    const blocked = advance(due, settings, 60_000).map(({ beams }) => beams["beam-1"]?.blocked);
    expect(blocked).toEqual([true, false, false]);
  });

  it("moves bollards on demand and never back in time", () => {
    const demand = { at: 0, stimulus: { kind: "demand", id: "B2", word: "close" } } as const;
    const lines = runs(schedule(startPlant(settings, 0), [demand]), 7_000);
    expect(lines).toContain("0 B2.motion=raising");
    expect(lines.findLast((line) => line.includes("B2.closed"))).toMatch(/^60[0-2]0 B2\.closed=true$/);
    const plant = startPlant(settings, 1_000);
    expect(advance(plant, settings, 500).at(-1)?.now).toBe(1_000);
  });
});

describe("a scenario", () => {
  const text = readFileSync("simulators/scenarios/fence-cut-and-rush.yaml", "utf8");
  it("plays its steps at their times", () => {
    const { dues, unfit } = scheduleScenario(parseScenario(text).steps, settings, 0);
    expect(unfit).toEqual([]);
    const lines = runs(schedule(startPlant(settings, 0), dues), 70_000);
    expect(lines).toContain("0 fibre-1.activities=cut");
    expect(lines).toContain("20000 B2.Loop.loop=occupied");
    expect(lines).toContain("22450 Main.Approach2.loop=occupied");
    expect(lines).toContain("65000 B2.Loop.loop=free");
  });

  it.each(readdirSync("simulators/scenarios"))("of the examples fits the office: %s", (file) => {
    const { steps } = parseScenario(readFileSync(`simulators/scenarios/${file}`, "utf8"));
    expect(scheduleScenario(steps, settings, 0).unfit).toEqual([]);
  });

  const rubbish: [string, string][] = [
    ["name: [x", "simulation.invalid-scenario"],
    ["name: x", "simulation.invalid-scenario"],
    ["name: x\nsteps: [{at: -1, do: panic}]", "simulation.invalid-scenario"],
    ["name: x\nsteps: [{at: 1, do: panic, tarqet: y}]", "simulation.invalid-scenario"],
    ["name: x\nsteps: [{at: 1, do: constructor}]", "simulation.unknown-trigger"],
  ];
  it.each(rubbish)("that reads %j is refused as %s", (bad, code) => {
    expect(() => parseScenario(bad)).toThrow(expect.objectContaining({ code }));
  });
});

describe("the simulation section", () => {
  const sites = readdirSync("config")
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => ({ file, section: parse(readFileSync(`config/${file}`, "utf8")).simulation as unknown }))
    .filter(({ section }) => section !== undefined);
  it.each(sites)("of $file describes a plant in which something can be triggered", ({ section }) => {
    const site = plantSettingsOf(checkSimulation(section));
    expect(triggerNames.filter((name) => triggerTargets(name, site).length > 0)).toContain("bollard-jam");
  });

  const rows: [string, object, RegExp][] = [
    ["a wrong shape", { boards: 3 }, /simulation\/boards/],
    ["a rush over an unknown loop", { rush: { first: "Main.Approach1", second: "Nowhere" } }, /Nowhere/],
    ["an unknown key", { fibers: [] }, /simulation/],
  ];
  it.each(rows)("with %s is refused at its place", (_name, change, place) => {
    expect(() => checkSimulation({ ...(office as object), ...change })).toThrow(place);
  });

  it("with an id used twice is refused by that id", () => {
    const twice = structuredClone(office) as { boards: { relays: { id: string; pin: number }[] }[] };
    twice.boards[0]?.relays.push({ id: "beam-1", pin: 3 });
    expect(() => checkSimulation(twice)).toThrow(/"beam-1" is used twice/);
  });
});
