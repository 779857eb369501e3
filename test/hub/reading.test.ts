// What reads along in the ledger goes on when a box sends data of a shape that nobody expects.
import { describe, expect, it } from "vitest";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { readLedger } from "../../hub/reading.js";
import { breachData, createJournal, inventory, rowsOf } from "./box.js";
import { log } from "./running-hub.js";

describe("reading along in the ledger", () => {
  it.each<[type: string, data: object]>([
    ["config.applied", {}],
    ["config.applied", { revision: 1, inventory: { ...inventory, zones: null } }],
    ["zone.changed", {}],
    ["barrier.changed", { barrier: "b1", at: null }],
    ["incident.opened", { incident: 5 }],
    ["incident.opened", { incident: null }],
    ["step.decided", { step: { incident: "i1" } }],
    ["step.missed", { alarm: { key: "k", priority: 1 }, step: {}, incident: {}, deadlineAt: { wall: "x" } }],
    ["zone.breached", { alarm: { key: "k", priority: 1 }, detection: 5, zone: {} }],
    ["zone.restored", { alarms: [null, {}] }],
    ["lockdown.started", { barriers: "all" }],
    ["workorder.opened", { at: {} }],
    ["__proto__", {}],
  ])("shows the next alarm after %s with %j", async (type, data) => {
    const ledger = openLedger(":memory:");
    const reading = await readLedger(ledger, log);
    const journal = createJournal("compound", "gatehouse");
    journal.add("config.applied", { revision: 1, hash: "h", inventory });
    journal.add(type, data);
    journal.add("zone.breached", breachData("i1", 1));
    const rows = rowsOf("compound", "gatehouse", journal.records);
    const changes = rows.flatMap((row) => reading.apply(row));
    expect(changes).toContainEqual({ kind: "alarm", view: expect.objectContaining({ zone: "north", incident: "i1" }) });
    expect(rows.map((row) => reading.alarmOf(row)).at(-1)).toMatchObject({ zone: "north", area: "fence" });
    expect(reading.present().length).toBeGreaterThan(0);
    await ledger.close();
  });
});
