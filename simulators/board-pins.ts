// The pins of a Firmata board: modes, outputs and reporting as StandardFirmata 2.5 keeps them, byte for byte (servos and I2C
// devices do not exist). Between the bytes and the plant.
import { answers, pinModes, type Request } from "./firmata.js";

/** How pins are numbered: digital pins come first, then one pin per analog channel. */
export interface BoardModel {
  readonly name: string;
  readonly digitals: number;
  readonly analogs: number;
  readonly pwm: readonly number[];
  readonly i2c: readonly number[];
}

export const boardModels: Record<"uno" | "mega", BoardModel> = {
  uno: { name: "PlantFirmataUno", digitals: 14, analogs: 6, pwm: [3, 5, 6, 9, 10, 11], i2c: [18, 19] },
  mega: {
    name: "PlantFirmataMega",
    digitals: 54,
    analogs: 16,
    pwm: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 44, 45, 46],
    i2c: [20, 21],
  },
};

/** What the pins are wired to. */
export interface Wiring {
  /** True while a contact pulls the pin to ground. */
  grounded(pin: number): boolean;
  /** Raw value of an analog channel, 0..1023. */
  analog(channel: number): number;
  /** An output pin took this level. */
  driven(pin: number, high: boolean): void;
}

export interface BoardPins {
  /** Carries a request out. */
  handle(request: Request): void;
  /** One report of every analog channel that is asked for. */
  sampleAnalogs(): void;
  /** A report of every port that is asked for and has changed. */
  reportPorts(): void;
  /** Power-on: outputs low, modes and reporting at their defaults; greets. */
  reset(): void;
  samplingMs(): number;
}

const serialPins = 2;
const samplingMsDefault = 19;
const portPins = 8;
const analogBits = 10;
const pwmBits = 8;
const servoBits = 14;

/** Modes with their resolution in bits, in the firmware's order. */
function capabilitiesOf(model: BoardModel, pin: number): readonly (readonly [number, number])[] {
  if (pin < serialPins || pin >= model.digitals + model.analogs) return [];
  return [
    [pinModes.input, 1],
    [pinModes.pullUp, 1],
    [pinModes.output, 1],
    ...(pin < model.digitals ? [] : [[pinModes.analog, analogBits] as const]),
    ...(model.pwm.includes(pin) ? [[pinModes.pwm, pwmBits] as const] : []),
    [pinModes.servo, servoBits],
    ...(model.i2c.includes(pin) ? [[pinModes.i2c, 1] as const] : []),
  ];
}

interface Registers {
  readonly modes: number[];
  /** What was written to each pin, or 1 for a pull-up by mode. */
  readonly values: number[];
  readonly pullUps: Set<number>;
  readonly analogs: Set<number>;
  /** Ports asked for, with the bits last sent. */
  readonly ports: Map<number, number>;
  samplingMs: number;
}

interface Board {
  readonly model: BoardModel;
  readonly wiring: Wiring;
  readonly send: (bytes: Buffer) => void;
  registers: Registers;
}

function powerOn(model: BoardModel): Registers {
  const modes = Array.from({ length: model.digitals + model.analogs }, (_, pin) => modeAtPowerOn(model, pin));
  const values = modes.map(() => 0);
  return { modes, values, pullUps: new Set(), analogs: new Set(), ports: new Map(), samplingMs: samplingMsDefault };
}

function modeAtPowerOn(model: BoardModel, pin: number): number {
  if (pin < serialPins) return pinModes.input;
  return pin < model.digitals ? pinModes.output : pinModes.analog;
}

function pinsOf(port: number): readonly number[] {
  return Array.from({ length: portPins }, (_, index) => port * portPins + index);
}

function isInput({ modes }: Registers, pin: number): boolean {
  return pin >= serialPins && (modes[pin] === pinModes.input || modes[pin] === pinModes.pullUp);
}

function inputBit({ registers, wiring }: Board, pin: number): number {
  return isInput(registers, pin) && registers.pullUps.has(pin) && !wiring.grounded(pin) ? 1 : 0;
}

function portBits(board: Board, port: number): number {
  return pinsOf(port).reduce((bits, pin, index) => bits | (inputBit(board, pin) << index), 0);
}

/** By port also an input takes its bit: 1 switches its pull-up on, and 0 does not switch it off again. */
function writePort(board: Board, port: number, bits: number): void {
  const { registers } = board;
  for (const [index, pin] of pinsOf(port).entries()) {
    const value = (bits >> index) & 1;
    if (registers.modes[pin] === pinModes.output) writePin(board, pin, value);
    if (registers.modes[pin] !== pinModes.input || pin < serialPins) continue;
    if (value === 1) registers.pullUps.add(pin);
    registers.values[pin] = value;
  }
}

function writePin({ registers, wiring }: Board, pin: number, value: number): void {
  if (registers.modes[pin] !== pinModes.output) return;
  registers.values[pin] = value;
  wiring.driven(pin, value !== 0);
}

function writeAnalog({ registers }: Board, pin: number, value: number): void {
  const mode = registers.modes[pin];
  if (mode === pinModes.pwm || mode === pinModes.servo) registers.values[pin] = value;
}

const knownModes: readonly number[] = Object.values(pinModes);

/** An output that is declared an output again is low. An analog pin is reported exactly while its mode is analog. */
function setMode(board: Board, pin: number, mode: number): void {
  const { model, registers, wiring, send } = board;
  const channel = pin - model.digitals;
  if (channel >= 0) reportAnalogs(board, channel, mode === pinModes.analog);
  if (pin < registers.modes.length) registers.values[pin] = mode === pinModes.pullUp ? 1 : 0;
  if (!knownModes.includes(mode)) send(answers.text("Unknown pin mode"));
  if (!capabilitiesOf(model, pin).some(([possible]) => possible === mode)) return;
  registers.modes[pin] = mode;
  registers.pullUps.delete(pin);
  if (mode === pinModes.pullUp) registers.pullUps.add(pin);
  wiring.driven(pin, false);
}

function sampleAnalog({ wiring, send }: Board, channel: number): void {
  send(answers.analog(channel, wiring.analog(channel)));
}

function reportPort(board: Board, port: number): void {
  const bits = portBits(board, port);
  board.registers.ports.set(port, bits);
  board.send(answers.port(port, bits));
}

function reportAnalogs(board: Board, channel: number, on: boolean): void {
  board.registers.analogs.delete(channel);
  if (!on || channel >= board.model.analogs) return;
  board.registers.analogs.add(channel);
  sampleAnalog(board, channel);
}

function reportDigitals(board: Board, port: number, on: boolean): void {
  board.registers.ports.delete(port);
  if (on && port * portPins < board.registers.modes.length) reportPort(board, port);
}

/** As the firmware does on order: all as at power-on but the sampling interval, and not a word. */
function reset(board: Board): void {
  board.registers = { ...powerOn(board.model), samplingMs: board.registers.samplingMs };
  for (const pin of board.registers.modes.keys()) board.wiring.driven(pin, false);
}

function greet({ model, send }: Board): void {
  send(answers.version());
  send(answers.firmware(model.name));
}

function describePins({ model, registers, send }: Board, asked: "capabilities" | "analog-mapping"): void {
  const pins = [...registers.modes.keys()];
  if (asked === "capabilities") send(answers.capabilities(pins.map((pin) => capabilitiesOf(model, pin))));
  else send(answers.analogMapping(pins.map((pin) => (pin < model.digitals ? null : pin - model.digitals))));
}

function pinStateOf({ modes, values }: Registers, pin: number): { mode: number; value: number } | null {
  const mode = modes[pin];
  return mode === undefined ? null : { mode, value: values[pin] ?? 0 };
}

function handle(board: Board, request: Request): void {
  const { model, registers, send } = board;
  switch (request.kind) {
    case "version":
      send(answers.version());
      break;
    case "firmware":
      send(answers.firmware(model.name));
      break;
    case "capabilities":
    case "analog-mapping":
      describePins(board, request.kind);
      break;
    case "reset":
      reset(board);
      break;
    case "report-analog":
      reportAnalogs(board, request.channel, request.on);
      break;
    case "report-digital":
      reportDigitals(board, request.port, request.on);
      break;
    case "pin-mode":
      setMode(board, request.pin, request.mode);
      break;
    case "write-port":
      writePort(board, request.port, request.bits);
      break;
    case "write-pin":
      writePin(board, request.pin, request.value);
      break;
    case "write-analog":
      writeAnalog(board, request.pin, request.value);
      break;
    case "pin-state":
      send(answers.pinState(request.pin, pinStateOf(registers, request.pin)));
      break;
    case "sampling-interval":
      registers.samplingMs = request.ms;
      break;
  }
}

/** The pins of `model` at power-on; their reports and answers go to `send`. */
export function createBoardPins(model: BoardModel, wiring: Wiring, send: (bytes: Buffer) => void): BoardPins {
  const board: Board = { model, wiring, send, registers: powerOn(model) };
  return {
    handle: (request) => handle(board, request),
    sampleAnalogs: () => {
      const { analogs, modes } = board.registers;
      for (let channel = 0; channel < model.analogs; channel += 1) {
        if (analogs.has(channel) && modes[model.digitals + channel] === pinModes.analog) sampleAnalog(board, channel);
      }
    },
    reportPorts: () => {
      for (const [port, sent] of board.registers.ports) if (portBits(board, port) !== sent) reportPort(board, port);
    },
    reset: () => {
      reset(board);
      board.registers.samplingMs = samplingMsDefault;
      greet(board);
    },
    samplingMs: () => board.registers.samplingMs,
  };
}
