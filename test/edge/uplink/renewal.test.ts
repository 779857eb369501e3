// When a box asks for a new certificate, by tables; no time passes.
import { describe, expect, it } from "vitest";
import type { ClockTrust, Stamp } from "../../../edge/model/time.js";
import {
  answerWithinMs,
  asked,
  failed,
  isDue,
  isUnanswered,
  isUrgent,
  mayAsk,
  startRenewal,
  succeeded,
} from "../../../edge/uplink/renewal.js";

const dayMs = 86_400_000;
const from = Date.parse("2026-01-01T00:00:00Z");
const validity = { from, to: from + 300 * dayMs };
const at = (day: number, mono = 0, clock: ClockTrust = "holdover"): Stamp => ({
  boot: "b",
  mono,
  wall: from + day * dayMs,
  clock,
});

describe("a certificate of 300 days", () => {
  it.each([
    [0, 199, false],
    [0, 200, true],
    [1, 214, false],
    [1, 215, true],
    [0.5, 207, false],
    [0.5, 208, true],
    [1, 299, true],
    [1, 400, true],
  ])("with the draw %d is due on day %d: %s", (draw, day, due) => {
    expect(isDue(startRenewal(draw), validity, at(day))).toBe(due);
  });

  it.each([
    [249, false],
    [250, true],
    [301, true],
  ])("is a person's business on day %d: %s", (day, urgent) => {
    expect(isUrgent(validity, at(day))).toBe(urgent);
  });

  it("is not judged by its dates while the clock was never set", () => {
    const unset = at(290, 0, "never-set");
    expect([isDue(startRenewal(0), validity, unset), isUrgent(validity, unset)]).toEqual([false, false]);
    expect(mayAsk(startRenewal(0), validity, at(290, 0, "synchronised"))).toBe(true);
  });
});

describe("asking", () => {
  it("waits for its answer, and for no longer than its time", () => {
    const renewal = asked(startRenewal(0), at(200, 1000));
    expect(mayAsk(renewal, validity, at(200, 5000))).toBe(false);
    expect(isUnanswered(renewal, at(200, 999 + answerWithinMs))).toBe(false);
    expect(isUnanswered(renewal, at(200, 1000 + answerWithinMs))).toBe(true);
    expect(isUnanswered(startRenewal(0), at(200, 1e9))).toBe(false);
  });

  it("is repeated after pauses that double from a minute to six hours, each shortened by up to half", () => {
    let renewal = startRenewal(0);
    const pauses: number[] = [];
    for (let tries = 0; tries < 12; tries += 1) {
      renewal = failed(renewal, at(200, 0), 1);
      pauses.push(renewal.nextAt / 60_000);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]);
    expect(failed(startRenewal(0), at(200, 0), 0).nextAt).toBe(30_000);
    expect(mayAsk(renewal, validity, at(200, renewal.nextAt - 1))).toBe(false);
    expect(mayAsk(renewal, validity, at(200, renewal.nextAt))).toBe(true);
    expect(succeeded(renewal)).toMatchObject({ failures: 0, askedAt: null });
  });
});
