// What a person orders at the box: rights by the table that the hub reads too, a second PIN where two must agree, then the
// controller, which has the last word.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { act } from "../../../config/schema/act.js";
import { strict } from "../../../config/schema/request-terms.js";
import { obstacleTexts } from "../../../config/words.js";
import { type Act, type Command, type CommandResult, type Obstacle, urgentActs } from "../../model/command.js";
import { type ErrorCode, errorCodes, refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { mayAct } from "../../model/rights.js";
import type { MonoMs } from "../../model/time.js";
import { fromOf, personOf } from "../access.js";
import { answer } from "../answer.js";
import type { Desk } from "../desk.js";
import type { Who } from "../people/login.js";
import { refuse } from "../refusals.js";
import { credentials } from "./sessions.js";

/** `perMinute`: of one person. */
export const orderLimits = { reasonCharacters: 200, perMinute: 120 } as const;

const order = Type.Object(
  {
    act,
    reason: Type.String({ maxLength: orderLimits.reasonCharacters }),
    second: Type.Optional(credentials),
  },
  strict,
);
type Order = Static<typeof order>;

export function addOrderRoutes(app: FastifyInstance, desk: Desk): void {
  const admits = new Map<string, () => boolean>();
  app.post<{ Body: Order }>("/api/v1/commands", { schema: { body: order } }, async (request, reply) => {
    const wanted = request.body.act as Act;
    const { name } = personOf(request, desk);
    // Each person apart: nobody uses up what a colleague needs.
    const admitsOwn = admits.get(name) ?? perMinute(desk, orderLimits.perMinute);
    admits.set(name, admitsOwn);
    if (!admitsOwn() && !urgentActs.includes(wanted.kind))
      throw refusal("api.throttled", "/body", `${orderLimits.perMinute} orders in a minute`);
    const result = await giveOrder(request, desk, { ...request.body, act: wanted });
    return result.ok ? resultView(result) : refuseOrder(reply, wanted, result);
  });
}

type Given = Omit<Order, "act"> & { readonly act: Act };

/** Gives the order in the name of who asks and who agrees. @throws PortcullisError where they may not. */
export async function giveOrder(request: FastifyRequest, desk: Desk, order: Given): Promise<CommandResult> {
  const { act: wanted, reason } = order;
  const id = randomUUID();
  const persons = await personsFor(request, desk, { order, id });
  const command: Command = {
    id,
    // In the same order under duress: who stands first is shown on site.
    issuers: persons.map(({ name }) => name),
    reason,
    roles: [...new Set(persons.flatMap(({ roles }) => roles))],
    // That the second PIN was given under duress was told when it was taken.
    ...(persons[0].duress ? { duress: true } : {}),
    onSite: true,
    act: wanted,
  };
  return answer(desk, { kind: "command", command });
}

export function refuseOrder(reply: FastifyReply, act: Act, result: CommandResult): FastifyReply {
  return refuse(reply, { code: knownCode(result.code), place: act.kind, detail: "" }, resultView(result));
}

function resultView({ id, ok, code, obstacles = [] }: CommandResult) {
  return { ...(ok ? { code } : {}), id, ok, obstacles: obstacles.map(obstacleView) };
}

/** Everybody who stands for the order, the one who is logged in first. @throws PortcullisError, and records what was refused. */
async function personsFor(
  request: FastifyRequest,
  desk: Desk,
  { order: { act: wanted, second }, id }: { readonly order: Given; readonly id: string },
): Promise<readonly [Who, ...Who[]]> {
  const first = personOf(request, desk);
  const refused = (code: ErrorCode, place: string, detail: string) => {
    desk.record(fact("command.refused", first.name, { command: id, code }));
    return refusal(code, place, detail);
  };
  const may = ({ roles }: Who) => roles.some((role) => mayAct(role, wanted.kind));
  if (!may(first)) throw refused("command.not-allowed", "/act/kind", first.roles.join());
  if (second === undefined) return [first];
  if (second.name === first.name) throw refused("command.needs-two-persons", "/second/name", "the same person");
  const outcome = await desk.login(second.name, second.pin, fromOf(request, desk));
  if (!outcome.ok) throw refused(outcome.code, "/second", "");
  if (!may(outcome.who)) throw refused("command.not-allowed", "/second", outcome.who.roles.join());
  return [first, outcome.who];
}

const obstacleView = ({ subject, why }: Obstacle) => ({ subject, why, text: obstacleTexts[why] });

function knownCode(code: string): ErrorCode {
  return errorCodes.find((each) => each === code) ?? "command.not-possible";
}

/** True as often as `max` in a minute. */
export function perMinute({ clock }: Pick<Desk, "clock">, max: number): () => boolean {
  let since: MonoMs = clock.mono();
  let count = 0;
  return () => {
    if (clock.mono() - since >= 60_000) {
      since = clock.mono();
      count = 0;
    }
    count += 1;
    return count <= max;
  };
}
