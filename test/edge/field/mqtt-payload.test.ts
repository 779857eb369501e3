// Payloads of field devices: what is believed and what is refused, row by row.
import { expect, it } from "vitest";
import { decodePayload, encodeOrder } from "../../../edge/field/mqtt/payload.js";
import type { MqttPointConfig } from "../../../edge/model/wiring.js";

const base = { id: "p", direction: "in", device: "d", topic: "t" } as const;
const plain: MqttPointConfig = { ...base, payload: "plain" };
const words: MqttPointConfig = { ...base, payload: "plain", on: "blocked", off: "clear" };
const json: MqttPointConfig = { ...base, payload: "json", path: "beam.state", on: "blocked", off: "clear" };
const timed: MqttPointConfig = { ...base, payload: "json", path: "on", sourceTimePath: "at" };
const level: MqttPointConfig = { ...base, payload: "level" };

const decode = (point: MqttPointConfig, text: string) => decodePayload(point, Buffer.from(text));

it.each([
  [plain, "true", true],
  [plain, "1", true],
  [plain, " on\n", true],
  [plain, "off", false],
  [plain, "0", false],
  [words, "blocked", true],
  [words, "clear", false],
  [{ ...base, payload: "plain", on: "blocked" }, "false", false],
  [json, '{"beam":{"state":"blocked"}}', true],
  [json, '{"beam":{"state":"clear"},"more":1}', false],
  [{ ...base, payload: "json" }, "true", true],
  [{ ...base, payload: "json", path: "n" }, '{"n":0}', false],
] satisfies [MqttPointConfig, string, boolean][])("reads %o from %s as %s", (point, text, value) => {
  expect(decode(point, text)).toEqual({ ok: true, value });
});

it.each([
  [plain, "", "neither"],
  [plain, "maybe", '"maybe" is neither on nor off'],
  [words, "true", '"true" is neither blocked nor clear'],
  [json, '{"beam":"blocked"}', "beam.state is undefined"],
  [json, '{"beam":{"state":true}}', "beam.state is true"],
  [json, "[]", "beam.state"],
  [json, "null", "beam.state"],
  [{ ...base, payload: "json", path: "constructor.name" }, "{}", "constructor.name is undefined"],
  [json, "{", "no JSON"],
  [json, "\u0000\uffff", "no JSON"],
  [level, "{}", "t0"],
  [level, '{"t0":1,"periodUs":999,"values":[1]}', "periodUs is 999"],
  [level, '{"t0":1,"periodUs":1000001,"values":[1]}', "periodUs"],
  [level, '{"t0":1,"periodUs":3000,"values":[]}', "1 to 4096"],
  [level, `{"t0":1,"periodUs":3000,"values":[${Array(4_097).fill(1)}]}`, "1 to 4096"],
  [level, '{"t0":1,"periodUs":3000,"values":[1,"2"]}', 'values[1] is "2"'],
  [level, '{"t0":1,"periodUs":3000,"values":[1e999]}', "values[0]"],
  [level, '{"t0":"now","periodUs":3000,"values":[1]}', 't0 is "now"'],
] satisfies [MqttPointConfig, string, string][])("refuses for %o what says %s", (point, text, detail) => {
  expect(decode(point, text)).toEqual({ ok: false, detail: expect.stringContaining(detail) });
});

it("reads a block of a level signal", () => {
  const block = { t0: 1_700_000_000_000.5, periodUs: 3_003, values: [0.1, -2, 3e-4] };
  expect(decode(level, JSON.stringify(block))).toEqual({ ok: true, value: block });
});

it("shows only the start of rubbish", () => {
  const decoded = decode(json, "x".repeat(10_000));
  expect(decoded.ok || decoded.detail.length).toBeLessThan(100);
});

it.each([
  ['{"on":true,"at":"2026-05-01T12:00:00+08:00"}', "2026-05-01T04:00:00.000Z"],
  ['{"on":true,"at":0}', "1970-01-01T00:00:00.000Z"],
  ['{"on":true,"at":"yesterday"}', undefined],
  ['{"on":true}', undefined],
])("takes the device's own time from %s as evidence", (text, sourceTime) => {
  expect(decode(timed, text)).toEqual({ ok: true, value: true, ...(sourceTime === undefined ? {} : { sourceTime }) });
});

it("orders an output in the words of its point", () => {
  expect([encodeOrder(words, true), encodeOrder(words, false)]).toEqual(["blocked", "clear"]);
  expect([encodeOrder(plain, true), encodeOrder(plain, false)]).toEqual(["true", "false"]);
});

it.each([
  ["number", undefined, "21.5", 21.5],
  ["number", "t.air", '{"t":{"air":-3}}', -3],
  ["text", undefined, "barrier closed", "barrier closed"],
] as const)("A-35: reads a measured value or words as payload %s with path %s", (payload, path, seen, value) => {
  const point: MqttPointConfig = { ...base, payload, ...(path === undefined ? {} : { path }) };
  expect(decodePayload(point, Buffer.from(seen))).toEqual({ ok: true, value });
});

it.each([
  ["number", '"warm"'],
  ["number", "{}"],
  ["number", "NaN"],
  ["text", "x".repeat(257)],
] as const)("refuses as payload %s what is none: %.20s", (payload, seen) => {
  expect(decodePayload({ ...base, payload }, Buffer.from(seen)).ok).toBe(false);
});

it("orders words on a text output only, and states on the others only", () => {
  const text: MqttPointConfig = { ...base, direction: "out", payload: "text" };
  expect([encodeOrder(text, "close"), encodeOrder(text, true), encodeOrder(plain, "close")]).toEqual([
    "close",
    null,
    null,
  ]);
});
