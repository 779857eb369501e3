// Who holds a busy line, as the kernel's debugging file has it.
import { expect, it } from "vitest";
import { holderIn } from "../../../edge/field/gpio/sysfs.js";

const told = `gpiochip0: GPIOs 512-569, parent: platform/pinctrl, pinctrl-bcm2835:
 gpio-529 (GPIO17              |fence-camera        ) in  hi IRQ
 gpio-530 (GPIO18              )
 gpio-531 (GPIO19              |                    ) in  lo
 gpio-532 (reset               ) out lo
`;

it.each([
  [529, 'is in use by "fence-camera"'],
  [532, 'is in use by "reset"'],
  [531, "is in use; sysfs does not tell by whom"],
  [533, "is in use; sysfs does not tell by whom"],
])("the holder of line %i: %s", (number, holder) => {
  expect(holderIn(told, number)).toBe(holder);
});
