// What the norms ask a configuration to hold: every kind of place, zone, barrier and fixture, and what the inventory shows of it.
import { describe, expect, it } from "vitest";
import { loadSite } from "../../../config/load.js";
import { siteSchema } from "../../../config/schema/site.js";
import { inventoryOf } from "../../../edge/agent/inventory.js";
import type { PostureLevel } from "../../../edge/model/plan.js";
import { areaKinds, barrierKinds, type EdgeConfig } from "../../../edge/model/site.js";
import { subsystems, zoneTraits } from "../../../edge/model/zone.js";
import { example, spoil, troublesOf, warningsOf } from "./spoil.js";

function edgesOf(...names: readonly ("office" | "school" | "port")[]): readonly EdgeConfig[] {
  return names.flatMap((name) => {
    const loaded = loadSite(example(name), `${name}.yaml`);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.troubles));
    return loaded.site.edges;
  });
}

const examples = edgesOf("office", "school", "port");
const inventories = examples.map(inventoryOf);

function enumAt(...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], siteSchema);
}

describe("a site's configuration", () => {
  it("A-06: knows exactly the eight kinds of place of norm 001 clause 5", () => {
    const kinds = enumAt("properties", "edges", "items", "properties", "areas", "items", "properties", "kind", "enum");
    expect(kinds).toEqual([...areaKinds]);
    expect(areaKinds).toHaveLength(8);
  });

  it("A-05: puts every zone into one of the four subsystems, and the examples into each", () => {
    const shown = inventories.flatMap(({ zones }) => zones);
    expect(shown.filter(({ kind, subsystem }) => zoneTraits[kind].subsystem !== subsystem)).toEqual([]);
    expect(new Set(shown.map(({ subsystem }) => subsystem))).toEqual(new Set(subsystems));
  });

  it("shows every kind of zone in an example", () => {
    const shown = new Set(examples.flatMap(({ zones }) => zones.map(({ kind }) => kind)));
    expect(Object.keys(zoneTraits).filter((kind) => !shown.has(kind as keyof typeof zoneTraits))).toEqual([]);
  });

  it("A-39: refuses a duty whose device is no barrier of the box", () => {
    const { text } = spoil(example("school"), ["device: barrier:bollard", "device: barrier:bolard"]);
    const troubles = troublesOf(text, "school.yaml");
    expect(troubles.map(({ code, message }) => [code, message.en])).toEqual([
      ["config.reference", "There is no barrier bolard; did you mean bollard?"],
    ]);
  });

  it("A-31: is warned of a perimeter zone that nothing announces within 5 s", () => {
    const { text } = spoil(example("office"), [
      "annunciator: siren-strobe, withinMs: 5000",
      "annunciator: siren-strobe, withinMs: 5001",
    ]);
    const [first, ...more] = warningsOf(text, "office.yaml").filter(([, says]) => says.includes("announced"));
    expect(first).toEqual([
      "edges[0].zones[0]",
      "Nothing is announced within 5000 ms for fence-north on the perimeter.",
    ]);
    expect(more.map(([path]) => path)).toEqual(["edges[0].zones[1]"]);
  });

  it("A-33: is warned of closing that may take longer than 30 s", () => {
    const { text } = spoil(example("office"), ["mode: normal, withinMs: 30000", "mode: normal, withinMs: 30001"]);
    expect(warningsOf(text, "office.yaml").map(([, says]) => says)).toContainEqual(
      "close may take 30001 ms to close; the norm grants 30000 ms.",
    );
  });

  it("warns of a drive that opens by itself when control is lost", () => {
    const { text } = spoil(example("office"), ["onFire: hold", "onFire: hold\n        onControlLoss: opens"]);
    expect(warningsOf(text, "office.yaml")).toContainEqual([
      "edges[0].barriers[0].onControlLoss",
      "bollard-1 opens by itself when control is lost: a cut cable lets pass.",
    ]);
  });

  it("A-07: knows bollards, blockers, boom gates, gates, wing gates and passage locks, and fixed obstacles as inventory only", () => {
    const shown = new Set(inventories.flatMap(({ barriers }) => barriers.map(({ kind }) => kind)));
    expect(shown).toEqual(new Set(barrierKinds));
    expect(inventories.flatMap(({ fixtures }) => fixtures.map(({ id, count }) => [id, count]))).toEqual([
      ["fixed-bollards", 6],
      ["yard-blocks", 4],
    ]);
  });

  it("A-39: carries the impact rating of barriers and fixtures into the inventory", () => {
    const rated = inventories.flatMap(({ barriers, fixtures }) => [...barriers, ...fixtures]);
    expect(rated.flatMap(({ id, impactRating }) => (impactRating === undefined ? [] : [[id, impactRating]]))).toEqual([
      ["bollard", "7.5 t at 48 km/h"],
      ["blocker-2", "7.5 t at 48 km/h"],
      ["yard-blocks", "7.5 t at 48 km/h"],
    ]);
  });

  it("A-17: gives a graphic display each zone's kind and its place on the plan", () => {
    const zone = inventories.flatMap(({ zones }) => zones).find(({ id }) => id === "fence-west");
    expect(zone).toMatchObject({ kind: "infrared-beam", position: { plan: "campus", x: 0.06, y: 0.48 } });
  });

  it("A-18: holds a one-key alarm at the gate and a panic device in the control room, both always on and never quieted", () => {
    const [school] = edgesOf("school");
    const panics = (school?.zones ?? []).filter(({ kind }) => kind === "panic-button");
    const places = panics.map(({ area }) => school?.areas.find(({ id }) => id === area)?.kind);
    expect(places).toEqual(["gatehouse", "control-room"]);
    expect(zoneTraits["panic-button"]).toMatchObject({ watch: "always", isProtected: true });
  });

  it("A-51: tells the outside by two channels that do not share a fault", () => {
    const [school] = edgesOf("school");
    expect(school?.channels?.map(({ kind }) => kind)).toEqual(["hub", "output"]);
  });
});

const lastFor = (level: Exclude<PostureLevel, "normal">): string => `on: [{ posture: ${level} }]`;

describe("a site that is sound and unwise", () => {
  it("A-24: is warned of each entrance that level 2 would leave open", () => {
    const { text } = spoil(example("office"), [lastFor("level-2"), lastFor("level-1")]);
    expect(warningsOf(text, "office.yaml")).toContainEqual([
      "edges[0].barriers[2]",
      "Level 2 does not close bollard-3, which is no main entrance.",
    ]);
  });

  it("A-25: is warned of each main entrance that level 1 would leave open", () => {
    const { text } = spoil(example("office"), [
      "{ id: close, kind: close, group: all-lanes, mode: normal, withinMs: 30000, fallback: { announce: buzzer } }\n          - { id: contact",
      "{ id: contact",
    ]);
    expect(warningsOf(text, "office.yaml").filter(([, says]) => says.startsWith("Level"))).toEqual([
      ["edges[0].barriers[0]", "Level 1 does not close bollard-1 at a main entrance."],
      ["edges[0].barriers[1]", "Level 1 does not close bollard-2 at a main entrance."],
    ]);
  });

  it("A-24: needs no closing of what level 3 has closed already, for levels add up", () => {
    const { text } = spoil(example("office"), [lastFor("level-2"), lastFor("level-3")]);
    expect(warningsOf(text, "office.yaml").filter(([, says]) => says.startsWith("Level"))).toEqual([]);
  });

  it("warns of a fail-safe relay that its board switches on again by itself", () => {
    const { text } = spoil(example("office"), [
      "{ id: relay-healthy, direction: out, pin: 17, signal: relay, replay: false }",
      "{ id: relay-healthy, direction: out, pin: 17, signal: relay, replay: true }",
    ]);
    expect(warningsOf(text, "office.yaml")).toContainEqual([
      "edges[0].failSafe.healthy",
      "After its reset the board switches relay-healthy on by itself, before the box has said that all is well.",
    ]);
  });

  it("A-01: is warned of contacts whose cable can be cut unseen", () => {
    expect(warningsOf(example("office"), "office.yaml")).toEqual([
      ["edges[0].zones[3]", "panic-button is a bare contact, unsupervised: its cable can be cut unseen."],
      ["edges[0].zones[4]", "fire-panel is a bare contact, unsupervised: its cable can be cut unseen."],
    ]);
  });

  it("is warned of OPC UA without security beyond this machine", () => {
    const { text } = spoil(example("office"), ["opc.tcp://127.0.0.1:4841", "opc.tcp://192.0.2.7:4840/plc"]);
    expect(warningsOf(text, "office.yaml")).toContainEqual([
      "edges[0].drivers[2].security.mode",
      "opc.tcp://192.0.2.7:4840/plc is neither encrypted nor authenticated: others can read the password and pose as the device.",
    ]);
  });

  it("may command a drive by methods whose confirming node is an input too", () => {
    const call = "object: ns=1;s=B1, method: ns=1;s=B1.Raise, confirm: 1";
    const { text } = spoil(example("office"), [
      "node: ns=1;s=B1.Demand, type: string }",
      `node: ns=1;s=B1.Closed, type: int32, methods: [{ order: close, ${call} }], confirmWithinMs: 300 }`,
    ]);
    expect(warningsOf(text, "office.yaml")).toEqual(warningsOf(example("office"), "office.yaml"));
  });

  it("is warned of a zone that no response answers", () => {
    const { text } = spoil(example("office"), ["on: [{ zones: [gatehouse-door] }]", "on: [{ zones: [fence-north] }]"]);
    expect(warningsOf(text, "office.yaml")).toContainEqual([
      "edges[0].zones[2]",
      "No response answers zone gatehouse-door.",
    ]);
  });

  it("A-40: is warned of a fire lane that only an area names, for its blocking sets off what names zone or cause", () => {
    const { text } = spoil(example("port"), ["on: [{ cause: lane-blocked }]", "on: [{ area: lane-2 }]"]);
    expect(warningsOf(text, "port.yaml")).toContainEqual([
      "edges[0].zones[4]",
      "No response answers zone fire-lane-free.",
    ]);
  });

  it("A-51: is warned of a response that notifies by one of its two channels only", () => {
    const { text } = spoil(example("school"), [
      "          - { id: dial, kind: notify, channel: dialler-110, withinMs: 20000 }\n",
      "",
    ]);
    expect(warningsOf(text, "school.yaml")).toContainEqual([
      "edges[0].responses[0].steps[1].channel",
      "perimeter-alarm notifies by one way only.",
    ]);
  });
});
