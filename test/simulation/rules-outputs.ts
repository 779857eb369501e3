// Rules about outputs: nothing moves against an interlock or without authority, and outputs come to their declared state.
import type { WriteRequest } from "../../edge/model/point.js";
import type { BarrierConfig } from "../../edge/model/site.js";
import type { Kind } from "./happenings.js";
import { type Scene, wasAtWork } from "./scene.js";

export interface OutputRules {
  wrote(request: WriteRequest): void;
  started(): void;
  check(): void;
}

/** Time for an output to follow what is wanted: settling after a start, retries of a write. */
const followMs = 10_000;
const closers: readonly Kind[] = ["panic", "rush", "lock-down"];
const openers: readonly Kind[] = ["fire", "stand-down", "tidy"];

export function createOutputRules(scene: Scene): OutputRules {
  const { world, site, config, violate, happenings } = scene;
  const since = new Map<string, number>();
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

  function drive(barrier: BarrierConfig, word: string): void {
    const known = durable();
    if (barrier.drive.kind !== "demand" || known === undefined) return;
    const held = Object.values(known.lockDowns).some(({ barriers }) => barriers.includes(barrier.id));
    // Fire stands above a lock-down.
    const isFreed = Object.values(known.steps).some(
      ({ action }) => action.kind === "release" && action.barrier === barrier.id,
    );
    if (word === barrier.drive.open && ((held && !isFreed) || !hasHappened(openers)))
      violate("authority", `${barrier.id} is opened ${held ? "while it is held" : "and nobody wants it"}`);
    if (word === barrier.drive.close || word === barrier.drive.emergency) raise(barrier, held && hasHappened(closers));
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

  return {
    wrote({ point, value }) {
      for (const barrier of config.barriers)
        if (barrier.drive.kind === "demand" && barrier.drive.point === point) drive(barrier, String(value));
      const sounder = config.annunciators.find(({ points }) => points.includes(point));
      if (
        sounder !== undefined &&
        value === true &&
        durable()?.annunciators[sounder.id] === undefined &&
        site.box() !== null
      )
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
      const { relays } = site.field.plant();
      for (const { id, points } of config.annunciators)
        for (const point of points)
          agree(`${point} is not as ${id} wants it`, relays[point] === (known.annunciators[id] !== undefined));
      const shown = site.field.shown();
      for (const { id, open, signal } of config.barriers)
        if (signal !== undefined)
          agree(
            `${id} shows green and is not open`,
            relays[signal.green] !== true || shown[open ?? ""]?.value === true,
          );
    },
  };
}
