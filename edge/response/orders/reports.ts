// A person's report that a step is done.
import { type Carry, refused } from "./verdict.js";

export const report: Carry<"report"> = () => refused("command.not-possible");
