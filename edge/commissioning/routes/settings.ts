// Settings of zones and points at the box: what may be changed, what a change would do, the change itself, and the way back.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { id, orNull, strict } from "../../../config/schema/request-terms.js";
import { refusal } from "../../model/error.js";
import { fromOf, personOf } from "../access.js";
import type { Desk } from "../desk.js";
import { refuse } from "../refusals.js";
import { change, type Done, judge, standingOf, type Wish } from "../settings/change.js";
import { historyView, proposalView, settingsView } from "../settings/view.js";
import { credentials } from "./sessions.js";

export const settingsLimits = {
  changes: 64,
  reasonCharacters: 200,
  textCharacters: 256,
  /** Orders that may wait for the one that is under way. */
  waiting: 8,
} as const;

const value = orNull(
  Type.Union([Type.Boolean(), Type.Number(), Type.String({ maxLength: settingsLimits.textCharacters })]),
);
const key = Type.String({ minLength: 1, maxLength: 64 });
const one = Type.Union([
  Type.Object({ zone: id, key, value }, strict),
  Type.Object({ point: id, driver: id, key, value }, strict),
]);
const changes = Type.Array(one, { minItems: 1, maxItems: settingsLimits.changes });
const revision = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const signed = {
  reason: Type.String({ minLength: 1, maxLength: settingsLimits.reasonCharacters, pattern: "\\S" }),
  revision,
  second: Type.Optional(credentials),
};
const order = Type.Object({ changes, ...signed }, strict);
const backOrder = Type.Object({ to: revision, ...signed }, strict);
const proposal = Type.Union([Type.Object({ changes }, strict), Type.Object({ to: revision }, strict)]);

export function addSettingsRoutes(app: FastifyInstance, desk: Desk): void {
  const inTurn = oneAtATime();

  app.get("/api/v1/settings", async () => {
    const { present, status, history } = standingOf(desk);
    return settingsView(present.edge, history, status.durable);
  });
  app.get("/api/v1/settings/history", async () => historyView(standingOf(desk).history));
  app.post<{ Body: Static<typeof proposal> }>(
    "/api/v1/settings/check",
    { schema: { body: proposal } },
    async ({ body }) => {
      const { proposal, consent } = judge(standingOf(desk), body);
      return proposalView(proposal, consent);
    },
  );
  app.post<{ Body: Static<typeof order> }>("/api/v1/settings", { schema: { body: order } }, async (request, reply) =>
    inTurn(() => carryOut(request, reply, desk, { changes: request.body.changes })),
  );
  app.post<{ Body: Static<typeof backOrder> }>(
    "/api/v1/settings/back",
    { schema: { body: backOrder } },
    async (request, reply) => inTurn(() => carryOut(request, reply, desk, { to: request.body.to })),
  );
}

async function carryOut(
  request: FastifyRequest<{ Body: Omit<Static<typeof order>, "changes"> }>,
  reply: FastifyReply,
  desk: Desk,
  wish: Wish,
): Promise<unknown> {
  const { reason, revision: seen, second } = request.body;
  const first = personOf(request, desk);
  return told(reply, await change(desk, first, { wish, reason, revision: seen, second, from: fromOf(request, desk) }));
}

function told(reply: FastifyReply, done: Done): unknown {
  if (done.kind === "taken") {
    const { note, afterRestart } = done;
    return { ok: true, revision: note.revision, hash: note.hash, afterRestart, changes: note.changes, by: note.by };
  }
  if (done.kind === "refused") {
    const [trouble] = done.proposal.troubles;
    if (trouble === undefined) throw refusal("api.internal", "/", "refused without a reason");
    return refuse(reply, trouble, proposalView(done.proposal, done.consent));
  }
  const trouble = done.outcome.troubles[0] ?? {
    code: "settings.stale" as const,
    place: "/body/revision",
    detail: `another configuration was taken: revision ${done.outcome.revision}`,
  };
  return refuse(reply, trouble, { troubles: done.outcome.troubles });
}

/** Two technicians at once: the second is judged on what the first has made. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  return async (work) => {
    if (count > settingsLimits.waiting) throw refusal("api.throttled", "/", `${settingsLimits.waiting} changes wait`);
    count += 1;
    const mine = last.then(work).finally(() => {
      count -= 1;
    });
    last = mine.catch(() => undefined);
    return mine;
  };
}
