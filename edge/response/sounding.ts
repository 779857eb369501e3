// What sounds again by itself.
import type { Clockwork } from "../model/state.js";

export const soundClockworks: readonly Clockwork[] = [];
