// A controlled door is watched around the clock: what is forced or held open is an alarm in any state of its area.
import { describe, expect, it } from "vitest";
import { HandFed } from "../../support/hand-fed.js";
import { area, config, zone } from "../incident/stage.js";

const door = zone("door", {
  kind: "access-door",
  area: "office",
  granted: "granted",
  grantMs: 5000,
  heldOpenMs: 30_000,
  entryRoute: true,
});
const office = config({
  areas: [area("office", { kind: "office", armedAtStart: false, entryMs: 30_000 })],
  zones: [door],
  drivers: [
    {
      id: "io",
      kind: "gpio",
      chip: "c",
      points: ["door", "granted"].map((id) => ({ id, direction: "in" as const, line: id })),
    },
  ],
});

const seen = (box: HandFed) => box.of("zone.breached").map(({ cause, alarm }) => [cause, alarm.priority]);

describe("a controlled door", () => {
  it.each([false, true])("A-19: that is forced is an alarm at once whether its area is armed: %s", (isArmed) => {
    const box = new HandFed(office);
    if (isArmed) box.order({ kind: "arm", area: "office" });
    box.set("door", true);
    box.pass(1000);
    expect(seen(box)).toEqual([["door-forced", 1]]);
  });

  it("A-19: that is held open by day is an alarm of priority 3", () => {
    const box = new HandFed(office);
    box.set("granted", true);
    box.set("door", true);
    box.set("granted", false);
    box.pass(29_000);
    expect(seen(box)).toEqual([]);
    box.pass(2000);
    expect(seen(box)).toEqual([["door-held-open", 3]]);
  });

  it.each([
    [true, [["changed-while-away", 2]]],
    [false, []],
  ] as const)("A-19: that was open when the box came back is not called forced (armed: %s)", (isArmed, told) => {
    const box = new HandFed(office);
    if (isArmed) box.order({ kind: "arm", area: "office" });
    box.set("granted", true);
    box.set("door", true);
    box.set("granted", false);
    box.restart(1000);
    expect(seen(box)).toEqual(told);
  });
});
