// What is broken and since when, the work orders, and how much of the time the box could see, ready to be told.
import type { FaultsReply } from "../commissioning/questions.js";
import type { State } from "../controller.js";
import { type Stamp, timeLeft } from "../model/time.js";
import { availabilityOf, faultsOf } from "../response/faults.js";

export function tellFaults({ config, durable, transient }: State, now: Stamp): FaultsReply {
  const iso = ({ wall }: Stamp) => new Date(wall).toISOString();
  return {
    availability: availabilityOf(config, durable, now),
    faults: faultsOf({ config, durable, linksDown: transient.linksDown, now }).map((fault) => ({
      ...fault,
      since: iso(fault.since),
      ageMs: Math.round(fault.ageMs),
    })),
    workOrders: Object.values(durable.workOrders).map((order) => ({
      ...order,
      openedAt: iso(order.openedAt),
      changedAt: iso(order.changedAt),
      ageMs: Math.max(0, Math.round(-timeLeft(order.openedAt, now).leftMs)),
    })),
  };
}
