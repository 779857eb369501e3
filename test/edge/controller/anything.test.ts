// Whatever is seen, ordered and restarted in whatever order: what must hold after every single step of the controller.
import { describe, expect, it } from "vitest";
import { initialState, type State, step } from "../../../edge/controller.js";
import { fold, initialDurable } from "../../../edge/incident/durable.js";
import type { Act } from "../../../edge/model/command.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { PointValue, Quality, WriteRequest } from "../../../edge/model/point.js";
import { type DriveConfig, type EdgeConfig, pointsOf } from "../../../edge/model/site.js";
import type { Effect, Input } from "../../../edge/model/state.js";
import type { ClockTrust, Stamp } from "../../../edge/model/time.js";
import { pointsOfBarrier } from "../../../edge/response/sight.js";
import { seeded } from "../../support/seeded.js";
import { exampleSite } from "../../support/virtual-site.js";

/** Far more than any step of these sites needs; a step that goes round in circles has thousands. */
const effectsMax = 600;
const minute = 60_000;

class Anybody {
  private mono = 10_000;
  private wall = Date.UTC(2026, 10, 22, 8, 0, 0);
  private boot = 1;
  private clock: ClockTrust = "synchronised";
  private state: State;
  private kept: Durable;
  private readonly written: WriteRequest[] = [];
  private readonly points;
  private wakeAt: number | null = null;
  private commands = 0;
  private durables = 0;
  effects = 0;

  private config: EdgeConfig;
  private readonly random: () => number;

  constructor(config: EdgeConfig, random: () => number) {
    this.config = config;
    this.random = random;
    this.points = pointsOf(config);
    this.kept = initialDurable(config);
    this.state = initialState(config, this.kept, this.now());
    this.feed({ kind: "started" });
    for (const { id } of this.points) this.rest(id);
  }

  act(): void {
    const dice = this.random();
    if (dice < 0.3) this.see();
    else if (dice < 0.55) this.pass();
    else if (dice < 0.8) this.order();
    else if (dice < 0.94) this.answer();
    else if (dice < 0.96) this.line();
    else if (dice < 0.975) this.restart();
    else if (dice < 0.985) this.setClock();
    else if (dice < 0.99) this.reconfigure();
    else this.notified();
  }

  private now(): Stamp {
    return { boot: `boot-${this.boot}`, mono: this.mono, wall: Math.round(this.wall), clock: this.clock };
  }

  private pick<T>(of: readonly T[]): T {
    return of[Math.floor(this.random() * of.length)] as T;
  }

  private rest(point: string): void {
    const value = this.config.barriers.some(({ open, powerOk }) => open === point || powerOk === point);
    this.feed({ kind: "sample", sample: { point, value, quality: "good", occurredAt: this.mono } });
  }

  private see(): void {
    const barriers = this.config.barriers.flatMap(pointsOfBarrier);
    const id = this.random() < 0.5 ? this.pick(barriers) : this.pick(this.points).id;
    const quality = this.pick<Quality>(["good", "good", "good", "good", "lost", "stale", "tampered", "out-of-range"]);
    const value = this.pick<PointValue>([true, false, true, false, 511, 682, 1023, 0, Number.NaN, "word"]);
    const occurredAt = this.mono - this.pick([0, 0, 40, 5000]);
    this.feed({ kind: "sample", sample: { point: id, value: quality === "lost" ? null : value, quality, occurredAt } });
  }

  private pass(): void {
    const end = this.mono + this.pick([10, 100, 1000, 5000, 31_000, 31_000, 10 * minute]);
    for (let woken = 0; this.wakeAt !== null && this.wakeAt <= end; woken += 1) {
      if (woken > 5000) throw new Error("it wakes without end");
      this.goTo(Math.max(this.mono, this.wakeAt));
      this.feed({ kind: "wake" });
      while (this.written.length > 0) this.answer(end - this.mono > minute ? 1 : 0.8);
    }
    this.goTo(end);
  }

  private goTo(mono: number): void {
    this.wall += mono - this.mono;
    this.mono = mono;
  }

  /** As a driver does: exactly one result for each write. */
  private answer(share = 0.8): void {
    const request = this.written.shift();
    if (request === undefined) return;
    const { id, point } = request;
    const result =
      this.random() < share
        ? { id, point, ok: true as const, confirmedAt: this.mono }
        : { id, point, ok: false as const, reason: "no", at: this.mono };
    this.feed({ kind: "write-result", result });
  }

  private line(): void {
    const { id, points } = this.pick(this.config.drivers);
    const up = this.random() < 0.5;
    if (!up) {
      for (const point of points)
        this.feed({
          kind: "sample",
          sample: { point: point.id, value: null, quality: "lost", occurredAt: this.mono },
        });
    }
    this.feed({ kind: "link", driver: id, up, reason: "line" });
    if (up) for (const point of points) this.rest(point.id);
  }

  private restart(): void {
    this.written.length = 0;
    this.wall += this.pick([500, minute, 5 * 60 * minute]);
    if (this.random() < 0.7) {
      this.boot += 1;
      this.mono = 5000;
    }
    this.clock = this.pick<ClockTrust>(["never-set", "holdover", "synchronised"]);
    this.state = initialState(this.config, JSON.parse(JSON.stringify(this.kept)), this.now());
    this.feed({ kind: "started" });
    for (const { id } of this.points) if (this.random() < 0.95) this.rest(id);
  }

  private setClock(): void {
    this.wall += this.pick([-5, 5]) * 60 * minute;
    this.clock = this.pick<ClockTrust>(["never-set", "holdover", "synchronised"]);
  }

  /** One barrier waits longer or less than before; what else is known stays. */
  private reconfigure(): void {
    const changed = this.pick(this.config.barriers).id;
    const barriers = this.config.barriers.map((each) =>
      each.id === changed ? { ...each, clearMs: each.clearMs + this.pick([-500, 500, 0]) } : each,
    );
    this.config = { ...this.config, barriers };
    this.feed({ kind: "config", config: this.config });
  }

  private notified(): void {
    const steps = Object.values(this.state.durable.steps).filter(({ action }) => action.kind === "notify");
    if (steps.length === 0) return;
    const ok = this.random() < 0.5;
    this.feed({ kind: "notified", step: this.pick(steps).id, ok, detail: "", at: this.mono });
  }

  private order(): void {
    this.commands += 1;
    const act = this.anyAct();
    const issuers = this.pick([["one"], ["one", "two"]]);
    const command = {
      id: `c${this.commands}`,
      issuers,
      reason: "test",
      roles: ["technician" as const, "supervisor" as const],
      act,
    };
    this.feed({ kind: "command", command: this.random() < 0.05 ? { ...command, duress: true } : command });
  }

  private anyAct(): Act {
    const { config, state } = this;
    const id = (things: readonly { readonly id: string }[]) => (things.length === 0 ? "none" : this.pick(things).id);
    const key = (things: object) => id(Object.keys(things).map((known) => ({ id: known })));
    const zones = [id(config.zones), id(config.zones)];
    const forMs = this.pick([1000, 30_000, 10 * minute, 60 * minute]);
    const by = { issuer: "office", reference: "no. 7" };
    const group = this.random() < 0.5 ? key(state.durable.lockDowns) : id(config.groups);
    const held = state.durable.lockDowns[group]?.barriers ?? [];
    return this.pick<Act>([
      { kind: "lock-down", group },
      { kind: "stand-down", group, barriers: this.random() < 0.5 ? held : held.slice(0, 1) },
      { kind: "acknowledge", incident: key(state.durable.incidents) },
      { kind: "silence" },
      { kind: "reset", incident: key(state.durable.incidents) },
      { kind: "reset", incident: key(state.durable.incidents) },
      { kind: "arm", area: id(config.areas) },
      { kind: "disarm", area: id(config.areas) },
      { kind: "isolate", zone: id(config.zones), forMs: this.pick([null, forMs]) },
      { kind: "inhibit", zone: id(config.zones) },
      { kind: "reinstate", zone: key(state.durable.out) },
      { kind: "take-out-for-repair", zone: id(config.zones), guard: "guard", forMs },
      { kind: "set-posture", level: this.pick(["normal", "level-3", "level-2", "level-1"]), ...by, leader: "leader" },
      { kind: "declare-risk", colour: this.pick(["none", "yellow", "orange", "red"]), ...by },
      { kind: "let-pass", barrier: id(config.barriers), forMs },
      { kind: "open", barrier: id(config.barriers) },
      { kind: "report", step: key(state.durable.steps) },
      { kind: "duty-done", duty: id(config.duties ?? []), note: "" },
      { kind: "self-test" },
      { kind: "start-drill", drill: `d${this.commands}`, zones, forMs },
      { kind: "end-drill" },
      { kind: "start-walk-test", zones, forMs },
      { kind: "end-walk-test" },
      {
        kind: "work-order",
        number: Object.values(state.durable.workOrders)[0]?.number ?? "",
        to: this.pick(["assigned", "fixed", "verified"]),
        note: "",
      },
    ]);
  }

  private feed(input: Input): void {
    const before = this.state.durable;
    const { state, effects } = step(this.state, input, this.now());
    this.state = state;
    const facts = effects.flatMap((effect) => (effect.kind === "append" ? [effect] : []));
    this.kept = facts.reduce((durable, { fact }) => fold(durable, fact), this.kept);
    for (const effect of effects) this.check(effect, before);
    this.effects += effects.length;
    expect(effects.length).toBeLessThan(effectsMax);
    if (state.durable === before) return;
    expect(JSON.stringify(state.durable)).toBe(JSON.stringify(this.kept));
    this.durables += 1;
    if (this.durables % 10 === 0) expect(JSON.parse(JSON.stringify(state.durable))).toEqual(state.durable);
  }

  private check(effect: Effect, before: Durable): void {
    if (effect.kind === "wake") {
      this.wakeAt = effect.at;
      if (effect.at !== null) expect(effect.at).toBeGreaterThan(this.mono);
    }
    if (effect.kind === "write") {
      this.written.push(effect.request);
      expect(this.state.index.points.get(effect.request.point)?.direction).toBe("out");
      this.checkMotion(effect.request);
    }
    if (effect.kind === "append" && effect.fact.type === "incident.opened" && effect.fact.data.incident.exercise) {
      for (const zone of effect.fact.data.incident.zones) expect(before.drill?.zones).toContain(zone);
      expect(effect.fact.data.incident.zones).not.toEqual([]);
    }
  }

  /** Rules 5 and 8: nothing is told to run while somebody works on it, nor before its contacts were heard. */
  private checkMotion(request: WriteRequest): void {
    const { readings } = this.state.transient;
    const good = (point: string) => readings[point]?.sample.quality === "good" && readings[point]?.sample.value;
    for (const { drive, lockOut, closed, open = closed, interlocks } of this.config.barriers) {
      const goal = goalOf(drive, request);
      if (goal === null) continue;
      if (lockOut !== undefined) expect(good(lockOut)).toBe(false);
      for (const contact of [closed, open]) expect(readings[contact]?.sample.quality).toBe("good");
      const runs = goal === "closed" && good(closed) !== true;
      if (runs) for (const loop of interlocks) expect(good(loop)).toBe(false);
    }
  }
}

/** Where a write sends a drive. */
function goalOf(drive: DriveConfig, { point, value }: WriteRequest): "open" | "closed" | null {
  if (drive.kind === "lock") return point === drive.lock && value === true ? "closed" : null;
  const word = drive.kind === "relays" && value === true ? point : value;
  if (drive.kind === "demand" && point !== drive.point) return null;
  if (word === drive.close || word === drive.emergency) return "closed";
  return word === drive.open ? "open" : null;
}

const runs = (["office", "school", "port"] as const).flatMap((site) => [1, 2, 3, 4].map((seed) => ({ site, seed })));

describe("whatever is seen, ordered and restarted in whatever order", () => {
  it.each(runs)(
    "$site wakes later than now, stays within bounds, folds to what it is and moves nothing blindly (seed $seed)",
    ({ site, seed }) => {
      const config = exampleSite(site).edges[0] as EdgeConfig;
      const anybody = new Anybody(config, seeded(seed));
      for (let count = 0; count < 400; count += 1) anybody.act();
      expect(anybody.effects).toBeGreaterThan(1000);
    },
  );
});
