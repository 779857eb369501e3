// Drills and walk tests.
import { type Carry, refused } from "./verdict.js";

export const startDrill: Carry<"start-drill"> = () => refused("command.not-possible");

export const endDrill: Carry<"end-drill"> = () => refused("command.not-possible");

export const startWalkTest: Carry<"start-walk-test"> = () => refused("command.not-possible");

export const endWalkTest: Carry<"end-walk-test"> = () => refused("command.not-possible");
