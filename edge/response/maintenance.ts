// Barriers that have run often enough to be serviced.
import type { Fact } from "../model/fact.js";
import type { BarrierConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import { ordersOf, workOrder } from "../model/work-order.js";

function isDue({ id, serviceCycles }: BarrierConfig, { durable }: Ward): boolean {
  return (
    serviceCycles !== undefined &&
    (durable.cycles[id] ?? 0) >= serviceCycles &&
    ordersOf(durable, `barrier:${id}`).length === 0
  );
}

/** One at a time, for each takes the next number. */
export const maintenanceClock: Clockwork = {
  facts(ward): readonly Fact[] {
    const { config, durable, now } = ward;
    const next = config.barriers.find((barrier) => isDue(barrier, ward));
    return next === undefined
      ? []
      : workOrder(`barrier:${next.id}`, "maintenance-due", { edge: config.id, durable, now });
  },
  dueAt: () => Number.POSITIVE_INFINITY,
};
