// What the console's routes need of the hub; the wiring hands it in.
import type { Logger } from "pino";
import type { Clock } from "../../edge/machine/ports.js";
import type { AlarmActs, AlarmFeed } from "../alarm/acts.js";
import type { Alarms } from "../alarm/alarms.js";
import type { Measures } from "../alarm/measures.js";
import type { BoxCertificates } from "../broker/certificates.js";
import type { Outlets } from "../control-room/outlets.js";
import type { Book, Ledger } from "../ledger/ledger.js";
import type { Approvals } from "../people/approvals.js";
import type { People } from "../people/people.js";
import type { Metrics } from "./metrics.js";
import type { Orders } from "./orders.js";
import type { Projections } from "./projections.js";
import type { SiteOrders } from "./site-orders.js";
import type { Stream } from "./stream.js";

export interface Hub {
  readonly log: Logger;
  readonly people: People;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly measures: Measures;
  readonly feed: AlarmFeed;
  readonly acts: AlarmActs;
  readonly approvals: Approvals;
  readonly siteOrders: SiteOrders;
  readonly projections: Projections;
  readonly orders: Orders;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly stream: Stream;
  readonly outlets: Outlets;
  readonly metrics: Metrics;
  readonly certificates: BoxCertificates;
  /** Whether boxes meet the hub at its own broker. */
  readonly broker: "own" | "existing";
  /** Why the hub is not ready; empty when it is. */
  readonly reasons: () => readonly string[];
}
