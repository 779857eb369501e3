// The OPC UA driver against a server that shares no code with it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOpcuaDriver } from "../../edge/field/opcua/driver.js";
import type { Driver } from "../../edge/model/driver.js";
import type { OpcuaDriverConfig, OpcuaPointConfig } from "../../edge/model/wiring.js";
import { startPlug } from "../support/plug.js";
import { driverContract, type Heard, listen } from "./driver-suite.js";
import { type Scalar, types } from "./opcua-bytes.js";
import { realMachine } from "./real-machine.js";
import { publishingMs, type StrictController, startStrictController } from "./strict-controller.js";

const waiting = { timeout: 20_000, interval: 20 };
const dataDir = await mkdtemp(join(tmpdir(), "portcullis-strict-"));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const heartbeat = "ns=2;i=1";
const beatEveryMs = 250;
const manyInputs: readonly OpcuaPointConfig[] = Array.from({ length: 120 }, (_, index) => ({
  id: `in-${index}`,
  direction: "in",
  node: `ns=2;i=${1_000 + index}`,
  type: "boolean",
}));
const outputs: readonly OpcuaPointConfig[] = [
  { id: "speed", direction: "out", node: "ns=2;i=3", type: "int32" },
  {
    id: "drive",
    direction: "out",
    node: "ns=2;i=4",
    type: "string",
    method: { object: "ns=2;i=99", method: "ns=2;i=100", args: ["$order"] },
  },
];

interface Plc extends StrictController {
  freeze(): void;
  thaw(): void;
}

async function startPlc(): Promise<Plc> {
  const no: Scalar = { type: types.boolean, value: false };
  const values = new Map<string, Scalar>([
    [heartbeat, { type: types.uint32, value: 0 }],
    ["ns=2;i=3", { type: types.int16, value: 0 }],
    ["ns=2;i=4", { type: types.string, value: "" }],
    ...manyInputs.map(({ node }) => [node, no] as const),
  ]);
  const plc = await startStrictController(values, (word) => {
    plc.set("ns=2;i=4", { type: types.string, value: word });
    return word !== "explode";
  });
  const is = { beats: 0, frozen: false };
  const beat = setInterval(() => {
    if (is.frozen) return;
    is.beats += 1;
    plc.set(heartbeat, { type: types.uint32, value: is.beats });
  }, beatEveryMs);
  return {
    ...plc,
    freeze() {
      is.frozen = true;
    },
    thaw() {
      is.frozen = false;
    },
    close() {
      clearInterval(beat);
      return plc.close();
    },
  };
}

function driverTo(port: number, points: readonly OpcuaPointConfig[]): Driver {
  const config: OpcuaDriverConfig = {
    id: "strict",
    kind: "opcua",
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    security: { mode: "none" },
    samplingMs: 50,
    publishingMs: 50,
    heartbeat,
    watchdogMs: 4_000,
    points,
  };
  return createOpcuaDriver(config, { ...realMachine, dataDir });
}

driverContract({
  name: "OPC UA (a server that shares no code)",
  hasLine: true,
  linkFollowsDevice: true,
  async make() {
    const plc = await startPlc();
    const line = await startPlug(plc.port);
    const inputs = manyInputs.slice(0, 2);
    return {
      driver: driverTo(line.port, [...inputs, ...outputs]),
      inputs: inputs.map(({ id }) => id),
      input: "in-0",
      states: [false, true],
      output: { point: "speed", orders: [1_200, 0] },
      setInput: async (value) => plc.set("ns=2;i=1000", { type: types.boolean, value: value === true }),
      outputAtDevice: () => plc.get("ns=2;i=3")?.value ?? null,
      breakLine: async () => line.set("cut"),
      freeze: async () => plc.freeze(),
      async resume() {
        line.set("open");
        plc.thaw();
      },
      sendRubbish: async () => plc.set("ns=2;i=1000", { type: types.string, value: "open" }),
      async dispose() {
        await line.close();
        await plc.close();
      },
    };
  },
});

let controller: Plc;
let driver: Driver;
let heard: Heard;

async function opened(): Promise<void> {
  controller = await startPlc();
  driver = driverTo(controller.port, [...manyInputs, ...outputs]);
  heard = listen();
  await driver.open(heard.events);
  await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
}

describe("a small strict controller", () => {
  beforeEach(opened);
  afterEach(async () => {
    await driver.close();
    await controller.close();
  });
  const newestOf = (point: string) => heard.samples.findLast((sample) => sample.point === point);

  it("reads more points than the controller takes at once, and tells that it publishes too slowly", async () => {
    await vi.waitFor(() => {
      for (const { id } of manyInputs) expect(newestOf(id)).toMatchObject({ value: false, quality: "good" });
    }, waiting);
    controller.set("ns=2;i=1119", { type: types.boolean, value: true });
    await vi.waitFor(() => expect(newestOf("in-119")).toMatchObject({ value: true, quality: "good" }), waiting);
    const detail = `publishes each ${publishingMs} ms instead of 50`;
    expect(heard.troubles).toContainEqual({ code: "field.interval-revised", detail });
  });

  it("writes the value alone and in the controller's type, and calls a method that describes no arguments", async () => {
    driver.write({ id: "w1", point: "speed", value: -7 });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ id: "w1", ok: true }]), waiting);
    expect(controller.get("ns=2;i=3")).toEqual({ type: types.int16, value: -7 });
    driver.write({ id: "w2", point: "drive", value: "close" });
    await vi.waitFor(() => expect(heard.results[1]).toMatchObject({ id: "w2", ok: true }), waiting);
    driver.write({ id: "w3", point: "drive", value: "explode" });
    await vi.waitFor(
      () => expect(heard.results[2]).toMatchObject({ ok: false, reason: "field.write-refused" }),
      waiting,
    );
  });

  it("is asked nothing between an order and its call, so that none is carried out after it has failed", async () => {
    controller.ignoreBrowsing();
    driver.write({ id: "w1", point: "drive", value: "close" });
    await vi.waitFor(() => expect(heard.results).toMatchObject([{ id: "w1", ok: true }]), waiting);
  });

  it("comes back with a new session after the controller has forgotten the old one", async () => {
    controller.restart();
    await vi.waitFor(() => expect(newestOf("in-0")?.quality).toBe("lost"), waiting);
    await vi.waitFor(() => expect(newestOf("in-0")?.quality).toBe("good"), waiting);
    expect(heard.links.slice(-2).map(({ up }) => up)).toEqual([false, true]);
  });
});
