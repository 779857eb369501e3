// Dual approval as the one mechanism: who may agree, who may not, what is recorded, and what a restart leaves.
import { beforeEach, describe, expect, it } from "vitest";
import type { ApprovalView } from "../../hub/console/views.js";
import type { OwnFact } from "../../hub/ledger/ledger.js";
import {
  type Approvals,
  approvalTypes,
  approvalWithinMs,
  createApprovals,
  waitingMax,
} from "../../hub/people/approvals.js";
import type { Person } from "../../hub/people/people.js";
import { manualClock } from "../support/manual-clock.js";

const wang: Person = { user: "wang", role: "operator" };
const li: Person = { user: "li", role: "supervisor" };
const zhao: Person = { user: "zhao", role: "technician" };
const order = {
  id: "a1",
  kind: "certificate",
  site: "compound",
  edge: "annex",
  subject: { serial: "07" },
  reason: "new box",
};

describe("dual approval", () => {
  let clock: ReturnType<typeof manualClock>;
  let records: OwnFact[];
  let done: string[];
  let views: Map<string, ApprovalView>;
  let disabled: string[];
  let isFull: boolean;
  let approvals: Approvals;

  const open = () =>
    createApprovals({
      clock,
      book: {
        async act(...facts) {
          if (isFull) throw new Error("disk full");
          records.push(...facts);
          for (const { data } of facts) {
            const { approval, ...view } = data;
            if (approval !== undefined) views.set(String(approval), { id: approval, ...view } as ApprovalView);
          }
          return [];
        },
      },
      kinds: {
        certificate: {
          mayAgree: (role) => role === "supervisor" || role === "operator",
          carryOut: async ({ subject }, persons) =>
            done.push(`${subject["serial"]} by ${persons.map(({ user }) => user)}`),
          ended: async ({ id }, how) => done.push(`${id} ${how}`),
        },
      },
      isActive: async (user) => !disabled.includes(user),
      known: () => [...views.values()],
    });

  beforeEach(() => {
    clock = manualClock();
    records = [];
    done = [];
    disabled = [];
    views = new Map();
    isFull = false;
    approvals = open();
  });
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "done",
      (error) => error.trouble?.code ?? error.message,
    );

  it("carries out what another person with the right agrees to, once, in the name of both", async () => {
    await approvals.request(wang, order);
    expect(approvals.waiting()).toMatchObject([
      { id: "a1", requestedBy: "wang", state: "awaiting", reason: "new box" },
    ]);
    const both = await Promise.all([codeOf(approvals.approve(li, "a1")), codeOf(approvals.approve(li, "a1"))]);
    expect(both).toEqual(["done", "command.not-possible"]);
    expect(done).toEqual(["07 by wang,li"]);
    expect(records.map(({ type }) => type)).toEqual([approvalTypes.awaiting, approvalTypes.approved]);
    expect(records.at(-1)?.data).toMatchObject({ approval: "a1", decidedBy: "li", subject: { serial: "07" } });
  });

  it.each([
    { who: "the same person", person: wang, code: "command.needs-two-persons" },
    { who: "one without the right", person: zhao, code: "command.not-allowed" },
  ])("is not given by $who", async ({ person, code }) => {
    await approvals.request(wang, order);
    expect(await codeOf(approvals.approve(person, "a1"))).toBe(code);
    expect([done, approvals.waiting().length]).toEqual([[], 1]);
  });

  it("is not given to a person who was disabled since", async () => {
    await approvals.request(wang, order);
    disabled.push("wang");
    expect(await codeOf(approvals.approve(li, "a1"))).toBe("command.not-allowed");
    expect(done).toEqual([]);
  });

  it.each([
    { who: "one who might agree", person: li, code: "done" },
    { who: "the one who asked", person: wang, code: "done" },
    { who: "anybody else", person: zhao, code: "command.not-allowed" },
  ])("is refused by $who: $code", async ({ person, code }) => {
    await approvals.request(wang, order);
    expect(await codeOf(approvals.refuse(person, "a1"))).toBe(code);
    expect(done).toEqual(code === "done" ? ["a1 refused"] : []);
  });

  it("ends by itself when nobody agrees in time, also over a restart", async () => {
    await approvals.request(wang, order);
    clock.advance(approvalWithinMs - 1000);
    approvals = open();
    await approvals.expire();
    expect(done).toEqual([]);
    clock.advance(1000);
    await approvals.expire();
    expect(done).toEqual(["a1 expired"]);
    expect(await codeOf(approvals.approve(li, "a1"))).toBe("command.not-possible");
    expect(await codeOf(approvals.approve(li, "other"))).toBe("api.not-found");
  });

  it("goes on waiting when the agreement cannot be written down", async () => {
    await approvals.request(wang, order);
    isFull = true;
    expect(await codeOf(approvals.approve(li, "a1"))).toBe("disk full");
    isFull = false;
    expect(await codeOf(approvals.approve(li, "a1"))).toBe("done");
    expect(done).toEqual(["07 by wang,li"]);
  });

  it("has a bounded number of requests", async () => {
    for (let made = 0; made < waitingMax; made += 1) await approvals.request(wang, { ...order, id: `a${made}` });
    expect(await codeOf(approvals.request(wang, { ...order, id: "more" }))).toBe("api.throttled");
  });

  it("leaves what a newer hub asked for until its time is up", async () => {
    await approvals.request(wang, { ...order, kind: "newer" });
    expect(await codeOf(approvals.approve(li, "a1"))).toBe("command.not-allowed");
    clock.advance(approvalWithinMs);
    await approvals.expire();
    expect(approvals.waiting()).toEqual([]);
  });
});
