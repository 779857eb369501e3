// The OPC UA driver against a real server, over a line that can be cut.
import { X509Certificate } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StatusCodes } from "node-opcua";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { createOpcuaDriver } from "../../edge/field/opcua/driver.js";
import { keep, pkiFolder } from "../../edge/field/opcua/pki-folder.js";
import type { OpcuaDriverConfig } from "../../edge/model/wiring.js";
import { startPlug } from "../support/plug.js";
import { type BollardServer, bollardConfig, guard, otherOutputs, startBollardServer } from "./bollard-server.js";
import { type DriverHarness, driverContract, type Heard, listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const waiting = { timeout: 10_000, interval: 10 };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

// One server of a kind and one key for all: making a key takes longer than most tests.
const dataDir = await mkdtemp(join(tmpdir(), "portcullis-opcua-"));
const [server, secured] = await Promise.all([startBollardServer(), startBollardServer("secured")]);
afterAll(async () => {
  await Promise.all([server.close(), secured.close()]);
  await rm(dataDir, { recursive: true, force: true });
});

/** As a technician leaves it: the server trusted, the password stored. */
function commission(id: string): void {
  keep(pkiFolder(dataDir, id), "trusted", new X509Certificate(secured.certificate));
  writeFileSync(join(pkiFolder(dataDir, id), "password"), `${guard.password}\n`, { mode: 0o600 });
}

const ways: readonly { name: string; id: string; peer: BollardServer; security: OpcuaDriverConfig["security"] }[] = [
  { name: "OPC UA", id: "bollards", peer: server, security: { mode: "none" } },
  {
    name: "OPC UA (sign and encrypt, user name)",
    id: "by-name",
    peer: secured,
    security: { mode: "sign-and-encrypt", user: guard.user },
  },
  {
    name: "OPC UA (sign and encrypt, user certificate)",
    id: "by-certificate",
    peer: secured,
    security: { mode: "sign-and-encrypt", userCertificate: true },
  },
];

for (const { name, id, peer, security } of ways) {
  if (security.mode !== "none") commission(id);
  const harness: DriverHarness = {
    name,
    hasLine: true,
    linkFollowsDevice: true,
    async make() {
      peer.reset();
      const line = await startPlug(peer.port);
      const config = { ...bollardConfig(`opc.tcp://127.0.0.1:${line.port}`), id, security };
      return {
        driver: createOpcuaDriver(config, { ...realMachine, dataDir }),
        inputs: ["closed", "travel"],
        input: "closed",
        states: [false, true],
        output: { point: "demand", orders: ["close", "open"] },
        setInput: async (value) => peer.setContact(value === true, StatusCodes.Good),
        outputAtDevice: peer.demand,
        breakLine: async () => line.set("cut"),
        freeze: async () => peer.freeze(),
        async resume() {
          line.set("open");
          peer.thaw();
        },
        sendRubbish: async () => peer.setContact(true, StatusCodes.BadSensorFailure),
        dispose: line.close,
      };
    },
  };
  driverContract(harness);
}

describe("the OPC UA driver", () => {
  async function opened(change: (config: OpcuaDriverConfig) => OpcuaDriverConfig = (config) => config): Promise<{
    heard: Heard;
    driver: ReturnType<typeof createOpcuaDriver>;
  }> {
    server.reset();
    const config = change(bollardConfig(`opc.tcp://127.0.0.1:${server.port}`));
    const driver = createOpcuaDriver(config, { ...realMachine, dataDir });
    cleanups.push(() => driver.close());
    const heard = listen();
    await driver.open(heard.events);
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
    return { heard, driver };
  }

  const newestOf = (heard: Heard, point: string) => heard.samples.findLast((sample) => sample.point === point);

  it("reads outputs back after connecting, and gives the server's own time as evidence", async () => {
    const { heard } = await opened();
    await vi.waitFor(
      () => expect(newestOf(heard, "demand")).toMatchObject({ value: "none", quality: "good" }),
      waiting,
    );
    expect(newestOf(heard, "closed")?.sourceTime).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it("takes a bad status as lost and an uncertain one as stale, with a code", async () => {
    const { heard } = await opened();
    server.setContact(false, StatusCodes.BadSensorFailure);
    await vi.waitFor(() => expect(newestOf(heard, "closed")).toMatchObject({ value: false, quality: "lost" }), waiting);
    expect(heard.troubles).toContainEqual({
      code: "field.quality-bad",
      detail: "node ns=1;s=B1.Closed: BadSensorFailure",
    });
    server.setContact(true, StatusCodes.UncertainLastUsableValue);
    await vi.waitFor(() => expect(newestOf(heard, "closed")).toMatchObject({ value: true, quality: "stale" }), waiting);
  });

  it("takes a value of another type as out of range, with a code", async () => {
    const { heard } = await opened((config) => ({
      ...config,
      points: config.points.map((point) => (point.id === "travel" ? { ...point, type: "boolean" } : point)),
    }));
    await vi.waitFor(
      () => expect(newestOf(heard, "travel")).toMatchObject({ value: null, quality: "out-of-range" }),
      waiting,
    );
    const detail = "node ns=1;s=B1.Travel: Double is no boolean";
    expect(heard.troubles).toContainEqual({ code: "field.payload-invalid", detail });
  });

  it("reports a point whose node the server does not have as lost, and the others as good", async () => {
    const { heard } = await opened((config) => ({
      ...config,
      points: config.points.map((point) => (point.id === "travel" ? { ...point, node: "ns=1;s=Nowhere" } : point)),
    }));
    await vi.waitFor(() => expect(newestOf(heard, "closed")?.quality).toBe("good"), waiting);
    expect(newestOf(heard, "travel")?.quality).toBe("lost");
    expect(heard.troubles).toContainEqual({ code: "field.quality-bad", detail: expect.stringContaining("Nowhere") });
  });

  it("does not confirm an order that the server accepted and did not keep", async () => {
    const { heard, driver } = await opened();
    server.jamDemand();
    driver.write({ id: "w", point: "demand", value: "close" });
    await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
    expect(heard.results[0]).toMatchObject({ ok: false, reason: "field.write-unconfirmed" });
  });

  it("refuses to write an input, or a value of another type", async () => {
    const { heard, driver } = await opened();
    driver.write({ id: "w1", point: "closed", value: true });
    driver.write({ id: "w2", point: "demand", value: true });
    await vi.waitFor(() => expect(heard.results).toHaveLength(2), waiting);
    for (const result of heard.results) expect(result).toMatchObject({ ok: false, reason: "field.write-refused" });
  });

  it("calls methods with the types that they declare, and believes only the state that follows", async () => {
    const { heard, driver } = await opened((config) => ({ ...config, points: [...config.points, ...otherOutputs] }));
    driver.write({ id: "w1", point: "called", value: "close" });
    await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
    expect(heard.results[0]).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(newestOf(heard, "called")).toMatchObject({ value: "close" }), waiting);
    driver.write({ id: "w2", point: "called", value: "explode" });
    driver.write({ id: "w3", point: "called", value: "dance" });
    driver.write({ id: "w4", point: "called", value: "stop" });
    await vi.waitFor(() => expect(heard.results).toHaveLength(4), waiting);
    expect(heard.results.slice(1)).toEqual([
      expect.objectContaining({ ok: false, reason: "field.write-refused" }),
      expect.objectContaining({ ok: false, reason: "field.write-refused" }),
      expect.objectContaining({ ok: false, reason: "field.write-unconfirmed" }),
    ]);
  });

  it("writes a number in the node's own type, and none that does not fit it", async () => {
    const { heard, driver } = await opened((config) => ({ ...config, points: [...config.points, ...otherOutputs] }));
    driver.write({ id: "w1", point: "speed", value: 1_200 });
    await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
    expect([heard.results[0]?.ok, server.speed()]).toEqual([true, 1_200]);
    driver.write({ id: "w2", point: "speed", value: 40_000 });
    await vi.waitFor(() => expect(heard.results).toHaveLength(2), waiting);
    expect(heard.results[1]).toMatchObject({ ok: false, reason: "field.write-refused" });
  });

  it("goes on with one server while another one dies", async () => {
    const line = await startPlug(server.port);
    cleanups.push(line.close);
    const cuttable = `opc.tcp://127.0.0.1:${line.port}`;
    const [{ heard }, other] = await Promise.all([
      opened(),
      opened((config) => ({ ...config, id: "other", endpoint: cuttable })),
    ]);
    line.set("cut");
    await vi.waitFor(() => expect(newestOf(other.heard, "closed")?.quality).toBe("lost"), waiting);
    server.setContact(true, StatusCodes.Good);
    await vi.waitFor(() => expect(newestOf(heard, "closed")).toMatchObject({ value: true, quality: "good" }), waiting);
    expect(heard.links.map(({ up }) => up)).toEqual([true]);
  }, 60_000);

  it("leaves a connection behind that neither answers nor closes, and makes another", async () => {
    const line = await startPlug(server.port);
    cleanups.push(line.close);
    const { heard } = await opened((config) => ({ ...config, endpoint: `opc.tcp://127.0.0.1:${line.port}` }));
    line.stall();
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(false), waiting);
    expect(newestOf(heard, "closed")?.quality).toBe("lost");
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
    await vi.waitFor(() => expect(newestOf(heard, "closed")?.quality).toBe("good"), waiting);
  });

  it("never believes a frozen server again until its heartbeat moves", async () => {
    const { heard } = await opened();
    server.freeze();
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(false), waiting);
    const from = heard.samples.length;
    server.setContact(true, StatusCodes.Good);
    // The driver reconnects and gives up at least once more before the server comes back to life.
    await vi.waitFor(() => expect(heard.troubles.length).toBeGreaterThan(0), waiting);
    expect(heard.samples.slice(from).filter(({ quality }) => quality === "good")).toEqual([]);
    server.thaw();
    await vi.waitFor(() => expect(newestOf(heard, "closed")).toMatchObject({ value: true, quality: "good" }), waiting);
  });
});
