import { beginRun, type GuidedRun } from "../../../edge/commissioning/guided/guided-run.js";
import { guidedTestOf, subjectsOf } from "../../../edge/commissioning/guided/guided-test.js";
import { stepRule } from "../../../edge/commissioning/guided/rule-run.js";
import { walkCountOf } from "../../../edge/commissioning/guided/walk-count.js";
import { seenValue } from "../../../edge/health/point-book.js";
import type { PointValue, Quality } from "../../../edge/model/point.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { ZoneConfig } from "../../../edge/model/zone.js";
import { HandFed } from "../../support/hand-fed.js";
import { name, response, sound, yard } from "../response/yard.js";

const everyMs = 200;

export const pair = (counts: "inward" | "outward" | "both"): ZoneConfig => ({
  id: "pair",
  name,
  area: "fence",
  kind: "beam-pair",
  first: "outer",
  second: "inner",
  withinMs: 3_000,
  counts,
});
export const rush: ZoneConfig = {
  id: "rush",
  name,
  area: "post",
  kind: "vehicle-rush",
  barrier: "main",
  first: "outer",
  second: "inner",
  rushMs: 2_000,
};
export const turnstile: ZoneConfig = {
  id: "turn",
  name,
  area: "post",
  kind: "turnstile",
  granted: "outer",
  passed: "inner",
  grantMs: 8_000,
};
export const fibre = (eventCount = 3): ZoneConfig => ({
  id: "fibre",
  name,
  area: "fence",
  kind: "vibration-fibre",
  level: "level",
  settings: {
    baselineMs: 20_000,
    threshold: 4,
    levelFloor: 0,
    eventCount,
    eventWindowMs: 10_000,
    maskMs: 500,
    sustainedMs: 2_500,
    windReject: 4,
  },
});

export function site(zone: ZoneConfig): EdgeConfig {
  const plain = yard([response("rush", [{ zones: ["rush"] }], sound("siren"))], { zones: [zone] });
  const extra = ["outer", "inner", "level"].map((id) => ({ id, direction: "in" as const, line: id }));
  const drivers = plain.drivers.map((driver) =>
    driver.id === "sensors" ? ({ ...driver, points: [...driver.points, ...extra] } as typeof driver) : driver,
  );
  return { ...plain, drivers };
}

export type Event = readonly [atMs: number, point: string, value: PointValue, quality?: Quality];
/** Level of the fence at a second of the test. */
export type Height = (second: number) => number;

/** A box whose test is looked at every 200 ms, as the box does. */
export class Bench {
  readonly box: HandFed;
  run: GuidedRun;
  private heard: { point: string; value: PointValue; quality: Quality; at: number; heardAt: number }[] = [];
  private told = 0;
  private readonly config: EdgeConfig;

  private readonly zone: ZoneConfig;

  constructor(
    zone: ZoneConfig,
    subject: string,
    { height = () => 1, annunciators = [] }: { height?: Height; annunciators?: readonly string[] } = {},
    before: (box: HandFed) => void = () => undefined,
  ) {
    this.zone = zone;
    this.config = site(zone);
    this.box = new HandFed(this.config);
    before(this.box);
    const known = subjectsOf(this.config).find((each) => each.subject === subject);
    if (known === undefined) throw new Error(`no subject ${subject}`);
    if (zone.kind === "vibration-fibre") for (let at = -15_000; at < 0; at += everyMs) this.hearLevel(at, height);
    const test = guidedTestOf(known, this.config, { annunciators, withinMs: annunciators.length > 0 ? 5_000 : 0 });
    this.run = beginRun(test, this.box.mono);
    this.heard = ["outer", "inner"].map((point) => {
      return { point, value: false, quality: "good", at: this.box.mono - 900, heardAt: this.box.mono - 900 };
    });
  }

  play(events: readonly Event[], untilMs: number, height: Height = () => 1): this {
    const start = this.box.mono;
    let waiting = [...events];
    for (let at = 0; at <= untilMs; at += everyMs) {
      for (const [when, point, value, quality = "good"] of waiting.filter(([when]) => when < at + everyMs)) {
        this.box.pass(Math.max(0, start + when - this.box.mono));
        this.set(point, value, quality);
      }
      waiting = waiting.filter(([when]) => when >= at + everyMs);
      if (this.zone.kind === "vibration-fibre") this.hearLevel(at, height);
      else this.box.pass(Math.max(0, start + at + everyMs - this.box.mono));
      this.look();
    }
    return this;
  }

  private set(point: string, value: PointValue, quality: Quality): void {
    this.box.set(point, value, quality);
    this.heard.push({ point, value, quality, at: this.box.mono, heardAt: this.box.mono });
  }

  /** One block of 200 ms at 100 Hz. */
  private hearLevel(fromMs: number, height: Height): void {
    const values = Array.from({ length: 20 }, (_, index) => {
      const second = fromMs / 1000 + index / 100;
      return 500 + height(second) * (1 + 0.1 * Math.sin(7.3 * second)) * Math.sin(2 * Math.PI * 21 * second);
    });
    this.box.pass(everyMs);
    this.set("level", { t0: 0, periodUs: 10_000, values }, "good");
  }

  private look(): void {
    const { rule } = this.run.test;
    if (rule === null) throw new Error("no rule");
    const now = this.box.mono;
    for (const sample of this.heard.splice(0)) {
      this.run = stepRule(this.run, rule, { kind: "sample", ...sample, value: seenValue(sample.value) }, now);
    }
    for (const { zone: _, ...look } of this.box.traces.slice(this.told)) {
      this.run = stepRule(this.run, rule, { kind: "look", look }, now);
    }
    this.told = this.box.traces.length;
    const sounded = this.box.durable.annunciators["siren"];
    if (sounded !== undefined && this.box.outputs["siren"] === true) {
      this.run = stepRule(this.run, rule, { kind: "sounded", annunciator: "siren", at: sounded.since.mono }, now);
    }
    this.run = stepRule(this.run, rule, { kind: "time" }, now);
  }
}

export const on = (at: number, point: string, forMs = 600): readonly Event[] => [
  [at, point, true],
  [at + forMs, point, false],
];
export const found = ({ run }: Bench) => [run.stage, run.reason, walkCountOf(run)];
