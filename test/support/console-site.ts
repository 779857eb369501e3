// A small site as the hub's API would show it: the office compound during a fence cut that led to a lock-down.
import type { AreaView } from "../../hub/console/standing-views.js";
import type {
  AlarmView,
  BarrierView,
  EdgeView,
  IncidentView,
  StepView,
  WorkOrderView,
  ZoneView,
} from "../../hub/console/views.js";
import { alarmOf } from "../hub/alarm.js";

export const box = { site: "demo-office", edge: "gatehouse" } as const;

/** ISO time `ms` after (or before) `from`. */
export function shifted(from: string, ms: number): string {
  return new Date(Date.parse(from) + ms).toISOString();
}

function area(id: string, name: AreaView["name"], rest: Partial<AreaView>): AreaView {
  const quiet = { arming: null, entry: null, failed: null, changedAt: null, changedBy: null } as const;
  return { ...box, id, name, kind: "entrance", grade: 2, armed: false, ...quiet, ...rest };
}

const decree = { issuer: "", reference: "", by: "", since: null };

export const edge: EdgeView = {
  ...box,
  name: { zh: "门卫室主机", en: "Gatehouse box" },
  online: true,
  revision: 1,
  groups: [
    {
      id: "main-gate",
      name: { zh: "主出入口", en: "Main entrance" },
      barriers: ["main-in", "main-out"],
      lockedDown: true,
    },
    {
      id: "service-gate",
      name: { zh: "后勤出入口", en: "Service entrance" },
      barriers: ["service"],
      lockedDown: false,
    },
  ],
  areas: [
    area("fence", { zh: "北侧围栏", en: "North fence" }, { kind: "perimeter", armed: true }),
    area("gate", { zh: "大门", en: "Gate" }, {}),
  ],
  posture: { level: "normal", leader: null, ...decree },
  risk: { colour: "none", ...decree },
  drill: null,
  walkTest: null,
  selfTest: null,
  duties: [],
  channels: [],
  fixtures: [],
  deviations: [],
  heads: [],
  lastRecordAt: null,
};

function zone(
  id: string,
  area: "fence" | "gate",
  rest: Pick<ZoneView, "name" | "kind" | "state"> & Partial<ZoneView>,
): ZoneView {
  const areaKind = area === "fence" ? "perimeter" : "entrance";
  const areaName = edge.areas.find((known) => known.id === area)?.name ?? { zh: area, en: area };
  const armed = area === "fence";
  const alwaysOn = rest.kind === "panic-button" || rest.kind === "fire-input";
  const plain = { subsystem: "perimeter", supervised: true, exercise: false, alwaysOn } as const;
  const nothing = { camera: null, position: null, out: null, preAlarm: null, tested: null, changedAt: null } as const;
  return { ...box, id, area, areaName, areaKind, armed, ...plain, ...nothing, ...rest };
}

export const zones: readonly ZoneView[] = [
  zone("fence-fibre", "fence", {
    name: { zh: "围栏振动光纤", en: "Fence fibre" },
    kind: "vibration-fibre",
    state: "breached",
    camera: "C-04",
  }),
  zone("fence-beam", "fence", {
    name: { zh: "围栏红外对射", en: "Fence beam" },
    kind: "infrared-beam",
    state: "normal",
  }),
  zone("gatehouse-door", "gate", {
    name: { zh: "传达室门磁", en: "Gatehouse door" },
    kind: "door-contact",
    state: "normal",
  }),
  zone("panic", "gate", { name: { zh: "一键报警按钮", en: "Panic button" }, kind: "panic-button", state: "normal" }),
  zone("fire", "gate", { name: { zh: "消防联动信号", en: "Fire panel" }, kind: "fire-input", state: "normal" }),
];

function barrier(id: string, name: BarrierView["name"], rest: Partial<BarrierView>): BarrierView {
  const state = "open";
  return {
    ...box,
    id,
    name,
    area: "gate",
    groups: [],
    kind: "rising-bollard",
    entrance: "main",
    impactRating: null,
    pass: null,
    serviced: null,
    state,
    reason: null,
    held: false,
    changedAt: null,
    ...rest,
  };
}

export const barriers: readonly BarrierView[] = [
  barrier(
    "main-in",
    { zh: "主入口升降柱", en: "Main entry bollard" },
    { state: "closed", held: true, groups: ["main-gate"] },
  ),
  barrier(
    "main-out",
    { zh: "主出口升降柱", en: "Main exit bollard" },
    { state: "inhibited", reason: "vehicle-on-loop", held: true, groups: ["main-gate"] },
  ),
  barrier("service", { zh: "后勤门升降柱", en: "Service bollard" }, { groups: ["service-gate"] }),
];

/** The fence's cut, seen by nobody yet. */
export function alarm(id: string, occurredAt: string, rest: Partial<AlarmView> = {}): AlarmView {
  const storedAt = shifted(occurredAt, 90);
  return alarmOf({
    ...box,
    id,
    key: id,
    origin: "zone:fence-fibre",
    zone: "fence-fibre",
    incident: "incident-1",
    title: { zh: "围栏振动光纤：剪切围栏", en: "Fence fibre: Fence cut" },
    priority: 2,
    severity: 700,
    occurredAt,
    raisedAt: shifted(occurredAt, 40),
    storedAt,
    activeAt: storedAt,
    unacknowledgedAt: storedAt,
    ...rest,
  });
}

function step(
  id: string,
  at: string,
  withinMs: number,
  rest: Pick<StepView, "action" | "target" | "targetName"> & Partial<StepView>,
): StepView {
  return {
    id,
    response: "perimeter-alarm",
    firstActivityAt: shifted(at, -2_310),
    occurredAt: at,
    detectedAt: shifted(at, 12),
    decidedAt: shifted(at, 13),
    commandedAt: shifted(at, 15),
    confirmedAt: null,
    deadlineAt: shifted(at, withinMs),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
    ...rest,
  };
}

const close = (target: string) => ({ kind: "close", barrier: target, group: "main-gate", mode: "normal" }) as const;

/** An incident that began at `at`: siren in time, one bollard in time after a restart, one missed and completed late. */
export function incident(at: string): IncidentView {
  const steps = [
    step("s1", at, 5_000, {
      action: { kind: "announce", annunciator: "siren" },
      target: "siren",
      targetName: { zh: "大门声光报警", en: "Gate siren" },
      confirmedAt: shifted(at, 412),
      outcome: "met",
    }),
    step("s2", at, 30_000, {
      response: "lock-down",
      action: close("main-in"),
      target: "main-in",
      targetName: { zh: "主入口升降柱", en: "Main entry bollard" },
      commandedAt: shifted(at, 2_020),
      confirmedAt: shifted(at, 24_380),
      outcome: "met",
      resumed: { at: shifted(at, 17_700), by: "monotonic", leftMs: 12_300 },
    }),
    step("s3", at, 30_000, {
      response: "lock-down",
      action: close("main-out"),
      target: "main-out",
      targetName: { zh: "主出口升降柱", en: "Main exit bollard" },
      commandedAt: shifted(at, 3_020),
      confirmedAt: shifted(at, 37_654),
      outcome: "missed",
      reason: "vehicle-on-loop",
      latenessMs: 7_654,
      fallbackAt: shifted(at, 30_004),
    }),
  ];
  const base = { ...box, id: "incident-1", kind: "intrusion", place: "fence", state: "open" } as const;
  return {
    ...base,
    openedAt: at,
    closedAt: null,
    acknowledgedBy: null,
    zones: ["fence-fibre"],
    exercise: false,
    steps,
  };
}

export const workOrder: WorkOrderView = {
  ...box,
  number: "gatehouse-W7",
  device: "barrier:service",
  deviceName: { zh: "后勤门升降柱", en: "Service bollard" },
  cause: "drive-fault",
  openedAt: "2026-06-01T12:00:00.000Z",
  state: "open",
  assignedAt: null,
  fixedAt: null,
  verifiedAt: null,
  by: "",
  note: "",
  overdue: true,
  pass: null,
};

/** The records behind `incident`. */
export function timeline(at: string): NonNullable<IncidentView["timeline"]> {
  const rows = [
    [13, "zone.breached", "fence-fibre", "alarm", { zone: "fence-fibre", cause: "fibre-cut" }],
    [14, "incident.opened", "incident-1", "alarm", { kind: "intrusion", place: "fence" }],
    [14, "step.decided", "s1", "alarm", { step: "s1" }],
    [15, "step.commanded", "s1", "alarm", { step: "s1" }],
    [412, "step.met", "s1", "alarm", { step: "s1" }],
    [17_700, "step.resumed", "s2", "alarm", { step: "s2", leftMs: 12_300, by: "monotonic" }],
    [24_380, "step.met", "s2", "alarm", { step: "s2" }],
    [30_001, "step.missed", "s3", "alarm", { step: "s3", reason: "vehicle-on-loop" }],
    [30_004, "step.fallback-taken", "s3", "alarm", { step: "s3", announce: "siren" }],
    [37_654, "step.completed", "s3", "alarm", { step: "s3", latenessMs: 7_654 }],
  ] as const;
  return rows.map(([ms, type, subject, lane, data], index) => ({
    time: shifted(at, ms),
    type,
    subject,
    lane,
    sequence: index + 1,
    exercise: false,
    data,
  }));
}
