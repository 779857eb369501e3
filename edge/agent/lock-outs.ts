// Lock-outs in a small file of their own beside the journal. They are the one thing that a box must not forget: where the journal cannot
// be read back after a start, the file says in which drives somebody works; where neither can, every drive stays still.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSegmentName } from "../journal/segment.js";
import type { Clock, Timer } from "../machine/ports.js";
import { createSaving } from "../machine/saving.js";
import { writeWholeAside } from "../machine/whole-file.js";
import { boxIssuer, type LockOut } from "../model/drive-run.js";
import type { Durable } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Stamp } from "../model/time.js";

type LockOuts = Durable["lockOuts"];

const fileName = "lock-outs.json";
/** A disk that refused is tried again after this long. */
const retryMs = 10_000;
const closeWithinMs = 5_000;

/** What lies in the data folder before the journal is opened. */
export interface LockOutsFound {
  /** Null: there is no file, or none that can be read. */
  readonly kept: LockOuts | null;
  /** The box has run before; also when that cannot be seen. */
  readonly isKnownBox: boolean;
}

export function findLockOuts(dataDir: string): LockOutsFound {
  const text = read(() => readFileSync(join(dataDir, fileName), "utf8"), null);
  const names = read(() => readdirSync(join(dataDir, "journal")), []);
  return {
    kept: typeof text === "string" ? lockOutsIn(text) : null,
    isKnownBox: text !== null || names === "unreadable" || names.some(isSegmentName),
  };
}

/** `absent` where there is nothing. */
function read<T, A>(look: () => T, absent: A): T | A | "unreadable" {
  try {
    return look();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? absent : "unreadable";
  }
}

function lockOutsIn(text: string): LockOuts | null {
  try {
    const file = JSON.parse(text) as { readonly format?: unknown; readonly lockOuts?: unknown } | null;
    const { lockOuts } = file ?? {};
    if (file?.format !== 1 || typeof lockOuts !== "object" || lockOuts === null) return null;
    return Object.values(lockOuts).every(isLockOut) ? (lockOuts as LockOuts) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isLockOut(value: unknown): value is LockOut {
  const { by, note, since } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return typeof by === "string" && typeof note === "string" && typeof since === "object" && since !== null;
}

export interface Remembered {
  readonly config: Pick<EdgeConfig, "barriers">;
  readonly lockOuts: LockOuts;
  /** The journal was read back without a gap. */
  readonly isWhole: boolean;
}

/**
 * What the journal does not know of. One that was cleared while the file could not be written stands again: a person looks once too
 * often, never once too little.
 */
export function forgottenLockOuts(
  found: LockOutsFound,
  { config, lockOuts, isWhole }: Remembered,
  now: Stamp,
): readonly Fact[] {
  const isUnknown = found.kept === null && !isWhole && found.isKnownBox;
  const standing = isUnknown ? everyDrive(config, now) : (found.kept ?? {});
  return Object.entries(standing)
    .filter(([barrier]) => lockOuts[barrier] === undefined)
    .map(([barrier, { by, note, since }]) => fact("barrier.locked-out", barrier, { barrier, by, note, at: since }));
}

const unknownNote = "检修锁定记录丢失，请到现场确认无人作业 / lock-outs were lost: look whether somebody works on it";

/** A lock has no drive in which somebody could stand, and locked out it would be let go. */
function everyDrive({ barriers }: Remembered["config"], since: Stamp): LockOuts {
  const drives = barriers.filter(({ drive }) => drive.kind !== "lock");
  return Object.fromEntries(drives.map(({ id }) => [id, { by: boxIssuer, note: unknownNote, since }]));
}

export interface LockOutKeeper {
  /** Those that stand now. */
  note(lockOuts: LockOuts): void;
  /** False: the file does not say what stands. */
  kept(): Promise<boolean>;
  close(): Promise<void>;
}

export function keepLockOuts(
  dataDir: string,
  machine: { readonly clock: Clock; readonly timer: Timer },
  trouble: (detail: string) => void,
): LockOutKeeper {
  let standing: LockOuts | null = null;
  const path = join(dataDir, fileName);
  const write = () =>
    writeWholeAside(path, `${JSON.stringify({ format: 1, lockOuts: standing }, null, 2)}\n`).then(
      () => true,
      (error) => {
        trouble(`${path}: ${String(error)}`);
        return false;
      },
    );
  const saving = createSaving({ ...machine, gatherMs: retryMs, closeWithinMs, write });
  return {
    note(lockOuts) {
      if (lockOuts === standing) return;
      standing = lockOuts;
      saving.changed();
      void saving.kept();
    },
    kept: saving.kept,
    close: saving.close,
  };
}
