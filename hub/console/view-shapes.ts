// The JSON shapes of a box, its areas, zones and barriers, and of what is to be done about it, as schemas.
import { Type } from "typebox";
import { barrierStates, zoneStates } from "../../edge/model/durable.js";
import { causes } from "../../edge/model/incident.js";
import { dutyKinds, postureLevels, riskColours } from "../../edge/model/plan.js";
import { lanes } from "../../edge/model/record.js";
import { areaKinds } from "../../edge/model/site.js";
import { subsystems } from "../../edge/model/zone.js";
import { orNull, place, stringOrNull, text, time, timeOrNull, words } from "./terms.js";

const names = Type.Array(Type.String());
const period = (more: Record<string, Type.TSchema>) => Type.Object({ until: time, ...more });

export const obstacle = Type.Object({ subject: Type.String(), why: Type.String(), name: text, text });

export const area = Type.Object({
  ...place,
  id: Type.String(),
  name: text,
  kind: words(areaKinds),
  grade: Type.Integer({ minimum: 1, maximum: 4 }),
  armed: Type.Boolean(),
  changedAt: timeOrNull,
  changedBy: stringOrNull,
  arming: orNull(period({ by: Type.String() })),
  entry: orNull(period({ zone: Type.String() })),
  failed: orNull(Type.Object({ at: time, by: Type.String(), obstacles: Type.Array(obstacle) })),
});

export const zone = Type.Object({
  ...place,
  id: Type.String(),
  name: text,
  area: Type.String(),
  areaName: text,
  areaKind: words(areaKinds),
  kind: Type.String(),
  subsystem: words(subsystems),
  supervised: Type.Boolean(),
  camera: stringOrNull,
  position: orNull(Type.Object({ plan: Type.String(), x: Type.Number(), y: Type.Number() })),
  state: words(zoneStates),
  exercise: Type.Boolean(),
  armed: Type.Boolean(),
  alwaysOn: Type.Boolean(),
  out: orNull(
    Type.Object({
      how: words(["isolated", "inhibited", "repair"] as const),
      by: names,
      reason: Type.String(),
      until: timeOrNull,
      guard: stringOrNull,
    }),
  ),
  preAlarm: orNull(words(causes)),
  tested: orNull(
    Type.Object({ at: time, cause: words(causes), latencyMs: Type.Number(), heardMs: orNull(Type.Number()) }),
  ),
  changedAt: timeOrNull,
});

export const barrier = Type.Object({
  ...place,
  id: Type.String(),
  name: text,
  area: Type.String(),
  groups: names,
  kind: Type.String(),
  entrance: words(["main", "other"] as const),
  impactRating: stringOrNull,
  state: words(barrierStates),
  reason: stringOrNull,
  held: Type.Boolean(),
  pass: orNull(period({ by: Type.String(), reason: Type.String(), incident: Type.String() })),
  serviced: orNull(Type.Object({ at: time, cycles: Type.Integer() })),
  changedAt: timeOrNull,
});

export const duty = Type.Object({
  ...place,
  id: Type.String(),
  name: text,
  kind: words(dutyKinds),
  lastDoneAt: timeOrNull,
  lastDoneBy: stringOrNull,
  dueAt: timeOrNull,
  missed: Type.Boolean(),
});

const decree = { issuer: Type.String(), reference: Type.String(), by: Type.String(), since: timeOrNull };
const group = Type.Object({ id: Type.String(), name: text, barriers: names, lockedDown: Type.Boolean() });
const deviation = Type.Object({
  response: Type.String(),
  step: Type.String(),
  target: Type.String(),
  worstMs: Type.Number(),
  reason: Type.String(),
  signedBy: Type.Array(Type.Object({ name: Type.String(), on: Type.String() })),
});

export const edge = Type.Object({
  ...place,
  name: text,
  online: Type.Boolean(),
  revision: orNull(Type.Integer()),
  groups: Type.Array(group),
  areas: Type.Array(area),
  posture: Type.Object({ level: words(postureLevels), leader: stringOrNull, ...decree }),
  risk: Type.Object({ colour: words(riskColours), ...decree }),
  drill: orNull(period({ id: Type.String(), zones: names, by: Type.String(), since: time, suspendedBy: stringOrNull })),
  walkTest: orNull(period({ zones: names, tested: names, by: Type.String() })),
  selfTest: orNull(
    Type.Object({
      at: time,
      by: Type.String(),
      availability: Type.Number({ minimum: 0, maximum: 1 }),
      findings: Type.Array(obstacle),
    }),
  ),
  duties: Type.Array(duty),
  channels: Type.Array(Type.Object({ id: Type.String(), name: text, kind: words(["hub", "output"] as const) })),
  fixtures: Type.Array(
    Type.Object({
      id: Type.String(),
      name: text,
      area: Type.String(),
      count: Type.Integer(),
      impactRating: Type.Optional(Type.String()),
    }),
  ),
  deviations: Type.Array(deviation),
  heads: Type.Array(
    Type.Object({ epoch: Type.String(), lane: words(lanes), sequence: Type.Integer(), hash: Type.String() }),
  ),
  lastRecordAt: timeOrNull,
});

export const workOrder = Type.Object({
  ...place,
  number: Type.String(),
  device: Type.String(),
  deviceName: text,
  cause: Type.String(),
  openedAt: time,
  state: words(["open", "assigned", "fixed", "verified"] as const),
  assignedAt: timeOrNull,
  fixedAt: timeOrNull,
  verifiedAt: timeOrNull,
  by: Type.String(),
  note: Type.String(),
  overdue: Type.Boolean(),
  pass: orNull(
    Type.Object({
      barrier: Type.String(),
      by: Type.String(),
      reason: Type.String(),
      openedAt: time,
      closedAt: timeOrNull,
    }),
  ),
});
