// What goes up of a box so that a spare one can take its place: the site's file and the commissioning book, in parts.
import { describe, expect, it } from "vitest";
import { bookEveryMs, configKept, copyBook } from "../../../edge/agent/kept-text.js";
import type { Book } from "../../../edge/commissioning/book.js";
import type { Fact } from "../../../edge/model/fact.js";
import { keptParts, partCharactersMax } from "../../../edge/model/kept-parts.js";
import { manualMachine } from "../../support/journal.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");

describe("a text that is too long for one record", () => {
  it.each([
    ["nothing", ""],
    ["one letter", "a"],
    ["a whole part", "a".repeat(partCharactersMax)],
    ["several parts", "站点\n".repeat(partCharactersMax)],
    ["a letter of two units across the border", `${"a".repeat(partCharactersMax - 1)}𠮷${"b".repeat(10)}`],
  ])("is whole again when its parts are joined: %s", (_what, text) => {
    const parts = keptParts(text, "h");
    expect(parts.map((each) => each.text).join("")).toBe(text);
    expect(parts.map(({ part }) => part)).toEqual([...parts.keys()]);
    for (const each of parts) {
      expect(each).toMatchObject({ hash: "h", parts: parts.length });
      expect(Buffer.from(each.text).toString()).toBe(each.text);
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThan(250 * 1024);
    }
  });

  it("fits into its records also when each letter takes six bytes", () => {
    for (const each of keptParts("\u0000".repeat(3 * partCharactersMax), "h"))
      expect(Buffer.byteLength(JSON.stringify(each))).toBeLessThan(250 * 1024);
  });
});

it("a configuration that comes into force goes up with its revision, each part under a subject of its own", () => {
  const text = "x".repeat(partCharactersMax + 1);
  const facts = configKept({ site: "s", config, revision: 3, hash: "h3", text, refused: null });
  expect(facts.map(({ type, lane, subject }) => [type, lane, subject])).toEqual([
    ["config.kept", "state", `${config.id}/0`],
    ["config.kept", "state", `${config.id}/1`],
  ]);
  expect(facts[1]?.data).toEqual({ revision: 3, hash: "h3", part: 1, parts: 2, text: "x" });
});

describe("the commissioning book", () => {
  function copier() {
    const machine = manualMachine();
    const told: Fact[] = [];
    let book: Book = { format: 1, inventory: [], travel: {}, walks: {}, walkTests: [], guidedTests: {}, tests: [] };
    const note = (...facts: readonly Fact[]) => void told.push(...facts);
    const copy = copyBook({ ...machine, book: { read: () => book }, edge: "box", note });
    const change = (runs: number) => {
      const travel = { runs, lastMs: 1, worstMs: 1, datasheetMs: 1, lastAt: "" };
      book = { ...book, travel: { boom: travel } };
      copy.saved();
    };
    return { machine, told, copy, change };
  }

  it("goes up at once, then at most each ten minutes and only with something new", async () => {
    const { machine, told, copy, change } = copier();
    change(1);
    copy.saved();
    change(2);
    change(3);
    expect(told).toHaveLength(1);
    await machine.advance(bookEveryMs);
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told[1])).toContain(String.raw`\"runs\":3`);
    await machine.advance(3 * bookEveryMs);
    copy.saved();
    expect(told).toHaveLength(2);
  });

  it("goes up with what is new when the box stops", () => {
    const { told, copy, change } = copier();
    change(1);
    change(2);
    copy.stop();
    expect(told).toHaveLength(2);
  });
});
