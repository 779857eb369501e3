// One HTTP request to a receiver, with a limit on everything. Redirects are not followed: a signed message goes where it was sent.
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import type { Attempt } from "./attempts.js";

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** PEM of authorities to trust instead of the system's; undefined: the system's. */
  readonly ca: string | undefined;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** What is read of an answer; the rest is thrown away. */
const answerBytesMax = 4096;

/** Never rejects. */
export function post({ url, headers, body, ca, withinMs, signal }: Post): Promise<Attempt> {
  const bytes = Buffer.from(body);
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, detail: error.message, retryAfter: null });
    const options = {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/json; charset=utf-8",
        "content-length": String(bytes.length),
      },
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    } as const;
    const request = url.startsWith("https:")
      ? tlsRequest(url, { ...options, minVersion: "TLSv1.2", ...(ca !== undefined && { ca }) })
      : plainRequest(url, options);
    request.on("error", failed);
    request.on("response", (response) => {
      let read = 0;
      response.on("error", failed);
      response.on("data", (chunk: Buffer) => {
        read += chunk.length;
        if (read > answerBytesMax) response.destroy(new Error("an answer without an end"));
      });
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        const asked = Number(response.headers["retry-after"]);
        resolve({
          status,
          detail: `status ${status}`,
          retryAfter: Number.isFinite(asked) && asked >= 0 ? asked : null,
        });
      });
    });
    request.end(bytes);
  });
}
