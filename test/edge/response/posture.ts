// Puts a stage into a posture, as the order for it does.
import { fact } from "../../../edge/model/fact.js";
import type { PostureLevel } from "../../../edge/model/plan.js";
import type { Stage } from "../incident/stage.js";

export function setPosture(stage: Stage, level: PostureLevel): void {
  const data = { level, from: "normal", issuer: "i", reference: "r", by: "wang", leader: "li", at: stage.now } as const;
  stage.emit([fact("posture.changed", "box", data)]);
  stage.clocks();
}
