// What chips and lines this machine has, for the technician who writes the configuration. Reads only; takes no line.
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";

export interface ChipListing {
  /** `/dev/gpiochip0`, or the folder in sysfs. */
  readonly path: string;
  /** What the configuration names; empty when the chip cannot be read. */
  readonly label: string;
  readonly lineCount: number;
  /** Empty where only sysfs is left: it knows neither names nor holders. */
  readonly lines: readonly LineListing[];
  /** Why it cannot be read; empty when it can. */
  readonly trouble: string;
}

export interface LineListing {
  readonly line: number;
  readonly name: string;
  readonly used: boolean;
  readonly consumer: string;
  readonly direction: "in" | "out";
  readonly activeLow: boolean;
  /** Null: as the chip has it. */
  readonly bias: "pull-up" | "pull-down" | "disabled" | null;
  readonly debounceUs: number | null;
}

const sysfs = "/sys/class/gpio";

/** Character devices in the order of their numbers; where there are none, what sysfs offers. */
export async function listGpio(devices = "/dev"): Promise<readonly ChipListing[]> {
  const chips = chipNames(devices);
  if (chips.length === 0) return existsSync(sysfs) ? chipNames(sysfs).map(oldChip) : [];
  const uapi = await import("./uapi.js");
  return chips.map((name) => chipAt(`${devices}/${name}`, uapi));
}

function chipNames(folder: string): readonly string[] {
  const names = readdirSync(folder).filter((entry) => /^gpiochip\d+$/.test(entry));
  return names.toSorted((one, other) => Number(one.slice("gpiochip".length)) - Number(other.slice("gpiochip".length)));
}

function chipAt(path: string, uapi: typeof import("./uapi.js")): ChipListing {
  let fd: number | null = null;
  try {
    fd = openSync(path, "r+");
    const chip = fd;
    const { label, lines } = uapi.readChip(chip);
    const listed = Array.from({ length: lines }, (_, line) => lineOf(line, uapi.readLine(chip, line), uapi.lineFlag));
    return { path, label, lineCount: lines, lines: listed, trouble: "" };
  } catch (error) {
    return { path, label: "", lineCount: 0, lines: [], trouble: String(error) };
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function lineOf(
  line: number,
  { name, consumer, flags, debounceUs }: import("./uapi.js").LineInfo,
  flag: typeof import("./uapi.js").lineFlag,
): LineListing {
  const has = (bits: number) => (flags & bits) !== 0;
  return {
    line,
    name,
    used: has(flag.used),
    consumer,
    direction: has(flag.output) ? "out" : "in",
    activeLow: has(flag.activeLow),
    bias: has(flag.pullUp) ? "pull-up" : has(flag.pullDown) ? "pull-down" : has(flag.biasDisabled) ? "disabled" : null,
    debounceUs,
  };
}

function oldChip(name: string): ChipListing {
  const read = (file: string) => readFileSync(`${sysfs}/${name}/${file}`, "utf8").trim();
  return { path: `${sysfs}/${name}`, label: read("label"), lineCount: Number(read("ngpio")), lines: [], trouble: "" };
}
