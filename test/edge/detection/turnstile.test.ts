import { describe, expect, it } from "vitest";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { alarms, type Step, watch } from "./watch.js";

const turnstile: ZoneConfig = {
  id: "z",
  name: { zh: "闸", en: "turnstile" },
  area: "a",
  kind: "turnstile",
  granted: "g",
  passed: "p",
  tamper: "t",
  grantMs: 5_000,
};

const rest: readonly Step[] = [
  [0, "g", false],
  [0, "p", false],
];
const grant = (at: number): readonly Step[] => [
  [at, "g", true],
  [at + 500, "g", false],
];
const pass = (at: number): readonly Step[] => [
  [at, "p", true],
  [at + 200, "p", false],
];

describe("turnstile", () => {
  it.each([
    [
      "A-39: a second passage on one grant is tailgating",
      [...grant(10_000), ...pass(11_000), ...pass(12_000)],
      ["tailgating@12000"],
    ],
    ["A-39: a passage without a grant is tailgating", [...pass(11_000)], ["tailgating@11000"]],
    [
      "A-39: one passage for each grant is none",
      [...grant(10_000), ...grant(10_800), ...pass(11_500), ...pass(12_500)],
      [],
    ],
    ["A-39: a passage long after its grant is tailgating", [...grant(10_000), ...pass(15_500)], ["tailgating@15500"]],
    [
      "a grant that is over is not saved for later",
      [...grant(10_000), ...grant(20_000), ...pass(21_000), ...pass(22_000)],
      ["tailgating@22000"],
    ],
    ["a passage while the grant still stands is none", [[10_000, "g", true], ...pass(30_000)], []],
    ["a passage told twice counts once", [...grant(10_000), [11_000, "p", true], [11_100, "p", true]], []],
    ["where grants cannot be seen nobody is called a tailgater", [[9_000, "g", null, "lost"], ...pass(11_000)], []],
    ["an opened case is tamper", [[9_000, "t", true]], ["tampered@9000"]],
  ] as readonly (readonly [string, readonly Step[], readonly string[]])[])("%s", (_what, steps, expected) => {
    expect(alarms(watch(turnstile, [...rest, ...steps]))).toEqual(expected);
  });

  it("A-39: tailgating stands for itself", () => {
    expect(watch(turnstile, [...rest, ...pass(11_000)]).events.at(-1)).toMatchObject({
      momentary: true,
      from: "normal",
    });
  });

  it("a passage that was under way at the start is none", () => {
    expect(alarms(watch(turnstile, [[0, "g", false], ...pass(100)]))).toEqual([]);
  });
});
