// The shapes of alarms in the HTTP API as schemas; the compiler holds them against the one alarm record.
import { type Static, Type } from "typebox";
import { causes, incidentKinds, reasons } from "../../edge/model/incident.js";
import { type AlarmRecord, alarmClasses, alarmStates } from "../alarm/record.js";
import { orNull, strict, stringOrNull, text, time, timeOrNull, words } from "./terms.js";

const aside = orNull(Type.Object({ by: Type.String(), reason: Type.String(), at: time, until: timeOrNull }));

export const alarm = Type.Object({
  id: Type.String(),
  key: Type.String(),
  origin: Type.String(),
  sequence: Type.Integer(),
  site: Type.String(),
  edge: Type.String(),
  area: stringOrNull,
  zone: stringOrNull,
  barrier: stringOrNull,
  incident: stringOrNull,
  incidentKind: orNull(words(incidentKinds)),
  type: Type.String(),
  class: words(alarmClasses),
  cause: orNull(Type.String({ description: `One of ${[...causes, ...reasons].join(", ")}, or a newer word.` })),
  title: text,
  priority: Type.Integer({ minimum: 1, maximum: 4 }),
  severity: Type.Integer({ minimum: 1, maximum: 1000 }),
  state: words(alarmStates),
  active: Type.Boolean(),
  acknowledged: Type.Boolean(),
  latched: Type.Boolean(),
  shelved: aside,
  outOfService: aside,
  suppressed: aside,
  silencedAt: timeOrNull,
  silencedBy: stringOrNull,
  escalation: Type.Integer(),
  occurredAt: time,
  raisedAt: time,
  storedAt: time,
  activeAt: time,
  unacknowledgedAt: timeOrNull,
  returnedAt: timeOrNull,
  acknowledgedAt: timeOrNull,
  acknowledgedBy: stringOrNull,
  acknowledgedFrom: stringOrNull,
  resetBy: stringOrNull,
  closedAt: timeOrNull,
  count: Type.Integer(),
  exercise: Type.Boolean(),
  historical: Type.Boolean({ description: "It came out of a box's backlog." }),
  durable: Type.Boolean(),
});

type Covered<Needed extends There, There> = Needed;
/** The compiler refuses it when the record has a field that the schema lacks. */
export type AlarmFields = Covered<keyof AlarmRecord, keyof Static<typeof alarm>>;

export const measures = Type.Object({
  operators: Type.Integer(),
  raisedInTenMinutes: Type.Integer(),
  perOperator: Type.Number(),
  flood: orNull(Type.Object({ since: time })),
  chattering: Type.Array(
    Type.Object({
      site: Type.String(),
      edge: Type.String(),
      origin: Type.String(),
      type: Type.String(),
      alarm: Type.String(),
      returns: Type.Integer(),
      lastAt: time,
    }),
  ),
  stale: Type.Array(Type.String()),
  unacknowledged: Type.Integer(),
  shelved: Type.Integer(),
  outOfService: Type.Integer(),
  suppressed: Type.Integer(),
  raisedByPriority: Type.Record(Type.String(), Type.Integer()),
  escalations: Type.Integer(),
});

export const changes = Type.Object({
  head: Type.Integer({
    description: "Number of the newest change; ask again after the last item while it is smaller.",
  }),
  items: Type.Array(Type.Object({ sequence: Type.Integer(), at: time, alarms: Type.Array(alarm) })),
});

export const asideBody = Type.Object(
  {
    forMs: Type.Integer({ minimum: 1, description: "Milliseconds; the hub's configuration sets the longest." }),
    reason: Type.String({ minLength: 1, maxLength: 500, pattern: "\\S" }),
  },
  strict,
);

export const alarmQuery = Type.Object(
  {
    state: Type.Optional(words([...alarmStates, "active"])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 })),
  },
  strict,
);
export const changeQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  },
  strict,
);
