// Lines of /sys/class/gpio through onoff, for kernels without the character device: no bias, no debounce, no kernel time.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { Gpio } from "onoff";
import { PortcullisError } from "../../model/error.js";
import type { GpioPointConfig } from "../../model/wiring.js";
import type { EdgeEvents, GpioChip, GpioLine, Taken } from "./chip.js";

const root = "/sys/class/gpio";
const debugFile = "/sys/kernel/debug/gpio";

/** The chip with this label, when the kernel has sysfs and the optional onoff is installed. */
export async function openSysfs(label: string): Promise<GpioChip | string> {
  if (!existsSync(root)) return `${root}: not there`;
  const chips = readdirSync(root)
    .filter((entry) => /^gpiochip\d+$/.test(entry))
    .map((entry) => {
      const read = (file: string) => readFileSync(`${root}/${entry}/${file}`, "utf8").trim();
      return { label: read("label"), base: Number(read("base")), lines: Number(read("ngpio")) };
    });
  const chip = chips.find((each) => each.label === label);
  if (!chip) return `${root}: ${chips.map((each) => each.label).join(", ") || "no chip"}`;
  try {
    const onoff = await import("onoff");
    return new Sysfs(onoff.Gpio, chip.base, chip.lines);
  } catch (error) {
    return `${root}: onoff cannot be loaded (${String(error)})`;
  }
}

class Sysfs implements GpioChip {
  readonly about = `${root}, without bias, debounce and kernel time`;
  readonly #Gpio: typeof Gpio;
  readonly #base: number;
  readonly #lines: number;
  readonly #inputs: Gpio[] = [];

  constructor(onoff: typeof Gpio, base: number, lines: number) {
    this.#Gpio = onoff;
    this.#base = base;
    this.#lines = lines;
  }

  take(points: readonly GpioPointConfig[], events: EdgeEvents): Taken {
    return new Map(points.map((point) => [point.id, this.#takeOne(point, events)]));
  }

  #takeOne(point: GpioPointConfig, events: EdgeEvents): GpioLine | PortcullisError {
    const offset = this.#offset(point);
    if (offset === null) {
      const detail = `no line ${point.line} among the ${this.#lines} in ${root}`;
      return new PortcullisError({ code: "field.line-unknown", place: point.id, detail });
    }
    const number = this.#base + offset;
    try {
      return point.direction === "in" ? this.#takeInput(point, number, events) : this.#takeOutput(point, number);
    } catch (error) {
      const isBusy = error instanceof Error && "code" in error && error.code === "EBUSY";
      const code = isBusy ? "field.line-busy" : "field.unreachable";
      const why = isBusy ? holderOf(number) : `is refused by the kernel (${String(error)})`;
      const detail = `line ${point.line} (${number} in ${root}) ${why}`;
      return new PortcullisError({ code, place: point.id, detail }, { cause: error });
    }
  }

  /** Outputs stay exported: letting go of a line may drop its level. The next start takes them over. */
  async close(): Promise<void> {
    for (const input of this.#inputs.splice(0)) input.unexport();
  }

  /** sysfs knows no names; the lines of a Pi are called GPIO and their offset. */
  #offset(point: GpioPointConfig): number | null {
    const offset = typeof point.line === "number" ? point.line : Number(/^GPIO(\d+)$/.exec(point.line)?.[1] ?? -1);
    return offset >= 0 && offset < this.#lines ? offset : null;
  }

  #takeInput(point: GpioPointConfig, number: number, events: EdgeEvents): GpioLine {
    // Left by a run that was killed; onoff would take its settings as they are.
    if (existsSync(`${root}/gpio${number}`)) writeFileSync(`${root}/unexport`, String(number));
    const input = new this.#Gpio(number, "in", "both", { activeLow: point.activeLow === true });
    this.#inputs.push(input);
    input.watch((error, value) => {
      // What cannot be read now is found by the driver's next reading.
      if (!error) events.edge(point.id, value === 1, null);
    });
    return line(input);
  }

  #takeOutput(point: GpioPointConfig, number: number): GpioLine {
    const activeLow = point.activeLow === true;
    return line(new this.#Gpio(number, activeLow ? "high" : "low", "none", { activeLow, reconfigureDirection: false }));
  }
}

function line(gpio: Gpio): GpioLine {
  return { read: () => gpio.readSync() === 1, write: (value) => gpio.writeSync(value ? 1 : 0) };
}

/** sysfs itself does not tell; the kernel's debugging files do, where they are mounted and may be read. */
function holderOf(number: number): string {
  try {
    return holderIn(readFileSync(debugFile, "utf8"), number);
  } catch {
    return holderIn("", number);
  }
}

/** Who holds the line with this number, by what the kernel's debugging file tells. */
export function holderIn(told: string, number: number): string {
  // Line name and holder, or the holder alone, as the chip's own driver writes it.
  const consumer = new RegExp(`^ *gpio-${number} +\\((?:[^|)]*\\|)?([^)]*)\\)`, "m").exec(told)?.[1]?.trim() ?? "";
  return consumer === "" ? "is in use; sysfs does not tell by whom" : `is in use by "${consumer}"`;
}
