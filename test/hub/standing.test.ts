// What stands in a box beside its zones and barriers, from records made by hand.
import { describe, expect, it } from "vitest";
import { createProjections } from "../../hub/console/projections.js";
import { at, breachData, createJournal, inventory, openedData, rowsOf, stepData } from "./box.js";

type Add = [type: string, data: object];
const applied: Add = ["config.applied", { revision: 3, hash: "h", inventory }];

function project(...facts: Add[]) {
  const journal = createJournal("compound", "gatehouse");
  for (const [type, data] of [applied, ...facts]) journal.add(type, data);
  const projections = createProjections();
  for (const row of rowsOf("compound", "gatehouse", journal.records)) projections.apply(row);
  return projections;
}

const time = (ms: number) => new Date(at(ms).wall).toISOString();
const posture = { level: "level-2", from: "normal", issuer: "市反恐办", reference: "2026-17", by: "li", leader: null };
const drill: Add = ["drill.started", { drill: "spring", zones: ["north"], by: "li", at: at(1), until: at(9000) }];
const test: Add = ["walktest.started", { zones: ["north", "panic"], by: "zhao", until: at(9000) }];
const order = { number: "W1", device: "barrier:b1", at: at(10) };
const moved = (by: string, note: string, ms: number) => ({ ...order, by, note, at: at(ms), alarms: [] });

describe("a box on the console", () => {
  it("A-17: gives each zone its state, what it is, and its place on the plan", () => {
    const [north, panic] = project(["zone.breached", breachData("i1", 1)]).zones();
    expect(north).toMatchObject({
      state: "breached",
      armed: true,
      name: { zh: "北侧围栏" },
      areaKind: "perimeter",
      position: { plan: "site", x: 0.25, y: 0.1 },
      camera: "cam-1",
    });
    expect(panic).toMatchObject({ position: null, alwaysOn: true, armed: true });
  });

  it("A-05: gives each zone its subsystem, and says which contacts are not supervised", () => {
    expect(project().zones()).toMatchObject([
      { subsystem: "perimeter", supervised: true },
      { subsystem: "intrusion-and-hold-up", supervised: false },
    ]);
  });

  it.each<{ name: string; facts: Add[]; zone: object }>([
    {
      name: "isolated, by whom and until when",
      facts: [
        [
          "zone.taken-out",
          { zone: "north", out: { how: "isolated", by: ["wang"], reason: "works", until: at(50), guard: null } },
        ],
      ],
      zone: { out: { how: "isolated", by: ["wang"], reason: "works", until: time(50), guard: null } },
    },
    {
      name: "put back",
      facts: [
        [
          "zone.taken-out",
          { zone: "north", out: { how: "inhibited", by: ["wang"], reason: "", until: null, guard: null } },
        ],
        ["zone.reinstated", { zone: "north", by: "wang" }],
      ],
      zone: { out: null },
    },
    {
      name: "in pre-alarm",
      facts: [
        [
          "zone.pre-alarmed",
          { alarm: { key: "k", priority: 3 }, zone: "north", area: "fence", cause: "fibre-cut", confirmation: "c" },
        ],
      ],
      zone: { preAlarm: "fibre-cut" },
    },
  ])("shows a zone that is $name", ({ facts, zone }) => {
    expect(project(...facts).zones()[0]).toMatchObject(zone);
  });

  it.each<{ name: string; facts: Add[]; area: object }>([
    {
      name: "armed",
      facts: [["area.armed", { area: "gate", by: "wang", at: at(3), zones: [] }]],
      area: { armed: true, changedBy: "wang", changedAt: time(3), arming: null },
    },
    {
      name: "about to be armed",
      facts: [["area.arming", { area: "gate", by: "wang", until: at(30_000) }]],
      area: { armed: false, arming: { by: "wang", until: time(30_000) } },
    },
    {
      name: "entered",
      facts: [["area.entry-started", { area: "gate", zone: "panic", until: at(30_000), detection: {} }]],
      area: { entry: { zone: "panic", until: time(30_000) } },
    },
    {
      name: "not armed, with what stands against it in both languages",
      facts: [
        ["area.arming", { area: "gate", by: "wang", until: at(30_000) }],
        [
          "area.arm-failed",
          {
            alarm: { key: "k", priority: 2 },
            area: "gate",
            by: "wang",
            obstacles: [{ subject: "panic", why: "still-latched" }],
            at: at(30_000),
          },
        ],
      ],
      area: {
        arming: null,
        failed: {
          by: "wang",
          obstacles: [{ name: { zh: "紧急按钮" }, text: { zh: "报警尚未复位", en: "Alarm not reset yet" } }],
        },
      },
    },
    {
      name: "disarmed after a failure",
      facts: [
        [
          "area.arm-failed",
          { alarm: { key: "k", priority: 2 }, area: "gate", by: "wang", obstacles: [], at: at(30_000) },
        ],
        ["area.disarmed", { area: "gate", by: "wang", at: at(31_000), zones: [] }],
      ],
      area: { armed: false, failed: null, grade: 2, kind: "entrance" },
    },
  ])("shows an area that is $name", ({ facts, area }) => {
    const projections = project(...facts);
    expect(projections.areas()[1]).toMatchObject(area);
    expect(projections.edges()[0]?.areas).toEqual(projections.areas());
  });

  it("A-22: shows the posture with issuer, reference, time and operator", () => {
    expect(project().edges()[0]?.posture).toMatchObject({ level: "normal", since: null });
    const { posture: shown } = project(["posture.changed", { ...posture, at: at(5) }]).edges()[0] ?? {};
    const { from: _before, ...told } = posture;
    expect(shown).toEqual({ ...told, since: time(5) });
  });

  it("shows the declared risk", () => {
    const risk = { colour: "orange", from: "none", issuer: "市反恐办", reference: "R-3", by: "li", at: at(5) };
    expect(project(["risk.declared", risk]).edges()[0]?.risk).toMatchObject({ colour: "orange", since: time(5) });
  });

  it.each<{ name: string; facts: Add[]; box: object }>([
    { name: "A-14: a drill", facts: [drill], box: { drill: { id: "spring", zones: ["north"], suspendedBy: null } } },
    {
      name: "A-14: a drill that a real alarm has suspended",
      facts: [drill, ["drill.suspended", { drill: "spring", zone: "panic", at: at(2) }]],
      box: { drill: { suspendedBy: "panic" } },
    },
    {
      name: "A-14: no drill after its end",
      facts: [drill, ["drill.ended", { drill: "spring", by: "li", at: at(3), sheet: [] }]],
      box: { drill: null },
    },
    {
      name: "a walk test with what is still to be walked",
      facts: [test, ["zone.tested", { zone: "north", cause: "fibre-cut", latencyMs: 40 }]],
      box: { walkTest: { zones: ["north", "panic"], tested: ["north"], until: time(9000) } },
    },
    {
      name: "no walk test after its end",
      facts: [test, ["walktest.ended", { by: "zhao", tested: [], untested: ["north", "panic"] }]],
      box: { walkTest: null },
    },
    {
      name: "A-11: availability and findings of the self-test",
      facts: [
        [
          "selftest.done",
          { by: "clock", at: at(4), availability: 0.9991, findings: [{ subject: "siren", why: "sounder-not-good" }] },
        ],
      ],
      box: {
        selfTest: {
          at: time(4),
          availability: 0.9991,
          findings: [{ name: { en: "Siren" }, text: { zh: "警号异常" } }],
        },
      },
    },
  ])("shows $name", ({ facts, box }) => {
    expect(project(...facts).edges()[0]).toMatchObject(box);
  });

  it("A-14: marks what a drill has caused on the zone and in the timeline's incident", () => {
    const journal = createJournal("compound", "gatehouse");
    const projections = createProjections();
    const opened = openedData("i1", 0);
    journal.add(...applied);
    journal.add("incident.opened", { incident: { ...opened.incident, exercise: true } }, { exercise: true });
    journal.add("zone.breached", breachData("i1", 1), { exercise: true });
    for (const row of rowsOf("compound", "gatehouse", journal.records)) projections.apply(row);
    expect(projections.zones()[0]).toMatchObject({ state: "breached", exercise: true });
    expect(projections.incidents()[0]).toMatchObject({ exercise: true });
  });

  it("A-30: shows when each round is due, sooner in a raised posture, and which was left out", () => {
    const started: Add = ["agent.started", { version: "1", revision: 3, at: at(0) }];
    const done: Add = ["duty.done", { duty: "patrol", by: "wang", note: "", at: at(60_000), alarms: [] }];
    const missed: Add = ["duty.missed", { alarm: { key: "k", priority: 3 }, duty: "patrol", dueAt: at(1) }];
    const due = (...facts: Add[]) => project(...facts).duties()[0];
    expect(due()).toMatchObject({ name: { en: "Equipment round" }, dueAt: null, lastDoneAt: null, missed: false });
    expect(due(started)).toMatchObject({ dueAt: time(7_200_000) });
    expect(due(started, missed)).toMatchObject({ missed: true });
    expect(due(started, missed, done)).toMatchObject({ dueAt: time(7_260_000), lastDoneBy: "wang", missed: false });
    expect(due(done, ["posture.changed", { ...posture, at: at(1) }])).toMatchObject({ dueAt: time(3_660_000) });
    const late: Add = ["posture.changed", { ...posture, at: at(3_000_000) }];
    expect(due(done, late), "A-23: the interval begins with the posture").toMatchObject({ dueAt: time(6_600_000) });
  });

  it.each<{ name: string; facts: Add[]; view: object }>([
    { name: "opened", facts: [], view: { state: "open", cause: "drive-fault", openedAt: time(10), overdue: false } },
    {
      name: "overdue",
      facts: [["workorder.overdue", { ...order, alarm: { key: "k", priority: 2 }, dueAt: at(20) }]],
      view: { state: "open", overdue: true },
    },
    {
      name: "reported",
      facts: [["workorder.assigned", moved("wang", "to Zhao", 20)]],
      view: { state: "assigned", assignedAt: time(20), by: "wang", note: "to Zhao" },
    },
    {
      name: "mended and accepted",
      facts: [
        ["workorder.assigned", moved("wang", "", 20)],
        ["workorder.fixed", moved("zhao", "new relay", 30)],
        ["workorder.verified", moved("li", "", 40)],
      ],
      view: { state: "verified", assignedAt: time(20), fixedAt: time(30), verifiedAt: time(40), by: "li" },
    },
  ])("A-36: shows a work order that was $name, with number, device and times", ({ facts, view }) => {
    const opened: Add = ["workorder.opened", { ...order, cause: "drive-fault" }];
    expect(project(opened, ...facts).workOrders()).toMatchObject([
      { number: "W1", device: "barrier:b1", deviceName: { en: "Bollard 1" }, ...view },
    ]);
  });

  const pass = { barrier: "b1", by: "li", reason: "fire engine", openedAt: at(10), closedAt: null };
  const review: Add = ["workorder.opened", { ...order, cause: "review", pass }];
  const closed: Add = ["lane.closed", { barrier: "b1", by: "time", alarms: [], at: at(90_000) }];
  const shownPass = { barrier: "b1", by: "li", reason: "fire engine", openedAt: time(10) };

  it("shows an emergency vehicle's pass, how long the lane was open, and the words of its review", () => {
    const [open] = project(review).workOrders();
    expect(open).toMatchObject({ cause: "review", state: "open", pass: { ...shownPass, closedAt: null } });
    const verified: Add = ["workorder.verified", moved("wang", "plate checked", 100_000)];
    expect(project(review, closed, verified).workOrders()).toMatchObject([
      { state: "verified", by: "wang", note: "plate checked", pass: { ...shownPass, closedAt: time(90_000) } },
    ]);
  });

  it("knows how long the lane was open although that word overtook the one that opened the review", () => {
    const journal = createJournal("compound", "gatehouse");
    for (const [type, data] of [applied, review, closed]) journal.add(type, data);
    const projections = createProjections();
    const [first, opened, ended] = rowsOf("compound", "gatehouse", journal.records);
    for (const row of [first, ended, opened]) if (row !== undefined) projections.apply(row);
    expect(projections.workOrders()).toMatchObject([{ pass: { ...shownPass, closedAt: expect.any(String) } }]);
  });

  it("keeps the times of a zone's last walk test, from the sensor to the alarm and to the sounder", () => {
    const tested: Add = ["zone.tested", { zone: "north", cause: "fibre-cut", latencyMs: 420, at: at(50) }];
    const heard: Add = ["walktest.chirped", { zone: "north", tookMs: 810, at: at(900) }];
    const ended: Add = [
      "walktest.ended",
      { by: "zhao", person: "zhao", at: at(1000), tested: ["north"], untested: [] },
    ];
    expect(project().zones()[0]).toMatchObject({ tested: null });
    expect(project(test, tested).zones()[0]).toMatchObject({
      tested: { latencyMs: 420, heardMs: null, at: expect.any(String) },
    });
    expect(project(test, tested, heard, ended).zones()[0]).toMatchObject({ tested: { latencyMs: 420, heardMs: 810 } });
  });

  it("A-26: shows an order as overdue although that word overtook the one that opened it", () => {
    const overdue: Add = ["workorder.overdue", { ...order, alarm: { key: "k", priority: 2 }, dueAt: at(20) }];
    const projections = project(overdue, ["workorder.opened", { ...order, cause: "drive-fault" }]);
    expect(projections.workOrders()).toMatchObject([{ overdue: true, cause: "drive-fault", openedAt: time(10) }]);
  });

  it("A-51: shows for each channel whether its notification was delivered", () => {
    const notify = (id: string, channel: string): Add => {
      const { step } = stepData("i1", 0);
      return ["step.decided", { step: { ...step, id, action: { kind: "notify", channel } } }];
    };
    const projections = project(
      ["incident.opened", openedData("i1", 0)],
      notify("i1/n/radio", "radio"),
      notify("i1/n/hub", "hub"),
      ["step.met", { step: "i1/n/radio", incident: "i1", confirmedAt: at(900) }],
      [
        "step.missed",
        {
          alarm: { key: "k", priority: 1 },
          step: "i1/n/hub",
          incident: "i1",
          target: "hub",
          reason: "not-delivered",
          deadlineAt: at(5000),
          latenessMs: 0,
        },
      ],
    );
    expect(projections.incidents()[0]?.steps).toMatchObject([
      { targetName: { en: "Radio" }, outcome: "met", confirmedAt: time(900) },
      { target: "hub", outcome: "missed", reason: "not-delivered", confirmedAt: null },
    ]);
  });

  it("A-47: names a person's step by its task", () => {
    const { step } = stepData("i1", 0);
    const task = { zh: "清点人数", en: "Count heads" };
    const report = { ...step, id: "i1/muster/count", action: { kind: "report", task, everyMs: null } };
    const projections = project(["incident.opened", openedData("i1", 0)], ["step.decided", { step: report }]);
    expect(projections.incidents()[0]?.steps).toMatchObject([{ target: "person", targetName: task }]);
    const place = { site: "compound", edge: "gatehouse", incident: "i1", step: "i1/muster/count" };
    expect(projections.taskOf(place)).toEqual(task);
    expect(projections.taskOf({ ...place, step: "i1/perimeter/sound" })).toBeUndefined();
  });

  it("shows a held lane that is let open, and closed again", () => {
    const open: Add = [
      "lane.opened",
      {
        alarm: { key: "k", priority: 2 },
        barrier: "b1",
        by: "wang",
        reason: "fire engine",
        incident: "i1",
        until: at(60_000),
      },
    ];
    expect(project(open).barriers()[0]).toMatchObject({ pass: { by: "wang", until: time(60_000) } });
    expect(project(open, ["lane.closed", { barrier: "b1", by: "wang", alarms: [] }]).barriers()[0]?.pass).toBeNull();
  });

  it("A-39: shows a barrier's last service with the runs up to then", () => {
    const [barrier] = project(["barrier.serviced", { barrier: "b1", cycles: 9120 }]).barriers();
    expect(barrier).toMatchObject({ serviced: { cycles: 9120 }, entrance: "main", impactRating: null });
  });

  it("takes an older box's inventory, which knows no channels and no duties", () => {
    const { channels: _c, duties: _d, fixtures: _f, deviations: _v, ...older } = inventory;
    const projections = project(["config.applied", { revision: 4, hash: "h", inventory: older }]);
    expect(projections.edges()).toMatchObject([{ revision: 4, channels: [], deviations: [], duties: [] }]);
  });
});
