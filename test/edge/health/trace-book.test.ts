// What the box tells of a minute of a zone, and how little memory it needs for it.
import { expect, it } from "vitest";
import { createTraceBook, traceLimits } from "../../../edge/health/trace-book.js";
import { type Verdict, verdicts, type ZoneTrace } from "../../../edge/model/state.js";

// Ten seconds past a full minute of the wall clock.
const start = { boot: "b", mono: 5_000_000, wall: Date.UTC(2026, 10, 22, 8, 0, 10), clock: "synchronised" } as const;
const minuteMs = 60_000;
const look = (at: number, verdict: Verdict, part: Partial<ZoneTrace> = {}): ZoneTrace => ({
  zone: "fence",
  at: start.mono + at,
  verdict,
  seen: null,
  limit: null,
  ...part,
});

it("tells of a minute what was seen, how often each rule held it back, and which came nearest to an alarm", () => {
  const book = createTraceBook(start);
  book.note(look(1000, "below-threshold", { seen: 2, limit: 4 }));
  book.note(look(2000, "too-few-events", { seen: 9, limit: 5 }));
  book.note(look(3000, "below-threshold", { seen: 1, limit: 4 }));
  const told = book.ask("fence", start.mono + 1500);
  expect(told).toMatchObject({
    zone: "fence",
    verdicts: { "below-threshold": 2, "too-few-events": 1 },
    nearest: "too-few-events",
    strongest: { seen: 9, limit: 5, least: 1 },
  });
  expect(told.detail.map(({ seen }) => seen)).toEqual([2, 9, 1]);
});

it("cuts minutes where the wall clock does", () => {
  const book = createTraceBook(start);
  book.note(look(49_999, "nothing-seen"));
  book.note(look(50_000, "alarm"));
  expect(book.ask("fence", start.mono)).toMatchObject({
    from: start.mono - 10_000,
    to: start.mono + 50_000,
    nearest: "nothing-seen",
  });
  expect(book.ask("fence", start.mono + 50_000)?.nearest).toBe("alarm");
});

const unseen = { verdicts: {}, nearest: null, strongest: null, detail: [] };

it("says of a minute or a zone without a look that there was none", () => {
  const book = createTraceBook(start);
  book.note(look(0, "alarm"));
  expect(book.ask("fence", start.mono - 3 * minuteMs)).toMatchObject(unseen);
  expect(book.ask("beam", start.mono)).toMatchObject(unseen);
});

it("knows what held before a minute in which nothing changed", () => {
  const book = createTraceBook(start);
  book.note(look(0, "nothing-seen", { seen: false }));
  expect(book.ask("fence", start.mono + 5 * minuteMs)).toMatchObject({ ...unseen, before: { seen: false } });
  expect(book.ask("fence", start.mono).before).toBeNull();
});

it("keeps a day of minutes and the newest looks in detail", () => {
  const book = createTraceBook(start);
  const dayMs = traceLimits.minutes * minuteMs;
  for (let at = 0; at <= dayMs + minuteMs; at += 10_000) book.note(look(at, "nothing-seen", { seen: at }));
  expect(book.ask("fence", start.mono)).toMatchObject(unseen);
  expect(book.ask("fence", start.mono + 3 * minuteMs)).toMatchObject({ verdicts: { "nothing-seen": 6 }, detail: [] });
  const newest = book.ask("fence", start.mono + dayMs);
  expect(newest.detail).toHaveLength(newest.verdicts["nothing-seen"] ?? 0);
});

it("takes no more memory for looks without end, whatever they say", () => {
  const book = createTraceBook(start);
  const long = "x".repeat(10_000);
  for (let at = 0; at < 200_000; at += 1) book.note(look(at / 10, "filter-not-passed", { seen: long }));
  const told = book.ask("fence", start.mono + 1000);
  expect(told.verdicts).toEqual({ "filter-not-passed": traceLimits.count });
  expect(told.detail).toHaveLength(traceLimits.details);
  expect(told.detail[0]?.seen).toHaveLength(traceLimits.seenCharacters);
});

it("keeps a fixed number of zones and forgets those that are gone from the configuration", () => {
  const book = createTraceBook(start);
  for (let zone = 0; zone <= traceLimits.zones; zone += 1) book.note(look(0, "alarm", { zone: `z${zone}` }));
  expect(book.ask(`z${traceLimits.zones - 1}`, start.mono)).toMatchObject({ nearest: "alarm" });
  expect(book.ask(`z${traceLimits.zones}`, start.mono)).toMatchObject(unseen);
  book.forgetAllBut(["z1"]);
  book.note(look(0, "alarm", { zone: "new" }));
  expect(book.ask("z1", start.mono)).toMatchObject({ nearest: "alarm" });
  expect(book.ask("z2", start.mono)).toMatchObject(unseen);
  expect(book.ask("new", start.mono)).toMatchObject({ nearest: "alarm" });
});

it.each(verdicts)("knows the verdict %s", (verdict) => {
  const book = createTraceBook(start);
  book.note(look(0, verdict));
  expect(book.ask("fence", start.mono)?.nearest).toBe(verdict);
});

it("tells whoever looks on only what has come since, and no more than it keeps", () => {
  const book = createTraceBook(start);
  expect(book.since("fence", null)).toEqual({ mark: 0, looks: [] });
  for (const at of [1, 2, 3]) book.note(look(at, "below-threshold", { seen: at }));
  const first = book.since("fence", null);
  expect(first).toMatchObject({ mark: 3, looks: [{ seen: 1 }, { seen: 2 }, { seen: 3 }] });
  expect(book.since("fence", first.mark).looks).toEqual([]);
  book.note(look(4, "alarm", { seen: "beam-blocked" }));
  expect(book.since("fence", first.mark)).toMatchObject({ mark: 4, looks: [{ seen: "beam-blocked" }] });
  for (let at = 5; at < 5 + traceLimits.details; at += 1) book.note(look(at, "nothing-seen", { seen: at }));
  const all = book.since("fence", first.mark).looks;
  expect([all.length, all[0]?.seen, all.at(-1)?.seen]).toEqual([traceLimits.details, 5, 4 + traceLimits.details]);
});
