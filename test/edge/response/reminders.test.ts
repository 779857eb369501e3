// Reports that are asked for again and again while an incident is open.
import { describe, expect, it } from "vitest";
import { box, hour, minute, report, response, stepId } from "./yard.js";

const hourly = () => {
  const site = box([response("progress", [{ area: "fence" }], report("tell", hour, { everyMs: hour }))]);
  site.set("beam", true);
  site.pass(100);
  const tell = () => site.order({ kind: "report", step: stepId(site, "tell") });
  return { site, tell, decided: () => site.of("step.decided").map(({ step }) => step) };
};

describe("a reminder", () => {
  it("A-52: asks anew at once after each report, due an hour after it", () => {
    const { site, tell, decided } = hourly();
    site.pass(40 * minute);
    const reportedAt = site.mono;
    expect(tell().ok).toBe(true);
    expect(decided().map(({ id }) => id.split("~")[1] ?? "1")).toEqual(["1", "2"]);
    expect(decided()[1]?.deadlineAt.mono).toBe(reportedAt + hour);
    site.pass(hour - minute);
    expect(site.of("step.missed")).toEqual([]);
    site.pass(2 * minute);
    expect(site.of("step.missed")).toMatchObject([{ reason: "not-reported", deadlineAt: { mono: reportedAt + hour } }]);
  });

  it("A-52: is missed anew each hour while nobody reports, as one alarm that a late report ends", () => {
    const { site, tell } = hourly();
    site.pass(3 * hour + minute);
    const missed = site.of("step.missed");
    expect(missed).toHaveLength(3);
    expect(new Set(missed.map(({ alarm }) => alarm.key)).size).toBe(1);
    expect(missed.map(({ deadlineAt }) => deadlineAt.mono - (missed[0]?.deadlineAt.mono ?? 0))).toEqual([
      0,
      hour,
      2 * hour,
    ]);
    tell();
    expect(site.of("step.completed")).toMatchObject([{ alarms: expect.arrayContaining([missed[0]?.alarm.key]) }]);
    expect(Object.keys(site.durable.steps)).toHaveLength(1);
  });

  it("that passed several times while the box was off is missed once more, not once for each time", () => {
    const { site } = hourly();
    site.pass(hour + minute);
    site.restart(5 * hour);
    site.pass(minute);
    expect(site.of("step.missed")).toHaveLength(2);
  });

  it("is not invented by a clock that nobody has set: the next miss counts from power-on", () => {
    const { site } = hourly();
    site.pass(hour + minute);
    site.restart(5 * hour, "never-set");
    site.pass(30 * minute);
    expect(site.of("step.missed")).toHaveLength(1);
    site.pass(31 * minute);
    expect(site.of("step.missed")).toHaveLength(2);
  });

  it("ends with its incident, and stands against no reset", () => {
    const { site } = hourly();
    site.set("beam", false);
    site.pass(minute);
    const [incident] = Object.keys(site.durable.incidents);
    expect(site.order({ kind: "reset", incident: incident ?? "" }).ok).toBe(true);
    site.pass(5 * hour);
    expect(site.of("step.missed")).toEqual([]);
  });
});
