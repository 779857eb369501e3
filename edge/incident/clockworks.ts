// Every clockwork of this stage, for the controller.
import type { Clockwork } from "../model/state.js";

export const incidentClockworks: readonly Clockwork[] = [];
