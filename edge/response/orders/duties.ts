// Duties done, and the self-test on demand.
import { type Carry, refused } from "./verdict.js";

export const dutyDone: Carry<"duty-done"> = () => refused("command.not-possible");

export const selfTest: Carry<"self-test"> = () => refused("command.not-possible");
