// The conversation with a receiver as a table of inputs and what follows, in virtual time.
import { describe, expect, it } from "vitest";
import type { Reply } from "../../../hub/control-room/dc09/frame.js";
import {
  createSender,
  type Effect,
  type Input,
  pauseMsMax,
  pauseMsMin,
  type Sender,
  step,
} from "../../../hub/control-room/dc09/sender.js";

const timing = { answerMs: 5000, triesMax: 3, supervisionMs: 60_000 };
const ack = (sequence: number): Input => ({ kind: "reply", reply: { kind: "ACK", sequence }, aheadMs: null });
const reply = (given: Reply, aheadMs: number | null = null): Input => ({ kind: "reply", reply: given, aheadMs });
const time: Input = { kind: "time" };
const offer = (sequence: number): Input => ({ kind: "offer", sequence });

/** Plays inputs at their times; gives the effects of each and the last state. */
function play(inputs: readonly (readonly [number, Input])[], from = createSender(0)) {
  let sender: Sender = from;
  const effects = inputs.map(([now, input]): readonly Effect[] => {
    const next = step(sender, input, { now, timing });
    sender = next.sender;
    return next.effects;
  });
  return { sender, effects };
}

/** A receiver that has just answered a link test at 0. */
const ready = play([
  [0, time],
  [0, ack(0)],
]).sender;
const sent = (what: "event" | "test"): Effect => ({ kind: "send", what });

describe("the conversation with an alarm receiver", () => {
  it("begins with a link test, so that a dead line is known before the first alarm", () => {
    const { effects } = play([
      [0, time],
      [10, ack(0)],
    ]);
    expect(effects).toEqual([[sent("test")], [{ kind: "reachable", up: true }]]);
  });

  it.each<[string, Reply]>([
    ["an empty line", { kind: "broken", detail: "an empty line" }],
    ["a no", { kind: "NAK", at: null }],
    ["another number", { kind: "ACK", sequence: 4711 }],
  ])("takes a receiver that answers a link test with %s for one that is there", (_name, given) => {
    const { effects } = play([
      [0, time],
      [10, reply(given)],
    ]);
    expect(effects.at(-1)).toEqual([{ kind: "reachable", up: true }]);
  });

  it("tells an event and hears its fate", () => {
    const { effects, sender } = play(
      [
        [100, offer(1)],
        [120, ack(1)],
      ],
      ready,
    );
    expect(effects).toEqual([[sent("event")], [{ kind: "fate", verdict: "told" }]]);
    expect(sender.dueAt).toBe(120 + timing.supervisionMs);
  });

  it("sends the same event again while no answer comes, then hangs up and says that nobody is there", () => {
    const { effects } = play(
      [
        [0, offer(1)],
        [4999, time],
        [5000, time],
        [10_000, time],
        [15_000, time],
      ],
      ready,
    );
    expect(effects).toEqual([
      [sent("event")],
      [],
      [sent("event")],
      [sent("event")],
      [{ kind: "hang-up" }, { kind: "reachable", up: false }],
    ]);
  });

  it("goes on with the same event after the pause, and says once that the receiver is back", () => {
    const { effects } = play(
      [
        [0, offer(7)],
        [10, { kind: "line-down" }],
        [10 + pauseMsMin - 1, time],
        [10 + pauseMsMin, time],
        [1100, ack(7)],
      ],
      ready,
    );
    expect(effects.slice(2)).toEqual([
      [],
      [sent("event")],
      [
        { kind: "fate", verdict: "told" },
        { kind: "reachable", up: true },
      ],
    ]);
  });

  it("pauses longer each time, up to a limit", () => {
    let { sender } = play([[0, offer(1)]], ready);
    const pauses: number[] = [];
    for (let now = 0, at = 0; at < 10; at += 1) {
      sender = step(sender, { kind: "line-down" }, { now, timing }).sender;
      pauses.push(sender.dueAt - now);
      now = sender.dueAt;
      sender = step(sender, time, { now, timing }).sender;
    }
    expect(pauses.slice(0, 3)).toEqual([pauseMsMin, 2 * pauseMsMin, 4 * pauseMsMin]);
    expect(pauses.at(-1)).toBe(pauseMsMax);
  });

  it("puts its clock right when the receiver says that it is wrong, and sends again", () => {
    const { effects, sender } = play(
      [
        [0, offer(1)],
        [20, reply({ kind: "NAK", at: 1 }, -90_000)],
        [40, ack(1)],
      ],
      ready,
    );
    expect(effects).toEqual([[sent("event")], [sent("event")], [{ kind: "fate", verdict: "told" }]]);
    expect(sender.offsetMs).toBe(-90_000);
  });

  it("stops for a while at a receiver that only says no", () => {
    const no = reply({ kind: "NAK", at: null });
    const { effects } = play(
      [
        [0, offer(1)],
        [1, no],
        [2, no],
        [3, no],
        [4, no],
      ],
      ready,
    );
    expect(effects.at(-1)).toEqual([{ kind: "hang-up" }, { kind: "reachable", up: false }]);
  });

  it("passes over what the receiver cannot process", () => {
    const { effects } = play(
      [
        [0, offer(1)],
        [5, reply({ kind: "DUH", sequence: 1 })],
      ],
      ready,
    );
    expect(effects[1]).toEqual([{ kind: "fate", verdict: "refused" }]);
  });

  it.each([
    { name: "to another message", input: ack(2) },
    { name: "that is broken", input: reply({ kind: "broken", detail: "" }) },
  ])("goes on waiting after an answer $name", ({ input }) => {
    const { effects, sender } = play(
      [
        [0, offer(1)],
        [5, input],
      ],
      ready,
    );
    expect(effects[1]).toEqual([]);
    expect(sender.underWay).toBe("event");
  });

  it("tests the line when it has been silent, and only then", () => {
    const { effects } = play(
      [
        [timing.supervisionMs - 1, time],
        [timing.supervisionMs, time],
        [timing.supervisionMs, ack(0)],
      ],
      ready,
    );
    expect(effects).toEqual([[], [sent("test")], []]);
  });

  it("keeps an event that is offered during a pause for its end", () => {
    const { effects } = play(
      [
        [timing.supervisionMs, time],
        [timing.supervisionMs, { kind: "line-down" }],
        [timing.supervisionMs + 1, offer(3)],
        [timing.supervisionMs + pauseMsMin, time],
      ],
      ready,
    );
    expect(effects.slice(2)).toEqual([[], [sent("event")]]);
  });

  it.each<[string, Input]>([
    ["a late answer", ack(1)],
    ["an early look", time],
    ["a line that goes while nothing is said", { kind: "line-down" }],
  ])("takes %s for nothing while idle", (_name, input) => {
    expect(play([[5, input]], ready)).toEqual({ sender: ready, effects: [[]] });
  });
});
