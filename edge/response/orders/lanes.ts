// Opening a barrier, and letting a vehicle pass a held lane.
import { type Carry, refused } from "./verdict.js";

export const letPass: Carry<"let-pass"> = () => refused("command.not-possible");

export const open: Carry<"open"> = () => refused("command.not-possible");
