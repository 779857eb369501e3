// Every clockwork of this stage, for the controller.
import type { Clockwork } from "../model/state.js";
import { preAlarmClock } from "./confirmation.js";
import { outClock } from "./zones-out.js";

export const incidentClockworks: readonly Clockwork[] = [preAlarmClock, outClock];
