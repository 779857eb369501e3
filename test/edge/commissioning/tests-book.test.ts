// Test results in the commissioning book: bounded per target, readable from books of any age, set aside when torn.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lookAtBook, openBook } from "../../../edge/commissioning/book.js";
import { type TestResult, testLimits, testsIn, withTest } from "../../../edge/commissioning/tests-book.js";
import { testFolder } from "../../support/folder.js";
import { manualMachine } from "../../support/journal.js";

const walk = (target: string, hits: number, part: Partial<TestResult> = {}): TestResult => ({
  kind: "walk",
  target,
  by: "li",
  at: "2026-11-27T00:00:00.000Z",
  result: "passed",
  measuredMs: 120,
  limitMs: 5000,
  hits,
  note: "",
  ...part,
});

describe("results of tests", () => {
  it("are kept per kind and target up to a limit, the oldest goes", () => {
    const many = Array.from({ length: testLimits.perTarget + 3 }, (_, hits) => walk("a", hits));
    const tests = [walk("b", 1), walk("a", 7, { kind: "guided" }), ...many].reduce(
      withTest,
      [] as readonly TestResult[],
    );
    expect(tests.filter(({ target }) => target === "b")).toHaveLength(1);
    expect(tests.filter(({ kind }) => kind === "guided")).toHaveLength(1);
    const kept = tests.filter(({ kind, target }) => kind === "walk" && target === "a");
    expect(kept.map(({ hits }) => hits)).toEqual(Array.from({ length: testLimits.perTarget }, (_, at) => at + 3));
  });

  it("never grow beyond their limits, in whatever order they come", () => {
    const result = fc.record({ target: fc.constantFrom("a", "b", "c"), hits: fc.nat() });
    fc.assert(
      fc.property(fc.array(result, { maxLength: 150 }), (given) => {
        const tests = given.map(({ target, hits }) => walk(target, hits)).reduce(withTest, [] as readonly TestResult[]);
        for (const target of ["a", "b", "c"]) {
          const all = given.filter((each) => each.target === target).map(({ hits }) => hits);
          const kept = tests.filter((each) => each.target === target).map(({ hits }) => hits);
          expect(kept).toEqual(all.slice(-testLimits.perTarget));
        }
      }),
    );
  });

  it.each([
    [undefined],
    [null],
    [3],
    [[{}]],
    [[{ ...walk("a", 1), result: "perhaps" }]],
    [[{ ...walk("a", 1), hits: "3" }]],
  ])("that are none are left out: %j", (value) => expect(testsIn(value)).toEqual([]));
});

describe("the commissioning book", () => {
  const open = (path: string) => {
    const troubles: string[] = [];
    return { troubles, book: openBook(path, manualMachine(), (detail) => troubles.push(detail)) };
  };

  it("of an older version is read, and keeps results from then on", async () => {
    const path = join(testFolder(), "book.json");
    const travel = { boom: { runs: 1, lastMs: 2, worstMs: 2, datasheetMs: 3, lastAt: "" } };
    writeFileSync(path, JSON.stringify({ format: 1, inventory: [], travel }));
    const { book, troubles } = open(path);
    book.noteTest(walk("a", 10));
    await book.close();
    expect(troubles).toEqual([]);
    expect(open(path).book.read()).toMatchObject({ travel, tests: [walk("a", 10)] });
    expect(lookAtBook(path).tests).toHaveLength(1);
  });

  it("that is torn is set aside and told, and a new one begins", () => {
    const path = join(testFolder(), "book.json");
    writeFileSync(path, '{"format":1,"inven');
    const { book, troubles } = open(path);
    expect(book.read().tests).toEqual([]);
    expect(troubles).toHaveLength(1);
    expect(readFileSync(`${path}.bad`, "utf8")).toContain("inven");
    expect(existsSync(path)).toBe(true);
  });

  it("is empty for a reader while there is none", () => {
    expect(lookAtBook(join(testFolder(), "book.json"))).toEqual({
      format: 1,
      inventory: [],
      travel: {},
      walks: {},
      walkTests: [],
      guidedTests: {},
      tests: [],
    });
  });
});
