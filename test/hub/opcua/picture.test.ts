// How the alarms of one source make one condition.
import { describe, expect, it } from "vitest";
import type { AlarmRecord } from "../../../hub/alarm/record.js";
import { type Sources, see } from "../../../hub/control-room/opcua/picture.js";

const alarm = (id: string, changes: Partial<AlarmRecord> = {}): AlarmRecord =>
  ({
    id,
    origin: "zone:north",
    site: "port",
    edge: "gate",
    title: { zh: "北围栏", en: `North ${id}` },
    severity: 500,
    state: "unacknowledged",
    active: true,
    acknowledged: false,
    acknowledgedBy: null,
    latched: false,
    shelved: null,
    suppressed: null,
    outOfService: null,
    exercise: false,
    occurredAt: "2026-06-01T12:00:00.000Z",
    raisedAt: "2026-06-01T12:00:01.000Z",
    closedAt: null,
    ...changes,
  }) as AlarmRecord;
const closed = { state: "closed", active: false, acknowledged: true, closedAt: "2026-06-01T13:00:00.000Z" } as const;
const seen = { state: "acknowledged", acknowledged: true, acknowledgedBy: "wang" } as const;
const aside = { by: "li", reason: "work", at: "", until: null };

function play(...alarms: AlarmRecord[]) {
  let sources: Sources = new Map();
  const pictures = alarms.map((each) => {
    const next = see(sources, each);
    sources = next.sources;
    return next.picture;
  });
  return { sources, last: pictures.at(-1), pictures };
}

describe("the condition of a source", () => {
  it("is active, to be acknowledged and to be kept when an alarm comes", () => {
    expect(play(alarm("1")).last).toMatchObject({
      source: "port/gate/zone:north",
      active: true,
      acked: false,
      confirmed: false,
      retain: true,
      unacknowledged: ["1"],
      open: ["1"],
      message: "北围栏 / North 1",
    });
  });

  it("shows the worst of its alarms, and is acknowledged when all of them are", () => {
    const { pictures } = play(
      alarm("1"),
      alarm("2", { severity: 900 }),
      alarm("1", seen),
      alarm("2", { ...seen, severity: 900 }),
    );
    expect(pictures.map(({ severity }) => severity)).toEqual([500, 900, 900, 900]);
    expect(pictures.map(({ acked }) => acked)).toEqual([false, false, false, true]);
    expect(pictures.at(-1)?.comment).toBe("wang");
  });

  it("of two alike shows the newest", () => {
    expect(play(alarm("9"), alarm("10")).last?.message).toContain("North 10");
  });

  it("stays in sight until the last alarm is closed, and is forgotten then", () => {
    const { pictures, sources } = play(alarm("1"), alarm("2"), alarm("1", closed), alarm("2", closed));
    expect(pictures.map(({ retain }) => retain)).toEqual([true, true, true, false]);
    expect(pictures.at(-1)).toMatchObject({ active: false, acked: true, confirmed: true, at: closed.closedAt });
    expect(sources.size).toBe(0);
  });

  it("is latched when the cause is gone and only a reset ends it", () => {
    expect(play(alarm("1", { ...seen, latched: true })).last?.latched).toBe(false);
    expect(play(alarm("1", { ...seen, latched: true, active: false })).last?.latched).toBe(true);
  });

  it.each(["shelved", "suppressed", "outOfService"] as const)("is %s only when all its alarms are", (key) => {
    const { pictures } = play(alarm("1", { [key]: aside }), alarm("2"), alarm("2", { [key]: aside }));
    expect(pictures.map((picture) => picture[key])).toEqual([true, false, true]);
  });

  it("says that it is an exercise, and keeps sources apart", () => {
    const { sources, last } = play(alarm("1"), alarm("2", { origin: "barrier:b1", exercise: true }));
    expect(last?.message).toMatch(/^演练 Exercise: /);
    expect([...sources.keys()]).toEqual(["port/gate/zone:north", "port/gate/barrier:b1"]);
  });
});
