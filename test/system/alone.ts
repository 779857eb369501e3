// The box alone: its hub killed before anything happens, or itself killed in the middle of a response. Part of
// trouble.test.ts, which lends it demos.
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { HealthAnswer } from "../../edge/commissioning/status.js";
import type { FactMap } from "../../edge/model/fact.js";
import { type JournalRecord, lanes } from "../../edge/model/record.js";
import { portcullis } from "../support/command-line.js";
import type { Demo } from "../support/demo.js";
import { cutAlarmWithinMs } from "../support/fence-cut.js";
import { until } from "../support/until.js";

async function exportJournal({ access }: Demo): Promise<readonly JournalRecord[]> {
  const { code, out } = await portcullis("journal", "export", access.edge.data);
  expect(code).toBe(0);
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The hub is killed before the fence is cut and a lane is rushed. */
export async function testHubAway(demo: Demo): Promise<void> {
  await until("the hub has heard of the box", async () => (await demo.boxes())[0]?.lastRecordAt);
  await demo.kill("hub");
  const killedAt = Date.now();

  const cutAt = await demo.trigger("fence-cut");
  const siren = await demo.happened({ device: "siren", what: "on", value: true }, cutAt);
  expect(siren.mono - cutAt).toBeLessThanOrEqual(cutAlarmWithinMs);
  const rushAt = await demo.trigger("vehicle-rush");
  for (const device of ["B2", "B3"]) {
    const closed = await demo.happened({ device, what: "closed", value: true }, rushAt, 35_000);
    expect(closed.mono - rushAt, device).toBeLessThanOrEqual(30_000);
  }
  await until("the box itself shows every step as met", async () => {
    const steps = Object.values((await demo.status()).durable.steps);
    return steps.length === 5 && steps.every(({ outcome }) => outcome === "met");
  });
  const health = await fetch(`${demo.access.edge.url}/healthz`);
  expect(health.status).toBe(200);
  expect((await health.json()) as HealthAnswer).toMatchObject({ status: "degraded", reasons: ["hub not connected"] });

  await demo.restart("hub");
  const exported = await exportJournal(demo);
  const source = `/portcullis/${demo.access.edge.site}/${demo.access.edge.id}`;
  const rows = await until(
    "the backlog is at the hub",
    async () => {
      const seen = (await demo.records()).filter(({ record }) => record.source === source);
      return (
        lanes.every((lane) =>
          isThere(
            lane,
            seen.map(({ record }) => record),
            exported,
          ),
        ) && seen
      );
    },
    30_000,
  );
  for (const lane of lanes) {
    const of = (records: readonly JournalRecord[]) => records.filter((record) => record.lane === lane);
    const [sent, arrived] = [of(exported), of(rows.map(({ record }) => record))];
    expect(arrived.slice(0, sent.length), lane).toEqual(sent);
    expect(
      arrived.map(({ sequence }) => sequence),
      lane,
    ).toEqual(arrived.map((_, index) => index + 1));
  }
  const backlog = rows.filter(
    ({ storedAt, record }) => Date.parse(storedAt) > killedAt && exported.some(({ id }) => id === record.id),
  );
  const order = backlog.map(({ record }) => record.lane);
  expect(order.filter((lane) => lane === "alarm").length).toBeGreaterThan(15);
  expect(order).toEqual([...order].sort((one, other) => lanes.indexOf(one) - lanes.indexOf(other)));
  expect((await demo.alarms()).map(({ type }) => type)).toContain("zone.breached");
}

function isThere(lane: string, seen: readonly JournalRecord[], exported: readonly JournalRecord[]): boolean {
  const newest = exported.filter((record) => record.lane === lane).at(-1);
  return newest === undefined || seen.some(({ id }) => id === newest.id);
}

/** The box is killed while bollards move and a car stops one of them half way. */
export async function testKilledBox(demo: Demo): Promise<void> {
  await demo.order({ kind: "lock-down", group: "all-lanes" });
  const moving = await demo.happened({ device: "B3", what: "motion", value: "raising" }, 0);
  await pause(1_000);
  const before = (await demo.status()).durable;
  const killedAt = process.hrtime.bigint();
  await demo.kill("edge");
  // A car makes the third bollard stop half way; it has gone before anybody looks again.
  const carAt = await demo.trigger("vehicle-on-loop", "B3");
  await demo.happened({ device: "B3", what: "motion", value: "still" }, carAt);
  await demo.trigger("vehicle-leaves", "B3");
  await demo.restart("edge");

  const closed = await demo.happened({ device: "B3", what: "closed", value: true }, moving.mono, 40_000);
  const incident = await until("every close is met", async () => {
    const [opened] = await demo.incidents();
    const closes = opened?.steps.filter(({ action }) => action.kind === "close") ?? [];
    return closes.length === 3 && closes.every(({ outcome }) => outcome === "met") && demo.incident(opened?.id ?? "");
  });
  const kept = Object.values(before.steps).find(
    ({ action }) => action.kind === "close" && action.barrier === "bollard-3",
  );
  const step = incident.steps.find(({ target }) => target === "bollard-3");
  expect(closed.mono).toBeLessThanOrEqual(kept?.deadlineAt.mono ?? 0);
  expect(step?.resumed).toMatchObject({ by: "monotonic" });

  const resumed = incident.timeline?.find(({ type, subject }) => type === "step.resumed" && subject === step?.id);
  const { at, deadlineAt, leftMs } = (resumed?.data ?? {}) as unknown as FactMap["step.resumed"];
  expect(deadlineAt.mono).toBeCloseTo(kept?.deadlineAt.mono ?? 0, 0);
  expect(leftMs).toBeCloseTo(deadlineAt.mono - at.mono, -1);
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThan(26_000);

  const connected = (await demo.records("driver.connected")).filter(({ record }) => BigInt(record.mono) > killedAt);
  const fresh = connected
    .filter(({ record }) => ["io", "bollards"].includes(record.subject))
    .map(({ record }) => Number(BigInt(record.mono)) / 1e6);
  expect(fresh.length).toBeGreaterThanOrEqual(2);
  const orders = (await demo.events()).filter(({ what, mono }) => what === "orders" && mono > Number(killedAt) / 1e6);
  expect(orders.some(({ device }) => device === "B3")).toBe(true);
  for (const { mono } of orders) expect(mono).toBeGreaterThan(Math.max(...fresh));
}
