// Guided tests over HTTP: what there is, what one will really do, begin it, its person's word, its end.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { strict } from "../../../config/schema/request-terms.js";
import { refusal } from "../../model/error.js";
import { mayAct } from "../../model/rights.js";
import { personOf } from "../access.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { createGuidedTests, soundIt } from "../guided/guided-tests.js";

const begin = Type.Object(
  {
    subject: Type.String({ minLength: 1, maxLength: 128 }),
    /** The person has read what will really happen. */
    accepted: Type.Optional(Type.Literal(true)),
  },
  strict,
);
const word = Type.Object({ heard: Type.Boolean() }, strict);

export function addGuidedRoutes(app: FastifyInstance, desk: Desk): void {
  const tests = createGuidedTests(desk);
  const path = "/api/v1/guided-tests";

  app.get(path, async ({ query }) => {
    const plans = await answer(desk, { kind: "guided-plan", subject: textOf(query, "subject") });
    return { ...plans, present: tests.present() };
  });
  app.get(`${path}/present`, () => ({ present: tests.present() }));

  app.post<{ Body: Static<typeof begin> }>(path, { schema: { body: begin } }, async (request) => {
    const person = personOf(request, desk);
    const { subject, accepted } = request.body;
    if (!person.roles.some((role) => mayAct(role, "start-walk-test")))
      throw refusal("command.not-allowed", "/subject", person.roles.join());
    const { plan } = await answer(desk, { kind: "guided-plan", subject });
    if (plan === null) throw refusal("api.not-found", "subject", subject);
    const { consequences, test } = plan;
    if (consequences.length > 0 && accepted !== true)
      throw refusal("test.not-accepted", "/accepted", consequences.map(({ zh, en }) => `${zh} ${en}`).join(" · "));
    tests.begin(plan, person.name);
    if (test.kind === "annunciator") await sound(test.subject, person.name);
    return { present: tests.present() };
  });

  async function sound(annunciator: string, person: string): Promise<void> {
    try {
      await soundIt(desk, { annunciator, person, id: randomUUID() });
    } catch (error) {
      tests.tell({ kind: "stop" });
      throw error;
    }
  }

  app.post<{ Body: Static<typeof word> }>(`${path}/present`, { schema: { body: word } }, async (request) => {
    const { name, roles } = personOf(request, desk);
    // It is recorded as the word of who began it.
    const by = tests.present()?.person ?? name;
    if (by !== name) throw refusal("command.not-allowed", "/heard", `${roles.join()}: ${by}`);
    tests.tell({ kind: "heard", yes: request.body.heard });
    return { present: tests.present() };
  });
  app.delete(`${path}/present`, () => {
    tests.tell({ kind: "stop" });
    return { present: tests.present() };
  });
}
