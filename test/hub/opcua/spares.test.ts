// OPC UA conditions that are made before they have a source, so that a storm need not wait for them.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Alarm } from "../../../hub/control-room/opcua/condition.js";
import { createSpares, type Spares } from "../../../hub/control-room/opcua/spares.js";

let made: string[];
let spares: Spares;
const take = (source: string) => String(spares.take(source));

beforeEach(() => {
  vi.useFakeTimers();
  made = [];
  const make = (nodeId: string) => {
    made.push(nodeId);
    return nodeId as unknown as Alarm;
  };
  spares = createSpares(make, (waiting) => waiting < 3);
});
afterEach(() => {
  spares.close();
  vi.useRealTimers();
});

it("makes one under its source's name where none waits", () => {
  expect(take("port/gate/zone:north")).toBe("s=port/gate/zone:north:alarm");
});

it("gives away what waits, each under an id that was never given before", async () => {
  spares.keep(2);
  await vi.advanceTimersByTimeAsync(100);
  expect(made).toHaveLength(2);
  expect(new Set([take("a"), take("b")])).toEqual(new Set(made));
  expect(take("c")).toBe("s=c:alarm");
});

it("makes no new one while they are given away, and fills up when that is over", async () => {
  spares.keep(2);
  await vi.advanceTimersByTimeAsync(100);
  take("a");
  await vi.advanceTimersByTimeAsync(4_000);
  take("b");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(made).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(made).toHaveLength(4);
});

it("makes no more than there is room for", async () => {
  spares.keep(10);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(made).toHaveLength(3);
});
