// A scanner at every port that speaks TLS: what is older than 1.2 is refused, by the other side and not by the scanner itself.
import { execFile, spawnSync } from "node:child_process";
import { connect, createServer, type SecureVersion, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuthority, issueServer } from "../../config/certificates.js";
import type { Driver } from "../../edge/model/driver.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { freePort } from "../support/free-port.js";
import { listen } from "./driver-suite.js";
import { boxWay, certificateLogin, dataFolder, driverOf } from "./mqtt-rigs.js";

const ports = ["boxes", "control rooms", "https", "field devices", "a lax server"] as const;
type Port = (typeof ports)[number];
interface Target {
  readonly port: number;
  readonly keys: { readonly ca: string; readonly cert: string; readonly key: string };
}
const targets = new Map<Port, Target>();
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  const rooms = [{ name: "room-a", role: "operator" as const }];
  const hub: TestHub = await startTestHub({
    http: { host: "127.0.0.1", port: 0, tls: {} },
    outlets: { mqtt: { host: "127.0.0.1", port: 0, rooms } },
  });
  cleanups.push(() => hub.close());
  targets.set("boxes", { port: hub.hub.ports.broker, keys: hub.tls("compound.gatehouse") });
  targets.set("control rooms", { port: hub.hub.ports.rooms ?? 0, keys: hub.tls("room-a") });
  targets.set("https", { port: hub.hub.ports.http, keys: hub.tls("compound.gatehouse") });
  targets.set("field devices", await startBox());
  targets.set("a lax server", await startLax(hub));
}, 60_000);
afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

async function startBox(): Promise<Target> {
  const port = await freePort();
  const { dataDir, remove } = await dataFolder();
  const driver: Driver = driverOf(boxWay(port, { clients: "certificate" }), dataDir);
  cleanups.push(remove, () => driver.close());
  await driver.open(listen().events);
  const { ca, cert, key } = await certificateLogin(dataDir);
  return { port, keys: { ca: String(ca), cert: String(cert), key: String(key) } };
}

/** Shows that the scanner can speak what it asks for. */
async function startLax(hub: TestHub): Promise<Target> {
  const authority = await createAuthority("lax", Date.now());
  const { certificate: cert, key } = await issueServer(authority, { name: "lax", hosts: [], now: Date.now() });
  const server = createServer({ cert, key, minVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }, (socket) =>
    socket.end(),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  const address = server.address();
  return { port: typeof address === "object" ? (address?.port ?? 0) : 0, keys: hub.tls("compound.gatehouse") };
}

/** The version that both agreed on, or the reason why none. */
function scan(at: Port, version: SecureVersion): Promise<string> {
  const target = targets.get(at);
  return new Promise((resolve) => {
    const socket: TLSSocket = connect({
      ...target?.keys,
      host: "127.0.0.1",
      port: target?.port ?? 0,
      minVersion: version,
      maxVersion: version,
      ciphers: "DEFAULT@SECLEVEL=0",
      rejectUnauthorized: false,
    });
    socket.once("secureConnect", () => {
      resolve(socket.getProtocol() ?? "none");
      socket.destroy();
    });
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.once("close", () => resolve("closed"));
  });
}

it.each(["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const)("the scanner itself speaks %s", async (version) => {
  expect(await scan("a lax server", version)).toBe(version);
});

const openssl = spawnSync("openssl", ["version"]).status === 0;

describe.each(ports.slice(0, 4))("the TLS port of %s", (at) => {
  it.each(["TLSv1", "TLSv1.1"] as const)("S-03: refuses %s", async (version) => {
    expect(await scan(at, version)).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("S-03: speaks %s", async (version) => {
    expect(await scan(at, version)).toBe(version);
  });

  it.skipIf(!openssl).each(["-tls1", "-tls1_1"])("S-03: refuses openssl s_client %s", async (version) => {
    const args = [
      "s_client",
      "-connect",
      `127.0.0.1:${targets.get(at)?.port}`,
      version,
      "-cipher",
      "DEFAULT@SECLEVEL=0",
    ];
    // Not waited for at once: one of the servers runs in this process.
    const told = await new Promise<{ failed: boolean; words: string }>((resolve) => {
      const client = execFile("openssl", args, { timeout: 15_000 }, (error, _out, words) =>
        resolve({ failed: error?.code === 1, words }),
      );
      client.stdin?.end();
    });
    expect(told).toEqual({ failed: true, words: expect.stringContaining("protocol version") });
  });
});
