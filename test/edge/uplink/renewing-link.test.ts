// Renewal over a connection, in virtual time: the hub at the other end is the test, key files are real.
import { X509Certificate } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { createAuthority, issueClient, type KeyPair } from "../../../config/certificates.js";
import { createRequest, readRequest, signRequest } from "../../../config/signing-requests.js";
import type { Link, LinkEvents } from "../../../edge/machine/ports.js";
import type { Trouble } from "../../../edge/model/error.js";
import { type KeyChain, openKeyChain } from "../../../edge/uplink/key-chain.js";
import { answerWithinMs } from "../../../edge/uplink/renewal.js";
import { createRenewingLinks } from "../../../edge/uplink/renewing-link.js";
import { topicsOf } from "../../../edge/uplink/topics.js";
import { manualMachine } from "../../support/journal.js";

const name = "office.box";
const topics = topicsOf("office", "box");
const statement = JSON.stringify({ heads: [], scope: "all", renews: true });
let authority: KeyPair;
beforeAll(async () => {
  authority = await createAuthority("authority", Date.now());
});

let folder: string;
let keys: KeyChain;
let machine: ReturnType<typeof manualMachine>;
let troubles: Trouble[];
let connections: { events: LinkEvents; cert: string; sent: string[] }[];
let downs: string[];
let link: Link;
/** What a publish waits for. */
let taking: Promise<void>;

async function setUp(ageDays: number): Promise<void> {
  machine = manualMachine();
  const wall = machine.clock.now().wall;
  const old = await issueClient(authority, { name, now: wall - ageDays * 86_400_000 });
  mkdirSync(join(folder, "edges"), { recursive: true });
  writeFileSync(join(folder, "ca.pem"), authority.certificate);
  writeFileSync(join(folder, "edges", "box.pem"), old.certificate);
  writeFileSync(join(folder, "edges", "box.key"), old.key);
  const paths = { ca: "ca.pem", cert: "edges/box.pem", key: "edges/box.key" };
  const at = (file: string) => join(folder, file);
  keys = openKeyChain({ ca: at(paths.ca), cert: at(paths.cert), key: at(paths.key) }, name);
  const open = ({ cert }: { cert: string }): Link => ({
    connect: (events) => connections.push({ events, cert, sent: [] }),
    publish(topic, payload) {
      if (topic === topics.renew) connections.at(-1)?.sent.push(payload);
      return taking;
    },
    close: async () => undefined,
  });
  const create = (key?: string) => createRequest(name, key);
  const onTrouble = (trouble: Trouble) => troubles.push(trouble);
  const [first] = createRenewingLinks({ keys, topics, addresses: [open], createRequest: create, machine, onTrouble });
  if (first === undefined) throw new Error("no link");
  link = first;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-renewing-"));
  [troubles, connections, downs, taking] = [[], [], [], Promise.resolve()];
});
afterEach(() => rmSync(folder, { recursive: true }));

const connect = () =>
  link.connect({ up: () => undefined, down: (reason) => downs.push(reason), message: () => undefined });
const present = () => {
  const last = connections.at(-1);
  if (last === undefined) throw new Error("nobody connects");
  return last;
};
const hear = (topic: string, payload: string) => present().events.message(topic, payload, false);
/** What the box asks on the present connection. */
async function asked(): Promise<string> {
  await vi.waitFor(() => expect(present().sent).toHaveLength(1));
  return present().sent.splice(0).join();
}
/** Enough for whatever was begun. */
async function nothingAsked(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
  expect(present().sent).toEqual([]);
}
async function sign(text: string): Promise<string> {
  const read = await readRequest(JSON.parse(text).request);
  if ("fault" in read) throw new Error(read.fault);
  return signRequest(authority, read.publicKey, { name, now: machine.clock.now().wall });
}

it("asks when the hub has spoken, connects anew with the new pair, and lets go of the old when the hub speaks again", async () => {
  await setUp(600);
  const before = keys.present().tls;
  connect();
  expect(present().sent).toEqual([]);
  hear(topics.ack, statement);
  const request = await asked();
  const certificate = await sign(request);
  hear(topics.renewed, JSON.stringify({ certificate }));
  expect(downs).toEqual(["a new certificate is there"]);
  expect(keys.present().tls).toEqual(before);
  connect();
  expect(present().cert).toContain(certificate.trim());
  expect(keys.present().tls).toEqual(before);
  hear(topics.ack, statement);
  expect(keys.present().tls.cert).toContain(certificate.trim());
  expect([keys.next(), troubles]).toEqual([null, []]);
});

it("asks nothing while the certificate is young, and nobody who does not renew", async () => {
  await setUp(100);
  connect();
  hear(topics.ack, statement);
  machine.advance(3_600_000);
  await nothingAsked();
  await setUp(600);
  connect();
  hear(topics.ack, JSON.stringify({ heads: [] }));
  await nothingAsked();
  expect(troubles).toMatchObject([{ code: "keys.renewal-refused" }]);
});

it("asks again after a refusal and after silence, for the same key, and says when the end is near", async () => {
  await setUp(760);
  connect();
  hear(topics.ack, statement);
  const first = await asked();
  hear(topics.renewed, JSON.stringify({ code: "keys.authority-missing" }));
  expect(troubles).toMatchObject([
    { code: "keys.expiring", detail: expect.stringContaining("keys.authority-missing") },
  ]);
  machine.advance(20_000);
  await nothingAsked();
  machine.advance(60_000);
  const second = await asked();
  expect(JSON.parse(second).certificate).toBe(JSON.parse(first).certificate);
  const keyOf = async (text: string) => new X509Certificate(await sign(text)).publicKey.export({ format: "jwk" });
  expect(await keyOf(second)).toEqual(await keyOf(first));
  machine.advance(answerWithinMs + 10_000);
  expect(troubles.map(({ detail }) => detail)).toContain("no answer");
});

/** A person enrols the box anew. */
async function bringNext(): Promise<void> {
  const key = await keys.requestKey(async () => (await createRequest(name)).key);
  const { request } = await createRequest(name, key);
  keys.takeNext(await sign(JSON.stringify({ request })), authority.certificate);
}

/** The hub speaks on the present pair after it has not taken the next one. */
function refusedNext(): void {
  const old = keys.present().tls.cert;
  connect();
  expect(present().cert).not.toBe(old);
  present().events.down("not authorized");
  connect();
  expect(present().cert).toBe(old);
  expect(keys.next()).not.toBeNull();
  hear(topics.ack, statement);
}

it("takes a connection that ends while it asks for one failure", async () => {
  await setUp(600);
  let end: (error: Error) => void = () => undefined;
  taking = new Promise((_, reject) => {
    end = reject;
  });
  connect();
  hear(topics.ack, statement);
  await asked();
  present().events.down("closed");
  end(new Error("disconnected"));
  await nothingAsked();
  expect(troubles).toMatchObject([{ code: "keys.renewal-refused", detail: expect.stringContaining("ended") }]);
});

it("tries the present pair when the hub does not take the next one, and gives that up after three times", async () => {
  await setUp(600);
  connect();
  hear(topics.ack, statement);
  hear(topics.renewed, JSON.stringify({ certificate: await sign(await asked()) }));
  const old = keys.present().tls.cert;
  for (let round = 0; round < 3; round += 1) {
    refusedNext();
    if (round < 2) present().events.down("closed");
  }
  expect(keys.next()).toBeNull();
  expect(keys.present().tls.cert).toBe(old);
});

it("counts the failures of each new pair from the first", async () => {
  await setUp(600);
  connect();
  hear(topics.ack, statement);
  hear(topics.renewed, JSON.stringify({ certificate: await sign(await asked()) }));
  for (let round = 0; round < 3; round += 1) {
    refusedNext();
    if (round < 2) present().events.down("closed");
  }
  await bringNext();
  machine.advance(300_000);
  expect(downs.at(-1)).toBe("a new certificate is there");
  refusedNext();
  expect(keys.next()).not.toBeNull();
});

it("notices a certificate that a person has brought while it is connected", async () => {
  await setUp(100);
  connect();
  hear(topics.ack, statement);
  await bringNext();
  machine.advance(5_000);
  expect(downs).toEqual(["a new certificate is there"]);
});

it("without any pair says so, and connects as soon as there is one", async () => {
  await setUp(100);
  rmSync(join(folder, "edges", "box.pem"));
  connect();
  await turn();
  expect(connections).toEqual([]);
  expect(downs.join()).toContain("keys.missing");
  expect(troubles).toMatchObject([{ code: "keys.missing" }]);
  await bringNext();
  connect();
  expect(connections).toHaveLength(1);
});
