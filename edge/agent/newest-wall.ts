// When the newest records of a box were made: below that its clock does not go after a start.
import type { Journal, OnTrouble } from "../journal/journal.js";

/** As far as their clock could be believed; 0 where nothing is known. A disk that gives a record back no more costs only that record. */
export async function newestWall(journal: Pick<Journal, "heads" | "read">, onTrouble: OnTrouble): Promise<number> {
  let newest = 0;
  for (const head of journal.heads()) {
    if (head.sequence === 0) continue;
    const [record] = await journal.read(head, 1).catch((error: unknown) => {
      const place = `${head.epoch}/${head.lane}/${head.sequence}`;
      onTrouble({ code: "journal.corrupt", place, detail: `not read: ${String(error)}` });
      return [];
    });
    if (record !== undefined && record.clocktrust !== "never-set") newest = Math.max(newest, Date.parse(record.time));
  }
  return newest;
}
