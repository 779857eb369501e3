// Rate, flood, chatter and stale alarms, by their numbers (ISA-18.2, EEMUA 191).
import { describe, expect, it } from "vitest";
import { createMeasures, type Measures } from "../../hub/alarm/measures.js";
import { alarmOf, later } from "./alarm.js";
import { noon } from "./box.js";

const minute = 60_000;
const aside = { by: "li", reason: "x", at: later(0), until: null };

function raise(measures: Measures, ms: number, rest = {}): void {
  measures.take([{ before: null, after: alarmOf(rest) }], later(ms));
}

function comeAndGo(measures: Measures, ms: number, rest = {}): void {
  raise(measures, ms, rest);
  measures.take([{ before: alarmOf(rest), after: alarmOf({ ...rest, active: false }) }], later(ms + 1000));
}

describe("the measures of alarms", () => {
  it("count what comes in ten minutes, per operator", () => {
    const measures = createMeasures();
    for (let made = 0; made < 6; made += 1) raise(measures, made * minute);
    expect(measures.read([], 2, noon + 5 * minute)).toMatchObject({ raisedInTenMinutes: 6, perOperator: 3 });
    expect(measures.read([], 0, noon + 10 * minute)).toMatchObject({ raisedInTenMinutes: 5, perOperator: 5 });
    expect(measures.read([], 1, noon + 60 * minute)).toMatchObject({ raisedInTenMinutes: 0 });
  });

  it("count what is raised again, and not what nobody is told of", () => {
    const measures = createMeasures();
    measures.take([{ before: alarmOf({}), after: alarmOf({ count: 2 }) }], later(0));
    raise(measures, 1, { class: "device", shelved: aside });
    measures.take([{ before: alarmOf({}), after: alarmOf({ acknowledged: true }) }], later(2));
    expect(measures.read([], 1, noon + 3)).toMatchObject({ raisedInTenMinutes: 1, raisedByPriority: { 1: 2 } });
  });

  it("find a flood above ten per operator, and its end below five", () => {
    const measures = createMeasures();
    const look = (ms: number, operators = 1) => measures.look(operators, noon + ms).map(({ type }) => type);
    for (let made = 0; made < 10; made += 1) raise(measures, made);
    expect(look(20)).toEqual([]);
    raise(measures, 5 * minute);
    expect(look(5 * minute, 2)).toEqual([]);
    expect(look(5 * minute)).toEqual(["flood.started"]);
    measures.takeFlood({ since: later(5 * minute) });
    expect(look(6 * minute)).toEqual([]);
    expect(measures.read([], 1, noon + 6 * minute).flood).toEqual({ since: later(5 * minute) });
    for (let made = 0; made < 4; made += 1) raise(measures, 6 * minute + made);
    expect(look(11 * minute)).toEqual([]);
    expect(look(15 * minute + 1)).toEqual(["flood.ended"]);
  });

  it("find what comes and goes three times in a minute, tell it for ten minutes, and mute nothing", () => {
    const measures = createMeasures();
    for (const ms of [0, 20_000, 40_000]) comeAndGo(measures, ms);
    for (const ms of [0, 40_000, 80_000]) comeAndGo(measures, ms, { origin: "zone:south" });
    const { chattering, raisedInTenMinutes } = measures.read([], 1, noon + 2 * minute);
    expect(chattering).toEqual([
      {
        site: "compound",
        edge: "gatehouse",
        origin: "zone:north",
        type: "zone.breached",
        alarm: "1",
        returns: 3,
        lastAt: later(41_000),
      },
    ]);
    expect(raisedInTenMinutes).toBe(6);
    expect(measures.read([], 1, noon + 11 * minute).chattering).toEqual([]);
  });

  it("name what has been active for more than a day, and count what is set aside", () => {
    const measures = createMeasures();
    const open = [
      alarmOf({ id: "1" }),
      alarmOf({ id: "2", active: false }),
      alarmOf({ id: "3", activeAt: later(minute), shelved: aside, acknowledged: true }),
      alarmOf({ id: "4", activeAt: later(minute), suppressed: aside, outOfService: aside }),
    ];
    const day = 24 * 60 * minute;
    expect(measures.read(open, 1, noon + day - 1).stale).toEqual([]);
    expect(measures.read(open, 1, noon + day)).toMatchObject({
      stale: ["1"],
      unacknowledged: 3,
      shelved: 1,
      suppressed: 1,
      outOfService: 1,
    });
  });
});
