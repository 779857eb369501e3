// From when on the box's clock counts after a start: by the newest records that can still be read.
import { expect, test } from "vitest";
import { newestWall } from "../../../edge/agent/newest-wall.js";
import { openLog } from "../../../edge/journal/log.js";
import type { Trouble } from "../../../edge/model/error.js";
import { draft, journalOptions, manualMachine, noMemory, startStamp } from "../../support/journal.js";
import { createSimulatedDisk } from "../../support/simulated-disk.js";

test("a record that the disk does not give back is named, and the others count", async () => {
  const troubles: Trouble[] = [];
  const onTrouble = (trouble: Trouble) => void troubles.push(trouble);
  const parts = { disk: createSimulatedDisk().mount(), machine: manualMachine(), options: journalOptions };
  const journal = await openLog({ ...parts, memory: noMemory, durable: true, onTrouble });
  await journal.append([draft("alarm"), draft("state")], true);
  const damaged = {
    heads: () => journal.heads(),
    read: (...[from, max]: Parameters<typeof journal.read>) =>
      from.lane === "alarm" ? Promise.reject(new Error("EIO: i/o error, read")) : journal.read(from, max),
  };
  expect(await newestWall(damaged, onTrouble)).toBe(startStamp.wall);
  expect(troubles).toMatchObject([{ code: "journal.corrupt", place: expect.stringContaining("alarm/1") }]);
});
