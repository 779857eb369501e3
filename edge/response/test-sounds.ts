// What sounds for a test: the chirp that answers a trigger of a walk test, and an annunciator that a person tries. Both are added to
// what alarms want, so that neither ever ends or masks a real sounding.
import type { Chirp, Durable, SoundTest } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Clockwork, Ward } from "../model/state.js";
import { type MonoMs, type Stamp, stampAt } from "../model/time.js";
import { answerWithinMs, type Outputs } from "./outputs.js";

/** Longest test of an annunciator: long enough to walk round the corner and hear it. */
export const soundTestMsMax = 10_000;

type Known = Pick<Ward, "config" | "durable" | "now">;

/** Points that sound for a test at this moment, and the chirp's own point when it does not. */
export function testOutputs({ config, durable, now }: Known): Readonly<Record<string, boolean>> {
  const own = chirpPointOf(config).map((point) => [point, false] as const);
  if (isEvacuating(config, durable)) return Object.fromEntries(own);
  const { chirp, soundTest } = { chirp: durable.walkTest?.chirp ?? null, soundTest: durable.soundTest };
  const chirping = chirp !== null && now.mono < chirpEndsAt(chirp, config, now) ? chirpPoints(config) : [];
  const tried = soundTest !== null && now.mono < triedUntil(soundTest, now) ? pointsTried(soundTest, config) : [];
  return Object.fromEntries([...own, ...[...chirping, ...tried].map((point) => [point, true] as const)]);
}

/** Nothing is tried into the words that lead people out. */
export function isEvacuating({ annunciators }: EdgeConfig, durable: Durable): boolean {
  return annunciators.some(({ id, kind }) => kind === "evacuation" && durable.annunciators[id] !== undefined);
}

/** The output that sounds for nothing but walk tests. */
function chirpPointOf({ walkTest }: Pick<EdgeConfig, "walkTest">): readonly string[] {
  const chirp = walkTest?.chirp;
  return chirp?.kind === "point" ? [chirp.point] : [];
}

/** Outputs that may be on after a start because a test was under way. */
export function testedPoints(config: EdgeConfig, { walkTest, soundTest }: Durable): readonly string[] {
  return [
    ...(walkTest?.chirp == null ? [] : chirpPoints(config)),
    ...(soundTest === null ? [] : pointsTried(soundTest, config)),
  ];
}

function chirpPoints(config: EdgeConfig): readonly string[] {
  const chirp = config.walkTest?.chirp;
  if (chirp === undefined) return [];
  return chirp.kind === "point" ? [chirp.point] : pointsOf(chirp.annunciator, config);
}

function pointsTried({ annunciator }: SoundTest, config: EdgeConfig): readonly string[] {
  return pointsOf(annunciator, config);
}

function pointsOf(annunciator: string, { annunciators }: EdgeConfig): readonly string[] {
  return annunciators.find(({ id }) => id === annunciator)?.points ?? [];
}

/** It sounds for its time once it is confirmed; a slow output is waited for. What another boot began is over. */
function chirpEndsAt({ since, heardAt }: Chirp, { walkTest }: EdgeConfig, now: Stamp): MonoMs {
  const ms = walkTest?.chirp?.ms;
  if (ms === undefined || since.boot !== now.boot) return Number.NEGATIVE_INFINITY;
  return heardAt === null ? since.mono + answerWithinMs : heardAt.mono + ms;
}

function triedUntil({ since, until }: SoundTest, now: Stamp): MonoMs {
  return since.boot === now.boot ? until.mono : Number.NEGATIVE_INFINITY;
}

/** The sound that answers the last trigger has been confirmed: how long that took. */
export function chirpFacts({ config, durable, now }: Known, outputs: Outputs): readonly Fact[] {
  const chirp = durable.walkTest?.chirp ?? null;
  if (chirp === null || chirp.heardAt !== null || now.mono >= chirpEndsAt(chirp, config, now)) return [];
  const heardAt = onSince(chirpPoints(config), outputs);
  if (heardAt === null) return [];
  const { zone, since, latencyMs } = chirp;
  const tookMs = heardAt < since.mono ? null : Math.round(heardAt - since.mono + latencyMs);
  const at = stampAt(now, Math.max(heardAt, since.mono));
  return [fact("walktest.chirped", zone, { zone, tookMs, at })];
}

/** Since when all of these outputs are confirmed on; null while one is not, or where there is none. */
function onSince(points: readonly string[], outputs: Outputs): MonoMs | null {
  const confirmed = points.map((point) => (outputs[point]?.wanted === true ? outputs[point].confirmedAt : null));
  return confirmed.length === 0 || confirmed.includes(null) ? null : Math.max(...confirmed.map((at) => at ?? 0));
}

/** The test is over, or what it tried is wanted in earnest; told with the time until the output was confirmed. */
export function soundTestFacts({ config, durable, now }: Known, outputs: Outputs): readonly Fact[] {
  const { soundTest } = durable;
  if (soundTest === null) return [];
  const { annunciator, by, since } = soundTest;
  const isReal = durable.annunciators[annunciator] !== undefined || isEvacuating(config, durable);
  if (now.mono < triedUntil(soundTest, now) && !isReal) return [];
  const heardAt = since.boot === now.boot ? onSince(pointsTried(soundTest, config), outputs) : null;
  const tookMs = heardAt === null ? null : Math.max(0, Math.round(heardAt - since.mono));
  return [fact("soundtest.ended", annunciator, { annunciator, by, at: now, tookMs })];
}

/** Wakes the box when a sound is over; what follows is decided where outputs are known. */
export const testSoundClock: Clockwork = {
  facts: () => [],
  dueAt({ config, durable, now }) {
    const chirp = durable.walkTest?.chirp ?? null;
    const ends = [
      ...(chirp === null ? [] : [chirpEndsAt(chirp, config, now)]),
      ...(durable.soundTest === null ? [] : [triedUntil(durable.soundTest, now)]),
    ];
    return Math.min(Number.POSITIVE_INFINITY, ...ends.filter((at) => at > now.mono));
  },
};
