// A driver's worker that hangs: what the reaction thread sees of it.
import { afterEach, expect, it, vi } from "vitest";
import type { Timer } from "../../../edge/machine/ports.js";
import { createWorkerDriver } from "../../../edge/machine/worker-driver.js";
import type { Driver } from "../../../edge/model/driver.js";
import { listen } from "../../contract/driver-suite.js";
import { realMachine } from "../../contract/real-machine.js";

const waiting = { timeout: 10_000, interval: 5 };
let driver: Driver | null = null;
afterEach(() => driver?.close());

/** Every wait of the driver passes this many times faster. */
const haste = 20;
const hasty: Timer = {
  at: (at, run) => {
    const now = realMachine.clock.mono();
    return realMachine.timer.at(now + (at - now) / haste, run);
  },
};

function hangingDriver(timer: Timer, data: unknown = null): Driver {
  driver = createWorkerDriver({
    file: "../test/edge/machine/hanging-worker.mjs",
    data,
    inputs: ["door"],
    writeWithinMs: 1_000,
    clock: realMachine.clock,
    timer,
  });
  return driver;
}

it("ends a worker that hangs, reports its inputs lost before the link, and starts another", async () => {
  const heard = listen();
  await hangingDriver(hasty).open(heard.events);
  await vi.waitFor(() => expect(heard.links).toHaveLength(1), waiting);
  expect(heard.links[0]).toMatchObject({ up: false, samplesBefore: 2 });
  expect(heard.samples[1]).toMatchObject({ point: "door", value: true, quality: "lost" });
  expect(heard.troubles[0]).toMatchObject({ code: "field.unreachable", detail: expect.stringContaining("silent") });
  await vi.waitFor(() => expect(heard.samples[2]).toMatchObject({ point: "door", quality: "good" }), waiting);
  expect(driver?.health()).toMatchObject({ reconnects: 1, errors: 1 });
});

it("reports a thread that cannot be started as the worker's end, and tries again", async () => {
  const heard = listen();
  const notForThreads = () => undefined;
  await hangingDriver(hasty, notForThreads).open(heard.events);
  expect(heard.samples).toMatchObject([{ point: "door", value: null, quality: "lost" }]);
  await vi.waitFor(() => expect(heard.links.length).toBeGreaterThan(1), waiting);
  expect(heard.links.every(({ up }) => !up)).toBe(true);
});

it("gives a write that the hanging worker never answers exactly one result within its limit", async () => {
  const heard = listen();
  const hanging = hangingDriver(realMachine.timer);
  await hanging.open(heard.events);
  const before = realMachine.clock.mono();
  hanging.write({ id: "w", point: "siren", value: true });
  hanging.write({ id: "w", point: "siren", value: true });
  await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
  expect(heard.results[0]).toMatchObject({ id: "w", ok: false, reason: "field.write-unconfirmed" });
  expect(realMachine.clock.mono() - before).toBeLessThan(4_000);
});

it("closes a hanging worker within two seconds", async () => {
  const hanging = hangingDriver(realMachine.timer);
  await hanging.open(listen().events);
  const before = realMachine.clock.mono();
  await hanging.close();
  expect(realMachine.clock.mono() - before).toBeLessThan(2_000);
});
