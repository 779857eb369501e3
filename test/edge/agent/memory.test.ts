// What the box remembers: the fold beside the journal, and what it holds when the journal says nothing.
import { expect, it } from "vitest";
import { createMemory, restoreDurable } from "../../../edge/agent/memory.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import { fact } from "../../../edge/model/fact.js";
import type { Step } from "../../../edge/model/incident.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import { startStamp } from "../../support/journal.js";
import { exampleSite } from "../../support/virtual-site.js";

const config = office();
const disarmed = {
  ...fact("area.disarmed", "gatehouse", { area: "gatehouse", by: "wang", at: startStamp, zones: [] }),
  data: { area: "gatehouse", by: "wang", at: startStamp, zones: [] },
};

it("folds what it is told, and keeps it in drafts that give the same again", () => {
  const memory = createMemory(initialDurable(config));
  memory.remember(disarmed);
  expect(memory.durable().armed).toMatchObject({ gatehouse: false, perimeter: true });
  const other = createMemory(initialDurable({ ...config, areas: [] }));
  memory.kept(startStamp).forEach(other.remember);
  expect(other.durable()).toEqual(memory.durable());
});

it("keeps a very large site in records of which each can be sent", () => {
  const memory = createMemory(largeState());
  const drafts = memory.kept(startStamp);
  expect(drafts.length).toBeGreaterThan(2);
  expect(Math.max(...drafts.map(({ data }) => JSON.stringify(data).length))).toBeLessThan(200 * 1024);
  const other = createMemory(initialDurable(config));
  other.remember(disarmed);
  drafts.forEach(other.remember);
  expect(other.durable()).toEqual({ ...largeState(), armed: initialDurable(config).armed });
});

/** 200 zones in alarm, 64 barriers and 300 steps that were missed: some 380 KB. */
function office(): EdgeConfig {
  const [config] = exampleSite("office").edges;
  if (config === undefined) throw new Error("the example has a box");
  return config;
}

function largeState(): Durable {
  const by = <T>(count: number, make: (at: number) => T) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`north-gate-and-fence-${at}`, make(at)]));
  const step = (at: number): Step => ({
    id: `north-gate-and-fence-${at}`,
    incident: "north-1",
    response: "lock-down",
    step: "close",
    action: { kind: "close", barrier: `barrier-${at}`, group: "main", mode: "emergency" },
    fallback: { announce: "siren" },
    firstActivityAt: startStamp,
    occurredAt: startStamp,
    detectedAt: startStamp,
    decidedAt: startStamp,
    commandedAt: startStamp,
    confirmedAt: null,
    deadlineAt: startStamp,
    outcome: "missed",
    reason: "jammed",
    latenessMs: 1,
    fallbackAt: startStamp,
    resumed: { at: startStamp, by: "wall", leftMs: 1 },
  });
  return {
    ...initialDurable(config),
    zones: by(200, () => ({ state: "breached", cause: "fibre-cut", incident: "north-1", soundings: 1 })),
    barriers: by(64, () => "locked-out"),
    lost: by(500, () => startStamp),
    steps: by(300, step),
    incidentCount: 4711,
  };
}

it("arms an area of a newer configuration as that says, whatever was kept before", () => {
  const old = createMemory(initialDurable({ ...config, areas: config.areas.filter(({ id }) => id !== "perimeter") }));
  const newer = createMemory(initialDurable(config));
  old.kept(startStamp).forEach(newer.remember);
  expect(newer.durable().armed).toMatchObject({ perimeter: true });
});

it("guards as at the first start when the journal's memory cannot be had, and tells it", async () => {
  const troubles: string[] = [];
  const durable = (): Promise<Durable> => Promise.reject(new Error("the worker died"));
  expect(await restoreDurable(config, { durable }, (detail) => troubles.push(detail))).toEqual(initialDurable(config));
  expect(troubles).toEqual([expect.stringContaining("the worker died")]);
});
