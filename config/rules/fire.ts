// Fire frees people (rule 8): it never closes, nothing else releases, and what declares open on fire is released.
import type { ResponseConfig, TriggerConfig } from "../../edge/model/plan.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import { triggeringZones } from "../triggers.js";
import { type Finding, type Path, unsafe } from "../trouble.js";

/** Fire never closes, and nothing but fire releases. */
export function fireFindings(edge: EdgeConfig): Finding[] {
  return edge.responses.flatMap((response, index) => responseFindings(edge, response, ["responses", index]));
}

function isFire(edge: EdgeConfig, trigger: TriggerConfig): { readonly some: boolean; readonly only: boolean } {
  if ("cause" in trigger) return { some: trigger.cause === "fire-signalled", only: trigger.cause === "fire-signalled" };
  const zones = triggeringZones(edge, [trigger]);
  const fires = zones.filter((zone) => zone.kind === "fire-input");
  return { some: fires.length > 0, only: fires.length > 0 && fires.length === zones.length };
}

function responseFindings(edge: EdgeConfig, response: ResponseConfig, path: Path): Finding[] {
  const triggers = response.on.map((trigger) => isFire(edge, trigger));
  return response.steps.flatMap((step, index) => {
    const at = [...path, "steps", index];
    if (step.kind === "close" && triggers.some(({ some }) => some)) return [closedByFire(at)];
    return step.kind === "release" && !triggers.every(({ only }) => only) ? [releasedWithoutFire(at)] : [];
  });
}

const closedByFire = (path: Path): Finding =>
  unsafe(
    path,
    { zh: "消防信号不得关闭阻车设施。", en: "A fire input must not close barriers." },
    {
      zh: "把消防防区移出该处置，或删除关闭步骤（规则 8）。",
      en: "Take the fire zone out of this response, or the closing step (rule 8).",
    },
  );

const releasedWithoutFire = (path: Path): Finding =>
  unsafe(
    path,
    { zh: "只有消防信号可以触发释放步骤。", en: "Only a fire input may set off a release." },
    {
      zh: "释放步骤只能放在仅由消防防区触发的处置中。",
      en: "Keep it in a response that fire zones alone set off.",
    },
  );

/** What declares open on fire is released by a response, unless nothing can ever close it. */
export function releaseFindings(edge: EdgeConfig): Finding[] {
  const steps = edge.responses.flatMap((response) => response.steps);
  const released = steps.flatMap((step) =>
    step.kind === "release" ? (edge.groups.find((group) => group.id === step.group)?.barriers ?? []) : [],
  );
  return edge.barriers.flatMap((barrier, index) =>
    barrier.onFire === "hold" || barrier.keepFree !== undefined || released.includes(barrier.id)
      ? []
      : [
          unsafe(
            ["barriers", index, "onFire"],
            {
              zh: `${barrier.id} 声明火警时开启，但没有处置释放它。`,
              en: `${barrier.id} declares open on fire, but no response releases it.`,
            },
            {
              zh: "增加由消防防区触发、含该编组的 release 步骤。",
              en: "Add a release step, set off by a fire zone, for a group that holds it.",
            },
          ),
        ],
  );
}
