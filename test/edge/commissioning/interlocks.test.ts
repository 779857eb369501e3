// The guided interlock check, by what is heard of the inputs.
import { describe, expect, it } from "vitest";
import {
  beginChecks,
  type Checks,
  type Heard,
  isDone,
  type Look,
  stepChecks,
} from "../../../edge/commissioning/interlocks.js";

const barrier = { id: "b", closed: "closed", open: "open", obstructed: "edge", interlocks: ["beam"], travelMs: 6_000 };
const begun = (present: Readonly<Record<string, boolean>> = { closed: false, open: true }) =>
  beginChecks(barrier, "tech", 0, (point) => present[point] ?? false);

function look(
  part: Partial<Omit<Look, "heard">> & { readonly heard?: Readonly<Record<string, readonly Heard[]>> },
): Look {
  const { heard = {}, ...others } = part;
  const calm = { isRefused: false, isRunning: false, halt: null, now: 1_000 };
  return { ...calm, ...others, heard: (point) => heard[point] ?? [] };
}
const said = (value: boolean | null, at = 900, heardAt = at + 40): Heard => ({ at, heardAt, value });
const stateOf = (checks: Checks, kind: string, point: string) =>
  checks.rows.find((row) => row.kind === kind && row.point === point);
const step = (checks: Checks, ...looks: readonly Look[]) =>
  looks.reduce((state, next) => stepChecks(state, barrier, next), checks);
const blocked = look({ heard: { beam: [said(true)] }, isRefused: true });

describe("a light barrier that must keep the drive from closing", () => {
  it("is seen with its delay when it is blocked and the box refuses, and passed when it is free again", () => {
    const seen = step(begun(), blocked);
    expect(stateOf(seen, "block", "beam")).toMatchObject({ state: "seen", ms: 40 });
    expect(stateOf(step(seen, look({})), "block", "beam")).toMatchObject({ state: "seen" });
    const free = step(seen, look({ heard: { beam: [said(false, 1_500)] }, now: 2_000 }));
    expect(stateOf(free, "block", "beam")).toEqual({
      kind: "block",
      point: "beam",
      state: "passed",
      failure: null,
      ms: 40,
    });
  });

  it("fails when it is blocked and a close would not be refused", () => {
    const checks = step(begun(), look({ heard: { beam: [said(true)] } }));
    expect(stateOf(checks, "block", "beam")).toMatchObject({ state: "failed", failure: "not-refused" });
  });

  it("fails when its signal goes bad on the way", () => {
    const checks = step(begun(), blocked, look({ heard: { beam: [said(null)] } }));
    expect(stateOf(checks, "block", "beam")).toMatchObject({ state: "failed", failure: "not-good" });
  });

  it("goes on waiting when it was free again before anybody could look", () => {
    const checks = step(begun(), look({ heard: { beam: [said(true), said(false, 950)] } }));
    expect(stateOf(checks, "block", "beam")).toMatchObject({ state: "waiting" });
  });
});

describe("a safety edge that must stop the drive", () => {
  it("is passed by the halt of a run that it ended, and by no other's", () => {
    const other = step(begun(), look({ halt: { point: "beam", ms: 12 } }));
    expect(stateOf(other, "halt", "edge")).toMatchObject({ state: "waiting" });
    expect(stateOf(other, "halt", "beam")).toMatchObject({ state: "passed", ms: 12 });
    const own = step(begun(), look({ halt: { point: "edge", ms: 30 } }));
    expect(stateOf(own, "halt", "edge")).toMatchObject({ state: "passed", ms: 30 });
  });
});

describe("position contacts", () => {
  const leaves = look({ heard: { open: [said(false)] }, isRunning: true });
  it("are passed when each end was seen with its own contact alone", () => {
    const closed = step(begun(), look({}), leaves, look({ heard: { closed: [said(true, 6_000)] }, now: 7_000 }));
    expect(stateOf(closed, "contacts", "closed")).toMatchObject({ state: "passed" });
  });

  it("are faulty when both are on at once, in the order in which they were heard", () => {
    const both = step(begun(), look({ heard: { closed: [said(true, 900)], open: [said(false, 950)] } }));
    expect(stateOf(both, "contacts", "closed")).toMatchObject({ state: "failed", failure: "both-contacts" });
    const inTurn = step(begun(), look({ heard: { closed: [said(true, 950)], open: [said(false, 900)] } }));
    expect(stateOf(inTurn, "contacts", "closed")?.failure).toBeNull();
  });

  it("are faulty when a drive that runs shows neither for longer than its travel, and not when it stands between", () => {
    const standing = (now: number, isRunning: boolean) => step(begun(), leaves, look({ now, isRunning }));
    expect(stateOf(standing(10_900, true), "contacts", "closed")).toMatchObject({ state: "waiting" });
    expect(stateOf(standing(11_100, true), "contacts", "closed")).toMatchObject({ failure: "no-contact" });
    expect(stateOf(standing(60_000, false), "contacts", "closed")).toMatchObject({ state: "waiting" });
  });
});

describe("a check", () => {
  it("is done when every row is passed or failed; what is decided stays", () => {
    const checks = step(begun(), blocked, look({ heard: { beam: [said(false)] } }), blocked);
    expect(stateOf(checks, "block", "beam")).toMatchObject({ state: "passed" });
    expect(isDone(checks)).toBe(false);
    expect(isDone({ ...checks, rows: checks.rows.filter(({ state }) => state === "passed") })).toBe(true);
  });
});
