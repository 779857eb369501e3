// Values of OPC UA in the words of the product and back.
import { DataType, DataValue, NodeId, NodeIdType, StatusCodes, Variant, VariantArrayType } from "node-opcua";
import { describe, expect, it } from "vitest";
import { dataTypeOf, orderShown, plainOf, readDataValue, shows, variantOf } from "../../../edge/field/opcua/values.js";

describe("a value of a server", () => {
  const point = (type: "boolean" | "int32" | "double" | "string") =>
    ({ id: "p", direction: "in", node: "ns=2;i=7", type }) as const;
  it.each([
    { dataType: DataType.Byte, value: 7, type: "int32", read: 7 },
    { dataType: DataType.Int64, value: [0xffffffff, 0xfffffffe], type: "int32", read: -2 },
    { dataType: DataType.UInt64, value: [1, 1], type: "int32", read: 2 ** 32 + 1 },
    { dataType: DataType.Float, value: 0.5, type: "double", read: 0.5 },
    { dataType: DataType.LocalizedText, value: { locale: "en", text: "Closed" }, type: "string", read: "Closed" },
    { dataType: DataType.Int32, value: 1, type: "boolean", read: null },
    { dataType: DataType.String, value: "1", type: "int32", read: null },
    { dataType: DataType.Double, value: Number.NaN, type: "double", read: null },
  ] as const)("$dataType $value as $type is $read", ({ dataType, value, type, read }) => {
    const seen = new DataValue({ value: new Variant({ dataType, arrayType: VariantArrayType.Scalar, value }) });
    expect(readDataValue(point(type), seen)).toMatchObject({
      value: read,
      quality: read === null ? "out-of-range" : "good",
    });
  });

  it("is none when it is a list, or empty", () => {
    const list = new Variant({ dataType: DataType.Int32, arrayType: VariantArrayType.Array, value: [1, 2] });
    expect(plainOf(list)).toBeUndefined();
    expect(readDataValue(point("int32"), new DataValue({ value: new Variant() })).quality).toBe("out-of-range");
  });
});

describe("an order", () => {
  it.each([
    { order: 255, dataType: DataType.Byte, written: 255 },
    { order: 256, dataType: DataType.Byte, written: null },
    { order: -1, dataType: DataType.UInt32, written: null },
    { order: 1.5, dataType: DataType.Int16, written: null },
    { order: -2, dataType: DataType.Int64, written: [0xffffffff, 0xfffffffe] },
    { order: 2 ** 32, dataType: DataType.UInt64, written: [1, 0] },
    { order: 3, dataType: DataType.Double, written: 3 },
    { order: true, dataType: DataType.Int32, written: null },
    { order: "close", dataType: DataType.String, written: "close" },
    { order: "close", dataType: DataType.ByteString, written: null },
  ])("$order for $dataType is written as $written", ({ order, dataType, written }) => {
    const variant = variantOf(order, dataType);
    expect(variant === null ? null : variant.value).toEqual(written);
    if (variant !== null) expect(variant.dataType).toBe(dataType);
  });

  it("is confirmed by a good value alone, and by what a short number can hold", () => {
    const seen = (value: Variant, statusCode = StatusCodes.Good) => new DataValue({ value, statusCode });
    const float = new Variant({ dataType: DataType.Float, value: Math.fround(0.1) });
    expect(shows(seen(float), 0.1)).toBe(true);
    expect(shows(seen(float, StatusCodes.UncertainLastUsableValue), 0.1)).toBe(false);
    expect(shows(seen(variantOf(5, DataType.Int64) ?? new Variant()), 5)).toBe(true);
  });

  it("takes the type that the node declares, else that of its value", () => {
    const present = new Variant({ dataType: DataType.Int32, value: 2 });
    expect(dataTypeOf(new NodeId(NodeIdType.NUMERIC, DataType.Int16, 0), present)).toBe(DataType.Int16);
    expect(dataTypeOf(new NodeId(NodeIdType.NUMERIC, 29, 0), present)).toBe(DataType.Int32);
    expect(dataTypeOf(new NodeId(NodeIdType.NUMERIC, 3_002, 2), present)).toBe(DataType.Int32);
    expect(dataTypeOf(null, new Variant())).toBeUndefined();
  });
});

describe("an output that is commanded by calls", () => {
  const call = { object: "ns=2;i=1", method: "ns=2;i=2" };
  const point = { id: "p", direction: "out", node: "ns=2;i=7", type: "string" } as const;
  it.each([
    { is: "of a variable", with: {}, value: "closed", shown: "closed" },
    {
      is: "of an order",
      with: { methods: [{ ...call, order: "close", confirm: "closing" }] },
      value: "closing",
      shown: "close",
    },
    {
      is: "that goes on",
      with: { methods: [{ ...call, order: "close", confirm: "closing" }] },
      value: "closed",
      shown: null,
    },
    { is: "of any order", with: { method: call }, value: "close", shown: "close" },
    { is: "of readiness only", with: { method: { ...call, confirm: "done" } }, value: "done", shown: null },
  ])("shows a state $is as $shown", ({ with: more, value, shown }) => {
    expect(orderShown({ ...point, ...more }, value)).toBe(shown);
  });
});
