// What may be changed on site is named, has its range from the schema, and is nothing else.
import { describe, expect, it } from "vitest";
import { type Tunable, tunablesOf } from "../../../config/tuning.js";
import { pointTuning, zoneTuning } from "../../../config/tuning-words.js";
import { placeText } from "../../../edge/model/revision.js";
import { exampleSite } from "../../support/virtual-site.js";

const sites = ["office", "school", "port"] as const;
const all: readonly Tunable[] = sites.flatMap((name) => exampleSite(name).edges.flatMap(tunablesOf));
const [office] = exampleSite("office").edges;
const found = (text: string) => all.find((each) => placeText(each) === text);

describe("what may be changed on site", () => {
  it("has words in both languages and a range", () => {
    for (const { label, form } of all) {
      expect(label.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(label.en).toMatch(/[A-Za-z]/);
      if (form.kind === "choice") expect(form.of.length).toBeGreaterThan(1);
      if (form.kind === "text") expect(form.max).toBeGreaterThan(0);
    }
    expect(found("gatehouse-door filterMs")).toMatchObject({
      value: 400,
      unit: "ms",
      form: { kind: "number", whole: true, min: 0, max: 400 },
      isOptional: false,
    });
    expect(found("beam-east normally")).toMatchObject({ value: null, isOptional: true, standard: "open" });
    expect(found("io/panic activeLow")).toMatchObject({ value: true, form: { kind: "flag" } });
  });

  it("is every named value somewhere in the examples, but for what only other drivers have", () => {
    const keys = new Set(all.map(({ key }) => key));
    const named = [...Object.keys(zoneTuning), ...Object.keys(pointTuning)];
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });

  it("is no id, no kind, no address, no wiring between things and no polarity of a relay", () => {
    const forbidden =
      /(^|\.)(id|kind|area|point|tamper|mask|broken|level|first|second|barrier|topic|node|pin|line|device|direction|path|payload|signal|replay|audible|releaseWired|supply|method|methods)$/;
    expect(all.filter(({ key }) => forbidden.test(key))).toEqual([]);
    const outputs = new Set(
      office?.drivers.flatMap(({ points }) =>
        points.filter(({ direction }) => direction === "out").map(({ id }) => id),
      ),
    );
    const flipped = all.filter((each) => "point" in each && outputs.has(each.point) && each.key === "activeLow");
    expect(flipped).toEqual([]);
  });

  it("has no polarity where the guard reads none: at a loop and at an analog value", () => {
    expect(found("gatehouse-door normally")).toBeUndefined();
    expect(found("io/gatehouse-door-loop activeLow")).toBeUndefined();
  });

  it("offers a loop's resistors only where there is a loop: to wire one is no tuning", () => {
    expect(found("gatehouse-door loop.endOhms")).toBeDefined();
    expect(found("beam-east loop.endOhms")).toBeUndefined();
  });
});
