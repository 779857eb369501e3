// Keeps the simulated board honest: the same bytes of a host go to it and to real StandardFirmata, and the answers are
// compared byte by byte.
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { boardModels, createBoardPins } from "../../simulators/board-pins.js";
import { createRequestReader } from "../../simulators/firmata.js";
import { createUno, readFirmware, type Uno, type UnoWiring } from "../support/uno.js";

/** All that may differ between the two. */
const firmwareName = "StandardFirmata.ino";

/** Bytes of the host, or something that happens to a pin. */
type Turn =
  | { readonly host: readonly number[] }
  | { readonly pin: number; readonly grounded: boolean }
  | { readonly channel: number; readonly counts: number };

/** Time on the line for 64 bytes, and for the longest answer. */
const listenMs = 15;
const answerMs = 45;
const endAndReset = [0xf7, 0xff];
/** The longest interval, so that no analog report comes between questions and answers. */
const seldom = [0xf0, 0x7a, 0x7f, 0x7f, 0xf7];

const wiring: UnoWiring = { contacts: new Map(), analogs: new Map() };
const said: number[] = [];
let uno: Uno;

beforeAll(() => {
  uno = createUno(readFirmware("2.5"), wiring, (byte) => said.push(byte));
  uno.boot();
});

function hexOf(bytes: Iterable<number>): string {
  return Buffer.from([...bytes]).toString("hex");
}

function newSimulator() {
  const heard: number[] = [];
  const pins = createBoardPins(
    { ...boardModels.uno, name: firmwareName },
    {
      grounded: (pin) => wiring.contacts.get(pin) === "ground",
      analog: (channel) => wiring.analogs.get(channel) ?? 0,
      driven: () => undefined,
    },
    (bytes) => heard.push(...bytes),
  );
  const read = createRequestReader();
  return {
    pins,
    hear: (bytes: Iterable<number>) => {
      for (const request of read(bytes)) pins.handle(request);
    },
    take: () => hexOf(heard.splice(0)),
  };
}

/** Plays `turns` to both and returns what each said at each turn. */
function play(turns: readonly Turn[]): { real: string[]; simulated: string[] } {
  const simulator = newSimulator();
  wiring.contacts.clear();
  wiring.analogs.clear();
  uno.rewire();
  uno.hear([...endAndReset, ...seldom]);
  simulator.hear(seldom);
  uno.run(listenMs);
  said.length = 0;
  const real: string[] = [];
  const simulated: string[] = [];
  for (const turn of turns) {
    if ("host" in turn) simulator.hear(turn.host);
    else if ("pin" in turn) wiring.contacts.set(turn.pin, turn.grounded ? "ground" : "open");
    else wiring.analogs.set(turn.channel, turn.counts);
    simulator.pins.reportPorts();
    uno.rewire();
    if ("host" in turn) uno.hear(turn.host);
    uno.run(listenMs);
    simulated.push(simulator.take());
    if ((simulated.at(-1) ?? "").length > 2 * listenMs) uno.run(answerMs);
    real.push(hexOf(said.splice(0)));
  }
  return { real, simulated };
}

const pinByte = fc.nat(24);
/** A mode for a pin that is not there overwrites other variables of the firmware. */
const ownPin = fc.nat(19);
const bits = fc.nat(127);
const order = fc.oneof(
  fc.constantFrom([0xf9], [0xf0, 0x79, 0xf7], [0xf0, 0x6b, 0xf7], [0xf0, 0x69, 0xf7], [0xff]),
  pinByte.map((pin) => [0xf0, 0x6d, pin, 0xf7]),
  fc.tuple(ownPin, fc.constantFrom(0, 0, 1, 1, 2, 3, 4, 11, 11, 12)).map(([pin, mode]) => [0xf4, pin, mode]),
  fc.tuple(fc.nat(3), bits, fc.nat(1)).map(([port, low, high]) => [0x90 | port, low, high]),
  fc.tuple(pinByte, fc.nat(1)).map(([pin, value]) => [0xf5, pin, value]),
  fc.tuple(fc.nat(3), fc.nat(1)).map(([port, on]) => [0xd0 | port, on]),
  fc.tuple(fc.nat(7), fc.nat(1)).map(([channel, on]) => [0xc0 | channel, on]),
  fc.tuple(fc.nat(15), bits, fc.nat(2)).map(([pin, low, high]) => [0xe0 | pin, low, high]),
  fc.tuple(pinByte, bits, fc.nat(2)).map(([pin, low, high]) => [0xf0, 0x6f, pin, low, high, 0xf7]),
);
const happening = fc.oneof(
  fc.record({ pin: fc.integer({ min: 2, max: 19 }), grounded: fc.boolean() }),
  fc.record({ channel: fc.nat(5), counts: fc.nat(1023) }),
);
const stray = fc.array(fc.constantFrom(0x00, 0x05, 0x41, 0x7f, 0xa0, 0xf1, 0xf7, 0xf8, 0x91, 0xf4), { maxLength: 3 });
const dialogue = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: order.map((host) => ({ host })) },
    { weight: 2, arbitrary: happening },
    { weight: 1, arbitrary: stray.map((host) => ({ host })) },
  ),
  { minLength: 20, maxLength: 40 },
);

describe("the simulated board beside StandardFirmata 2.5", () => {
  it.each([
    { what: "who it is", turns: [[0xf9], [0xf0, 0x79, 0xf7]] },
    {
      what: "its pins",
      turns: [
        [0xf0, 0x6b, 0xf7],
        [0xf0, 0x69, 0xf7],
      ],
    },
    { what: "each pin's state", turns: Array.from({ length: 24 }, (_, pin) => [0xf0, 0x6d, pin, 0xf7]) },
    { what: "relays", turns: [[0xf4, 8, 1], [0x91, 1, 0], [0xf0, 0x6d, 8, 0xf7], [0xff], [0xf0, 0x6d, 8, 0xf7]] },
    {
      what: "one relay",
      turns: [
        [0xf4, 9, 1],
        [0xf5, 9, 1],
        [0xf0, 0x6d, 9, 0xf7],
        [0xf4, 9, 1],
        [0xf0, 0x6d, 9, 0xf7],
      ],
    },
    {
      what: "a mode that is none",
      turns: [
        [0xf4, 2, 12],
        [0xf4, 99, 0],
        [0xf0, 0x6d, 2, 0xf7],
      ],
    },
    {
      what: "a dimmed lamp",
      turns: [
        [0xf4, 3, 3],
        [0xe3, 0x7f, 1],
        [0xf0, 0x6d, 3, 0xf7],
        [0xf0, 0x6f, 3, 5, 0, 0xf7],
      ],
    },
  ])("answers the same about $what", ({ turns }) => {
    const { real, simulated } = play(turns.map((host) => ({ host })));
    expect(simulated).toEqual(real);
    expect(real.join("")).not.toBe("");
  });

  it("reports a button with pull-up the same, by mode and by the older way of a written input", () => {
    const press = { pin: 2, grounded: true };
    const release = { pin: 2, grounded: false };
    const { real, simulated } = play([
      { host: [0xf4, 2, 11] },
      { host: [0xd0, 1] },
      press,
      release,
      { host: [0xf4, 2, 0] },
      press,
      { host: [0x90, 4, 0] },
      release,
      { host: [0xd0, 0] },
      press,
    ]);
    expect(simulated).toEqual(real);
    expect(real.filter((bytes) => bytes !== "")).toHaveLength(5);
  });

  it("sends the same rounds of analog reports, as often as it was asked to", () => {
    const rounds = 10;
    const intervalMs = 20;
    const simulator = newSimulator();
    wiring.analogs.clear();
    wiring.analogs.set(0, 341).set(3, 1023).set(5, 7);
    uno.rewire();
    const asked = [0xf0, 0x7a, intervalMs, 0, 0xf7, 0xc5, 1, 0xc0, 1, 0xc3, 1];
    uno.hear([...endAndReset, 0xf0, 0x7a, 1, 0, 0xf7]);
    // An interval that gets shorter is first made up for in a burst.
    uno.run(1000);
    said.length = 0;
    uno.hear(asked);
    uno.run(5 + rounds * intervalMs);
    simulator.hear(asked);
    for (let round = 0; round < rounds; round += 1) simulator.pins.sampleAnalogs();
    uno.hear([0xff]);
    expect(simulator.take().slice(0, said.length * 2)).toBe(hexOf(said));
    expect(said.length / 9).toBeGreaterThanOrEqual(rounds - 1);
  });

  it("cannot be told from it in any dialogue", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(dialogue, (turns) => {
        const { real, simulated } = play(turns);
        expect(simulated).toEqual(real);
      }),
      { numRuns: 20, seed: 25, endOnFailure: true },
    );
  });
});
