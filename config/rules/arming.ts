// What may wait, be confirmed by others or fall silent: never the perimeter, a panic button, a tamper or a fire (A-01, A-18).
import { rulesOf } from "../../edge/model/grade.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { pointsOfZone, type ZoneConfig, zoneTraits } from "../../edge/model/zone.js";
import { type Finding, type Path, unsafe, unwise } from "../trouble.js";

/** Entry times where an alarm may not wait. */
export function entryFindings(edge: EdgeConfig): Finding[] {
  const perimeter = new Set(edge.areas.filter((area) => area.kind === "perimeter").map((area) => area.id));
  const areas = edge.areas.flatMap((area, index) =>
    perimeter.has(area.id) && area.entryMs !== undefined ? [noEntry(["areas", index, "entryMs"], area.id)] : [],
  );
  const zones = edge.zones.flatMap((zone, index) =>
    zone.entryRoute === true && (perimeter.has(zone.area) || zoneTraits[zone.kind].watch === "always")
      ? [noEntry(["zones", index, "entryRoute"], zone.id)]
      : [],
  );
  return [...areas, ...zones];
}

const noEntry = (path: Path, id: string): Finding =>
  unsafe(
    path,
    {
      zh: `${id} 的报警不得等待进入延时。`,
      en: `An alarm of ${id} must not wait for an entry time.`,
    },
    {
      zh: "周界须在 5 秒内报警，一键报警、防拆、消防等全天候防区不延时；请删除该项，延时只用于室内进入路线。",
      en: "A perimeter alarms within 5 s, and what watches round the clock never waits. Remove it; entry times are for ways in through a building.",
    },
  );

/** Confirmations over what counts alone, or that could never be complete. */
export function confirmationFindings(edge: EdgeConfig): Finding[] {
  const seen = new Set<string>();
  return (edge.confirmations ?? []).flatMap((confirmation, index) => {
    const path = ["confirmations", index];
    const zones = confirmation.zones.flatMap((id, at): Finding[] => {
      const zone = edge.zones.find((each) => each.id === id);
      const twice = seen.has(id);
      seen.add(id);
      if (zone && zoneTraits[zone.kind].isProtected) return [countsAlone([...path, "zones", at], zone)];
      return twice ? [confirmedTwice([...path, "zones", at], id)] : [];
    });
    return confirmation.needed > confirmation.zones.length
      ? [...zones, neverComplete([...path, "needed"], confirmation.zones.length)]
      : zones;
  });
}

const countsAlone = (path: Path, { id, kind }: ZoneConfig): Finding =>
  unsafe(
    path,
    {
      zh: `${id}（${kind}）单独即报警，不得等待其他防区确认。`,
      en: `${id} (${kind}) counts alone and must not wait for a partner.`,
    },
    {
      zh: "把一键报警、防拆、消防和车辆冲卡移出确认组。",
      en: "Take panic buttons, tampers, fire inputs and vehicle rushes out of the confirmation.",
    },
  );

const confirmedTwice = (path: Path, id: string): Finding =>
  unsafe(
    path,
    { zh: `${id} 已属于另一个确认组。`, en: `${id} stands in another confirmation already.` },
    { zh: "每个防区只能属于一个确认组。", en: "Keep each zone in one confirmation." },
  );

const neverComplete = (path: Path, count: number): Finding =>
  unsafe(
    path,
    {
      zh: `只有 ${count} 个防区，永远凑不够确认数。`,
      en: `There are ${count} zones only, so it can never be complete.`,
    },
    { zh: `needed 不得大于 ${count}。`, en: `Write needed of ${count} or less.` },
  );

/** Swinger limits on what nothing may quiet. */
export function soundingFindings(edge: EdgeConfig): Finding[] {
  return edge.zones.flatMap((zone, index) =>
    zone.soundingsMax !== undefined && zoneTraits[zone.kind].isProtected
      ? [
          unsafe(
            ["zones", index, "soundingsMax"],
            { zh: `${zone.id} 的鸣响次数不得限制。`, en: `The soundings of ${zone.id} must not be limited.` },
            {
              zh: "一键报警、防拆、消防和车辆冲卡每次都必须鸣响；请删除 soundingsMax。",
              en: "A panic button, tamper, fire input or vehicle rush sounds every time; remove soundingsMax.",
            },
          ),
        ]
      : [],
  );
}

/** Contacts whose cable can be cut unseen: a warning, from grade 3 a refusal. */
export function bareFindings(edge: EdgeConfig): Finding[] {
  const bare = new Set(edge.drivers.flatMap(bareInputs));
  return edge.zones.flatMap((zone, index) => {
    const isLoop = "loop" in zone && zone.loop !== undefined;
    if (isLoop || !pointsOfZone(zone).some((id) => bare.has(id))) return [];
    const area = edge.areas.find((each) => each.id === zone.area);
    const say = area === undefined || rulesOf(area).allowsBareContacts ? unwise : unsafe;
    return [
      say(
        ["zones", index],
        {
          zh: `${zone.id} 是无监视触点，线缆被剪断不会被发现${say === unsafe ? `；安全等级 ${area?.grade} 不允许` : ""}。`,
          en: `${zone.id} is a bare contact, unsupervised: its cable can be cut unseen${say === unsafe ? `; grade ${area?.grade} forbids it` : ""}.`,
        },
        {
          zh: "接成带线尾电阻的回路（loop，模拟量输入），或用自带心跳的设备。",
          en: "Wire it as an end-of-line loop on an analog input, or use a device with a heartbeat of its own.",
        },
      ),
    ];
  });
}

/** Inputs that only tell open from closed over a plain cable. */
export function bareInputs(driver: DriverConfig): readonly string[] {
  if (driver.kind === "gpio") return driver.points.filter(({ direction }) => direction === "in").map(({ id }) => id);
  return driver.kind === "firmata"
    ? driver.points.filter(({ signal }) => signal === "digital").map(({ id }) => id)
    : [];
}
