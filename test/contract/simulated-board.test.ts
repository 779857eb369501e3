import { connect as connectSocket, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Simulators, startSimulators } from "../../simulators/start.js";
import { changes, get, host, siteOf, trigger } from "../support/simulated-site.js";

/** A host that collects what the board sends and can wait for it. */
function hostOn(port: number) {
  const socket: Socket = connectSocket({ host, port, noDelay: true });
  let received = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
  });
  const isClosed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return {
    socket,
    isClosed,
    send: (...bytes: number[]) => socket.write(Buffer.from(bytes)),
    forget: () => {
      received = Buffer.alloc(0);
    },
    received: () => received,
    sees: (...bytes: number[]) => vi.waitFor(() => expect(received.includes(Buffer.from(bytes))).toBe(true)),
  };
}

describe("the simulated Firmata board", () => {
  let simulators: Simulators;
  let port = 0;
  let open: ReturnType<typeof hostOn>[] = [];
  const dial = () => {
    const board = hostOn(port);
    board.send(0xf9);
    open.push(board);
    return board;
  };
  const stateOf = async (device: string) => ((await get(simulators, "/state")) as Record<string, unknown>)[device];

  beforeEach(async () => {
    simulators = await startSimulators({
      simulation: { ...siteOf(1), field: undefined },
      credentials: {},
      log: () => undefined,
    });
    port = simulators.ports[0] ?? 0;
  });
  afterEach(async () => {
    for (const { socket } of open) socket.destroy();
    open = [];
    await simulators.close();
  });

  it("says its version and firmware and describes its pins", async () => {
    const board = dial();
    board.send(0xf0, 0x79, 0xf7);
    await board.sees(0xf9, 2, 5, 0xf0, 0x79, 2, 5);
    board.send(0xf0, 0x6b, 0xf7, 0xf0, 0x69, 0xf7);
    await board.sees(0xf0, 0x6c, 0x7f, 0x7f, 0, 1, 11, 1, 1, 1, 4, 14, 0x7f);
    await board.sees(0xf0, 0x6a, ...Array.from({ length: 14 }, () => 0x7f), 0, 1, 2, 3, 4, 5, 0xf7);
  });

  it("reports a loop as an analog value at the asked interval", async () => {
    const board = dial();
    board.send(0xf0, 0x7a, 10, 0, 0xf7, 0xc0, 1);
    const values = () =>
      [
        ...board
          .received()
          .toString("latin1")
          .matchAll(/\xe0([\0-\x7f])([\0-\x7f])/g),
      ].map(([, low = "", high = ""]) => low.charCodeAt(0) | (high.charCodeAt(0) << 7));
    await vi.waitFor(() => expect(values().length).toBeGreaterThan(5));
    expect(values().every((value) => Math.abs(value - 512) < 6)).toBe(true);
    await trigger(simulators, "loop-cut");
    board.forget();
    await vi.waitFor(() => expect(values().at(-1)).toBeGreaterThan(1_015));
  });

  it("reports a pressed button as low on a pulled-up pin", async () => {
    const board = dial();
    board.send(0xf4, 2, 11, 0xd0, 1);
    await board.sees(0x90, 0b100, 0);
    board.forget();
    await trigger(simulators, "panic");
    await board.sees(0x90, 0, 0);
  });

  it("closes a plain contact until it is opened again, and throws a bolt with its relay", async () => {
    const board = dial();
    board.send(0xf4, 3, 11, 0xf4, 4, 11, 0xd0, 1);
    await board.sees(0x90, 0b11000, 0);
    await trigger(simulators, "contact-close");
    await board.sees(0x90, 0b10000, 0);
    board.send(0xf4, 8, 1, 0x91, 0b01, 0);
    await board.sees(0x90, 0, 0);
    await trigger(simulators, "contact-open");
    await board.sees(0x90, 0b01000, 0);
  });

  it("switches relays by port and by pin, and answers what each pin's state is", async () => {
    const board = dial();
    board.send(0xf4, 8, 1, 0xf4, 9, 1, 0x91, 0b01, 0, 0xf5, 9, 1, 0xf0, 0x6d, 8, 0xf7, 0xf0, 0x6d, 9, 0xf7);
    await board.sees(0xf0, 0x6e, 8, 1, 1, 0xf7, 0xf0, 0x6e, 9, 1, 1, 0xf7);
    expect(await changes(simulators, "siren")).toEqual(["on=true"]);
    expect(await changes(simulators, "strobe")).toEqual(["on=true"]);
  });

  it("keeps its relays when the host goes and another comes, and drops them on a reset", async () => {
    const first = dial();
    first.send(0xf4, 8, 1, 0x91, 1, 0);
    await vi.waitFor(async () => expect(await stateOf("siren")).toEqual({ on: true }));
    const second = dial();
    await second.sees(0xf9);
    await first.isClosed;
    second.send(0xf0, 0x6d, 8, 0xf7);
    await second.sees(0xf0, 0x6e, 8, 1, 1, 0xf7);
    second.forget();
    await trigger(simulators, "firmata-reset");
    await second.sees(0xf9, 2, 5);
    expect(await stateOf("siren")).toEqual({ on: false });
  });

  it("passes over rubbish and understands what follows", async () => {
    const board = dial();
    board.send(0x12, 0xf0, 0x01, ...Array.from({ length: 200 }, () => 0x33), 0xf4, 0xf8, 0x90, 0xe7, 0xf7);
    board.send(0xf4, 8, 1, 0x91, 1, 0);
    await vi.waitFor(async () => expect(await stateOf("siren")).toEqual({ on: true }));
  });

  it("sends rubbish when its line is disturbed", async () => {
    const board = dial();
    await board.sees(0xf9);
    board.forget();
    await trigger(simulators, "firmata-noise");
    await vi.waitFor(() => expect(board.received().length).toBe(64));
  });
});
