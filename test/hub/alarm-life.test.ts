// The life of one alarm as a table: every state with every input.
import { describe, expect, it } from "vitest";
import { type AlarmInput, next } from "../../hub/alarm/life.js";
import { type AlarmRecord, type AlarmState, alarmStates } from "../../hub/alarm/record.js";
import { alarmOf, later } from "./alarm.js";

const sides: Readonly<Record<AlarmState, Pick<AlarmRecord, "active" | "acknowledged" | "latched">>> = {
  unacknowledged: { active: true, acknowledged: false, latched: true },
  acknowledged: { active: true, acknowledged: true, latched: true },
  "returned-unacknowledged": { active: false, acknowledged: false, latched: true },
  latched: { active: false, acknowledged: true, latched: true },
  closed: { active: false, acknowledged: true, latched: false },
};

const aside = { by: "wang", reason: "tree felled", at: later(0), until: later(60_000) };
const inputs = {
  raised: { kind: "raised", again: alarmOf({ priority: 2, severity: 700 }) },
  returned: { kind: "returned" },
  reset: { kind: "reset", by: "li" },
  acknowledged: { kind: "acknowledged", by: "wang", from: "opcua" },
  silenced: { kind: "silenced", by: "wang" },
  escalated: { kind: "escalated", level: 1 },
  shelved: { kind: "set-aside", how: "shelved", aside },
  "taken out of service": { kind: "set-aside", how: "outOfService", aside },
  suppressed: { kind: "set-aside", how: "suppressed", aside },
  "put back": { kind: "set-aside", how: "shelved", aside: null },
} as const satisfies Readonly<Record<string, AlarmInput>>;
type Input = keyof typeof inputs;

const same = {
  silenced: "same",
  shelved: "same",
  "taken out of service": "same",
  suppressed: "same",
} as const;

/** The state afterwards; "same": changed, but not its state; absent: nothing changes. */
const table: Readonly<Record<AlarmState, Readonly<Partial<Record<Input, AlarmState | "same">>>>> = {
  unacknowledged: {
    ...same,
    raised: "same",
    returned: "returned-unacknowledged",
    reset: "returned-unacknowledged",
    acknowledged: "acknowledged",
    escalated: "same",
  },
  acknowledged: { ...same, raised: "unacknowledged", returned: "latched", reset: "closed" },
  "returned-unacknowledged": {
    ...same,
    raised: "unacknowledged",
    reset: "same",
    acknowledged: "latched",
    escalated: "same",
  },
  latched: { ...same, raised: "unacknowledged", reset: "closed" },
  closed: {},
};

const rows = alarmStates.flatMap((state) =>
  (Object.keys(inputs) as Input[]).map((input) => ({ state, input, becomes: table[state][input] })),
);

describe("an alarm that", () => {
  it.each(rows)("is $state and $input becomes $becomes", ({ state, input, becomes }) => {
    const before = alarmOf({ ...sides[state], state, unacknowledgedAt: sides[state].acknowledged ? null : later(0) });
    const after = next(before, inputs[input], later(1000));
    if (becomes === undefined) expect(after).toBeNull();
    else expect(after?.state).toBe(becomes === "same" ? state : becomes);
  });

  it("does not latch closes when its cause is gone and it is seen, in either order", () => {
    const loose = alarmOf({ latched: false });
    const seen = next(loose, inputs.acknowledged, later(1000));
    expect(seen && next(seen, inputs.returned, later(2000))).toMatchObject({ state: "closed", closedAt: later(2000) });
    const gone = next(loose, inputs.returned, later(1000));
    expect(gone && next(gone, inputs.acknowledged, later(2000))).toMatchObject({ state: "closed" });
  });

  it("is reset at its box before anybody here has seen it still waits to be seen", () => {
    const released = next(alarmOf({}), inputs.reset, later(1000));
    expect(released).toMatchObject({ state: "returned-unacknowledged", latched: false, resetBy: "li" });
    expect(released && next(released, inputs.acknowledged, later(2000))?.state).toBe("closed");
  });

  it("bears who acknowledged it, when and where", () => {
    expect(next(alarmOf({}), inputs.acknowledged, later(1000))).toMatchObject({
      acknowledgedBy: "wang",
      acknowledgedFrom: "opcua",
      acknowledgedAt: later(1000),
      unacknowledgedAt: null,
    });
  });

  it("comes again must be seen, silenced and escalated anew, and keeps its first times and its higher priority", () => {
    const seen = alarmOf({
      acknowledged: true,
      unacknowledgedAt: null,
      silencedAt: later(1),
      silencedBy: "x",
      escalation: 2,
    });
    const again = alarmOf({
      priority: 3,
      severity: 500,
      unacknowledgedAt: later(5000),
      activeAt: later(5000),
      id: "9",
    });
    expect(next({ ...seen, state: "acknowledged" }, { kind: "raised", again }, later(5000))).toMatchObject({
      id: "1",
      count: 2,
      priority: 1,
      severity: 900,
      silencedAt: null,
      escalation: 0,
      unacknowledgedAt: later(5000),
      acknowledgedBy: null,
      activeAt: later(0),
    });
  });

  it("comes again unseen goes on waiting from when it came first", () => {
    const waiting = alarmOf({ escalation: 1 });
    const again = alarmOf({ unacknowledgedAt: later(9000) });
    const after = next(waiting, { kind: "raised", again }, later(9000));
    expect(after).toMatchObject({ unacknowledgedAt: later(0), escalation: 1, count: 2 });
  });

  it("A-14: a drill raises again stays real, and the other way becomes real", () => {
    const drill = alarmOf({ exercise: true });
    expect(next(alarmOf({}), { kind: "raised", again: drill }, later(1))?.exercise).toBe(false);
    expect(next(drill, { kind: "raised", again: alarmOf({}) }, later(1))?.exercise).toBe(false);
  });

  it("came out of a backlog and comes again live calls for somebody, and the other way goes on calling", () => {
    const late = alarmOf({ historical: true });
    expect(next(late, { kind: "raised", again: alarmOf({}) }, later(1))?.historical).toBe(false);
    expect(next(alarmOf({}), { kind: "raised", again: late }, later(1))?.historical).toBe(false);
    expect(next(late, { kind: "raised", again: late }, later(1))?.historical).toBe(true);
  });
});
