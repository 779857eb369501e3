// Where a hub or a box of this machine answers over HTTP, and whether it is healthy there.
import { type RequestOptions, request } from "node:http";
import { request as requestSecure } from "node:https";
import { isIPv6 } from "node:net";

const askEveryMs = 100;
const answerWithinMs = 10_000;

/** As this machine reaches it: a listener on every address is asked by loopback. */
export function urlOf({ host, port, tls }: { host: string; port: number; tls?: object | undefined }): string {
  const reached = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `${tls === undefined ? "http" : "https"}://${isIPv6(reached) ? `[${reached}]` : reached}:${port}`;
}

/** Resolves when `/healthz` is good. @throws Error with the last answer after `withinMs`. */
export async function healthy(url: string, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const { status, text } = await ask(new URL("/healthz", url)).catch((error: Error) => ({
      status: 0,
      text: `no answer: ${error.message}`,
    }));
    if (status === 200) return;
    if (Date.now() > end) throw new Error(`${url}/healthz is not healthy within ${withinMs / 1000} s: ${text}`);
    await new Promise((wait) => setTimeout(wait, askEveryMs));
  }
}

function ask(url: URL): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    // Nothing is told, and what is heard is only whether our own process is up: whose certificate it shows does not matter.
    const options: RequestOptions & { rejectUnauthorized: boolean } = { agent: false, rejectUnauthorized: false };
    const asking = (url.protocol === "https:" ? requestSecure : request)(url, options, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asking.setTimeout(answerWithinMs, () => asking.destroy(new Error("it is slow")));
    asking.on("error", reject);
    asking.end();
  });
}
