// Commands under way: what a box answers or does not, and what a full disk leaves of it.
import { beforeEach, describe, expect, it } from "vitest";
import { answerWithinMs, createOrders, type Orders } from "../../hub/console/orders.js";
import type { OwnFact } from "../../hub/ledger/ledger.js";
import type { Person } from "../../hub/people/people.js";
import { manualClock } from "../support/manual-clock.js";

const wang: Person = { user: "wang", role: "operator" };
const box = { site: "compound", edge: "gatehouse" };

describe("a command under way", () => {
  let clock: ReturnType<typeof manualClock>;
  let records: OwnFact[];
  let isFull: boolean;
  let orders: Orders;

  beforeEach(() => {
    clock = manualClock();
    records = [];
    isFull = false;
    orders = createOrders({
      clock,
      book: {
        async act(...facts) {
          if (isFull) throw new Error("disk full");
          records.push(...facts);
          return [];
        },
      },
      approvals: () => ({ request: () => Promise.reject(new Error("nobody else is asked")) }),
      isKnown: () => true,
      placeOf: () => ({ posture: "normal", dualOpen: false }),
      send: () => true,
    });
  });

  const order = () => orders.request(wang, { ...box, act: { kind: "silence" }, reason: "" });
  const answer = (id: string) => orders.answered(box.site, box.edge, { id, ok: true, code: "" });
  const types = () => records.map(({ type }) => type);

  it.each([
    { kind: "lock-out", barrier: "b1", note: "pit" },
    { kind: "clear-lock-out", barrier: "b1" },
    { kind: "test-run", barrier: "b1", direction: "close", mode: "normal" },
    { kind: "hold-run", barrier: "b1", direction: "close" },
    { kind: "end-run", barrier: "b1" },
  ] as const)("is refused where it is done on site only, whoever asks: $kind", async (act) => {
    const boss: Person = { user: "boss", role: "administrator" };
    const asked = orders.request(boss, { ...box, act, reason: "", dual: true });
    await expect(asked).rejects.toMatchObject({ trouble: { code: "command.on-site-only" } });
    expect(types()).toEqual([]);
  });

  it("ends once, with the answer of its box", async () => {
    const { id } = await order();
    await answer(id);
    await answer(id);
    clock.advance(answerWithinMs);
    await orders.expire();
    expect(types()).toEqual(["operator.commanded", "command.answered"]);
  });

  it("ends as its box answered once that can be recorded", async () => {
    const { id } = await order();
    isFull = true;
    await expect(answer(id)).rejects.toThrow("disk full");
    await expect(orders.expire()).rejects.toThrow("disk full");
    isFull = false;
    clock.advance(answerWithinMs);
    await orders.expire();
    await orders.expire();
    expect(types()).toEqual(["operator.commanded", "command.answered"]);
  });

  it("expires once that can be recorded", async () => {
    await order();
    clock.advance(answerWithinMs);
    isFull = true;
    await expect(orders.expire()).rejects.toThrow("disk full");
    isFull = false;
    await orders.expire();
    expect(types()).toEqual(["operator.commanded", "command.expired"]);
  });

  it("does not expire when its box answers while another expires", async () => {
    await order();
    const { id } = await order();
    clock.advance(answerWithinMs);
    await Promise.all([orders.expire(), answer(id)]);
    expect(types().slice(2).sort()).toEqual(["command.answered", "command.expired"]);
  });
});
