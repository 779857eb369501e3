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

describe("whether an alarm of the hub's own stands", () => {
  const place = { site: "compound", edge: "gatehouse" };
  const fork = "chain.forked/compound/gatehouse/epoch-1";
  const room = "control-room/ward";
  const raised: readonly [type: string, data: object][] = [
    ["operators.too-few", { alarm: { key: "operators.too-few", priority: 2 } }],
    ["edge.silent", { alarm: { key: "edge.silent/compound/gatehouse", priority: 2 }, ...place }],
    ["chain.forked", { alarm: { key: fork, priority: 1 }, ...place }],
    ["control-room.lost", { alarm: { key: room, priority: 2 }, room: "ward" }],
  ];
  const ended: readonly [type: string, data: object][] = raised.map(([type, data]) => [
    `${type}-no-more`,
    { alarms: [(data as { alarm: { key: string } }).alarm.key] },
  ]);

  async function standing(...said: readonly [by: "hub" | "box", facts: readonly [type: string, data: object][]][]) {
    const ledger = openLedger(":memory:");
    const reading = await readLedger(ledger, log);
    const journals = { hub: createJournal("", "hub"), box: createJournal(place.site, place.edge) };
    let sequence = 0;
    for (const [by, facts] of said)
      for (const [type, data] of facts) {
        sequence += 1;
        const record = journals[by].add(type, data, { lane: "alarm" });
        const { site, edge } = by === "hub" ? { site: "", edge: "hub" } : place;
        for (const row of rowsOf(site, edge, [record], sequence)) reading.apply(row);
      }
    await ledger.close();
    return [
      reading.isShorthanded(),
      reading.isSilent(place.site, place.edge),
      reading.stands(fork),
      reading.stands(room),
    ];
  }
  const all = [true, true, true, true];
  const none = all.map(() => false);

  it("is told from its own chain", async () => {
    expect(await standing(["hub", raised])).toEqual(all);
    expect(await standing(["hub", raised], ["hub", ended])).toEqual(none);
  });

  it("is nothing that a box can say or unsay, whatever it calls its own", async () => {
    expect(await standing(["box", raised])).toEqual(none);
    expect(await standing(["hub", raised], ["box", raised], ["box", ended])).toEqual(all);
  });
});
