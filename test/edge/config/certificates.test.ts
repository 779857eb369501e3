// A hub's keys against node:tls itself: who gets in, who is turned away, and what a second start leaves alone.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAuthority, issueClient, issueServer, type KeyPair } from "../../../config/certificates.js";
import { ensureHubPki } from "../../../config/hub-pki.js";

const now = Date.now();

/** What one handshake gives: the client's name as the server sees it, or the word `refused`. */
async function handshake(server: KeyPair, authority: KeyPair, client: KeyPair | null, host = "127.0.0.1") {
  const listener = createServer({
    cert: server.certificate,
    key: server.key,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const refused = new Promise<string>((resolve) => listener.once("tlsClientError", () => resolve("refused")));
  const accepted = new Promise<string>((resolve) =>
    listener.once("secureConnection", (socket: TLSSocket) => resolve(String(socket.getPeerCertificate().subject.CN))),
  );
  const socket = connect({
    host: "127.0.0.1",
    port: (listener.address() as AddressInfo).port,
    servername: host === "127.0.0.1" ? "" : host,
    ca: authority.certificate,
    ...(client === null ? {} : { cert: client.certificate, key: client.key }),
  });
  socket.setNoDelay(true);
  const clientRefuses = new Promise<string>((resolve) => socket.once("error", () => resolve("refused")));
  try {
    const seen = await Promise.race([accepted, refused, clientRefuses]);
    return socket.authorized || seen === "refused" ? seen : await clientRefuses;
  } finally {
    socket.destroy();
    listener.close();
  }
}

describe("certificates", () => {
  it("lets a box in by mutual TLS and shows its name to the hub", async () => {
    const authority = await createAuthority("test", now);
    const server = await issueServer(authority, { name: "hub", hosts: [], now });
    const client = await issueClient(authority, { name: "demo-office.gatehouse", now });
    expect(await handshake(server, authority, client)).toBe("demo-office.gatehouse");
    expect(await handshake(server, authority, client, "localhost")).toBe("demo-office.gatehouse");
  });

  it("refuses a client without a certificate, from another authority, expired, or with a server's certificate", async () => {
    const authority = await createAuthority("test", now);
    const server = await issueServer(authority, { name: "hub", hosts: [], now });
    const stranger = await issueClient(await createAuthority("test", now), { name: "demo-office.gatehouse", now });
    const expired = await issueClient(authority, { name: "old", now: now - 900 * 86_400_000 });
    expect(await handshake(server, authority, null)).toBe("refused");
    expect(await handshake(server, authority, stranger)).toBe("refused");
    expect(await handshake(server, authority, expired)).toBe("refused");
    expect(await handshake(server, authority, server)).toBe("refused");
  });

  it("lets a client refuse a server whose certificate names another host", async () => {
    const authority = await createAuthority("test", now);
    const server = await issueServer(authority, { name: "hub", hosts: ["hub.example"], now });
    const client = await issueClient(authority, { name: "box", now });
    expect(await handshake(server, authority, client, "hub.example")).toBe("box");
    expect(await handshake(server, authority, client, "other.example")).toBe("refused");
  });
});

describe("key folder of a hub", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "portcullis-pki-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const edges = [{ site: "demo-office", edge: "gatehouse" }];
  const names = ["ca", "hub", "intake", "edges/demo-office.gatehouse"];
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const pair = (name: string): KeyPair => ({ certificate: read(`${name}.pem`), key: read(`${name}.key`) });

  it("holds working pairs whose keys only the owner can read", async () => {
    await ensureHubPki(folder, { edges, hosts: [], now });
    for (const name of names) expect(statSync(join(folder, `${name}.key`)).mode & 0o777).toBe(0o600);
    expect(await handshake(pair("hub"), pair("ca"), pair("edges/demo-office.gatehouse"))).toBe("demo-office.gatehouse");
    expect(await handshake(pair("hub"), pair("ca"), pair("intake"))).toBe("hub-intake");
  });

  it("stays as it is at the second start and grows by a new box", async () => {
    await ensureHubPki(folder, { edges, hosts: [], now });
    const before = names.map((name) => pair(name));
    await ensureHubPki(folder, { edges: [...edges, { site: "demo-port", edge: "checkpoint" }], hosts: [], now });
    expect(names.map((name) => pair(name))).toEqual(before);
    expect(pair("edges/demo-port.checkpoint").certificate).toContain("BEGIN CERTIFICATE");
  });

  it("names further hosts of the hub too, once they are asked for, and forgets none", async () => {
    const ensure = (...hosts: readonly string[]) => ensureHubPki(folder, { edges, hosts, now });
    await ensure("hub.example");
    await ensure("fd00::1", "10.0.0.7");
    const grown = pair("hub");
    for (const host of ["hub.example", "fd00::1", "10.0.0.7", "127.0.0.1"])
      expect(await handshake(grown, pair("ca"), pair("intake"), host)).toBe("hub-intake");
    await ensure("fd00::1", "hub.example");
    await ensure();
    expect(pair("hub")).toEqual(grown);
  });

  it("makes a torn pair anew and keeps the authority", async () => {
    await ensureHubPki(folder, { edges, hosts: [], now });
    const authority = pair("ca");
    writeFileSync(join(folder, "hub.pem"), "-----BEGIN CERT");
    await ensureHubPki(folder, { edges, hosts: [], now });
    expect(pair("ca")).toEqual(authority);
    expect(await handshake(pair("hub"), pair("ca"), pair("intake"))).toBe("hub-intake");
  });
});
