// Questions to the reaction thread never pile up and never wait for ever.
import { expect, it } from "vitest";
import { createInquiry, inquiryLimits } from "../../../edge/commissioning/inquiry.js";
import type { Reply } from "../../../edge/commissioning/questions.js";
import { manualMachine } from "../../support/journal.js";

const reply: Reply = { ok: true, body: { ok: true, groups: [] } };

function setUp() {
  const machine = manualMachine();
  const sent: number[] = [];
  return { machine, sent, inquiry: createInquiry(machine, (id) => sent.push(id)) };
}

it("gives each question its own answer", async () => {
  const { sent, inquiry } = setUp();
  const [first, second] = [inquiry.ask({ kind: "faults" }), inquiry.ask({ kind: "faults" })];
  const other: Reply = { ok: false, code: "api.not-found", place: "zone", detail: "x" };
  inquiry.replied(sent[1] ?? 0, other);
  inquiry.replied(sent[0] ?? 0, reply);
  expect([await first, await second]).toEqual([reply, other]);
});

it("answers with a code when the controller stalls, and takes no late word for it", async () => {
  const { machine, sent, inquiry } = setUp();
  const asked = inquiry.ask({ kind: "faults" });
  machine.advance(inquiryLimits.withinMs);
  inquiry.replied(sent[0] ?? 0, reply);
  expect(await asked).toMatchObject({ ok: false, code: "api.no-answer", place: "controller" });
});

it("refuses more questions than may wait, and takes new ones when those are answered", async () => {
  const { sent, inquiry } = setUp();
  const waiting = Array.from({ length: inquiryLimits.pending }, () => inquiry.ask({ kind: "faults" }));
  expect(await inquiry.ask({ kind: "faults" })).toMatchObject({ ok: false, code: "api.throttled" });
  expect(sent).toHaveLength(inquiryLimits.pending);
  for (const id of sent) inquiry.replied(id, reply);
  await Promise.all(waiting);
  void inquiry.ask({ kind: "faults" });
  expect(sent).toHaveLength(inquiryLimits.pending + 1);
});

it("takes no answer for its own that one before it had waited for, whose thread has died", async () => {
  const { machine, sent, inquiry } = setUp();
  void inquiry.ask({ kind: "faults" });
  machine.advance(1);
  const after: number[] = [];
  const next = createInquiry(machine, (id) => after.push(id));
  const asked = next.ask({ kind: "faults" });
  next.replied(sent[0] ?? 0, { ok: false, code: "api.not-found", place: "zone", detail: "x" });
  next.replied(after[0] ?? 0, reply);
  expect(await asked).toEqual(reply);
});
