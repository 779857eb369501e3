// What walk tests and guided tests leave in the commissioning book.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noteWalkTests } from "../../../edge/agent/walk-tests.js";
import { openBook, walkTestsMax } from "../../../edge/commissioning/book.js";
import { fact } from "../../../edge/model/fact.js";
import { testFolder } from "../../support/folder.js";
import { manualClock } from "../../support/manual-clock.js";

const clock = manualClock();
const timer = { at: () => () => undefined };
const at = clock.now();

function ended(hits: number) {
  const results = [{ zone: "beam", count: hits, worstMs: hits > 0 ? 40 : null, worstHeardMs: hits > 0 ? 60 : null }];
  const data = { by: "time", person: "zhao", at, tested: [], untested: [], results };
  return [{ fact: fact("walktest.ended", "box", data), now: at, exercise: false }];
}

function open() {
  const path = join(testFolder(), "book.json");
  const troubles: string[] = [];
  return { path, troubles, open: () => openBook(path, { clock, timer }, (detail) => troubles.push(detail)) };
}

describe("the commissioning book", () => {
  it("A-20: has of each zone date, person, hits, worst time and result of its last walk test", () => {
    const { open: openIt } = open();
    const book = openIt();
    noteWalkTests(book, ended(3));
    const passed = { at: "2026-06-01T12:00:00.000Z", person: "zhao", hits: 3, worstMs: 40, worstHeardMs: 60 };
    expect(book.read().walks).toEqual({ beam: { ...passed, result: "passed" } });
    noteWalkTests(book, ended(0));
    expect(book.read().walks["beam"]).toMatchObject({ hits: 0, worstMs: null, result: "not-triggered" });
    expect(book.read().walkTests).toMatchObject([
      { endedBy: "time", zones: { beam: { hits: 0 } } },
      { endedBy: "time", zones: { beam: { hits: 3 } } },
    ]);
  });

  it("keeps a named number of walk tests whole", () => {
    const book = open().open();
    for (let count = 0; count < walkTestsMax + 5; count += 1) noteWalkTests(book, ended(1));
    expect(book.read().walkTests).toHaveLength(walkTestsMax);
  });

  it("reads a book that was begun before there were tests in it, and writes it on with them", async () => {
    const { path, troubles, open: openIt } = open();
    const travel = { boom: { runs: 1, lastMs: 1, worstMs: 1, datasheetMs: 2, lastAt: "" } };
    writeFileSync(path, JSON.stringify({ format: 1, inventory: [], travel }));
    const book = openIt();
    book.noteGuidedTest("siren", {
      at: "",
      person: "zhao",
      test: "annunciator",
      outcome: "passed",
      reason: null,
      ms: 9,
    });
    await book.close();
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({
      travel,
      walks: {},
      guidedTests: { siren: { ms: 9 } },
    });
    expect(troubles).toEqual([]);
  });
});
