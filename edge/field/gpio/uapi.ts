// The kernel's GPIO interface, version 2 (linux/gpio.h), as calls on buffers: nothing here but layouts and ioctl numbers.
import { constants, readSync } from "node:fs";
import { getSystemErrorName } from "node:util";
import koffi from "koffi";

// The libc that this process runs on, whichever it is.
const libc = koffi.load(null);
const ioctlCall = libc.func("int ioctl(int fd, unsigned long request, void *argument)");
const fcntlCall = libc.func("int fcntl(int fd, int command, int argument)");
const pollCall = libc.func("int poll(void *fds, unsigned long count, int timeoutMs)");

const direction = { read: 2, readWrite: 3 } as const;
const chipInfo = { number: request(direction.read, 0x01, 68), bytes: 68 };
const lineInfo = { number: request(direction.readWrite, 0x05, 256), bytes: 256 };
const getLine = { number: request(direction.readWrite, 0x07, 592), bytes: 592 };
const setConfig = { number: request(direction.readWrite, 0x0d, 272), bytes: 272 };
const getValues = { number: request(direction.readWrite, 0x0e, 16), bytes: 16 };
const setValues = { number: request(direction.readWrite, 0x0f, 16), bytes: 16 };

export const lineFlag = {
  used: 1,
  activeLow: 2,
  input: 4,
  output: 8,
  edges: 16 | 32,
  pullUp: 256,
  pullDown: 512,
  biasDisabled: 1024,
} as const;

const nameBytes = 32;
const configOffset = 288;
/** Within a line's description. */
const attributesOffset = 2 * nameBytes + 16;
const attribute = { outputValues: 2, debounce: 3 } as const;
const eventBytes = 48;
const eventsPerRead = 64;
/** The kernel takes so many lines on one descriptor, and queues so many edges for it. */
export const linesMax = 64;
const eventsMax = 16 * linesMax;
const risingEdge = 1;
const pollfdBytes = 8;
const pollIn = 1;
const setStatusFlags = 4;

/** A refusal of the kernel, with the name of its errno such as `EBUSY`. */
export class KernelError extends Error {
  readonly code: string;
  constructor(what: string, errno: number) {
    const code = getSystemErrorName(-errno);
    super(`${what}: ${code}`);
    this.name = "KernelError";
    this.code = code;
  }
}

export interface LineSettings {
  readonly flags: number;
  readonly debounceUs?: number;
  /** Levels that outputs start with, in the order of the lines. */
  readonly values?: readonly boolean[];
}

export function readChip(fd: number): { readonly label: string; readonly lines: number } {
  const data = Buffer.alloc(chipInfo.bytes);
  ioctl(fd, chipInfo.number, data);
  return { label: text(data, nameBytes), lines: data.readUInt32LE(2 * nameBytes) };
}

export interface LineInfo {
  readonly name: string;
  /** Empty while nobody holds the line, or its holder gives no name. */
  readonly consumer: string;
  readonly flags: number;
  /** Null when it is not debounced. */
  readonly debounceUs: number | null;
}

export function readLine(chip: number, offset: number): LineInfo {
  const data = Buffer.alloc(lineInfo.bytes);
  data.writeUInt32LE(offset, 2 * nameBytes);
  ioctl(chip, lineInfo.number, data);
  const attributes = Array.from({ length: data.readUInt32LE(2 * nameBytes + 4) }, (_, index) => {
    const at = attributesOffset + index * 16;
    return { id: data.readUInt32LE(at), value: data.readUInt32LE(at + 8) };
  });
  return {
    name: text(data, 0),
    consumer: text(data, nameBytes),
    flags: data.readUInt32LE(2 * nameBytes + 8),
    debounceUs: attributes.find(({ id }) => id === attribute.debounce)?.value ?? null,
  };
}

/** Takes lines of equal settings, all or none; the answer is their one descriptor. */
export function requestLines(chip: number, offsets: readonly number[], settings: LineSettings): number {
  const data = Buffer.alloc(getLine.bytes);
  for (const [index, offset] of offsets.entries()) data.writeUInt32LE(offset, index * 4);
  data.write("portcullis", 256);
  writeSettings(data.subarray(configOffset), settings, offsets.length);
  data.writeUInt32LE(offsets.length, configOffset + setConfig.bytes);
  data.writeUInt32LE(Math.min(eventsPerRead * offsets.length, eventsMax), configOffset + setConfig.bytes + 4);
  ioctl(chip, getLine.number, data);
  const lines = data.readInt32LE(getLine.bytes - 4);
  fcntlCall(lines, setStatusFlags, constants.O_NONBLOCK);
  return lines;
}

/** Changes lines that are held, without letting go of them. */
export function configureLines(lines: number, settings: LineSettings, count: number): void {
  const data = Buffer.alloc(setConfig.bytes);
  writeSettings(data, settings, count);
  ioctl(lines, setConfig.number, data);
}

/** Level of the line at this place among those of its descriptor. */
export function readLevel(lines: number, index: number): boolean {
  const data = Buffer.alloc(getValues.bytes);
  data.writeBigUInt64LE(bit(index), 8);
  ioctl(lines, getValues.number, data);
  return (data.readBigUInt64LE(0) & bit(index)) !== 0n;
}

export function writeLevel(lines: number, index: number, value: boolean): void {
  const data = Buffer.alloc(setValues.bytes);
  data.writeBigUInt64LE(value ? bit(index) : 0n, 0);
  data.writeBigUInt64LE(bit(index), 8);
  ioctl(lines, setValues.number, data);
}

export interface Edge {
  readonly offset: number;
  readonly value: boolean;
  /** Milliseconds of CLOCK_MONOTONIC. */
  readonly at: number;
  /** Counts the edges of its line; a leap says that the queue ran over. */
  readonly sequence: number;
}

/** Edges that wait on a descriptor, the oldest first, at most so many at once; none when none waits. */
export function readEdges(lines: number): readonly Edge[] {
  const data = Buffer.alloc(eventBytes * eventsPerRead);
  const length = readWaiting(lines, data);
  return Array.from({ length: Math.floor(length / eventBytes) }, (_, index) => {
    const event = data.subarray(index * eventBytes);
    return {
      offset: event.readUInt32LE(12),
      value: event.readUInt32LE(8) === risingEdge,
      at: Number(event.readBigUInt64LE(0)) / 1e6,
      sequence: event.readUInt32LE(20),
    };
  });
}

function readWaiting(lines: number, data: Buffer): number {
  try {
    return readSync(lines, data);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

/** Waits on a pool thread, at most `timeoutMs`, until lines have edges; `gone` are lines whose chip has left. */
export function pollLines(
  lines: readonly number[],
  timeoutMs: number,
): Promise<{ readonly ready: readonly number[]; readonly gone: readonly number[] }> {
  const data = Buffer.alloc(pollfdBytes * lines.length);
  for (const [index, line] of lines.entries()) {
    data.writeInt32LE(line, index * pollfdBytes);
    data.writeInt16LE(pollIn, index * pollfdBytes + 4);
  }
  const told = (index: number) => data.readInt16LE(index * pollfdBytes + 6);
  return new Promise((resolve, reject) => {
    pollCall.async(data, lines.length, timeoutMs, (error: Error | null) => {
      if (error) return reject(error);
      resolve({
        ready: lines.filter((_, index) => told(index) === pollIn),
        gone: lines.filter((_, index) => (told(index) & ~pollIn) !== 0),
      });
    });
  });
}

function writeSettings(config: Buffer, settings: LineSettings, count: number): void {
  config.writeUInt32LE(settings.flags, 0);
  const values = (settings.values ?? []).reduce((bits, value, index) => (value ? bits | bit(index) : bits), 0n);
  const attributes: (readonly [number, bigint])[] = [];
  if (settings.debounceUs !== undefined) attributes.push([attribute.debounce, BigInt(settings.debounceUs)]);
  if (settings.values !== undefined) attributes.push([attribute.outputValues, values]);
  config.writeUInt32LE(attributes.length, 8);
  for (const [index, [id, value]] of attributes.entries()) {
    const at = 32 + index * 24;
    config.writeUInt32LE(id, at);
    config.writeBigUInt64LE(value, at + 8);
    config.writeBigUInt64LE(bit(count) - 1n, at + 16);
  }
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

function request(how: number, number: number, bytes: number): number {
  return ((how << 30) | (bytes << 16) | (0xb4 << 8) | number) >>> 0;
}

function ioctl(fd: number, number: number, data: Buffer): void {
  if (ioctlCall(fd, number, data) < 0) {
    throw new KernelError(`ioctl ${(number & 0xff).toString(16)}`, koffi.errno());
  }
}

function text(data: Buffer, offset: number): string {
  const field = data.subarray(offset, offset + nameBytes);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? nameBytes : end);
}
