// A box whose clock was never set, and a hub whose certificate is of another time: dates do not count, everything else does.
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { Aedes } from "aedes";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../config/certificates.js";
import { openHubLinks } from "../../edge/agent/hub-links.js";
import type { LinkEvents } from "../../edge/machine/ports.js";
import type { Trouble } from "../../edge/model/error.js";
import type { ClockTrust } from "../../edge/model/time.js";
import { testFolder } from "../support/folder.js";
import { initialOffice } from "../support/journal.js";
import { realMachine } from "./real-machine.js";

const yearMs = 365 * 86_400_000;
const name = "compound.gatehouse";
let authority: KeyPair;
let stranger: KeyPair;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
beforeAll(async () => {
  authority = await createAuthority("Portcullis authority", Date.now() - yearMs);
  stranger = await createAuthority("Another authority", Date.now() - yearMs);
});

/** A broker whose certificate begins next year. */
async function startHub(signer: KeyPair): Promise<number> {
  const pair = await issueServer(signer, { name: "hub", hosts: [], now: Date.now() + yearMs });
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const tls = { cert: pair.certificate, key: pair.key, ca: authority.certificate };
  const server: Server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    broker.handle(socket);
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return new Promise<void>((resolve) => broker.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

async function connect(port: number, clock: ClockTrust) {
  const folder = testFolder();
  mkdirSync(join(folder, "edges"));
  const own = await issueClient(authority, { name, now: Date.now() });
  const ca = join(folder, "ca.pem");
  const [cert, key] = [join(folder, "edges", `${name}.pem`), join(folder, "edges", `${name}.key`)];
  writeFileSync(ca, authority.certificate);
  writeFileSync(cert, own.certificate);
  writeFileSync(key, own.key, { mode: 0o600 });
  const troubles: Trouble[] = [];
  const machine = {
    ...realMachine,
    clock: { ...realMachine.clock, now: () => ({ ...realMachine.clock.now(), clock }) },
  };
  const uplink = { hubs: [`mqtts://127.0.0.1:${port}`], ca, cert, key };
  const options = { dataDir: folder, keysDir: folder, secretIds: [], isAlone: false, initial: initialOffice() };
  const journal = { retentionDays: 90, quotaMiB: 64, reserveMiB: 1 };
  const named = { site: "compound", edge: "gatehouse" };
  const [link] = openHubLinks({ ...options, ...named, journal, uplink }, machine, (trouble) => troubles.push(trouble));
  const events = {
    up: vi.fn<LinkEvents["up"]>(),
    down: vi.fn<LinkEvents["down"]>(),
    message: () => undefined,
  };
  closing.push(() => link?.close());
  link?.connect(events);
  await vi.waitFor(() => expect(events.up.mock.calls.length + events.down.mock.calls.length).toBe(1), 10_000);
  return { isUp: events.up.mock.calls.length === 1, reason: events.down.mock.calls[0]?.[0] ?? "", troubles };
}

describe("the way to a hub whose certificate begins next year", () => {
  it("is taken by a box whose clock was never set, which says so", async () => {
    const { isUp, troubles } = await connect(await startHub(authority), "never-set");
    expect(isUp).toBe(true);
    expect(troubles).toContainEqual(expect.objectContaining({ code: "field.dates-unchecked" }));
  });

  it.each(["holdover", "synchronised"] as const)("is refused by a box whose clock is %s", async (clock) => {
    const { isUp, reason } = await connect(await startHub(authority), clock);
    expect(isUp).toBe(false);
    expect(reason).toMatch(/not yet valid|CERT_NOT_YET_VALID/);
  });

  it("is refused whatever the clock says where another authority has signed", async () => {
    const { isUp, troubles } = await connect(await startHub(stranger), "never-set");
    expect([isUp, troubles.map(({ code }) => code)]).toEqual([false, []]);
  });
});
