// Logging in at a running hub: nothing that was shipped opens it, guessing is stopped and recorded.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { MessageSecurityMode, OPCUACertificateManager, OPCUAClient, SecurityPolicy, UserTokenType } from "node-opcua";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { parseDocument } from "yaml";
import { failuresMax } from "../../hub/people/login.js";
import { nameLimits } from "../../hub/people/throttle.js";
import { startTestHub, type TestHub } from "../hub/running-hub.js";
import { freePort } from "../support/free-port.js";

const until = { timeout: 30_000, interval: 50 };
const password = "a long enough password";

describe("a hub that was never started before", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub();
  }, 30_000);
  afterAll(() => hub.close());

  it.each([
    ["admin", "admin"],
    ["admin", "password"],
    ["admin", "admin123456789"],
    ["demo-operator", "demo-operator"],
  ])("S-01: lets nobody in as %s with the password %s", async (user, guess) => {
    const login = await hub.call("POST", "/api/v1/sessions", { body: { user, password: guess } });
    expect(login).toMatchObject({ status: 401, body: { code: "api.login-refused" } });
  });

  it("S-01: lets in by its one-time code, and does nothing for that person before a password is set", async () => {
    const code = hub.hub.oneTimeCode;
    expect(code).toMatch(/^[\w-]{43}$/);
    const first = await hub.call("POST", "/api/v1/sessions", { body: { code } });
    expect(first).toMatchObject({ status: 201, body: { mustSetPassword: true } });
    const { token } = first.body;
    const command = { site: "compound", edge: "gatehouse", act: { kind: "silence" }, reason: "" };
    const user = { user: "li", password, role: "administrator" };
    for (const [method, path, body] of [
      ["GET", "/api/v1/alarms", undefined],
      ["GET", "/api/v1/stream", undefined],
      ["GET", "/api/v1/sessions", undefined],
      ["POST", "/api/v1/commands", command],
      ["POST", "/api/v1/users", user],
    ] as const) {
      const answer = await hub.call(method, path, { token, body });
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, "api.password-missing"]);
    }
    for (const weak of ["", "short", "11 letters."]) {
      const answer = await hub.call("POST", "/api/v1/users/me/password", { token, body: { password: weak } });
      expect(answer.status, weak).toBe(400);
    }
    expect((await hub.call("POST", "/api/v1/users/me/password", { token, body: { password } })).status).toBe(204);
    expect((await hub.call("GET", "/api/v1/alarms", { token })).status).toBe(200);
  });

  it("S-01: ships no file in which a password, key or token stands", () => {
    const files = readdirSync("config").filter((name) => name.endsWith(".yaml"));
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) {
      const secrets: string[] = [];
      JSON.parse(JSON.stringify(parseDocument(readFileSync(join("config", file), "utf8")).toJS()), (name, value) => {
        if (/password|secret|token|key|code/i.test(name) && typeof value === "string") secrets.push(name);
      });
      expect(secrets, file).toEqual([]);
    }
  });
});

describe("a hub that is guessed at", () => {
  let hub: TestHub;
  let token: string;
  let opcua: number;
  beforeAll(async () => {
    opcua = await freePort();
    hub = await startTestHub({ outlets: { opcua: { host: "127.0.0.1", port: opcua } } });
    token = await hub.hub.issueToken("wang", "administrator", 1);
  }, 60_000);
  afterAll(() => hub.close());

  const recorded = async (type: string) => {
    const { body } = await hub.call("GET", `/api/v1/records?type=${type}&limit=1000`, { token });
    return body.items.map((item) => item["record"] as { subject: string; data: { user?: string; address: string } });
  };

  it("S-09: answers 429 after 20 bad logins, records each before it, and the throttling once", async () => {
    // Only a password costs a hash.
    const guesses = Array.from({ length: 26 }, (_, index) =>
      index < 4 ? { user: "admin", password: "guess" } : { code: "guess" },
    );
    const answers = await Promise.all(guesses.map((body) => hub.call("POST", "/api/v1/sessions", { body })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(20).fill(401), ...Array(6).fill(429)]);
    expect(answers.find(({ status }) => status === 429)?.body.code).toBe("api.throttled");
    const refused = (await recorded("login.refused")).map(({ data }) => data);
    expect(refused).toEqual(Array(20).fill({ user: expect.any(String), address: "127.0.0.1" }));
    expect(refused.filter(({ user }) => user === "admin").length).toBe(4);
    await vi.waitFor(async () => expect((await recorded("login.throttled")).length).toBe(1), until);
  }, 60_000);

  it("S-09: counts a right password among them, so that nobody learns it by going on", async () => {
    const good = await hub.call("POST", "/api/v1/sessions", { body: { user: "admin", password } });
    expect(good.status).toBe(429);
  });

  /** A client over the secured channel, whose certificate a person has trusted. */
  async function connected(): Promise<OPCUAClient> {
    const [rejected, trusted] = ["rejected", "trusted/certs"].map((shelf) =>
      join(hub.folder, "data", "opcua", "alarms", shelf),
    ) as [string, string];
    const rootFolder = join(hub.folder, "client");
    return vi.waitFor(async () => {
      const client = OPCUAClient.create({
        securityMode: MessageSecurityMode.SignAndEncrypt,
        securityPolicy: SecurityPolicy.Basic256Sha256,
        endpointMustExist: false,
        connectionStrategy: { maxRetry: 0 },
        clientCertificateManager: new OPCUACertificateManager({
          rootFolder,
          automaticallyAcceptUnknownCertificate: true,
        }),
      });
      try {
        await client.connect(`opc.tcp://127.0.0.1:${opcua}`);
        return client;
      } catch (error) {
        await mkdir(trusted, { recursive: true });
        for (const file of readdirSync(rejected)) await rename(join(rejected, file), join(trusted, file));
        throw error;
      }
    }, until);
  }

  it("S-09: stops a name that guesses over OPC UA, whatever it says afterwards, and records it", async () => {
    const client = await connected();
    const login = (guess: string) =>
      client.createSession({ type: UserTokenType.UserName, userName: "zhao", password: guess });
    for (let tried = 0; tried < 20; tried += 1)
      await expect(login(`guess ${tried}`)).rejects.toThrow(/BadUserAccessDenied/);
    const admin = await hub.hub.issueToken("chen", "administrator", 1);
    const user = { user: "zhao", password, role: "operator" };
    expect((await hub.call("POST", "/api/v1/users", { token: admin, body: user })).status).toBe(201);
    await expect(login(password)).rejects.toThrow(/BadUserAccessDenied/);
    await client.disconnect();
    const of = async (type: string) => (await recorded(type)).filter(({ subject }) => subject === "zhao");
    expect((await of("login.refused")).map(({ data }) => data.address)).toEqual(Array(failuresMax).fill("opcua"));
    expect((await of("login.throttled")).map(({ data }) => data.address)).toEqual(["opcua"]);
  }, 120_000);
});

describe("a person at whom others guess", () => {
  let hub: TestHub;
  let admin: string;
  const guessers = Array.from({ length: nameLimits.failures }, (_, index) => `203.0.113.${index + 1}`);
  const login = (from: string, guess: string, more: { token?: string; language?: string } = {}) =>
    hub.call("POST", "/api/v1/sessions", {
      ...(more.token !== undefined && { token: more.token }),
      headers: { "x-forwarded-for": from, "accept-language": more.language ?? "en" },
      body: { user: "li", password: guess },
    });
  beforeAll(async () => {
    hub = await startTestHub({ http: { host: "127.0.0.1", port: 0, proxy: true } });
    admin = await hub.hub.issueToken("wang", "administrator", 1);
    const body = { user: "li", password, role: "operator" };
    expect((await hub.call("POST", "/api/v1/users", { token: admin, body })).status).toBe(201);
  }, 30_000);
  afterAll(() => hub.close());

  it("S-09: makes the name wait from every address, says so in the reader's language, records it, and lets the person in who is known", async () => {
    const { status, body: session } = await login("192.0.2.10", password);
    expect(status).toBe(201);
    const guesses = await Promise.all(guessers.map((from) => login(from, "guess")));
    expect(guesses.map((guess) => guess.status)).toEqual(guesses.map(() => 401));
    const refused = await login("203.0.113.99", password, { language: "zh" });
    expect(refused).toMatchObject({ status: 429, body: { code: "api.login-slowed", place: "/body/user" } });
    expect(refused.body.message).toMatch(/须等待后再试。 \(\d s\)/);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await login("192.0.2.10", password)).status).toBe(201);
    expect((await login("203.0.113.99", password, { token: session.token })).status).toBe(201);
    const { body } = await hub.call("GET", "/api/v1/records?type=login.throttled&limit=1000", { token: admin });
    expect(body.items.map((item) => (item["record"] as { data: unknown }).data)).toEqual([
      { user: "li", address: "203.0.113.99", waitMs: expect.any(Number) },
    ]);
  }, 60_000);
});
