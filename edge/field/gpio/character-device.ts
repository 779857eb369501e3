// Lines of /dev/gpiochipN: edges come with the kernel's own time, debounced and biased by it. The normal way.
import { closeSync, openSync, readdirSync } from "node:fs";
import { PortcullisError } from "../../model/error.js";
import type { GpioPointConfig } from "../../model/wiring.js";
import type { EdgeEvents, GpioChip, GpioLine, Taken } from "./chip.js";
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

/** A point and where it is on the chip. */
interface Wish {
  readonly point: GpioPointConfig;
  readonly offset: number;
}

/** Lines on one descriptor. */
interface Held {
  readonly points: ReadonlyMap<number, string>;
  /** Number of the last edge that was read, by offset. */
  readonly sequences: Map<number, number>;
  readonly events: EdgeEvents;
}

class CharacterDevice implements GpioChip {
  readonly about: string;
  readonly #chip: number;
  readonly #lines: number;
  readonly #taken: number[] = [];
  readonly #watched = new Map<number, Held>();
  #watching: Promise<void> | undefined;
  #failure: Error | undefined;
  #closed = false;

  constructor(chip: number, path: string, lines: number) {
    this.about = `character device ${path}`;
    this.#chip = chip;
    this.#lines = lines;
  }

  /** Lines of equal settings share a descriptor; where one of them cannot be had, each has its own. */
  take(points: readonly GpioPointConfig[], events: EdgeEvents): Taken {
    const found = points.map((point) => ({ point, offset: this.#find(point) }));
    const unknown = found.filter(({ offset }) => offset === undefined);
    const wishes = found.flatMap(({ point, offset }) => (offset === undefined ? [] : [{ point, offset }]));
    return new Map([
      ...unknown.map(({ point }) => [point.id, this.#unknown(point)] as const),
      ...inGroups(wishes).flatMap((group) => this.#takeGroup(group, events)),
    ]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#watching;
    for (const line of this.#taken.splice(0)) closeSync(line);
    closeSync(this.#chip);
  }

  #find(point: GpioPointConfig): number | undefined {
    const offsets = Array.from({ length: this.#lines }, (_, offset) => offset);
    return offsets.find((each) => each === point.line || uapi.readLine(this.#chip, each).name === String(point.line));
  }

  #unknown({ id, line }: GpioPointConfig): PortcullisError {
    const detail = `no line ${line} among the ${this.#lines} of ${this.about}`;
    return new PortcullisError({ code: "field.line-unknown", place: id, detail });
  }

  #takeGroup(group: readonly Wish[], events: EdgeEvents): readonly (readonly [string, GpioLine | PortcullisError])[] {
    try {
      const lines = this.#request(group);
      this.#taken.push(lines);
      if (group[0]?.point.direction === "in") this.#watch(lines, group, events);
      return group.map(({ point }, index) => [point.id, this.#line(lines, index)] as const);
    } catch (error) {
      if (!(error instanceof uapi.KernelError) || error.code === "ENODEV") throw error;
      const [first] = group;
      if (first === undefined || group.length > 1) return group.flatMap((wish) => this.#takeGroup([wish], events));
      return [[first.point.id, this.#refused(first, error)]];
    }
  }

  /** A watch that has ended is told by reading, because the driver reads regularly. */
  #line(lines: number, index: number): GpioLine {
    return {
      read: () => {
        if (this.#failure) throw this.#failure;
        // A level that overtook its edges would be told twice: now, and as a pulse that is over.
        this.#tellEdges(lines);
        return uapi.readLevel(lines, index);
      },
      write: (value) => uapi.writeLevel(lines, index, value),
    };
  }

  #refused({ point, offset }: Wish, error: uapi.KernelError): PortcullisError {
    const { consumer } = uapi.readLine(this.#chip, offset);
    const [code, detail] =
      error.code === "EBUSY"
        ? (["field.line-busy", `is in use by "${consumer}"`] as const)
        : (["field.unreachable", `is refused by the kernel (${error.message})`] as const);
    return new PortcullisError({ code, place: point.id, detail: `line ${point.line} ${detail}` }, { cause: error });
  }

  #request(group: readonly Wish[]): number {
    const offsets = group.map(({ offset }) => offset);
    const [first] = group;
    if (first === undefined) throw new Error("no line is asked for");
    if (first.point.direction === "out") return this.#requestOutputs(offsets, first.point);
    const { debounceUs } = first.point;
    const flags = polarity(first.point) | bias(first.point) | uapi.lineFlag.input | uapi.lineFlag.edges;
    return uapi.requestLines(this.#chip, offsets, debounceUs === undefined ? { flags } : { flags, debounceUs });
  }

  /** First taken as they are, so that an output that is on is not switched off by our start. */
  #requestOutputs(offsets: readonly number[], settings: GpioPointConfig): number {
    const wereOutputs = offsets.map((offset) => (uapi.readLine(this.#chip, offset).flags & uapi.lineFlag.output) !== 0);
    const lines = uapi.requestLines(this.#chip, offsets, { flags: polarity(settings) });
    try {
      const values = wereOutputs.map((was, index) => was && uapi.readLevel(lines, index));
      const flags = polarity(settings) | bias(settings) | uapi.lineFlag.output;
      uapi.configureLines(lines, { flags, values }, offsets.length);
      return lines;
    } catch (error) {
      closeSync(lines);
      throw error;
    }
  }

  #watch(lines: number, group: readonly Wish[], events: EdgeEvents): void {
    const points = new Map(group.map(({ point, offset }) => [offset, point.id]));
    this.#watched.set(lines, { points, sequences: new Map(), events });
    this.#watching ??= this.#watchAll();
  }

  async #watchAll(): Promise<void> {
    try {
      while (!this.#closed) await this.#wait();
    } catch (error) {
      this.#failure = new Error("edges can no longer be read", { cause: error });
    }
  }

  async #wait(): Promise<void> {
    const { ready, gone } = await uapi.pollLines([...this.#watched.keys()], pollMs);
    if (this.#closed) return;
    if (gone.length > 0) throw new Error("the chip has left");
    for (const lines of ready) this.#tellEdges(lines);
  }

  #tellEdges(lines: number): void {
    const held = this.#watched.get(lines);
    if (held !== undefined) for (const edge of uapi.readEdges(lines)) tell(edge, held);
  }
}

function tell({ offset, value, at, sequence }: uapi.Edge, { points, sequences, events }: Held): void {
  const point = points.get(offset);
  if (point === undefined) return;
  const missed = sequence - (sequences.get(offset) ?? 0) - 1;
  sequences.set(offset, sequence);
  if (missed > 0) events.missed(point, missed);
  events.edge(point, value, at);
}

/** Points of equal settings, as many as fit on one descriptor. */
function inGroups(wishes: readonly Wish[]): readonly (readonly Wish[])[] {
  const groups = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const { direction, debounceUs } = wish.point;
    const settings = `${direction} ${polarity(wish.point) | bias(wish.point)} ${debounceUs}`;
    const key = `${settings} ${Math.floor(wishes.indexOf(wish) / uapi.linesMax)}`;
    groups.set(key, [...(groups.get(key) ?? []), wish]);
  }
  return [...groups.values()];
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
