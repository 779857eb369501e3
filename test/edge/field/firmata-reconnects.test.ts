// A year of broken connections in virtual time: what the Firmata driver holds afterwards is what it held after the first ones.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { Board } from "../../../edge/field/firmata/board.js";
import { createFirmataDriver } from "../../../edge/field/firmata/driver.js";
import type { FirmataEnv, WireEvents } from "../../../edge/field/firmata/wire.js";
import type { FirmataPointConfig } from "../../../edge/model/wiring.js";
import { boardModels, createBoardPins } from "../../../simulators/board-pins.js";
import { createRequestReader } from "../../../simulators/firmata.js";
import { listen } from "../../contract/driver-suite.js";

const points: readonly FirmataPointConfig[] = [
  { id: "loop", direction: "in", pin: 0, signal: "analog" },
  { id: "panic", direction: "in", pin: 2, signal: "digital", pullUp: true, activeLow: true },
  { id: "siren", direction: "out", pin: 8, signal: "relay", replay: true },
];
const samplingMs = 20;
const wireMs = 1;
const warmUp = 20;
const reconnects = 1000;

/** Time that passes only when a test lets it; after each event all promises settle. */
function virtualTime() {
  const dues = new Set<{ readonly at: number; readonly run: () => void }>();
  let now = 0;
  const at = (when: number, run: () => void) => {
    const due = { at: when, run };
    dues.add(due);
    return () => void dues.delete(due);
  };
  return {
    clock: { mono: () => now, now: () => ({ boot: "", mono: now, wall: now, clock: "synchronised" as const }) },
    timer: { at },
    pending: () => dues.size,
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = [...dues].filter((due) => due.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        dues.delete(next);
        now = Math.max(now, next.at);
        next.run();
        await new Promise(setImmediate);
      }
      now = end;
    },
  };
}

/** The simulated board at the end of wires that a test can cut. */
function boardOnWire(time: ReturnType<typeof virtualTime>) {
  let host: WireEvents | undefined;
  const wiring = { grounded: () => false, analog: () => 512, driven: () => undefined };
  const pins = createBoardPins(boardModels.uno, wiring, (bytes) => {
    const to = host;
    time.timer.at(time.clock.mono() + wireMs, () => to === host && to?.data(bytes));
  });
  const sample = () => {
    if (host) pins.sampleAnalogs();
    time.timer.at(time.clock.mono() + samplingMs, sample);
  };
  sample();
  const cut = (wire: WireEvents | undefined, reason: string) => {
    if (wire === undefined || host !== wire) return;
    host = undefined;
    wire.closed(reason);
  };
  const dial: FirmataEnv["dial"] = (_, events) => {
    const read = createRequestReader();
    time.timer.at(time.clock.mono() + wireMs, () => {
      host = events;
      events.open();
    });
    return {
      write(bytes, done) {
        if (host === events) for (const request of read(bytes)) pins.handle(request);
        done();
      },
      close: () => cut(events, "closed"),
    };
  };
  return { dial: dial as NonNullable<FirmataEnv["dial"]>, cut: () => cut(host, "cut") };
}

const listenersOf = (emitter: EventEmitter) =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

describe("the Firmata driver over a thousand reconnects", () => {
  it("keeps as many listeners and timers as after the first ones, and still works", async () => {
    const time = virtualTime();
    const wire = boardOnWire(time);
    let board: Board | undefined;
    const config = {
      id: "io",
      kind: "firmata",
      transport: { kind: "tcp", host: "", port: 0 },
      samplingMs,
      points,
    } as const;
    const driver = createFirmataDriver(config, { ...time, dial: wire.dial }, (...about) => {
      board = new Board(...about);
      return board;
    });
    const heard = listen();
    const held = () => {
      const io = board?.io ?? new EventEmitter();
      const { transport } = io as unknown as { readonly transport: EventEmitter };
      return { io: listenersOf(io), transport: listenersOf(transport), timers: time.pending() };
    };
    await driver.open(heard.events);
    const reconnect = async (turn: number) => {
      driver.write({ id: `w${turn}`, point: "siren", value: turn % 2 === 0 });
      // Every other connection is cut in the middle of its set-up, at one millisecond after the other.
      await time.pass(turn % 2 === 0 ? 400 : 250 + (turn % 20));
      wire.cut();
    };
    for (let turn = 0; turn < warmUp; turn += 1) await reconnect(turn);
    await time.pass(1000);
    const before = held();
    for (let turn = 0; turn < reconnects; turn += 1) await reconnect(turn);
    await time.pass(1000);

    expect(held()).toEqual(before);
    expect(driver.health().reconnects).toBeGreaterThan(reconnects / 2);
    expect(heard.results).toHaveLength(warmUp + reconnects);
    expect(heard.samples.findLast(({ point }) => point === "loop")).toMatchObject({ value: 512, quality: "good" });
    expect(heard.samples.findLast(({ point }) => point === "panic")).toMatchObject({ value: false, quality: "good" });
    await driver.close();
  });
});
