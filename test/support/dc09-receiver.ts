// An alarm receiver as a monitoring station has it: takes DC-09 over TCP or UDP, checks what it hears byte by byte with code of
// its own, and answers as it is told to.
import { createDecipheriv } from "node:crypto";
import { createSocket } from "node:dgram";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Received {
  readonly id: string;
  readonly sequence: string;
  readonly account: string;
  /** Between the brackets; empty for a link test. */
  readonly data: string;
  readonly extended: string;
  readonly time: string;
}

export interface Receiver {
  readonly port: number;
  /** Events, without link tests; each as often as it came. */
  readonly events: readonly Received[];
  readonly tests: readonly Received[];
  /** What could not be read, as text. */
  readonly rubbish: readonly string[];
  /** What the next messages get instead of an acknowledgement. */
  readonly answers: ("none" | "DUH" | "NAK" | "hang-up" | "bad-crc" | "split")[];
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly transport: "tcp" | "udp";
  readonly key: Buffer | null;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Each event as it comes. */
  readonly onEvent?: (event: Received) => void;
}

/** A hub's outlet to the receiver at `port`. */
export function outletTo(port: number, name: string, { account, encrypted }: { account: string; encrypted: boolean }) {
  const way = { host: "127.0.0.1", port, transport: "tcp", format: "SIA-DCS" } as const;
  return { name, ...way, account, encrypted, supervisionSeconds: 60 };
}

function crc16(bytes: Buffer): number {
  const table = Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
    return value;
  });
  return bytes.reduce((crc, byte) => (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0), 0);
}

const hex4 = (value: number) => value.toString(16).toUpperCase().padStart(4, "0");
const framed = (body: string) =>
  Buffer.from(`\n${hex4(crc16(Buffer.from(body, "latin1")))}${hex4(body.length)}${body}\r`, "latin1");

function open(hex: string, key: Buffer): string {
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(Buffer.from(hex, "hex")), decipher.final()]).toString("latin1");
  return plain.slice(plain.indexOf("|") + 1);
}

const whole =
  /^\n([0-9A-F]{4})([0-9A-F]{4})("(\*?)(SIA-DCS|ADM-CID|NULL)"(\d{4})(?:R[0-9A-F]+)?L[0-9A-F]+#([0-9A-F]+)\[(.*))\r$/;
const inside = /^(?:#([0-9A-F]+)\|)?([^\]]*)\]((?:\[[^\]]*\])*)_(\d\d:\d\d:\d\d,\d\d-\d\d-\d{4})$/;

function read(message: Buffer, key: Buffer | null): Received | string {
  const text = message.toString("latin1");
  const [, crc, length, body = "", star, id = "", sequence = "", account = "", rest = ""] = whole.exec(text) ?? [];
  if (crc !== hex4(crc16(Buffer.from(body, "latin1"))) || length !== hex4(body.length)) return text;
  if ((star === "*") !== (key !== null)) return text;
  const clear = key === null ? rest : open(rest, key);
  const [, again, data = "", extended = "", time = ""] = inside.exec(clear) ?? [];
  if (time === "" || (again !== undefined && again !== account)) return text;
  return { id, sequence, account, data, extended, time };
}

function answerTo(
  { sequence, account }: Received,
  how: Receiver["answers"][number] | undefined,
): readonly Buffer[] | null {
  const ack = framed(`"ACK"${sequence}R1L0#${account}[]`);
  switch (how) {
    case "none":
      return [];
    case "hang-up":
      return null;
    case "DUH":
      return [framed(`"DUH"${sequence}R1L0#${account}[]`)];
    case "NAK":
      return [framed('"NAK"0000R0L0A0[]_12:00:00,01-01-2030')];
    case "bad-crc":
      return [Buffer.from(ack.toString("latin1").replace("ACK", "ACQ"), "latin1")];
    case "split":
      return [ack.subarray(0, 10), ack.subarray(10)];
    case undefined:
      return [ack];
  }
}

export async function startReceiver({ transport, key, port = 0, onEvent }: ReceiverOptions): Promise<Receiver> {
  const events: Received[] = [];
  const tests: Received[] = [];
  const rubbish: string[] = [];
  const answers: Receiver["answers"] = [];

  /** Null hangs up. */
  function hear(message: Buffer): readonly Buffer[] | null {
    const heard = read(message, key);
    if (typeof heard === "string") {
      rubbish.push(heard);
      return [];
    }
    (heard.id === "NULL" ? tests : events).push(heard);
    if (heard.id !== "NULL") onEvent?.(heard);
    return answerTo(heard, heard.id === "NULL" ? undefined : answers.shift());
  }

  const listener = transport === "tcp" ? await listenTcp(hear, port) : await listenUdp(hear, port);
  return { ...listener, events, tests, rubbish, answers };
}

type Hear = (message: Buffer) => readonly Buffer[] | null;
type Listener = Pick<Receiver, "port" | "close">;

async function listenTcp(hear: Hear, port: number): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let end = bytes.indexOf(13); end >= 0; end = bytes.indexOf(13)) {
        const answer = hear(bytes.subarray(0, end + 1));
        bytes = bytes.subarray(end + 1);
        if (answer === null) return socket.destroy();
        for (const part of answer) socket.write(part);
      }
      return undefined;
    });
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listenUdp(hear: Hear, port: number): Promise<Listener> {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    for (const part of hear(message) ?? []) socket.send(part, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(port, "127.0.0.1", resolve));
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(resolve)) };
}
