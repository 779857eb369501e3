// The timing proof term by term: every form of zone, passages, channels and held outputs, steps that wait, and signed deviations.
import { describe, expect, it } from "vitest";
import { loadSite } from "../../../config/load.js";
import { proofOf, proofTable, reportJson, reportText } from "../../../config/report.js";
import { defaultFilterMs } from "../../../config/sensing.js";
import { type ProofRow, unprovedSteps } from "../../../config/timing.js";
import { filterMsOf } from "../../../edge/detection/level.js";
import type { Site } from "../../../edge/model/site.js";
import { type Edit, example, spoil, troublesOf, warningsOf } from "./spoil.js";

function siteOf(name: "office" | "school" | "port", ...edits: readonly Edit[]): Site {
  const loaded = loadSite(spoil(example(name), ...edits).text, `${name}.yaml`);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.troubles, null, 2));
  return loaded.site;
}

const sumOf = (row: ProofRow | undefined) => row?.terms.map(({ name, ms }) => [name.en, ms]);

/** Terms of the port's walk alarm, set off by one zone alone. */
function termsFor(zone: string): readonly (readonly [string, number])[] {
  const warehouse = siteOf("port").edges[1];
  if (warehouse === undefined) throw new Error("the port has no second box");
  const alone = {
    ...warehouse,
    responses: warehouse.responses
      .filter(({ id }) => id === "intrusion")
      .map((response) => ({ ...response, on: [{ zones: [zone] }], steps: response.steps.slice(0, 1) })),
  };
  const [row] = proofOf({ ...siteOf("port"), edges: [alone] });
  return (row?.terms ?? []).map(({ name, ms }) => [name.en, ms] as const);
}

const box = [
  ["reaction of the box", 50],
  ["command and confirmation of hall-siren", 20],
] as const;
const plc = (point: string) => [`sampling and publishing of ${point}`, 150] as const;

describe("the proof of a zone", () => {
  it.each([
    ["a contact behind its filter", "staff-door", [plc("staff-door-open"), ["filter of staff-door", 200], ...box]],
    ["an order of two beams without a filter", "yard-crossing", [plc("yard-beam-inner"), ...box]],
    ["a passage without a filter", "staff-turnstile", [plc("turnstile-passed"), ...box]],
    ["a measured value", "sump", [plc("sump-level"), ["filter of sump", 5000], ...box]],
    ["a supply", "mains", [plc("mains-failed"), ["filter of mains", 10_000], ...box]],
    ["a leak", "pipe", [plc("pipe-leak"), ["filter of pipe", 2000], ...box]],
    [
      "a loop on a board",
      "hall-motion",
      [
        ["declared latency of hall-motion-loop", 40],
        ["sampling and publishing of hall-motion-loop", 40],
        ["filter of hall-motion", 100],
        ...box,
      ],
    ],
    [
      "a message of an analyser",
      "hall-video",
      [["declared latency of hall-marked", 500], ["filter of hall-video", 200], ...box],
    ],
  ] as const)("counts %s", (_what, zone, terms) => {
    expect(termsFor(zone)).toEqual(terms);
  });

  it("takes the broken fibre where it is slower than the block, with the filter that detection gives it", () => {
    const slow: Edit = ["off: intact\n            latencyMs: 50", "off: intact\n            latencyMs: 900"];
    const site = siteOf("port", slow);
    const fibre = site.edges[0]?.zones.find(({ kind }) => kind === "vibration-fibre");
    const row = proofOf(site).find(({ response }) => response === "perimeter-alarm");
    expect(sumOf(row)?.slice(0, 2)).toEqual([
      ["declared latency of quay-broken", 900],
      ["filter of quay-fibre", defaultFilterMs],
    ]);
    expect(fibre && filterMsOf(fibre)).toBe(defaultFilterMs);
  });
});

describe("the proof of a zone whose case is slower than its detector", () => {
  it("takes the case: a hand on it is an alarm of the perimeter, too", () => {
    const site = siteOf("school", [
      "path: cover\n            on: open\n            off: shut\n            latencyMs: 50",
      "path: cover\n            on: open\n            off: shut\n            latencyMs: 900",
    ]);
    const row = proofOf(site).find(({ terms }) => terms.some(({ name }) => name.en.includes("west-cover")));
    expect(sumOf(row)?.slice(0, 2)).toEqual([
      ["declared latency of west-cover", 900],
      ["filter of fence-west", 40],
    ]);
  });
});

describe("the proof of an effect", () => {
  it("A-29: counts a passage lock by its order, its bolt and the bolt's contact", () => {
    const rows = proofOf(siteOf("port")).filter(
      ({ response, step }) => response === "buffer-intrusion" && step === "lock",
    );
    expect(rows.map(({ target }) => target)).toEqual(["outer-door", "inner-door"]);
    expect(sumOf(rows[0])?.slice(2)).toEqual([
      ["reaction of the box", 50],
      ["command and confirmation of outer-lock", 100],
      ["travel of outer-door", 500],
      ["declared latency of outer-bolted", 40],
      ["sampling and publishing of outer-bolted", 40],
    ]);
  });

  it("frees a passage by the contact that says it is bolted no more", () => {
    const row = proofOf(siteOf("port")).find(
      ({ response, target }) => response === "fire-release" && target === "inner-door",
    );
    expect(sumOf(row)?.at(-1)).toEqual(["sampling and publishing of inner-bolted", 40]);
  });

  it("A-51: counts a wired channel and a held output, and says what lies with networks and people", () => {
    const site = siteOf("port");
    const rows = proofOf(site).filter(({ step }) => step === "call" || step === "pump");
    expect(rows.map(({ target, terms }) => [target, terms.at(-1)?.ms])).toEqual([
      ["radio", 350],
      ["radio", 350],
      ["reserve-pump", 20],
    ]);
    const left = site.edges.flatMap(unprovedSteps).map(({ response, step }) => `${response}/${step}`);
    expect(left).toContain("hold-up/hub");
    expect(left).toContain("utilities/look");
    expect(left).not.toContain("hold-up/call");
  });

  it("counts a step that waits for another from the moment it is wanted", () => {
    const row = proofOf(siteOf("school")).find(({ step }) => step === "dial-again");
    expect(sumOf(row)).toEqual([
      ["reaction of the box", 50],
      ["command and confirmation of dialler", 100],
    ]);
  });

  it("says that a retry fits only where the supervision's whole patience and a second run do", () => {
    // 2800 in the worst case; given up after 1.5 x 1500 + 1000, ordered again in 350
    const fits = (withinMs: number) => {
      const site = siteOf("port", [
        "mode: emergency,\n              withinMs: 8000",
        `mode: emergency,\n              withinMs: ${withinMs}`,
      ]);
      return proofOf(site).find(({ response, target }) => response === "vehicle-rush" && target === "blocker-1")
        ?.retryFits;
    };
    expect([fits(6400), fits(6399)]).toEqual([true, false]);
  });

  it("needs no sensing where a posture sets it off", () => {
    const row = proofOf(siteOf("office")).find(({ response }) => response === "posture-2");
    expect(sumOf(row)?.[0]).toEqual(["reaction of the box", 50]);
  });
});

const tight: Edit = [
  "mode: emergency,\n              withinMs: 8000",
  "mode: emergency,\n              withinMs: 2900",
];
const signatures = '[{ name: Li Lei, on: "2026-03-01" }, { name: Han Meimei, on: "2026-03-02" }]';

function withDeviation(worstMs: number, target: string, signedBy = signatures): Edit {
  const deviation = `{ response: vehicle-rush, step: close, target: ${target}, worstMs: ${worstMs}, reason: old unit, signedBy: ${signedBy} }`;
  return ["    responses:\n      # No network", `    deviations: [${deviation}]\n    responses:\n      # No network`];
}

describe("a deviation", () => {
  it("accepts the one row that two persons signed for, and is shown with the proof", () => {
    const { text } = spoil(example("port"), tight, withDeviation(3000, "blocker-2"));
    const loaded = loadSite(text, "port.yaml");
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.troubles));
    const rows = proofOf(loaded.site).filter(({ deviation }) => deviation !== null);
    expect(rows.map(({ target, totalMs, withinMs, ok }) => [target, totalMs, withinMs, ok])).toEqual([
      ["blocker-2", 3000, 2900, false],
    ]);
    expect(proofTable(rows, "en")).toContain("li lei, han meimei");
    expect(reportText(loaded, "en")).toContain("1 end too late and are accepted as signed deviations");
    expect(reportText(loaded, "zh")).toContain("已由两人签署偏差接受");
    expect(JSON.parse(reportJson(loaded))).toMatchObject({ ok: true, unproved: expect.any(Array) });
  });

  it.each([
    ["is below the worst case", withDeviation(2999, "blocker-2"), "config.timing"],
    ["names another barrier", withDeviation(3000, "blocker-1"), "config.timing"],
    [
      "carries one person's name twice",
      withDeviation(3000, "blocker-2", '[{ name: Li Lei, on: "2026-03-01" }, { name: " li lei", on: "2026-03-02" }]'),
      "config.safety",
    ],
    [
      "is signed twice by one person, so that the row stays too late",
      withDeviation(3000, "blocker-2", '[{ name: Li Lei, on: "2026-03-01" }, { name: " li lei", on: "2026-03-02" }]'),
      "config.timing",
    ],
    [
      "carries one signature",
      withDeviation(3000, "blocker-2", '[{ name: Li Lei, on: "2026-03-01" }]'),
      "config.schema",
    ],
    [
      "carries no date",
      withDeviation(3000, "blocker-2", '[{ name: Li Lei, on: "soon" }, { name: Han, on: "2026-03-02" }]'),
      "config.schema",
    ],
  ])("accepts nothing when it %s", (_why, deviation, code) => {
    const { text } = spoil(example("port"), tight, deviation);
    expect(troublesOf(text, "port.yaml").map((trouble) => trouble.code)).toContain(code);
  });

  it.each([
    ["the row ends in time anyway", "blocker-2"],
    ["there is no such row", "blocker-9"],
  ])("is a warning when %s", (_why, target) => {
    const { text } = spoil(example("port"), withDeviation(3000, target));
    expect(warningsOf(text, "port.yaml").filter(([path]) => path.includes("deviations"))).toEqual([
      [
        "edges[0].deviations[0]",
        `The deviation for vehicle-rush/close/${target} accepts nothing: there is no such row, or it ends in time anyway.`,
      ],
    ]);
  });
});
