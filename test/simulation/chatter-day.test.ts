// A day of a bad site in virtual time: contacts of every driver flap, every line is lost six times an hour. What the
// controller knows at its end is no more than what it knew after two hours.
import { describe, expect, it } from "vitest";
import { createTraceBook, traceLimits } from "../../edge/health/trace-book.js";
import { type EdgeConfig, pointsOf } from "../../edge/model/site.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { benchSite } from "../../scripts/bench/site.js";
import { HandFed } from "../support/hand-fed.js";

const hours = 24;
/** By then every zone that flaps has its incident, every driver its work order. */
const warmHours = 2;
const growthMax = 0.05;
const flapping = ["contact-7", "beam-3", "loop-2", "supply-1"];
const flapEveryMs = 10_000;
const lossEveryMs = 600_000;
const lossMs = 10_000;
const hourMs = 3_600_000;

/** Of each kind of point the first ten, and no barriers: the way of a sample is the same, a day of them takes seconds. */
const isKept = (id: string) => /^[a-z]+-\d$/.test(id) || id === "siren" || id === "strobe";

function smallBench(): EdgeConfig {
  const site = benchSite();
  const drivers = site.drivers.map(
    (driver) => ({ ...driver, points: driver.points.filter(({ id }) => isKept(id)) }) as DriverConfig,
  );
  const zones = site.zones.filter(({ id }) => isKept(id));
  const responses = site.responses.filter(({ id }) => id === "intrusion");
  return { ...site, drivers, zones, responses, barriers: [], groups: [] };
}

interface Hour {
  readonly records: number;
  readonly durableBytes: number;
  readonly transientBytes: number;
}

function loseEveryLine(box: HandFed): void {
  for (const { id, points } of box.config.drivers) {
    const inputs = points.filter(({ direction }) => direction === "in");
    const tell = (quality: "lost" | "good") => {
      for (const { id: point } of inputs) box.set(point, false, quality);
    };
    tell("lost");
    box.input({ kind: "link", driver: id, up: false, reason: "cut" });
    box.pass(lossMs);
    box.input({ kind: "link", driver: id, up: true, reason: "mended" });
    tell("good");
  }
}

function flap(box: HandFed, ms: number): void {
  for (let passed = 0; passed < ms; passed += flapEveryMs) {
    for (const point of flapping) box.set(point, (passed / flapEveryMs) % 2 === 0);
    box.pass(flapEveryMs);
  }
}

function runDay(everyHour: (box: HandFed) => void) {
  const box = new HandFed(smallBench());
  const book = createTraceBook(box.now());
  const seen: Hour[] = [];
  while (seen.length < hours) {
    const end = box.mono + hourMs;
    while (box.mono < end) {
      flap(box, lossEveryMs);
      loseEveryLine(box);
    }
    everyHour(box);
    for (const trace of box.traces) book.note(trace);
    seen.push({
      records: box.facts.length,
      durableBytes: JSON.stringify(box.durable).length,
      transientBytes: JSON.stringify(box.transient).length,
    });
    box.facts.length = 0;
    box.traces.length = 0;
  }
  return { box, book, seen };
}

const operators = {
  nobody: () => undefined,
  "an operator who resets each hour what can be reset": (box: HandFed) => {
    for (const id of Object.keys(box.durable.incidents)) box.order({ kind: "reset", incident: id });
    for (const number of Object.keys(box.durable.workOrders))
      box.order({ kind: "work-order", number, to: "fixed", note: "" }, { roles: ["technician"] });
  },
} as const;

describe("24 hours of chatter and lost lines", () => {
  it.each(Object.entries(operators))(
    "leave a controller no larger, with %s",
    (_, everyHour) => {
      const { box, book, seen } = runDay(everyHour);
      const [warm, last] = [seen[warmHours - 1], seen.at(-1)];
      if (warm === undefined || last === undefined) throw new Error("no hours");
      for (const what of ["records", "durableBytes", "transientBytes"] as const)
        expect(last[what], `${what} ${JSON.stringify(seen)}`).toBeLessThanOrEqual(warm[what] * (1 + growthMax));
      for (const zone of flapping)
        expect(book.ask(zone, box.mono).detail.length).toBeLessThanOrEqual(traceLimits.details);
      expect(pointsOf(box.config).length).toBeGreaterThan(Object.keys(box.durable.lost).length);
    },
    120_000,
  );
});
