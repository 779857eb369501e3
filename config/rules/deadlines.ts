// The norms' own times (A-31, A-33): a deadline beyond them is proved and kept, and is still not what the norm asks for.
import type { EdgeConfig } from "../../edge/model/site.js";
import { zoneTraits } from "../../edge/model/zone.js";
import { isAnswered, triggeringZones } from "../triggers.js";
import { type Finding, unwise } from "../trouble.js";

/** 破壞后5秒內觸發警報. */
const alarmMsMax = 5_000;
/** 30秒內完成封鎖. */
const sealMsMax = 30_000;

/** Detectors of a perimeter that no announcement answers within 5 s. */
export function alarmFindings(edge: EdgeConfig): Finding[] {
  const perimeter = new Set(edge.areas.filter((area) => area.kind === "perimeter").map((area) => area.id));
  const prompt = edge.responses.filter(({ steps }) =>
    steps.some((step) => step.kind === "announce" && step.withinMs <= alarmMsMax),
  );
  const heard = new Set(prompt.flatMap(({ on }) => triggeringZones(edge, on).map(({ id }) => id)));
  return edge.zones.flatMap((zone, index) =>
    !perimeter.has(zone.area) ||
    zoneTraits[zone.kind].watch === "always" ||
    heard.has(zone.id) ||
    !isAnswered(edge, zone)
      ? []
      : [
          unwise(
            ["zones", index],
            {
              zh: `周界防区 ${zone.id} 没有 ${alarmMsMax} ms 内的声光报警。`,
              en: `Nothing is announced within ${alarmMsMax} ms for ${zone.id} on the perimeter.`,
            },
            {
              zh: `增加 withinMs 不大于 ${alarmMsMax} 的 announce 步骤（A-31）；设备更慢时由两人签署偏差，不要放宽时限。`,
              en: `Give it an announce step with withinMs of ${alarmMsMax} or less (A-31); for a slower device have two persons sign a deviation, and leave the deadline.`,
            },
          ),
        ],
  );
}

/** Closing that may take longer than the norm grants. */
export function sealFindings(edge: EdgeConfig): Finding[] {
  return edge.responses.flatMap((response, r) =>
    response.steps.flatMap((step, s) =>
      step.kind !== "close" || step.withinMs <= sealMsMax
        ? []
        : [
            unwise(
              ["responses", r, "steps", s, "withinMs"],
              {
                zh: `${step.id} 允许 ${step.withinMs} ms 才完成封锁，规范要求 ${sealMsMax} ms。`,
                en: `${step.id} may take ${step.withinMs} ms to close; the norm grants ${sealMsMax} ms.`,
              },
              {
                zh: `withinMs 不大于 ${sealMsMax}（A-33）；设备更慢时由两人签署偏差，不要放宽时限。`,
                en: `Write withinMs of ${sealMsMax} or less (A-33); for a slower drive have two persons sign a deviation, and leave the deadline.`,
              },
            ),
          ],
    ),
  );
}
