// The topics under which control rooms hear of alarms.
import { describe, expect, it } from "vitest";
import { raisedBy } from "../../hub/alarm/raised.js";
import { alarmFrames } from "../../hub/control-room/zeromq/frames.js";
import { breachData, createJournal, inventory, rowsOf } from "./box.js";

describe("an alarm's topic", () => {
  it.each([
    { name: "site, area and priority", site: "compound", type: "zone.breached", topic: "alarm.compound.fence.1" },
    { name: "A-30: no site for the hub's own", site: "", type: "operators.too-few", topic: "alarm.-.-.2" },
  ])("names $name", ({ site, type, topic }) => {
    const alarm = { key: "k", priority: 2 as const };
    const data = type === "zone.breached" ? breachData("i1", 1) : { alarm, present: 1, needed: 2 };
    const record = createJournal(site, site === "" ? "hub" : "gatehouse").add(type, data);
    const [row] = rowsOf(site, site === "" ? "hub" : "gatehouse", [record]);
    if (row === undefined) throw new Error("no row");
    const known = { inventoryOf: () => (site === "" ? undefined : inventory), taskOf: () => undefined };
    const mark = type === "zone.breached" ? { ...alarm, priority: 1 as const } : alarm;
    expect(alarmFrames(row, raisedBy(row, mark, known))[0]).toBe(topic);
  });
});
