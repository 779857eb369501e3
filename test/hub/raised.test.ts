// What each new kind of alarm looks like in the list, and what ends it.
import { describe, expect, it } from "vitest";
import { createAlarms } from "../../hub/alarm/alarms.js";
import { at, createJournal, inventory, rowsOf, stepData } from "./box.js";

type Add = [type: string, data: object];
const alarm = { key: "the-key", priority: 3 };
const ended = { alarms: ["the-key"] };
const known = {
  inventoryOf: (site: string) => (site === "" ? undefined : inventory),
  taskOf: ({ step }: { step: string }) =>
    step === "i1/muster/count" ? { zh: "清点人数", en: "Count heads" } : undefined,
};

function list(...facts: Add[]) {
  const journal = createJournal("compound", "gatehouse");
  const alarms = createAlarms(known);
  for (const [type, data] of facts) journal.add(type, data);
  for (const row of rowsOf("compound", "gatehouse", journal.records)) alarms.apply(row);
  return alarms.list();
}

const missed = (target: string, reason: string, step = "i1/r/s"): Add => [
  "step.missed",
  { alarm, step, incident: "i1", target, reason, deadlineAt: at(5000), latenessMs: 0 },
];
const armFailed: Add = [
  "area.arm-failed",
  {
    alarm,
    area: "fence",
    by: "schedule",
    obstacles: [
      { subject: "north", why: "not-normal" },
      { subject: "board", why: "driver-lost" },
    ],
    at: at(1),
  },
];
const change = { number: "W1", device: "barrier:b1", by: "zhao", note: "", at: at(9), ...ended };

describe("an alarm of a box", () => {
  it.each<{ name: string; raise: Add; end: Add; en: string; zh: string; view?: object }>([
    {
      name: "an area that could not be armed",
      raise: armFailed,
      end: ["area.armed", { area: "fence", by: "wang", at: at(2), zones: [], ...ended }],
      en: "Fence line: Arming failed, North fence Not normal and 1 more",
      zh: "周界：布防失败，北侧围栏 未恢复正常，另有 1 项",
      view: { area: "fence", zone: null, incident: null },
    },
    {
      name: "a pre-alarm",
      raise: [
        "zone.pre-alarmed",
        {
          alarm,
          zone: "north",
          area: "fence",
          cause: "fibre-cut",
          confirmation: "c",
          detection: { occurredAt: at(1) },
        },
      ],
      end: ["zone.pre-alarm-ended", { zone: "north", ...ended }],
      en: "North fence: Zone pre-alarm, Fence cut",
      zh: "北侧围栏：防区预警，剪切围栏",
      view: { zone: "north", cause: "fibre-cut" },
    },
    {
      name: "a held lane that is open for an emergency vehicle",
      raise: [
        "lane.opened",
        { alarm, barrier: "b1", by: "wang", reason: "fire engine", incident: "i1", until: at(60_000) },
      ],
      end: ["lane.closed", { barrier: "b1", by: "wang", ...ended }],
      en: "Bollard 1: Lane opened for an emergency vehicle, wang, fire engine",
      zh: "升降柱1：放行应急车辆，车道开启，wang，fire engine",
      view: { barrier: "b1", area: "gate", cause: null },
    },
    {
      name: "A-26: a work order that was not reported in time",
      raise: ["workorder.overdue", { alarm, number: "W1", device: "barrier:b1", dueAt: at(7_200_000) }],
      end: ["workorder.assigned", change],
      en: "Bollard 1: Work order overdue",
      zh: "升降柱1：工单超时未报",
      view: { occurredAt: "2026-06-01T14:00:00.000Z" },
    },
    {
      name: "A-30: a round that was left out",
      raise: ["duty.missed", { alarm, duty: "patrol", dueAt: at(0) }],
      end: ["duty.done", { duty: "patrol", by: "wang", note: "", at: at(5), ...ended }],
      en: "Equipment round: Duty missed",
      zh: "设备巡检：例行工作逾期",
    },
    {
      name: "an operator under duress",
      raise: ["operator.under-duress", { alarm, incident: "i1", by: "wang" }],
      end: ["incident.closed", { incident: "i1", by: "li" }],
      en: "Gatehouse box: Operator under duress, wang",
      zh: "门卫室主机：人员被胁迫操作，wang",
    },
    {
      name: "A-51: a notification that did not get through",
      raise: missed("radio", "not-delivered"),
      end: ["step.completed", { step: "i1/r/s", incident: "i1", confirmedAt: at(9000), latenessMs: 4000, ...ended }],
      en: "Radio: Step missed, Not delivered",
      zh: "对讲机：处置步骤超时，通知未送达",
      view: { cause: "not-delivered", barrier: null },
    },
    {
      name: "a report that nobody gave, by its task",
      raise: missed("person", "not-reported", "i1/muster/count"),
      end: ["incident.closed", { incident: "i1", by: "li" }],
      en: "Count heads: Step missed, Not reported",
      zh: "清点人数：处置步骤超时，未收到人员报告",
    },
    {
      name: "an output that was not confirmed",
      raise: missed("reserve-supply", "output-not-confirmed"),
      end: ["step.completed", { step: "i1/r/s", incident: "i1", confirmedAt: at(9000), latenessMs: 4000, ...ended }],
      en: "reserve-supply: Step missed, Output not confirmed",
      zh: "reserve-supply：处置步骤超时，输出未确认",
    },
  ])("$name is named in both languages and ends by the box's word", ({ raise, end, en, zh, view = {} }) => {
    expect(list(raise)).toMatchObject([{ title: { en, zh }, priority: 3, state: "unacknowledged", ...view }]);
    expect(list(raise, end)).toMatchObject([{ state: "returned-unacknowledged" }]);
  });

  it("A-14: is marked as exercise when a drill caused it, until something real raises it again", () => {
    const journal = createJournal("compound", "gatehouse");
    const alarms = createAlarms(known);
    const [type, data] = missed("siren", "output-not-confirmed");
    journal.add(type, data, { exercise: true });
    for (const row of rowsOf("compound", "gatehouse", journal.records)) alarms.apply(row);
    expect(alarms.list()).toMatchObject([{ exercise: true }]);
    for (const row of rowsOf("compound", "gatehouse", [journal.add(type, data)], 2)) alarms.apply(row);
    expect(alarms.list()).toMatchObject([{ exercise: false, count: 2 }]);
  });

  it("is not ended by a word that was said before it came again", () => {
    const journal = createJournal("compound", "gatehouse");
    const alarms = createAlarms(known);
    const first = journal.add(...armFailed);
    const end = journal.add("area.disarmed", { area: "fence", by: "wang", at: at(2), zones: [], ...ended });
    const second = journal.add(...armFailed);
    for (const row of rowsOf("compound", "gatehouse", [first, second, end])) alarms.apply(row);
    expect(alarms.list()).toMatchObject([{ state: "unacknowledged", count: 2 }]);
  });

  it("A-30: of the hub itself names the hub and how many are there", () => {
    const alarms = createAlarms(known);
    const own = createJournal("", "hub");
    own.add("operators.too-few", { alarm, present: 1, needed: 2 }, { lane: "alarm" });
    for (const row of rowsOf("", "hub", own.records)) alarms.apply(row);
    expect(alarms.list()).toMatchObject([
      {
        site: "",
        title: { en: "Hub: Too few operators on duty, 1 of 2", zh: "平台：值班人员不足，1 人在岗，要求 2 人" },
      },
    ]);
    const back = own.add("operators.restored", ended, { lane: "alarm" });
    for (const row of rowsOf("", "hub", [back], 2)) alarms.apply(row);
    expect(alarms.list()).toMatchObject([{ state: "returned-unacknowledged" }]);
  });

  it("says nothing of steps that raise none", () => {
    expect(list(["step.decided", stepData("i1", 0)], ["posture.changed", { level: "level-1" }])).toEqual([]);
  });
});
