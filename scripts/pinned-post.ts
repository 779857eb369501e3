// Asks a hub that is known by its authority only: the chain is checked before a byte is sent, also without a trusted clock.
import { request } from "node:http";
import { isIP } from "node:net";
import { checkServerIdentity, connect, type TLSSocket } from "node:tls";
import { isLoopback } from "../config/rules/exposure.js";
import { chainHolds, chainOf } from "../edge/broker/certificates.js";
import { createClock } from "../edge/machine/clock.js";
import { fingerprintOf } from "../edge/machine/fingerprint.js";
import { PortcullisError } from "../edge/model/error.js";
import { refusalIn } from "./refusal.js";

const answerWithinMs = 20_000;
const answerBytesDefault = 64 * 1024;

/**
 * The body of a good answer. `pin`: fingerprint of the authority that has signed the hub's page.
 * @throws PortcullisError with the hub's own code, `keys.authority-unknown` or `api.no-answer`.
 */
export async function postPinned(
  url: URL,
  pin: string,
  body: object,
  answerBytesMax = answerBytesDefault,
): Promise<unknown> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol === "http:" && !isLoopback(host)) throw unknown(url, "plain HTTP counts on this machine only");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw unknown(url, "it is no https:// address");
  const socket = url.protocol === "https:" ? await openSecure(url, host, pin) : null;
  try {
    return await post(url, { host, socket, answerBytesMax }, JSON.stringify(body));
  } finally {
    socket?.destroy();
  }
}

function openSecure(url: URL, host: string, pin: string): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(url.port) || 443,
      minVersion: "TLSv1.2",
      // Judged below.
      rejectUnauthorized: false,
      timeout: answerWithinMs,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const fail = (reason: string) => {
      socket.destroy();
      reject(noAnswer(url, reason));
    };
    socket.once("timeout", () => fail("no answer"));
    socket.once("error", (error) => fail(error.message));
    socket.once("secureConnect", () => {
      const reason = whyUnknown(socket, host, pin);
      if (reason === null) return resolve(socket);
      socket.destroy();
      reject(unknown(url, reason));
    });
  });
}

/** Null for a hub whose certificate the pinned authority has signed; whom else this machine trusts does not count. */
function whyUnknown(socket: TLSSocket, host: string, pin: string): string | null {
  const wrongName = checkServerIdentity(host, socket.getPeerCertificate());
  if (wrongName !== undefined) return wrongName.message;
  const chain = chainOf(socket);
  const authorities = chain.filter((certificate) => fingerprintOf(certificate) === pin);
  const [seen] = chain.slice(-1);
  if (!chainHolds(chain, authorities, "server"))
    return `it shows the authority ${seen ? fingerprintOf(seen) : "of nobody"}`;
  const { clock, wall } = createClock().now();
  const isOver = chain.some(({ validTo }) => wall > Date.parse(validTo));
  // A clock that nobody disciplines and that is before what the pinned authority has signed is wrong itself.
  const isEarly = chain.some(({ validFrom }) => wall < Date.parse(validFrom));
  const isWrong = (isOver && clock !== "never-set") || (isEarly && clock === "synchronised");
  return isWrong ? "its certificate is not valid at this time" : null;
}

interface Way {
  readonly host: string;
  readonly socket: TLSSocket | null;
  readonly answerBytesMax: number;
}

function post(url: URL, { host, socket, answerBytesMax }: Way, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asking = request(
      {
        host,
        port: url.port,
        path: url.pathname,
        method: "POST",
        headers,
        timeout: answerWithinMs,
        ...through(socket),
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => {
          text += part;
          if (text.length > answerBytesMax) answer.destroy(new Error("the answer is too long"));
        });
        answer.on("error", (error) => reject(noAnswer(url, error.message)));
        answer.on("end", () => {
          const said = bodyIn(text);
          if (answer.statusCode !== 201) reject(refusalIn(said) ?? noAnswer(url, `status ${answer.statusCode}`));
          else if (said === null) reject(noAnswer(url, "the answer is no JSON object"));
          else resolve(said);
        });
      },
    );
    asking.on("timeout", () => asking.destroy(new Error("no answer")));
    asking.on("error", (error) => reject(noAnswer(url, error.message)));
    asking.end(body);
  });
}

function through(socket: TLSSocket | null) {
  return socket === null ? {} : { createConnection: () => socket };
}

function bodyIn(text: string): object | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" ? body : null;
  } catch {
    return null;
  }
}

function noAnswer(url: URL, detail: string): PortcullisError {
  return new PortcullisError({ code: "api.no-answer", place: url.origin, detail });
}

function unknown(url: URL, detail: string): PortcullisError {
  return new PortcullisError({ code: "keys.authority-unknown", place: url.origin, detail });
}
