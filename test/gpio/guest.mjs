// Runs inside the guest kernel, by plain Node on the built files: both ways to the pins, on a chip that gpio-sim simulates.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { openCharacterDevice } from "../../.build/edge/field/gpio/character-device.js";
import { createGpioDriver } from "../../.build/edge/field/gpio/driver.js";
import { openSysfs } from "../../.build/edge/field/gpio/sysfs.js";
import { createClock, monoNow } from "../../.build/edge/machine/clock.js";
import { createTimer } from "../../.build/edge/machine/timer.js";

const label = "pinctrl-rp1";
const env = { clock: createClock(), timer: createTimer() };
const config = {
  id: "pins",
  kind: "gpio",
  chip: label,
  points: [
    { id: "beam", direction: "in", line: "GPIO17" },
    { id: "panic", direction: "in", line: 18, activeLow: true },
    { id: "siren", direction: "out", line: 6 },
    { id: "healthy", direction: "out", line: "GPIO7", activeLow: true },
    { id: "taken", direction: "in", line: 20 },
  ],
};

/** A chip of 54 lines as a Pi 5 has it; line 20 belongs to somebody else. */
const chip = {
  config: "/sys/kernel/config/gpio-sim/pi",
  make() {
    const bank = `${this.config}/bank0`;
    mkdirSync(bank, { recursive: true });
    writeFileSync(`${bank}/num_lines`, "54");
    writeFileSync(`${bank}/label`, label);
    for (let line = 2; line <= 27; line += 1) {
      mkdirSync(`${bank}/line${line}`);
      writeFileSync(`${bank}/line${line}/name`, `GPIO${line}`);
    }
    mkdirSync(`${bank}/line20/hog`);
    writeFileSync(`${bank}/line20/hog/name`, "fence-camera");
    writeFileSync(`${bank}/line20/hog/direction`, "input");
  },
  live(isLive) {
    writeFileSync(`${this.config}/live`, isLive ? "1" : "0");
  },
  line(offset) {
    const read = (file) => readFileSync(`${this.config}/${file}`, "utf8").trim();
    return `/sys/devices/platform/${read("dev_name")}/${read("bank0/chip_name")}/sim_gpio${offset}`;
  },
  pull(offset, up) {
    writeFileSync(`${this.line(offset)}/pull`, up ? "pull-up" : "pull-down");
  },
  level(offset) {
    return readFileSync(`${this.line(offset)}/value`, "utf8").trim() === "1";
  },
};

async function until(what, check) {
  const end = monoNow() + 20_000;
  while (!check()) {
    assert.ok(monoNow() < end, `in vain: ${what}`);
    await sleep(5);
  }
}

const drivers = [];

async function opened(way, points = config.points) {
  const heard = { samples: [], results: [], links: [], troubles: [] };
  const driver = createGpioDriver({ ...config, points }, env, [way]);
  drivers.push(driver);
  await driver.open({
    sample: (sample) => heard.samples.push(sample),
    result: (result) => heard.results.push(result),
    link: (up, reason) => heard.links.push({ up, reason }),
    trouble: (code, detail) => heard.troubles.push({ code, detail }),
  });
  const last = (point) => heard.samples.findLast((sample) => sample.point === point);
  return { driver, heard, last };
}

const hasKernelTime = (way) => way === openCharacterDevice;

const checks = {
  async "reports every level after opening, also of a line that is active low"(way) {
    chip.pull(17, true);
    chip.pull(18, true);
    const { heard, last } = await opened(way);
    await until("levels", () => last("beam")?.value === true && last("panic")?.value === false);
    assert.deepEqual(last("siren"), { ...last("siren"), value: false, quality: "good" });
    assert.equal(heard.links.at(-1).up, true);
    chip.pull(17, false);
    chip.pull(18, false);
    await until("both changed", () => last("beam")?.value === false && last("panic")?.value === true);
  },

  async "catches both edges of pulses of 40 ms"(way) {
    const { heard } = await opened(way);
    const beams = () => heard.samples.filter((sample) => sample.point === "beam");
    const from = monoNow();
    for (let pulse = 1; pulse <= 5; pulse += 1) {
      chip.pull(17, true);
      await sleep(40);
      chip.pull(17, false);
      await until(`pulse ${pulse}`, () => beams().length === 1 + 2 * pulse);
      await sleep(40);
    }
    const [, ...edges] = beams();
    assert.deepEqual(
      edges.map((sample) => sample.value),
      [true, false, true, false, true, false, true, false, true, false],
    );
    for (const [index, edge] of edges.entries()) {
      assert.ok(edge.occurredAt >= from && edge.occurredAt <= monoNow(), "stamped on the monotonic clock");
      if (hasKernelTime(way) && index % 2 === 1) assert.ok(edge.occurredAt - edges[index - 1].occurredAt >= 39);
    }
  },

  async "sets outputs and confirms them by the line"(way) {
    const { driver, heard, last } = await opened(way);
    for (const [index, value] of [true, false, true].entries()) {
      driver.write({ id: `siren-${index}`, point: "siren", value });
      driver.write({ id: `healthy-${index}`, point: "healthy", value });
      await until("confirmed", () => heard.results.length === 2 * (index + 1));
      assert.ok(heard.results.every((result) => result.ok));
      assert.equal(chip.level(6), value);
      assert.equal(chip.level(7), !value);
      assert.equal(last("siren").value, value);
    }
    driver.write({ id: "no", point: "beam", value: true });
    await until("refused", () => heard.results.some((result) => result.id === "no" && !result.ok));
  },

  async "takes an output over as it is"(way) {
    // gpio-sim lets a line that nobody holds fall back to its pull, so this one stays high.
    chip.pull(6, true);
    const first = await opened(way);
    first.driver.write({ id: "on", point: "siren", value: true });
    await until("on", () => first.heard.results.length === 1);
    await first.driver.close();
    assert.equal(chip.level(6), true);
    const second = await opened(way);
    assert.equal(second.last("siren").value, true);
    assert.equal(chip.level(6), true);
    chip.pull(6, false);
  },

  async "names the line that somebody else holds, and serves the others"(way) {
    const { heard, last } = await opened(way);
    const busy = heard.troubles.filter((trouble) => trouble.code === "field.line-busy");
    assert.equal(busy.length, 1);
    assert.match(busy[0].detail, /taken/);
    if (hasKernelTime(way)) assert.match(busy[0].detail, /fence-camera/);
    assert.equal(last("taken").quality, "lost");
    assert.equal(last("beam").quality, "good");
  },

  async "tells a missing chip, goes on looking, and notices when it leaves again"(way) {
    chip.live(false);
    const { driver, heard, last } = await opened(way);
    assert.equal(heard.troubles.at(-1).code, "field.no-gpio");
    assert.equal(heard.links.at(-1).up, false);
    assert.ok(config.points.every(({ id }) => last(id).quality === "lost"));
    chip.live(true);
    await until("found", () => last("beam").quality === "good" && heard.links.at(-1).up);
    chip.live(false);
    await until("left", () => heard.links.at(-1).up === false);
    assert.ok(config.points.every(({ id }) => last(id).quality === "lost"));
    driver.write({ id: "late", point: "siren", value: true });
    await until("refused", () => heard.results.some((result) => result.id === "late" && !result.ok));
    chip.live(true);
    await until("found again", () => last("beam").quality === "good");
  },
};

const characterDeviceChecks = {
  async "biases and debounces a line as configured"(way) {
    chip.pull(10, false);
    const quiet = { id: "quiet", direction: "in", line: 10, bias: "pull-up", debounceUs: 200_000 };
    const { heard, last } = await opened(way, [quiet]);
    await until("pulled up", () => last("quiet")?.value === true);
    const before = heard.samples.length;
    chip.pull(10, false);
    await sleep(10);
    chip.pull(10, true);
    await sleep(600);
    assert.equal(heard.samples.length, before, "a short pulse is no change");
    chip.pull(10, false);
    await until("a lasting level", () => last("quiet").value === false);
  },
};

async function endsWithAnOpenDriver(way) {
  await opened(way);
  await sleep(50);
  process.exit(0);
}

const ways = { "character device": openCharacterDevice, sysfs: openSysfs };
if (process.argv[2] === "exit") await endsWithAnOpenDriver(ways[process.argv[3]]);

if (existsSync(chip.config)) rmdirSync(chip.config);
chip.make();
chip.live(true);
let failures = 0;
for (const [name, way] of Object.entries(ways)) {
  const leave = () => {
    const child = spawnSync(process.execPath, [process.argv[1], "exit", name], { timeout: 60_000 });
    assert.equal(child.status, 0, String(child.stderr));
  };
  const all = {
    ...checks,
    ...(hasKernelTime(way) ? characterDeviceChecks : {}),
    "ends a process that has it open": leave,
  };
  for (const [what, check] of Object.entries(all)) {
    try {
      await check(way);
      process.stdout.write(`ok   ${name} ${what}\n`);
    } catch (error) {
      failures += 1;
      process.stdout.write(`FAIL ${name} ${what}\n${error.stack}\n`);
    }
    for (const driver of drivers.splice(0)) await driver.close();
  }
}
process.exit(failures === 0 ? 0 : 1);
