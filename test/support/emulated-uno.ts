// An Arduino Uno as a process of its own, for contract tests of the Firmata driver: real firmware at the pace of the wall
// clock, its USART on a line. The test orders over the channel of `fork`; arguments: firmware, then a port or a path.
import { type Contact, createUno, type Firmware, readFirmware, type Uno, type UnoWiring } from "./uno.js";
import { serialLine, tcpLine } from "./uno-line.js";

/** What a test may do to the board. Everything but `look` is answered by null once it is done. */
export type UnoOrder =
  | { readonly op: "contact"; readonly pin: number; readonly to: Contact }
  | { readonly op: "analog"; readonly channel: number; readonly counts: number }
  /** What the pin drives and how many bytes came from the host since the line was mended. */
  | { readonly op: "look"; readonly pin: number }
  /** The chip stands still, the line stays open. */
  | { readonly op: "freeze" | "thaw" }
  /** Power fails and returns, when asked after the first byte of an analog report; unheard: the greeting is lost too. */
  | { readonly op: "brown-out"; readonly inReport?: boolean; readonly unheard?: boolean }
  /** Bytes on the way to the host that the board has not sent. */
  | { readonly op: "noise"; readonly bytes: readonly number[] }
  /** The wire from the host is broken, the one to the host is not. */
  | { readonly op: "deafen" }
  | { readonly op: "cut" | "mend" }
  /** As new for the next test: everything whole, thawed, open and reset. */
  | { readonly op: "restore" };

export interface UnoLook {
  readonly output: boolean | null;
  readonly hasPullUp: boolean;
  readonly bytesHeard: number;
}

/** One turn of the loop; a process that was not scheduled for longer lets the board fall behind rather than race. */
const turnMs = 2;
const turnMsMax = 50;
const analogReport = 0xe0;
/** Ends what an earlier host left unfinished, then resets the firmware. */
const startAfresh = [0xf7, 0xff];

const [firmware = "", path] = process.argv.slice(2);
const flash = readFirmware(firmware as Firmware);
const wiring: UnoWiring = { contacts: new Map(), analogs: new Map() };
const line = path === undefined ? tcpLine(hear) : serialLine(path, hear);

let said: number[] = [];
let isMuted = false;
let isDeaf = false;
let isFrozen = false;
let bytesHeard = 0;
let onReportStarts: (() => void) | undefined;
let turnedAt = performance.now();
let uno = powerOn();

function powerOn(): Uno {
  const next = createUno(flash, wiring, (byte) => {
    if (isMuted) return;
    said.push(byte);
    if (onReportStarts === undefined || (byte & 0xf0) !== analogReport) return;
    isMuted = true;
    onReportStarts();
    onReportStarts = undefined;
  });
  next.boot();
  return next;
}

function hear(bytes: Uint8Array): void {
  bytesHeard += bytes.length;
  if (!isDeaf) uno.hear(bytes);
}

function turn(): void {
  const now = performance.now();
  if (!isFrozen) uno.run(Math.min(now - turnedAt, turnMsMax));
  turnedAt = now;
  if (said.length > 0) line.send(Uint8Array.from(said));
  said = [];
  setTimeout(turn, turnMs);
}

async function brownOut({ inReport = false, unheard = false }): Promise<void> {
  if (inReport) {
    await new Promise<void>((resolve) => {
      onReportStarts = resolve;
    });
  }
  isMuted = unheard;
  uno = powerOn();
  isMuted = false;
}

async function restore(): Promise<void> {
  await line.mend();
  isFrozen = false;
  isDeaf = false;
  bytesHeard = 0;
  wiring.contacts.clear();
  wiring.analogs.clear();
  uno.rewire();
  uno.hear(startAfresh);
  uno.run(turnMsMax);
  said = [];
}

async function carryOut(order: UnoOrder): Promise<UnoLook | null> {
  switch (order.op) {
    case "contact":
      wiring.contacts.set(order.pin, order.to);
      uno.rewire();
      break;
    case "analog":
      wiring.analogs.set(order.channel, order.counts);
      uno.rewire();
      break;
    case "look":
      return { output: uno.output(order.pin), hasPullUp: uno.hasPullUp(order.pin), bytesHeard };
    case "freeze":
      isFrozen = true;
      break;
    case "thaw":
      isFrozen = false;
      break;
    case "brown-out":
      await brownOut(order);
      break;
    case "noise":
      line.send(Uint8Array.from(order.bytes));
      break;
    case "deafen":
      isDeaf = true;
      break;
    case "cut":
      await line.cut();
      bytesHeard = 0;
      break;
    case "mend":
      await line.mend();
      break;
    case "restore":
      await restore();
      break;
  }
  return null;
}

await line.mend();
turn();
process.on("message", (order: UnoOrder) => {
  void carryOut(order).then((look) => process.send?.({ look }));
});
process.on("disconnect", () => void line.cut().then(() => process.exit()));
process.send?.({ port: line.port() });
