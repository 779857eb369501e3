// The socket to an existing broker: which brokers hear a first word, and that a lone word is not held back.
import type { LookupFunction } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createAuthority, issueServer, type KeyPair } from "../../../config/certificates.js";
import { openSocket } from "../../../edge/field/mqtt/socket.js";
import type { ClockTrust } from "../../../edge/model/time.js";
import { realMachine } from "../../contract/real-machine.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const now = Date.now();
const yearMs = 365 * 86_400_000;
const keys = {} as Record<"ca" | "good" | "expired" | "foreign", KeyPair>;
beforeAll(async () => {
  keys.ca = await createAuthority("site", now);
  keys.good = await issueServer(keys.ca, { name: "broker", hosts: [], now });
  keys.expired = await issueServer(keys.ca, { name: "broker", hosts: [], now: now - 4 * yearMs });
  keys.foreign = await issueServer(await createAuthority("site", now), { name: "broker", hosts: [], now });
});

/** A broker with this pair; what became of the dialling, and what the broker heard. */
async function dial(pair: KeyPair, trust: ClockTrust, host = "127.0.0.1", lookup?: LookupFunction) {
  const heard: string[] = [];
  const server = createServer({ cert: pair.certificate, key: pair.key }, (socket: TLSSocket) => {
    socket.on("data", (bytes) => heard.push(bytes.toString("utf8")));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const told: string[] = [];
  const clock = { ...realMachine.clock, now: () => ({ ...realMachine.clock.now(), clock: trust }) };
  const outcome = new Promise<string>((resolve) => {
    const give = openSocket(
      new URL(`mqtts://${lookup === undefined ? host : "localhost"}:${port}`),
      { ca: keys.ca.certificate },
      { clock, ...(lookup === undefined ? {} : { lookup }) },
      {
        ready(socket) {
          socket.write("password");
          resolve("ready");
        },
        failed: resolve,
        datesUnchecked: () => told.push("dates unchecked"),
      },
    );
    cleanups.push(() => new Promise<void>((done) => server.close(() => done())), give);
  });
  return { outcome: await outcome, told, heard };
}

describe("the socket to an existing broker", () => {
  it("is ready when the broker's certificate holds", async () => {
    const { outcome, told, heard } = await dial(keys.good, "holdover");
    expect([outcome, told]).toEqual(["ready", []]);
    await vi.waitFor(() => expect(heard).toEqual(["password"]));
  });

  it("is ready at the second address of a broker that does not answer at the first", async () => {
    const both: LookupFunction = (_host, _options, tell) =>
      tell(null, [
        { address: "::1", family: 6 },
        { address: "127.0.0.1", family: 4 },
      ]);
    expect(await dial(keys.good, "holdover", "127.0.0.1", both)).toMatchObject({ outcome: "ready" });
  });

  it("takes an expired certificate while the clock was never set, and says so", async () => {
    expect(await dial(keys.expired, "never-set")).toMatchObject({ outcome: "ready", told: ["dates unchecked"] });
  });

  it.each<{ what: string; pair: () => KeyPair; clock: ClockTrust; host?: string; reason: RegExp }>([
    { what: "has expired", pair: () => keys.expired, clock: "holdover", reason: /CERT_HAS_EXPIRED/ },
    { what: "is of another authority", pair: () => keys.foreign, clock: "holdover", reason: /SIGNATURE/ },
    {
      what: "is of another authority while the clock was never set",
      pair: () => keys.foreign,
      clock: "never-set",
      reason: /SIGNATURE/,
    },
    { what: "names another host", pair: () => keys.good, clock: "never-set", host: "127.0.0.2", reason: /not match/ },
  ])("says no word to a broker whose certificate $what", async ({ pair, clock, host, reason }) => {
    const { outcome, told, heard } = await dial(pair(), clock, host);
    expect(outcome).toMatch(reason);
    expect([told, heard]).toEqual([[], []]);
  });
});
