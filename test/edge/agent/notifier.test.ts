// Word by the hub: delivered when the hub has the step's records on its disk, in virtual time with a recorder played by hand.
import { expect, it } from "vitest";
import { createNotifier, notificationsMax } from "../../../edge/agent/notifier.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { Step } from "../../../edge/model/incident.js";
import type { Lane, LaneHead } from "../../../edge/model/record.js";
import { manualMachine } from "../../support/journal.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");
const none = initialDurable(config);

const head = (sequence: number, epoch = "e1", lane: Lane = "alarm"): LaneHead => ({ epoch, lane, sequence, hash: "" });
const withSteps = (...ids: readonly string[]): Durable => ({
  ...none,
  steps: Object.fromEntries(ids.map((id) => [id, { id, outcome: "open", confirmedAt: null } as unknown as Step])),
});

function setUp(durable = withSteps("s1", "s2")) {
  const machine = manualMachine();
  const box = {
    durable,
    written: Promise.resolve() as Promise<void>,
    lanes: { epoch: "e1", heads: [head(7)], acknowledged: [head(3)] as readonly LaneHead[] },
    told: [] as { step: string; ok: boolean; detail: string }[],
    looks: 0,
  };
  const notifier = createNotifier({
    ...machine,
    written: () => box.written,
    lanes: async () => {
      box.looks += 1;
      return box.lanes;
    },
    durable: () => box.durable,
    notified: ({ step, ok, detail }) => box.told.push({ step, ok, detail }),
  });
  async function pass(ms: number) {
    for (let left = ms; left > 0; left -= 250) {
      machine.advance(Math.min(left, 250));
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }
  return { box, notifier, pass };
}

it("A-47, A-51: a notification by the hub counts as delivered when the hub has the step's records, not before", async () => {
  const { box, notifier, pass } = setUp();
  notifier.notify("s1");
  await pass(1000);
  box.lanes = { epoch: "e1", heads: [head(9)], acknowledged: [head(6), head(99, "e1", "state"), head(99, "e0")] };
  await pass(1000);
  expect(box.told).toEqual([]);
  box.lanes = { ...box.lanes, acknowledged: [head(7)] };
  await pass(250);
  expect(box.told).toEqual([{ step: "s1", ok: true, detail: "e1/alarm/7" }]);
  await pass(1000);
  expect(box.told).toHaveLength(1);
});

it("A-51: what is not durable in the box cannot be delivered, whatever the hub has", async () => {
  const { box, notifier, pass } = setUp();
  let write: () => void = () => undefined;
  box.written = new Promise((resolve) => {
    write = resolve;
  });
  box.lanes = { epoch: "e1", heads: [head(7)], acknowledged: [head(7)] };
  notifier.notify("s1");
  await pass(1000);
  expect(box.told).toEqual([]);
  box.lanes = { epoch: "e1", heads: [head(8)], acknowledged: [head(7)] };
  write();
  await pass(1000);
  expect(box.told).toEqual([]);
  box.lanes = { epoch: "e1", heads: [head(8)], acknowledged: [head(8)] };
  await pass(250);
  expect(box.told).toMatchObject([{ step: "s1", ok: true }]);
});

it("A-51: tells at once that it failed when the records cannot be written", async () => {
  const { box, notifier, pass } = setUp();
  box.written = Promise.reject(new Error("disk full"));
  notifier.notify("s1");
  await pass(250);
  expect(box.told).toEqual([{ step: "s1", ok: false, detail: "Error: disk full" }]);
  expect(notifier.waiting()).toBe(0);
});

it.each([
  ["its incident is closed", () => none],
  ["it is confirmed", (): Durable => patched({ confirmedAt: { boot: "b", mono: 1, wall: 1, clock: "holdover" } })],
  ["it is inhibited", (): Durable => patched({ outcome: "inhibited" })],
])("forgets a notification when %s", async (_name, after) => {
  const { box, notifier, pass } = setUp(withSteps("s1"));
  notifier.notify("s1");
  box.durable = after();
  await pass(500);
  expect(notifier.waiting()).toBe(0);
  expect(box.told).toEqual([]);
});

it("goes on waiting for a notification that was missed", async () => {
  const { box, notifier, pass } = setUp(withSteps("s1"));
  notifier.notify("s1");
  box.durable = patched({ outcome: "missed" });
  await pass(500);
  box.lanes = { ...box.lanes, acknowledged: [head(7)] };
  await pass(250);
  expect(box.told).toMatchObject([{ step: "s1", ok: true }]);
});

function patched(part: Partial<Step>): Durable {
  const { steps, ...rest } = withSteps("s1");
  return { ...rest, steps: { s1: { ...(steps["s1"] as Step), ...part } } };
}

it("looks four times a second at most, and not at all when nothing waits", async () => {
  const { box, notifier, pass } = setUp();
  await pass(1000);
  expect(box.looks).toBe(0);
  notifier.notify("s1");
  notifier.notify("s2");
  await pass(10_000);
  expect(box.looks).toBeLessThanOrEqual(40);
  notifier.stop();
  const { looks } = box;
  await pass(1000);
  expect(box.looks).toBe(looks);
});

it("refuses more notifications than it may hold", () => {
  const ids = Array.from({ length: notificationsMax + 1 }, (_, at) => `s${at}`);
  const { box, notifier } = setUp(withSteps(...ids));
  for (const id of ids) notifier.notify(id);
  expect(notifier.waiting()).toBe(notificationsMax);
  expect(box.told).toMatchObject([{ step: `s${notificationsMax}`, ok: false }]);
});
