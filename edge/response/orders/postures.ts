// Posture and risk colour by order.
import { type Carry, refused } from "./verdict.js";

export const setPosture: Carry<"set-posture"> = () => refused("command.not-possible");

export const declareRisk: Carry<"declare-risk"> = () => refused("command.not-possible");
