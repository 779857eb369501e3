// What can be tested step by step with an expected result: every detector with one contact, its case, the parts and the rule of what
// has more than one, and every annunciator.
import { contactCauses } from "../../detection/contact.js";
import type { Cause } from "../../model/incident.js";
import type { EdgeConfig } from "../../model/site.js";
import type { Verdict } from "../../model/state.js";
import type { Text } from "../../model/text.js";
import type { MonoMs } from "../../model/time.js";
import type { LoopConfig, ZoneConfig } from "../../model/zone.js";
import { partsOf } from "./zone-parts.js";

export const guidedKinds = [
  "door-contact",
  "infrared-beam",
  "passive-infrared",
  "fibre-alarm",
  "vehicle-loop",
  "panic-button",
  "tamper",
  "fire-input",
  "fibre-quiet",
  "fibre-knock",
  "fibre-cut",
  "fibre-climb",
  "beam-alone",
  "beam-pair",
  "beam-reverse",
  "loop-alone",
  "vehicle-rush",
  "pedestrian-rush",
  "turnstile-granted",
  "turnstile",
  "case",
  "annunciator",
] as const;
export type GuidedKind = (typeof guidedKinds)[number];

export interface GuidedSubject {
  /** A zone, `{zone}/{part}` with `case` for its tamper, or an annunciator. */
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

/** Whose own judgement is heard, and which breaches are the trigger that is tried; none: it must come to no breach. */
export interface JudgedZone {
  readonly zone: string;
  readonly causes: readonly Cause[];
}

/**
 * What the zone must make of it. breach: one of its causes. alone: this point acts, no other does, and nothing is counted. look: this
 * verdict, and `seen` where it is given. one-event: exactly one of the events that it counts. quiet: none for so long.
 */
export type Expectation =
  | { readonly kind: "breach" }
  | { readonly kind: "alone"; readonly point: string }
  | { readonly kind: "look"; readonly verdict: Verdict; readonly seen?: string }
  | { readonly kind: "one-event"; readonly windowMs: MonoMs; readonly settleMs: MonoMs }
  | { readonly kind: "quiet"; readonly forMs: MonoMs };

export interface ZoneRule {
  /** All of them are to be at rest first and last. */
  readonly points: readonly string[];
  readonly expects: Expectation;
}

export interface GuidedTest extends GuidedSubject {
  /** Null where the zone has no single one, and for an annunciator. */
  readonly signal: WatchedSignal | null;
  /** Null for an annunciator and a case. */
  readonly judge: JudgedZone | null;
  /** Null where the signal alone is the expected result. */
  readonly rule: ZoneRule | null;
  /** What stands in the sentences of its guide in place of `{word}`. */
  readonly words: Readonly<Record<string, string>>;
  /** The signal must last so long to count. */
  readonly filterMs: number;
  /** What must be confirmed to sound after the trigger, and within which time. */
  readonly annunciators: readonly string[];
  readonly soundWithinMs: number;
}

const caseText: Text = { zh: "防拆", en: "case" };
const noWords = {} as const;

export function subjectsOf({ zones, annunciators }: EdgeConfig): readonly GuidedSubject[] {
  return [
    ...zones.flatMap((zone) => {
      const { id, kind, name } = zone;
      if (isGuided(kind) && "point" in zone) return [{ subject: id, kind, name }];
      return partsOf(zone).map(({ part, ...known }) => ({
        subject: part === null ? id : `${id}/${part}`,
        kind: known.kind,
        name: part === null ? name : partName(zone, known.name),
      }));
    }),
    ...zones.flatMap((zone) => {
      const subject = `${zone.id}/case`;
      return caseOf(zone) === undefined ? [] : [{ subject, kind: "case" as const, name: partName(zone, caseText) }];
    }),
    ...annunciators.map(({ id, name }) => ({ subject: id, kind: "annunciator" as const, name })),
  ];
}

function partName({ name: { zh, en } }: ZoneConfig, part: Text): Text {
  return { zh: `${zh} · ${part.zh}`, en: `${en} · ${part.en}` };
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
  return zones.find(({ id }) => id === subject || id === subject.slice(0, subject.lastIndexOf("/")));
}

/** Breaches of its zone that this test is to set off; empty: it is to set off none. */
export function causesOf({ subject, kind }: GuidedSubject, zone: ZoneConfig): readonly Cause[] {
  if (kind === "case") return ["tampered"];
  const contact = contactCauses[zone.kind];
  if (contact !== undefined) return [contact];
  return partsOf(zone).find(({ part }) => subject === (part === null ? zone.id : `${zone.id}/${part}`))?.causes ?? [];
}

/** `sounds`: what an alarm of it must make sound. */
export function guidedTestOf(
  known: GuidedSubject,
  config: EdgeConfig,
  sounds: { readonly annunciators: readonly string[]; readonly withinMs: number },
): GuidedTest {
  const zone = zoneOfSubject(known, config);
  const sounding = { annunciators: sounds.annunciators, soundWithinMs: sounds.withinMs };
  const rest = { ...known, ...sounding, words: noWords, rule: null, judge: null, filterMs: 0 };
  if (zone === undefined) return { ...rest, signal: null };
  const tamper = caseOf(zone);
  if (known.kind === "case") return { ...rest, signal: tamper === undefined ? null : { point: tamper } };
  const judge = { zone: zone.id, causes: causesOf(known, zone) };
  const filterMs = "filterMs" in zone ? zone.filterMs : 0;
  const part = partsOf(zone).find(
    (each) => known.subject === (each.part === null ? zone.id : `${zone.id}/${each.part}`),
  );
  if (part === undefined) return { ...rest, judge, filterMs, signal: signalOf(zone) };
  return { ...rest, judge, signal: null, rule: part.rule, words: part.words };
}

function signalOf(zone: ZoneConfig): WatchedSignal | null {
  if (!("point" in zone) || "hysteresis" in zone) return null;
  const { point, loop, normally } = zone;
  return { point, ...(loop === undefined ? {} : { loop }), ...(normally === undefined ? {} : { normally }) };
}
