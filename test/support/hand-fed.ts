// A box fed by hand in virtual time: the production controller, its points set one by one, its drives obeying at once unless they
// are stuck. For kinds and rules that need no plant.
import { initialState, type State, step } from "../../edge/controller.js";
import { fold, initialDurable } from "../../edge/incident/durable.js";
import type { Act, Obstacle, Role } from "../../edge/model/command.js";
import type { Durable } from "../../edge/model/durable.js";
import { type Fact, type FactMap, type FactType, fact } from "../../edge/model/fact.js";
import type { PointValue, Quality, WriteRequest } from "../../edge/model/point.js";
import { type BarrierConfig, type EdgeConfig, pointsOf } from "../../edge/model/site.js";
import type { Effect, Input, ZoneTrace } from "../../edge/model/state.js";
import type { Stamp } from "../../edge/model/time.js";
import { rolesFor } from "./roles.js";

export type Recorded = Fact & { readonly at: Stamp; readonly exercise: boolean };
export interface Answer {
  readonly ok: boolean;
  readonly code: string;
  readonly obstacles: readonly Obstacle[];
}

const confirmMs = 20;
const travelMs = 2000;

export class HandFed {
  mono = 1_000_000;
  wall = Date.UTC(2026, 10, 22, 8, 0, 0);
  boot = "boot-1";
  clock: Stamp["clock"] = "synchronised";
  readonly facts: Recorded[] = [];
  readonly traces: ZoneTrace[] = [];
  readonly notified: { step: string; channel: string }[] = [];
  /** What was last written to each output. */
  readonly outputs: Record<string, WriteRequest["value"]> = {};
  /** Output points that never confirm. */
  readonly deadOutputs = new Set<string>();
  /** Barriers that do not move. */
  readonly stuck = new Set<string>();
  private inputs: Record<string, PointValue> = {};
  private state: State;
  private wakeAt: number | null = null;
  private queue: { at: number; run: () => void }[] = [];
  private commands = 0;

  config: EdgeConfig;

  constructor(config: EdgeConfig, rest: Readonly<Record<string, PointValue>> = {}) {
    this.config = config;
    for (const point of pointsOf(config)) {
      if (point.direction === "in") this.inputs[point.id] = rest[point.id] ?? false;
    }
    for (const barrier of config.barriers) this.place(barrier, rest);
    this.state = this.begin();
    this.start();
  }

  now(): Stamp {
    return { boot: this.boot, mono: this.mono, wall: this.wall, clock: this.clock };
  }

  get durable(): Durable {
    return this.state.durable;
  }

  /** What it knows beside that, as long as it runs. */
  get transient(): State["transient"] {
    return this.state.transient;
  }

  /** Sets an input and tells the box. */
  set(point: string, value: PointValue, quality: Quality = "good"): void {
    this.inputs[point] = value;
    this.input({ kind: "sample", sample: { point, value, quality, occurredAt: this.mono } });
  }

  input(input: Input): void {
    if (input.kind === "config") this.config = input.config;
    const { state, effects } = step(this.state, input, this.now());
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
  }

  order(
    act: Act,
    by: { issuers?: readonly string[]; reason?: string; duress?: boolean; roles?: readonly Role[] } = {},
  ): Answer {
    this.commands += 1;
    const id = `c${this.commands}`;
    const { issuers = ["guard"], reason = "test", duress = false, roles } = by;
    const command = {
      id,
      issuers,
      reason,
      act,
      ...(duress ? { duress } : {}),
      ...(roles === undefined ? rolesFor(act) : { roles }),
    };
    const { state, effects } = step(this.state, { kind: "command", command }, this.now());
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
    const answer = effects.find((effect) => effect.kind === "answer");
    if (answer === undefined) throw new Error(`no answer to ${act.kind}`);
    return { ok: answer.ok, code: answer.code, obstacles: answer.obstacles };
  }

  /** Lets virtual time pass, stopping at everything that is due on the way. */
  pass(ms: number): void {
    const end = this.mono + ms;
    for (;;) {
      const due = Math.min(this.wakeAt ?? Number.POSITIVE_INFINITY, ...this.queue.map(({ at }) => at));
      if (due > end) break;
      this.goTo(Math.max(due, this.mono));
      const ripe = this.queue.filter(({ at }) => at <= this.mono);
      this.queue = this.queue.filter(({ at }) => at > this.mono);
      for (const { run } of ripe) run();
      if (this.wakeAt !== null && this.wakeAt <= this.mono) this.input({ kind: "wake" });
    }
    this.goTo(end);
  }

  /** Power off, time passes, power on: the durable state is folded from the recorded facts. */
  restart(offMs: number, clock: Stamp["clock"] = this.clock): void {
    this.queue = [];
    this.wall += offMs;
    this.mono = 5_000;
    this.boot = `${this.boot}+`;
    this.clock = clock;
    this.state = this.begin();
    this.start();
  }

  of<T extends FactType>(type: T): readonly (FactMap[T] & { readonly at?: Stamp })[] {
    return this.facts.flatMap((known) => (known.type === type ? [known.data as FactMap[T]] : []));
  }

  types(): readonly string[] {
    return this.facts.map(({ type }) => type);
  }

  /** What is remembered, with the record of this start, as the agent does it. */
  private begin(): State {
    const started = fact("agent.started", this.config.id, { version: "test", revision: 1, at: this.now() });
    this.facts.push({ ...started, at: this.now(), exercise: false });
    const durable = this.facts.reduce<Durable>((before, known) => fold(before, known), initialDurable(this.config));
    return initialState(this.config, durable, this.now());
  }

  private start(): void {
    this.input({ kind: "started" });
    for (const driver of this.config.drivers) this.input({ kind: "link", driver: driver.id, up: true, reason: "" });
    for (const point of pointsOf(this.config)) {
      const value = this.inputs[point.id] ?? false;
      this.input({ kind: "sample", sample: { point: point.id, value, quality: "good", occurredAt: this.mono } });
    }
    this.pass(3000);
  }

  private goTo(mono: number): void {
    this.wall += mono - this.mono;
    this.mono = mono;
  }

  private place(barrier: BarrierConfig, rest: Readonly<Record<string, PointValue>>): void {
    if (barrier.open !== undefined) this.inputs[barrier.open] = rest[barrier.open] ?? true;
    if (barrier.powerOk !== undefined) this.inputs[barrier.powerOk] = rest[barrier.powerOk] ?? true;
  }

  private carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "append":
        this.facts.push({ ...effect.fact, at: this.now(), exercise: effect.exercise });
        return;
      case "write":
        this.write(effect.request);
        return;
      case "wake":
        this.wakeAt = effect.at;
        return;
      case "notify":
        this.notified.push({ step: effect.step, channel: effect.channel });
        return;
      case "trace":
        this.traces.push(effect.trace);
        return;
      case "answer":
        return;
    }
  }

  private write({ id, point, value }: WriteRequest): void {
    this.outputs[point] = value;
    if (this.deadOutputs.has(point)) return;
    this.after(confirmMs, () =>
      this.input({ kind: "write-result", result: { id, point, ok: true, confirmedAt: this.mono } }),
    );
    for (const barrier of this.config.barriers) this.drive(barrier, point, value);
  }

  private drive(barrier: BarrierConfig, point: string, value: WriteRequest["value"]): void {
    const { drive } = barrier;
    const goal = goalOf(drive, point, value);
    if (goal === null || this.stuck.has(barrier.id)) return;
    this.after(confirmMs, () => this.contacts(barrier, goal === "closed" ? { open: false } : { closed: false }));
    const ms = drive.kind === "lock" ? 200 : travelMs;
    this.after(ms, () => this.contacts(barrier, { open: goal === "open", closed: goal === "closed" }));
  }

  private contacts(barrier: BarrierConfig, seen: { readonly open?: boolean; readonly closed?: boolean }): void {
    if (seen.open !== undefined && barrier.open !== undefined) this.set(barrier.open, seen.open);
    if (seen.closed !== undefined) this.set(barrier.closed, seen.closed);
  }

  private after(ms: number, run: () => void): void {
    this.queue.push({ at: this.mono + ms, run });
  }
}

function goalOf(drive: BarrierConfig["drive"], point: string, value: WriteRequest["value"]): "open" | "closed" | null {
  if (drive.kind === "lock") return point !== drive.lock ? null : value === true ? "closed" : "open";
  const word = drive.kind === "demand" ? value : value === true ? point : "";
  if (drive.kind === "demand" && point !== drive.point) return null;
  if (word === drive.close || word === drive.emergency) return "closed";
  return word === drive.open ? "open" : null;
}
