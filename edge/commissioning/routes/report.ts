// The commissioning report: as signed JSON, as a sheet for paper, signed by people with their PINs, and fed by hand-made checks.
import { createHash } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { id, orNull, strict, words } from "../../../config/schema/request-terms.js";
import type { Role } from "../../model/command.js";
import { refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { fromOf, personOf } from "../access.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { handoverAt, reportOf, signerAt } from "../handover.js";
import { nameIn } from "../report/content.js";
import { sheetOf, sheetStyle } from "../report/sheet.js";
import { handTestKinds } from "../tests-book.js";
import { credentials } from "./sessions.js";

/** Whoever answers for the work or for the site. */
const signingRoles: readonly Role[] = ["technician", "supervisor", "administrator"];

export const reportRequestLimits = { capacityCharacters: 60, noteCharacters: 200, measuredMs: 3_600_000 } as const;

const signBody = Type.Object(
  {
    ...credentials.properties,
    hash: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    capacity: Type.Optional(Type.String({ maxLength: reportRequestLimits.capacityCharacters })),
  },
  strict,
);

/** What somebody has seen or heard; walks and timed runs are measured by the box. */
const testBody = Type.Object(
  {
    kind: words(handTestKinds),
    target: id,
    result: Type.Union([Type.Literal("passed"), Type.Literal("failed")]),
    measuredMs: orNull(Type.Integer({ minimum: 0, maximum: reportRequestLimits.measuredMs })),
    note: Type.String({ maxLength: reportRequestLimits.noteCharacters }),
  },
  strict,
);

const sheetPolicy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(sheetStyle).digest("base64")}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export function addReportRoutes(app: FastifyInstance, desk: Desk): void {
  const reportNow = async () => reportOf(await handoverAt(desk), signerAt(desk.keyFile));
  app.get("/api/v1/report", reportNow);
  app.get("/api/v1/report.html", async ({ query }, reply) => {
    const report = await reportNow();
    const language = textOf(query, "lang") === "en" ? "en" : "zh";
    void reply.type("text/html; charset=utf-8").header("content-security-policy", sheetPolicy);
    return sheetOf(report, language, `${report.content.edge}.report.json`);
  });
  app.post<{ Body: Static<typeof signBody> }>(
    "/api/v1/report/sign",
    { config: { access: "open" }, schema: { body: signBody } },
    async (request) => {
      const { name, pin, hash, capacity = "" } = request.body;
      const outcome = await desk.login(name, pin, fromOf(request, desk));
      if (!outcome.ok) throw refusal(outcome.code, "/body", "");
      const { roles, duress } = outcome.who;
      if (!roles.some((role) => signingRoles.includes(role)))
        throw refusal("command.not-allowed", "/body/name", roles.join());
      const { hash: present, state } = await reportNow();
      if (present !== hash) throw refusal("report.changed", "/body/hash", present);
      const signature = { by: name, roles, capacity: capacity.trim(), hash, openPoints: state.openPoints.length };
      await answer(desk, { kind: "sign", signature, duress });
      return reportNow();
    },
  );
  addTestRoute(app, desk);
}

function addTestRoute(app: FastifyInstance, desk: Desk): void {
  app.post<{ Body: Static<typeof testBody> }>(
    "/api/v1/report/tests",
    { schema: { body: testBody } },
    async (request) => {
      const { name, roles } = personOf(request, desk);
      if (!roles.some((role) => signingRoles.includes(role))) {
        desk.record(fact("command.refused", name, { command: "note-test", code: "command.not-allowed" }));
        throw refusal("command.not-allowed", "/body", roles.join());
      }
      const { target } = request.body;
      const { config } = (await handoverAt(desk)).given;
      const known = [...config.barriers, ...config.annunciators, ...config.zones].some((thing) => thing.id === target);
      if (!known) throw refusal("command.unknown-target", "/body/target", nameIn(config, target).en);
      await answer(desk, { kind: "note-test", result: { ...request.body, by: name, hits: null, limitMs: null } });
      return {};
    },
  );
}
