// Rules about outputs: nothing moves against an interlock or without authority, and outputs come to their declared state.
import { relaysOf } from "../../edge/controller/self-watch.js";
import type { Durable } from "../../edge/model/durable.js";
import type { Step } from "../../edge/model/incident.js";
import type { PointValue, WriteRequest } from "../../edge/model/point.js";
import type { BarrierConfig } from "../../edge/model/site.js";
import type { Kind } from "./draws.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface OutputRules {
  wrote(request: WriteRequest): void;
  started(): void;
  check(): void;
}

/** Time for an output to follow what is wanted: settling after a start, retries of a write. */
const followMs = 10_000;
const closers: readonly Kind[] = ["panic", "rush", "lock-down", "posture", "risk", "beam-break"];
/** The fire line of the warehouse is a loop like that of a door. */
const openers: readonly Kind[] = ["fire", "door-open", "stand-down", "tidy", "let-pass", "open"];

export function createOutputRules(scene: Scene): OutputRules {
  const { world, site, config, violate, happenings, example } = scene;
  const since = new Map<string, number>();
  const fireButtons = Object.keys(example.settings.buttons).filter((id) => example.settings.buttons[id] === "fire");
  const sounders = [...new Set(config.annunciators.flatMap(({ points }) => points))];
  let startedAt = 0;

  const hasHappened = (kinds: readonly Kind[]) =>
    happenings.some(({ kind, at }) => kinds.includes(kind) && at <= world.now());
  const durable = () => site.box()?.runner.state().durable;

  function against(barrier: BarrierConfig): string | null {
    const shown = site.field.shown();
    const is = (point: string | undefined, value: boolean) =>
      point === undefined || (shown[point]?.good === true && shown[point].value === value);
    const occupied = barrier.interlocks.find((point) => !is(point, false));
    if (occupied !== undefined) return occupied;
    if (!is(barrier.lockOut, false)) return "lock-out";
    if (!is(barrier.powerOk, true)) return "power";
    return is(barrier.obstructed, false) ? null : "obstructed";
  }

  function drive(barrier: BarrierConfig, word: "open" | "close"): void {
    const known = durable();
    if (known === undefined) return;
    const key = barrier.lockOut === undefined ? undefined : site.field.shown()[barrier.lockOut];
    if (key?.value === true) violate("lock-out", `${barrier.id} is told to ${word}`);
    const held = Object.values(known.lockDowns).some(({ barriers }) => barriers.includes(barrier.id));
    if (word === "open") lower(barrier, held && !isFreed(known, barrier.id));
    else raise(barrier, held && hasHappened(closers));
  }

  /** Fire stands above a lock-down, and an emergency vehicle may be let through. */
  function isFreed({ steps, passes }: Durable, barrier: string): boolean {
    const isReleased = ({ action }: Step) => action.kind === "release" && action.barrier === barrier;
    return passes[barrier] !== undefined || Object.values(steps).some(isReleased);
  }

  function lower({ id }: BarrierConfig, held: boolean): void {
    if (held || !hasHappened(openers))
      violate("authority", `${id} is opened ${held ? "while it is held" : "and nobody wants it"}`);
  }

  function raise(barrier: BarrierConfig, isWanted: boolean): void {
    if (!isWanted) violate("authority", `${barrier.id} is closed and nobody wants it`);
    const isClosed = site.field.shown()[barrier.closed]?.value === true;
    const reason = against(barrier);
    if (reason !== null && !isClosed) violate("interlock", `${barrier.id} is told to close against ${reason}`);
  }

  /** A difference may last while a write is on its way, not longer. */
  function agree(what: string, agrees: boolean): void {
    if (agrees) since.delete(what);
    else if (!since.has(what)) since.set(what, world.now());
    else if (world.now() - Math.max(since.get(what) ?? 0, startedAt) > followMs && !isHindered())
      violate("declared-state", what);
  }

  function isHindered(): boolean {
    return wasAtWork(happenings, ["line-cut", "output-dead", "contact-stuck"], [world.now() - followMs, world.now()]);
  }

  const isOn = (point: string) => site.field.plant().relays[example.deviceOf(point)] === true;

  /** A trigger of a walk test has just been answered by this point. */
  function mayChirp(point: string, known: Durable): boolean {
    const { chirp } = config.walkTest ?? {};
    const answered = known.walkTest?.chirp ?? null;
    if (answered === null || chirp?.kind !== "annunciator") return false;
    const isRecent = answered.since.mono > site.stamp().mono - followMs;
    return isRecent && config.annunciators.some(({ id, points }) => id === chirp.annunciator && points.includes(point));
  }

  function lookAtAnnunciators(known: Durable): void {
    const { annunciators } = known;
    const speaks = config.annunciators.some(({ id, kind }) => kind === "evacuation" && annunciators[id] !== undefined);
    const sounding = config.annunciators.filter(
      ({ id, yieldsToEvacuation = false }) => annunciators[id] !== undefined && !(yieldsToEvacuation && speaks),
    );
    for (const point of sounders) {
      const isWanted = sounding.some(({ points }) => points.includes(point));
      agree(`${point} is not as wanted`, isOn(point) === isWanted || mayChirp(point, known));
    }
  }

  /** The fail-safe relays say what the box holds to be true, and the healthy one never more than that. */
  function lookAtRelays(): void {
    const box = site.box();
    if (box === null) return;
    const said = relaysOf(box.runner.state(), site.stamp().mono);
    for (const [relay, isWell] of Object.entries(said)) {
      const point = config.failSafe?.[relay === "alarm" ? "alarm" : "healthy"] ?? "";
      agree(`the relay ${relay} is not as the box is`, isOn(point) === isWell);
    }
  }

  function lookAtBarriers(): void {
    const shown = site.field.shown();
    const { buttons } = site.field.plant();
    const isFire = fireButtons.some((id) => buttons[id] === true);
    for (const { id, open, signal, drive, onFire } of config.barriers) {
      if (signal !== undefined)
        agree(`${id} shows green and is not open`, !isOn(signal.green) || shown[open ?? ""]?.value === true);
      if (drive.kind === "lock" && onFire === "open")
        agree(`${id} is locked while there is fire`, !(isFire && isOn(drive.lock)));
    }
  }

  return {
    wrote({ point, value }) {
      for (const barrier of config.barriers) {
        const word = wordOf(barrier, point, value);
        if (word !== null) drive(barrier, word);
      }
      const known = durable();
      const mayBeOn = config.annunciators.some(
        ({ id, points }) => points.includes(point) && known?.annunciators[id] !== undefined,
      );
      if (sounders.includes(point) && value === true && known !== undefined && !mayBeOn && !mayChirp(point, known))
        violate("authority", `${point} is switched on and nothing sounds`);
    },
    started() {
      startedAt = world.now();
      since.clear();
    },
    check() {
      const known = durable();
      if (known === undefined) {
        since.clear();
        return;
      }
      lookAtAnnunciators(known);
      lookAtBarriers();
      lookAtRelays();
    },
  };
}

/** Which way a write moves the barrier; null when it moves nothing. */
function wordOf({ drive }: BarrierConfig, point: string, value: PointValue): "open" | "close" | null {
  if (drive.kind === "demand" && drive.point === point) {
    if (value === drive.open) return "open";
    return value === drive.close || value === drive.emergency ? "close" : null;
  }
  if (drive.kind !== "relays" || value !== true) return null;
  if (point === drive.open) return "open";
  return point === drive.close || point === drive.emergency ? "close" : null;
}
