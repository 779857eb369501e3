// What breaks at a real Firmata board and its cable, and what the driver says of it: StandardFirmata in an emulated Uno.
import { describe, expect, it } from "vitest";
import type { UnoProcess } from "../support/uno-process.js";
import { type Bench, eachAtBoard, loopAtRest, points, type Rig, until } from "./firmata-board.js";

const inputs = ["loop", "panic"];

/** Of the two revisions the one that is harder to set up again: it has no mode for pull-ups. */
describe("a fault at StandardFirmata 2.4", () => {
  let uno: UnoProcess;
  let opened: Bench["opened"];
  eachAtBoard("2.4", (bench) => ({ uno, opened } = bench));

  /** Everything good, both relays energised. */
  async function start(chosen = points): Promise<Rig> {
    const rig = await opened(chosen);
    await rig.shows("panic", false);
    await rig.order("siren", true);
    await rig.order("strobe", true);
    return rig;
  }

  function expectLostBeforeDown({ heard }: Rig): void {
    const down = heard.links.find(({ up }) => !up);
    const before = heard.samples.slice(0, down?.samplesBefore);
    for (const input of inputs) expect(before.findLast(({ point }) => point === input)?.quality).toBe("lost");
    expect(heard.troubles).toContainEqual({ code: "field.unreachable", detail: expect.stringContaining("io") });
  }

  /** No sample showed the loop or the button as it never was. */
  function expectNothingInvented(rig: Rig, loops: readonly number[]): void {
    expect(loops).toEqual(expect.arrayContaining([...new Set(rig.values("loop"))]));
    expect(new Set(rig.values("panic"))).toEqual(new Set([false]));
  }

  it("A cut cable: lost, then link down; back with what changed, the relays untouched", async () => {
    const rig = await start();
    await uno.order({ op: "cut" });
    await until(() => expect(rig.heard.links.at(-1)?.up).toBe(false));
    expectLostBeforeDown(rig);
    await uno.analog(0, 682);
    const from = rig.heard.samples.length;
    await uno.order({ op: "mend" });
    await rig.shows("loop", 682);
    await rig.shows("panic", false);
    expectNothingInvented(rig, [loopAtRest, 682]);
    expect(rig.values("siren", from)).not.toContain(false);
    expect((await uno.look(8)).output).toBe(true);
    expect((await uno.look(9)).output).toBe(true);
    expect(rig.driver.health()).toMatchObject({ connected: true, reconnects: 1 });
  });

  it("Frozen firmware on an open line: lost, then link down; good again when it thaws", async () => {
    const rig = await start();
    await uno.order({ op: "freeze" });
    await until(() => expect(rig.heard.links.at(-1)?.up).toBe(false));
    expectLostBeforeDown(rig);
    expect(rig.heard.links.at(-1)?.reason).toMatch(/silent/);
    await uno.order({ op: "thaw" });
    await rig.shows("loop", loopAtRest);
    await rig.shows("panic", false);
    expectNothingInvented(rig, [loopAtRest]);
  });

  it.each([
    { what: "in the middle of a report", inReport: true, unheard: false },
    { what: "whose greeting is lost", inReport: false, unheard: true },
  ])("Brown-out $what: relays found off, and energised again only as declared", async ({ inReport, unheard }) => {
    const rig = await start();
    const from = rig.heard.samples.length;
    await uno.order({ op: "brown-out", inReport, unheard });
    await until(async () => expect((await uno.look(8)).output).toBe(true));
    await until(() => expect([rig.values("siren", from)[0], rig.values("siren").at(-1)]).toEqual([false, true]));
    expect(new Set(rig.values("strobe", from))).toEqual(new Set([false]));
    expect((await uno.look(9)).output).toBe(false);
    await until(async () => expect((await uno.look(2)).hasPullUp).toBe(true));
    await uno.analog(0, 900);
    await rig.shows("loop", 900);
    await uno.contact(2, "ground");
    expectNothingInvented(rig, [loopAtRest, 900]);
    await rig.shows("panic", true);
  });

  it("Brown-out of a board without analog inputs, unheard: noticed, and its inputs read again", async () => {
    const rig = await start(points.filter(({ signal }) => signal !== "analog"));
    await uno.order({ op: "brown-out", unheard: true });
    await until(async () => expect((await uno.look(2)).hasPullUp).toBe(true));
    await uno.contact(2, "ground");
    await rig.shows("panic", true);
  });

  it("Noise between messages: named by a code, nothing invented, and the board stays up", async () => {
    const rig = await start();
    for (let burst = 0; burst < 20; burst += 1) {
      await uno.order({ op: "noise", bytes: [0x12, 0xf0, 0x6e, burst, 0xff, 0x80, 0xe0, burst, 0xf7, 0x34] });
    }
    await until(() => expect(rig.heard.troubles.map(({ code }) => code)).toContain("field.noise"));
    await uno.analog(0, 682);
    await rig.shows("loop", 682);
    expectNothingInvented(rig, [loopAtRest, 682]);
    expect(rig.heard.links.map(({ up }) => up)).toEqual([true]);
  });

  it("Noise in the form of reports: neither an alarm of the loop nor a press of the button", async () => {
    const rig = await start();
    const from = rig.heard.samples.length;
    await uno.order({ op: "noise", bytes: [0xe0, 0x2a, 0x05, 0x90, 0, 0, 0x12, 0x90, 0, 0, 0xe0, 0, 0, 0x34] });
    // The next telling of the loop comes later than everything that the noise could have caused.
    await until(() => expect(rig.values("loop", from)).not.toEqual([]));
    expectNothingInvented(rig, [loopAtRest]);
  });

  it("A broken wire to the board: what it says still counts, and no order is confirmed", async () => {
    const rig = await start();
    await uno.order({ op: "deafen" });
    rig.driver.write({ id: "w", point: "siren", value: false });
    await until(() => expect(rig.heard.results.at(-1)).toMatchObject({ id: "w", ok: false, reason: "unconfirmed" }));
    expect(rig.heard.troubles.at(-1)?.code).toBe("field.write-unconfirmed");
    await uno.contact(2, "ground");
    await rig.shows("panic", true);
    await uno.analog(0, 682);
    await rig.shows("loop", 682);
  });
});
