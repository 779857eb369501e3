// Hand-made wrong configurations: each is refused with its line, its path and a remedy in both languages.
import { describe, expect, it } from "vitest";
import { example, spoil, troublesOf } from "./spoil.js";

const office = example("office");
const fileName = "office.yaml";

interface Row {
  readonly wrong: string;
  readonly find: string;
  readonly put: string;
  readonly code: string;
  readonly path: string;
  readonly says: RegExp;
}

const rows: readonly Row[] = [
  {
    wrong: "a login by certificate over a channel without security",
    find: "security: { mode: none }",
    put: "security: { mode: none, userCertificate: ^true }",
    code: "config.safety",
    path: "edges[0].drivers[2].security.userCertificate",
    says: /needs a secured channel/,
  },
  {
    wrong: "a deadline that cannot be kept",
    find: "group: all-lanes, mode: normal, withinMs: 30000",
    put: "group: all-lanes, mode: normal, withinMs: ^11479",
    code: "config.timing",
    path: "edges[0].responses[2].steps[1].withinMs",
    says: /bollard-3 needs 11480 ms .* more than 11479 ms: .*staggered start 600 .*travel of bollard-3 7000/,
  },
  {
    wrong: "an unknown point",
    find: "point: beam-blocked",
    put: "point: ^beam-blokced",
    code: "config.reference",
    path: "edges[0].zones[1].point",
    says: /no point beam-blokced; did you mean beam-blocked\?/,
  },
  {
    wrong: "a zone in an unknown area",
    find: "area: perimeter\n        kind: infrared-beam",
    put: "area: ^perimetre\n        kind: infrared-beam",
    code: "config.reference",
    path: "edges[0].zones[1].area",
    says: /no area perimetre; did you mean perimeter\?/,
  },
  {
    wrong: "a group with an unknown barrier",
    find: "barriers: [bollard-1, bollard-2, bollard-3]",
    put: "barriers: [bollard-1, bollard-2, ^b-4711]",
    code: "config.reference",
    path: "edges[0].groups[0].barriers[2]",
    says: /no barrier b-4711/,
  },
  {
    wrong: "a response with an unknown fallback",
    find: "withinMs: 25000, fallback: { announce: buzzer }",
    put: "withinMs: 25000, fallback: { announce: ^buzer }",
    code: "config.reference",
    path: "edges[0].responses[4].steps[1].fallback.announce",
    says: /no annunciator buzer; did you mean buzzer\?/,
  },
  {
    wrong: "an output used as input",
    find: "closed: b1-closed",
    put: "closed: ^siren",
    code: "config.reference",
    path: "edges[0].barriers[0].closed",
    says: /siren is an output and cannot be read/,
  },
  {
    wrong: "an input used as output",
    find: "points: [siren, strobe]",
    put: "points: [siren, ^panic]",
    code: "config.reference",
    path: "edges[0].annunciators[0].points[1]",
    says: /panic is an input and cannot be written/,
  },
  {
    wrong: "a yes-or-no point where a level is needed",
    find: "level: fence-level",
    put: "level: ^beam-blocked",
    code: "config.reference",
    path: "edges[0].zones[0].level",
    says: /level is needed/,
  },
  {
    wrong: "an id used twice",
    find: "- id: beam-east",
    put: "- id: ^fence-north",
    code: "config.duplicate",
    path: "edges[0].zones[1].id",
    says: /id fence-north is used twice/,
  },
  {
    wrong: "one pin with two points",
    find: "id: strobe, direction: out, pin: 9",
    put: "id: strobe, direction: out, pin: ^8",
    code: "config.duplicate",
    path: "edges[0].drivers[1].points[8].pin",
    says: /physical address io D8 is used twice/,
  },
  {
    wrong: "one contact for two barriers",
    find: "closed: b2-closed",
    put: "closed: ^b1-closed",
    code: "config.safety",
    path: "edges[0].barriers[1].closed",
    says: /already serves/,
  },
  {
    wrong: "a wrong unit",
    find: "mode: normal, withinMs: 30000",
    put: "mode: normal, ^withinS: 30",
    code: "config.schema",
    path: "edges[0].responses[2].steps[1].withinS",
    says: /no setting "withinS"; did you mean withinMs \(milliseconds\)\?/,
  },
  {
    wrong: "seconds where milliseconds belong",
    find: "travelMs: 6000\n        emergencyTravelMs: 2000",
    put: "travelMs: ^6\n        emergencyTravelMs: 2000",
    code: "config.schema",
    path: "edges[0].barriers[0].travelMs",
    says: /travelMs = 6; allowed: 100 to 300000 \(milliseconds\)/,
  },
  {
    wrong: "a time with its unit as text",
    find: "rushMs: 1500",
    put: "rushMs: ^1.5s",
    code: "config.schema",
    path: "edges[0].zones[5].rushMs",
    says: /rushMs = "1\.5s"; allowed: a whole number \(milliseconds\)/,
  },
  {
    wrong: "an unknown key",
    find: "settleMs: 5000",
    put: "settleMs: 5000\n    ^colour: red",
    code: "config.schema",
    path: "edges[0].colour",
    says: /no setting "colour"/,
  },
  {
    wrong: "an unknown kind of zone",
    find: "kind: infrared-beam",
    put: "kind: ^laser",
    code: "config.schema",
    path: "edges[0].zones[1].kind",
    says: /kind = "laser"; allowed: door-contact \| infrared-beam/,
  },
  {
    wrong: "escape routes that the fire panel does not free by wire",
    find: "releaseWired: true",
    put: "releaseWired: ^false",
    code: "config.safety",
    path: "edges[0].zones[4].releaseWired",
    says: /releaseWired = false; allowed: true/,
  },
  {
    wrong: "a barrier that does not say what it does on fire",
    find: "clearMs: 2000\n        onFire: hold\n        afterStandDown: stay",
    put: "clearMs: 2000\n        afterStandDown: stay",
    code: "config.safety",
    path: "edges[0].barriers[0]",
    says: /onFire is missing/,
  },
  {
    wrong: "barriers closed by fire",
    find: "- { id: release, kind: release, group: all-lanes, withinMs: 25000, fallback: { announce: buzzer } }",
    put: "- ^{ id: close, kind: close, group: all-lanes, mode: normal, withinMs: 20000 }",
    code: "config.safety",
    path: "edges[0].responses[4].steps[1]",
    says: /fire input must not close/,
  },
  {
    wrong: "barriers released by a fence alarm",
    find: "on: [{ zones: [fire-panel] }]",
    put: "on: [{ zones: [fire-panel, beam-east] }]",
    code: "config.safety",
    path: "edges[0].responses[4].steps[1]",
    says: /Only a fire input/,
  },
  {
    wrong: "silence on the fence that is noticed too late",
    find: "id: beam-1, aliveTopic: field/beam-1/alive, silentAfterMs: 10000",
    put: "id: beam-1, aliveTopic: field/beam-1/alive, silentAfterMs: 20001",
    code: "config.safety",
    path: "edges[0].zones[1].point",
    says: /Silence of beam-blocked is noticed after 20001 ms/,
  },
  {
    wrong: "a plain port that others can reach",
    find: "http: { host: 127.0.0.1",
    put: "http: { host: ^0.0.0.0",
    code: "config.safety",
    path: "edges[0].http.host",
    says: /not encrypted/,
  },
  {
    wrong: "a hub without TLS",
    find: '"mqtts://127.0.0.1:8883"',
    put: '^"mqtt://10.0.0.1:1883"',
    code: "config.schema",
    path: "edges[0].uplink.hubs[0]",
    says: /mqtts:/,
  },
];

describe("a wrong site", () => {
  it.each(rows.map((row) => [row.wrong, row] as const))(
    "is refused with line, path and remedy: %s",
    (_wrong, { find, put, code, path, says }) => {
      const { text, at } = spoil(office, [find, put]);
      const trouble = troublesOf(text, fileName).find((each) => each.path === path);
      expect(trouble).toMatchObject({ code, path });
      expect(trouble?.message.en).toMatch(says);
      expect(trouble?.message.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(trouble?.remedy.en).not.toBe("");
      expect(trouble?.remedy.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(trouble?.place).toBe(`office.yaml:${trouble?.line}:${trouble?.column} ${path}`);
      if (at !== null) expect([trouble?.line, trouble?.column]).toEqual(at);
    },
  );

  it("is refused with one trouble for one mistake", () => {
    for (const { find, put, path } of rows) {
      if (!/responses\[4\]/.test(path))
        expect(troublesOf(spoil(office, [find, put]).text, fileName), put).toHaveLength(1);
    }
  });

  it("explains rule 8 when the fire panel's wiring is missing", () => {
    const [trouble] = troublesOf(spoil(office, ["releaseWired: true", "releaseWired: false"]).text, fileName);
    expect(trouble?.remedy.en).toContain("fire panel's own wiring");
    expect(trouble?.remedy.zh).toContain("规则 8");
  });

  it("keeps credentials in an address to itself", () => {
    const { text } = spoil(office, ['"mqtts://127.0.0.1:8883"', '"mqtt://box:hunter2@10.0.0.1:1883"']);
    expect(JSON.stringify(troublesOf(text, fileName))).not.toContain("hunter2");
  });
});

const bomb = ["a0: &a0 [x, x]", ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join(
  "\n",
);

describe("a file that is no configuration", () => {
  it.each([
    ["broken YAML", "site: [a\nname: b", "config.syntax", 2],
    ["a key given twice", "site: a\nsite: b", "config.duplicate", 2],
    ["two documents", "site: a\n---\nsite: b", "config.syntax", 2],
    ["a tag that would make an object", "site: !!js/function 'x'", "config.syntax", 1],
    ["an alias bomb", bomb, "config.syntax", 1],
    ["brackets without end", "[".repeat(500_000), "config.syntax", 1],
    ["deep brackets", `site: a\nx: ${"[".repeat(3000)}${"]".repeat(3000)}`, "config.syntax", 2],
    ["deep indentation", Array.from({ length: 500 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"), "config.syntax", 102],
    ["dashes without end", `${"- ".repeat(60)}a`, "config.syntax", 1],
    ["colons without end", `a:\n  ${": ".repeat(60)}a`, "config.syntax", 2],
    ["nothing", "", "config.schema", 1],
    ["a bare word", "hello", "config.schema", 1],
    ["noise", "\u0000\u0001\uffff{{{", "config.schema", 1],
    ["a name from the object's own works", "__proto__: { site: a }", "config.schema", 1],
  ])("is refused with its line: %s", (_name, text, code, line) => {
    const [trouble] = troublesOf(text, fileName);
    expect(trouble).toMatchObject({ code, line });
    expect(trouble?.remedy.zh).toMatch(/[\u4e00-\u9fff]/);
  });
});
