// When the commissioning book is written: gathered, one writing at a time, at once where a person waits, and never on the thread that
// asks.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openBook } from "../../../edge/commissioning/book.js";
import { createSaving } from "../../../edge/machine/saving.js";
import { testFolder } from "../../support/folder.js";
import { manualMachine } from "../../support/journal.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const machine = manualMachine();
  const under: ((isWritten: boolean) => void)[] = [];
  let begun = 0;
  const saving = createSaving({
    ...machine,
    gatherMs: 30_000,
    closeWithinMs: 5_000,
    write: () => {
      begun += 1;
      return new Promise((resolve) => under.push(resolve));
    },
  });
  const end = async (isWritten: boolean) => {
    under.shift()?.(isWritten);
    await settled();
  };
  return { machine, saving, begun: () => begun, end };
}

describe("what changes often", () => {
  it("is gathered, and written once", async () => {
    const { machine, saving, begun } = setUp();
    for (let count = 0; count < 10; count += 1) saving.changed();
    machine.advance(29_999);
    expect(begun()).toBe(0);
    machine.advance(1);
    await settled();
    expect(begun()).toBe(1);
  });

  it("is written one at a time: what came while the disk was busy goes with the next writing", async () => {
    const { saving, begun, end } = setUp();
    saving.changed();
    const done: string[] = [];
    void saving.kept().then(() => done.push("first"));
    await settled();
    saving.changed();
    void saving.kept().then(() => done.push("second"));
    void saving.kept().then(() => done.push("third"));
    await settled();
    expect([begun(), done]).toEqual([1, []]);
    await end(true);
    expect([begun(), done]).toEqual([2, ["first"]]);
    await end(true);
    expect([begun(), done]).toEqual([2, ["first", "second", "third"]]);
  });

  it("is tried again where the disk refused it, and nobody waits for that", async () => {
    const { machine, saving, begun, end } = setUp();
    saving.changed();
    const kept = saving.kept();
    await settled();
    await end(false);
    expect(await kept).toBe(false);
    machine.advance(30_000);
    await settled();
    expect(begun()).toBe(2);
  });

  it("does not keep the box from ending when the disk hangs", async () => {
    const { machine, saving } = setUp();
    saving.changed();
    const closed = saving.close();
    await settled();
    machine.advance(5_000);
    await closed;
  });
});

describe("the commissioning book", () => {
  it("is written off the thread that notes, whole, beside the generation before it", async () => {
    const path = join(testFolder(), "book.json");
    const machine = manualMachine();
    const troubles: string[] = [];
    const book = openBook(path, machine, (detail) => troubles.push(detail));
    const note = (ms: number) => book.noteTravel("boom", { ms, datasheetMs: 9, at: "" });
    const runsIn = (file: string) => JSON.parse(readFileSync(file, "utf8")).travel.boom.runs;
    note(1);
    machine.advance(30_000);
    // The timer has called: a writing on this thread would be done by now.
    expect(existsSync(path)).toBe(false);
    await book.kept();
    note(2);
    await book.kept();
    expect([runsIn(path), runsIn(`${path}.old`), troubles]).toEqual([2, 1, []]);
  });
});
