// Zones out and back.
import { type Carry, refused } from "./verdict.js";

export const isolate: Carry<"isolate"> = () => refused("command.not-possible");

export const inhibit: Carry<"inhibit"> = () => refused("command.not-possible");

export const reinstate: Carry<"reinstate"> = () => refused("command.not-possible");

export const takeOutForRepair: Carry<"take-out-for-repair"> = () => refused("command.not-possible");
