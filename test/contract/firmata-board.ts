// One driver at an emulated Uno with everything that it told, for the tests of what only a real board can do.
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { createFirmataDriver } from "../../edge/field/firmata/driver.js";
import type { Driver } from "../../edge/model/driver.js";
import type { PointValue, Sample } from "../../edge/model/point.js";
import type { FirmataPointConfig } from "../../edge/model/wiring.js";
import type { Firmware } from "../support/uno.js";
import { startUno, type UnoProcess } from "../support/uno-process.js";
import { type Heard, listen } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

export const points: readonly FirmataPointConfig[] = [
  { id: "loop", direction: "in", pin: 0, signal: "analog", latencyMs: 40 },
  { id: "panic", direction: "in", pin: 2, signal: "digital", pullUp: true, activeLow: true },
  { id: "siren", direction: "out", pin: 8, signal: "relay", replay: true },
  { id: "strobe", direction: "out", pin: 9, signal: "relay", replay: false },
  { id: "healthy", direction: "out", pin: 10, signal: "relay", activeLow: true },
];

export const loopAtRest = 341;
export const samplingMs = 20;

export const until = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 15_000, interval: 5 });

export interface Rig {
  readonly driver: Driver;
  readonly heard: Heard;
  last(point: string): Sample | undefined;
  /** What was told as good, in order. */
  values(point: string, from?: number): readonly (PointValue | null)[];
  /** Waits until the point has this value, newly told and good. */
  shows(point: string, value: PointValue): Promise<void>;
  order(point: string, value: boolean): Promise<void>;
}

export interface Bench {
  readonly uno: UnoProcess;
  /** A driver at the board, opened; it is closed after the test. */
  opened(chosen?: readonly FirmataPointConfig[]): Promise<Rig>;
}

/** Gives the tests of the block around it one board over TCP, at rest before each of them. */
export function eachAtBoard(firmware: Firmware, begin: (bench: Bench) => void): void {
  let uno: UnoProcess;
  const open: Rig[] = [];
  beforeAll(async () => {
    uno = await startUno(firmware, "tcp");
    const opened = async (chosen = points) => {
      const rig = rigOn(uno, chosen);
      open.push(rig);
      await rig.driver.open(rig.heard.events);
      return rig;
    };
    begin({ uno, opened });
  });
  afterAll(() => uno.end());
  beforeEach(async () => {
    await uno.order({ op: "restore" });
    await uno.analog(0, loopAtRest);
  });
  afterEach(async () => {
    for (const { driver } of open.splice(0)) await driver.close();
  });
}

/** A driver that is not open yet. */
export function rigOn(uno: UnoProcess, chosen = points): Rig {
  const driver = createFirmataDriver(
    { id: "io", kind: "firmata", transport: uno.transport, samplingMs, points: chosen },
    realMachine,
  );
  const heard = listen();
  const last = (point: string) => heard.samples.findLast((sample) => sample.point === point);
  return {
    driver,
    heard,
    last,
    values: (point, from = 0) =>
      heard.samples
        .slice(from)
        .filter((sample) => sample.point === point && sample.quality === "good")
        .map(({ value }) => value),
    shows: (point, value) => until(() => expect(last(point), point).toMatchObject({ value, quality: "good" })),
    // Again when it was not confirmed: on a busy machine the board may take its time.
    order: (point, value) =>
      until(async () => {
        const before = heard.results.length;
        driver.write({ id: `${point}-${before}`, point, value });
        await until(() => expect(heard.results.length).toBe(before + 1));
        expect(heard.results.at(-1)).toMatchObject({ ok: true });
      }),
  };
}
