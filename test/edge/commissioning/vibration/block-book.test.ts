// The newest blocks of each fibre in a fixed amount of memory, and never across a break of what the detector saw.
import { expect, it } from "vitest";
import { blockBookLimits, createBlockBook } from "../../../../edge/commissioning/vibration/block-book.js";
import { type FibreState, initialFibre } from "../../../../edge/detection/vibration-fibre.js";
import { plainSettings } from "../../../support/fibre-recordings.js";

const zone = { id: "fence", settings: plainSettings };

/** States that follow each other; only their identity and time count here. */
function states(count: number): readonly FibreState[] {
  return Array.from({ length: count + 1 }, (_, index) => ({ ...initialFibre(), at: index }));
}

function noted(count: number, values = 1) {
  const book = createBlockBook();
  const chain = states(count);
  const block = { t0: 0, periodUs: 1000, values: new Array<number>(values).fill(1) };
  for (let at = 1; at <= count; at += 1) {
    const [before, after] = [chain[at - 1], chain[at]];
    if (before && after) book.note(zone, block, { before, after });
  }
  return { book, chain, block };
}

it("gives the newest with the detector's state before the first of them", () => {
  const { book, chain } = noted(10);
  expect(book.since("fence", null)?.blocks.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const run = book.since("fence", 7);
  expect(run?.blocks.map(({ at }) => at)).toEqual([8, 9, 10]);
  expect(run?.start).toBe(chain[7]);
  expect(book.since("fence", 10)).toMatchObject({ blocks: [] });
  expect(book.since("moat", null)).toBeNull();
});

it("keeps no more blocks and no more values than it may, but always the newest", () => {
  const many = noted(blockBookLimits.blocks + 50).book.since("fence", null);
  expect(many?.blocks).toHaveLength(blockBookLimits.blocks);
  expect(many?.blocks.at(-1)?.at).toBe(blockBookLimits.blocks + 50);
  expect(noted(9, blockBookLimits.values / 4).book.since("fence", null)?.blocks).toHaveLength(4);
  expect(noted(3, blockBookLimits.values * 2).book.since("fence", null)?.blocks).toHaveLength(1);
});

it("begins anew when the detector did, and when its settings changed", () => {
  const { book, chain, block } = noted(5);
  const [restarted, next] = [initialFibre(), { ...initialFibre(), at: 9 }];
  book.note(zone, block, { before: restarted, after: next });
  expect(book.since("fence", null)).toMatchObject({ blocks: [{ at: 9 }], start: restarted });
  const other = { id: "fence", settings: { ...plainSettings, threshold: 9 } };
  book.note(other, block, { before: next, after: { ...initialFibre(), at: 12 } });
  expect(book.since("fence", null)).toMatchObject({ blocks: [{ at: 12 }], settings: { threshold: 9 } });
  expect(chain).toHaveLength(6);
});

it("forgets zones that the configuration does not have, and takes no more of them than it may", () => {
  const { book, block } = noted(2);
  book.forgetAllBut([]);
  expect(book.since("fence", null)).toBeNull();
  for (let index = 0; index <= blockBookLimits.zones; index += 1)
    book.note({ ...zone, id: `z${index}` }, block, { before: initialFibre(), after: { ...initialFibre(), at: 1 } });
  expect(book.since(`z${blockBookLimits.zones - 1}`, null)).not.toBeNull();
  expect(book.since(`z${blockBookLimits.zones}`, null)).toBeNull();
});
