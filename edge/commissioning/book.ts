// The commissioning book: inventory, measured values and test results, small and human-readable, kept by lowdb in DIR/book.json.
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { Low } from "lowdb";
import type { Clock, Timer } from "../machine/ports.js";
import { createSaving } from "../machine/saving.js";
import { writeWholeAside } from "../machine/whole-file.js";
import type { EdgeConfig } from "../model/site.js";
import { type CheckRow, type DriveBook, emptyDrive, type RunRow, withChecks, withRun } from "./drives.js";
import type { GuidedTestBook, WalkBook, WalkTestBook } from "./results.js";
import { type TestResult, testsIn, withTest } from "./tests-book.js";

/** Travel of a barrier as the box measured it, command to contact, ms. */
export interface TravelBook {
  readonly runs: number;
  readonly lastMs: number;
  readonly worstMs: number;
  readonly datasheetMs: number;
  readonly lastAt: string;
}

/** Walk tests that are kept whole. */
export const walkTestsMax = 24;

export interface Book {
  readonly format: 1;
  readonly inventory: readonly {
    readonly kind: string;
    readonly id: string;
    readonly name: string;
    readonly sinceRevision: number;
  }[];
  readonly travel: Readonly<Record<string, TravelBook>>;
  /** By barrier: runs and interlock checks. A book of an older version has none. */
  readonly drives?: Readonly<Record<string, DriveBook>>;
  /** By zone. */
  readonly walks: Readonly<Record<string, WalkBook>>;
  /** Newest first. */
  readonly walkTests: readonly WalkTestBook[];
  /** By what was tested: a zone, `{zone}/case`, an annunciator. */
  readonly guidedTests: Readonly<Record<string, GuidedTestBook>>;
  /** What somebody saw or heard and entered by hand, oldest first. */
  readonly tests: readonly TestResult[];
}

const emptyBook: Book = { format: 1, inventory: [], travel: {}, walks: {}, walkTests: [], guidedTests: {}, tests: [] };
/** The card is spared: changes are gathered for this long. */
const gatherMs = 30_000;
/** A disk that hangs does not keep the box from ending. */
const closeWithinMs = 5_000;

export interface BookKeeper {
  read(): Book;
  /** Devices of the configuration in force; those known before keep the revision that brought them. */
  takeInventory(config: EdgeConfig, revision: number): void;
  noteTravel(
    barrier: string,
    measured: { readonly ms: number; readonly datasheetMs: number; readonly at: string },
  ): void;
  noteRun(barrier: string, run: RunRow): void;
  noteChecks(barrier: string, checks: readonly CheckRow[]): void;
  noteWalkTest(test: WalkTestBook): void;
  noteGuidedTest(subject: string, test: GuidedTestBook): void;
  noteTest(result: TestResult): void;
  /** What was noted is on the disk, or told as trouble and tried again later: what a person entered is not left to the next power cut. */
  kept(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * A torn or foreign file is set aside as `.bad` and told; the previous generation is `.old`. The reaction thread is
 * never held up: it waits for no writing. Writing failures are told, never thrown; `saved` is called after each success.
 */
export function openBook(
  path: string,
  machine: { clock: Clock; timer: Timer },
  trouble: (detail: string) => void,
  saved: () => void = () => undefined,
): BookKeeper {
  const adapter = { read: async () => null, write: (book: Book) => writeBook(path, book) };
  const db = new Low<Book>(adapter, readBook(path, trouble) ?? emptyBook);
  const saving = createSaving({ ...machine, gatherMs, closeWithinMs, write });

  async function write(): Promise<boolean> {
    try {
      await db.write();
      saved();
      return true;
    } catch (error) {
      trouble(`${path}: ${String(error)}`);
      return false;
    }
  }

  function update(change: (book: Book) => Book): void {
    db.data = change(db.data);
    saving.changed();
  }

  function updateDrive(barrier: string, change: (drive: DriveBook) => DriveBook): void {
    update((book) => ({
      ...book,
      drives: { ...book.drives, [barrier]: change(book.drives?.[barrier] ?? emptyDrive) },
    }));
  }

  return {
    read: () => db.data,
    noteRun: (barrier, run) => updateDrive(barrier, (drive) => withRun(drive, run)),
    noteChecks: (barrier, checks) => updateDrive(barrier, (drive) => withChecks(drive, checks)),
    takeInventory: (config, revision) =>
      update((book) => ({ ...book, inventory: inventoryOf(config, revision, book) })),
    noteTravel: (barrier, measured) =>
      update((book) => ({
        ...book,
        travel: { ...book.travel, [barrier]: nextTravel(book.travel[barrier], measured) },
      })),
    noteWalkTest: (test) => update((book) => withWalkTest(book, test)),
    noteGuidedTest: (subject, test) =>
      update((book) => ({ ...book, guidedTests: { ...book.guidedTests, [subject]: test } })),
    noteTest: (result) => update((book) => ({ ...book, tests: withTest(book.tests, result) })),
    kept: saving.kept,
    close: saving.close,
  };
}

function nextTravel(
  known: TravelBook | undefined,
  { ms, datasheetMs, at }: { ms: number; datasheetMs: number; at: string },
): TravelBook {
  return {
    runs: (known?.runs ?? 0) + 1,
    lastMs: Math.round(ms),
    worstMs: Math.round(Math.max(known?.worstMs ?? 0, ms)),
    datasheetMs,
    lastAt: at,
  };
}

/** The last test of a zone stands: what it did not hear counts, whatever an earlier one heard. */
function withWalkTest(book: Book, test: WalkTestBook): Book {
  const { at, person } = test;
  const walks = Object.entries(test.zones).map(([zone, found]) => [zone, { at, person, ...found }] as const);
  return {
    ...book,
    walks: { ...book.walks, ...Object.fromEntries(walks) },
    walkTests: [test, ...book.walkTests].slice(0, walkTestsMax),
  };
}

function inventoryOf(config: EdgeConfig, revision: number, book: Book): Book["inventory"] {
  const named = [...config.zones, ...config.barriers, ...config.annunciators].map(({ kind, id, name }) => ({
    kind,
    id,
    name: `${name.zh} / ${name.en}`,
  }));
  const drivers = config.drivers.map(({ kind, id }) => ({ kind, id, name: id }));
  return [...drivers, ...named].map((device) => {
    const known = book.inventory.find((each) => each.id === device.id && each.kind === device.kind);
    return { ...device, sinceRevision: known?.sinceRevision ?? revision };
  });
}

function readBook(path: string, trouble: (detail: string) => void): Book | null {
  if (!existsSync(path)) return null;
  try {
    const book = bookIn(readFileSync(path, "utf8"));
    if (book !== null) return book;
    trouble(`${path}: not a commissioning book; set aside as .bad`);
  } catch (error) {
    trouble(`${path}: ${String(error)}; set aside as .bad`);
  }
  copyFileSync(path, `${path}.bad`);
  return null;
}

/** Null for what is no book; one of an older version lacks members. Throws on what is no JSON. */
function bookIn(text: string): Book | null {
  const book = JSON.parse(text) as Book;
  if (book.format !== 1 || !Array.isArray(book.inventory) || typeof book.travel !== "object") return null;
  return { ...emptyBook, ...book, tests: testsIn(book.tests) };
}

/** The book of a box that may run, changing nothing; an empty one when there is none. Throws when it cannot be read. */
export function lookAtBook(path: string): Book {
  return existsSync(path) ? (bookIn(readFileSync(path, "utf8")) ?? emptyBook) : emptyBook;
}

async function writeBook(path: string, book: Book): Promise<void> {
  await copyFile(path, `${path}.old`).catch((error: NodeJS.ErrnoException) => {
    // The first one has none before it.
    if (error.code !== "ENOENT") throw error;
  });
  await writeWholeAside(path, `${JSON.stringify(book, null, 2)}\n`);
}
