// Barriers that cannot be seen or asked any more: a lost contact, loop or key, or their dead driver, is a work order.
import type { Fact } from "../model/fact.js";
import type { BarrierConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import type { MonoMs } from "../model/time.js";
import { hasFaultOrder, workOrder } from "../model/work-order.js";
import { comesAt } from "./due.js";
import { pointsOfBarrier } from "./sight.js";

/** Time for a connection to come back; with the drivers' own 10 s below 20 s. */
const lostGraceMs = 5000;

/** One at a time, for each takes the next number; a dead driver is one order, not one for each of its barriers. */
export const blindBarrierClock: Clockwork = {
  facts(ward): readonly Fact[] {
    const { config, durable, now } = ward;
    const next = config.barriers.find((barrier) => orderDueAt(barrier, ward) <= now.mono);
    return next === undefined ? [] : workOrder(deviceOf(next, ward), "signal-lost", { edge: config.id, durable, now });
  },
  dueAt: (ward) =>
    Math.min(Number.POSITIVE_INFINITY, ...ward.config.barriers.map((barrier) => orderDueAt(barrier, ward))),
};

function orderDueAt(barrier: BarrierConfig, ward: Ward): MonoMs {
  const { durable, now } = ward;
  if (hasFaultOrder(durable, deviceOf(barrier, ward))) return Number.POSITIVE_INFINITY;
  const lost = pointsOfBarrier(barrier).flatMap((point) => durable.lost[point] ?? []);
  return Math.min(Number.POSITIVE_INFINITY, ...lost.map((since) => comesAt(since, lostGraceMs, now)));
}

function deviceOf(barrier: BarrierConfig, { config, durable, linksDown }: Ward): string {
  const lost = pointsOfBarrier(barrier).filter((point) => durable.lost[point] !== undefined);
  const dead = config.drivers.find(
    ({ id, points }) => linksDown[id] !== undefined && points.some((point) => lost.includes(point.id)),
  );
  return dead === undefined ? `barrier:${barrier.id}` : `driver:${dead.id}`;
}
