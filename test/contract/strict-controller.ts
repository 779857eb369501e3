// An OPC UA server written by hand from parts 4 and 6, without node-opcua: a small, strict controller with numeric node ids.
// It announces a name of its own, gives no nonce and no certificate, publishes slowly and little at a time, takes few items
// per request, serves no browsing, and refuses a write with times, a status or another type, as real ones do.
import { createServer, type Socket } from "node:net";
import { type Node, put, Reader, type Scalar, types } from "./opcua-bytes.js";

/** Numbers of the binary encodings; a response has that of its request and 3. */
const services = {
  getEndpoints: 428,
  open: 446,
  closeChannel: 452,
  createSession: 461,
  activateSession: 467,
  closeSession: 473,
  browse: 527,
  read: 631,
  write: 673,
  call: 712,
  createItems: 751,
  createSubscription: 787,
  publish: 826,
} as const;
const serviceFault = 397;
const dataChange = 811;
const status = {
  badNodeIdUnknown: 0x80340000,
  badServiceUnsupported: 0x800b0000,
  badSessionIdInvalid: 0x80250000,
  badTooManyOperations: 0x80100000,
  badTypeMismatch: 0x80740000,
  badWriteNotSupported: 0x80730000,
  badInvalidArgument: 0x80ab0000,
} as const;
export const publishingMs = 200;
const itemsPerRequest = 100;
const valuesPerPublish = 10;
const attributes = { value: 13, dataType: 14 } as const;

export interface StrictController {
  readonly port: number;
  set(node: Node, value: Scalar): void;
  get(node: Node): Scalar | undefined;
  /** From now on a request to browse gets no answer at all. */
  ignoreBrowsing(): void;
  /** Forgets every session and cuts every line, as after a power dip. */
  restart(): void;
  close(): Promise<void>;
}

interface Item {
  readonly node: Node;
  readonly handle: number;
  readonly subscription: number;
}

/** `method`: what a call of `ns=2;i=100` with one word sets. */
export async function startStrictController(
  values: Map<Node, Scalar>,
  method: (word: string) => boolean,
  port = 0,
): Promise<StrictController> {
  const lines = new Set<Line>();
  const server = createServer((socket) => {
    const line = createLine(socket, values, method);
    lines.add(line);
    socket.on("close", () => {
      line.end();
      lines.delete(line);
    });
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const cut = () => {
    for (const line of lines) line.end();
  };
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    set(node, value) {
      values.set(node, value);
      for (const line of lines) line.changed(node);
    },
    get: (node) => values.get(node),
    ignoreBrowsing() {
      for (const line of lines) line.ignoreBrowsing();
    },
    restart: cut,
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Line {
  changed(node: Node): void;
  ignoreBrowsing(): void;
  end(): void;
}

let sessions = 1_000;

function createLine(socket: Socket, values: Map<Node, Scalar>, method: (word: string) => boolean): Line {
  const items: Item[] = [];
  const changes: { item: Item; value: Scalar }[] = [];
  const publishes: { request: number; handle: number }[] = [];
  let received = Buffer.alloc(0);
  let sent = 0;
  let published = 0;
  let session: Node | null = null;
  let browsing: number | null = status.badServiceUnsupported;

  const beat = setInterval(publish, publishingMs);

  function send(kind: "MSGF" | "OPNF", request: number, body: readonly Buffer[]): void {
    sent += 1;
    const security =
      kind === "OPNF"
        ? [put.text("http://opcfoundation.org/UA/SecurityPolicy#None"), put.text(null), put.text(null)]
        : [put.u32(1)];
    const rest = Buffer.concat([put.u32(1), ...security, put.u32(sent), put.u32(request), ...body]);
    socket.write(Buffer.concat([Buffer.from(kind), put.u32(rest.length + 8), rest]));
  }
  function answer(service: number, request: { id: number; handle: number }, body: readonly Buffer[], result = 0): void {
    const header = [put.time(Date.now()), put.u32(request.handle), put.u32(result), put.byte(0), put.u32(-1), put.none];
    const type = result === 0 ? service + 3 : serviceFault;
    send(service === services.open ? "OPNF" : "MSGF", request.id, [
      Buffer.concat([put.byte(1), put.byte(0), put.u16(type)]),
      ...header,
      ...(result === 0 ? body : []),
    ]);
  }

  function publish(): void {
    while (changes.length > 0) {
      const waiting = publishes.shift();
      if (waiting === undefined) return;
      const some = changes.splice(0, valuesPerPublish);
      published += 1;
      const notified = some.map(({ item, value }) =>
        Buffer.concat([put.u32(item.handle), put.value(value, 0, Date.now())]),
      );
      const data = Buffer.concat([put.list(notified), put.u32(-1)]);
      answer(services.publish, { id: waiting.request, handle: waiting.handle }, [
        put.u32(some[0]?.item.subscription ?? 0),
        put.list([put.u32(published)]),
        put.byte(changes.length > 0 ? 1 : 0),
        put.u32(published),
        put.time(Date.now()),
        put.list([Buffer.concat([put.node(`i=${dataChange}`), put.byte(1), put.u32(data.length), data])]),
        put.u32(-1),
        put.u32(-1),
      ]);
    }
  }

  /** Null: answered later. */
  function serve(
    service: number,
    read: Reader,
    request: { id: number; handle: number },
  ): readonly Buffer[] | number | null {
    switch (service) {
      case services.open:
        return [put.u32(0), put.u32(1), put.u32(1), put.time(Date.now()), put.u32(600_000), put.text(null)];
      case services.getEndpoints:
        return [endpoints];
      case services.createSession:
        sessions += 1;
        session = `i=${sessions}`;
        return [
          put.node(`ns=1;${session}`),
          put.node(session),
          put.f64(30_000),
          put.text(null),
          put.text(null),
          endpoints,
          put.u32(-1),
          put.text(null),
          put.text(null),
          put.u32(0),
        ];
      case services.activateSession:
        return [put.text(null), put.u32(-1), put.u32(-1)];
      case services.createSubscription:
        return [put.u32(77), put.f64(Math.max(read.f64(), publishingMs)), put.u32(100), put.u32(10)];
      case services.createItems:
        return createItems(read);
      case services.publish:
        publishes.push({ request: request.id, handle: request.handle });
        return null;
      case services.read:
        return readAll(read);
      case services.write:
        return writeAll(read);
      case services.call:
        return callAll(read);
      case services.closeSession:
        return [];
      case services.browse:
        return browsing;
      default:
        return status.badServiceUnsupported;
    }
  }

  function createItems(read: Reader): readonly Buffer[] | number {
    const subscription = read.u32();
    read.u32();
    const asked = read.list(() => {
      const node = readValueId(read).node;
      read.u32();
      const handle = read.u32();
      const sampling = read.f64();
      read.extension();
      read.skip(5);
      return { item: { node, handle, subscription }, sampling };
    });
    if (asked.length > itemsPerRequest) return status.badTooManyOperations;
    const results = asked.map(({ item, sampling }, index) => {
      const value = values.get(item.node);
      if (value !== undefined) {
        items.push(item);
        changes.push({ item, value });
      }
      const code = value === undefined ? status.badNodeIdUnknown : 0;
      return Buffer.concat([put.u32(code), put.u32(index + 1), put.f64(sampling), put.u32(1), put.none]);
    });
    return [put.list(results), put.u32(-1)];
  }

  function readAll(read: Reader): readonly Buffer[] {
    read.skip(12);
    const results = read.list(() => {
      const { node, attribute } = readValueId(read);
      const value = values.get(node);
      if (value === undefined) return put.value(null, status.badNodeIdUnknown);
      const type = { type: types.nodeId, value: `i=${value.type}` };
      return put.value(attribute === attributes.dataType ? type : value);
    });
    return [put.list(results), put.u32(-1)];
  }

  function writeAll(read: Reader): readonly Buffer[] {
    const results = read.list(() => {
      const node = read.node();
      read.u32();
      read.text();
      const mask = read.byte();
      const given = read.variant();
      const held = values.get(node);
      if (mask !== 1) return put.u32(status.badWriteNotSupported);
      if (held?.type !== given.type) return put.u32(status.badTypeMismatch);
      values.set(node, given);
      changed(node);
      return put.u32(0);
    });
    return [put.list(results), put.u32(-1)];
  }

  function callAll(read: Reader): readonly Buffer[] {
    const results = read.list(() => {
      read.node();
      const name = read.node();
      const [word] = read.list(() => read.variant());
      const isDone = name === "ns=2;i=100" && word?.type === types.string && method(String(word.value));
      const code = isDone ? 0 : status.badInvalidArgument;
      return Buffer.concat([put.u32(code), put.u32(-1), put.u32(-1), put.u32(-1)]);
    });
    return [put.list(results), put.u32(-1)];
  }

  function changed(node: Node): void {
    const value = values.get(node);
    for (const item of items) if (item.node === node && value !== undefined) changes.push({ item, value });
  }

  function take(frame: Buffer): void {
    const kind = frame.toString("latin1", 0, 3);
    const read = new Reader(frame.subarray(8));
    if (kind === "HEL") {
      const sizes = [0, 65_536, 65_536, 0, 0].map(put.u32);
      socket.write(Buffer.concat([Buffer.from("ACKF"), put.u32(28), ...sizes]));
      return;
    }
    if (kind === "CLO") return void socket.end();
    read.u32();
    if (kind === "OPN") for (let field = 0; field < 3; field += 1) read.text();
    else read.u32();
    read.u32();
    const id = read.u32();
    const service = Number(read.node().slice(2));
    const token = read.node();
    read.skip(8);
    const handle = read.u32();
    read.u32();
    read.text();
    read.u32();
    read.extension();
    const needsSession = service >= services.activateSession;
    const outcome =
      needsSession && token !== session ? status.badSessionIdInvalid : serve(service, read, { id, handle });
    if (outcome === null) return;
    if (typeof outcome === "number") answer(service, { id, handle }, [], outcome);
    else answer(service, { id, handle }, outcome);
  }

  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 8 && received.length >= received.readUInt32LE(4)) {
      const size = received.readUInt32LE(4);
      take(received.subarray(0, size));
      received = received.subarray(size);
    }
  });
  return {
    changed,
    ignoreBrowsing() {
      browsing = null;
    },
    end() {
      clearInterval(beat);
      socket.destroy();
    },
  };
}

function readValueId(read: Reader): { readonly node: Node; readonly attribute: number } {
  const node = read.node();
  const attribute = read.u32();
  read.text();
  read.u16();
  read.text();
  return { node, attribute };
}

/** One endpoint, under a name that only the controller knows. */
const endpoints = put.list([
  Buffer.concat([
    put.text("opc.tcp://plc-7:4840/plc"),
    put.text("urn:plc-7"),
    put.text(null),
    put.byte(2),
    put.text("plc-7"),
    put.u32(0),
    put.text(null),
    put.text(null),
    put.list([put.text("opc.tcp://plc-7:4840/plc")]),
    put.text(null),
    put.u32(1),
    put.text("http://opcfoundation.org/UA/SecurityPolicy#None"),
    put.list([Buffer.concat([put.text("0"), put.u32(0), put.text(null), put.text(null), put.text(null)])]),
    put.text("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary"),
    put.byte(0),
  ]),
]);
