// "Seal now?": whether a lock-down of a group would succeed at this moment, how long it would take, and what stands against it.
import { arrivalMs, commandBudgetMs, reactionMs, type Wired } from "../model/budget.js";
import type { Reason } from "../model/incident.js";
import type { BarrierConfig, EdgeConfig } from "../model/site.js";
import type { Ward } from "../model/state.js";
import { timeLeft } from "../model/time.js";
import { ordersOf } from "../model/work-order.js";
import { demandPointOf } from "./outputs.js";
import { lookAt } from "./sight.js";

export interface Seal {
  readonly ok: boolean;
  /** Until the last barrier that can close is closed. */
  readonly totalMs: number;
  readonly barriers: readonly SealedBarrier[];
}

export interface SealedBarrier {
  readonly barrier: string;
  /** At the latest, by the terms of the timing proof; 0 when it is closed already. */
  readonly ms: number;
  readonly obstacles: readonly Reason[];
}

type SealView = Pick<Ward, "config" | "durable" | "readings" | "linksDown" | "now">;

/** A group that is empty or unknown cannot be sealed. */
export function sealNow(view: SealView, group: string): Seal {
  const known = view.config.groups.find(({ id }) => id === group);
  const barriers = (known?.barriers ?? []).flatMap((id, position) => {
    const barrier = view.config.barriers.find((each) => each.id === id);
    return barrier === undefined ? [] : [look(view, barrier, position * (known?.staggerMs ?? 0))];
  });
  return {
    ok: barriers.length > 0 && barriers.every(({ obstacles }) => obstacles.length === 0),
    totalMs: Math.max(0, ...barriers.map(({ ms }) => ms)),
    barriers,
  };
}

function look(view: SealView, barrier: BarrierConfig, staggerMs: number): SealedBarrier {
  const sight = lookAt(barrier, view.readings, view.durable.lockOuts);
  const output = wiredOf(view.config, demandPointOf(barrier.drive));
  const isReleased = Object.values(view.durable.steps).some(
    ({ action }) => action.kind === "release" && action.barrier === barrier.id,
  );
  const isDeaf = output !== undefined && view.linksDown[output.driver.id] !== undefined;
  const isClosed = sight.position === "closed";
  const obstacles: (Reason | false | null)[] = [
    isReleased && "fire",
    sight.hold,
    isDeaf && "output-not-confirmed",
    !isClosed && sight.isFaulty && "drive-fault",
    !isClosed && isJammed(barrier, view) && "jammed",
    !isClosed && sight.blocked,
  ];
  const contact = wiredOf(view.config, barrier.closed);
  // A lane that is let pass closes when its time is over.
  const pass = view.durable.passes[barrier.id];
  const travelMs =
    Math.max(0, pass === undefined ? 0 : timeLeft(pass.until, view.now).leftMs) +
    staggerMs +
    barrier.warnMs +
    reactionMs +
    (output === undefined ? 0 : commandBudgetMs(output)) +
    barrier.travelMs +
    (contact === undefined ? 0 : arrivalMs(contact));
  return {
    barrier: barrier.id,
    ms: isClosed && pass === undefined ? 0 : travelMs,
    obstacles: [...new Set(obstacles.filter((obstacle) => obstacle !== null && obstacle !== false))],
  };
}

/** Its last run failed, and nobody has mended it since. */
function isJammed({ id }: BarrierConfig, { durable }: SealView): boolean {
  return ordersOf(durable, `barrier:${id}`).some(
    ({ cause, state }) => cause === "jammed" && (state === "open" || state === "assigned"),
  );
}

function wiredOf({ drivers }: EdgeConfig, id: string): Wired | undefined {
  for (const driver of drivers) {
    const point = driver.points.find((each) => each.id === id);
    if (point !== undefined) return { driver, point };
  }
  return undefined;
}
