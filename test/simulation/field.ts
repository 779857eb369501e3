// The field of a site in virtual time: the plant models behind the drivers' ports, with lines that can be cut. Nothing of
// the plant is computed while nothing moves.
import type { PointValue, WriteRequest } from "../../edge/model/point.js";
import type { Input } from "../../edge/model/state.js";
import {
  advance,
  type Plant,
  type PlantSettings,
  type Stimulus,
  schedule,
  startPlant,
} from "../../simulators/plant/plant.js";
import { type Trigger, triggerDues } from "../../simulators/plant/trigger.js";
import { createLevels } from "./levels.js";
import type { WiredPoint } from "./points.js";
import type { ExampleSite } from "./sites.js";
import type { World } from "./world.js";

/** One box as its drivers know it. */
export interface FieldListener {
  monoNow(): number;
  feed(input: Input): void;
}

export interface Shown {
  readonly value: PointValue | null;
  readonly good: boolean;
}

export interface Field {
  plant(): Plant;
  pull(trigger: Trigger): void;
  act(stimulus: Stimulus): void;
  /** The drivers of a box that has just started find their devices. Ends with `detach`. */
  attach(listener: FieldListener): void;
  detach(): void;
  write(request: WriteRequest): void;
  cut(driver: string): void;
  mend(driver: string): void;
  /** The point reports what it reports now, whatever happens. */
  stick(point: string): void;
  free(point: string): void;
  /** Writes to the point fail. */
  breakOutput(point: string): void;
  mendOutput(point: string): void;
  slowDrive(bollard: string, factor: number): void;
  /** The fibre's level is sent until then; without it nothing happens there that would be worth a sample. */
  sendLevel(until: number): void;
  /** What the box has been shown of each point since it started. */
  shown(): Readonly<Record<string, Shown>>;
  isUp(driver: string): boolean;
}

const motionTickMs = 40;
const writeMs = 15;
const confirmMs = 25;
const connectMs: Readonly<Record<string, number>> = { mqtt: 900, firmata: 400, opcua: 700, gpio: 50 };
/** How long a driver needs to notice that its line is dead. */
const noticeMs: Readonly<Record<string, number>> = { mqtt: 8000, firmata: 2000, opcua: 5000, gpio: 50 };
const deviceSilentMs = 10_000;
const levelBlockMs = 250;
/** A baseline is learnt in this time. */
const learnMs = 6000;
/** Drivers deliver a little faster than they declare. */
const latencyShare = 0.8;

interface Line {
  readonly kind: string;
  cuts: number;
  /** The box's driver has its device. */
  up: boolean;
}

export function createField(world: World, { config, simulation, settings, wire }: ExampleSite): Field {
  const points = wire();
  const pointOf = new Map(points.map((point) => [point.id, point]));
  const lines = new Map<string, Line>(config.drivers.map(({ id, kind }) => [id, { kind, cuts: 0, up: false }]));
  const slow = new Map<string, number>();
  const stuck = new Map<string, PointValue | "lost" | null>();
  const broken = new Set<string>();
  const silentSince = new Map<string, number>();
  const levels = createLevels(simulation);
  let plant = startPlant(settings, world.now());
  let sent = new Map<string, PointValue | "lost">();
  let shown: Record<string, Shown> = {};
  let listener: FieldListener | null = null;
  let life = 0;
  let moving = false;
  let levelUntil = 0;
  let levelRuns = false;

  const lineOf = (driver: string) => lines.get(driver) as Line;

  function settingsNow(): PlantSettings {
    if (slow.size === 0) return settings;
    const bollards = Object.entries(settings.bollards).map(([id, own]) => {
      const factor = slow.get(id) ?? 1;
      return [id, { ...own, travelMs: own.travelMs * factor, emergencyTravelMs: own.emergencyTravelMs * factor }];
    });
    return { ...settings, bollards: Object.fromEntries(bollards) };
  }

  /** Brings the plant to the present, shows the drivers every state on the way, and comes again when something is to come. */
  function follow(): void {
    for (const state of advance(plant, settingsNow(), world.now())) {
      plant = state;
      look();
    }
    const next = plant.pending[0]?.at;
    if (next !== undefined) world.at(next, follow);
    if (!moving && Object.values(plant.bollards).some(({ motion }) => motion !== "still")) {
      moving = true;
      world.at(world.now() + motionTickMs, () => {
        moving = false;
        follow();
      });
    }
  }

  function look(): void {
    if (listener === null) return;
    noteSilence();
    for (const point of points) if (lineOf(point.driver).up && lineOf(point.driver).cuts === 0) lookAt(point);
  }

  function lookAt(point: WiredPoint): void {
    const value = valueAt(point);
    if (value === null || sent.get(point.id) === value) return;
    sent.set(point.id, value);
    deliver(point, value);
  }

  function valueAt(point: WiredPoint): PointValue | "lost" | null {
    if (point.device !== null && silentSince.has(point.device)) {
      return world.now() - (silentSince.get(point.device) ?? 0) >= deviceSilentMs ? "lost" : null;
    }
    return stuck.has(point.id) ? (stuck.get(point.id) ?? null) : point.read(plant);
  }

  function noteSilence(): void {
    for (const [id, { silent }] of [...Object.entries(plant.fibres), ...Object.entries(plant.beams)]) {
      if (!silent) silentSince.delete(id);
      else if (!silentSince.has(id)) {
        silentSince.set(id, world.now());
        world.at(world.now() + deviceSilentMs, look);
      }
    }
  }

  function deliver({ id, latencyMs }: WiredPoint, value: PointValue | "lost"): void {
    const mine = life;
    world.at(world.now() + latencyMs * latencyShare, () => {
      if (listener === null || mine !== life) return;
      const good = value !== "lost";
      const shownValue = value === "lost" ? null : value;
      shown = { ...shown, [id]: { value: shownValue, good } };
      const occurredAt = listener.monoNow() - (good ? latencyMs : 0);
      listener.feed({
        kind: "sample",
        sample: { point: id, value: shownValue, quality: good ? "good" : "lost", occurredAt },
      });
    });
  }

  function connect(driver: string): void {
    const mine = life;
    const line = lineOf(driver);
    world.at(world.now() + (connectMs[line.kind] ?? 0), () => {
      if (listener === null || mine !== life || line.cuts > 0 || line.up) return;
      line.up = true;
      listener.feed({ kind: "link", driver, up: true, reason: "connected" });
      for (const point of points) if (point.driver === driver) sent.delete(point.id);
      look();
      if (points.some((point) => point.isLevel && point.driver === driver)) sendLevel(world.now() + learnMs);
    });
  }

  function lose(driver: string): void {
    const line = lineOf(driver);
    if (listener === null || line.cuts === 0 || !line.up) return;
    line.up = false;
    for (const { id } of points.filter((point) => point.driver === driver)) {
      shown = { ...shown, [id]: { value: null, good: false } };
      listener.feed({
        kind: "sample",
        sample: { point: id, value: null, quality: "lost", occurredAt: listener.monoNow() },
      });
    }
    listener.feed({ kind: "link", driver, up: false, reason: "no answer" });
  }

  function sendLevel(until: number): void {
    levelUntil = Math.max(levelUntil, until);
    if (levelRuns) return;
    levelRuns = true;
    levels.restart(world.now());
    world.at(world.now() + levelBlockMs, nextLevel);
  }

  function nextLevel(): void {
    follow();
    for (const point of points) {
      if (!point.isLevel || point.device === null) continue;
      const block = levels.take(plant, point.device, world.now());
      const line = lineOf(point.driver);
      if (block !== null && line.up && line.cuts === 0 && !silentSince.has(point.device)) deliver(point, block);
    }
    levelRuns = world.now() < levelUntil;
    if (levelRuns) world.at(world.now() + levelBlockMs, nextLevel);
  }

  function stimulate(dues: Parameters<typeof schedule>[1]): void {
    plant = schedule(plant, dues);
    follow();
  }

  return {
    plant: () => plant,
    pull(trigger) {
      const dues = triggerDues(trigger, settings, world.now());
      if (dues === null) throw new Error(`${trigger.name} does not fit ${trigger.target ?? "this site"}`);
      stimulate(dues);
    },
    act: (stimulus) => stimulate([{ at: world.now(), stimulus }]),
    attach(given) {
      listener = given;
      for (const driver of lines.keys()) connect(driver);
    },
    detach() {
      listener = null;
      life += 1;
      sent = new Map();
      shown = {};
      for (const line of lines.values()) line.up = false;
    },
    write(request) {
      const mine = life;
      const point = pointOf.get(request.point);
      const line = lineOf(point?.driver ?? "");
      const works = point?.act != null && line.up && line.cuts === 0 && !broken.has(request.point);
      const act = point?.act;
      if (works && act != null)
        world.at(world.now() + writeMs, () => {
          const at = world.now();
          stimulate(act(request.value, at).map(([afterMs, stimulus]) => ({ at: at + afterMs, stimulus })));
        });
      world.at(world.now() + confirmMs, () => {
        if (listener === null || mine !== life) return;
        const at = listener.monoNow();
        const { id } = request;
        const result = works
          ? { id, point: request.point, ok: true as const, confirmedAt: at }
          : { id, point: request.point, ok: false as const, reason: "field.write-unconfirmed", at };
        listener.feed({ kind: "write-result", result });
      });
    },
    cut(driver) {
      const line = lineOf(driver);
      line.cuts += 1;
      world.at(world.now() + (noticeMs[line.kind] ?? 0), () => lose(driver));
    },
    mend(driver) {
      const line = lineOf(driver);
      line.cuts -= 1;
      if (line.cuts > 0) return;
      if (line.up) look();
      else if (listener !== null) connect(driver);
    },
    stick(point) {
      stuck.set(point, pointOf.get(point)?.read(plant) ?? null);
    },
    free(point) {
      stuck.delete(point);
      look();
    },
    breakOutput: (point) => void broken.add(point),
    mendOutput: (point) => void broken.delete(point),
    slowDrive(bollard, factor) {
      follow();
      if (factor === 1) slow.delete(bollard);
      else slow.set(bollard, factor);
    },
    sendLevel,
    shown: () => shown,
    isUp: (driver) => lineOf(driver).up && lineOf(driver).cuts === 0,
  };
}
