// Fail-safe relays fall when the box does: nothing may switch them on again behind its back.
import type { EdgeConfig } from "../../edge/model/site.js";
import { wiredPoints } from "../references.js";
import { type Finding, unwise } from "../trouble.js";

/** A board that replays a relay after its reset says "all is well" before the box has said so. */
export function failSafeFindings(edge: EdgeConfig): Finding[] {
  const points = wiredPoints(edge);
  return (["alarm", "healthy"] as const).flatMap((key) => {
    const id = edge.failSafe?.[key];
    const wired = id === undefined ? undefined : points.get(id)?.point;
    if (id === undefined || wired === undefined || !("replay" in wired) || wired.replay !== true) return [];
    return [
      unwise(
        ["failSafe", key],
        {
          zh: `板卡复位后会自行吸合 ${id}，早于主机确认正常。`,
          en: `After its reset the board switches ${id} on by itself, before the box has said that all is well.`,
        },
        {
          zh: "将该点位设为 replay: false；主机会在连接恢复后重新写入。",
          en: "Set replay: false on the point; the box writes it when the line is back.",
        },
      ),
    ];
  });
}
