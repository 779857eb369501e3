// The machine's own clocks, timer and chance, for tests that talk over real sockets.
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";

export const realMachine = { clock: createClock(), timer: createTimer(), random: createRandom() };
