// Silence is noticed in time, every zone is answered, and nothing moves where the box cannot see (rules 6 and 8).
import { noticedMs, unguardedWithinMs } from "../../edge/model/budget.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import { vitalPointKeys } from "../../edge/model/zone.js";
import { wiredPoints } from "../references.js";
import { isAnswered } from "../triggers.js";
import { type Finding, unsafe, unwise } from "../trouble.js";

/** Silence of a perimeter zone that is noticed too late. */
export function silenceFindings(edge: EdgeConfig): Finding[] {
  const points = wiredPoints(edge);
  const perimeter = new Set(edge.areas.filter((area) => area.kind === "perimeter").map((area) => area.id));
  return edge.zones.flatMap((zone, index) => {
    if (!perimeter.has(zone.area)) return [];
    const roles: Partial<Record<(typeof vitalPointKeys)[number], string>> = zone;
    return vitalPointKeys.flatMap((key) => {
      const id = roles[key];
      const wired = id === undefined ? undefined : points.get(id);
      const ms = wired === undefined ? 0 : noticedMs(wired);
      if (ms <= unguardedWithinMs) return [];
      return [
        unsafe(
          ["zones", index, key],
          {
            zh: `${id} 失联 ${ms} ms 后才发现，周界防区须在 ${unguardedWithinMs} ms 内发现。`,
            en: `Silence of ${id} is noticed after ${ms} ms only; a perimeter zone allows ${unguardedWithinMs} ms.`,
          },
          {
            zh: "缩短点位、设备的 silentAfterMs 或驱动的 watchdogMs。",
            en: "Shorten silentAfterMs of the point or device, or watchdogMs of the driver.",
          },
        ),
      ];
    });
  });
}

/** Zones whose alarm sets nothing off. */
export function unansweredFindings(edge: EdgeConfig): Finding[] {
  return edge.zones.flatMap((zone, index) =>
    isAnswered(edge, zone)
      ? []
      : [
          unwise(
            ["zones", index],
            { zh: `防区 ${zone.id} 没有任何处置。`, en: `No response answers zone ${zone.id}.` },
            {
              zh: "在某个处置的 on 中加入该防区、其类型、原因或区域；被占用的消防通道和尾随只能按防区或原因加入。",
              en: "Name the zone, its kind, its cause or its area in a response's on; a blocked lane and a tailgater by zone or cause only.",
            },
          ),
        ],
  );
}

/** Drives without an input that sees what stands in the way. */
export function interlockFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) =>
    barrier.interlocks.length > 0 || barrier.kind === "passage-lock"
      ? []
      : [
          unwise(
            ["barriers", index, "interlocks"],
            {
              zh: `${barrier.id} 没有联锁输入，主机看不到其上方的车辆。`,
              en: `${barrier.id} has no interlock: the box cannot see a vehicle above it.`,
            },
            {
              zh: "接入地感线圈或光幕；硬件防护必须独立有效。",
              en: "Wire a loop or light barrier; the drive's own safety must work without it.",
            },
          ),
        ],
  );
}

/** Drives that a lock-down cannot hold once their line is cut. */
export function controlLossFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) =>
    barrier.onControlLoss !== "opens" || barrier.kind === "passage-lock"
      ? []
      : [
          unwise(
            ["barriers", index, "onControlLoss"],
            {
              zh: `${barrier.id} 失去控制时自行开启：线缆被切断即放行。`,
              en: `${barrier.id} opens by itself when control is lost: a cut cable lets pass.`,
            },
            {
              zh: "改用失控时保持原位的驱动，或在线缆可触及处加装防护。",
              en: "Use a drive that holds its position, or guard the cable where it can be reached.",
            },
          ),
        ],
  );
}
