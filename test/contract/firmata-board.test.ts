// The Firmata driver at real StandardFirmata in an emulated Uno: what the common contract does not ask.
import { describe, expect, it } from "vitest";
import type { FirmataPointConfig } from "../../edge/model/wiring.js";
import { firmwares } from "../support/uno.js";
import type { UnoProcess } from "../support/uno-process.js";
import { type Bench, eachAtBoard, loopAtRest, points, type Rig, until } from "./firmata-board.js";

describe.each(firmwares)("the Firmata driver at StandardFirmata %s", (firmware) => {
  let uno: UnoProcess;
  let opened: Bench["opened"];
  eachAtBoard(firmware, (bench) => ({ uno, opened } = bench));

  async function start(chosen = points): Promise<Rig> {
    const rig = await opened(chosen);
    await until(() => expect(rig.last("panic")?.quality).toBe("good"));
    return rig;
  }

  it("finds a siren sounding that an earlier run switched on, says so and leaves it on", async () => {
    const earlier = await start();
    await earlier.order("siren", true);
    await earlier.driver.close();
    const rig = await start();
    await rig.shows("siren", true);
    await rig.order("strobe", true);
    await rig.order("strobe", false);
    expect((await uno.look(8)).output).toBe(true);
    expect(rig.values("siren")).toEqual([true]);
  });

  it("reports a change of a loop at once and an unchanged one about each second", async () => {
    const rig = await start();
    const loops = () => rig.heard.samples.filter(({ point }) => point === "loop");
    await until(() => expect(loops()).toHaveLength(1));
    await uno.analog(0, loopAtRest + 4);
    await until(() => expect(loops()).toHaveLength(2));
    const [first, second] = loops();
    expect((second?.occurredAt ?? 0) - (first?.occurredAt ?? 0)).toBeGreaterThan(900);
    await uno.analog(0, 512);
    await rig.shows("loop", 512);
  });

  it("reads a button with pull-up as pressed when it is low, and keeps the pull-up through writes", async () => {
    const rig = await start();
    await rig.shows("panic", false);
    await rig.order("siren", true);
    await uno.contact(2, "ground");
    await rig.shows("panic", true);
    await rig.order("siren", false);
    await uno.contact(2, "open");
    await rig.shows("panic", false);
    expect((await uno.look(2)).hasPullUp).toBe(true);
  });

  it("energises a relay that is active low by a low pin", async () => {
    const rig = await start();
    await rig.shows("healthy", true);
    await rig.order("healthy", false);
    expect((await uno.look(10)).output).toBe(true);
    expect(rig.last("healthy")?.value).toBe(false);
  });

  it("ends with the newer of two orders and answers both", async () => {
    const { driver, heard } = await start();
    driver.write({ id: "on", point: "siren", value: true });
    driver.write({ id: "off", point: "siren", value: false });
    await until(() => expect(heard.results.map(({ id }) => id).sort()).toEqual(["off", "on"]));
    expect(heard.results.find(({ id }) => id === "off")).toMatchObject({ ok: true });
    expect((await uno.look(8)).output).toBe(false);
  });

  it("names a pin that the board does not have and serves the others", async () => {
    const stray: FirmataPointConfig = { id: "stray", direction: "in", pin: 15, signal: "analog" };
    const rig = await start([...points, stray]);
    expect(rig.heard.troubles).toContainEqual({ code: "field.line-unknown", detail: expect.stringContaining("stray") });
    await rig.shows("loop", loopAtRest);
    expect(rig.last("stray")?.quality).toBe("lost");
  });

  it("finishes a handshake that was cut off in the middle", async () => {
    const rig = await opened();
    await until(async () => expect((await uno.look(8)).bytesHeard).toBeGreaterThan(0));
    await uno.order({ op: "cut" });
    await uno.order({ op: "mend" });
    await rig.shows("loop", loopAtRest);
  });
});
