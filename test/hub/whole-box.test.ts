// What the hub shows of a real box: everything that the box's controller holds to be true, in whatever order its lanes arrive.
import { beforeAll, describe, expect, it } from "vitest";
import { inventoryOf } from "../../edge/agent/inventory.js";
import { fold, initialDurable } from "../../edge/incident/durable.js";
import type { Act } from "../../edge/model/command.js";
import type { Durable } from "../../edge/model/durable.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { type Reading, readLedger } from "../../hub/reading.js";
import { exampleSite, VirtualSite } from "../support/virtual-site.js";
import { createJournal, rowsOf } from "./box.js";
import { log } from "./running-hub.js";

const hourMs = 3_600_000;
const decree = { issuer: "市反恐办", reference: "2026-17" };

/** A busy hour at the office: each order and each happening with the time that it is given. */
function live(site: VirtualSite): void {
  const [area] = site.config.areas;
  const [zone, other] = site.config.zones.filter(({ kind }) => kind === "infrared-beam" || kind === "door-contact");
  const [group] = site.config.groups;
  if (area === undefined || zone === undefined || other === undefined || group === undefined) throw new Error("small");
  const acts: readonly Act[] = [
    { kind: "disarm", area: area.id },
    { kind: "isolate", zone: zone.id, forMs: 10 * hourMs },
    { kind: "inhibit", zone: other.id },
    { kind: "reinstate", zone: other.id },
    { kind: "declare-risk", colour: "yellow", ...decree },
    { kind: "set-posture", level: "level-3", leader: null, ...decree },
    { kind: "arm", area: area.id },
    { kind: "start-walk-test", zones: [other.id], forMs: hourMs },
    { kind: "lock-down", group: group.id },
    { kind: "let-pass", barrier: group.barriers[0] ?? "", forMs: 10 * 60_000 },
  ];
  for (const act of acts) {
    const { ok, code } = site.command(act, ["li", "wang"]);
    expect([act.kind, ok, code]).toEqual([act.kind, true, ""]);
    site.run(act.kind === "lock-down" ? 40_000 : 1_000);
  }
  const [driver] = site.config.drivers;
  site.cutLine(driver?.id ?? "");
  site.run(30_000);
  site.mendLine(driver?.id ?? "");
  site.run(90_000);
}

const iso = (at: { readonly wall: number } | null) => (at === null ? null : new Date(at.wall).toISOString());

/** What the box holds, in the words of the console. */
function heldBy(durable: Durable) {
  return {
    areas: durable.armed,
    zones: Object.fromEntries(Object.entries(durable.zones).map(([id, { state }]) => [id, state])),
    out: Object.fromEntries(Object.entries(durable.out).map(([id, { how, until }]) => [id, [how, iso(until)]])),
    barriers: durable.barriers,
    held: Object.values(durable.lockDowns).flatMap(({ barriers }) => barriers),
    passes: Object.fromEntries(Object.entries(durable.passes).map(([id, { until }]) => [id, iso(until)])),
    posture: { ...durable.posture, since: iso(durable.posture.since) },
    risk: { ...durable.risk, since: iso(durable.risk.since) },
    walkTest: durable.walkTest && [durable.walkTest.zones, iso(durable.walkTest.until)],
    incidents: Object.keys(durable.incidents).sort(),
    orders: Object.values(durable.workOrders).map(({ number, state, isOverdue }) => [number, state, isOverdue]),
  };
}

function shownBy({ projections }: Reading): ReturnType<typeof heldBy> {
  const [edge] = projections.edges();
  if (edge === undefined) throw new Error("no box");
  const { posture, risk, walkTest } = edge;
  const heard = <T extends { readonly id: string }, V>(views: readonly T[], value: (view: T) => V | null) =>
    Object.fromEntries(views.flatMap((view) => (value(view) === null ? [] : [[view.id, value(view) as V]])));
  const open = projections.incidents().filter(({ state }) => state === "open");
  const orders = projections.workOrders().filter(({ state }) => state !== "verified");
  return {
    areas: heard(projections.areas(), ({ armed }) => armed),
    zones: heard(projections.zones(), ({ state, changedAt }) => (changedAt === null ? null : state)),
    out: heard(projections.zones(), ({ out }) => out && [out.how, out.until]),
    barriers: heard(projections.barriers(), ({ state, changedAt }) => (changedAt === null ? null : state)),
    held: projections.barriers().flatMap(({ id, held }) => (held ? [id] : [])),
    passes: heard(projections.barriers(), ({ pass }) => pass?.until ?? null),
    posture: posture as ReturnType<typeof heldBy>["posture"],
    risk,
    walkTest: walkTest && [walkTest.zones, walkTest.until],
    incidents: open.map(({ id }) => id).sort(),
    orders: [...orders].reverse().map(({ number, state, overdue }) => [number, state, overdue]),
  };
}

describe("the hub and a whole box", () => {
  let site: VirtualSite;
  let records: readonly JournalRecord[];

  beforeAll(() => {
    site = new VirtualSite(exampleSite("office")).run(10_000);
    live(site);
    const journal = createJournal("compound", "gatehouse");
    journal.add("config.applied", { revision: 1, hash: "h", inventory: inventoryOf(site.config) });
    for (const { type, data } of site.facts) journal.add(type, data);
    records = journal.records;
  });

  const ofLane = (...lanes: readonly string[]) => records.filter(({ lane }) => lanes.includes(lane));

  it.each<{ name: string; arrive: () => readonly JournalRecord[] }>([
    { name: "in the order of the box", arrive: () => records },
    {
      name: "alarms first, as after a long absence",
      arrive: () => [...ofLane("alarm"), ...ofLane("state", "telemetry")],
    },
    { name: "alarms last", arrive: () => [...ofLane("state", "telemetry"), ...ofLane("alarm")] },
  ])("show the same when its records arrive $name", async ({ arrive }) => {
    const durable = site.facts.reduce(fold, initialDurable(site.config));
    const ledger = openLedger(":memory:");
    const reading = await readLedger(ledger, log);
    for (const row of rowsOf("compound", "gatehouse", arrive())) reading.apply(row);
    const shown = shownBy(reading);
    const held = heldBy(durable);
    expect(held.orders.length).toBeGreaterThan(0);
    expect({ ...shown, held: [...shown.held].sort() }).toEqual({ ...held, held: [...held.held].sort() });
    await ledger.close();
  });
});
