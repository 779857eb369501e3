import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import { type Fact, fact } from "../../../edge/model/fact.js";
import { foldedTypes, journal, stamp } from "./random-facts.js";
import { area, config, zone } from "./stage.js";

const empty = initialDurable(
  config({ areas: [area("fence"), area("gatehouse")], zones: ["beam", "door", "panic"].map((id) => zone(id)) }),
);
const written = <T>(value: T): T => JSON.parse(JSON.stringify(value));
const folded = (facts: readonly Fact[], from = empty) => facts.reduce<Durable>(fold, from);

describe("durable state after a restart", () => {
  it("equals the one before, for every prefix of a random journal", () => {
    fc.assert(
      fc.property(journal, (facts) => {
        let live = empty;
        let read = written(empty);
        for (const [index, known] of facts.entries()) {
          live = fold(live, known);
          read = fold(read, written(known));
          expect(written(live)).toEqual(read);
          if (index % 20 === 19) expect(folded(facts.slice(0, index + 1).map(written))).toEqual(read);
        }
      }),
      { numRuns: 150, seed: 20_261_124 },
    );
  });

  it("is not changed by a kept state in the middle, nor by what was retired before it", () => {
    fc.assert(
      fc.property(journal, fc.nat(60), stamp, (facts, place, at) => {
        const before = facts.slice(0, place);
        const after = facts.slice(place);
        const kept = written(fact("state.kept", "box", { durable: folded(before), part: 0, at }));
        const whole = folded(facts);
        expect(folded([...before, kept, ...after])).toEqual(whole);
        expect(folded([kept, ...after])).toEqual(whole);
      }),
      { numRuns: 150, seed: 20_261_125 },
    );
  });

  it("is made by every type that the folds know, so that none of them is missing above", () => {
    const changed = new Set<string>();
    fc.assert(
      fc.property(journal, (facts) => {
        let live = empty;
        for (const known of facts) {
          const next = fold(live, known);
          if (JSON.stringify(next) !== JSON.stringify(live)) changed.add(known.type);
          live = next;
        }
      }),
      { numRuns: 1_200, seed: 20_261_126 },
    );
    expect([...changed].sort()).toEqual([...foldedTypes].sort());
  });
});
