// Points on the box's own pins: the chip by whichever way the kernel offers, edges as samples, outputs read back.
import type { Clock, Timer } from "../../machine/ports.js";
import type { Driver, DriverEvents, DriverHealth } from "../../model/driver.js";
import { type ErrorCode, PortcullisError } from "../../model/error.js";
import type { Quality, WriteRequest } from "../../model/point.js";
import type { MonoMs } from "../../model/time.js";
import type { GpioDriverConfig, GpioPointConfig } from "../../model/wiring.js";
import type { EdgeEvents, GpioChip, GpioLine, OpenChip } from "./chip.js";

/** Loaded when they are tried: each needs a native part that a box without pins may lack. */
const allWays: readonly OpenChip[] = [
  async (label) => (await import("./character-device.js")).openCharacterDevice(label),
  async (label) => (await import("./sysfs.js")).openSysfs(label),
];

/** Levels are read again this often: an edge may be lost or told with the wrong level, and a chip may leave. */
const beatMs = 250;
const backoffMinMs = 1000;
const backoffMaxMs = 30_000;

interface PointState {
  readonly config: GpioPointConfig;
  line: GpioLine | undefined;
  /** As reported last. */
  value: boolean | null;
  fresh: boolean;
  occurredAt: MonoMs;
  /** Why the line cannot be had; told once. */
  trouble: string;
}

/**
 * The chip with the configured label, tried in the order of `ways`. A line that cannot be had costs its point only and
 * is tried again; without a chip every point is lost and the driver goes on looking. A write is answered at once.
 */
export function createGpioDriver(
  config: GpioDriverConfig,
  env: { readonly clock: Clock; readonly timer: Timer },
  ways: readonly OpenChip[] = allWays,
): Driver {
  return new GpioDriver(config, env, ways);
}

class GpioDriver implements Driver {
  readonly #config: GpioDriverConfig;
  readonly #env: { readonly clock: Clock; readonly timer: Timer };
  readonly #ways: readonly OpenChip[];
  readonly #points: ReadonlyMap<string, PointState>;
  #events: DriverEvents | undefined;
  #chip: GpioChip | undefined;
  #up: boolean | undefined;
  #closed = false;
  #opening: Promise<void> = Promise.resolve();
  #backoffMs = backoffMinMs;
  #cancelBeat: () => void = () => undefined;
  #cancelRetry: () => void = () => undefined;
  #aliveAt: MonoMs | null = null;
  #links = 0;
  readonly #edges: EdgeEvents = {
    edge: (id, value, at) => {
      const point = this.#points.get(id);
      if (point?.line) this.#change(point, value, at);
    },
    missed: (id, edges) => this.#trouble("field.edges-lost", `${id}: ${edges} edges`),
  };
  #errors = 0;
  #lastError = "";

  constructor(
    config: GpioDriverConfig,
    env: { readonly clock: Clock; readonly timer: Timer },
    ways: readonly OpenChip[],
  ) {
    this.#config = config;
    this.#env = env;
    this.#ways = ways;
    this.#points = new Map(config.points.map((point) => [point.id, newState(point)]));
  }

  async open(events: DriverEvents): Promise<void> {
    this.#events = events;
    this.#opening = this.#find();
    await this.#opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#up = false;
    this.#cancelBeat();
    this.#cancelRetry();
    await this.#opening;
    await this.#letGo();
  }

  health(): DriverHealth {
    return {
      connected: this.#up === true,
      dataAgeMs: this.#aliveAt === null ? null : this.#env.clock.mono() - this.#aliveAt,
      reconnects: Math.max(0, this.#links - 1),
      errors: this.#errors,
      lastError: this.#lastError,
    };
  }

  write(request: WriteRequest): void {
    const reason = this.#switch(request);
    const at = this.#env.clock.mono();
    const { id, point } = request;
    // After the caller's own turn, like the answer of every other driver.
    queueMicrotask(() =>
      this.#events?.result(
        reason === null ? { id, point, ok: true, confirmedAt: at } : { id, point, ok: false, reason, at },
      ),
    );
  }

  /** Null when the line was seen at the level that was ordered, else why not. */
  #switch(request: WriteRequest): string | null {
    const point = this.#points.get(request.point);
    if (point?.config.direction !== "out") return "not an output";
    if (typeof request.value !== "boolean") return "not true or false";
    if (!this.#up || !point.line) return "link-down";
    try {
      point.line.write(request.value);
      const seen = point.line.read();
      this.#change(point, seen, null);
      if (seen === request.value) return null;
      this.#trouble("field.write-unconfirmed", `${request.point}: the line is not ${request.value}`);
      return "unconfirmed";
    } catch (error) {
      this.#trouble("field.write-refused", `${request.point}: ${String(error)}`);
      return "refused";
    }
  }

  async #find(): Promise<void> {
    const looked: string[] = [];
    for (const way of this.#ways) {
      const found = await way(this.#config.chip).catch(String);
      if (typeof found === "string") {
        looked.push(found);
        continue;
      }
      this.#chip = found;
      if (!this.#closed) this.#begin(found);
      return;
    }
    this.#lost("field.no-gpio", `no chip labelled ${this.#config.chip} (${looked.join("; ")})`);
  }

  #begin(chip: GpioChip): void {
    this.#up = true;
    this.#links += 1;
    this.#backoffMs = backoffMinMs;
    for (const point of this.#points.values()) point.trouble = "";
    this.#events?.link(true, chip.about);
    this.#guard(() => this.#takeMissing());
    this.#guard(() => this.#beat());
  }

  /** Takes every line that is not held yet, and plans to try again for those that cannot be had. */
  #takeMissing(): void {
    const missing = [...this.#points.values()].filter((point) => point.line === undefined);
    const taken = this.#chip?.take(
      missing.map(({ config }) => config),
      this.#edges,
    );
    for (const point of missing) this.#put(point, taken?.get(point.config.id));
    if (missing.every((point) => point.line !== undefined)) this.#backoffMs = backoffMinMs;
    else this.#retry(() => this.#guard(() => this.#takeMissing()));
  }

  #put(point: PointState, taken: GpioLine | PortcullisError | undefined): void {
    if (!(taken instanceof PortcullisError)) {
      point.line = taken;
      if (taken) this.#change(point, taken.read(), null);
      return;
    }
    const { code, detail } = taken.trouble;
    if (point.trouble === detail) return;
    point.trouble = detail;
    this.#report(point, "lost", this.#env.clock.mono());
    this.#trouble(code, `${point.config.id}: ${detail}`);
  }

  #beat(): void {
    for (const point of this.#points.values()) if (point.line) this.#change(point, point.line.read(), null);
    this.#aliveAt = this.#env.clock.mono();
    this.#cancelBeat = this.#env.timer.at(this.#aliveAt + beatMs, () => this.#guard(() => this.#beat()));
  }

  /** A chip that fails where it cannot be a single line's fault has left. */
  #guard(run: () => void): void {
    if (!this.#chip) return;
    try {
      run();
    } catch (error) {
      this.#cancelBeat();
      this.#opening = this.#letGo();
      this.#lost("field.unreachable", `the chip ${this.#config.chip} has left (${String(error)})`);
    }
  }

  /** Without the kernel's time of an edge, the declared latency is taken off the time at which it is seen. */
  #change(point: PointState, value: boolean, at: MonoMs | null): void {
    if (!this.#up || (point.fresh && point.value === value)) return;
    const latencyMs = point.config.direction === "in" ? (point.config.latencyMs ?? 0) : 0;
    point.value = value;
    this.#report(point, "good", at ?? this.#env.clock.mono() - latencyMs);
  }

  #report(point: PointState, quality: Quality, at: MonoMs): void {
    // Never before the point's last sample, which would make this one history.
    point.occurredAt = Math.max(point.occurredAt, at);
    point.fresh = quality === "good";
    const { value, occurredAt, config } = point;
    this.#events?.sample({ point: config.id, value, quality, occurredAt });
  }

  #lost(code: ErrorCode, reason: string): void {
    if (this.#closed) return;
    this.#retry(() => {
      this.#opening = this.#opening.then(() => this.#find());
    });
    if (this.#up === false) return;
    for (const point of this.#points.values()) this.#report(point, "lost", this.#env.clock.mono());
    this.#up = false;
    this.#events?.link(false, reason);
    this.#trouble(code, reason);
  }

  #retry(run: () => void): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#env.timer.at(this.#env.clock.mono() + this.#backoffMs, run);
    this.#backoffMs = Math.min(this.#backoffMs * 2, backoffMaxMs);
  }

  async #letGo(): Promise<void> {
    const chip = this.#chip;
    this.#chip = undefined;
    for (const point of this.#points.values()) point.line = undefined;
    await chip?.close();
  }

  #trouble(code: ErrorCode, detail: string): void {
    this.#errors += 1;
    this.#lastError = detail;
    this.#events?.trouble(code, `${this.#config.id}: ${detail}`);
  }
}

function newState(config: GpioPointConfig): PointState {
  const occurredAt = Number.NEGATIVE_INFINITY;
  return { config, line: undefined, value: null, fresh: false, occurredAt, trouble: "" };
}
