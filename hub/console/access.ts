// Who is asking: the bearer token or the session cookie of a request, and whether the page it came from is ours.
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ErrorCode, refusal } from "../../edge/model/error.js";
import type { People, Person } from "../people/people.js";
import type { Hub } from "./hub.js";
import type { SessionView } from "./views.js";

export const cookieName = "portcullis_session";

/** The secret that the request bears; empty when there is none. */
export function tokenOf(request: FastifyRequest): string {
  return bearerOf(request) ?? cookieOf(request) ?? "";
}

/** Whether a page asks; a program bears its token. */
export function isPage(request: FastifyRequest): boolean {
  return bearerOf(request) === undefined;
}

function bearerOf(request: FastifyRequest): string | undefined {
  const [scheme, bearer] = (request.headers.authorization ?? "").split(" ");
  return scheme?.toLowerCase() === "bearer" ? bearer : undefined;
}

function cookieOf(request: FastifyRequest): string | undefined {
  const cookies = (request.headers.cookie ?? "").split(";").map((entry) => entry.trim());
  return cookies.find((entry) => entry.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

/** Throws `api.unauthenticated` when nobody stands behind the request. */
export async function personOf(request: FastifyRequest, people: People): Promise<Person> {
  const token = tokenOf(request);
  const person = token === "" ? null : await people.who(token);
  if (person === null) throw refusal("api.unauthenticated", request.routeOptions.url ?? "", "");
  return person;
}

/** A page of another origin may not change anything in the name of somebody who is logged in here. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  if (request.method === "GET" || request.method === "HEAD" || origin === undefined) return;
  const own = `${request.protocol}://${request.headers.host}`;
  if (!URL.canParse(origin) || !URL.canParse(own) || new URL(origin).origin !== new URL(own).origin) {
    throw refusal("api.forbidden", "/headers/origin", origin);
  }
}

/** Refusals that are recorded in a minute, and how many of them from one address: nobody's noise hides what another was refused. */
const refusalsPerMinuteMax = 60;
export const refusalsPerAddressMax = 20;
const forbidden: readonly ErrorCode[] = ["api.forbidden", "command.not-allowed", "command.needs-two-persons"];

/** Records who asked for what he may not have. Never rejects; what an alarm act refuses is recorded by the act itself. */
export function auditRefusals({
  people,
  book,
  log,
  clock,
}: Pick<Hub, "people" | "book" | "log" | "clock">): (code: ErrorCode, request: FastifyRequest) => Promise<void> {
  let minute = 0;
  let recorded: string[] = [];
  const isHeard = (address: string) => {
    const now = Math.floor(clock.mono() / 60_000);
    if (now !== minute) recorded = [];
    minute = now;
    const own = recorded.filter((each) => each === address).length;
    if (recorded.length >= refusalsPerMinuteMax || own >= refusalsPerAddressMax) return false;
    recorded.push(address);
    return true;
  };
  return async (code, request) => {
    const route = request.routeOptions.url ?? "";
    if (!forbidden.includes(code) || route.startsWith("/api/v1/alarms/")) return;
    if (!isHeard(request.ip)) return;
    try {
      const person = await people.who(tokenOf(request));
      const data = { user: person?.user ?? "", address: request.ip, method: request.method, route, code };
      await book.act({ type: "access.refused", lane: "state", subject: data.user, data });
    } catch (error) {
      log.error({ err: error }, "a refusal was not recorded");
    }
  };
}

export function setCookie(request: FastifyRequest, reply: FastifyReply, { token, expiresAt }: SessionView): void {
  reply.header("set-cookie", `${cookieName}=${token}; Expires=${new Date(expiresAt).toUTCString()}; ${flags(request)}`);
}

export function clearCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("set-cookie", `${cookieName}=; Max-Age=0; ${flags(request)}`);
}

function flags(request: FastifyRequest): string {
  return `Path=/; HttpOnly; SameSite=Strict${request.protocol === "https" ? "; Secure" : ""}`;
}
