// The box's page: a few built files, read once, served as they are.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import { builtFile } from "../../machine/built.js";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export function addPage(app: FastifyInstance): void {
  const folder = fileURLToPath(builtFile("edge/commissioning/web/"));
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const bytes = readFileSync(join(folder, name));
    const path = name === "index.html" ? "/" : `/${name}`;
    app.get(path, { config: { access: "open" } }, (_request, reply) => reply.type(type).send(bytes));
  }
}
