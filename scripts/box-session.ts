// How commands act at a running box in somebody's name: a token from the environment, from a file that `commission login` wrote
// (0600), or a session that is opened with name and PIN and ended with the command.
import { existsSync, readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeIfWritable } from "../edge/machine/whole-file.js";
import { PortcullisError } from "../edge/model/error.js";
import { boxUrlDefault } from "./box.js";
import { refusalIn } from "./refusal.js";
import { readSecret } from "./secret-input.js";

export interface SessionOptions {
  readonly url: string;
  /** PEM file of the authority of a box that is asked over TLS. */
  readonly ca?: string;
  readonly name?: string;
  readonly language?: string;
  readonly json?: boolean;
}

export const pinVariable = "PORTCULLIS_PIN";
const tokenVariable = "PORTCULLIS_BOX_TOKEN";
/** Longer than a box takes for a change of its settings. */
const answerWithinMs = 30_000;

/** The options that every command at a box has. */
export const sessionOptions: readonly (readonly [flags: string, description: string, initial?: string])[] = [
  ["--url <url>", "the box 主机地址", boxUrlDefault],
  [
    "--ca <file>",
    "the box's authority, http-pki/ca.pem of its data folder, where it is asked over https 主机证书颁发机构",
  ],
  ["--name <name>", `who acts; the PIN comes from ${pinVariable}, the terminal or standard input 操作人`],
  ["--language <language>", "zh or en; the terminal's unless given 语言"],
  ["--json", "print the answer as JSON 输出 JSON"],
];

export interface BoxSession {
  /** The body of a good answer; undefined when it is empty. @throws PortcullisError with the box's own code. */
  call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** Posts, and keeps the answer's line open; gives its first event. @throws PortcullisError with the box's own code. */
  hold<T>(path: string, body: unknown): Promise<BoxLine<T>>;
}

export interface BoxLine<T> {
  readonly first: T;
  /** The box has ended the line, or it broke. */
  isOpen(): boolean;
  close(): void;
}

const tokenFile = () =>
  join(process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state"), "portcullis", "box-tokens.json");

/** Runs `work` in the name of whoever the options or the saved token name; where nobody is named, of nobody. */
export async function withSession<T>(options: SessionOptions, work: (session: BoxSession) => Promise<T>): Promise<T> {
  if (options.name === undefined)
    return work(sessionOf(options, process.env[tokenVariable] ?? savedToken(options.url)));
  const token = await openSession(options, options.name);
  const session = sessionOf(options, token);
  try {
    return await work(session);
  } finally {
    await session.call("DELETE", "/api/v1/sessions/present").catch(() => undefined);
  }
}

export async function openSession(options: SessionOptions, name: string): Promise<string> {
  const pin = process.env[pinVariable] ?? (await readSecret("PIN 口令: "));
  const { token } = await sessionOf(options, null).call<{ token: string }>("POST", "/api/v1/sessions", { name, pin });
  return token;
}

/** False when the disk cannot be written. */
export function saveToken(url: string, token: string): boolean {
  return writeIfWritable(tokenFile(), `${JSON.stringify({ ...savedTokens(), [originOf(url)]: token }, null, 2)}\n`);
}

function savedToken(url: string): string | null {
  return savedTokens()[originOf(url)] ?? null;
}

function savedTokens(): Readonly<Record<string, string>> {
  return existsSync(tokenFile()) ? JSON.parse(readFileSync(tokenFile(), "utf8")) : {};
}

function originOf(url: string): string {
  if (!URL.canParse(url))
    throw new PortcullisError({ code: "api.no-answer", place: url, detail: "this is no address" });
  return new URL(url).origin;
}

export function sessionOf({ url, ca }: Pick<SessionOptions, "url" | "ca">, token: string | null): BoxSession {
  return {
    async call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown) {
      const address = new URL(path, originOf(url));
      const headers = {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const asked = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
      const answer = await (ca === undefined ? plain(address, asked) : trusted(address, asked, ca)).catch(
        (cause: Error) => {
          const detail = cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
          throw new PortcullisError({ code: "api.no-answer", place: url, detail }, { cause });
        },
      );
      const told: unknown = answer.text === "" ? undefined : parse(answer.text);
      if (answer.status >= 200 && answer.status < 300) return told as T;
      const detail = `status ${answer.status}`;
      throw refusalIn(told) ?? new PortcullisError({ code: "api.no-answer", place: url, detail });
    },
    hold: (path, body) => openLine(new URL(path, originOf(url)), { token, ca, body }),
  };
}

/** The first event of the answer, with the line it came by. */
function openLine<T>(
  address: URL,
  { token, ca, body }: { readonly token: string | null; readonly ca: string | undefined; readonly body: unknown },
): Promise<BoxLine<T>> {
  const headers = {
    "content-type": "application/json",
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  const failed = (detail: string) => new PortcullisError({ code: "api.no-answer", place: address.origin, detail });
  return new Promise((resolve, reject) => {
    let text = "";
    let isOpen = true;
    const options = {
      method: "POST",
      headers,
      ...(ca === undefined ? {} : { agent: new Agent({ ca: readFileSync(ca) }) }),
    };
    const request = (address.protocol === "https:" ? httpsRequest : httpRequest)(address, options, (response) => {
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        const data = /^data: (.*)\n\n/m.exec(text)?.[1];
        if (response.statusCode === 200 && data !== undefined)
          resolve({ first: parse(data) as T, isOpen: () => isOpen, close: () => request.destroy() });
      });
      response.on("close", () => {
        isOpen = false;
        reject(refusalIn(parse(text)) ?? failed(`status ${response.statusCode}`));
      });
    });
    request.on("error", (cause) => {
      isOpen = false;
      reject(failed(cause.message));
    });
    request.end(JSON.stringify(body));
  });
}

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

async function plain(address: URL, asked: Asked): Promise<{ status: number; text: string }> {
  const answer = await fetch(address, { ...asked, signal: AbortSignal.timeout(answerWithinMs) });
  return { status: answer.status, text: await answer.text() };
}

/** `fetch` takes no authority of its own. */
function trusted(
  address: URL,
  { method, headers, body }: Asked,
  ca: string,
): Promise<{ status: number; text: string }> {
  const agent = new Agent({ ca: readFileSync(ca) });
  return new Promise((resolve, reject) => {
    const request = httpsRequest(address, { method, headers, agent, timeout: answerWithinMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.end(body ?? undefined);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
