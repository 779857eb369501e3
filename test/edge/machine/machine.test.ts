// The real machine behind the ports: clock trust, timers that are never early, and a folder as a disk.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createClock } from "../../../edge/machine/clock.js";
import { openDisk } from "../../../edge/machine/disk.js";
import { isKernelSynchronised } from "../../../edge/machine/kernel-time.js";
import { createMemoryDisk } from "../../../edge/machine/memory-disk.js";
import type { Disk } from "../../../edge/machine/ports.js";
import { createTimer } from "../../../edge/machine/timer.js";
import { testFolder } from "../../support/folder.js";
import { createSimulatedDisk } from "../../support/simulated-disk.js";

describe("the clock", () => {
  test("runs forward, with one boot id", () => {
    const clock = createClock();
    const [first, second] = [clock.now(), clock.now()];
    expect(second.mono).toBeGreaterThan(first.mono);
    expect(second.boot).toBe(first.boot);
    expect(first.boot).toMatch(/^[0-9a-f-]{36}$/);
    expect(Math.abs(first.mono - Number(process.hrtime.bigint()) / 1e6)).toBeLessThan(1000);
  });

  test("was never set when the wall clock is before something that has certainly happened", () => {
    const clock = createClock({ isKernelSynchronised: () => false });
    expect(clock.now().clock).toBe("holdover");
    clock.raiseFloor(Date.now() + 1e6);
    expect(clock.now().clock).toBe("never-set");
    clock.raiseFloor(0);
    expect(clock.now().clock).toBe("never-set");
  });

  test("is right when a time source disciplines it, whatever a record of a wrong clock says", () => {
    const clock = createClock({ isKernelSynchronised: () => true });
    clock.raiseFloor(Date.now() + 1e6);
    expect(clock.now().clock).toBe("synchronised");
  });

  test("asks the kernel, which knows of any time source", () => {
    expect([true, false]).toContain(isKernelSynchronised());
  });

  test("goes by the mark of timesyncd where the kernel cannot tell, else it is kept by the machine alone", async () => {
    const options = { synchronisedMark: join(testFolder(), "synchronized"), isKernelSynchronised: () => null };
    const { synchronisedMark } = options;
    expect(createClock(options).now().clock).toBe("holdover");
    await writeFile(synchronisedMark, "");
    const clock = createClock(options);
    expect(clock.now().clock).toBe("synchronised");
    await rm(synchronisedMark);
    expect(clock.now().clock).toBe("synchronised");
  });
});

describe("the timer", () => {
  test("never fires early by the monotonic clock", async () => {
    const [clock, timer] = [createClock(), createTimer()];
    for (let round = 0; round < 20; round += 1) {
      const at = clock.mono() + 1 + round / 7;
      await new Promise<void>((resolve) => timer.at(at, resolve));
      expect(clock.mono()).toBeGreaterThanOrEqual(at);
    }
  });

  test("does not fire once it is cancelled", async () => {
    const [clock, timer] = [createClock(), createTimer()];
    let fired = false;
    const cancel = timer.at(clock.mono() + 1, () => {
      fired = true;
    });
    cancel();
    await new Promise<void>((resolve) => timer.at(clock.mono() + 10, resolve));
    expect(fired).toBe(false);
  });
});

const disks: readonly (readonly [string, () => Promise<Disk>])[] = [
  ["a folder", async () => openDisk(join(testFolder(), "new"))],
  ["memory", async () => createMemoryDisk(1e6)],
  ["the simulation", async () => createSimulatedDisk().mount()],
];

describe.each(disks)("a disk that is %s", (_name, make) => {
  test("gives back what was written in place, also past the end, and no more than there is", async () => {
    const disk = await make();
    const file = await disk.open("a", "create");
    await file.write(4, Buffer.from("world"));
    await file.write(0, Buffer.from("hell"));
    await file.sync();
    expect(Buffer.from(await file.read(0, 100)).toString()).toBe("hellworld");
    expect(await file.size()).toBe(9);
    await file.truncate(4);
    await file.truncate(6);
    expect(Buffer.from(await file.read(2, 100)).toString()).toBe("ll\0\0");
    await file.close();
  });

  test("lists, renames and removes, and says what is not there by the system's code", async () => {
    const disk = await make();
    await (await disk.open("a", "create")).close();
    await disk.rename("a", "b");
    await disk.syncFolder();
    expect(await disk.list()).toEqual(["b"]);
    await disk.remove("b");
    expect(await disk.list()).toEqual([]);
    await expect(disk.open("a", "read")).rejects.toMatchObject({ code: "ENOENT" });
    expect(await disk.freeBytes()).toBeGreaterThan(0);
  });
});
