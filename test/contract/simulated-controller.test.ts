import { AttributeIds, type ClientSession, DataType, OPCUAClient, type StatusCode, StatusCodes } from "node-opcua";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Simulators, startSimulators } from "../../simulators/start.js";
import { changes, host, siteOf, trigger } from "../support/simulated-site.js";

describe("the simulated bollard controller", () => {
  const bollard = { travelMs: 300, emergencyTravelMs: 100 };
  const controller = {
    endpoint: { host, port: 0 },
    heartbeatMs: 20,
    bollards: [
      { id: "B1", ...bollard, starts: "closed" },
      { id: "B2", ...bollard, starts: "open" },
    ],
    loops: ["Approach1"],
  };
  let simulators: Simulators;
  let client: OPCUAClient;
  let session: ClientSession;

  beforeAll(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1, [controller]), field: undefined },
      credentials: {},
      log: () => undefined,
    });
    client = OPCUAClient.create({ endpointMustExist: false, connectionStrategy: { maxRetry: 0 } });
    await client.connect(`opc.tcp://${host}:${simulators.ports[0]}`);
    session = await client.createSession();
  });
  afterAll(async () => {
    await session.close();
    await client.disconnect();
    await simulators.close();
  });

  const read = (node: string) => session.read({ nodeId: `ns=1;s=${node}`, attributeId: AttributeIds.Value });
  const shows = async (node: string): Promise<unknown> => (await read(node)).value.value;
  const write = (node: string, dataType: DataType, value: unknown): Promise<StatusCode> =>
    session.write({ nodeId: `ns=1;s=${node}`, attributeId: AttributeIds.Value, value: { value: { dataType, value } } });
  const demand = (bollardId: string, word: string): Promise<StatusCode> =>
    write(`${bollardId}.Demand`, DataType.String, word);

  it("shows every node with the value that the plant starts with", async () => {
    const shown = async (id: string) =>
      Promise.all(
        ["Demand", "Closed", "Open", "Obstructed", "Fault", "PowerOk", "Loop", "Position"].map((name) =>
          shows(`${id}.${name}`),
        ),
      );
    expect(await shown("B1")).toEqual(["", true, false, false, false, true, false, 1]);
    expect(await shown("B2")).toEqual(["", false, true, false, false, true, false, 0]);
    expect(await shows("Approach1")).toBe(false);
    expect(await shows("B1.ChangedAt")).toBeInstanceOf(Date);
  });

  it("beats by itself", async () => {
    const first = Number(await shows("Heartbeat"));
    await vi.waitFor(async () => expect(Number(await shows("Heartbeat"))).toBeGreaterThan(first + 2));
  });

  it("raises on demand, makes the contact at the end and says when by its own clock", async () => {
    const before = Date.now();
    expect(await demand("B2", "close")).toBe(StatusCodes.Good);
    expect(await shows("B2.Demand")).toBe("close");
    await vi.waitFor(async () => expect(await shows("B2.Closed")).toBe(true));
    const changedAt = (await shows("B2.ChangedAt")) as Date;
    expect(changedAt.getTime() - before).toBeGreaterThanOrEqual(250);
    expect(Math.abs(((await read("B2.Closed")).sourceTimestamp?.getTime() ?? 0) - changedAt.getTime())).toBeLessThan(5);
    expect(await changes(simulators, "B2")).toEqual(
      expect.arrayContaining(["demand=close", "orders=1", "motion=raising", "open=false", "closed=true"]),
    );
    await demand("B2", "open");
    await vi.waitFor(async () => expect(await shows("B2.Open")).toBe(true));
  });

  it("refuses a word that it does not know, and every write elsewhere", async () => {
    expect(await demand("B2", "explode")).toBe(StatusCodes.BadOutOfRange);
    expect((await write("B2.Closed", DataType.Boolean, true)).isGood()).toBe(false);
    expect(await shows("B2.Closed")).toBe(false);
  });

  it("gives the quality bad while a vehicle loop is lost", async () => {
    await trigger(simulators, "vehicle-loop-lost");
    expect((await read("B2.Loop")).statusCode).toBe(StatusCodes.BadSensorFailure);
    await trigger(simulators, "vehicle-loop-mend");
    expect((await read("B2.Loop")).statusCode).toBe(StatusCodes.Good);
  });

  it("stays down while a vehicle stands on the loop, and reports a jam as a fault", async () => {
    await trigger(simulators, "vehicle-on-loop");
    await demand("B2", "emergency-close");
    expect([await shows("B2.Loop"), await shows("B2.Open")]).toEqual([true, true]);
    await trigger(simulators, "vehicle-leaves");
    await trigger(simulators, "bollard-jam");
    await demand("B2", "close");
    await vi.waitFor(async () => expect(await shows("B2.Fault")).toBe(true), { timeout: 2_000 });
    expect(await shows("B2.Open")).toBe(true);
    await trigger(simulators, "bollard-free");
    expect(await shows("B2.Fault")).toBe(false);
  });
});
