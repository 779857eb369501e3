// The JSON shapes of the HTTP API as schemas: requests are checked against them, and /api/v1/openapi.json publishes them.
import { Type } from "typebox";
import { roles } from "../../edge/model/command.js";
import { causes, incidentKinds, reasons } from "../../edge/model/incident.js";
import { lanes } from "../../edge/model/record.js";
import { passwordLengthMax, passwordLengthMin } from "../people/password.js";
import { act } from "./act-shapes.js";
import { id, orNull, place, strict, stringOrNull, text, time, timeOrNull, words } from "./terms.js";
import { obstacle } from "./view-shapes.js";

export const error = Type.Object({
  code: Type.String(),
  message: Type.String(),
  remedy: Type.String(),
  place: Type.String(),
});

const alarmStates = ["unacknowledged", "acknowledged", "returned-unacknowledged", "closed"] as const;
export const alarm = Type.Object({
  id: Type.String(),
  key: Type.String(),
  site: Type.String(),
  edge: Type.String(),
  area: stringOrNull,
  zone: stringOrNull,
  barrier: stringOrNull,
  incident: stringOrNull,
  type: Type.String(),
  cause: orNull(Type.String({ description: `One of ${[...causes, ...reasons].join(", ")}, or a newer word.` })),
  title: text,
  priority: Type.Integer({ minimum: 1, maximum: 4 }),
  state: words(alarmStates),
  occurredAt: time,
  raisedAt: time,
  storedAt: time,
  acknowledgedAt: timeOrNull,
  acknowledgedBy: stringOrNull,
  count: Type.Integer(),
  exercise: Type.Boolean(),
  historical: Type.Boolean({ description: "It came out of a box's backlog." }),
  durable: Type.Boolean(),
});

const step = Type.Object({
  id: Type.String(),
  response: Type.String(),
  action: Type.Object({ kind: words(["announce", "close", "release", "notify", "report", "switch"]) }),
  target: Type.String(),
  targetName: text,
  firstActivityAt: time,
  occurredAt: time,
  detectedAt: time,
  decidedAt: time,
  commandedAt: timeOrNull,
  confirmedAt: timeOrNull,
  deadlineAt: time,
  outcome: words(["open", "met", "missed", "inhibited"]),
  reason: stringOrNull,
  latenessMs: orNull(Type.Number()),
  fallbackAt: timeOrNull,
  resumed: orNull(Type.Object({ at: time, by: Type.String(), leftMs: Type.Number() })),
});
const timelineEntry = Type.Object({
  time,
  type: Type.String(),
  subject: Type.String(),
  lane: words(lanes),
  sequence: Type.Integer(),
  exercise: Type.Boolean(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export const incident = Type.Object({
  id: Type.String(),
  site: Type.String(),
  edge: Type.String(),
  kind: words(incidentKinds),
  place: Type.String(),
  state: words(["open", "closed"]),
  openedAt: time,
  closedAt: timeOrNull,
  acknowledgedBy: stringOrNull,
  zones: Type.Array(Type.String()),
  exercise: Type.Boolean(),
  steps: Type.Array(step),
  timeline: Type.Optional(Type.Array(timelineEntry)),
});

export const command = Type.Object({
  id: Type.String(),
  ...place,
  act,
  reason: Type.String(),
  issuers: Type.Array(Type.String()),
  roles: Type.Array(words(roles)),
  state: words(["awaiting-approval", "sent", "done", "refused", "expired"]),
  code: Type.String(),
  obstacles: Type.Array(obstacle),
  createdAt: time,
});
export const commandBody = Type.Object(
  {
    site: id,
    edge: id,
    act,
    reason: Type.String({ maxLength: 500 }),
    dual: Type.Optional(Type.Boolean({ description: "Wait for a second person's consent, whatever the act." })),
  },
  strict,
);

/** Names of users end up in records and pages. */
const userName = Type.String({ pattern: "^[\\p{L}\\p{N}._@-]{1,64}$" });
const newPassword = Type.String({ minLength: passwordLengthMin, maxLength: passwordLengthMax });
const anyPassword = Type.String({ minLength: 1, maxLength: passwordLengthMax });
const role = words(roles);
export const session = Type.Object({
  token: Type.String(),
  user: Type.String(),
  role,
  mustSetPassword: Type.Boolean(),
  expiresAt: time,
});
export const loginBody = Type.Union([
  Type.Object({ code: Type.String({ minLength: 1, maxLength: 128 }) }, strict),
  Type.Object({ user: userName, password: anyPassword }, strict),
]);
export const userBody = Type.Object({ user: userName, password: newPassword, role }, strict);
export const passwordBody = Type.Object({ password: newPassword }, strict);
export const user = Type.Object({ user: Type.String(), role });

export const record = Type.Object({
  sequence: Type.Integer(),
  storedAt: time,
  site: Type.String(),
  edge: Type.String(),
  record: Type.Record(Type.String(), Type.Unknown()),
  ageMs: Type.Optional(Type.Integer({ description: "How old it was by the box's own clocks when it was sent." })),
});

export const boxHeads = Type.Object({
  site: Type.String(),
  edge: Type.String(),
  heads: Type.Array(
    Type.Object({
      epoch: Type.String(),
      lane: words(lanes),
      sequence: Type.Integer(),
      hash: Type.String({ description: "Of that record; `unknown` where the box had nothing to send at that number." }),
    }),
  ),
});

export const idParameter = Type.Object({ id });
export const boxParameters = Type.Object({ site: id, edge: id });
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 }));
export const alarmQuery = Type.Object({ state: Type.Optional(words([...alarmStates, "active"])), limit }, strict);
export const incidentQuery = Type.Object({ state: Type.Optional(words(["open", "closed"])), limit }, strict);
export const limitQuery = Type.Object({ limit }, strict);
export const recordQuery = Type.Object(
  {
    incident: Type.Optional(id),
    type: Type.Optional(id),
    after: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit,
  },
  strict,
);

export const items = <T extends Type.TSchema>(shape: T) => Type.Object({ items: Type.Array(shape) });
