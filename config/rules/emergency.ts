// Emergency fast operation hits whoever stands there: only a vehicle rush over two loops, or a person, may set it off.
import type { Cause } from "../../edge/model/incident.js";
import type { TriggerConfig } from "../../edge/model/plan.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { ZoneKind } from "../../edge/model/zone.js";
import { triggeringZones } from "../triggers.js";
import { type Finding, type Path, unsafe } from "../trouble.js";

const kindsAllowed: readonly ZoneKind[] = ["vehicle-rush", "panic-button"];
const causesAllowed: readonly Cause[] = ["vehicle-rush", "panic-pressed"];

/** Emergency closing that anything else could set off. */
export function emergencyFindings(edge: EdgeConfig): Finding[] {
  return edge.responses.flatMap((response, r) => {
    const isFast = response.steps.some((step) => step.kind === "close" && step.mode === "emergency");
    if (!isFast) return [];
    return response.on.flatMap((trigger, t) => {
      const what = notAllowed(edge, trigger);
      return what === null ? [] : [setOffBy(["responses", r, "on", t], what)];
    });
  });
}

/** What of the trigger may not set off emergency operation; null when it may. */
function notAllowed(edge: EdgeConfig, trigger: TriggerConfig): string | null {
  if ("command" in trigger) return null;
  if ("posture" in trigger) return trigger.posture;
  if ("risk" in trigger) return trigger.risk;
  if ("cause" in trigger) return causesAllowed.includes(trigger.cause) ? null : trigger.cause;
  const wrong = triggeringZones(edge, [trigger]).find((zone) => !kindsAllowed.includes(zone.kind));
  return wrong === undefined ? null : `${wrong.id} (${wrong.kind})`;
}

const setOffBy = (path: Path, what: string): Finding =>
  unsafe(
    path,
    {
      zh: `${what} 不得触发应急快速动作。`,
      en: `${what} must not set off emergency operation.`,
    },
    {
      zh: "应急快速动作只能由车辆冲卡（两个线圈依次触发）、紧急按钮或人员命令触发；人员冲卡和单个线圈永远不能。请改为 mode: normal，或移出该触发条件。",
      en: "Only a vehicle rush over two loops in order, a panic button or a command may; a pedestrian or one loop never. Use mode: normal, or take the trigger out.",
    },
  );

/** A rush or a direction that one detector would tell all by itself. */
export function oneLoopFindings(edge: EdgeConfig): Finding[] {
  return edge.zones.flatMap((zone, index) =>
    "first" in zone && zone.first === zone.second
      ? [
          unsafe(
            ["zones", index, "second"],
            {
              zh: `${zone.id} 的两个输入是同一个点位 ${zone.second}。`,
              en: `Both inputs of ${zone.id} are the same point ${zone.second}.`,
            },
            {
              zh: "需要两个独立的线圈或光束依次触发；单个线圈永远不能触发冲卡。",
              en: "Name two loops or beams that stand one after the other; one loop never makes a rush.",
            },
          ),
        ]
      : [],
  );
}

/** Emergency order and emergency travel are declared together. */
export function emergencyDriveFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) =>
    (barrier.emergencyTravelMs === undefined) === (barrier.drive.emergency === undefined)
      ? []
      : [
          unsafe(
            ["barriers", index, "drive"],
            {
              zh: `${barrier.id} 的应急指令与应急行程时间必须同时声明。`,
              en: `${barrier.id} must declare its emergency order and its emergency travel together.`,
            },
            {
              zh: "补充 drive.emergency 或 emergencyTravelMs，或两者都删除。",
              en: "Add drive.emergency or emergencyTravelMs, or remove both.",
            },
          ),
        ],
  );
}
