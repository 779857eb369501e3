// What stands before every route: headers, whose page asks, under which name the box was called, and who is logged in.
import { isIP } from "node:net";
import { hostname } from "node:os";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isLoopback } from "../../config/rules/exposure.js";
import { refusal } from "../model/error.js";
import { addressOf } from "./connections.js";
import type { Desk } from "./desk.js";
import type { Who } from "./people/login.js";
import type { LoginFrom } from "./people/throttle.js";

export const cookieName = "portcullis_box";
/** Says that somebody has logged in on this device; opens nothing. */
const deviceCookieName = "portcullis_box_device";
const deviceCookieSeconds = 180 * 86_400;

/** `open`: for everybody. `reading`: for everybody on this machine, beyond it for who is logged in. `person`: only for the latter. */
export type Access = "open" | "reading" | "person";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Absent: `reading` for what only looks, `person` for what changes something. */
    access?: Access;
  }
}

const headers = {
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

export function guard(app: FastifyInstance, desk: Desk): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(headers);
    if (request.protocol === "https") reply.header("strict-transport-security", "max-age=31536000");
    refuseForeignName(request, desk);
    refuseForeignPage(request);
    if (!mayEnter(request, desk)) throw refusal("api.unauthenticated", request.routeOptions.url ?? "", "");
  });
}

function isLooking({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}

function mayEnter(request: FastifyRequest, desk: Desk): boolean {
  const access = request.routeOptions.config.access ?? (isLooking(request) ? "reading" : "person");
  if (access === "open" || (access === "reading" && mayRead(request, desk))) return true;
  return whoAsks(request, desk) !== null;
}

/** Without a login: whoever is on the box's own machine, and not whoever comes through a proxy on it. */
export function mayRead(request: FastifyRequest, { isLoopback: isHere }: Desk): boolean {
  return isHere && request.headers["x-forwarded-for"] === undefined;
}

/** Null when nobody stands behind the request. */
export function whoAsks(request: FastifyRequest, { sessions }: Desk): Who | null {
  const secret = secretOf(request);
  return secret === "" ? null : sessions.find(secret);
}

/** @throws PortcullisError `api.unauthenticated` */
export function personOf(request: FastifyRequest, desk: Desk): Who {
  const who = whoAsks(request, desk);
  if (who === null) throw refusal("api.unauthenticated", request.routeOptions.url ?? "", "");
  return who;
}

/** The secret that the request bears; empty when there is none. */
export function secretOf(request: FastifyRequest): string {
  return bearerOf(request) ?? cookieOf(request, cookieName) ?? "";
}

function bearerOf(request: FastifyRequest): string | undefined {
  const [scheme, bearer] = (request.headers.authorization ?? "").split(" ");
  return scheme?.toLowerCase() === "bearer" ? bearer : undefined;
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const cookies = (request.headers.cookie ?? "").split(";").map((entry) => entry.trim());
  return cookies.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Where a PIN comes from. Whoever is logged in there vouches for it, else whoever was the last to log in on the device. */
export function fromOf(request: FastifyRequest, desk: Desk): LoginFrom {
  const mark = cookieOf(request, deviceCookieName);
  const voucher = whoAsks(request, desk)?.name ?? (mark === undefined ? null : desk.devices.voucher(mark));
  const address = farAddress(request);
  return { address, isHere: isLoopback(address), voucher };
}

/** Behind a proxy on this machine, what the proxy says; it adds the last entry itself. Whoever makes one up here only makes himself a stranger. */
function farAddress({ ip, headers: { "x-forwarded-for": forwarded } }: FastifyRequest): string {
  const address = addressOf({ remoteAddress: ip });
  if (forwarded === undefined || !isLoopback(address)) return address;
  const told = addressOf({ remoteAddress: forwarded.toString().split(",").at(-1)?.trim() });
  return isIP(told) === 0 || isLoopback(told) ? "proxy" : told;
}

/** Browsers say where a request comes from; programs do not. */
export function isFromPage({ headers: { origin, "sec-fetch-site": site } }: FastifyRequest): boolean {
  return origin !== undefined || site !== undefined;
}

/** A name of somebody else that was made to lead here would let his page read and order (DNS rebinding). An address leads nowhere else. */
function refuseForeignName(request: FastifyRequest, { names }: Desk): void {
  const host = request.headers.host ?? "";
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : "";
  const own = ["localhost", hostname().toLowerCase(), ...names];
  if (isIP(name.replace(/^\[|\]$/g, "")) === 0 && !own.includes(name))
    throw refusal("api.foreign", "/headers/host", host.slice(0, 256));
}

/** A page of another origin may neither change anything in the name of who is logged in here nor hold the box busy. */
function refuseForeignPage(request: FastifyRequest): void {
  const { origin, "sec-fetch-site": site } = request.headers;
  if (request.routeOptions.config.access === "open" && isLooking(request)) return;
  if (site === "cross-site" || site === "same-site") throw refusal("api.foreign", "/headers/sec-fetch-site", site);
  if (isLooking(request) || bearerOf(request) !== undefined) return;
  const own = `${request.protocol}://${request.headers.host}`;
  const isOwn = origin !== undefined && URL.canParse(origin) && new URL(origin).origin === new URL(own).origin;
  if (origin !== undefined && !isOwn) throw refusal("api.foreign", "/headers/origin", origin.slice(0, 256));
  const isTold = isOwn || site === "same-origin";
  if (!isTold && cookieOf(request, cookieName) !== undefined)
    throw refusal("api.foreign", "/headers/origin", "it is missing");
}

export function setCookie(request: FastifyRequest, reply: FastifyReply, secret: string, seconds: number): void {
  setOne(request, reply, `${cookieName}=${secret}; Max-Age=${seconds}`);
}

/** From now on PINs from this device are not counted among those of strangers. */
export function markDevice(request: FastifyRequest, reply: FastifyReply, desk: Desk, name: string): void {
  const person = desk.people().find((each) => each.name === name);
  if (person === undefined) return;
  setOne(request, reply, `${deviceCookieName}=${desk.devices.markFor(person)}; Max-Age=${deviceCookieSeconds}`);
}

function setOne(request: FastifyRequest, reply: FastifyReply, cookie: string): void {
  const secure = request.protocol === "https" ? "; Secure" : "";
  reply.header("set-cookie", `${cookie}; Path=/; HttpOnly; SameSite=Strict${secure}`);
}
