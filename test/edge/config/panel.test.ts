// A wired panel in the settings: the example in the office's file, and what is refused of it.
import { describe, expect, it } from "vitest";
import { type Edit, example, spoil, troublesOf, warningsOf } from "./spoil.js";

/** The office with its panel, whose lines stand there behind `#`. */
const office = () => example("office").replace(/^( +)#(?! \S)/gm, "$1");

function trouble(...edits: readonly Edit[]) {
  const { text, at } = spoil(office(), ...edits);
  const troubles = troublesOf(text, "site.yaml").map(({ path, code, line, column, message, remedy }) => {
    return { path, code, at: [line, column], says: message.en, zh: message.zh, remedy: remedy.en };
  });
  return { troubles, at };
}

describe("a wired panel", () => {
  it("is what the office's file shows, and warns of a key that a bridged cable turns", () => {
    expect(warningsOf(office(), "office.yaml")).toContainEqual([
      "edges[0].panel.keys[0].point",
      "gatehouse-key is a bare contact: whoever bridges its cable arms or disarms.",
    ]);
  });

  it.each<[string, Edit, string, string, RegExp]>([
    [
      "a key that is a zone, too",
      ["point: gatehouse-key,", "point: ^panic,"],
      "config.safety",
      "edges[0].panel.keys[0].point",
      /panic also serves zones.3.point/,
    ],
    [
      "a button that is a barrier's contact, too",
      ["silence: silence-button", "silence: ^lock-out-key"],
      "config.safety",
      "edges[0].panel.silence",
      /lock-out-key also serves barriers.0.lockOut/,
    ],
    [
      "one button for two acts",
      ["reset: reset-button", "reset: ^silence-button"],
      "config.safety",
      "edges[0].panel.reset",
      /silence-button also serves panel.silence/,
    ],
    [
      "a key that is an output",
      ["point: gatehouse-key,", "point: ^lamp-armed,"],
      "config.reference",
      "edges[0].panel.keys[0].point",
      /lamp-armed is an output/,
    ],
    [
      "a key for an area that is none",
      ["areas: [gatehouse] }]", "areas: [^gatehuose] }]"],
      "config.reference",
      "edges[0].panel.keys[0].areas[0]",
      /no area gatehuose; did you mean gatehouse/,
    ],
    [
      "a lamp that sounds as well",
      ["alarm: lamp-alarm,", "alarm: ^siren,"],
      "config.safety",
      "edges[0].panel.lamps.alarm",
      /siren already serves another output/,
    ],
    [
      "two lamps on one output",
      ["fault: lamp-fault,", "fault: ^lamp-alarm,"],
      "config.safety",
      "edges[0].panel.lamps.fault",
      /lamp-alarm already serves another output/,
    ],
    [
      "an input that would stand a lock-down down",
      ["  silence: silence-button", "  ^standDown: silence-button"],
      "config.schema",
      "edges[0].panel.standDown",
      /standDown/,
    ],
  ])("is refused with line and remedy: %s", (_wrong, edit, ...[code, path, says]) => {
    const { troubles, at } = trouble(edit);
    const found = troubles.find((each) => each.path === path);
    expect(found, JSON.stringify(troubles, null, 1)).toMatchObject({ code, at });
    expect(found?.says).toMatch(says);
    expect(found?.remedy).toMatch(/\w/);
    expect(found?.zh).toMatch(/[\u4e00-\u9fff]/);
  });

  it("A-01: has no bare key for an area of grade 3, which a PIN arms at the page", () => {
    const { troubles } = trouble([
      "kind: gatehouse, armedAtStart: true }",
      "kind: gatehouse, armedAtStart: true, grade: 3 }",
    ]);
    expect(troubles.find(({ path }) => path === "edges[0].panel.keys[0].point")).toMatchObject({
      code: "config.safety",
      says: "gatehouse-key is a bare contact: whoever bridges its cable arms or disarms; the grade of gatehouse forbids it.",
    });
  });
});
