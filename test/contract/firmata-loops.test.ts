// End-of-line loops from the resistor to the class: real resistances at the converter of an emulated Uno, real StandardFirmata,
// the driver, and the loop's classes.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classifyLoop, type LoopClass } from "../../edge/detection/loop.js";
import type { FirmataPointConfig } from "../../edge/model/wiring.js";
import type { LoopConfig } from "../../edge/model/zone.js";
import { startUno, type UnoProcess } from "../support/uno-process.js";
import { type Rig, rigOn, until } from "./firmata-board.js";

const supply = { pullUpOhms: 4700, fullScale: 1023, tolerance: 0.2 };
const sets = {
  single: { ...supply, endOhms: 4700 },
  double: { ...supply, endOhms: 4700, alarmOhms: 4700 },
  triple: { ...supply, pullUpOhms: 2200, endOhms: 1000, alarmOhms: 1000, maskOhms: 3000 },
} satisfies Record<string, LoopConfig>;
const names = ["single", "double", "triple"] as const;

const channels: readonly FirmataPointConfig[] = names.map((id, pin) => ({
  id,
  direction: "in",
  pin,
  signal: "analog",
}));

const converterSteps = 1024;
/** What a 10-bit converter makes of a loop between its input and ground. */
function countsOf({ pullUpOhms }: LoopConfig, ohms: number): number {
  const share = ohms === Number.POSITIVE_INFINITY ? 1 : ohms / (ohms + pullUpOhms);
  return Math.min(converterSteps - 1, Math.floor(share * converterSteps));
}

const cut = Number.POSITIVE_INFINITY;
/** A hundred metres of 0.5 mm2 wire, there and back. */
const wireOhms = 7;

const rows: readonly {
  readonly what: string;
  readonly ohms: readonly number[];
  readonly classes: readonly LoopClass[];
}[] = [
  { what: "at rest", ohms: [4700, 4700, 1000], classes: ["normal", "normal", "normal"] },
  { what: "at rest on a long wire", ohms: [4707, 4707, 1000 + wireOhms], classes: ["normal", "normal", "normal"] },
  { what: "at rest with resistors 5 % low", ohms: [4465, 4465, 950], classes: ["normal", "normal", "normal"] },
  { what: "with the contact open", ohms: [cut, 9400, 2000], classes: ["alarm", "alarm", "alarm"] },
  { what: "with the wire cut", ohms: [cut, cut, cut], classes: ["alarm", "cut", "cut"] },
  { what: "with the wire shorted", ohms: [wireOhms, wireOhms, wireOhms], classes: ["short", "short", "short"] },
  { what: "with the third detector masked", ohms: [4700, 4700, 4000], classes: ["normal", "normal", "masked"] },
  { what: "with it masked and its contact open", ohms: [4700, 4700, 5000], classes: ["normal", "normal", "alarm"] },
  {
    what: "with a wet splice across the end",
    ohms: [2700, 2700, 600],
    classes: ["out-of-range", "out-of-range", "out-of-range"],
  },
  {
    what: "with a resistor of the wrong set",
    ohms: [7000, 6800, 1500],
    classes: ["out-of-range", "out-of-range", "out-of-range"],
  },
];

describe("end-of-line loops at real firmware", () => {
  let uno: UnoProcess;
  let rig: Rig;
  beforeAll(async () => {
    uno = await startUno("2.5", "tcp");
    rig = rigOn(uno, channels);
    await rig.driver.open(rig.heard.events);
  });
  afterAll(async () => {
    await rig.driver.close();
    await uno.end();
  });

  it.each(rows)("reads loops of one, two and three resistors $what", async ({ ohms, classes }) => {
    const counts = names.map((name, channel) => countsOf(sets[name], ohms[channel] ?? 0));
    for (const [channel, value] of counts.entries()) await uno.analog(channel, value);
    await until(() => {
      for (const [channel, name] of names.entries()) {
        // The driver tells no change within the converter's noise.
        expect(Math.abs(Number(rig.last(name)?.value) - (counts[channel] ?? 0)), name).toBeLessThanOrEqual(6);
        expect(rig.last(name)?.quality).toBe("good");
      }
    });
    expect(names.map((name) => classifyLoop(sets[name], Number(rig.last(name)?.value)))).toEqual(classes);
  });

  it("never shows a class that a loop was not in while one changes", async () => {
    await uno.analog(1, countsOf(sets.double, 4700));
    await until(() => expect(classifyLoop(sets.double, Number(rig.last("double")?.value))).toBe("normal"));
    const from = rig.heard.samples.length;
    for (let turn = 0; turn < 5; turn += 1) {
      const ohms = turn % 2 === 0 ? 9400 : 4700;
      await uno.analog(1, countsOf(sets.double, ohms));
      await until(() => expect(Number(rig.last("double")?.value)).toBe(countsOf(sets.double, ohms)));
    }
    const classes = new Set(rig.values("double", from).map((raw) => classifyLoop(sets.double, Number(raw))));
    expect([...classes].sort()).toEqual(["alarm", "normal"]);
  });
});
