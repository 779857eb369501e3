// The chip of an Arduino Uno with real StandardFirmata in its flash, wired by a test. It runs in cycles, so at any pace.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  AVRADC,
  AVRIOPort,
  AVRTimer,
  AVRUSART,
  adcConfig,
  avrInstruction,
  CPU,
  PinState,
  portBConfig,
  portCConfig,
  portDConfig,
  timer0Config,
  timer1Config,
  timer2Config,
  usart0Config,
} from "avr8js";

/** Where avrgirl-arduino keeps each revision of StandardFirmata; both boards carry an ATmega328P at 16 MHz. */
const images = { "2.4": "uno", "2.5": "duemilanove328" } as const;
export type Firmware = keyof typeof images;
export const firmwares = ["2.4", "2.5"] as const;

const cyclesPerMs = 16_000;
const flashWords = 16 * 1024;
const ramBytes = 2048;
const bootMsMax = 3000;
const volts = 5;
const counts = 1024;
const analogs = 6;

export type Contact = "open" | "ground" | "supply";

/** What the pins are connected to; it outlives the chip's resets. */
export interface UnoWiring {
  readonly contacts: Map<number, Contact>;
  /** Counts of the converter by analog channel. */
  readonly analogs: Map<number, number>;
}

export interface Uno {
  /** Lets `ms` of the board's own time pass. */
  run(ms: number): void;
  /** Runs until the board has said hello, some 1.9 s after power-on. */
  boot(): void;
  /** Bytes from the host; they arrive at the speed of the line. */
  hear(bytes: Iterable<number>): void;
  /** Takes what the wiring says by now. */
  rewire(): void;
  /** What the pin drives; null when it is no output. */
  output(pin: number): boolean | null;
  hasPullUp(pin: number): boolean;
}

/** The flash as an Intel HEX file describes it: data records only, the image is smaller than 64 KB. */
export function readFirmware(firmware: Firmware): Uint16Array {
  const file = `avrgirl-arduino/junk/hex/${images[firmware]}/StandardFirmata.cpp.hex`;
  const words = new Uint16Array(flashWords);
  const flash = new Uint8Array(words.buffer);
  for (const line of readFileSync(createRequire(import.meta.url).resolve(file), "latin1").split("\n")) {
    const record = Buffer.from(line.trim().slice(1), "hex");
    if (record[3] === 0) flash.set(record.subarray(4, -1), record.readUInt16BE(1));
  }
  return words;
}

/** A chip without power-on behind it; `say` gets each byte that it sends. */
export function createUno(flash: Uint16Array, wiring: UnoWiring, say: (byte: number) => void): Uno {
  const cpu = new CPU(flash, ramBytes);
  const portD = new AVRIOPort(cpu, portDConfig);
  const portB = new AVRIOPort(cpu, portBConfig);
  const portC = new AVRIOPort(cpu, portCConfig);
  for (const timer of [timer0Config, timer1Config, timer2Config]) new AVRTimer(cpu, timer);
  const adc = new AVRADC(cpu, adcConfig);
  const usart = new AVRUSART(cpu, usart0Config, cyclesPerMs * 1000);
  const heard: number[] = [];

  const pinsOf = [
    { port: portD, first: 0, count: 8 },
    { port: portB, first: 8, count: 6 },
    { port: portC, first: 14, count: 6 },
  ] as const;
  const stateOf = (pin: number): PinState => {
    const group = pinsOf.find(({ first, count }) => pin >= first && pin < first + count);
    return group ? group.port.pinState(pin - group.first) : PinState.Input;
  };
  const rewire = () => {
    for (const { port, first, count } of pinsOf) {
      for (let index = 0; index < count; index += 1) {
        const contact = wiring.contacts.get(first + index) ?? "open";
        // The emulator's pull-ups pull nothing by themselves.
        const isPulledUp = contact === "open" && port.pinState(index) === PinState.InputPullUp;
        port.setPin(index, contact === "supply" || isPulledUp);
      }
    }
    for (let channel = 0; channel < analogs; channel += 1) {
      adc.channelValues[channel] = (((wiring.analogs.get(channel) ?? 0) + 0.5) / counts) * volts;
    }
  };
  const listen = () => {
    const [next] = heard;
    if (next !== undefined && usart.writeByte(next)) heard.shift();
  };
  let said = 0;
  usart.onByteTransmit = (byte) => {
    said += 1;
    say(byte);
  };
  usart.onRxComplete = listen;
  for (const { port } of pinsOf) port.addListener(rewire);
  rewire();

  // Bound here, because a test runner looks imported names up at each call.
  const step = avrInstruction;
  const run = (ms: number) => {
    const end = cpu.cycles + ms * cyclesPerMs;
    while (cpu.cycles < end) {
      step(cpu);
      // Called only when something is due, which makes it several times faster.
      if (cpu.nextInterrupt >= 0 || isDue(cpu)) cpu.tick();
    }
  };
  return {
    run,
    boot() {
      for (let ms = 0; ms < bootMsMax && said === 0; ms += 1) run(1);
      run(20);
    },
    hear(bytes) {
      heard.push(...bytes);
      listen();
    },
    rewire,
    output: (pin) => {
      const state = stateOf(pin);
      return state === PinState.High || state === PinState.Low ? state === PinState.High : null;
    },
    hasPullUp: (pin) => stateOf(pin) === PinState.InputPullUp,
  };
}

/** `nextClockEvent` is private in the types, yet asking for it is what the emulator's authors do in their own fast loop. */
function isDue(cpu: CPU): boolean {
  const { nextClockEvent } = cpu as unknown as { nextClockEvent: { readonly cycles: number } | null };
  return nextClockEvent !== null && nextClockEvent.cycles <= cpu.cycles;
}
