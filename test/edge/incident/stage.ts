// A box without detection and outputs: zones are set by hand, orders, judgements and clockworks run as the controller runs them.
import { incidentClockworks } from "../../../edge/incident/clockworks.js";
import { fold, initialDurable } from "../../../edge/incident/durable.js";
import { judge, judgeEntryOver, judgeWaiting } from "../../../edge/incident/judge.js";
import type { Judgement, Scene } from "../../../edge/incident/scene.js";
import type { Act, Command } from "../../../edge/model/command.js";
import type { Durable } from "../../../edge/model/durable.js";
import type { Fact, FactMap, FactType } from "../../../edge/model/fact.js";
import type { Cause } from "../../../edge/model/incident.js";
import type { AreaConfig, EdgeConfig } from "../../../edge/model/site.js";
import type { Condition, Ward, ZoneEvent } from "../../../edge/model/state.js";
import { monoOf, type Stamp } from "../../../edge/model/time.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { exitClock } from "../../../edge/response/arming/exit-clock.js";
import { scheduleClock } from "../../../edge/response/arming/schedule.js";
import { consider, type Verdict } from "../../../edge/response/order.js";
import { exerciseClock } from "../../../edge/response/orders/exercises.js";
import { rolesFor } from "../../support/roles.js";

const name = { zh: "名", en: "name" };
const clockworks = [...incidentClockworks, exitClock, scheduleClock, exerciseClock];

export function area(id: string, part: Partial<AreaConfig> = {}): AreaConfig {
  return { id, name, kind: "perimeter", armedAtStart: true, ...part };
}

/** A contact-like zone of any kind on a point of its own name. */
export function zone(id: string, part: Record<string, unknown> = {}): ZoneConfig {
  const contact = { id, name, area: "fence", kind: "infrared-beam", point: id, filterMs: 40, ...part };
  return contact as unknown as ZoneConfig;
}

export function config(part: Partial<EdgeConfig>): EdgeConfig {
  const points = (part.zones ?? []).map(({ id }) => ({ id, direction: "in" as const }));
  return {
    id: "box",
    name,
    http: { host: "127.0.0.1", port: 0 },
    drivers: [{ id: "io", kind: "gpio", chip: "c", points: points.map((point) => ({ ...point, line: 0 })) }],
    areas: [area("fence")],
    zones: [],
    barriers: [],
    groups: [],
    annunciators: [],
    responses: [],
    timeZone: "Asia/Shanghai",
    journal: { retentionDays: 90, quotaMiB: 1, reserveMiB: 1 },
    settleMs: 1000,
    ...part,
  };
}

export class Stage {
  durable: Durable;
  now: Stamp = { boot: "boot-1", mono: 1_000_000, wall: Date.UTC(2026, 10, 23, 4, 0, 0), clock: "synchronised" };
  readonly facts: Fact[] = [];
  conditions: Record<string, Condition> = {};
  linksDown: Record<string, string> = {};
  unconfirmed: string[] = [];
  settled = true;
  readonly config: EdgeConfig;

  constructor(part: Partial<EdgeConfig>) {
    this.config = config(part);
    this.durable = initialDurable(this.config);
    for (const { id } of this.config.zones) this.conditions[id] = { kind: "normal" };
  }

  emit(facts: readonly Fact[]): void {
    for (const known of facts) {
      this.durable = fold(this.durable, known);
      this.facts.push(known);
    }
  }

  zone(id: string): ZoneConfig {
    const known = this.config.zones.find((each) => each.id === id);
    if (known === undefined) throw new Error(`no zone ${id}`);
    return known;
  }

  scene(id: string): Scene {
    const { config, durable, conditions, now } = this;
    const known = config.areas.find((each) => each.id === this.zone(id).area);
    if (known === undefined) throw new Error("no area");
    return { edge: config.id, config, area: known, durable, conditions, now };
  }

  ward(): Ward {
    const { config, durable, conditions, linksDown, unconfirmed, settled, now } = this;
    return { config, durable, conditions, readings: {}, linksDown, unconfirmed, driveRuns: [], settled, now };
  }

  /** The zone's condition changes now; momentary kinds stay normal. */
  see(id: string, condition: Condition, part: Partial<ZoneEvent> = {}): Judgement {
    const from = this.conditions[id]?.kind ?? "unknown";
    const at = this.now.mono;
    if (part.momentary !== true) this.conditions[id] = condition;
    const event = { condition, from, firstActivityAt: at, occurredAt: at, momentary: false, ...part };
    const judgement = judge(this.zone(id), event, this.scene(id));
    this.emit(judgement.facts);
    return judgement;
  }

  breach(id: string, cause: Cause = "beam-blocked", part: Partial<ZoneEvent> = {}): Judgement {
    return this.see(id, { kind: "breach", cause }, part);
  }

  /** A blow, a rush: it stands for itself and no level follows. */
  strike(id: string, cause: Cause = "fibre-cut"): Judgement {
    return this.breach(id, cause, { momentary: true });
  }

  tamper(id: string, cause: Cause = "tampered"): Judgement {
    return this.see(id, { kind: "tamper", cause });
  }

  clear(id: string): Judgement {
    return this.see(id, { kind: "normal" });
  }

  order(act: Act, part: Partial<Command> = {}): Verdict {
    const command = { id: "c", issuers: ["wang"], reason: "test", act, ...rolesFor(act), ...part };
    const verdict = consider(command, this.ward());
    if (verdict.ok) this.emit(verdict.facts);
    this.clocks();
    return verdict;
  }

  clocks(): void {
    for (let before: Durable | null = null; before !== this.durable; ) {
      before = this.durable;
      for (const clock of clockworks) this.emit(clock.facts(this.ward()));
    }
  }

  /** Time passes, stopping wherever a clockwork or an entry time asks for it. Gives the judgements that followed. */
  pass(ms: number): readonly Judgement[] {
    const end = this.now.mono + ms;
    const judgements: Judgement[] = [];
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > 20_000) throw new Error("a clockwork is due again and again without a fact");
      const due = Math.min(end, ...clockworks.map((clock) => clock.dueAt(this.ward())), ...this.entryEnds());
      const step = Math.max(due, this.now.mono) - this.now.mono;
      this.now = { ...this.now, mono: this.now.mono + step, wall: this.now.wall + step };
      this.clocks();
      judgements.push(...this.endEntries());
      if (this.now.mono >= end) return judgements;
    }
  }

  /** A pre-alarm looks again whether its partners can still speak. */
  wait(id: string): Judgement | null {
    const judgement = judgeWaiting(this.zone(id), this.scene(id));
    if (judgement !== null) this.emit(judgement.facts);
    return judgement;
  }

  /** Power off for `offMs`; the monotonic clock starts anew. */
  reboot(offMs: number, clock: Stamp["clock"] = "synchronised"): void {
    this.now = { boot: `${this.now.boot}+`, mono: 5_000, wall: this.now.wall + offMs, clock };
    this.durable = this.facts.reduce<Durable>((before, known) => fold(before, known), initialDurable(this.config));
  }

  of<T extends FactType>(type: T): readonly FactMap[T][] {
    return this.facts.flatMap((known) => (known.type === type ? [known.data as FactMap[T]] : []));
  }

  private entryEnds(): readonly number[] {
    return Object.values(this.durable.entries).map(({ until }) => monoOf(until, this.now) ?? this.now.mono);
  }

  private endEntries(): readonly Judgement[] {
    return Object.entries(this.durable.entries).flatMap(([id, { until, detection }]) => {
      if ((monoOf(until, this.now) ?? this.now.mono) > this.now.mono) return [];
      const judgement = judgeEntryOver(id, this.zone(detection.zone), this.scene(detection.zone));
      this.emit(judgement.facts);
      return [judgement];
    });
  }
}
