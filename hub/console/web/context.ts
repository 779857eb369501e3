// What every view of the page is given: what is known of the hub, who is signed in, and how to act.
import type { Act } from "../../../edge/model/command.js";
import type { AlarmMeasures, CommandView, SessionView } from "../views.js";
import type { Known } from "./store.js";

export type Person = Pick<SessionView, "user" | "role" | "mustSetPassword">;

/** Where an order goes, what it is and why. */
export interface Order {
  readonly site: string;
  readonly edge: string;
  readonly act: Act;
  readonly reason: string;
  /** It waits for a second person whatever the act. */
  readonly dual?: boolean;
}

export interface Context {
  readonly known: Known;
  readonly person: Person;
  /** How well people can follow the alarms; null before it was heard. */
  readonly load: AlarmMeasures | null;
  /** Does something at the hub; a refusal is shown to the reader. */
  attempt(work: () => Promise<void>): Promise<void>;
  send(order: Order): Promise<CommandView>;
  /** A short message that goes away by itself. */
  tell(message: string): void;
}
