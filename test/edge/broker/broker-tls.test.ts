// The broker under mutual TLS, as the hub runs it: who gets through the handshake, and under which name.
import { X509Certificate } from "node:crypto";
import { connect as dial } from "node:net";
import { connect, type IClientOptions } from "mqtt";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../../config/certificates.js";
import { type Broker, startBroker } from "../../../edge/broker/broker.js";
import type { ClockTrust } from "../../../edge/model/time.js";
import { realMachine } from "../../contract/real-machine.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const now = Date.now();
const keys = {} as Record<"ca" | "server" | "box" | "stranger" | "expired" | "early" | "notClient", KeyPair>;
beforeAll(async () => {
  keys.ca = await createAuthority("authority", now);
  keys.server = await issueServer(keys.ca, { name: "hub", hosts: [], now });
  keys.box = await issueClient(keys.ca, { name: "gatehouse", now });
  keys.expired = await issueClient(keys.ca, { name: "gatehouse", now: now - 3_650 * 86_400_000 });
  keys.early = await issueClient(keys.ca, { name: "gatehouse", now: now + 3_650 * 86_400_000 });
  keys.notClient = await issueServer(keys.ca, { name: "gatehouse", hosts: [], now });
  keys.stranger = await issueClient(await createAuthority("other", now), { name: "gatehouse", now });
});

/** `unset`: dates do not count while the clock says that it was never set. */
async function started(unset?: { clock: ClockTrust }) {
  const refused: string[] = [];
  const identities: unknown[] = [];
  const broker = await startBroker({
    host: "127.0.0.1",
    port: 0,
    tls: {
      ca: keys.ca.certificate,
      cert: keys.server.certificate,
      key: keys.server.key,
      requestCert: true,
      ignoreDatesWhileClockUnset: unset !== undefined,
    },
    rules: {
      authenticate: (identity) => identities.push(identity) > 0,
      canPublish: () => true,
      canSubscribe: () => true,
      canReceive: () => true,
    },
    connectionsMax: 10,
    packetBytesMax: 1_000,
    onRefused: (code, detail) => refused.push(`${code}: ${detail}`),
    clock: { mono: realMachine.clock.mono, now: () => ({ ...realMachine.clock.now(), ...unset }) },
    timer: realMachine.timer,
  });
  cleanups.push(() => broker.close());
  return { broker, refused, identities };
}

/** Resolves with "in", or with the reason why not. */
function attempt(broker: Broker, clientId: string, options: IClientOptions): Promise<string> {
  return new Promise((resolve) => {
    const client = connect(`mqtts://127.0.0.1:${broker.port}`, {
      clientId,
      ca: keys.ca.certificate,
      protocolVersion: 4,
      reconnectPeriod: 0,
      ...options,
    });
    cleanups.push(() => client.end(true));
    client.on("connect", () => resolve("in"));
    client.on("error", (error) => resolve(error.message));
    client.on("close", () => resolve("closed"));
  });
}

const withKey = ({ certificate, key }: KeyPair): IClientOptions => ({ cert: certificate, key });

describe("the broker under mutual TLS", () => {
  it("lets a client in under the name of its certificate", async () => {
    const { broker, identities } = await started();
    expect(await attempt(broker, "gatehouse", withKey(keys.box))).toBe("in");
    const certificateSerial = new X509Certificate(keys.box.certificate).serialNumber;
    expect(identities).toEqual([
      { client: "gatehouse", password: null, certificateName: "gatehouse", certificateSerial },
    ]);
    await vi.waitFor(() => expect(broker.clients()).toEqual(["gatehouse"]));
  });

  it("S-05: refuses another id than the certificate's name, whatever the user name says", async () => {
    const { broker, identities } = await started();
    const options = { ...withKey(keys.box), username: "other-box" };
    expect(await attempt(broker, "other-box", options)).toMatch(/not authorized/i);
    expect(identities).toEqual([]);
  });

  it.each([
    ["without a certificate", () => ({})],
    ["with a certificate of another authority", () => withKey(keys.stranger)],
    ["with a certificate that has expired", () => withKey(keys.expired)],
    ["with TLS 1.1", () => ({ ...withKey(keys.box), minVersion: "TLSv1.1", maxVersion: "TLSv1.1" }) as IClientOptions],
  ])("S-03, S-04: refuses a client %s", async (_what, options) => {
    const { broker, refused } = await started();
    expect(await attempt(broker, "gatehouse", options())).not.toBe("in");
    await vi.waitFor(() => expect(refused.join()).toContain("field.login-refused: TLS"));
    expect(broker.clients()).toEqual([]);
  });
});

it("closes at once although somebody is still in his handshake", async () => {
  const { broker } = await started();
  const socket = dial(broker.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  await broker.close();
  await closed;
});

describe("the broker with a clock that was never set", () => {
  it.each([
    ["has expired", () => keys.expired],
    ["begins later", () => keys.early],
    ["is of today", () => keys.box],
  ])("admits a client whose certificate %s, and says that dates were not checked", async (_what, pair) => {
    const { broker, refused } = await started({ clock: "never-set" });
    expect(await attempt(broker, "gatehouse", withKey(pair()))).toBe("in");
    expect(refused).toEqual([expect.stringMatching(/^field.dates-unchecked: certificate of .*127\.0\.0\.1/)]);
  });

  it.each([
    ["of another authority", "gatehouse", () => withKey(keys.stranger)],
    ["that is none of a client", "gatehouse", () => withKey(keys.notClient)],
    ["with another name", "beam-1", () => withKey(keys.box)],
    ["that is missing", "gatehouse", () => ({})],
  ])("refuses a certificate %s all the same", async (_what, id, options) => {
    const { broker, refused } = await started({ clock: "never-set" });
    expect(await attempt(broker, id, options())).not.toBe("in");
    await vi.waitFor(() => expect(refused.join()).toContain("field.login-refused"));
    expect(broker.clients()).toEqual([]);
  });

  it("checks dates again for new connections once the clock is set", async () => {
    const trust: { clock: ClockTrust } = { clock: "never-set" };
    const { broker, refused } = await started(trust);
    expect(await attempt(broker, "gatehouse", withKey(keys.expired))).toBe("in");
    trust.clock = "holdover";
    await vi.waitFor(() => expect(broker.clients()).toEqual(["gatehouse"]));
    expect(await attempt(broker, "gatehouse", withKey(keys.expired))).not.toBe("in");
    await vi.waitFor(() => expect(refused.join()).toContain("CERT_HAS_EXPIRED"));
    expect(await attempt(broker, "gatehouse", withKey(keys.box))).toBe("in");
  });
});
