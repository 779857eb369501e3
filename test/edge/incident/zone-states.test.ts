// Every state of a zone against every input, in every way in which it may be watched: each cell is decided and asserted.
import { describe, expect, it } from "vitest";
import { judgeSilence } from "../../../edge/incident/judge.js";
import { type ZoneState, zoneStates } from "../../../edge/model/durable.js";
import { fact } from "../../../edge/model/fact.js";
import type { Condition } from "../../../edge/model/state.js";
import { Stage, zone } from "./stage.js";

const inputs = ["normal", "breach", "tamper", "fault", "lost", "silence", "reset", "arm", "disarm", "isolate"] as const;
type Input = (typeof inputs)[number];
const modes = ["armed", "disarmed", "isolated", "inhibited", "repair", "walk-test"] as const;
type Mode = (typeof modes)[number];

/**
 * What the state is after the input; `=` where it stays. An alarm state latches: only the reset makes it normal, and only when the
 * cause is gone, which it is here. Silence on an armed perimeter is an alarm, elsewhere a fault (rule 6).
 */
const written = {
  armed: `
    from       normal  breach    tamper    fault  lost  silence    reset   arm  disarm  isolate
    unknown    normal  breached  tampered  fault  =     unguarded  =       =    =       =
    normal     =       breached  tampered  fault  =     unguarded  =       =    =       =
    active     normal  breached  tampered  fault  =     unguarded  =       =    =       =
    breached   =       breached  tampered  =      =     unguarded  normal  =    =       =
    tampered   =       breached  tampered  =      =     unguarded  normal  =    =       =
    unguarded  =       breached  tampered  =      =     unguarded  normal  =    =       =
    fault      normal  breached  tampered  =      =     unguarded  =       =    =       =`,
  disarmed: `
    from       normal  breach    tamper    fault  lost  silence    reset   arm  disarm  isolate
    unknown    normal  active    tampered  fault  =     fault      =       =    =       =
    normal     =       active    tampered  fault  =     fault      =       =    =       =
    active     normal  =         tampered  fault  =     fault      =       =    =       =
    breached   =       =         tampered  =      =     =          normal  =    =       =
    tampered   =       =         tampered  =      =     =          normal  =    =       =
    unguarded  =       =         tampered  =      =     =          normal  =    =       =
    fault      normal  active    tampered  =      =     =          =       =    =       =`,
  isolated: `
    from       normal  breach    tamper    fault  lost  silence    reset   arm  disarm  isolate
    unknown    normal  active    tampered  fault  =     fault      =       =    =       =
    normal     =       active    tampered  fault  =     fault      =       =    =       =
    active     normal  =         tampered  fault  =     fault      =       =    =       =
    breached   =       =         =         =      =     =          normal  =    =       =
    tampered   =       =         =         =      =     =          normal  =    =       =
    unguarded  =       =         =         =      =     =          normal  =    =       =
    fault      normal  active    tampered  =      =     =          =       =    =       =`,
  inhibited: `
    from       normal  breach    tamper    fault  lost  silence    reset   arm  disarm  isolate
    unknown    normal  active    tampered  fault  =     unguarded  =       =    =       =
    normal     =       active    tampered  fault  =     unguarded  =       =    =       =
    active     normal  =         tampered  fault  =     unguarded  =       =    =       =
    breached   =       =         tampered  =      =     unguarded  normal  =    =       =
    tampered   =       =         tampered  =      =     unguarded  normal  =    =       =
    unguarded  =       =         tampered  =      =     unguarded  normal  =    =       =
    fault      normal  active    tampered  =      =     unguarded  =       =    =       =`,
};
/** Out for repair hides all, as isolated does; a walk test keeps the tamper and takes silence for a fault, as disarmed does. */
const tables: Readonly<Record<Mode, string>> = { ...written, repair: written.isolated, "walk-test": written.disarmed };

/** Modes in which an alarm is one: facts of the alarm lane name the zone. */
const alarms: Readonly<Record<Mode, readonly Input[]>> = {
  armed: ["breach", "tamper", "silence"],
  disarmed: ["tamper"],
  isolated: [],
  inhibited: ["tamper", "silence"],
  repair: [],
  "walk-test": ["tamper"],
};

function cells(): readonly { mode: Mode; from: ZoneState; input: Input; to: string | undefined }[] {
  return modes.flatMap((mode) => {
    const [head = "", ...rows] = tables[mode].trim().split("\n");
    const columns = head.trim().split(/\s+/);
    const expected = new Map(
      rows.flatMap((row) => {
        const [from = "", ...values] = row.trim().split(/\s+/);
        return values.map((to, index) => [`${from}/${columns[index + 1]}`, to] as const);
      }),
    );
    return zoneStates.flatMap((from) =>
      inputs.map((input) => ({ mode, from, input, to: expected.get(`${from}/${input}`) })),
    );
  });
}

const beam = zone("beam");

function stageIn(mode: Mode, from: ZoneState): Stage {
  const stage = new Stage({ zones: [beam] });
  const { now } = stage;
  if (mode === "disarmed") stage.emit([fact("area.disarmed", "fence", { area: "fence", by: "x", at: now, zones: [] })]);
  const until = { ...now, mono: now.mono + 3_600_000, wall: now.wall + 3_600_000 };
  if (mode === "walk-test")
    stage.emit([fact("walktest.started", "box", { zones: ["beam"], by: "x", at: stage.now, until })]);
  if (mode === "isolated" || mode === "inhibited" || mode === "repair")
    stage.emit([
      fact("zone.taken-out", "beam", {
        zone: "beam",
        out: { how: mode, by: ["x"], reason: "test", until: null, guard: null },
      }),
    ]);
  const isAlarm = from === "breached" || from === "tampered" || from === "unguarded";
  if (isAlarm) {
    const incident = { id: "i1", kind: "intrusion", place: "fence", openedAt: now, zones: ["beam"] } as const;
    stage.emit([fact("incident.opened", "i1", { incident: { ...incident, acknowledgedBy: null, exercise: false } })]);
  }
  const memory = { state: from, cause: null, incident: isAlarm ? "i1" : null, soundings: 0 };
  stage.durable = { ...stage.durable, zones: { beam: memory } };
  return stage;
}

const conditions: Partial<Record<Input, Condition>> = {
  normal: { kind: "normal" },
  breach: { kind: "breach", cause: "beam-blocked" },
  tamper: { kind: "tamper", cause: "tampered" },
  fault: { kind: "fault", cause: "loop-out-of-range" },
  lost: { kind: "unknown" },
};

function apply(stage: Stage, input: Input): void {
  const condition = conditions[input];
  if (condition !== undefined) stage.see("beam", condition);
  else if (input === "silence") stage.emit(judgeSilence(stage.zone("beam"), stage.now.mono, stage.scene("beam")).facts);
  else if (input === "reset") stage.order({ kind: "reset", incident: "i1" });
  else if (input === "isolate") stage.order({ kind: "isolate", zone: "beam", forMs: null });
  else if (input === "arm" || input === "disarm") stage.order({ kind: input, area: "fence" });
}

describe("a zone's state", () => {
  it.each(cells())("$mode: $from, then $input, is $to", ({ mode, from, input, to }) => {
    expect(to, "the table has no such cell").toBeDefined();
    const stage = stageIn(mode, from);
    const before = stage.facts.length;
    apply(stage, input);
    expect(stage.durable.zones["beam"]?.state).toBe(to === "=" ? from : to);
    const told = stage.facts.slice(before).filter(({ type }) => /^zone\.(breached|tampered|unguarded)$/.test(type));
    expect(told.length).toBe(alarms[mode].includes(input) ? 1 : 0);
  });
});
