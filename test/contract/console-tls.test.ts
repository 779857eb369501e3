// The hub's HTTPS as others see it: TLS 1.2 or newer, its own authority's certificate, cookies for HTTPS only, foreign pages refused.
import { request } from "node:https";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { healthy, urlOf } from "../../scripts/healthy.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";

describe("the console over TLS", () => {
  let hub: TestHub;
  let ca: string;
  beforeAll(async () => {
    hub = await startTestHub({ http: { host: "127.0.0.1", port: 1, tls: {} } });
    ca = hub.tls("hub").ca;
  }, 30_000);
  afterAll(() => hub.close());

  const call = (method: string, path: string, { body = "", headers = {}, trusted = ca } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const options = { host: "127.0.0.1", port: hub.hub.ports.http, method, path, ca: trusted, headers };
      const asked = request(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      asked.on("error", reject);
      asked.end(body);
    });

  const shake = (maxVersion: "TLSv1.1" | "TLSv1.2" | "TLSv1.3") =>
    new Promise<string>((resolve) => {
      const port = hub.hub.ports.http;
      const ciphers = "DEFAULT@SECLEVEL=0";
      const socket = connect({ host: "127.0.0.1", port, ca, minVersion: "TLSv1", maxVersion, ciphers }, () => {
        resolve(socket.getProtocol() ?? "");
        socket.destroy();
      });
      socket.on("error", () => resolve("refused"));
    });

  it("answers with a certificate of the hub's own authority and is not believed without it", async () => {
    const { status, headers } = await call("GET", "/");
    expect([status, headers["strict-transport-security"]]).toEqual([200, "max-age=31536000"]);
    const { tls } = hub;
    await expect(call("GET", "/", { trusted: tls("compound.annex").cert })).rejects.toThrow();
  });

  it("is found healthy by the demo, whichever authority has signed its page", async () => {
    const url = urlOf({ host: "127.0.0.1", port: hub.hub.ports.http, tls: {} });
    await expect(healthy(url, 5_000)).resolves.toBeUndefined();
  });

  it("S-03: speaks TLS 1.2 and 1.3 and nothing older", async () => {
    expect([await shake("TLSv1.1"), await shake("TLSv1.2"), await shake("TLSv1.3")]).toEqual([
      "refused",
      "TLSv1.2",
      "TLSv1.3",
    ]);
  });

  it("S-10: gives cookies for HTTPS only, out of reach of scripts and of other sites", async () => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ code: hub.hub.oneTimeCode });
    const login = await call("POST", "/api/v1/sessions", { body, headers });
    expect(String(login.headers["set-cookie"])).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    const cookie = String(login.headers["set-cookie"]).split(";")[0] ?? "";
    const own = `https://127.0.0.1:${hub.hub.ports.http}`;
    const leave = (origin: string) => call("DELETE", "/api/v1/sessions", { headers: { cookie, origin } });
    for (const origin of ["https://evil.example", own.replace("https", "http"), "null"]) {
      expect((await leave(origin)).status).toBe(403);
    }
    expect((await leave(own)).status).toBe(204);
  });

  it("S-10: gives cookies for HTTPS only also behind a TLS proxy on this machine, if the configuration knows of one", async () => {
    for (const proxy of [true, false]) {
      const behind = await startTestHub({ http: { host: "127.0.0.1", port: 1, proxy } });
      const headers = { "x-forwarded-proto": "https", origin: `https://127.0.0.1:${behind.hub.ports.http}` };
      const login = await behind.call("POST", "/api/v1/sessions", { body: { code: behind.hub.oneTimeCode }, headers });
      expect([login.status, login.headers.get("set-cookie")?.endsWith("; Secure") ?? false]).toEqual(
        proxy ? [201, true] : [403, false],
      );
      await behind.close();
    }
  });

  it("has nothing for those who speak plain HTTP", async () => {
    await expect(fetch(`http://127.0.0.1:${hub.hub.ports.http}/healthz`)).rejects.toThrow();
  });
});
