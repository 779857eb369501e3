// Work orders from opened to verified.
import { type Carry, refused } from "./verdict.js";

export const moveWorkOrder: Carry<"work-order"> = () => refused("command.not-possible");
