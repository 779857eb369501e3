// What a box makes of the answers to its enrolment, asked on this machine over plain HTTP.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { PortcullisError } from "../../edge/model/error.js";
import { postPinned } from "../../scripts/pinned-post.js";

const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === "::1"));
const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** Asks a hub that answers with this. */
async function ask(status: number, text: string, host = "127.0.0.1"): Promise<unknown> {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  cleanups.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return postPinned(new URL(`http://${host === "::1" ? "[::1]" : host}:${port}/`), "", {});
}

describe("an enrolment's answer", () => {
  it.each(["", "{", "null", "7"])("that is no JSON object is refused by a code: %j", async (text) => {
    const refused = await ask(201, text).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PortcullisError);
    expect((refused as PortcullisError).trouble.code).toBe("api.no-answer");
  });

  it.runIf(hasIpv6)("comes from this machine's IPv6 loopback too", async () => {
    expect(await ask(201, '{"ca":"x"}', "::1")).toEqual({ ca: "x" });
  });
});
