// Every clockwork of this stage, for the controller.
import type { Clockwork } from "../model/state.js";
import { exitClock } from "./arming/exit-clock.js";
import { scheduleClock } from "./arming/schedule.js";
import { exerciseClock } from "./orders/exercises.js";

export const responseClockworks: readonly Clockwork[] = [exitClock, scheduleClock, exerciseClock];
