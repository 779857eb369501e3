// The binary encoding of OPC UA (part 6, 5.2) written by hand, as far as a small controller needs it: nothing of node-opcua.

/** A node id in the usual notation, `ns=2;i=7`; namespace 0 without `ns`. */
export type Node = string;
export interface Scalar {
  readonly type: number;
  readonly value: boolean | number | string;
}
export const types = { boolean: 1, int16: 4, uint32: 7, double: 11, string: 12, nodeId: 17 } as const;

export class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  #next(length: number): number {
    this.#at += length;
    return this.#at - length;
  }
  byte = () => this.#bytes.readUInt8(this.#next(1));
  u16 = () => this.#bytes.readUInt16LE(this.#next(2));
  i16 = () => this.#bytes.readInt16LE(this.#next(2));
  u32 = () => this.#bytes.readUInt32LE(this.#next(4));
  i32 = () => this.#bytes.readInt32LE(this.#next(4));
  f64 = () => this.#bytes.readDoubleLE(this.#next(8));
  skip = (length: number) => void this.#next(length);
  text(): string | null {
    const length = this.i32();
    return length < 0 ? null : this.#bytes.toString("utf8", this.#next(length), this.#at);
  }
  node(): Node {
    const encoding = this.byte() & 0x3f;
    if (encoding === 0) return `i=${this.byte()}`;
    const namespace = encoding === 1 ? this.byte() : this.u16();
    const prefix = namespace === 0 ? "" : `ns=${namespace};`;
    if (encoding === 1) return `${prefix}i=${this.u16()}`;
    if (encoding === 2) return `${prefix}i=${this.u32()}`;
    if (encoding === 3) return `${prefix}s=${this.text()}`;
    throw new Error(`node id of encoding ${encoding}`);
  }
  extension(): void {
    this.node();
    if (this.byte() !== 0) this.skip(this.i32());
  }
  list<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.i32()) }, read);
  }
  variant(): Scalar {
    const type = this.byte();
    if (type === types.boolean) return { type, value: this.byte() === 1 };
    if (type === types.int16) return { type, value: this.i16() };
    if (type === types.uint32 || type === 6) return { type, value: this.u32() };
    if (type === types.double) return { type, value: this.f64() };
    if (type === types.string) return { type, value: this.text() ?? "" };
    return { type, value: "" };
  }
}

const timeZero = 116_444_736_000_000_000n;

/** Parts of a message, put together by `bytes`. */
export const put = {
  byte: (value: number) => Buffer.from([value]),
  u16(value: number) {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return bytes;
  },
  u32(value: number) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return bytes;
  },
  f64(value: number) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  },
  /** 100 ns since 1601. */
  time(ms: number) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(ms) * 10_000n + timeZero);
    return bytes;
  },
  /** Null where there is nothing, for strings and byte strings. */
  text: (value: string | null) =>
    value === null ? put.u32(-1) : Buffer.concat([put.u32(Buffer.byteLength(value)), Buffer.from(value)]),
  node(node: Node) {
    const [, namespace = "0", kind, name = ""] = /^(?:ns=(\d+);)?([is])=(.+)$/.exec(node) ?? [];
    if (kind === "s") return Buffer.concat([put.byte(3), put.u16(Number(namespace)), put.text(name)]);
    return Buffer.concat([put.byte(2), put.u16(Number(namespace)), put.u32(Number(name))]);
  },
  list: (items: readonly Buffer[]) => Buffer.concat([put.u32(items.length), ...items]),
  none: Buffer.from([0, 0, 0]),
  variant({ type, value }: Scalar) {
    return Buffer.concat([put.byte(type), scalar(type, value)]);
  },
  /** With a source time, or without any. */
  value: (value: Scalar | null, status = 0, sourceTime: number | null = null) =>
    Buffer.concat([
      put.byte((value === null ? 0 : 1) | (status === 0 ? 0 : 2) | (sourceTime === null ? 0 : 4)),
      ...(value === null ? [] : [put.variant(value)]),
      ...(status === 0 ? [] : [put.u32(status)]),
      ...(sourceTime === null ? [] : [put.time(sourceTime)]),
    ]),
};

function scalar(type: number, value: boolean | number | string): Buffer {
  if (type === types.boolean) return put.byte(value === true ? 1 : 0);
  if (type === types.int16) return put.u16(Number(value) & 0xffff);
  if (type === types.uint32) return put.u32(Number(value));
  if (type === types.double) return put.f64(Number(value));
  if (type === types.nodeId) return put.node(String(value));
  return put.text(String(value));
}
