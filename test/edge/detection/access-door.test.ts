import { describe, expect, it } from "vitest";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { alarms, type Step, told, watch } from "./watch.js";

const door: ZoneConfig = {
  id: "z",
  name: { zh: "门", en: "door" },
  area: "a",
  kind: "access-door",
  point: "p",
  granted: "g",
  filterMs: 400,
  grantMs: 5_000,
  heldOpenMs: 30_000,
  heldOpenRaisedMs: 10_000,
};

const shut: readonly Step[] = [
  [0, "p", false],
  [0, "g", false],
];
const open = (at: number): Step => [at, "p", true];
const close = (at: number): Step => [at, "p", false];
const grant = (from: number, to: number): readonly Step[] => [
  [from, "g", true],
  [to, "g", false],
];

type Row = readonly [what: string, steps: readonly Step[], expected: readonly string[]];

describe("access door", () => {
  it.each([
    ["A-19: opened without a grant is forced", [...shut, open(10_000), close(12_000)], ["door-forced@10000"]],
    ["A-19: opened under a grant is no alarm", [...shut, [9_000, "g", true], open(10_000), close(12_000)], []],
    [
      "A-19: opened shortly after a grant is no alarm",
      [...shut, ...grant(9_000, 9_500), open(14_499), close(16_000)],
      [],
    ],
    [
      "A-19: opened long after a grant is forced",
      [...shut, ...grant(9_000, 9_500), open(14_500), close(16_000)],
      ["door-forced@14500"],
    ],
    [
      "A-19: a grant that arrives within the filter covers the opening",
      [...shut, open(10_000), [10_300, "g", true], close(12_000)],
      [],
    ],
    [
      "A-19: open for too long is held open",
      [...shut, [9_000, "g", true], open(10_000), close(50_000)],
      ["door-held-open@40000"],
    ],
    ["shut in time is no alarm", [...shut, [9_000, "g", true], open(10_000), close(39_999)], []],
    ["a forced door that stays open is forced only", [...shut, open(10_000)], ["door-forced@10000"]],
    [
      "shut for less than the filter stays open",
      [...shut, [9_000, "g", true], open(10_000), close(39_900), open(40_100)],
      ["door-held-open@40000"],
    ],
    [
      "told twice that it is being shut, it is shut in time",
      [...shut, [9_000, "g", true], open(10_000), close(39_900), close(40_100)],
      [],
    ],
    [
      "shut at the very moment it is held open",
      [...shut, [9_000, "g", true], open(10_000), close(40_000)],
      ["door-held-open@40000"],
    ],
    [
      "each opening counts by itself",
      [...shut, [9_000, "g", true], open(10_000), close(39_000), open(45_000), close(60_000)],
      [],
    ],
    [
      "a grant that cannot be seen covers nothing",
      [...shut, [8_000, "g", true], [8_500, "g", true, "lost"], open(20_000), close(21_000)],
      ["signal-lost@8500", "door-forced@20000", "signal-lost@21000"],
    ],
    [
      "a door that was shut while its grant is lost is forced when it opens again",
      [...shut, [9_000, "g", true], open(10_000), [11_000, "g", null, "lost"], close(12_000), open(20_000)],
      ["signal-lost@12000", "door-forced@20000"],
    ],
    [
      "a door out of sight goes on being open",
      [...shut, [9_000, "g", true], open(10_000), [20_000, "p", null, "lost"], open(45_000)],
      ["door-held-open@40000"],
    ],
  ] as readonly Row[])("%s", (_what, steps, expected) => {
    expect(alarms(watch(door, steps))).toEqual(expected);
  });

  it("A-23: in a raised posture the held-open time is shorter", () => {
    const steps: readonly Step[] = [...shut, [9_000, "g", true], open(10_000)];
    expect(alarms(watch(door, steps, { raised: true }))).toEqual(["door-held-open@20000"]);
    const { heldOpenRaisedMs: _, ...plain } = door;
    expect(alarms(watch(plain, steps, { raised: true }))).toEqual(["door-held-open@40000"]);
  });

  it("A-19: a held-open door tells when it was opened", () => {
    const [held] = watch(door, [...shut, [9_000, "g", true], open(10_000)]).events.slice(-1);
    expect(held).toMatchObject({ from: "normal", firstActivityAt: 10_000, occurredAt: 40_000, momentary: false });
  });

  it("says nothing of openings under a grant, and that a forced one is over", () => {
    const granted = [...shut, ...grant(9_000, 15_000), open(10_000), close(12_000)];
    expect(told(watch(door, [...granted, open(30_000), close(32_000)]))).toEqual([
      "normal@0",
      "door-forced@30000",
      "normal@32000",
    ]);
  });

  it("a door that was open when it came into sight is judged by level", () => {
    const [first] = watch(door, [open(0), [0, "g", false]]).events;
    expect(first).toMatchObject({ from: "unknown", condition: { cause: "door-forced" } });
  });
});
