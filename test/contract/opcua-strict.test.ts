// The OPC UA driver against a server that shares no code with it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpcuaDriver } from "../../edge/field/opcua/driver.js";
import type { Driver } from "../../edge/model/driver.js";
import type { OpcuaPointConfig } from "../../edge/model/wiring.js";
import { type Heard, listen } from "./driver-suite.js";
import { type Scalar, types } from "./opcua-bytes.js";
import { realMachine } from "./real-machine.js";
import { publishingMs, type StrictController, startStrictController } from "./strict-controller.js";

const waiting = { timeout: 20_000, interval: 20 };
const dataDir = await mkdtemp(join(tmpdir(), "portcullis-strict-"));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const heartbeat = "ns=2;i=1";
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

let controller: StrictController;
let driver: Driver;
let heard: Heard;
let beat: NodeJS.Timeout;
beforeEach(async () => {
  const no: Scalar = { type: types.boolean, value: false };
  const values = new Map<string, Scalar>([
    [heartbeat, { type: types.uint32, value: 0 }],
    ["ns=2;i=3", { type: types.int16, value: 0 }],
    ["ns=2;i=4", { type: types.string, value: "" }],
    ...manyInputs.map(({ node }) => [node, no] as const),
  ]);
  controller = await startStrictController(values, (word) => {
    controller.set("ns=2;i=4", { type: types.string, value: word });
    return word !== "explode";
  });
  let beats = 0;
  beat = setInterval(() => {
    beats += 1;
    controller.set(heartbeat, { type: types.uint32, value: beats });
  }, 250);
  driver = createOpcuaDriver(
    {
      id: "strict",
      kind: "opcua",
      endpoint: `opc.tcp://127.0.0.1:${controller.port}`,
      security: { mode: "none" },
      samplingMs: 50,
      publishingMs: 50,
      heartbeat,
      watchdogMs: 5_000,
      points: [...manyInputs, ...outputs],
    },
    { ...realMachine, dataDir },
  );
  heard = listen();
  await driver.open(heard.events);
  await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
});
afterEach(async () => {
  clearInterval(beat);
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
  await vi.waitFor(() => expect(heard.results[2]).toMatchObject({ ok: false, reason: "field.write-refused" }), waiting);
});

it("comes back with a new session after the controller has forgotten the old one", async () => {
  controller.restart();
  await vi.waitFor(() => expect(newestOf("in-0")?.quality).toBe("lost"), waiting);
  await vi.waitFor(() => expect(newestOf("in-0")?.quality).toBe("good"), waiting);
  expect(heard.links.map(({ up }) => up)).toEqual([true, false, true]);
});
