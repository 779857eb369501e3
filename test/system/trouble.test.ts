// What goes wrong on a site: bollards that cannot close in time, sensors and fire that stand above a lock-down,
// rubbish, a hub and a box that die. All at the same time, each on a demo of its own, because most of it is waiting.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FactMap } from "../../edge/model/fact.js";
import type { CommandView, ErrorView } from "../../hub/console/views.js";
import { type Demo, startDemo } from "../support/demo.js";
import { until } from "../support/until.js";
import { testHubAway, testKilledBox } from "./alone.js";
import { testRecordings } from "./recordings.js";
import { testBoxRubbish, testFieldRubbish, testRequestRubbish } from "./rubbish.js";

let held: Demo;
let safe: Demo;
let hubless: Demo;
let killed: Demo;
beforeAll(async () => {
  // Two at a time: a start is all computing, what follows is mostly waiting.
  [held, safe] = await Promise.all([startDemo(), startDemo()]);
  [hubless, killed] = await Promise.all([startDemo(), startDemo()]);
});
afterAll(() => Promise.all([held, safe, hubless, killed].map((demo) => demo?.close())));

test.concurrent("S-13: with the hub dead the site acts in time, and afterwards every record arrives once, in order, alarms first", () =>
  testHubAway(hubless));

test.concurrent("S-13: kill -9 while bollards move: after the restart nothing moves before inputs are fresh, and the step ends with the time that was left", () =>
  testKilledBox(killed));

test.concurrent(
  "A-31 a recorded machete at the fence is in the journal at its third blow, single knocks beside it are not",
  testRecordings,
);

/** The record of this type and target, as soon as the hub has it. */
function told<T extends "step.inhibited" | "step.missed">(demo: Demo, type: T, target: string, withinMs?: number) {
  return until(
    `${type} of ${target}`,
    async () => {
      const rows = (await demo.records(type)).map(({ record }) => record);
      const found = rows.find(({ data }) => data["target"] === target);
      return found && { mono: Number(BigInt(found.mono)) / 1e6, data: found.data as unknown as FactMap[T] };
    },
    withinMs,
  );
}

describe.concurrent("bollards held up in a vehicle rush", () => {
  const withinMs = 30_000;
  let rushAt: number;

  test.sequential("a car on the loop and a jam are reported at once", async () => {
    await held.trigger("bollard-jam", "B2");
    await held.trigger("vehicle-on-loop", "B3");
    rushAt = await held.trigger("vehicle-rush");
    const car = await told(held, "step.inhibited", "bollard-3");
    expect(car.data.reason).toBe("vehicle-on-loop");
    expect(car.mono - rushAt).toBeLessThanOrEqual(3_000);
    const jam = await told(held, "step.inhibited", "bollard-2");
    expect(jam.data.reason).toBe("jammed");
    expect(jam.mono - rushAt).toBeLessThanOrEqual(6_000);
  });

  test.sequential("at 30 s a missed step of priority 1 names each bollard and its reason, and the buzzer sounds", async () => {
    const buzzer = await held.happened(
      { device: "gatehouse-buzzer", what: "on", value: true },
      rushAt,
      withinMs + 5_000,
    );
    expect(buzzer.mono - rushAt).toBeGreaterThanOrEqual(withinMs - 1_000);
    expect(buzzer.mono - rushAt).toBeLessThanOrEqual(withinMs + 2_000);
    // A drive that supervises its own run has reported the jam by then as its fault.
    for (const [barrier, reasons] of [
      ["bollard-2", ["jammed", "drive-fault"]],
      ["bollard-3", ["vehicle-on-loop"]],
    ] as const) {
      const { data } = await told(held, "step.missed", barrier);
      expect(data.alarm.priority).toBe(1);
      expect(reasons).toContain(data.reason);
      expect(data.latenessMs).toBeLessThanOrEqual(1_000);
      const alarm = await until("the alarm", async () =>
        (await held.alarms()).find(({ key }) => key === data.alarm.key),
      );
      expect(alarm).toMatchObject({ type: "step.missed", barrier, priority: 1, cause: data.reason });
    }
  });

  test.sequential("when the car has left, its bollard closes after clearMs, though late", async () => {
    const leftAt = await held.trigger("vehicle-leaves", "B3");
    const moved = await held.happened({ device: "B3", what: "motion", value: "raising-fast" }, leftAt);
    expect(moved.mono - leftAt).toBeGreaterThanOrEqual(2_000);
    await held.happened({ device: "B3", what: "closed", value: true }, leftAt);
    const step = await until("the step is completed", async () => {
      const steps = (await held.incidents()).flatMap((incident) => incident.steps);
      return steps.find(({ target, confirmedAt }) => target === "bollard-3" && confirmedAt !== null);
    });
    expect(step).toMatchObject({ outcome: "missed", latenessMs: expect.any(Number) });
    expect(step.fallbackAt).not.toBeNull();
  });
});

describe.concurrent("a site in trouble", () => {
  const closing = { kind: "lock-down", group: "all-lanes" } as const;
  const standDown = { kind: "stand-down", group: "all-lanes", barriers: ["bollard-1", "bollard-3"] } as const;

  const barrier = async (id: string) => (await safe.barriers()).find((known) => known.id === id);

  test.sequential("a broken fibre alarms and sounds the siren within 5 s", async () => {
    const brokenAt = await safe.trigger("fibre-break");
    const siren = await safe.happened({ device: "siren", what: "on", value: true }, brokenAt);
    expect(siren.mono - brokenAt).toBeLessThanOrEqual(5_000);
    const alarm = await until("the alarm", async () =>
      (await safe.alarms()).find(({ zone }) => zone === "fence-north"),
    );
    expect(alarm).toMatchObject({ cause: "fibre-broken", priority: 1 });
    await safe.trigger("fibre-mend");
    await safe.rest();
  });

  test.sequential("a loop that gives no valid signal counts as occupied, and fire opens what declares it", async () => {
    await safe.trigger("vehicle-loop-lost", "B3");
    await until("the loop is known to be lost", async () =>
      (await safe.records("point.lost")).some(({ record }) => record.subject === "b3-loop"),
    );
    await safe.order(closing);
    expect((await told(safe, "step.inhibited", "bollard-3")).data.reason).toBe("interlock-not-good");
    const rising = await safe.happened({ device: "B2", what: "motion", value: "raising" }, 0);

    const fireAt = await safe.trigger("fire");
    const lowering = await safe.happened({ device: "B2", what: "motion", value: "lowering" }, rising.mono);
    await safe.happened({ device: "B2", what: "open", value: true }, lowering.mono);
    const [ended] = await safe.records("lockdown.ended");
    expect(ended?.record.data).toMatchObject({ barriers: ["bollard-2"], by: ["fire"] });
    const moved = (await safe.events()).filter(
      ({ device, what }) => what === "orders" && ["B1", "B3"].includes(device),
    );
    expect(moved.filter(({ mono }) => mono > fireAt)).toEqual([]);
    await until("the hub knows", async () => (await barrier("bollard-2"))?.state === "open");
    expect(await barrier("bollard-1")).toMatchObject({ state: "closed", held: true });
    expect(await barrier("bollard-2")).toMatchObject({ state: "open", held: false });
    expect(await barrier("bollard-3")).toMatchObject({ state: "inhibited", held: true });
  });

  test.sequential("one person alone cannot stand a lock-down down; two can, and both are named", async () => {
    const { site, id: edge } = safe.access.edge;
    const asked = await safe.ask<CommandView>("/commands", {
      body: JSON.stringify({ site, edge, act: standDown, reason: "over" }),
    });
    expect(asked.body.state).toBe("awaiting-approval");
    const alone = await safe.ask<ErrorView>(`/commands/${asked.body.id}/approve`, { body: "{}" });
    expect([alone.status, alone.body.code]).toEqual([403, "command.needs-two-persons"]);
    await pause(1_000);
    expect((await safe.barriers()).filter(({ held }) => held).map(({ id }) => id)).toEqual(["bollard-1", "bollard-3"]);

    expect((await safe.order(standDown)).state).toBe("done");
    const ended = (await safe.records("lockdown.ended")).at(-1)?.record.data as unknown as FactMap["lockdown.ended"];
    expect(ended.by).toEqual(["demo-operator", "demo-supervisor"]);
    expect((await safe.barriers()).some(({ held }) => held)).toBe(false);
    await safe.trigger("vehicle-loop-mend", "B3");
    await safe.trigger("fire-clear");
    await safe.rest();
  });

  testFieldRubbish(() => safe);
  testRequestRubbish(() => safe);
  testBoxRubbish(() => safe);
});
