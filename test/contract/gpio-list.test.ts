// What `portcullis gpio list` says of chips; `npm run test:gpio` runs it on a real kernel.
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ChipListing, LineListing } from "../../edge/field/gpio/listing.js";
import { gpioText } from "../../scripts/commands/gpio.js";
import { portcullis } from "../support/command-line.js";

const free: LineListing = {
  line: 17,
  name: "GPIO17",
  used: false,
  consumer: "",
  direction: "in",
  activeLow: false,
  bias: null,
  debounceUs: null,
};
const held: LineListing = {
  ...free,
  line: 6,
  name: "",
  used: true,
  consumer: "fence-camera",
  direction: "out",
  activeLow: true,
  bias: "pull-up",
  debounceUs: 5_000,
};
const chip: ChipListing = {
  path: "/dev/gpiochip0",
  label: "pinctrl-rp1",
  lineCount: 2,
  lines: [free, held],
  trouble: "",
};

describe("the list of pins", () => {
  it("shows chip, label, line, name, direction, polarity, bias and holder", () => {
    expect(gpioText([chip], "en")).toBe(
      [
        "chip: pinctrl-rp1 (/dev/gpiochip0, 2 lines)",
        "  line  name    direction  polarity     bias              holder",
        "  17    GPIO17  in         active high  -                 free",
        "  6     -       out        active low   pull-up, 5000 us  held by fence-camera",
      ].join("\n"),
    );
  });

  it("stands in columns in Chinese too", () => {
    const [, columns, line] = gpioText([chip], "zh").split("\n");
    expect(columns).toBe("  线路  名称    方向  极性    偏置           占用者");
    expect(line).toBe("  17    GPIO17  输入  高有效  -              空闲");
  });

  it("says why a chip cannot be read, and what to do", () => {
    const closed = { ...chip, label: "", lineCount: 0, lines: [], trouble: "Error: EACCES" };
    expect(gpioText([closed], "en")).toBe("/dev/gpiochip0  cannot be read; put the user in group gpio (Error: EACCES)");
  });

  it("says what an old kernel's way cannot do", () => {
    expect(gpioText([{ ...chip, lines: [] }], "en")).toContain("sysfs only: lines go by number");
  });

  it.skipIf(existsSync("/dev/gpiochip0") || existsSync("/sys/class/gpio"))(
    "says plainly that there is no chip, in both languages, and ends with code 1",
    async () => {
      expect(await portcullis("gpio", "list", "--language", "zh")).toMatchObject({
        code: 1,
        out: expect.stringContaining("本机没有 GPIO 芯片"),
      });
      const json = await portcullis("gpio", "list", "--json");
      expect({ code: json.code, chips: JSON.parse(json.out) }).toEqual({ code: 1, chips: [] });
    },
  );
});
