// Control rooms as the API shows them: how far each outlet is, and what stands aside and may be sent again by hand.
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { refusal } from "../../edge/model/error.js";
import { maySendAgain } from "../people/rights.js";
import { personOf } from "./access.js";
import { found } from "./errors.js";
import type { Hub } from "./hub.js";
import { error, items, nameParameter } from "./shapes.js";
import { orNull, words } from "./terms.js";

const outlet = Type.Object({
  name: Type.String(),
  kind: words(["dc09", "webhook", "mqtt", "opcua"]),
  reachable: orNull(Type.Boolean()),
  after: Type.Integer({ description: "The hub's number of the last change that the other side has." }),
  told: Type.Integer(),
  refused: Type.Integer(),
  aside: Type.Integer(),
});
const aside = Type.Object({
  reason: Type.String(),
  at: Type.String(),
  message: Type.Object({ type: Type.String(), sequence: Type.Integer(), alarm: Type.Object({ id: Type.String() }) }),
});
const taken = Type.Object({ taken: Type.Integer() });

export function addOutletRoutes(app: FastifyInstance, hub: Hub): void {
  const { outlets, book, people } = hub;
  app.get("/outlets", { schema: { response: { 200: items(outlet) } } }, () => ({ items: outlets.health() }));
  app.get<{ Params: { name: string } }>(
    "/outlets/:name/aside",
    { schema: { params: nameParameter, response: { 200: items(aside), 404: error } } },
    ({ params: { name } }) => ({ items: found(outlets.webhook(name), name).aside() }),
  );
  app.post<{ Params: { name: string } }>(
    "/outlets/:name/aside/send",
    { schema: { params: nameParameter, response: { 200: taken, 403: error, 404: error } } },
    async (request) => {
      const { name } = request.params;
      const { user, role } = await personOf(request, people);
      if (!maySendAgain(role)) throw refusal("api.forbidden", "/", role);
      const hook = found(outlets.webhook(name), name);
      await book.act({ type: "outlet.sent-again", lane: "state", subject: name, data: { outlet: name, by: user } });
      return { taken: await hook.sendAsideAgain() };
    },
  );
}
