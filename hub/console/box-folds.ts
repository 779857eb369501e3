// Zones, barriers, areas and boxes as a fold over what each box has recorded.
import type { FactMap } from "../../edge/model/fact.js";
import type { JournalRecord } from "../../edge/model/record.js";
import { laneKey } from "../../edge/record/verify.js";
import { completed } from "../alarm/names.js";
import { type AreaPhase, type Box, beginAnew, hear, iso, isoOrNull, type Said, single, type Words } from "./boxes.js";
import type { WalkTestView } from "./standing-views.js";

/** What a record changed in a box; `edge` alone stands for the box itself with its areas and duties. */
export type Touched =
  | { readonly kind: "zone" | "barrier"; readonly id: string }
  | { readonly kind: "area"; readonly id: string }
  | { readonly kind: "edge" | "all" };

type Folds = { readonly [T in keyof FactMap]?: (box: Box, data: FactMap[T], said: Said) => readonly Touched[] };

const folds: Folds = {
  "agent.started": (box, { at }) => {
    box.watchedSince ??= iso(at);
    return [{ kind: "edge" }];
  },
  "config.applied": (box, { revision, inventory }, said) => {
    const whole = completed(inventory);
    return hear(box.inventory, single, { revision, inventory: whole }, said) ? [{ kind: "all" }] : [];
  },
  "area.arming": (box, { area, until, by }, said) => setPhase(box, area, { arming: { until: iso(until), by } }, said),
  "area.armed": (box, data, said) => arm(box, true, data, said),
  "area.disarmed": (box, data, said) => arm(box, false, data, said),
  "area.arm-failed": (box, { area, at, by, obstacles }, said) =>
    setPhase(box, area, { failed: { at: iso(at), by, obstacles: [...obstacles] } }, said),
  "area.entry-started": (box, { area, until, zone }, said) =>
    setPhase(box, area, { entry: { until: iso(until), zone } }, said),
  "zone.changed": (box, { zone, state }, said) => setZone(box, zone, { state, incident: null }, said),
  "zone.breached": (box, { zone, incident }, said) => setZone(box, zone, { state: "breached", incident }, said),
  "zone.tampered": (box, { zone, incident }, said) => setZone(box, zone, { state: "tampered", incident }, said),
  "zone.unguarded": (box, { zone, incident }, said) => setZone(box, zone, { state: "unguarded", incident }, said),
  "zone.pre-alarmed": (box, { zone, cause }, said) => ofZone(box.preAlarms, zone, cause, said),
  "zone.pre-alarm-ended": (box, { zone }, said) => ofZone(box.preAlarms, zone, null, said),
  "zone.taken-out": (box, { zone, out }, said) =>
    ofZone(box.out, zone, { ...out, by: [...out.by], until: isoOrNull(out.until) }, said),
  "zone.reinstated": (box, { zone }, said) => ofZone(box.out, zone, null, said),
  "incident.closed": (box, { incident }, said) =>
    [...box.zones]
      .filter(([, heard]) => heard.value.incident === incident)
      .flatMap(([zone]) => setZone(box, zone, { state: "normal", incident: null }, said)),
  "barrier.changed": (box, { barrier, state, reason, at }, said) =>
    ofBarrier(box.barriers, barrier, { state, reason, at: iso(at) }, said),
  "barrier.serviced": (box, { barrier, cycles }, said) =>
    ofBarrier(box.services, barrier, { at: said.time, cycles }, said),
  "lane.opened": (box, { barrier, until, by, reason, incident }, said) =>
    ofBarrier(box.passes, barrier, { until: iso(until), by, reason, incident }, said),
  "lane.closed": (box, { barrier }, said) => ofBarrier(box.passes, barrier, null, said),
  "lockdown.started": (box, { barriers }, said) => hold(box, { barriers, held: true }, said),
  "lockdown.ended": (box, { barriers }, said) => hold(box, { barriers, held: false }, said),
  "posture.changed": (box, { level, issuer, reference, by, leader, at }, said) =>
    ofBox(box.posture, { level, issuer, reference, by, leader, since: iso(at) }, said),
  "risk.declared": (box, { colour, issuer, reference, by, at }, said) =>
    ofBox(box.risk, { colour, issuer, reference, by, since: iso(at) }, said),
  "drill.started": (box, { drill, zones, by, at, until }, said) => {
    const view = { id: drill, zones: [...zones], by, since: iso(at), until: iso(until), suspendedBy: null };
    return ofBox(box.drill, view, said);
  },
  "drill.suspended": (box, { zone }, said) => {
    const drill = box.drill.get(single)?.value ?? null;
    return ofBox(box.drill, drill && { ...drill, suspendedBy: zone }, said);
  },
  "drill.ended": (box, _data, said) => ofBox(box.drill, null, said),
  "walktest.started": (box, { zones, by, until }, said) =>
    ofBox(box.walkTest, { zones: [...zones], by, until: iso(until), tested: [] }, said),
  "zone.tested": (box, { zone, cause, latencyMs }, said) => {
    const touched = ofZone(box.tested, zone, { at: said.time, cause, latencyMs, heardMs: null }, said);
    const test: WalkTestView | null = box.walkTest.get(single)?.value ?? null;
    if (test === null) return touched;
    return [...touched, ...ofBox(box.walkTest, { ...test, tested: [...new Set([...test.tested, zone])] }, said)];
  },
  "walktest.chirped": (box, { zone, tookMs }, said) => {
    const tested = box.tested.get(zone)?.value;
    return tested === undefined ? [] : ofZone(box.tested, zone, { ...tested, heardMs: tookMs }, said);
  },
  "walktest.ended": (box, _data, said) => ofBox(box.walkTest, null, said),
  "selftest.done": (box, { at, by, availability, findings }, said) =>
    ofBox(box.selfTest, { at: iso(at), by, availability, findings: [...findings] }, said),
  "duty.done": (box, { duty, at, by }, said) => {
    hear(box.dutiesMissed, duty, false, said);
    return hear(box.dutiesDone, duty, { at: iso(at), by }, said) ? [{ kind: "edge" }] : [];
  },
  // The spare box counts anew, and its clock may not have been set: its words are younger than all before.
  "box.replaced": (box, _data, { epoch, time }) => {
    beginAnew(box, epoch, time);
    return [{ kind: "edge" }];
  },
  "duty.missed": (box, { duty }, said) => (hear(box.dutiesMissed, duty, true, said) ? [{ kind: "edge" }] : []),
};

/** Types of which the last word on each subject makes the present picture of a box, work orders included. */
export const standingTypes: readonly string[] = [
  ...Object.keys(folds).filter((type) => type !== "incident.closed"),
  "workorder.opened",
  "workorder.assigned",
  "workorder.fixed",
  "workorder.verified",
];

/** Folds one record of this box in. Unknown types of a newer version change nothing. */
export function foldBox(box: Box, record: JournalRecord, hash: string, storedAt: string): readonly Touched[] {
  const { epoch, lane, sequence, order, time, exercise } = record;
  box.lastRecordAt = storedAt;
  const head = box.heads.get(laneKey(record));
  if (head === undefined || head.sequence < sequence) box.heads.set(laneKey(record), { epoch, lane, sequence, hash });
  if (!Object.hasOwn(folds, record.type)) return [];
  const fold = folds[record.type as keyof FactMap] as (box: Box, data: unknown, said: Said) => readonly Touched[];
  return fold(box, record.data, { epoch, order, time, exercise });
}

function ofZone<T>(words: Words<T>, id: string, value: T, said: Said): readonly Touched[] {
  return hear(words, id, value, said) ? [{ kind: "zone", id }] : [];
}

function ofBarrier<T>(words: Words<T>, id: string, value: T, said: Said): readonly Touched[] {
  return hear(words, id, value, said) ? [{ kind: "barrier", id }] : [];
}

function ofBox<T>(words: Words<T>, value: T, said: Said): readonly Touched[] {
  return hear(words, single, value, said) ? [{ kind: "edge" }] : [];
}

type ZoneWord = Box["zones"] extends Words<infer T> ? T : never;

function setZone(box: Box, id: string, value: ZoneWord, said: Said): readonly Touched[] {
  return ofZone(box.zones, id, value, said);
}

function setPhase(box: Box, area: string, phase: AreaPhase, said: Said): readonly Touched[] {
  return hear(box.phases, area, phase, said) ? [{ kind: "edge" }] : [];
}

function arm(box: Box, armed: boolean, { area, at, by }: FactMap["area.armed"], said: Said): readonly Touched[] {
  hear(box.phases, area, {}, said);
  const isNews = hear(box.armed, area, { armed, at: iso(at), by }, said);
  return isNews ? [{ kind: "area", id: area }, { kind: "edge" }] : [];
}

function hold(
  box: Box,
  { barriers, held }: { barriers: readonly string[]; held: boolean },
  said: Said,
): readonly Touched[] {
  const changed = barriers.filter((barrier) => hear(box.held, barrier, held, said));
  return [...changed.map((id) => ({ kind: "barrier" as const, id })), { kind: "edge" }];
}
