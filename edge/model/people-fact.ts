// Facts about the box's own people: who came, who tried to, who was changed.
import type { PersonChange, Role } from "./command.js";

export interface PeopleFactMap {
  /** The box's own people come and go; `address` is where from. */
  "login.accepted": { readonly user: string; readonly address: string };
  "login.refused": { readonly user: string; readonly address: string; readonly failures: number };
  "login.throttled": { readonly user: string; readonly address: string };
  "login.ended": { readonly user: string; readonly by: string };
  /** Somebody changed the box's list of people; `by` as the list has it. */
  "person.changed": {
    readonly user: string;
    readonly change: PersonChange;
    readonly roles: readonly Role[];
    readonly by: string;
  };
}
