// What may be done with an alarm, by a table of classes and acts; and which alarm is of which class.
import { describe, expect, it } from "vitest";
import type { IncidentKind } from "../../edge/model/incident.js";
import type { AlarmAct } from "../../hub/alarm/acts.js";
import { type AlarmClass, alarmClasses } from "../../hub/alarm/record.js";
import { classOf, isAside, latches, objection } from "../../hub/alarm/rules.js";
import { alarmOf, later } from "./alarm.js";

const limits = { shelveMsMax: 60_000, outOfServiceMsMax: 600_000 };
const shelve: AlarmAct = { kind: "shelve", forMs: 60_000, reason: "being mended" };
const takeOut: AlarmAct = { kind: "take-out-of-service", forMs: 600_000, reason: "being mended" };
const shelvable: readonly AlarmClass[] = ["utility", "device", "duty"];

describe("the rules of alarms", () => {
  it.each(alarmClasses)("GB 50394 5.2.2: say of %s whether it may be put aside", (name) => {
    for (const act of [shelve, takeOut]) {
      const found = objection(alarmOf({ class: name }), act, limits);
      if (shelvable.includes(name)) expect(found).toBeNull();
      else expect(found).toEqual({ code: "alarm.protected", place: "/class", detail: name });
    }
  });

  it.each<[what: string, act: AlarmAct, place: string]>([
    ["longer than the limit", { ...shelve, forMs: 60_001 } as AlarmAct, "/forMs"],
    ["for no time", { ...shelve, forMs: 0 } as AlarmAct, "/forMs"],
    ["for half a millisecond", { ...shelve, forMs: 0.5 } as AlarmAct, "/forMs"],
    ["for ever", { ...shelve, forMs: Number.POSITIVE_INFINITY } as AlarmAct, "/forMs"],
    ["without a reason", { ...shelve, reason: "  " } as AlarmAct, "/reason"],
    ["longer out of service than the limit", { ...takeOut, forMs: 600_001 } as AlarmAct, "/forMs"],
  ])("refuse shelving %s", (_what, act, place) => {
    expect(objection(alarmOf({ class: "device" }), act, limits)).toMatchObject({ code: "api.invalid-body", place });
  });

  it.each([
    { when: "its cause is there", alarm: { acknowledged: true }, place: "/active" },
    { when: "nobody has seen it", alarm: { active: false }, place: "/acknowledged" },
    { when: "it latches nothing", alarm: { active: false, acknowledged: true, latched: false }, place: "/latched" },
    { when: "its cause is gone and it is seen", alarm: { active: false, acknowledged: true }, place: null },
    { when: "it tells of a moment and is seen", alarm: { acknowledged: true, type: "step.missed" }, place: null },
  ])("allow a reset only when its cause is gone and it is seen: $when", ({ alarm, place }) => {
    const found = objection(alarmOf(alarm), { kind: "reset" }, limits);
    if (place === null) expect(found).toBeNull();
    else expect(found).toMatchObject({ code: "command.not-possible", place });
  });

  it.each<[type: string, kind: IncidentKind | null, cause: string | null, name: AlarmClass]>([
    ["zone.breached", "intrusion", "fibre-cut", "intrusion"],
    ["zone.breached", "intrusion", "tampered", "tamper"],
    ["zone.breached", "panic", "panic-pressed", "panic"],
    ["zone.breached", "hold-up", "panic-pressed", "panic"],
    ["zone.breached", "fire", "fire-signalled", "fire"],
    ["zone.breached", "rush", "vehicle-rush", "intrusion"],
    ["zone.breached", "power", "supply-failed", "utility"],
    ["zone.breached", "utility", "leak-found", "utility"],
    ["zone.tampered", "intrusion", "loop-cut", "tamper"],
    ["zone.unguarded", "unguarded", "silent", "unguarded"],
    ["zone.pre-alarmed", null, "fibre-cut", "intrusion"],
    ["step.missed", null, "jammed", "missed-step"],
    ["operator.under-duress", null, null, "panic"],
    ["barrier.moved-uncommanded", null, null, "intrusion"],
    ["chain.forked", null, null, "tamper"],
    ["edge.silent", null, null, "device"],
    ["workorder.overdue", null, null, "duty"],
    ["something.newer", null, null, "intrusion"],
    ["__proto__", null, null, "intrusion"],
  ])("class %s of an incident of %s by %s as %s", (type, kind, cause, name) => {
    expect(classOf(type, kind, undefined, cause)).toBe(name);
  });

  it("know a pre-alarm of a power zone by its detector", () => {
    expect(classOf("zone.pre-alarmed", null, "power", "supply-failed")).toBe("utility");
  });

  it("latch what belongs to an incident and what tells of a moment, and nothing else", () => {
    expect(latches("zone.breached", "i1")).toBe(true);
    expect(latches("chain.forked", null)).toBe(true);
    expect(latches("edge.silent", null)).toBe(false);
  });

  it("never count a protected alarm as put aside, even of a zone that is inhibited", () => {
    const suppressed = { by: "wang", reason: "", at: later(0), until: null };
    expect(isAside(alarmOf({ class: "tamper", suppressed }))).toBe(false);
    expect(isAside(alarmOf({ class: "utility", suppressed }))).toBe(true);
  });
});
