// Settings that are well formed each by itself and make no sense together.
import type { AreaConfig, EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import { signersOf } from "./timing.js";
import { type Finding, type Path, unsafe } from "./trouble.js";

/** Findings of code `config.schema`; an unsigned deviation is `config.safety`. */
export function consistencyFindings(edge: EdgeConfig): Finding[] {
  return [
    ...timeZoneFindings(edge),
    ...edge.areas.flatMap((area, index) => scheduleFindings(edge, area, ["areas", index])),
    ...limitFindings(edge),
    ...raisedFindings(edge),
    ...hubFindings(edge),
    ...signatureFindings(edge),
  ];
}

const odd = (path: Path, message: Text, remedy: Text): Finding => ({ code: "config.schema", path, message, remedy });

function timeZoneFindings({ timeZone }: EdgeConfig): Finding[] {
  if (timeZone === undefined || isTimeZone(timeZone)) return [];
  return [
    odd(
      ["timeZone"],
      { zh: `没有名为 ${timeZone} 的时区。`, en: `There is no time zone ${timeZone}.` },
      { zh: "请写 IANA 名称，例如 Asia/Shanghai。", en: "Write an IANA name such as Asia/Shanghai." },
    ),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function scheduleFindings(edge: EdgeConfig, { schedule = [] }: AreaConfig, path: Path): Finding[] {
  const homeless =
    schedule.length > 0 && edge.timeZone === undefined
      ? [
          odd(
            [...path, "schedule"],
            { zh: "有定时布防，但没有 timeZone。", en: "There is a schedule but no timeZone." },
            { zh: "在该主机下写 timeZone: Asia/Shanghai。", en: "Write timeZone: Asia/Shanghai under this box." },
          ),
        ]
      : [];
  const idle = schedule.flatMap(({ armAt, disarmAt }, index) =>
    armAt === undefined && disarmAt === undefined
      ? [
          odd(
            [...path, "schedule", index],
            { zh: "既没有 armAt 也没有 disarmAt。", en: "There is neither armAt nor disarmAt." },
            { zh: "至少填写一项，或删除。", en: "Give at least one of them, or remove it." },
          ),
        ]
      : [],
  );
  return [...homeless, ...idle];
}

function limitFindings(edge: EdgeConfig): Finding[] {
  return edge.zones.flatMap((zone, index): Finding[] => {
    if (!("hysteresis" in zone)) return [];
    const { high, low, hysteresis } = zone;
    if (high === undefined && low === undefined) {
      return [
        odd(
          ["zones", index],
          { zh: `${zone.id} 没有上限也没有下限。`, en: `${zone.id} has neither high nor low.` },
          { zh: "填写 high 或 low，或两者。", en: "Give high, low or both." },
        ),
      ];
    }
    if (high === undefined || low === undefined || low + 2 * hysteresis < high) return [];
    return [
      odd(
        ["zones", index, "low"],
        {
          zh: `${zone.id} 的下限 ${low} 与上限 ${high} 之间没有正常范围。`,
          en: `Between low ${low} and high ${high} of ${zone.id} nothing is normal.`,
        },
        {
          zh: "上限须大于下限加两倍回差。",
          en: "High must be above low by more than twice the hysteresis.",
        },
      ),
    ];
  });
}

/** A posture above normal watches more closely, never less. */
function raisedFindings(edge: EdgeConfig): Finding[] {
  const laxer = (path: Path, raised: number | undefined, normal: number): Finding[] =>
    raised === undefined || raised <= normal
      ? []
      : [
          odd(
            path,
            {
              zh: `${raised} ms 比常态的 ${normal} ms 更长。`,
              en: `${raised} ms is longer than ${normal} ms in the normal posture.`,
            },
            { zh: "非常态时只能更短。", en: "Above the normal posture it may only be shorter." },
          ),
        ];
  return [
    ...edge.zones.flatMap((zone, index) =>
      zone.kind === "access-door"
        ? laxer(["zones", index, "heldOpenRaisedMs"], zone.heldOpenRaisedMs, zone.heldOpenMs)
        : [],
    ),
    ...(edge.duties ?? []).flatMap((duty, index) =>
      laxer(["duties", index, "everyRaisedMs"], duty.everyRaisedMs, duty.everyMs),
    ),
  ];
}

function hubFindings(edge: EdgeConfig): Finding[] {
  if (edge.uplink !== undefined) return [];
  return (edge.channels ?? []).flatMap(({ id, kind }, index) =>
    kind === "hub"
      ? [
          odd(
            ["channels", index, "kind"],
            { zh: `渠道 ${id} 经平台，但没有 uplink。`, en: `Channel ${id} goes by the hub, but there is no uplink.` },
            { zh: "补充 uplink，或改用 output 渠道。", en: "Add uplink, or use a channel of kind output." },
          ),
        ]
      : [],
  );
}

function signatureFindings(edge: EdgeConfig): Finding[] {
  return (edge.deviations ?? []).flatMap((deviation, index) =>
    signersOf(deviation).length > 1
      ? []
      : [
          unsafe(
            ["deviations", index, "signedBy"],
            { zh: "偏差须由两名不同人员签署。", en: "A deviation must be signed by two different persons." },
            { zh: "请第二名负责人签署并注明日期。", en: "Have a second responsible person sign, with the date." },
          ),
        ],
  );
}
