// The whole state table of a barrier: every phase against every input, for a drive and for a lock, closing and opening. A cell
// that is missing fails.
import { describe, expect, it } from "vitest";
import { barrierStates } from "../../../edge/model/durable.js";
import type { BarrierConfig } from "../../../edge/model/site.js";
import {
  type BarrierWork,
  demandRefused,
  dueAt,
  type Goal,
  initialBarrierWork,
  moveBarrier,
  type Order,
  type Phase,
  shownState,
} from "../../../edge/response/barrier.js";
import type { Sight } from "../../../edge/response/sight.js";

const phases = ["idle", "blocked", "clearing", "staggered", "warning", "starting", "moving", "failed"] as const;
type Complete = Phase extends (typeof phases)[number] ? true : never;
const allPhases: Complete = true;

const bollard: BarrierConfig = {
  id: "b",
  name: { zh: "柱", en: "b" },
  area: "gate",
  kind: "rising-bollard",
  entrance: "main",
  drive: { kind: "demand", point: "demand", close: "close", open: "open", stop: "stop", emergency: "fast" },
  closed: "closed",
  open: "open",
  interlocks: ["loop"],
  travelMs: 6_000,
  emergencyTravelMs: 2_000,
  warnMs: 3_000,
  emergencyWarnMs: 500,
  clearMs: 2_000,
  onFire: "hold",
  afterStandDown: "open",
};
const { open: _, emergencyTravelMs: __, emergencyWarnMs: ___, ...plain } = bollard;
const lock: BarrierConfig = { ...plain, kind: "passage-lock", drive: { kind: "lock", lock: "lock" }, travelMs: 500 };

/** What happens, as a change of an order or a sight that were quiet; `at`: ms since the phase began, or when it is due. */
interface Happening {
  readonly order?: Partial<Order>;
  readonly sight?: Partial<Sight>;
  readonly work?: Partial<BarrierWork>;
  readonly at?: "due";
  readonly refused?: true;
}

const holds = [
  "locked-out",
  "manual",
  "power-lost",
  "contact-unknown",
  "waiting-for-fresh-inputs",
  "interlock-not-good",
] as const;
const obstacles = ["vehicle-on-loop", "obstructed", "interlock-not-good", "waiting-for-fresh-inputs"] as const;

const happenings = (goal: Goal): Readonly<Record<string, Happening>> => ({
  nothing: {},
  "time is up": { at: "due" },
  "time is up again": { at: "due", work: { retried: true } },
  "the other order": { order: { goal: goal === "closed" ? "open" : "closed" } },
  "no order": { order: { goal: null } },
  emergency: { order: { emergency: true } },
  arrived: { sight: { position: goal } },
  "on its way": { sight: { position: "between" } },
  "drive fault": { sight: { isFaulty: true } },
  "demand refused": { refused: true },
  "driver lost": { sight: { position: "unknown", hold: "contact-unknown", blocked: "interlock-not-good" } },
  ...Object.fromEntries(holds.map((hold) => [`held: ${hold}`, { sight: { hold } }])),
  ...Object.fromEntries(obstacles.map((blocked) => [`in the way: ${blocked}`, { sight: { blocked } }])),
});

/** One line per happening; a cell is the next phase, with the demand behind a slash. Holds and obstacles share a line. */
const tables: Readonly<Record<string, string>> = {
  "a drive that closes": `
    -                | idle      | blocked       | clearing      | staggered      | warning        | starting       | moving             | failed
    nothing          | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    time is up       | staggered | clearing      | staggered     | warning        | starting/close | moving         | starting/close     | staggered
    time is up again | staggered | clearing      | staggered     | warning        | starting/close | moving         | failed/stop        | staggered
    the other order  | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    no order         | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    emergency        | staggered | clearing      | clearing      | staggered      | warning        | starting/emergency | starting/emergency | failed
    arrived          | idle      | idle          | idle          | idle           | idle           | idle           | idle               | idle
    on its way       | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    drive fault      | staggered | clearing      | clearing      | staggered      | warning        | starting       | starting/close     | failed
    demand refused   | idle      | blocked       | clearing      | staggered      | warning        | warning        | warning            | failed
    driver lost      | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    held             | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    in the way       | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked`,
  "a drive that opens": `
    -                | idle      | blocked       | clearing      | staggered      | warning        | starting       | moving             | failed
    nothing          | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    time is up       | staggered | staggered     | staggered     | warning        | starting/open  | moving         | starting/open      | staggered
    time is up again | staggered | staggered     | staggered     | warning        | starting/open  | moving         | failed/stop        | staggered
    the other order  | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    no order         | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    emergency        | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    arrived          | idle      | idle          | idle          | idle           | idle           | idle           | idle               | idle
    on its way       | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    drive fault      | staggered | staggered     | clearing      | staggered      | warning        | starting       | starting/open      | failed
    demand refused   | idle      | blocked       | clearing      | staggered      | warning        | warning        | warning            | failed
    driver lost      | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    held             | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    in the way       | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed`,
  "a lock that bolts": `
    -                | idle      | blocked       | clearing      | staggered      | warning        | starting       | moving             | failed
    nothing          | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    time is up       | staggered | clearing      | staggered     | warning        | starting/close | moving         | moving             | staggered
    time is up again | staggered | clearing      | staggered     | warning        | starting/close | moving         | moving             | staggered
    the other order  | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    no order         | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    emergency        | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    arrived          | idle      | idle          | idle          | idle           | idle           | idle           | idle               | idle
    on its way       | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    drive fault      | staggered | clearing      | clearing      | staggered      | warning        | starting       | moving             | failed
    demand refused   | idle      | blocked       | clearing      | staggered      | warning        | warning        | warning            | failed
    driver lost      | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    held             | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    in the way       | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked`,
  "a lock that frees": `
    -                | idle      | blocked       | clearing      | staggered      | warning        | starting       | moving             | failed
    nothing          | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    time is up       | staggered | staggered     | staggered     | warning        | starting/open  | moving         | starting/open      | staggered
    time is up again | staggered | staggered     | staggered     | warning        | starting/open  | moving         | failed/stop        | staggered
    the other order  | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    no order         | staggered | staggered     | staggered     | staggered      | staggered      | staggered/stop | staggered/stop     | staggered
    emergency        | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    arrived          | idle      | idle          | idle          | idle           | idle           | idle           | idle               | idle
    on its way       | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed
    drive fault      | staggered | staggered     | clearing      | staggered      | warning        | starting       | starting/open      | failed
    demand refused   | idle      | blocked       | clearing      | staggered      | warning        | warning        | warning            | failed
    driver lost      | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    held             | blocked   | blocked       | blocked       | blocked        | blocked        | blocked/stop   | blocked/stop       | blocked
    in the way       | staggered | staggered     | clearing      | staggered      | warning        | starting       | moving             | failed`,
};

function cellsOf(table: string): Readonly<Record<string, string>> {
  const [head = [], ...lines] = table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  return Object.fromEntries(
    lines.flatMap(([happening, ...cells]) =>
      cells.map((cell, index) => [`${head[index + 1]} & ${happening}`, cell] as const),
    ),
  );
}

function next(barrier: BarrierConfig, goal: Goal, phase: Phase, what: Happening): string {
  const work: BarrierWork = { ...initialBarrierWork, goal, phase, ...what.work };
  const order: Order = { goal, emergency: false, staggerMs: 300, deadline: 100_000, ...what.order };
  const quiet: Sight = {
    position: goal === "closed" ? "open" : "closed",
    positionAt: 0,
    hold: null,
    blocked: null,
    isFaulty: false,
  };
  const due = dueAt(barrier, work, order);
  const now = what.at === "due" && Number.isFinite(due) ? due : 100;
  if (what.refused === true) return demandRefused(barrier, work, order, now).phase;
  const move = moveBarrier(barrier, work, order, { sight: { ...quiet, ...what.sight }, now });
  return move.demand === null ? move.work.phase : `${move.work.phase}/${move.demand}`;
}

const machines = [
  { name: "a drive that closes", barrier: bollard, goal: "closed" },
  { name: "a drive that opens", barrier: bollard, goal: "open" },
  { name: "a lock that bolts", barrier: lock, goal: "closed" },
  { name: "a lock that frees", barrier: lock, goal: "open" },
] as const;

describe.each(machines)("$name", ({ name, barrier, goal }) => {
  const cells = cellsOf(tables[name] ?? "");
  it.each(Object.entries(happenings(goal)))("decides in every phase: %s", (happening, what) => {
    expect(allPhases).toBe(true);
    const line = happening.split(":")[0];
    const expected = Object.fromEntries(phases.map((phase) => [phase, cells[`${phase} & ${line}`] ?? "not decided"]));
    expect(Object.fromEntries(phases.map((phase) => [phase, next(barrier, goal, phase, what)]))).toEqual(expected);
  });

  it("has no line in its table for what cannot happen", () => {
    const lines = new Set(Object.keys(happenings(goal)).map((happening) => happening.split(":")[0]));
    const written = new Set(Object.keys(cells).map((cell) => cell.split(" & ")[1]));
    expect(written).toEqual(lines);
  });
});

describe("the state that people see", () => {
  const rest = { position: "open", positionAt: 0, hold: null, blocked: null, isFaulty: false } as const;
  const closing: Partial<BarrierWork> = { goal: "closed", phase: "moving" };
  const rows: readonly (readonly [string, Partial<BarrierWork>, Partial<Sight>])[] = [
    ["open", {}, {}],
    ["closed", {}, { position: "closed" }],
    ["closing", closing, { position: "between" }],
    ["opening", { goal: "open", phase: "moving" }, { position: "between" }],
    ["unknown", {}, { position: "unknown", hold: "contact-unknown" }],
    ["unknown", {}, { position: "between" }],
    ["unknown", closing, { hold: "waiting-for-fresh-inputs" }],
    ["obstructed", closing, { position: "between", blocked: "obstructed" }],
    ["obstructed", { goal: "closed", phase: "moving", reason: "obstructed" }, {}],
    ["inhibited", { goal: "closed", phase: "blocked", reason: "vehicle-on-loop" }, { blocked: "vehicle-on-loop" }],
    ["inhibited", { goal: "closed", phase: "clearing" }, {}],
    ["locked-out", closing, { hold: "locked-out" }],
    ["locked-out", {}, { hold: "locked-out", position: "closed" }],
    ["manual", {}, { hold: "manual" }],
    ["power-lost", closing, { hold: "power-lost", isFaulty: true }],
    ["fault", {}, { isFaulty: true }],
    ["fault", { goal: "closed", phase: "failed", reason: "jammed" }, {}],
  ];

  it.each(rows)("%s: %j seen as %j", (state, work, sight) => {
    expect(shownState({ ...initialBarrierWork, ...work }, { ...rest, ...sight })).toBe(state);
  });

  it("has a row for each of them", () => {
    expect(new Set(rows.map(([state]) => state))).toEqual(new Set(barrierStates));
  });
});
