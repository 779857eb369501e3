// What ledger rows say to an alarm receiver.
import { describe, expect, it } from "vitest";
import { causes } from "../../../edge/model/incident.js";
import { type Actor, createActs } from "../../../hub/alarm/acts.js";
import { createAlarms } from "../../../hub/alarm/alarms.js";
import { codesOf } from "../../../hub/control-room/dc09/codes.js";
import { describer } from "../../../hub/control-room/dc09/describe.js";
import { type Event, emptyRegister, type Register, readEvents } from "../../../hub/control-room/dc09/events.js";
import { dataOf, lateness } from "../../../hub/control-room/dc09/message.js";
import type { LedgerRow } from "../../../hub/ledger/ledger.js";
import { breachData, createJournal, noon, rowsOf } from "../box.js";

const describeRow = describer({ alarmOf: () => undefined, titleOf: ({ record }) => record.type });
const read = readEvents(describeRow);

function play(rows: readonly LedgerRow[]): { events: Event[]; register: Register } {
  let register = emptyRegister;
  const events: Event[] = [];
  for (const row of rows) {
    const turn = read(register, row);
    register = turn.state;
    events.push(...turn.events);
  }
  return { events, register };
}

function rowsWith(fill: (journal: ReturnType<typeof createJournal>) => void, site = "compound"): readonly LedgerRow[] {
  const journal = createJournal(site, site === "" ? "hub" : "gatehouse");
  fill(journal);
  return rowsOf(site, site === "" ? "hub" : "gatehouse", journal.records);
}

const alarm = (key: string, priority = 1) => ({ key, priority });

describe("the events of an alarm receiver", () => {
  it("A-31: a cut fence is a burglary alarm of its zone, and its end the restoral of the same number", () => {
    const { events } = play(
      rowsWith((journal) => {
        journal.add("zone.breached", breachData("i1", 1));
        journal.add("zone.restored", { zone: "north", area: "fence", alarms: ["i1/north/breach"] });
      }),
    );
    expect(events).toMatchObject([
      { sia: "BA", cid: "131", qualifier: "1", area: 1, zone: 1, occurredAt: noon },
      { sia: "BR", cid: "131", qualifier: "3", area: 1, zone: 1 },
    ]);
  });

  it("ends the alarms of an incident that a person closed", () => {
    const { events, register } = play(
      rowsWith((journal) => {
        journal.add("zone.breached", breachData("i1", 1));
        journal.add("zone.breached", { ...breachData("i2", 1), zone: "south" });
        journal.add("incident.closed", { incident: "i1", by: "wang" });
      }),
    );
    expect(events.map(({ sia, zone }) => `${sia}${zone}`)).toEqual(["BA1", "BA2", "BR1"]);
    expect(Object.keys(register.open)).toEqual(["compound/gatehouse/i2/north/breach"]);
  });

  it("tells the end of an incident that its box knows no more, by the hub's word only", () => {
    const raised = rowsWith((journal) => void journal.add("zone.breached", breachData("i1", 1)));
    const lost = (journal: ReturnType<typeof createJournal>) =>
      void journal.add("incident.lost", { site: "compound", edge: "gatehouse", incident: "i1", by: "hub" });
    expect(play([...raised, ...rowsWith(lost, "")]).events.map(({ sia, zone }) => `${sia}${zone}`)).toEqual([
      "BA1",
      "BR1",
    ]);
    expect(play([...raised, ...rowsWith(lost)]).events.map(({ sia }) => sia)).toEqual(["BA"]);
  });

  it("tells the end of an alarm that was reset at the hub", async () => {
    const rows = [...rowsWith((journal) => void journal.add("chain.forked", { alarm: alarm("fork") }), "")];
    const alarms = createAlarms({ inventoryOf: () => undefined, taskOf: () => undefined });
    for (const row of rows) alarms.apply(row);
    const own = createJournal("", "hub");
    const acts = createActs({
      get: alarms.get,
      book: {
        async act(...facts) {
          const added = facts.map(({ type, data, lane }) => own.add(type, data, { lane }));
          const made = rowsOf("", "hub", added, rows.length + 1);
          for (const row of made) alarms.apply(row);
          rows.push(...made);
          return made;
        },
      },
      limits: { shelveMsMax: 1, outOfServiceMsMax: 1 },
      now: () => noon,
      newId: () => "c1",
      may: () => true,
      order: async () => ({ code: "" }),
    });
    const wang: Actor = { user: "wang", role: "operator", outlet: "http" };
    await acts.perform(wang, "1", { kind: "acknowledge" });
    await acts.perform(wang, "1", { kind: "reset" });
    expect(play(rows).events.map(({ sia }) => sia)).toEqual(["ES", "EJ"]);
  });

  it("A-14: an alarm that a drill caused goes out as a manual test, so that nobody is sent", () => {
    const { events } = play(
      rowsWith((journal) => {
        journal.add("drill.started", { drill: "d1", zones: ["north"], by: "wang" });
        journal.add("zone.breached", breachData("i1", 1), { exercise: true });
        journal.add("zone.restored", { zone: "north", area: "fence", alarms: ["i1/north/breach"] });
        journal.add("drill.ended", { drill: "d1", by: "wang" });
      }),
    );
    expect(events.map(({ sia, cid, qualifier }) => [sia, cid, qualifier])).toEqual([
      ["TS", "607", "1"],
      ["RX", "601", "1"],
      ["TE", "607", "3"],
    ]);
  });

  it.each([
    ["A-20: a walk test begins", "walktest.started", "TS", "1607 01 000"],
    ["A-20: a walk test ends", "walktest.ended", "TE", "3607 01 000"],
    ["an area is armed", "area.armed", "CL", "3401 01 001"],
    ["an area is disarmed", "area.disarmed", "OP", "1401 01 001"],
    ["a zone is taken out", "zone.taken-out", "BB", "1570 01 001"],
    ["a zone is back", "zone.reinstated", "BU", "3570 01 001"],
  ])("%s", (_name, type, sia, cid) => {
    const data = type.startsWith("zone") ? { zone: "north", area: "fence" } : { area: "fence" };
    const { events } = play(rowsWith((journal) => void journal.add(type, type.startsWith("walk") ? {} : data)));
    expect(events).toHaveLength(1);
    const [event] = events;
    if (event === undefined) return;
    expect(event.sia).toBe(sia);
    expect(dataOf(event, "ADM-CID")).toBe(type.startsWith("area") ? cid.replace("001", "000") : cid);
  });

  it("keeps a number for a thing for ever, whatever comes in between", () => {
    const { events } = play(
      rowsWith((journal) => {
        for (const zone of ["north", "south", "east", "north", "south"])
          journal.add("zone.breached", { ...breachData("i1", 1), zone, alarm: alarm(`i1/${zone}`) });
      }),
    );
    expect(events.map(({ zone }) => zone)).toEqual([1, 2, 3, 1, 2]);
  });

  it("names the box of an alarm that the hub raises itself", () => {
    const { events, register } = play(
      rowsWith((journal) => {
        journal.add("edge.silent", { alarm: alarm("silent"), site: "compound", edge: "gatehouse" });
        journal.add("edge.heard", { alarms: ["silent"], site: "compound", edge: "gatehouse" });
      }, ""),
    );
    expect(events.map(({ sia }) => sia)).toEqual(["YC", "YK"]);
    expect(register.open).toEqual({});
  });

  it("has a code for every cause, and one for what nobody knows yet", () => {
    const journal = createJournal("compound", "gatehouse");
    for (const cause of [...causes, "a-cause-of-tomorrow", "constructor"]) {
      const codes = codesOf(journal.add("zone.breached", { cause }));
      expect(codes.sia[0], cause).toMatch(/^[A-Z]{2}$/);
      expect(codes.cid, cause).toMatch(/^\d{3}$/);
    }
  });

  it("writes nothing that could end the frame, and ASCII only", () => {
    const odd = readEvents(() => ({ text: "围栏 [x]|y*z^ \n\u0000".repeat(9), area: null, thing: "north" }));
    const [row] = rowsWith((journal) => void journal.add("zone.breached", breachData("i1", 1)));
    if (row === undefined) throw new Error("no row");
    const [event] = odd(emptyRegister, row).events;
    expect(event?.text).toMatch(/^[\x20-\x7e]{1,60}$/);
    expect(event?.text).not.toMatch(/[[\]|*^]/);
  });
});

describe("a message to a receiver", () => {
  const event: Event = {
    sia: "BA",
    cid: "131",
    qualifier: "1",
    area: 1,
    zone: 7,
    text: "Fence N zone 7",
    occurredAt: noon,
  };
  it("speaks SIA or Contact ID", () => {
    expect(dataOf(event, "SIA-DCS")).toBe("Nri1/BA007*Fence N zone 7");
    expect(dataOf(event, "ADM-CID")).toBe("1131 01 007");
  });

  it("says when it happened if the receiver hears it late", () => {
    expect(lateness(event, noon + 60_000)).toBe("");
    expect(lateness(event, noon + 60_001)).toBe("[H12:00:00,06-01-2026]");
  });
});
