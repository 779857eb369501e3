// The walk test: what runs, what is due, what the last ones gave.
import type { WalkReply, WalkRunning, WalkZone } from "../../commissioning/questions/walk.js";
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { timeLeft } from "../../model/time.js";
import { type ZoneConfig, zoneTraits } from "../../model/zone.js";
import { isWalkedWithArea, walkDueAt } from "../../response/walks.js";
import type { AnswerParts } from "./parts.js";

export function walk(_question: QuestionOf<"walk">, parts: AnswerParts): Reply<"walk"> {
  const { config } = parts.state;
  const body: WalkReply = {
    running: runningOf(parts),
    chirps: config.walkTest?.chirp !== undefined,
    zones: config.zones.map((zone) => zoneOf(zone, parts)),
    tests: parts.book.read().walkTests,
  };
  return { ok: true, body };
}

function runningOf({ state, now }: AnswerParts): WalkRunning | null {
  const { walkTest } = state.durable;
  if (walkTest === null) return null;
  const zones = walkTest.zones.map((zone) => {
    const { count, worstMs, worstHeardMs } = walkTest.tested[zone] ?? { count: 0, worstMs: null, worstHeardMs: null };
    return { zone, hits: count, worstMs, worstHeardMs };
  });
  return { person: walkTest.by, leftMs: Math.max(0, timeLeft(walkTest.until, now).leftMs), zones };
}

function zoneOf(zone: ZoneConfig, { state: { config, durable }, now }: AnswerParts): WalkZone {
  const last = durable.walked[zone.id];
  const dueAt = walkDueAt(zone, { config, durable, now });
  return {
    zone: zone.id,
    canWalk: !zoneTraits[zone.kind].isProtected,
    withArea: isWalkedWithArea(zone),
    lastAt: last === undefined ? null : new Date(last.at.wall).toISOString(),
    lastBy: last?.by ?? null,
    dueInMs: Number.isFinite(dueAt) ? Math.round(dueAt - now.mono) : null,
  };
}
