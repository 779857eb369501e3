// A whole box in virtual time: the production controller between the plant models, with the drivers' ports played by hand.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { initialState, type State, step } from "../../edge/controller.js";
import { fold, initialDurable } from "../../edge/incident/durable.js";
import type { Act, Command } from "../../edge/model/command.js";
import { type Fact, type FactMap, type FactType, fact } from "../../edge/model/fact.js";
import type { Step } from "../../edge/model/incident.js";
import type { PointValue, Quality, WriteRequest } from "../../edge/model/point.js";
import { type EdgeConfig, pointsOf, type Site } from "../../edge/model/site.js";
import type { Effect, Input } from "../../edge/model/state.js";
import type { Stamp } from "../../edge/model/time.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { takeLevel } from "../../simulators/plant/fibre.js";
import {
  advance,
  type Due,
  type Plant,
  type PlantSettings,
  schedule,
  startPlant,
} from "../../simulators/plant/plant.js";
import { type TriggerName, triggerDues } from "../../simulators/plant/trigger.js";
import { checkSimulation, periodUsOf, plantSettingsOf, type Simulation } from "../../simulators/settings.js";
import { lookAtPoint, nodeOf, pinOf } from "./instruments.js";
import { rolesFor } from "./roles.js";

export function exampleSite(name: "office" | "school" | "port"): Site {
  return parse(readFileSync(new URL(`../../config/${name}.yaml`, import.meta.url), "utf8")) as Site;
}

export interface Seen {
  readonly value: PointValue | null;
  readonly quality: Quality;
}

const tickMs = 10;
const writeMs = 40;
const wallAtStart = Date.UTC(2026, 10, 22, 8, 0, 0);

export type Answer = Pick<Extract<Effect, { kind: "answer" }>, "command" | "ok" | "code" | "obstacles">;
export type RecordedFact = Fact & { readonly at: Stamp };

export class VirtualSite {
  mono = 1_000_000;
  /** The plant's own clock goes on while the box is off, and knows no reboot. */
  private plantTime = 0;
  wallOffset = wallAtStart - 1_000_000;
  boot = "boot-1";
  clock: Stamp["clock"] = "synchronised";
  plant: Plant;
  facts: RecordedFact[] = [];
  answers: Answer[] = [];
  /** Drivers whose line is cut: no samples, no writes. */
  readonly cut = new Set<string>();
  /** Sees every effect together with what the box had been shown by then. */
  watch: (effect: Effect, seen: Readonly<Record<string, Seen>>) => void = () => undefined;
  /** Output points whose writes fail. */
  readonly deadOutputs = new Set<string>();
  private state: State | null = null;
  private wakeAt = Number.POSITIVE_INFINITY;
  private seen: Record<string, Seen> = {};
  /** Writes on their way to the plant, which takes them between two of its steps. */
  private dues: Due[] = [];
  private results: { at: number; input: Input }[] = [];
  private samplers: Record<string, { nextAt: number; seed: number }> = {};
  private demands: Record<string, string> = {};
  private commands = 0;

  readonly config: EdgeConfig;
  readonly settings: PlantSettings;
  private readonly simulation: Simulation;

  constructor(site: Site) {
    this.config = site.edges[0] as EdgeConfig;
    this.simulation = checkSimulation(site.simulation);
    this.settings = plantSettingsOf(this.simulation);
    this.plant = startPlant(this.settings, this.plantTime);
    this.start();
  }

  now(): Stamp {
    return { boot: this.boot, mono: this.mono, wall: this.mono + this.wallOffset, clock: this.clock };
  }

  start(): void {
    const started = fact("agent.started", this.config.id, { version: "test", revision: 1, at: this.now() });
    this.facts.push({ ...started, at: this.now() });
    const durable = this.facts.reduce(fold, initialDurable(this.config));
    this.seen = {};
    this.results = [];
    this.state = initialState(this.config, durable, this.now());
    this.feed({ kind: "started" });
    for (const driver of this.config.drivers) {
      if (!this.cut.has(driver.id)) this.feed({ kind: "link", driver: driver.id, up: true, reason: "connected" });
    }
  }

  /** The process dies: transient state and pending results are gone, the plant goes on. */
  kill(): void {
    this.state = null;
    this.wakeAt = Number.POSITIVE_INFINITY;
  }

  trigger(name: TriggerName, target?: string): void {
    const dues = triggerDues({ name, target }, this.settings, this.plantTime);
    if (dues === null) throw new Error(`${name} does not fit ${target ?? "this site"}`);
    this.plant = schedule(this.plant, dues);
  }

  /** `part`: who the issuers are, and whether they stand at the box. */
  command(act: Act, issuers: readonly string[] = ["guard"], part: Pick<Command, "roles" | "onSite"> = {}): Answer {
    this.commands += 1;
    const id = `c${this.commands}`;
    this.feed({ kind: "command", command: { id, issuers, reason: "test", ...rolesFor(act), ...part, act } });
    return (
      this.answers.find((answer) => answer.command === id) ?? {
        command: id,
        ok: false,
        code: "no answer",
        obstacles: [],
      }
    );
  }

  cutLine(driver: string): void {
    this.cut.add(driver);
    const known = this.config.drivers.find((each) => each.id === driver);
    for (const point of known?.points ?? []) this.sample(point.id, { value: null, quality: "lost" });
    this.feed({ kind: "link", driver, up: false, reason: "cut" });
  }

  mendLine(driver: string): void {
    this.cut.delete(driver);
    this.feed({ kind: "link", driver, up: true, reason: "mended" });
    for (const point of this.config.drivers.find((each) => each.id === driver)?.points ?? [])
      delete this.seen[point.id];
  }

  run(ms: number): this {
    const end = this.mono + ms;
    while (this.mono < end) this.tick();
    return this;
  }

  /** Runs until the condition holds; fails after `limitMs` of virtual time. */
  runUntil(what: string, holds: () => boolean, limitMs = 120_000): this {
    const end = this.mono + limitMs;
    while (!holds()) {
      if (this.mono >= end) throw new Error(`${what} did not come true within ${limitMs} ms of virtual time`);
      this.tick();
    }
    return this;
  }

  steps(): readonly Step[] {
    return Object.values(this.state?.durable.steps ?? {});
  }

  durable() {
    return (this.state as State).durable;
  }

  /** The run of a barrier that is under way, with the key that its next sign must bring; null when none is. */
  driveRun(barrier: string): { readonly id: string; readonly key: number } | null {
    return this.state?.transient.barriers[barrier]?.driveRun ?? null;
  }

  of<T extends FactType>(type: T): readonly FactMap[T][] {
    return this.facts.filter((fact) => fact.type === type).map((fact) => fact.data as FactMap[T]);
  }

  relay(id: string): boolean {
    return this.plant.relays[id] === true;
  }

  /** One sample straight into the controller. */
  sample(point: string, seen: Seen): void {
    this.seen[point] = seen;
    // As the drivers do: an input is dated back by the latency that its point declares.
    const latencyMs = seen.quality === "good" ? this.latencyOf(point) : 0;
    this.feed({ kind: "sample", sample: { point, ...seen, occurredAt: this.mono - latencyMs } });
  }

  private latencyOf(point: string): number {
    return pointsOf(this.config).find(({ id }) => id === point)?.latencyMs ?? 0;
  }

  private tick(): void {
    this.mono += tickMs;
    this.plantTime += tickMs;
    for (const state of advance(this.plant, this.settings, this.plantTime)) {
      this.plant = state;
      if (this.state !== null) this.readAll();
    }
    this.plant = schedule(this.plant, this.dues);
    this.dues = [];
    if (this.state === null) return;
    const due = this.results.filter((result) => result.at <= this.mono);
    this.results = this.results.filter((result) => result.at > this.mono);
    for (const { input } of due) this.feed(input);
    while (this.wakeAt <= this.mono) this.feed({ kind: "wake" });
  }

  private readAll(): void {
    for (const driver of this.config.drivers) {
      if (this.cut.has(driver.id)) continue;
      for (const point of driver.points) {
        const seen = this.look(driver, point.id);
        const last = this.seen[point.id];
        if (seen !== null && (last === undefined || last.value !== seen.value || last.quality !== seen.quality))
          this.sample(point.id, seen);
      }
    }
    this.readLevels();
  }

  private look(driver: DriverConfig, id: string): Seen | null {
    const value = lookAtPoint(driver, id, {
      plant: this.plant,
      simulation: this.simulation,
      settings: this.settings,
      demands: this.demands,
    });
    if (value === "lost") return { value: null, quality: "lost" };
    return value === null ? null : { value, quality: "good" };
  }

  private readLevels(): void {
    for (const fibre of this.simulation.field?.fibres ?? []) {
      const driver = this.config.drivers.find((each) =>
        each.points.some((point) => "topic" in point && point.topic === fibre.level),
      );
      const point = driver?.points.find((each) => "topic" in each && each.topic === fibre.level);
      const model = this.plant.fibres[fibre.device];
      if (point === undefined || model === undefined || model.broken || model.silent || this.cut.has(driver?.id ?? ""))
        continue;
      const sampler = this.samplers[fibre.device] ?? { nextAt: this.plantTime, seed: 7 };
      this.samplers[fibre.device] = sampler;
      if (this.plantTime - sampler.nextAt < fibre.blockMs) continue;
      const taken = takeLevel(model, sampler, periodUsOf(fibre), this.plantTime);
      this.samplers[fibre.device] = taken.sampler;
      this.sample(point.id, { value: taken.block, quality: "good" });
    }
  }

  feed(input: Input): void {
    if (this.state === null) return;
    const next = step(this.state, input, this.now());
    this.state = next.state;
    for (const effect of next.effects) {
      this.watch(effect, this.seen);
      if (effect.kind === "append") this.facts.push({ ...effect.fact, at: this.now() });
      else if (effect.kind === "wake") this.wakeAt = effect.at ?? Number.POSITIVE_INFINITY;
      else if (effect.kind === "answer") this.answers.push(effect);
      else if (effect.kind === "write") this.write(effect.request);
    }
  }

  private write(request: WriteRequest): void {
    const driver = this.config.drivers.find((each) => each.points.some((point) => point.id === request.point));
    const at = this.mono + writeMs;
    const plantAt = this.plantTime + writeMs;
    if (driver === undefined || this.cut.has(driver.id) || this.deadOutputs.has(request.point)) {
      this.results.push({
        at,
        input: {
          kind: "write-result",
          result: { id: request.id, point: request.point, ok: false, reason: "dead", at },
        },
      });
      return;
    }
    const bollard = /s=(\w+)\.Demand$/.exec(nodeOf(driver, request.point))?.[1];
    if (bollard !== undefined) {
      this.demands[request.point] = String(request.value);
      this.dues.push({ at: plantAt, stimulus: { kind: "demand", id: bollard, word: request.value as "open" } });
    } else {
      const relay = this.simulation.boards
        .flatMap((board) => board.relays)
        .find((each) => each.pin === pinOf(driver, request.point));
      if (relay !== undefined)
        this.dues.push({ at: plantAt, stimulus: { kind: "relay", id: relay.id, on: request.value === true } });
    }
    this.results.push({
      at,
      input: { kind: "write-result", result: { id: request.id, point: request.point, ok: true, confirmedAt: at } },
    });
  }
}
