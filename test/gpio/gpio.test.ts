// Both ways to the pins on a real kernel: the contract of every driver, and what only a real kernel can show. Runs in the guest of
// `npm run test:gpio`.
import { type ChildProcess, fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openCharacterDevice } from "../../edge/field/gpio/character-device.js";
import type { OpenChip } from "../../edge/field/gpio/chip.js";
import { createGpioDriver } from "../../edge/field/gpio/driver.js";
import type { ChipListing } from "../../edge/field/gpio/listing.js";
import { openSysfs } from "../../edge/field/gpio/sysfs.js";
import { monoNow } from "../../edge/machine/clock.js";
import type { Driver } from "../../edge/model/driver.js";
import type { GpioDriverConfig } from "../../edge/model/wiring.js";
import { type DriverRig, driverContract, type Heard, listen } from "../contract/driver-suite.js";
import { realMachine } from "../contract/real-machine.js";
import { label, level, plug, plugAnew, pull, taken } from "./chip.js";

const config: GpioDriverConfig = {
  id: "pins",
  kind: "gpio",
  chip: label,
  points: [
    { id: "beam", direction: "in", line: "GPIO17" },
    { id: "panic", direction: "in", line: 18, activeLow: true },
    { id: "door", direction: "in", line: 19 },
    { id: "siren", direction: "out", line: 6 },
    { id: "healthy", direction: "out", line: "GPIO7", activeLow: true },
  ],
};
const withBusyLine: GpioDriverConfig = {
  ...config,
  points: [...config.points, { id: "busy", direction: "in", line: taken.line }],
};

const ways: Readonly<Record<string, OpenChip>> = { "gpio-cdev": openCharacterDevice, "gpio-onoff": openSysfs };

for (const [name, way] of Object.entries(ways)) {
  driverContract({
    name,
    hasLine: true,
    linkFollowsDevice: true,
    notApplicable: {
      freeze: "a wire at rest says nothing; the chip that leaves is the line that is cut",
      rubbish: "a wire is high or low",
      // sysfs keeps a line whose process has gone.
      ...(way === openSysfs
        ? {}
        : { keep: "what becomes of a line that nobody holds is the chip's to say; gpio-sim's falls" }),
    },
    async make(): Promise<DriverRig> {
      plugAnew();
      return {
        driver: createGpioDriver(config, realMachine, [way]),
        inputs: ["beam", "panic", "door"],
        input: "beam",
        states: [false, true],
        output: { point: "siren", orders: [true, false] },
        setInput: async (value) => pull(17, value === true),
        outputAtDevice: () => level(6),
        breakLine: async () => plug(false),
        resume: async () => plug(true),
        dispose: async () => undefined,
      };
    },
  });

  describe(`${name} on a real kernel`, () => {
    const drivers: Driver[] = [];
    const children: ChildProcess[] = [];
    beforeEach(plugAnew);
    afterEach(async () => {
      for (const child of children.splice(0)) child.kill("SIGKILL");
      for (const driver of drivers.splice(0)) await driver.close();
    });
    const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
    const last = (heard: Heard, point: string) => heard.samples.findLast((sample) => sample.point === point);

    async function opened(of = config): Promise<{ driver: Driver; heard: Heard }> {
      const driver = createGpioDriver(of, realMachine, [way]);
      drivers.push(driver);
      const heard = listen();
      await driver.open(heard.events);
      return { driver, heard };
    }

    async function hold(): Promise<ChildProcess> {
      const child = fork(fileURLToPath(new URL("holder.mjs", import.meta.url)), [name, JSON.stringify(config)]);
      children.push(child);
      expect((await once(child, "message"))[0]).toBe("holds");
      return child;
    }

    it("reads a line that is active low the other way round", async () => {
      pull(18, true);
      const { heard } = await opened();
      await until(() => expect(last(heard, "panic")).toMatchObject({ value: false, quality: "good" }));
      pull(18, false);
      await until(() => expect(last(heard, "panic")?.value).toBe(true));
    });

    it("catches both edges of beam pulses down to 40 ms, stamped on the monotonic clock", async () => {
      const { heard } = await opened();
      const beams = () => heard.samples.filter(({ point }) => point === "beam");
      const from = monoNow();
      for (const [index, pulseMs] of [200, 100, 60, 40, 40, 40].entries()) {
        pull(17, true);
        await sleep(pulseMs);
        pull(17, false);
        await until(() => expect(beams()).toHaveLength(3 + 2 * index));
        const [rise, fall] = beams().slice(-2);
        expect([rise?.value, fall?.value]).toEqual([true, false]);
        expect(rise?.occurredAt).toBeGreaterThan(from);
        // sysfs has no kernel time; what it tells is when the box heard of it.
        if (way === openCharacterDevice)
          expect((fall?.occurredAt ?? 0) - (rise?.occurredAt ?? 0)).toBeGreaterThanOrEqual(pulseMs - 1);
        await sleep(40);
      }
    });

    it("tells each of several lines by itself, and each level once", async () => {
      const { heard } = await opened();
      const from = heard.samples.length;
      for (const line of [17, 18, 19]) {
        pull(line, true);
        await sleep(40);
      }
      await until(() => expect(heard.samples.slice(from)).toHaveLength(3));
      await sleep(600);
      expect(heard.samples.slice(from).map(({ point, value }) => [point, value])).toEqual([
        ["beam", true],
        ["panic", false],
        ["door", true],
      ]);
    });

    it("drives a relay that is active low, and says what the line says", async () => {
      const { driver, heard } = await opened();
      for (const [index, value] of [true, false, true].entries()) {
        driver.write({ id: `h${index}`, point: "healthy", value });
        await until(() => expect(heard.results).toHaveLength(index + 1));
        expect(heard.results.at(-1)?.ok).toBe(true);
        expect(level(7)).toBe(!value);
        expect(last(heard, "healthy")?.value).toBe(value);
      }
      driver.write({ id: "no", point: "beam", value: true });
      await until(() => expect(heard.results.at(-1)).toMatchObject({ id: "no", ok: false }));
    });

    it("takes an output over as it is", async () => {
      // gpio-sim lets a line that nobody holds fall back to its pull, so this one stays high.
      pull(6, true);
      const first = await opened();
      first.driver.write({ id: "on", point: "siren", value: true });
      await until(() => expect(first.heard.results).toHaveLength(1));
      await first.driver.close();
      expect(level(6)).toBe(true);
      const second = await opened();
      expect(last(second.heard, "siren")?.value).toBe(true);
      expect(level(6)).toBe(true);
    });

    it("names who holds a busy line, and serves the others", async () => {
      const { heard } = await opened(withBusyLine);
      expect(heard.troubles).toMatchObject([{ code: "field.line-busy" }]);
      expect(heard.troubles[0]?.detail).toContain(`in use by "${taken.holder}"`);
      expect(last(heard, "busy")?.quality).toBe("lost");
      expect(last(heard, "beam")?.quality).toBe("good");
    });

    it("goes on after the process that held its lines was killed, with nothing to clean by hand", async () => {
      const child = await hold();
      pull(17, true);
      child.kill("SIGKILL");
      await once(child, "exit");
      const { driver, heard } = await opened();
      expect(heard.troubles).toEqual([]);
      await until(() => expect(last(heard, "beam")).toMatchObject({ value: true, quality: "good" }));
      pull(17, false);
      await until(() => expect(last(heard, "beam")?.value).toBe(false));
      driver.write({ id: "again", point: "siren", value: true });
      await until(() => expect(heard.results).toMatchObject([{ id: "again", ok: true }]));
      expect(level(6)).toBe(true);
    });

    it("ends a process that has it open", async () => {
      const child = await hold();
      child.send("end");
      expect((await once(child, "exit"))[0]).toBe(0);
    });

    if (way === openSysfs) {
      it("leaves no input exported when it closes", async () => {
        const { driver } = await opened();
        await driver.close();
        const exported = readdirSync("/sys/class/gpio").filter((entry) => /^gpio\d+$/.test(entry));
        const directions = exported.map((entry) => readFileSync(`/sys/class/gpio/${entry}/direction`, "utf8").trim());
        expect(directions).toEqual(["out", "out"]);
      });
      return;
    }

    it("holds lines of equal settings on one descriptor", async () => {
      const links = () =>
        readdirSync("/proc/self/fd").flatMap((fd) => {
          try {
            return [readlinkSync(`/proc/self/fd/${fd}`)];
          } catch {
            return [];
          }
        });
      await opened();
      expect(links().filter((link) => link.includes("gpio-line"))).toHaveLength(4);
    });

    it("tells whose process holds a line", async () => {
      const child = await hold();
      const { heard } = await opened();
      expect(heard.troubles.map(({ code }) => code)).toEqual(config.points.map(() => "field.line-busy"));
      expect(heard.troubles[0]?.detail).toContain('in use by "portcullis"');
      child.kill("SIGKILL");
      await until(() => expect(last(heard, "beam")?.quality).toBe("good"));
    });

    it("shows a technician who holds which line, and how", async () => {
      await opened({
        ...config,
        points: [{ id: "quiet", direction: "in", line: 10, activeLow: true, bias: "pull-up", debounceUs: 5_000 }],
      });
      const listed = spawnSync(process.execPath, [".build/scripts/portcullis.js", "gpio", "list", "--json"]);
      const [chip] = JSON.parse(String(listed.stdout)) as readonly ChipListing[];
      expect(chip).toMatchObject({ label, lineCount: 54, trouble: "" });
      expect(chip?.lines[10]).toEqual({
        line: 10,
        name: "GPIO10",
        used: true,
        consumer: "portcullis",
        direction: "in",
        activeLow: true,
        bias: "pull-up",
        debounceUs: 5_000,
      });
      expect(chip?.lines[taken.line]).toMatchObject({ used: true, consumer: taken.holder });
      expect(chip?.lines[11]).toMatchObject({ used: false, consumer: "" });
    });

    it("biases and debounces a line as configured", async () => {
      const quiet = { id: "quiet", direction: "in", line: 10, bias: "pull-up", debounceUs: 200_000 } as const;
      const { heard } = await opened({ ...config, points: [quiet] });
      await until(() => expect(last(heard, "quiet")?.value).toBe(true));
      const before = heard.samples.length;
      pull(10, false);
      await sleep(10);
      pull(10, true);
      await sleep(600);
      expect(heard.samples.slice(before)).toEqual([]);
      pull(10, false);
      await until(() => expect(last(heard, "quiet")?.value).toBe(false));
    });
  });
}
