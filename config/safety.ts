// Rules that a sound file can still break: life before security, silence noticed in time, nothing plain beyond loopback (rules 6, 8).

import type { ResponseConfig } from "../edge/model/plan.js";
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import { type WiredPoint, wiredPoints } from "./references.js";
import { triggeringZones } from "./timing.js";
import type { Finding, Path } from "./trouble.js";

/** Silence on an armed perimeter must be announced within this time, in ms (rule 6). */
export const silenceMsMax = 20_000;

/** Findings of code `config.safety`; some are warnings only. */
export function safetyFindings(edge: EdgeConfig, base: Path): Finding[] {
  return [
    ...edge.responses.flatMap((response, index) => fireFindings(edge, response, ["responses", index])),
    ...releaseFindings(edge),
    ...emergencyFindings(edge),
    ...silenceFindings(edge),
    ...unansweredFindings(edge),
    ...interlockFindings(edge),
    ...exposureFindings(edge),
    ...reserveFindings(edge),
  ].map((finding) => ({ ...finding, path: [...base, ...finding.path] }));
}

const refuse = (path: Path, message: Text, remedy: Text): Finding => ({ code: "config.safety", path, message, remedy });
const warn = (path: Path, message: Text, remedy: Text): Finding => ({
  ...refuse(path, message, remedy),
  warning: true,
});

/** Fire never closes, and nothing but fire releases. */
function fireFindings(edge: EdgeConfig, response: ResponseConfig, path: Path): Finding[] {
  const zones = triggeringZones(edge, response.on);
  const byFire = zones.some((zone) => zone.kind === "fire-input");
  const onlyByFire =
    byFire && zones.every((zone) => zone.kind === "fire-input") && !response.on.some((on) => "command" in on);
  return response.steps.flatMap((step, index) => {
    if (step.kind === "close" && byFire) {
      return [
        refuse(
          [...path, "steps", index],
          { zh: "消防信号不得关闭阻车设施。", en: "A fire input must not close barriers." },
          {
            zh: "把消防防区移出该处置，或删除关闭步骤（规则 8）。",
            en: "Take the fire zone out of this response, or the closing step (rule 8).",
          },
        ),
      ];
    }
    if (step.kind === "release" && !onlyByFire) {
      return [
        refuse(
          [...path, "steps", index],
          { zh: "只有消防信号可以触发释放步骤。", en: "Only a fire input may set off a release." },
          {
            zh: "释放步骤只能放在仅由消防防区触发的处置中。",
            en: "Keep it in a response that fire zones alone set off.",
          },
        ),
      ];
    }
    return [];
  });
}

function releaseFindings(edge: EdgeConfig): Finding[] {
  const steps = edge.responses.flatMap((response) => response.steps);
  const released = steps.flatMap((step) =>
    step.kind === "release" ? (edge.groups.find((group) => group.id === step.group)?.barriers ?? []) : [],
  );
  return edge.barriers.flatMap((barrier, index) =>
    barrier.onFire === "hold" || released.includes(barrier.id)
      ? []
      : [
          refuse(
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

function emergencyFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) =>
    (barrier.emergencyTravelMs === undefined) === (barrier.drive.emergency === undefined)
      ? []
      : [
          refuse(
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

function silenceFindings(edge: EdgeConfig): Finding[] {
  const points = wiredPoints(edge);
  const perimeter = new Set(edge.areas.filter((area) => area.kind === "perimeter").map((area) => area.id));
  return edge.zones.flatMap((zone, index) => {
    if (!perimeter.has(zone.area)) return [];
    const [field, id] =
      "level" in zone ? ["level", zone.level] : "point" in zone ? ["point", zone.point] : ["second", zone.second];
    const ms = silenceMs(points.get(id));
    if (ms <= silenceMsMax) return [];
    return [
      refuse(
        ["zones", index, field],
        {
          zh: `${id} 失联 ${ms} ms 后才发现，周界防区须在 ${silenceMsMax} ms 内发现。`,
          en: `Silence of ${id} is noticed after ${ms} ms only; a perimeter zone allows ${silenceMsMax} ms.`,
        },
        {
          zh: "缩短点位、设备的 silentAfterMs 或驱动的 watchdogMs。",
          en: "Shorten silentAfterMs of the point or device, or watchdogMs of the driver.",
        },
      ),
    ];
  });
}

/** When silence of a point is noticed, by the earliest watch; 0 where the driver sees it by itself. */
function silenceMs(wired: WiredPoint | undefined): number {
  if (wired === undefined) return 0;
  const watches = [wired.point.silentAfterMs, driverWatchMs(wired)].filter((ms) => ms !== undefined);
  return watches.length === 0 ? 0 : Math.min(...watches);
}

function driverWatchMs({ driver, point }: WiredPoint): number | undefined {
  if (driver.kind === "opcua") return driver.watchdogMs;
  if (driver.kind !== "mqtt" || !("device" in point)) return undefined;
  return driver.devices.find((device) => device.id === point.device)?.silentAfterMs;
}

function unansweredFindings(edge: EdgeConfig): Finding[] {
  const answered = new Set(edge.responses.flatMap((response) => triggeringZones(edge, response.on)));
  return edge.zones.flatMap((zone, index) =>
    answered.has(zone)
      ? []
      : [
          warn(
            ["zones", index],
            { zh: `防区 ${zone.id} 没有任何处置。`, en: `No response answers zone ${zone.id}.` },
            {
              zh: "在某个处置的 on 中加入该防区、其类型或区域。",
              en: "Name the zone, its kind or its area in a response's on.",
            },
          ),
        ],
  );
}

function interlockFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) =>
    barrier.interlocks.length > 0
      ? []
      : [
          warn(
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

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A plain listener that others could reach. */
export function exposed(path: Path, host: string): Finding[] {
  if (isLoopback(host)) return [];
  return [
    refuse(
      path,
      {
        zh: `${host} 可从本机以外访问，但该端口未加密。`,
        en: `${host} can be reached from outside, but this port is not encrypted.`,
      },
      {
        zh: "请使用 127.0.0.1；需要对外开放时在前面设置 TLS 代理。",
        en: "Use 127.0.0.1; to open it, put a TLS proxy in front.",
      },
    ),
  ];
}

function exposureFindings(edge: EdgeConfig): Finding[] {
  const brokers = edge.drivers.flatMap((driver, index) =>
    driver.kind === "mqtt" && driver.broker ? exposed(["drivers", index, "broker", "host"], driver.broker.host) : [],
  );
  return [...exposed(["http", "host"], edge.http.host), ...brokers];
}

function reserveFindings({ journal }: EdgeConfig): Finding[] {
  if (journal.reserveMiB < journal.quotaMiB) return [];
  return [
    refuse(
      ["journal", "reserveMiB"],
      {
        zh: `预留 ${journal.reserveMiB} MiB 不小于配额 ${journal.quotaMiB} MiB。`,
        en: `The reserve of ${journal.reserveMiB} MiB is not below the quota of ${journal.quotaMiB} MiB.`,
      },
      { zh: "减小 reserveMiB 或增大 quotaMiB。", en: "Lower reserveMiB or raise quotaMiB." },
    ),
  ];
}
