// A copy of the ledger while it is written, and what must happen to a copy before it becomes a ledger again.
import { chmodSync } from "node:fs";
import SqliteDatabase from "better-sqlite3";

/** Rows that are stored after the copy, and lost with the original, had numbers that control rooms have seen: new ones begin beyond. */
export const sequenceGap = 1_000_000;

/** Copies a ledger that may be in use. Resolves when the copy is on the medium; the copy is one moment's. */
export async function copyLedger(from: string, to: string): Promise<void> {
  const source = new SqliteDatabase(from, { fileMustExist: true, readonly: true });
  try {
    await source.backup(to);
  } finally {
    source.close();
  }
  chmodSync(to, 0o600);
}

/** Checks a copy and lets its numbers begin beyond all that were given before. Throws when it is damaged. */
export function reviveLedger(path: string): { readonly records: number } {
  const copy = new SqliteDatabase(path, { fileMustExist: true });
  try {
    const verdict = copy.pragma("integrity_check", { simple: true });
    if (verdict !== "ok") throw new Error(`${path}: ${String(verdict)}`);
    const bump = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'records'";
    copy.prepare(bump).run(sequenceGap);
    const { records } = copy.prepare("SELECT count(*) AS records FROM records").get() as { records: number };
    return { records };
  } finally {
    copy.close();
  }
}
