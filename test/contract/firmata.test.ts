// The Firmata driver against an emulated board over TCP: the common contract, and what only such a board can do.
import { afterEach, describe, expect, it, vi } from "vitest";
import { createFirmataDriver } from "../../edge/field/firmata/driver.js";
import type { Driver } from "../../edge/model/driver.js";
import type { FirmataDriverConfig, FirmataPointConfig } from "../../edge/model/wiring.js";
import { startBoard } from "../../simulators/board.js";
import { type BoardSettings, plantSettingsOf } from "../../simulators/settings.js";
import { createWorld } from "../../simulators/world.js";
import { FirmataBoard } from "../support/firmata-board.js";
import { type DriverRig, driverContract, type Heard, listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const points: readonly FirmataPointConfig[] = [
  { id: "loop", direction: "in", pin: 0, signal: "analog", latencyMs: 40 },
  { id: "panic", direction: "in", pin: 2, signal: "digital", pullUp: true, activeLow: true },
  { id: "siren", direction: "out", pin: 8, signal: "relay", replay: true },
  { id: "strobe", direction: "out", pin: 9, signal: "relay", replay: false },
  { id: "healthy", direction: "out", pin: 10, signal: "relay", activeLow: true },
];

const emptySimulation = {
  control: { host: "127.0.0.1", port: 0 },
  bollardControllers: [],
  boards: [],
};

function driverFor(board: { readonly port: number }, chosen = points): Driver {
  const transport = { kind: "tcp", host: "127.0.0.1", port: board.port } as const;
  const config: FirmataDriverConfig = { id: "io", kind: "firmata", transport, samplingMs: 20, points: chosen };
  return createFirmataDriver(config, realMachine);
}

async function newBoard(): Promise<FirmataBoard> {
  const board = new FirmataBoard();
  board.setAnalog(0, 341);
  board.setAnalog(1, 700);
  await board.listen();
  return board;
}

driverContract({
  name: "firmata",
  hasLine: true,
  linkFollowsDevice: true,
  async make(): Promise<DriverRig> {
    const board = await newBoard();
    const driver = driverFor(board);
    return {
      driver,
      inputs: ["loop", "panic"],
      input: "loop",
      states: [341, 682],
      output: { point: "siren", orders: [true, false] },
      setInput: async (value) => board.setAnalog(0, Number(value)),
      outputAtDevice: () => board.output(8),
      breakLine: () => board.unplug(),
      freeze: async () => board.mute(true),
      async resume() {
        board.mute(false);
        await board.unplug();
        await board.listen();
      },
      sendRubbish: async () =>
        board.send([0x12, 0xff, 0x80, 0xe0, 0x7f, 0xf0, 0x6e, 0x7f, 1, 1, 0xf7, 0xf0, 0x79, 0xf7]),
      dispose: () => board.unplug(),
    };
  },
});

/** The product's own simulator; its loops carry noise, so that its button is the input that moves. */
driverContract({
  name: "firmata (simulated plant)",
  hasLine: true,
  linkFollowsDevice: true,
  async make(): Promise<DriverRig> {
    const endpoint = { host: "127.0.0.1", port: 0 };
    const loop = { id: "loop", pin: 0, pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700 };
    const settings: BoardSettings = {
      id: "io",
      endpoint,
      loops: [loop],
      buttons: [{ id: "panic", pin: 2, kind: "panic" }],
      relays: [{ id: "siren", pin: 8 }],
    };
    const world = createWorld(plantSettingsOf({ ...emptySimulation, boards: [settings] }));
    let board = await startBoard(settings, world);
    const port = board.port;
    return {
      driver: driverFor({ port }),
      inputs: ["loop", "panic"],
      input: "panic",
      states: [false, true],
      output: { point: "siren", orders: [true, false] },
      setInput: async (value) => world.apply({ kind: "button", id: "panic", pressed: value === true }),
      outputAtDevice: () => world.plant().relays["siren"] ?? null,
      breakLine: () => board.close(),
      async resume() {
        board = await startBoard({ ...settings, endpoint: { ...endpoint, port } }, world);
      },
      sendRubbish: async () => world.apply({ kind: "board", id: "io", trouble: "noises" }),
      async dispose() {
        await board.close();
        world.close();
      },
    };
  },
});

describe("the firmata driver at its board", () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function start(board: FirmataBoard, chosen = points): Promise<{ driver: Driver; heard: Heard }> {
    const driver = driverFor(board, chosen);
    const heard = listen();
    cleanups.push(
      () => board.unplug(),
      () => driver.close(),
    );
    await driver.open(heard.events);
    await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), { timeout: 5000 });
    return { driver, heard };
  }
  const last = (heard: Heard, point: string) => heard.samples.findLast((sample) => sample.point === point);
  const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

  async function ordered(driver: Driver, heard: Heard, point: string, value: boolean): Promise<void> {
    const before = heard.results.length;
    driver.write({ id: `${point}-${before}`, point, value });
    await until(() => expect(heard.results.length).toBe(before + 1));
    expect(heard.results.at(-1)).toMatchObject({ ok: true });
  }

  it("finds a siren sounding that an earlier run switched on, says so and leaves it on", async () => {
    const board = await newBoard();
    board.drive(8, true);
    const { driver, heard } = await start(board);
    await until(() => expect(last(heard, "siren")?.value).toBe(true));
    await ordered(driver, heard, "strobe", true);
    await ordered(driver, heard, "strobe", false);
    expect(board.output(8)).toBe(true);
  });

  it("reports a change of a loop at once and an unchanged one about each second", async () => {
    const board = await newBoard();
    const { heard } = await start(board);
    const loops = () => heard.samples.filter((sample) => sample.point === "loop");
    await until(() => expect(loops()).toHaveLength(1));
    board.setAnalog(0, 345);
    await until(() => expect(loops()).toHaveLength(2));
    const [first, second] = loops();
    expect((second?.occurredAt ?? 0) - (first?.occurredAt ?? 0)).toBeGreaterThan(900);
    board.setAnalog(0, 512);
    await until(() => expect(loops()).toHaveLength(3));
    expect((last(heard, "loop")?.occurredAt ?? 0) - (second?.occurredAt ?? 0)).toBeLessThan(500);
  });

  it("reads a button with pull-up as pressed when it is low", async () => {
    const board = await newBoard();
    const { driver, heard } = await start(board);
    await until(() => expect(last(heard, "panic")?.value).toBe(false));
    board.setLevel(2, false);
    await until(() => expect(last(heard, "panic")?.value).toBe(true));
    await ordered(driver, heard, "siren", true);
    expect(board.hasPullUp(2)).toBe(true);
  });

  it("energises a relay that is active low by a low pin", async () => {
    const board = await newBoard();
    const { driver, heard } = await start(board);
    await until(() => expect(last(heard, "healthy")?.value).toBe(true));
    await ordered(driver, heard, "healthy", false);
    expect(board.output(10)).toBe(true);
    expect(last(heard, "healthy")?.value).toBe(false);
  });

  it("says that a relay which does not follow is not confirmed", async () => {
    const board = await newBoard();
    const { driver, heard } = await start(board);
    board.stuck.add(8);
    driver.write({ id: "w", point: "siren", value: true });
    await until(() => expect(heard.results).toHaveLength(1));
    expect(heard.results[0]).toMatchObject({ ok: false, reason: "unconfirmed" });
    expect(heard.troubles.at(-1)?.code).toBe("field.write-unconfirmed");
  });

  it("ends with the newer of two orders and answers both", async () => {
    const board = await newBoard();
    const { driver, heard } = await start(board);
    driver.write({ id: "on", point: "siren", value: true });
    driver.write({ id: "off", point: "siren", value: false });
    await until(() => expect(heard.results.map(({ id }) => id).sort()).toEqual(["off", "on"]));
    expect(heard.results.find(({ id }) => id === "off")).toMatchObject({ ok: true });
    expect(board.output(8)).toBe(false);
  });

  it.each([true, false])("replays after a reset only the relays that declare it (reset heard: %s)", async (isHeard) => {
    const board = await newBoard();
    const { driver, heard } = await start(board);
    await ordered(driver, heard, "siren", true);
    await ordered(driver, heard, "strobe", true);
    const from = heard.samples.length;
    board.reset({ isHeard });
    await until(() => expect(board.output(8)).toBe(true));
    const found = heard.samples.slice(from).filter((sample) => sample.point === "siren");
    await until(() => expect(last(heard, "siren")?.value).toBe(true));
    expect(found[0]?.value).toBe(false);
    expect(last(heard, "strobe")?.value).toBe(false);
    expect(board.output(9)).toBe(false);
    await until(() => expect(board.hasPullUp(2)).toBe(true));
    const settled = heard.samples.length;
    board.setAnalog(0, 900);
    await until(() => expect(heard.samples.slice(settled).some((sample) => sample.value === 900)).toBe(true));
  });

  it("notices a silent reset of a board without analog inputs", async () => {
    const board = await newBoard();
    const { heard } = await start(
      board,
      points.filter((point) => point.signal !== "analog"),
    );
    await until(() => expect(last(heard, "panic")?.value).toBe(false));
    board.reset({ isHeard: false });
    await until(() => expect(board.hasPullUp(2)).toBe(true));
    board.setLevel(2, false);
    await until(() => expect(last(heard, "panic")?.value).toBe(true));
  });

  it("never takes a report that a reset cut in two for a value", async () => {
    const board = await newBoard();
    const { heard } = await start(board);
    await until(() => expect(last(heard, "loop")?.value).toBe(341));
    board.send([0xe0, 0x79]);
    board.reset();
    const from = heard.samples.length;
    await until(() => expect(heard.samples.slice(from).some((sample) => sample.point === "loop")).toBe(true));
    const values = heard.samples.filter((sample) => sample.point === "loop").map((sample) => sample.value);
    expect(new Set(values)).toEqual(new Set([341]));
  });

  it.each([
    { what: "noise in the form of a report", bytes: [0x12, 0x90, 0, 0, 0x34], withinMs: 100 },
    { what: "a report with a flipped bit", bytes: [0x90, 0, 0], withinMs: 2000 },
  ])("takes back what $what said of a button", async ({ bytes, withinMs }) => {
    const board = await newBoard();
    const { heard } = await start(board);
    await until(() => expect(last(heard, "panic")?.value).toBe(false));
    board.send(bytes);
    await until(() => expect(heard.samples.filter(({ point }) => point === "panic")).toHaveLength(3));
    const [, pressed, released] = heard.samples.filter(({ point }) => point === "panic");
    expect([pressed?.value, released?.value]).toEqual([true, false]);
    expect((released?.occurredAt ?? 0) - (pressed?.occurredAt ?? 0)).toBeLessThan(withinMs);
  });

  it("names a pin that the board does not have and serves the others", async () => {
    const board = await newBoard();
    const stray: FirmataPointConfig = { id: "stray", direction: "in", pin: 15, signal: "analog" };
    const { heard } = await start(board, [...points, stray]);
    expect(heard.troubles).toContainEqual({ code: "field.line-unknown", detail: expect.stringContaining("stray") });
    await until(() => expect(last(heard, "loop")?.quality).toBe("good"));
    expect(last(heard, "stray")?.quality).toBe("lost");
  });

  it("finishes a handshake that was cut off in the middle", async () => {
    const board = await newBoard();
    const driver = driverFor(board);
    const heard = listen();
    cleanups.push(
      () => board.unplug(),
      () => driver.close(),
    );
    await driver.open(heard.events);
    await until(() => expect(board.received).toContain("f06bf7"));
    await board.unplug();
    await board.listen();
    await until(() => expect(last(heard, "loop")?.value).toBe(341));
  });
});
