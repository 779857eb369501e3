// The pins of a Firmata board: modes, outputs and reporting as StandardFirmata keeps them. Between the bytes and the plant.
import { answers, pinModes, type Request } from "./firmata.js";

/** How pins are numbered: digital pins come first, then one pin per analog channel. */
export interface BoardModel {
  readonly name: string;
  readonly digitals: number;
  readonly analogs: number;
}

export const boardModels: Record<"uno" | "mega", BoardModel> = {
  uno: { name: "PlantFirmataUno", digitals: 14, analogs: 6 },
  mega: { name: "PlantFirmataMega", digitals: 54, analogs: 16 },
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
  greet(): void;
  samplingMs(): number;
}

const serialPins = 2;
const samplingMsDefault = 19;
const portPins = 8;
const analogBits = 10;

function capabilitiesOf(model: BoardModel, pin: number): readonly (readonly [number, number])[] {
  if (pin < serialPins) return [];
  const digital = [pinModes.input, pinModes.pullUp, pinModes.output].map((mode) => [mode, 1] as const);
  return pin < model.digitals ? digital : [...digital, [pinModes.analog, analogBits]];
}

interface Registers {
  readonly modes: number[];
  readonly outputs: number[];
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
  const modes = Array.from({ length: model.digitals + model.analogs }, (_, pin) =>
    pin < model.digitals ? pinModes.output : pinModes.analog,
  );
  return { modes, outputs: modes.map(() => 0), analogs: new Set(), ports: new Map(), samplingMs: samplingMsDefault };
}

function pinsOf(port: number): readonly number[] {
  return Array.from({ length: portPins }, (_, index) => port * portPins + index);
}

function inputBit({ registers, wiring }: Board, pin: number): number {
  return registers.modes[pin] === pinModes.pullUp && !wiring.grounded(pin) ? 1 : 0;
}

function portBits(board: Board, port: number): number {
  return pinsOf(port).reduce((bits, pin, index) => bits | (inputBit(board, pin) << index), 0);
}

function writePin({ registers, wiring }: Board, pin: number, value: number): void {
  if (registers.modes[pin] !== pinModes.output || pin < serialPins) return;
  registers.outputs[pin] = value;
  wiring.driven(pin, value !== 0);
}

function setMode({ model, registers, wiring }: Board, pin: number, mode: number): void {
  if (!capabilitiesOf(model, pin).some(([possible]) => possible === mode)) return;
  // As in StandardFirmata 2.5 an output that is declared an output again keeps its level: relays survive a new host.
  if (registers.modes[pin] === mode) return;
  registers.modes[pin] = mode;
  registers.outputs[pin] = 0;
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

function greet({ model, send }: Board): void {
  send(answers.version());
  send(answers.firmware(model.name));
}

function reset(board: Board): void {
  board.registers = powerOn(board.model);
  for (const pin of board.registers.modes.keys()) board.wiring.driven(pin, false);
  greet(board);
}

function describePins({ model, registers, send }: Board, asked: "capabilities" | "analog-mapping"): void {
  const pins = [...registers.modes.keys()];
  if (asked === "capabilities") send(answers.capabilities(pins.map((pin) => capabilitiesOf(model, pin))));
  else send(answers.analogMapping(pins.map((pin) => (pin < model.digitals ? null : pin - model.digitals))));
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
      pinsOf(request.port).forEach((pin, index) => {
        writePin(board, pin, (request.bits >> index) & 1);
      });
      break;
    case "write-pin":
      writePin(board, request.pin, request.value);
      break;
    case "pin-state":
      send(answers.pinState(request.pin, registers.modes[request.pin] ?? 0, registers.outputs[request.pin] ?? 0));
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
      for (const channel of board.registers.analogs) sampleAnalog(board, channel);
    },
    reportPorts: () => {
      for (const [port, sent] of board.registers.ports) if (portBits(board, port) !== sent) reportPort(board, port);
    },
    reset: () => reset(board),
    greet: () => greet(board),
    samplingMs: () => board.registers.samplingMs,
  };
}
