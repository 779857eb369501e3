// Every act on an alarm through the one module that all outlets call: who may, what is recorded, what the box is asked for.
import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { roles } from "../../edge/model/command.js";
import {
  type Actor,
  type AlarmAct,
  type AlarmActKind,
  type AlarmActs,
  createActs,
  types,
} from "../../hub/alarm/acts.js";
import { createAlarms } from "../../hub/alarm/alarms.js";
import { tryOf } from "../../hub/alarm/tells.js";
import type { LedgerRow, OwnFact } from "../../hub/ledger/ledger.js";
import { mayHandle } from "../../hub/people/rights.js";
import { at, breachData, createJournal, inventory, noon, rowsOf } from "./box.js";

const wang: Actor = { user: "wang", role: "operator", outlet: "opcua" };
const li: Actor = { user: "li", role: "supervisor", outlet: "http" };
const overdue = { alarm: { key: "workorder/W1", priority: 3 }, number: "W1", device: "barrier:b1", dueAt: at(0) };
const hour = 3_600_000;
const shelve: AlarmAct = { kind: "shelve", forMs: hour, reason: "parts ordered" };

describe("an act on an alarm", () => {
  let alarms: ReturnType<typeof createAlarms>;
  let acts: AlarmActs;
  let recorded: OwnFact[];
  let ordered: object[];
  let isAway: boolean;
  let feed: (type: string, data: object) => void;

  beforeEach(() => {
    alarms = createAlarms({ inventoryOf: () => inventory, taskOf: () => undefined });
    recorded = [];
    ordered = [];
    isAway = false;
    const journal = createJournal("compound", "gatehouse");
    const own = createJournal("", "hub");
    let sequence = 0;
    const apply = (rows: readonly LedgerRow[]) => {
      for (const row of rows) alarms.apply(row);
      return rows;
    };
    const number = () => {
      sequence += 1;
      return sequence;
    };
    feed = (type, data) => void apply(rowsOf("compound", "gatehouse", [journal.add(type, data)], number()));
    acts = createActs({
      get: alarms.get,
      book: {
        async act(...facts) {
          recorded.push(...facts);
          return facts.flatMap(({ type, data, lane }) =>
            apply(rowsOf("", "hub", [own.add(type, data, { lane })], number())),
          );
        },
      },
      limits: { shelveMsMax: 8 * hour, outOfServiceMsMax: 24 * hour },
      now: () => noon,
      newId: randomUUID,
      may: mayHandle,
      order: async (actor, { site, edge }, act) => {
        ordered.push({ user: actor.user, site, edge, act });
        return { code: isAway ? "uplink.unreachable" : "" };
      },
    });
  });

  it("ISA-18.2: silence, acknowledge and reset are three acts of which none does the work of another", async () => {
    feed("zone.breached", breachData("i1", 1));
    const silenced = await acts.perform(wang, "1", { kind: "silence" });
    expect(silenced).toMatchObject({ state: "unacknowledged", silencedBy: "wang", latched: true });
    expect(ordered).toEqual([{ user: "wang", site: "compound", edge: "gatehouse", act: { kind: "silence" } }]);
    const seen = await acts.perform(wang, "1", { kind: "acknowledge" });
    expect(seen).toMatchObject({
      state: "acknowledged",
      acknowledgedBy: "wang",
      acknowledgedFrom: "opcua",
      latched: true,
    });
    feed("zone.restored", { zone: "north", area: "fence", alarms: ["i1/north/breach"] });
    const asked = await acts.perform(li, "1", { kind: "reset" });
    expect(asked.state).toBe("latched");
    expect(ordered.at(-1)).toMatchObject({ user: "li", act: { kind: "reset", incident: "i1" } });
    feed("incident.closed", { incident: "i1", by: "li" });
    expect(alarms.get("1")).toMatchObject({ state: "closed", resetBy: "li" });
  });

  it("is recorded once with person and outlet, however often it is done", async () => {
    feed("zone.breached", breachData("i1", 1));
    await acts.perform({ ...wang, note: "a cat" }, "1", { kind: "acknowledge" });
    await acts.perform(li, "1", { kind: "acknowledge" });
    expect(recorded).toMatchObject([
      {
        type: "alarm.acknowledged",
        lane: "alarm",
        data: { target: "1", by: "wang", outlet: "opcua", note: "a cat", incident: "i1", command: expect.any(String) },
      },
    ]);
  });

  it("keeps the box's alarms waiting to be told until the box has written it down, and takes its echo for no act", async () => {
    feed("zone.breached", breachData("i1", 1));
    await acts.perform(wang, "1", { kind: "acknowledge" });
    const [tell] = [...alarms.pendingTells()];
    expect(tell).toMatchObject({ site: "compound", edge: "gatehouse", incident: "i1", by: "wang" });
    feed("zone.breached", { ...breachData("i1", 2), zone: "south", alarm: { key: "i1/south/breach", priority: 1 } });
    const act = { kind: "acknowledge", incident: "i1" };
    // The first try was carried out too, only the record of it was late.
    for (const mono of [1000.5, 16_000]) {
      feed("operator.commanded", { command: tryOf(tell?.command ?? "", mono), issuers: ["wang"], act, reason: "" });
      expect([...alarms.pendingTells()]).toEqual([]);
      feed("operator.acknowledged", { incident: "i1", by: "wang" });
    }
    expect(alarms.list().map(({ state }) => state)).toEqual(["unacknowledged", "acknowledged"]);
    feed("operator.acknowledged", { incident: "i1", by: "wang" });
    expect(alarms.list()[0]).toMatchObject({ state: "acknowledged", acknowledgedFrom: "box" });
  });

  it("forgets to tell a box whose incident is closed", async () => {
    feed("zone.breached", breachData("i1", 1));
    await acts.perform(wang, "1", { kind: "acknowledge" });
    feed("incident.closed", { incident: "i1", by: "guard" });
    expect([...alarms.pendingTells()]).toEqual([]);
  });

  it("resets at the hub what no box can: a chain that forked", async () => {
    await acts.perform(wang, "1", { kind: "acknowledge" }).catch(() => undefined);
    const forked = { alarm: { key: "chain.forked/x", priority: 1 }, site: "compound", edge: "gatehouse", detail: "" };
    feed("chain.forked", forked);
    await expect(acts.perform(li, "1", { kind: "reset" })).rejects.toMatchObject({
      trouble: { place: "/acknowledged" },
    });
    await acts.perform(li, "1", { kind: "acknowledge" });
    expect(await acts.perform(li, "1", { kind: "reset" })).toMatchObject({ state: "closed", resetBy: "li" });
    expect(ordered).toEqual([]);
  });

  it("shelves for a time with a reason, also what comes again, and nothing of another origin or type", async () => {
    feed("workorder.overdue", overdue);
    const shelved = await acts.perform(li, "1", shelve);
    const until = new Date(noon + hour).toISOString();
    expect(shelved.shelved).toMatchObject({ by: "li", reason: "parts ordered", until });
    feed("workorder.assigned", { ...overdue, alarm: undefined, alarms: ["workorder/W1"], by: "x", note: "" });
    await acts.perform(li, "1", { kind: "acknowledge" });
    expect(alarms.get("1")?.state).toBe("closed");
    feed("workorder.overdue", overdue);
    feed("duty.missed", { alarm: { key: "d", priority: 3 }, duty: "patrol", dueAt: at(0) });
    const [duty, again] = alarms.list();
    expect([duty?.shelved, again?.shelved?.by]).toEqual([null, "li"]);
    expect(await acts.perform(li, again?.id ?? "", { kind: "unshelve" })).toMatchObject({ shelved: null });
  });

  it("takes out of service and back, by those who maintain", async () => {
    feed("workorder.overdue", overdue);
    const act: AlarmAct = { kind: "take-out-of-service", forMs: hour, reason: "rebuilt" };
    await expect(acts.perform(wang, "1", act)).rejects.toMatchObject({ trouble: { code: "api.forbidden" } });
    const zhao: Actor = { user: "zhao", role: "technician", outlet: "http" };
    expect((await acts.perform(zhao, "1", act)).outOfService).toMatchObject({ by: "zhao" });
    expect((await acts.perform(zhao, "1", { kind: "return-to-service" })).outOfService).toBeNull();
  });

  it("on a protected alarm is refused through every outlet, and the attempt is a record", async () => {
    feed("zone.breached", breachData("i1", 1));
    for (const outlet of ["http", "opcua", "mqtt", "dc09"]) {
      const attempt = acts.perform({ ...li, outlet }, "1", shelve);
      await expect(attempt).rejects.toMatchObject({ trouble: { code: "alarm.protected" } });
      expect(recorded.at(-1)).toMatchObject({
        type: "act.refused",
        lane: "state",
        data: { by: "li", outlet, act: "shelve" },
      });
    }
    expect(alarms.get("1")?.shelved).toBeNull();
  });

  it("that needs its box is not done while the box is away, and says so", async () => {
    feed("zone.breached", breachData("i1", 1));
    isAway = true;
    const attempt = acts.perform(wang, "1", { kind: "silence" });
    await expect(attempt).rejects.toMatchObject({ trouble: { code: "api.box-away" } });
    expect([alarms.get("1")?.silencedBy, recorded]).toEqual([null, []]);
    expect(await acts.perform(wang, "1", { kind: "acknowledge" })).toMatchObject({ state: "acknowledged" });
  });

  it("shows a zone that its box inhibits as suppressed, and one that is out as out of service", () => {
    feed("zone.breached", { ...breachData("i1", 1), kind: "power" });
    feed("zone.taken-out", { zone: "north", out: { how: "inhibited", by: ["wang"], reason: "wind", until: null } });
    expect(alarms.get("1")).toMatchObject({ suppressed: { by: "wang", reason: "wind" }, outOfService: null });
    feed("zone.taken-out", { zone: "north", out: { how: "repair", by: ["li", "chen"], reason: "", until: at(hour) } });
    expect(alarms.get("1")).toMatchObject({ suppressed: null, outOfService: { by: "li, chen" } });
    feed("zone.reinstated", { zone: "north", by: "li" });
    expect(alarms.get("1")).toMatchObject({ suppressed: null, outOfService: null });
  });

  it("at the box's own panel silences here too", () => {
    feed("zone.breached", breachData("i1", 1));
    feed("annunciator.silenced", { annunciator: "siren", by: "guard", at: at(2) });
    expect(alarms.get("1")).toMatchObject({ silencedBy: "guard", state: "unacknowledged" });
  });

  it("is never taken from a box that speaks as the hub does", async () => {
    feed("zone.breached", breachData("i1", 1));
    for (const type of Object.values(types)) feed(type, { target: "1", by: "eve", acknowledged: "1" });
    expect(alarms.get("1")).toMatchObject({ state: "unacknowledged", silencedAt: null, shelved: null });
  });

  it("on an alarm that nobody knows is refused", async () => {
    await expect(acts.perform(li, "77", { kind: "acknowledge" })).rejects.toMatchObject({
      trouble: { code: "api.not-found" },
    });
  });

  const may: Readonly<Record<AlarmActKind, readonly string[]>> = {
    acknowledge: roles,
    silence: roles,
    reset: roles,
    shelve: ["operator", "supervisor", "administrator"],
    unshelve: ["operator", "supervisor", "administrator"],
    "take-out-of-service": ["supervisor", "technician", "administrator"],
    "return-to-service": ["supervisor", "technician", "administrator"],
  };
  it.each(Object.entries(may) as [AlarmActKind, readonly string[]][])("%s is open to %j", (act, allowed) => {
    expect(roles.filter((role) => mayHandle(role, act))).toEqual(roles.filter((role) => allowed.includes(role)));
  });
});
