// What can be tested step by step with an expected result: every detector with one contact, its case, and every annunciator.
import type { EdgeConfig } from "../../model/site.js";
import type { Text } from "../../model/text.js";
import type { LoopConfig, ZoneConfig } from "../../model/zone.js";

export const guidedKinds = [
  "door-contact",
  "infrared-beam",
  "passive-infrared",
  "fibre-alarm",
  "vehicle-loop",
  "panic-button",
  "tamper",
  "fire-input",
  "case",
  "annunciator",
] as const;
export type GuidedKind = (typeof guidedKinds)[number];

export interface GuidedSubject {
  /** A zone, `{zone}/case`, or an annunciator. */
  readonly subject: string;
  readonly kind: GuidedKind;
  readonly name: Text;
}

/** The signal that is watched: a boolean, or a loop's raw value. */
export interface WatchedSignal {
  readonly point: string;
  readonly loop?: LoopConfig;
  readonly normally?: "open" | "closed";
}

export interface GuidedTest extends GuidedSubject {
  /** Null for an annunciator. */
  readonly signal: WatchedSignal | null;
  /** The signal must last so long to count. */
  readonly filterMs: number;
  /** What must be confirmed to sound after the trigger, and within which time. */
  readonly annunciators: readonly string[];
  readonly soundWithinMs: number;
}

const caseText: Text = { zh: "防拆", en: "case" };

export function subjectsOf({ zones, annunciators }: EdgeConfig): readonly GuidedSubject[] {
  return [
    ...zones.flatMap(({ id, kind, name }) => (isGuided(kind) ? [{ subject: id, kind, name }] : [])),
    ...zones.flatMap((zone) => {
      const { zh, en } = zone.name;
      const name = { zh: `${zh} · ${caseText.zh}`, en: `${en} · ${caseText.en}` };
      return caseOf(zone) === undefined ? [] : [{ subject: `${zone.id}/case`, kind: "case" as const, name }];
    }),
    ...annunciators.map(({ id, name }) => ({ subject: id, kind: "annunciator" as const, name })),
  ];
}

function isGuided(kind: ZoneConfig["kind"]): kind is Extract<GuidedKind, ZoneConfig["kind"]> {
  return guidedKinds.some((known) => known === kind);
}

function caseOf(zone: ZoneConfig): string | undefined {
  return "tamper" in zone ? zone.tamper : undefined;
}

/** The zone that a subject belongs to; undefined for an annunciator. */
export function zoneOfSubject({ subject, kind }: GuidedSubject, { zones }: EdgeConfig): ZoneConfig | undefined {
  if (kind === "annunciator") return undefined;
  return zones.find(({ id }) => id === (kind === "case" ? subject.split("/")[0] : subject));
}

/** `sounds`: what an alarm of it must make sound. */
export function guidedTestOf(
  known: GuidedSubject,
  config: EdgeConfig,
  sounds: { readonly annunciators: readonly string[]; readonly withinMs: number },
): GuidedTest {
  const zone = zoneOfSubject(known, config);
  const signal = zone === undefined ? null : signalOf(known, zone);
  const filterMs = zone !== undefined && known.kind !== "case" && "filterMs" in zone ? zone.filterMs : 0;
  return { ...known, signal, filterMs, annunciators: sounds.annunciators, soundWithinMs: sounds.withinMs };
}

function signalOf({ kind }: GuidedSubject, zone: ZoneConfig): WatchedSignal | null {
  const tamper = caseOf(zone);
  if (kind === "case") return tamper === undefined ? null : { point: tamper };
  if (!("point" in zone) || "hysteresis" in zone) return null;
  const { point, loop, normally } = zone;
  return { point, ...(loop === undefined ? {} : { loop }), ...(normally === undefined ? {} : { normally }) };
}
