// Arming and disarming of areas.
import { type Carry, refused } from "./verdict.js";

export const arm: Carry<"arm"> = () => refused("command.not-possible");

export const disarm: Carry<"disarm"> = () => refused("command.not-possible");
