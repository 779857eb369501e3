// The Firmata protocol seen from the board: bytes of a host into requests, and the board's answers into bytes.

export const pinModes = { input: 0, output: 1, analog: 2, pwm: 3, servo: 4, i2c: 6, pullUp: 11 } as const;

/** What a host asks for. Pins count from 0; an analog channel is not a pin. */
export type Request =
  | { readonly kind: "version" | "reset" | "firmware" | "capabilities" | "analog-mapping" }
  | { readonly kind: "report-analog"; readonly channel: number; readonly on: boolean }
  | { readonly kind: "report-digital"; readonly port: number; readonly on: boolean }
  | { readonly kind: "pin-mode"; readonly pin: number; readonly mode: number }
  | { readonly kind: "write-port"; readonly port: number; readonly bits: number }
  | { readonly kind: "write-pin" | "write-analog"; readonly pin: number; readonly value: number }
  | { readonly kind: "pin-state"; readonly pin: number }
  | { readonly kind: "sampling-interval"; readonly ms: number };

const sysexStart = 0xf0;
const sysexEnd = 0xf7;
/** More is undefined in the firmware, which has no guard; here it is dropped. */
const sysexBytesMax = 64;

const byte = (bytes: readonly number[], index: number) => bytes[index] ?? 0;
const word = (bytes: readonly number[], index: number) => byte(bytes, index) | (byte(bytes, index + 1) << 7);

function sysexRequest([kind, ...bytes]: readonly number[]): Request | null {
  switch (kind) {
    case 0x79:
      return { kind: "firmware" };
    case 0x6b:
      return { kind: "capabilities" };
    case 0x69:
      return { kind: "analog-mapping" };
    case 0x6d:
      return bytes.length > 0 ? { kind: "pin-state", pin: byte(bytes, 0) } : null;
    case 0x7a:
      return bytes.length > 1 ? { kind: "sampling-interval", ms: Math.max(1, word(bytes, 0)) } : null;
    case 0x6f:
      return bytes.length > 1 ? { kind: "write-analog", pin: byte(bytes, 0), value: word(bytes, 1) } : null;
    default:
      return null;
  }
}

/** Length of a message without its command byte; null for a byte that starts none. */
function argumentCount(command: number): number | null {
  if (command === 0xf4 || command === 0xf5) return 2;
  const family = command & 0xf0;
  if (family === 0xc0 || family === 0xd0) return 1;
  return family === 0x90 || family === 0xe0 ? 2 : null;
}

function plainRequest(command: number, bytes: readonly number[]): Request {
  const low = command & 0x0f;
  if (command === 0xf4) return { kind: "pin-mode", pin: byte(bytes, 0), mode: byte(bytes, 1) };
  if (command === 0xf5) return { kind: "write-pin", pin: byte(bytes, 0), value: byte(bytes, 1) };
  switch (command & 0xf0) {
    case 0xc0:
      return { kind: "report-analog", channel: low, on: byte(bytes, 0) !== 0 };
    case 0xd0:
      return { kind: "report-digital", port: low, on: byte(bytes, 0) !== 0 };
    case 0x90:
      return { kind: "write-port", port: low, bits: word(bytes, 0) };
    default:
      return { kind: "write-analog", pin: low, value: word(bytes, 0) };
  }
}

/**
 * Reads a stream of bytes in pieces of any size as the firmware does: sysex takes everything up to its end, another
 * message waits for its data even across bytes that mean nothing.
 */
export function createRequestReader(): (chunk: Iterable<number>) => readonly Request[] {
  let sysex: number[] | null = null;
  let command: number | null = null;
  let bytes: number[] = [];
  const takeSysex = (open: number[], value: number): Request | null => {
    if (value !== sysexEnd) {
      if (open.length < sysexBytesMax) open.push(value);
      return null;
    }
    sysex = null;
    return sysexRequest(open);
  };
  const takeData = (value: number): Request | null => {
    if (command === null) return null;
    bytes.push(value);
    if (bytes.length < (argumentCount(command) ?? 0)) return null;
    const request = plainRequest(command, bytes);
    command = null;
    return request;
  };
  const take = (value: number): Request | null => {
    if (sysex !== null) return takeSysex(sysex, value);
    if (value < 0x80) return takeData(value);
    if (value === 0xf9) return { kind: "version" };
    if (value === 0xff) return { kind: "reset" };
    if (value === sysexStart) sysex = [];
    else if (argumentCount(value) !== null) {
      command = value;
      bytes = [];
    }
    return null;
  };
  return (chunk) => [...chunk].map(take).filter((request) => request !== null);
}

const version = [2, 5] as const;
const split = (value: number) => [value & 0x7f, (value >> 7) & 0x7f];
const textOf = (words: string) => [...Buffer.from(words)].flatMap(split);
const sysexOf = (...bytes: number[]) => Buffer.from([sysexStart, ...bytes, sysexEnd]);

/** Answers of the board. */
export const answers = {
  version: () => Buffer.from([0xf9, ...version]),
  firmware: (name: string) => sysexOf(0x79, ...version, ...textOf(name)),
  /** Per pin the modes with their resolution in bits. */
  capabilities: (pins: readonly (readonly (readonly [mode: number, bits: number])[])[]) =>
    sysexOf(0x6c, ...pins.flatMap((modes) => [...modes.flat(), 0x7f])),
  /** Per pin its analog channel, or null. */
  analogMapping: (channels: readonly (number | null)[]) => sysexOf(0x6a, ...channels.map((channel) => channel ?? 0x7f)),
  /** A pin that the board does not have has neither mode nor value. */
  pinState: (pin: number, state: { readonly mode: number; readonly value: number } | null) =>
    sysexOf(
      0x6e,
      pin,
      ...(state === null ? [] : [state.mode, ...split(state.value).slice(0, state.value > 0x7f ? 2 : 1)]),
    ),
  text: (words: string) => sysexOf(0x71, ...textOf(words)),
  analog: (channel: number, value: number) => Buffer.from([0xe0 | channel, ...split(value)]),
  port: (port: number, bits: number) => Buffer.from([0x90 | port, ...split(bits)]),
} as const;
