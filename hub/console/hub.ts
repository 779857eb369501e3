// What the console's routes need of the hub; the wiring hands it in.
import type { Logger } from "pino";
import type { Alarms } from "../alarm/alarms.js";
import type { Book, Ledger } from "../ledger/ledger.js";
import type { People } from "../people/people.js";
import type { Metrics } from "./metrics.js";
import type { Orders } from "./orders.js";
import type { Projections } from "./projections.js";
import type { Stream } from "./stream.js";

export interface Hub {
  readonly log: Logger;
  readonly people: People;
  readonly alarms: Alarms;
  readonly projections: Projections;
  readonly orders: Orders;
  readonly book: Book;
  readonly ledger: Ledger;
  readonly stream: Stream;
  readonly metrics: Metrics;
  /** Why the hub is not ready; empty when it is. */
  readonly reasons: () => readonly string[];
  /** Tells a box that a person has seen its incident; best effort. */
  readonly tellAcknowledged: (site: string, edge: string, incident: string, user: string) => void;
}
