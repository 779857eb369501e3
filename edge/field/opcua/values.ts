// What an OPC UA server says of a variable, judged against what the config promises of it, and orders in the server's types. Pure.
import { DataType, type DataValue, type NodeId, Variant, VariantArrayType } from "node-opcua";
import type { PointValue, Quality } from "../../model/point.js";
import type { OpcuaPointConfig } from "../../model/wiring.js";

export interface Reading {
  /** Null when the server says none, or none of the promised type. */
  readonly value: PointValue | null;
  readonly quality: Quality;
  readonly sourceTime?: string;
  /** What is wrong with it, for people; null when nothing is. */
  readonly trouble: { readonly code: "field.quality-bad" | "field.payload-invalid"; readonly detail: string } | null;
}

export type Order = boolean | number | string;

const fits: Readonly<Record<OpcuaPointConfig["type"], (value: unknown) => value is Order>> = {
  boolean: (value) => typeof value === "boolean",
  int32: (value): value is number => Number.isSafeInteger(value),
  double: (value): value is number => Number.isFinite(value),
  string: (value) => typeof value === "string",
};

const declared: Readonly<Record<OpcuaPointConfig["type"], DataType>> = {
  boolean: DataType.Boolean,
  int32: DataType.Int32,
  double: DataType.Double,
  string: DataType.String,
};

/** OPC UA part 4, 7.39.1: the two highest bits of a status are its severity. */
const severityShift = 30;
const good = 0;
const uncertain = 1;

/** Status good is good, uncertain is stale, bad is lost; a value of another type is out of range. */
export function readDataValue(point: OpcuaPointConfig, seen: DataValue): Reading {
  const severity = seen.statusCode.value >>> severityShift;
  if (severity !== good && severity !== uncertain) {
    const detail = `node ${point.node}: ${seen.statusCode.name}`;
    return { value: null, quality: "lost", trouble: { code: "field.quality-bad", detail } };
  }
  const value = plainOf(seen.value);
  if (!fits[point.type](value)) {
    const detail = `node ${point.node}: ${DataType[seen.value.dataType]} is no ${point.type}`;
    return { value: null, quality: "out-of-range", trouble: { code: "field.payload-invalid", detail } };
  }
  const sourceTime = seen.sourceTimestamp === null ? {} : { sourceTime: seen.sourceTimestamp.toISOString() };
  return { value, quality: severity === good ? "good" : "stale", ...sourceTime, trouble: null };
}

/**
 * Which order an output's node shows. With methods it is a state that goes on by itself, closing and then closed: null when
 * it tells of no order.
 */
export function orderShown({ method, methods }: OpcuaPointConfig, value: PointValue): PointValue | null {
  if (method === undefined && methods === undefined) return value;
  const named = methods?.find(({ order, confirm = order }) => confirm === value);
  if (named !== undefined) return named.order;
  return method === undefined || method.confirm !== undefined ? null : value;
}

/** A single value in the language's own types; whole numbers of 64 bits come as two of 32, texts with a language in an object. */
export function plainOf(variant: Variant): unknown {
  const value: unknown = variant.value;
  if (variant.arrayType !== VariantArrayType.Scalar) return undefined;
  const { dataType } = variant;
  if (dataType === DataType.Int64) return wholeOf(value, BigInt.asIntN);
  if (dataType === DataType.UInt64) return wholeOf(value, BigInt.asUintN);
  if (dataType === DataType.LocalizedText && typeof value === "object")
    return (value as { text?: unknown } | null)?.text;
  return value;
}

function wholeOf(value: unknown, as: (bits: number, value: bigint) => bigint): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const [high, low]: readonly unknown[] = value;
  if (typeof high !== "number" || typeof low !== "number") return undefined;
  return Number(as(64, (BigInt(high) << 32n) | BigInt(low >>> 0)));
}

const wholeRanges: ReadonlyMap<DataType, readonly [number, number]> = new Map([
  [DataType.SByte, [-128, 127]],
  [DataType.Byte, [0, 255]],
  [DataType.Int16, [-32_768, 32_767]],
  [DataType.UInt16, [0, 65_535]],
  [DataType.Int32, [-(2 ** 31), 2 ** 31 - 1]],
  [DataType.UInt32, [0, 2 ** 32 - 1]],
  [DataType.Int64, [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]],
  [DataType.UInt64, [0, Number.MAX_SAFE_INTEGER]],
]);

/** The order as `dataType`, for servers refuse every other; null when it does not fit there. */
export function variantOf(order: Order, dataType: DataType): Variant | null {
  if (typeof order === "number") return numberVariant(order, dataType);
  if (typeof order === "boolean") return dataType === DataType.Boolean ? new Variant({ dataType, value: order }) : null;
  if (dataType === DataType.LocalizedText) return new Variant({ dataType, value: { text: order } });
  return dataType === DataType.String ? new Variant({ dataType, value: order }) : null;
}

function numberVariant(order: number, dataType: DataType): Variant | null {
  if (dataType === DataType.Double || dataType === DataType.Float) {
    return Number.isFinite(order) ? new Variant({ dataType, value: order }) : null;
  }
  const [from, to] = wholeRanges.get(dataType) ?? [1, 0];
  if (!Number.isInteger(order) || order < from || order > to) return null;
  if (dataType !== DataType.Int64 && dataType !== DataType.UInt64) return new Variant({ dataType, value: order });
  const bits = BigInt.asUintN(64, BigInt(order));
  const value = [Number(bits >> 32n), Number(bits & 0xffffffffn)];
  return new Variant({ dataType, arrayType: VariantArrayType.Scalar, value });
}

/** The order for a point's own node; null when it does not fit the point. */
export function orderVariant(point: OpcuaPointConfig, order: Order, dataType: DataType | undefined): Variant | null {
  return fits[point.type](order) ? variantOf(order, dataType ?? declared[point.type]) : null;
}

/** Whether the server shows what was asked, within what its type can hold. */
export function shows(seen: DataValue, wanted: Order): boolean {
  if (seen.statusCode.value >>> severityShift !== good) return false;
  const value = plainOf(seen.value);
  if (seen.value.dataType === DataType.Float && typeof wanted === "number") return value === Math.fround(wanted);
  return value === wanted;
}

/** Numbers of the data types that a single order can have, OPC UA part 6, 5.1.2. */
const scalarMax = DataType.String;

/** The built-in type of a node: as it declares, else as its value has it, for it may declare one of its own. */
export function dataTypeOf(declaredType: NodeId | null, present: Variant | null): DataType | undefined {
  const number = declaredType?.namespace === 0 && typeof declaredType.value === "number" ? declaredType.value : 0;
  if ((number > 0 && number <= scalarMax) || number === DataType.LocalizedText) return number;
  return present === null || present.dataType === DataType.Null ? undefined : present.dataType;
}

/** The type of an argument that no server declares. */
export function guessedType(order: Order): DataType {
  if (typeof order === "boolean") return DataType.Boolean;
  if (typeof order === "string") return DataType.String;
  return Number.isInteger(order) ? DataType.Int32 : DataType.Double;
}
