// The JSON shapes of the HTTP API as schemas: requests are checked against them, and /api/v1/openapi.json publishes them.
import { Type } from "typebox";
import { act, siteAct } from "../../config/schema/act.js";
import { roles } from "../../edge/model/command.js";
import { incidentKinds } from "../../edge/model/incident.js";
import { lanes } from "../../edge/model/record.js";
import { passwordLengthMax, passwordLengthMin } from "../people/password.js";
import { id, orNull, place, strict, stringOrNull, text, time, timeOrNull, words } from "./terms.js";
import { obstacle } from "./view-shapes.js";
import { approvalStates } from "./views.js";

export const error = Type.Object({
  code: Type.String(),
  message: Type.String(),
  remedy: Type.String(),
  place: Type.String(),
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
  siteOrder: stringOrNull,
});
export const siteOrder = Type.Object({
  id: Type.String(),
  site: Type.String(),
  boxes: Type.Array(Type.Object({ edge: Type.String(), commands: Type.Array(command) })),
});
export const siteOrderBody = Type.Object({ act: siteAct, reason: Type.String({ maxLength: 500 }) }, strict);
export const approval = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  site: Type.String(),
  edge: Type.String(),
  subject: Type.Record(Type.String(), Type.Unknown()),
  reason: Type.String(),
  requestedBy: Type.String(),
  role: words(roles),
  state: words(approvalStates),
  createdAt: time,
  expiresAt: time,
  decidedBy: stringOrNull,
  decidedAt: timeOrNull,
});
export const approvalQuery = Type.Object({ state: Type.Optional(words(approvalStates)), limit: limitOf() }, strict);
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
export const passwordBody = Type.Object(
  {
    password: newPassword,
    current: Type.Optional(Type.String({ maxLength: passwordLengthMax, description: "Asked for once there is one." })),
  },
  strict,
);
export const user = Type.Object({ user: Type.String(), role, disabled: Type.Boolean() });
export const userParameter = Type.Object({ user: userName });
export const sessionInfo = Type.Object({
  id: Type.String(),
  user: Type.String(),
  role,
  kind: words(["login", "token"] as const),
  openedAt: timeOrNull,
  expiresAt: time,
});

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

/** What an act may be answered with instead. */
export const refusals = { 403: error, 404: error, 409: error };

export const idParameter = Type.Object({ id });
export const nameParameter = Type.Object({ name: id });
export const siteParameter = Type.Object({ site: id });
export const boxParameters = Type.Object({ site: id, edge: id });
const limit = limitOf();
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

function limitOf() {
  return Type.Optional(Type.Integer({ minimum: 1, maximum: 5000, default: 1000 }));
}
