// The GPIO driver on a chip in memory: the common contract, and what it does when a line or the chip cannot be had.
// `npm run test:gpio` runs the real ways to the pins on a real kernel.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EdgeEvents, GpioChip, GpioLine } from "../../edge/field/gpio/chip.js";
import { createGpioDriver } from "../../edge/field/gpio/driver.js";
import { monoNow } from "../../edge/machine/clock.js";
import type { Driver } from "../../edge/model/driver.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { GpioDriverConfig } from "../../edge/model/wiring.js";
import { type DriverRig, driverContract, type Heard, listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const config: GpioDriverConfig = {
  id: "pins",
  kind: "gpio",
  chip: "pinctrl-rp1",
  points: [
    { id: "beam", direction: "in", line: 17, latencyMs: 5 },
    { id: "siren", direction: "out", line: 6 },
  ],
};

/** A chip in memory; `told` gives an edge as a kernel does, `levels` is what the lines are. */
function memoryChip() {
  const levels = new Map<string, boolean>();
  let events: EdgeEvents | undefined;
  const state = { isThere: true, isStuck: false, busy: "", closed: 0, taken: [] as (readonly string[])[] };
  const lineOf = (point: string): GpioLine => ({
    read() {
      if (!state.isThere) throw new Error("ENODEV");
      return levels.get(point) === true;
    },
    write(value) {
      if (!state.isStuck) levels.set(point, value);
    },
  });
  const busy = (place: string) =>
    new PortcullisError({ code: "field.line-busy", place, detail: 'in use by "fence-camera"' });
  const chip: GpioChip = {
    about: "memory",
    take(points, told) {
      events = told;
      state.taken.push(points.map(({ id }) => id));
      return new Map(points.map(({ id }) => [id, state.busy === id ? busy(id) : lineOf(id)]));
    },
    async close() {
      state.closed += 1;
      events = undefined;
    },
  };
  const way = async () => (state.isThere ? chip : "/dev: no gpiochip");
  const told = (point: string, value: boolean, at: number | null = monoNow()) => {
    levels.set(point, value);
    events?.edge(point, value, at);
  };
  const missed = (point: string, edges: number) => events?.missed(point, edges);
  return { levels, state, way, told, missed };
}

driverContract({
  name: "gpio in memory",
  hasLine: true,
  linkFollowsDevice: true,
  notApplicable: { freeze: "a wire at rest says nothing", rubbish: "a wire is high or low" },
  async make(): Promise<DriverRig> {
    const chip = memoryChip();
    return {
      driver: createGpioDriver(config, realMachine, [chip.way]),
      inputs: ["beam"],
      input: "beam",
      states: [false, true],
      output: { point: "siren", orders: [true, false] },
      setInput: async (value) => chip.told("beam", value === true),
      outputAtDevice: () => chip.levels.get("siren") ?? null,
      // The wire itself cannot be told from one at rest; what can be lost is the chip.
      breakLine: async () => void Object.assign(chip.state, { isThere: false }),
      resume: async () => void Object.assign(chip.state, { isThere: true }),
      dispose: async () => undefined,
    };
  },
});

describe("the gpio driver at its chip", () => {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function start(chip: ReturnType<typeof memoryChip>): Promise<{ driver: Driver; heard: Heard }> {
    const driver = createGpioDriver(config, realMachine, [async () => "/dev: nothing", chip.way]);
    const heard = listen();
    cleanups.push(() => driver.close());
    await driver.open(heard.events);
    return { driver, heard };
  }
  const last = (heard: Heard, point: string) => heard.samples.findLast((sample) => sample.point === point);
  const until = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 });

  it("carries the kernel's time of an edge, and drops a level that is told twice", async () => {
    const chip = memoryChip();
    const { heard } = await start(chip);
    const at = monoNow();
    chip.told("beam", true, at);
    chip.told("beam", true, at + 1);
    expect(heard.samples.filter((sample) => sample.value === true)).toEqual([
      { point: "beam", value: true, quality: "good", occurredAt: at },
    ]);
  });

  it("asks for all its lines at once, so that they may share a descriptor", async () => {
    const chip = memoryChip();
    await start(chip);
    expect(chip.state.taken).toEqual([["beam", "siren"]]);
  });

  it("tells how many edges the kernel had no room for", async () => {
    const chip = memoryChip();
    const { driver, heard } = await start(chip);
    chip.missed("beam", 3);
    expect(heard.troubles).toEqual([{ code: "field.edges-lost", detail: "pins: beam: 3 edges" }]);
    expect(driver.health().errors).toBe(1);
  });

  it("finds a level whose edge was lost", async () => {
    const chip = memoryChip();
    const { heard } = await start(chip);
    chip.levels.set("beam", true);
    await until(() => expect(last(heard, "beam")?.value).toBe(true));
  });

  it("says that an output which does not follow is not confirmed", async () => {
    const chip = memoryChip();
    const { driver, heard } = await start(chip);
    chip.state.isStuck = true;
    driver.write({ id: "w", point: "siren", value: true });
    await until(() => expect(heard.results).toMatchObject([{ id: "w", ok: false, reason: "unconfirmed" }]));
  });

  it("says once who holds a busy line, serves the others and takes it when it is free", async () => {
    const chip = memoryChip();
    chip.state.busy = "beam";
    const { driver, heard } = await start(chip);
    expect(last(heard, "beam")?.quality).toBe("lost");
    expect(last(heard, "siren")?.quality).toBe("good");
    driver.write({ id: "w", point: "siren", value: true });
    await until(() => expect(heard.results).toMatchObject([{ ok: true }]));
    chip.state.busy = "";
    await until(() => expect(last(heard, "beam")?.quality).toBe("good"));
    expect(heard.troubles).toEqual([{ code: "field.line-busy", detail: expect.stringContaining("fence-camera") }]);
  });

  it("loses every point when the chip leaves, and finds it again", async () => {
    const chip = memoryChip();
    const { heard } = await start(chip);
    chip.state.isThere = false;
    await until(() => expect(heard.links.at(-1)?.up).toBe(false));
    expect(config.points.map(({ id }) => last(heard, id)?.quality)).toEqual(["lost", "lost"]);
    expect(chip.state.closed).toBe(1);
    chip.state.isThere = true;
    await until(() => expect(last(heard, "beam")?.quality).toBe("good"));
  });

  it("tells where it looked when there is no chip, and lives on", async () => {
    const chip = memoryChip();
    chip.state.isThere = false;
    const { driver, heard } = await start(chip);
    expect(heard.troubles).toEqual([{ code: "field.no-gpio", detail: expect.stringContaining("/dev: nothing") }]);
    expect(heard.samples.map(({ quality }) => quality)).toEqual(["lost", "lost"]);
    driver.write({ id: "w", point: "siren", value: true });
    await until(() => expect(heard.results).toMatchObject([{ ok: false, reason: "link-down" }]));
  });

  it("survives a machine without any GPIO", async () => {
    const driver = createGpioDriver({ ...config, chip: "no-such-chip" }, realMachine);
    const heard = listen();
    cleanups.push(() => driver.close());
    await driver.open(heard.events);
    expect(heard.troubles).toMatchObject([{ code: "field.no-gpio" }]);
  });
});
