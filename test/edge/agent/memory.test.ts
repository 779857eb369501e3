import { expect, it } from "vitest";
import { restoreDurable } from "../../../edge/agent/memory.js";
import type { JournalRecord } from "../../../edge/model/record.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");

const record = (type: string, data: object) => ({ type, data, lane: "state" }) as unknown as JournalRecord;

it("remembers what the journal tells", async () => {
  const replay = async (_from: number, each: (record: JournalRecord) => void) =>
    each(record("area.disarmed", { area: "gatehouse", by: "wang" }));
  const durable = await restoreDurable(config, { replay }, () => expect.unreachable());
  expect(durable.armed["gatehouse"]).toBe(false);
});

it("guards with what it remembers when the journal breaks off in the middle, and tells it", async () => {
  const troubles: string[] = [];
  const replay = async (_from: number, each: (record: JournalRecord) => void) => {
    each(record("area.disarmed", { area: "gatehouse", by: "wang" }));
    throw new Error("the worker died");
  };
  const durable = await restoreDurable(config, { replay }, (detail) => troubles.push(detail));
  expect(durable.armed).toMatchObject({ gatehouse: false, perimeter: true });
  expect(troubles).toEqual([expect.stringContaining("the worker died")]);
});
