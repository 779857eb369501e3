// Every clockwork of this stage, for the controller.
import type { Clockwork } from "../model/state.js";
import { exitClock } from "./arming/exit-clock.js";
import { scheduleClock } from "./arming/schedule.js";
import { blindBarrierClock } from "./blind-barriers.js";
import { channelClock } from "./channels.js";
import { dutyClock } from "./duties.js";
import { maintenanceClock } from "./maintenance.js";
import { exerciseClock } from "./orders/exercises.js";
import { passClock } from "./orders/lanes.js";
import { workOrderClock } from "./orders/work-orders.js";
import { panelClock } from "./panel.js";
import { reminderClock } from "./reminders.js";
import { testSoundClock } from "./test-sounds.js";
import { trialClock } from "./trial.js";
import { walkDoneClock } from "./walk-done.js";
import { walkClock } from "./walks.js";

export const responseClockworks: readonly Clockwork[] = [
  exitClock,
  scheduleClock,
  exerciseClock,
  passClock,
  reminderClock,
  channelClock,
  workOrderClock,
  maintenanceClock,
  blindBarrierClock,
  walkDoneClock,
  dutyClock,
  panelClock,
  walkClock,
  testSoundClock,
  trialClock,
];
