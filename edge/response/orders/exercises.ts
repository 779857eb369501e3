// Drills and walk tests by order, and their end by themselves: a forgotten test must not leave a fence unguarded.
import type { WalkResult } from "../../model/durable.js";
import { type Fact, fact } from "../../model/fact.js";
import { sheetOf } from "../../model/sheet.js";
import type { Clockwork, Ward } from "../../model/state.js";
import { later, monoOf, timeLeft } from "../../model/time.js";
import { zoneTraits } from "../../model/zone.js";
import { type Carry, done, issuerOf, refused } from "./verdict.js";

/** Longest drill or walk test that may be ordered: a working day. */
export const exerciseMsMax = 12 * 3_600_000;

const isTime = (forMs: number) => forMs > 0 && forMs <= exerciseMsMax;

function areKnown(zones: readonly string[], { config }: Ward): boolean {
  return zones.length > 0 && zones.every((zone) => config.zones.some(({ id }) => id === zone));
}

export const startDrill: Carry<"start-drill"> = ({ drill, zones, forMs }, command, desk) => {
  if (!areKnown(zones, desk)) return refused("command.unknown-target");
  if (desk.durable.drill !== null || !isTime(forMs)) return refused("command.not-possible");
  const until = later(desk.now, forMs);
  return done([fact("drill.started", drill, { drill, zones, by: issuerOf(command), at: desk.now, until })]);
};

export const endDrill: Carry<"end-drill"> = (_act, command, desk) =>
  desk.durable.drill === null ? refused("command.not-possible") : done(drillEnded(desk, issuerOf(command)));

/** What was measured of incidents that are closed, and of those that are still open. */
function drillEnded({ durable, now }: Ward, by: string): readonly Fact[] {
  const { drill, incidents, steps } = durable;
  if (drill === null) return [];
  const sheet = [...drill.sheet, ...sheetOf(drill, Object.values(steps), incidents)];
  return [fact("drill.ended", drill.id, { drill: drill.id, by, at: now, sheet })];
}

/** What is protected is never quiet: it is tried in a drill. In posture level 1 nothing is taken out. */
export const startWalkTest: Carry<"start-walk-test"> = ({ zones, forMs }, command, desk) => {
  if (!areKnown(zones, desk)) return refused("command.unknown-target");
  const { durable, config } = desk;
  const isProtected = config.zones.some(({ id, kind }) => zones.includes(id) && zoneTraits[kind].isProtected);
  if (isProtected || durable.posture.level === "level-1") return refused("command.not-allowed");
  if (durable.walkTest !== null || !isTime(forMs)) return refused("command.not-possible");
  const { now: at } = desk;
  const data = { zones: [...new Set(zones)], by: issuerOf(command), at, until: later(at, forMs) };
  return done([fact("walktest.started", config.id, data)]);
};

export const endWalkTest: Carry<"end-walk-test"> = (_act, command, desk) =>
  desk.durable.walkTest === null ? refused("command.not-possible") : done(walkTestEnded(desk, issuerOf(command)));

function walkTestEnded({ durable, config, now }: Ward, by: string): readonly Fact[] {
  const { walkTest } = durable;
  if (walkTest === null) return [];
  const results = walkTest.zones.map((zone): WalkResult => {
    return { zone, count: 0, worstMs: null, worstHeardMs: null, ...walkTest.tested[zone] };
  });
  const which = (isTested: boolean) => results.filter(({ count }) => count > 0 === isTested).map(({ zone }) => zone);
  const data = { by, person: walkTest.by, at: now, tested: which(true), untested: which(false), results };
  return [fact("walktest.ended", config.id, data)];
}

/** Why a walk test that runs is over; null while it goes on. In posture level 1 everything guards. */
function walkTestOver({ durable: { walkTest, posture }, now }: Ward): "time" | "level-1" | null {
  if (walkTest === null) return null;
  if (posture.level === "level-1") return "level-1";
  return timeLeft(walkTest.until, now).leftMs <= 0 ? "time" : null;
}

/** Another boot whose clock cannot tell counts as over, for that guards. */
export const exerciseClock: Clockwork = {
  facts(ward) {
    const { drill } = ward.durable;
    const over = walkTestOver(ward);
    return [
      ...(drill !== null && timeLeft(drill.until, ward.now).leftMs <= 0 ? drillEnded(ward, "time") : []),
      ...(over === null ? [] : walkTestEnded(ward, over)),
    ];
  },
  dueAt({ durable: { drill, walkTest }, now }) {
    const ends = [drill, walkTest].flatMap((known) => (known === null ? [] : [monoOf(known.until, now) ?? now.mono]));
    return Math.min(Number.POSITIVE_INFINITY, ...ends);
  },
};
