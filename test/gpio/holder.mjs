// A process that holds lines until it is killed: a box that dies without a word. Run by the GPIO test on the built files.
import { createGpioDriver } from "../../.build/edge/field/gpio/driver.js";
import { createClock } from "../../.build/edge/machine/clock.js";
import { createTimer } from "../../.build/edge/machine/timer.js";

const [wayName, config] = process.argv.slice(2);
const ways = {
  "gpio-cdev": async (label) =>
    (await import("../../.build/edge/field/gpio/character-device.js")).openCharacterDevice(label),
  "gpio-onoff": async (label) => (await import("../../.build/edge/field/gpio/sysfs.js")).openSysfs(label),
};
const driver = createGpioDriver(JSON.parse(config), { clock: createClock(), timer: createTimer() }, [ways[wayName]]);
await driver.open({
  sample: () => undefined,
  result: ({ ok }) => process.send?.(ok ? "holds" : "failed"),
  link: () => undefined,
  trouble: (code, detail) => process.stderr.write(`${code} ${detail}\n`),
});
driver.write({ id: "on", point: "siren", value: true });
process.on("message", () => process.exit(0));
