import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Simulators, startSimulators } from "../../simulators/start.js";
import { changes, get, host, post, siteOf, trigger } from "../support/simulated-site.js";

describe("the simulators' start", () => {
  const bollards = [{ id: "B1", travelMs: 300, emergencyTravelMs: 100, starts: "closed" }];
  const start = (port: number) =>
    startSimulators({
      simulation: {
        ...siteOf(1, [{ endpoint: { host, port }, heartbeatMs: 20, bollards, loops: [] }]),
        field: undefined,
      },
      credentials: {},
      log: () => undefined,
    });

  it("names a port that is taken and succeeds when it is free again", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, host, resolve));
    const { port } = taken.address() as { port: number };
    await expect(start(port)).rejects.toThrow(/EADDRINUSE/);
    await new Promise<void>((resolve) => taken.close(() => resolve()));
    await (await start(port)).close();
  });
});

describe("the simulators' control interface", () => {
  let simulators: Simulators;
  beforeAll(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1), field: undefined },
      credentials: {},
      log: () => undefined,
    });
  });
  afterAll(() => simulators.close());

  it("is healthy, and numbers its events without gap", async () => {
    expect(await get(simulators, "/healthz")).toEqual({ status: "ok" });
    await trigger(simulators, "door-open");
    const events = (await get(simulators, "/events?since=0")) as { n: number; at: string }[];
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1));
    expect(events.every(({ at }) => at === new Date(at).toISOString())).toBe(true);
    expect(await get(simulators, `/events?since=${events.length}`)).toEqual([]);
  });

  it("plays a scenario", async () => {
    const answer = await post(
      simulators,
      "/scenario",
      "name: two\nsteps: [{at: 0, do: loop-cut}, {at: 40, do: loop-mend}]",
    );
    expect(answer).toEqual({ status: 200, body: { name: "two", lastsMs: 40 } });
    await vi.waitFor(async () =>
      expect(await changes(simulators, "door")).toEqual(expect.arrayContaining(["wiring=cut", "wiring=sound"])),
    );
  });

  const rubbish: { what: string; path: string; body: string; status?: number; code: string }[] = [
    { what: "no JSON", path: "/trigger", body: "{", code: "invalid-body" },
    { what: "an unknown key", path: "/trigger", body: '{"name":"panic","tarqet":"x"}', code: "invalid-body" },
    { what: "too long a body", path: "/trigger", body: "x".repeat(300 * 1024), code: "invalid-body" },
    { what: "an unknown trigger", path: "/trigger", body: '{"name":"toString"}', code: "unknown-trigger" },
    { what: "a trigger without device", path: "/trigger", body: '{"name":"fence-cut"}', code: "unknown-target" },
    { what: "an unknown target", path: "/trigger", body: '{"name":"fire","target":"x"}', code: "unknown-target" },
    { what: "no scenario", path: "/scenario", body: "\u0000", code: "invalid-scenario" },
    { what: "a misfit", path: "/scenario", body: "name: x\nsteps: [{at: 1, do: fire}]", code: "unknown-target" },
    { what: "no fibre", path: "/replay", body: '{"file":"/nowhere.csv.gz"}', code: "unknown-target" },
    { what: "no replay", path: "/replay", body: "[]", code: "invalid-body" },
    { what: "an unknown path", path: "/nowhere", body: "", status: 404, code: "not-found" },
  ];
  it.each(rubbish)("answers $what at $path with $code and goes on", async ({ path, body, status = 400, code }) => {
    expect(await post(simulators, path, body)).toMatchObject({ status, body: { code: `simulation.${code}` } });
    expect(await get(simulators, "/healthz")).toEqual({ status: "ok" });
  });
});
