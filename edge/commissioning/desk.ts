// What every route of the box is handed.
import type { Clock, Timer } from "../machine/ports.js";
import type { Fact } from "../model/fact.js";
import type { Inquiry } from "./inquiry.js";
import type { Live } from "./live.js";
import type { Devices } from "./people/devices.js";
import type { Login } from "./people/login.js";
import type { Person } from "./people/people.js";
import type { Sessions } from "./people/sessions.js";
import type { BoxStatus } from "./status.js";

export interface Desk {
  readonly clock: Clock;
  readonly timer: Timer;
  /** Listens on this machine only: whoever is on it may look without login. */
  readonly isLoopback: boolean;
  /** Under which the box may be called, beside addresses. */
  readonly names: readonly string[];
  readonly dataDir: string;
  /** The box's signing key, for what others are to verify. */
  readonly keyFile: string;
  readonly inquiry: Inquiry;
  readonly live: Live;
  readonly login: Login;
  readonly sessions: Sessions;
  readonly devices: Devices;
  people(): readonly Person[];
  /** As the controller told it last; null before it has spoken. */
  status(): BoxStatus | null;
  /** Since it spoke, ms. */
  statusAgeMs(): number;
  /** Not waited for; what cannot be recorded is told as trouble. */
  record(...facts: readonly Fact[]): void;
}
