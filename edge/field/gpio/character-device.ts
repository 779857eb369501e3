// Lines of /dev/gpiochipN: edges come with the kernel's own time, debounced and biased by it. The normal way.
import { closeSync, openSync, readdirSync } from "node:fs";
import { PortcullisError } from "../../model/error.js";
import type { GpioPointConfig } from "../../model/wiring.js";
import type { EdgeTold, GpioChip, GpioLine } from "./chip.js";
import * as uapi from "./uapi.js";

/** A pool thread that waited longer would hold up the end of the process. */
const pollMs = 200;

/** The chip with this label, when the kernel has it and speaks version 2 of the interface (5.10 and newer). */
export async function openCharacterDevice(label: string): Promise<GpioChip | string> {
  const seen: string[] = [];
  for (const name of readdirSync("/dev").filter((entry) => /^gpiochip\d+$/.test(entry))) {
    const found = openPath(`/dev/${name}`, label);
    if (typeof found !== "string") return found;
    seen.push(found);
  }
  return `/dev: ${seen.join(", ") || "no gpiochip"}`;
}

/** A chip with another label is told by its label, one that cannot be used by the reason. */
function openPath(path: string, label: string): GpioChip | string {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r+");
    const chip = uapi.readChip(fd);
    // Refused by a kernel that has only version 1.
    uapi.readLine(fd, 0);
    if (chip.label === label) return new CharacterDevice(fd, path, chip.lines);
    closeSync(fd);
    return chip.label;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return `${path} (${String(error)})`;
  }
}

class CharacterDevice implements GpioChip {
  readonly about: string;
  readonly #chip: number;
  readonly #lines: number;
  readonly #taken: number[] = [];
  readonly #edges = new Map<number, EdgeTold>();
  #watching: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(chip: number, path: string, lines: number) {
    this.about = `character device ${path}`;
    this.#chip = chip;
    this.#lines = lines;
  }

  take(point: GpioPointConfig, edge: EdgeTold): GpioLine {
    const offset = this.#find(point);
    const line = this.#request(point, offset);
    this.#taken.push(line);
    if (point.direction === "in") {
      this.#edges.set(line, edge);
      this.#watching ??= this.#watch();
    }
    return { read: () => this.#read(line), write: (value) => uapi.writeLevel(line, value) };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#watching;
    for (const line of this.#taken.splice(0)) closeSync(line);
    closeSync(this.#chip);
  }

  #find(point: GpioPointConfig): number {
    const offsets = Array.from({ length: this.#lines }, (_, offset) => offset);
    const offset = offsets.find(
      (each) => each === point.line || uapi.readLine(this.#chip, each).name === String(point.line),
    );
    if (offset !== undefined) return offset;
    throw new PortcullisError({
      code: "field.line-unknown",
      place: point.id,
      detail: `no line ${point.line} among the ${this.#lines} of ${this.about}`,
    });
  }

  /** A watch that has ended is told here, because the driver reads regularly. */
  #read(line: number): boolean {
    if (this.#failure) throw this.#failure;
    return uapi.readLevel(line);
  }

  #request(point: GpioPointConfig, offset: number): number {
    try {
      return point.direction === "in" ? this.#requestInput(point, offset) : this.#requestOutput(point, offset);
    } catch (error) {
      if (!(error instanceof uapi.KernelError) || error.code === "ENODEV") throw error;
      const [code, detail] =
        error.code === "EBUSY"
          ? (["field.line-busy", `is in use by "${uapi.readLine(this.#chip, offset).consumer}"`] as const)
          : (["field.unreachable", `is refused by the kernel (${error.message})`] as const);
      throw new PortcullisError({ code, place: point.id, detail: `line ${point.line} ${detail}` }, { cause: error });
    }
  }

  #requestInput(point: GpioPointConfig, offset: number): number {
    const flags = polarity(point) | bias(point) | uapi.lineFlag.input | uapi.lineFlag.edges;
    const { debounceUs } = point;
    return uapi.requestLine(this.#chip, offset, debounceUs === undefined ? { flags } : { flags, debounceUs });
  }

  /** First taken as it is, so that an output that is on is not switched off by our start. */
  #requestOutput(point: GpioPointConfig, offset: number): number {
    const wasOutput = (uapi.readLine(this.#chip, offset).flags & uapi.lineFlag.output) !== 0;
    const line = uapi.requestLine(this.#chip, offset, { flags: polarity(point) });
    const value = wasOutput && uapi.readLevel(line);
    uapi.configureLine(line, { flags: polarity(point) | bias(point) | uapi.lineFlag.output, value });
    return line;
  }

  async #watch(): Promise<void> {
    try {
      while (!this.#closed) await this.#wait();
    } catch (error) {
      this.#failure = new Error("edges can no longer be read", { cause: error });
    }
  }

  async #wait(): Promise<void> {
    const { ready, gone } = await uapi.pollLines([...this.#edges.keys()], pollMs);
    if (this.#closed) return;
    if (gone.length > 0) throw new Error("the chip has left");
    for (const line of ready) {
      for (const { value, at } of uapi.readEdges(line)) this.#edges.get(line)?.(value, at);
    }
  }
}

const biasFlags = {
  "pull-up": uapi.lineFlag.pullUp,
  "pull-down": uapi.lineFlag.pullDown,
  disabled: uapi.lineFlag.biasDisabled,
} as const;

function polarity(point: GpioPointConfig): number {
  return point.activeLow ? uapi.lineFlag.activeLow : 0;
}

function bias(point: GpioPointConfig): number {
  return point.bias ? biasFlags[point.bias] : 0;
}
