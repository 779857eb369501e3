// What an OPC UA server says of a variable, judged against what the config promises of it. Pure.
import { DataType, type DataValue, Variant } from "node-opcua";
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

type Order = boolean | number | string;

const fits: Readonly<Record<OpcuaPointConfig["type"], (value: unknown) => value is Order>> = {
  boolean: (value) => typeof value === "boolean",
  int32: (value): value is number => Number.isInteger(value),
  double: (value): value is number => Number.isFinite(value),
  string: (value) => typeof value === "string",
};

const dataTypes: Readonly<Record<OpcuaPointConfig["type"], DataType>> = {
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
  const value: unknown = seen.value.value;
  if (!fits[point.type](value)) {
    const detail = `node ${point.node}: ${DataType[seen.value.dataType]} is no ${point.type}`;
    return { value: null, quality: "out-of-range", trouble: { code: "field.payload-invalid", detail } };
  }
  const sourceTime = seen.sourceTimestamp === null ? {} : { sourceTime: seen.sourceTimestamp.toISOString() };
  return { value, quality: severity === good ? "good" : "stale", ...sourceTime, trouble: null };
}

/** The order as the server's type; null when it does not fit the point. */
export function orderVariant(point: OpcuaPointConfig, value: Order): Variant | null {
  return fits[point.type](value) ? new Variant({ dataType: dataTypes[point.type], value }) : null;
}
