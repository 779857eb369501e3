// What is told of a digital input whose board no longer hears, and so cannot bear out what it said.
import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import type { Board } from "../../../edge/field/firmata/board.js";
import { Inputs } from "../../../edge/field/firmata/inputs.js";
import { newPoint } from "../../../edge/field/firmata/point.js";
import { manualClock } from "../../support/manual-clock.js";

it("waits once for a suspected report to be borne out, and then takes the newest at its word", () => {
  const clock = manualClock();
  const started: (() => void)[] = [];
  const at = (_at: number, run: () => void) => {
    started.push(run);
    return () => undefined;
  };
  const io = Object.assign(new EventEmitter(), { pins: [] });
  const board = { io } as unknown as Board;
  const point = newPoint({ id: "panic", direction: "in", pin: 2, signal: "digital" });
  const told: unknown[] = [];
  new Inputs(board, { clock, timer: { at } }, [point], {
    isReady: () => true,
    told: (_point, value) => told.push(value),
  });
  for (const bit of [1, 0, 1, 0]) io.emit("digital-read-2", bit);
  expect(told).toEqual([]);
  expect(started).toHaveLength(1);
  clock.advance(250);
  for (const run of started) run();
  expect(told).toEqual([false]);
});
