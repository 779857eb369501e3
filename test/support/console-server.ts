// A stand-in for the hub that serves the built page and speaks the contract of hub/console/views.ts over real HTTP,
// event stream included, so that the page can be tested without a hub.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtFile } from "../../edge/machine/built.js";
import { dualActs, type Role } from "../../edge/model/command.js";
import { createMeasures } from "../../hub/alarm/measures.js";
import type {
  AlarmMeasures,
  AlarmView,
  BarrierView,
  CommandView,
  EdgeView,
  ErrorView,
  IncidentView,
  StreamEvents,
  WorkOrderView,
  ZoneView,
} from "../../hub/console/views.js";

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};
const bodyBytesMax = 65_536;
const heartbeatMs = 5_000;

interface User {
  readonly password: string;
  readonly role: Role;
  readonly disabled?: boolean;
}

/** What the stand-in holds; a test reads and changes it, then tells the page by `push`. */
export interface Holdings {
  readonly alarms: Map<string, AlarmView>;
  readonly incidents: Map<string, IncidentView>;
  readonly timelines: Map<string, NonNullable<IncidentView["timeline"]>>;
  readonly zones: Map<string, ZoneView>;
  readonly barriers: Map<string, BarrierView>;
  readonly edges: Map<string, EdgeView>;
  readonly workOrders: Map<string, WorkOrderView>;
  readonly commands: Map<string, CommandView>;
  readonly users: Map<string, User>;
  /** What the box answers to acts of this kind; all others are done. */
  readonly refusals: Map<string, Pick<CommandView, "code" | "obstacles">>;
  measures: AlarmMeasures;
}

export interface ConsoleServer {
  readonly url: string;
  /** One-time code that still opens the first session. */
  readonly code: string;
  readonly held: Holdings;
  push<K extends keyof StreamEvents>(kind: K, view: StreamEvents[K]): void;
  /** Ends every event stream and refuses new ones until `mend`. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

type Session = { readonly user: string; mustSetPassword: boolean };
type Answer = { readonly status: number; readonly body?: unknown; readonly cookie?: string };
type Body = Readonly<Record<string, unknown>>;
type Asked = { readonly path: string; readonly body: Body; readonly session: Session };

function refused(status: number, code: ErrorView["code"], message: string): Answer {
  return { status, body: { code, message, remedy: "", place: "" } satisfies ErrorView };
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyBytesMax) throw new RangeError("body too long");
  }
  return text === "" ? {} : (JSON.parse(text) as Body);
}

function tokenOf(request: IncomingMessage): string {
  return /session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
}

function builtPage(): ReadonlyMap<string, Buffer> {
  const folder = fileURLToPath(builtFile("hub/console/web"));
  return new Map(readdirSync(folder).map((name) => [`/${name}`, readFileSync(join(folder, name))]));
}

/** Starts on a free port of loopback. `code` opens the first session of `admin`. */
export async function startConsoleServer(): Promise<ConsoleServer> {
  const page = builtPage();
  const code = "FIRST-CODE-1234";
  let isCodeUsed = false;
  let isCut = false;
  const sessions = new Map<string, Session>();
  const streams = new Set<ServerResponse>();
  const sent: { readonly id: number; readonly text: string }[] = [];
  const held: Holdings = {
    alarms: new Map(),
    incidents: new Map(),
    timelines: new Map(),
    zones: new Map(),
    barriers: new Map(),
    edges: new Map(),
    workOrders: new Map(),
    commands: new Map(),
    users: new Map(),
    refusals: new Map(),
    measures: createMeasures().read([], 1, 0),
  };

  function push<K extends keyof StreamEvents>(kind: K, view: StreamEvents[K]): void {
    const id = sent.length + 1;
    const text = `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(view)}\n\n`;
    sent.push({ id, text });
    for (const stream of streams) stream.write(text);
  }

  function openStream(request: IncomingMessage, response: ServerResponse): void {
    if (isCut || !sessions.has(tokenOf(request))) {
      response.writeHead(isCut ? 503 : 401).end();
      return;
    }
    const after = Number(request.headers["last-event-id"] ?? sent.length);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    for (const { id, text } of sent) if (id > after) response.write(text);
    streams.add(response);
    response.on("close", () => streams.delete(response));
  }

  function openSession(body: Body): Answer {
    const { code: given, user: name, password } = body;
    const byCode = given === code && !isCodeUsed;
    const user = byCode ? "admin" : String(name);
    if (!byCode && held.users.get(user)?.password !== password) {
      return refused(401, "api.login-refused", "Name, password or code is wrong.");
    }
    if (byCode) isCodeUsed = true;
    const session = { user, mustSetPassword: !held.users.has(user) };
    const token = randomUUID();
    sessions.set(token, session);
    const role = held.users.get(user)?.role ?? "administrator";
    const view = { token, user, role, mustSetPassword: session.mustSetPassword, expiresAt: "2099-01-01T00:00:00.000Z" };
    return { status: 201, body: view, cookie: `session=${token}; HttpOnly; SameSite=Strict; Path=/` };
  }

  function command({ body, session }: Asked): Answer {
    const { site, edge, act, reason, dual } = body as Pick<CommandView, "site" | "edge" | "act" | "reason"> & Body;
    const answer = held.refusals.get(act.kind);
    const waits = dualActs.includes(act.kind) || dual === true;
    const state = waits ? "awaiting-approval" : answer === undefined ? "done" : "refused";
    const createdAt = new Date().toISOString();
    const view: CommandView = {
      id: randomUUID(),
      site,
      edge,
      act,
      reason,
      issuers: [session.user],
      roles: [held.users.get(session.user)?.role ?? "administrator"],
      state,
      code: state === "refused" ? (answer?.code ?? "") : "",
      obstacles: state === "refused" ? (answer?.obstacles ?? []) : [],
      createdAt,
      siteOrder: null,
    };
    held.commands.set(view.id, view);
    push("command", view);
    return { status: 202, body: view };
  }

  function approve(id: string, { session }: Asked): Answer {
    const waiting = held.commands.get(id);
    if (waiting === undefined) return refused(404, "api.not-found", "There is no such command.");
    if (waiting.issuers.includes(session.user)) {
      return refused(409, "command.needs-two-persons", "Another person must approve this.");
    }
    const view: CommandView = { ...waiting, issuers: [...waiting.issuers, session.user], state: "done" };
    held.commands.set(id, view);
    push("command", view);
    return { status: 200, body: view };
  }

  function acknowledge(id: string, { session }: Asked): Answer {
    const known = held.alarms.get(id);
    if (known === undefined) return refused(404, "api.not-found", "There is no such alarm.");
    const at = new Date().toISOString();
    const seen = { acknowledged: true, acknowledgedAt: at, acknowledgedBy: session.user, acknowledgedFrom: "http" };
    const view: AlarmView = { ...known, ...seen, state: "acknowledged", unacknowledgedAt: null };
    held.alarms.set(id, view);
    push("alarm", view);
    return { status: 200, body: view };
  }

  function decline(id: string): Answer {
    const waiting = held.commands.get(id);
    if (waiting === undefined) return refused(404, "api.not-found", "There is no such command.");
    const view: CommandView = { ...waiting, state: "refused", code: "command.declined" };
    held.commands.set(id, view);
    push("command", view);
    return { status: 200, body: view };
  }

  function handle(id: string, verb: string, { body, session }: Asked): Answer {
    const known = held.alarms.get(id);
    const { user: by } = session;
    const at = new Date().toISOString();
    const until = new Date(Date.now() + Number(body["forMs"] ?? 0)).toISOString();
    const changes: Readonly<Record<string, Partial<AlarmView>>> = {
      silence: { silencedAt: at, silencedBy: by },
      shelve: { shelved: { by, reason: String(body["reason"]), at, until } },
      unshelve: { shelved: null },
      reset: { state: "closed", latched: false, resetBy: by },
    };
    const change = changes[verb];
    if (known === undefined || change === undefined) return refused(404, "api.not-found", id);
    const view: AlarmView = { ...known, ...change };
    held.alarms.set(id, view);
    push("alarm", view);
    return { status: 200, body: view };
  }

  function disable(name: string, disabled: boolean): Answer {
    const known = held.users.get(name);
    if (known === undefined) return refused(404, "api.not-found", name);
    held.users.set(name, { ...known, disabled });
    return { status: 200, body: { user: name, role: known.role, disabled } };
  }

  function setPassword({ body, session }: Asked): Answer {
    held.users.set(session.user, { password: String(body["password"]), role: "administrator" });
    session.mustSetPassword = false;
    return { status: 204 };
  }

  function addUser({ body }: Asked): Answer {
    held.users.set(String(body["user"]), { password: String(body["password"]), role: body["role"] as Role });
    return { status: 201, body: { user: body["user"], role: body["role"] } };
  }

  function enrolmentCode({ body }: Asked): Answer {
    const expiresAt = new Date(Date.now() + 900_000).toISOString();
    const made = { id: "code-1", by: "admin", code: "AB12-CD34-EF56-GH78", fingerprint: "ab".repeat(32), expiresAt };
    const kept = { revision: 7, hasBook: true, hasInventory: true, hasState: true, lastAt: expiresAt };
    return { status: 201, body: { ...body, ...made, kept: body["replaces"] === true ? kept : null } };
  }

  function post(asked: Asked): Answer {
    const [what = "", id, verb = ""] = asked.path.split("/").map(decodeURIComponent);
    if (asked.path === "users/me/password") return setPassword(asked);
    if (asked.path === "users") return addUser(asked);
    if (asked.path === "enrolment-codes") return enrolmentCode(asked);
    if (asked.path === "commands") return command(asked);
    if (id === undefined) return refused(404, "api.not-found", asked.path);
    const acts: Readonly<Record<string, () => Answer>> = {
      "commands/approve": () => approve(id, asked),
      "commands/refuse": () => decline(id),
      "users/disable": () => disable(id, true),
      "users/enable": () => disable(id, false),
      "alarms/acknowledge": () => acknowledge(id, asked),
    };
    const act = acts[`${what}/${verb}`];
    if (act !== undefined) return act();
    return what === "alarms" ? handle(id, verb, asked) : refused(404, "api.not-found", asked.path);
  }

  function get(path: string): Answer {
    const { measures, ...views } = held;
    const lists: Readonly<Record<string, ReadonlyMap<string, unknown>>> = { ...views, "work-orders": held.workOrders };
    const [what = "", id] = path.split("?")[0]?.split("/").map(decodeURIComponent) ?? [];
    const list = lists[what];
    if (what === "users") {
      const users = [...held.users].map(([user, { role, disabled = false }]) => ({ user, role, disabled }));
      return { status: 200, body: { items: users } };
    }
    if (what === "alarm-measures") return { status: 200, body: measures };
    if (list === undefined) return refused(404, "api.not-found", path);
    if (id === undefined) return { status: 200, body: { items: [...list.values()] } };
    const one = held.incidents.get(id);
    if (one === undefined) return refused(404, "api.not-found", path);
    return { status: 200, body: { ...one, timeline: held.timelines.get(id) ?? [] } };
  }

  async function answer(request: IncomingMessage, path: string): Promise<Answer> {
    const body = await bodyOf(request);
    if (request.method === "POST" && path === "sessions") return openSession(body);
    const token = tokenOf(request);
    const session = sessions.get(token);
    if (session === undefined) return refused(401, "api.unauthenticated", "Please sign in.");
    if (request.method === "DELETE" && path === "sessions") {
      sessions.delete(token);
      return { status: 204 };
    }
    if (session.mustSetPassword && path !== "users/me/password")
      return refused(403, "api.forbidden", "Set a password first.");
    return request.method === "POST" ? post({ path, body, session }) : get(path);
  }

  function servePage(pathname: string, response: ServerResponse): void {
    const name = pathname === "/" ? "/index.html" : pathname;
    const file = page.get(name);
    const headers = {
      "content-type": contentTypes[extname(name)] ?? "text/plain",
      "content-security-policy": "default-src 'self'",
    };
    response.writeHead(file === undefined ? 404 : 200, headers).end(file);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? "/", "http://hub");
    if (!pathname.startsWith("/api/v1/")) return servePage(pathname, response);
    const path = pathname.slice("/api/v1/".length);
    if (path === "stream") return openStream(request, response);
    const { status, body, cookie } = await answer(request, path + search);
    const headers = { "content-type": "application/json", ...(cookie === undefined ? {} : { "set-cookie": cookie }) };
    response.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.on("connection", (socket) => socket.setNoDelay(true));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const heartbeat = setInterval(() => {
    for (const stream of streams) stream.write(": alive\n\n");
  }, heartbeatMs);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    code,
    held,
    push,
    cut() {
      isCut = true;
      for (const stream of streams) stream.destroy();
    },
    mend() {
      isCut = false;
    },
    async close() {
      clearInterval(heartbeat);
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
