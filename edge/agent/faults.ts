// What is broken and since when, the work orders, and how much of the time the points could be seen.
import type { FaultsReply } from "../commissioning/questions.js";
import type { State } from "../controller.js";
import { pointsOf } from "../model/site.js";
import { type Stamp, timeLeft } from "../model/time.js";

export function tellFaults({ config, durable }: State, now: Stamp): FaultsReply {
  const ageMs = (since: Stamp) => Math.max(0, Math.round(-timeLeft(since, now).leftMs));
  const iso = (at: Stamp) => new Date(at.wall).toISOString();
  const faults = Object.entries(durable.lost).map(([point, since]) => ({
    subject: `point:${point}`,
    why: "signal-lost",
    since: iso(since),
    ageMs: ageMs(since),
  }));
  const watchedMs = durable.watchedSince === null ? 0 : ageMs(durable.watchedSince) * pointsOf(config).length;
  const downMs = [...Object.values(durable.downMs), ...Object.values(durable.lost).map(ageMs)].reduce(
    (sum, ms) => sum + ms,
    0,
  );
  return {
    availability: watchedMs === 0 ? 1 : Math.max(0, 1 - downMs / watchedMs),
    faults,
    workOrders: Object.values(durable.workOrders).map((order) => ({
      ...order,
      openedAt: iso(order.openedAt),
      changedAt: iso(order.changedAt),
      ageMs: ageMs(order.openedAt),
    })),
  };
}
