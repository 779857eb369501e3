// What the box remembers: the fold beside the journal, and what it holds when the journal says nothing.
import { expect, it } from "vitest";
import { createMemory, restoreDurable } from "../../../edge/agent/memory.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import type { Durable } from "../../../edge/model/durable.js";
import { fact } from "../../../edge/model/fact.js";
import { startStamp } from "../../support/journal.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");
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
