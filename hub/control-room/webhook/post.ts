// One HTTP request to a receiver, with a limit on everything. Redirects are not followed: a signed message goes where it was sent.
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { Attempt } from "./attempts.js";

export interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

export interface Poster {
  /** Never rejects. */
  post(post: Post): Promise<Attempt>;
  close(): void;
}

/** A longer answer is cut off, and the attempt has failed. */
const answerBytesMax = 4096;

/** A connection that nobody has used for so long ends; receivers keep theirs for longer. */
const idleMs = 2000;

/** `ca`: PEM of authorities to trust instead of the system's. Requests go one after the other over one connection. */
export function createPoster({ url, ca }: { readonly url: string; readonly ca: string | undefined }): Poster {
  const isTls = url.startsWith("https:");
  const keeping = { keepAlive: true, maxSockets: 1, timeout: idleMs };
  const agent = isTls ? new TlsAgent(keeping) : new PlainAgent(keeping);
  const trust = isTls ? { minVersion: "TLSv1.2" as const, ...(ca !== undefined && { ca }) } : {};

  function send({ headers, body, withinMs, signal }: Post): Promise<Attempt> {
    const bytes = Buffer.from(body);
    return new Promise((resolve) => {
      const options = {
        method: "POST",
        headers: {
          ...headers,
          "content-type": "application/json; charset=utf-8",
          "content-length": String(bytes.length),
        },
        agent,
        signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
        ...trust,
      } as const;
      const request = isTls ? tlsRequest(url, options) : plainRequest(url, options);
      const failed = (error: NodeJS.ErrnoException) => {
        // The receiver has closed a connection that lay idle, just now; that says nothing of the receiver.
        if (request.reusedSocket && error.code === "ECONNRESET") resolve(send({ headers, body, withinMs, signal }));
        else resolve({ status: 0, detail: error.message, retryAfter: null });
      };
      request.on("error", failed);
      request.on("response", (response) => take(response, resolve, failed));
      request.end(bytes);
    });
  }

  return { post: send, close: () => agent.destroy() };
}

function take(response: IncomingMessage, resolve: (attempt: Attempt) => void, failed: (error: Error) => void): void {
  let read = 0;
  response.on("error", failed);
  response.on("data", (chunk: Buffer) => {
    read += chunk.length;
    if (read > answerBytesMax) response.destroy(new Error("an answer without an end"));
  });
  response.on("end", () => {
    const status = response.statusCode ?? 0;
    const asked = Number(response.headers["retry-after"]);
    const retryAfter = Number.isFinite(asked) && asked >= 0 ? asked : null;
    resolve({ status, detail: `status ${status}`, retryAfter });
  });
}
