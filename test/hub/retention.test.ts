// What retention leaves behind: after it, and a start anew, no alarm is there that was over, and every one that was open.
import { expect, it } from "vitest";
import { headerHash } from "../../edge/record/hash.js";
import { types } from "../../hub/alarm/acts.js";
import { openBook } from "../../hub/ledger/book.js";
import type { LedgerRow } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { readLedger } from "../../hub/reading.js";
import { retireOld } from "../../hub/retention.js";
import { manualClock } from "../support/manual-clock.js";
import { breachData, createJournal } from "./box.js";
import { log } from "./running-hub.js";

const box = { site: "compound", edge: "gatehouse" };
const dayMs = 86_400_000;

async function hub() {
  const clock = manualClock();
  const ledger = openLedger(":memory:");
  const reading = await readLedger(ledger, log);
  const stored = (rows: readonly LedgerRow[]) => rows.forEach((row) => void reading.apply(row));
  const book = await openBook({ ledger, clock, stored });
  const journal = createJournal(box.site, box.edge);
  return {
    clock,
    reading,
    /** A record of the box, as intake stores it. */
    async say(type: string, subject: string, data: object) {
      const record = journal.add(type, data, { subject });
      const storedAt = new Date(clock.now().wall).toISOString();
      const row = { ...box, storedAt, hash: headerHash(record), record };
      await book.write(async () => ({ rows: [row], heads: [], aside: [], own: [] }));
    },
    async acknowledge() {
      for (const { id: target } of [...reading.alarms.open()])
        await book.act({
          type: types.acknowledge,
          lane: "alarm",
          subject: box.edge,
          data: { target, by: "wang", ...box },
        });
    },
    retire: () => retireOld({ days: 90, ledger, book, reading, clock }, () => false),
    async afterStart() {
      const again = await readLedger(ledger, log);
      return [...again.alarms.open()].map(({ type, state }) => `${type} ${state}`).sort();
    },
    close: () => ledger.close(),
  };
}

const missed = (duty: string) => ({ alarm: { key: `duty/${duty}`, priority: 3 }, duty, dueAt: null });
const done = (duty: string) => ({ duty, by: "li", note: "", at: null, alarms: [`duty/${duty}`] });

it("brings no alarm back that was over, though its last word stays", async () => {
  const { clock, reading, say, acknowledge, retire, afterStart, close } = await hub();
  await say("duty.missed", "patrol", missed("patrol"));
  await say("area.arm-failed", "fence", { alarm: { key: "fence/arm", priority: 2 }, area: "fence", obstacles: [] });
  await acknowledge();
  await say("duty.done", "patrol", done("patrol"));
  await say("area.armed", "fence", { area: "fence", by: "wang", alarms: ["fence/arm"] });
  expect([...reading.alarms.open()]).toEqual([]);
  clock.advance(100 * dayMs);
  await say("duty.done", "patrol", done("patrol"));
  expect(await retire()).toBeGreaterThan(0);
  expect(await afterStart()).toEqual([]);
  await close();
});

it("keeps what is open as it stands, however often it came and whenever it was seen", async () => {
  const { clock, say, acknowledge, retire, afterStart, close } = await hub();
  await say("duty.missed", "round", missed("round"));
  await say("zone.breached", "north", breachData("i1", 1));
  for (let times = 0; times < 3; times += 1) await say("duty.missed", "patrol", missed("patrol"));
  await acknowledge();
  await say("duty.done", "round", done("round"));
  clock.advance(100 * dayMs);
  await say("duty.missed", "round", missed("round"));
  const before = ["duty.missed acknowledged", "duty.missed unacknowledged", "zone.breached acknowledged"];
  expect(await afterStart()).toEqual(before);
  await retire();
  expect(await afterStart()).toEqual(before);
  await close();
});

it("brings an alarm back that came again after it was over", async () => {
  const { clock, say, acknowledge, retire, afterStart, close } = await hub();
  await say("duty.missed", "patrol", missed("patrol"));
  await acknowledge();
  await say("duty.done", "patrol", done("patrol"));
  clock.advance(100 * dayMs);
  await retire();
  await say("duty.missed", "patrol", missed("patrol"));
  expect(await afterStart()).toEqual(["duty.missed unacknowledged"]);
  await close();
});
