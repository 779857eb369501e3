// The control interface of the simulators over HTTP: what a person or a test asks of the plant while it runs.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { play, pull, replay } from "./commands.js";
import { triggerNames, triggerTargets } from "./plant/trigger.js";
import { viewPlant } from "./plant/view.js";
import { listen, type Program } from "./program.js";
import { type SimulationCode, SimulationError } from "./trouble.js";
import type { World } from "./world.js";

const bodyBytesMax = 256 * 1024;
const requestMs = 10_000;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyBytesMax) {
      throw new SimulationError("simulation.invalid-body", `more than ${bodyBytesMax} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

type Route = (world: World, body: string, query: URLSearchParams) => unknown;

const routes: Record<string, Route> = {
  "GET /healthz": () => ({ status: "ok" }),
  "GET /state": (world) => viewPlant(world.plant()),
  "GET /triggers": ({ settings }) =>
    Object.fromEntries(triggerNames.map((name) => [name, triggerTargets(name, settings)])),
  "GET /events": (world, _body, query) => {
    const since = Number(query.get("since") ?? 0);
    if (!Number.isInteger(since)) throw new SimulationError("simulation.invalid-body", "since: not a whole number");
    return world.events(since);
  },
  "POST /trigger": (world, body) => pull(body, world),
  "POST /scenario": (world, body) => play(body, world),
  "POST /replay": (world, body) => replay(body, world),
};

async function answer(request: IncomingMessage, world: World): Promise<unknown> {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const route = routes[`${request.method} ${path}`];
  if (route === undefined) throw new SimulationError("simulation.not-found", `${request.method} ${path}`);
  return route(world, await readBody(request), new URLSearchParams(query));
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(`${JSON.stringify(body)}\n`);
}

function statusOf(code: SimulationCode): number {
  if (code === "simulation.internal") return 500;
  return code === "simulation.not-found" ? 404 : 400;
}

function replyTrouble(response: ServerResponse, error: unknown): void {
  const code = error instanceof SimulationError ? error.code : "simulation.internal";
  const message = error instanceof Error ? error.message : String(error);
  reply(response, statusOf(code), { code, message });
}

/** Serves /healthz, /state, /triggers, /events, /trigger, /scenario and /replay; trouble is `{code, message}` with status 400. */
export async function startControl(
  endpoint: { readonly host: string; readonly port: number },
  world: World,
): Promise<Program> {
  const server = createServer({ noDelay: true, requestTimeout: requestMs }, (request, response) => {
    answer(request, world).then(
      (body) => reply(response, 200, body),
      (error: unknown) => replyTrouble(response, error),
    );
  });
  const port = await listen(server, endpoint);
  return {
    port,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
