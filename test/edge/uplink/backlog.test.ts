// What waits for the hub: its depth and age, and how much may be on its way.
import { describe, expect, it } from "vitest";
import { openLog } from "../../../edge/journal/log.js";
import { createAges, depths } from "../../../edge/uplink/backlog.js";
import { acknowledge, roomIn, sent, windowAfter, withTimeout } from "../../../edge/uplink/window.js";
import { draft, journalOptions, manualMachine, noMemory } from "../../support/journal.js";
import { createSimulatedDisk } from "../../support/simulated-disk.js";

describe("what waits", () => {
  it("has a depth and an age in each lane, and none once the hub has it", async () => {
    const machine = manualMachine();
    const parts = { disk: createSimulatedDisk().mount(), machine, options: journalOptions, memory: noMemory };
    const journal = await openLog({ ...parts, durable: true, onTrouble: () => undefined });
    const ages = createAges(journal, machine.clock);
    await journal.append([{ ...draft("alarm"), now: machine.clock.now() }], true);
    machine.advance(30_000);
    await journal.append([{ ...draft("alarm"), now: machine.clock.now() }], true);
    expect(depths(journal)).toEqual({ alarm: 2, state: 0, telemetry: 0 });
    expect(await ages()).toEqual({ alarm: 30_000, state: 0, telemetry: 0 });
    const [head] = journal.heads().filter(({ lane }) => lane === "alarm");
    if (head === undefined) throw new Error("no head");
    await journal.acknowledge([{ ...head, sequence: 1 }]);
    machine.advance(10_000);
    expect(await ages()).toMatchObject({ alarm: 10_000 });
    await journal.acknowledge([head]);
    expect([depths(journal).alarm, (await ages()).alarm]).toEqual([0, 0]);
  });

  it("has no age while the disk does not give its oldest record back, which is not asked for each time", async () => {
    let reads = 0;
    const source = {
      heads: () => [{ epoch: "e", lane: "alarm" as const, sequence: 2, hash: "h" }],
      acknowledged: () => [],
      read() {
        reads += 1;
        return Promise.reject(new Error("EIO: i/o error, read"));
      },
    };
    const ages = createAges(source, manualMachine().clock);
    expect([await ages(), await ages()]).toEqual(Array(2).fill({ alarm: 0, state: 0, telemetry: 0 }));
    expect(reads).toBe(1);
  });
});

describe("the window of a lane", () => {
  const open = windowAfter({ epoch: "e", lane: "telemetry", sequence: 0 });

  it.each([
    ["grows while the hub stores quickly", 100, 1024],
    ["stays while it takes its time", 1_000, 512],
    ["shrinks while it is slow", 3_000, 256],
  ])("%s", (_how, tookMs, room) => {
    expect(roomIn(acknowledge(sent(open, 10, 1_000), 10, 1_000 + tookMs))).toBe(room);
  });

  it("has bounds, and that of alarms does not change", () => {
    let window = open;
    for (let at = 1; at < 10; at += 1) window = acknowledge(sent(window, at, 0), at, 1);
    expect(roomIn(window)).toBe(4096);
    const alarms = windowAfter({ epoch: "e", lane: "alarm", sequence: 0 });
    expect(roomIn(acknowledge(sent(alarms, 1, 0), 1, 1))).toBe(256);
  });

  it("begins small again after a hub that did not answer", () => {
    expect(roomIn(withTimeout(sent(open, 400, 0), 10_000))).toBe(128);
  });
});
