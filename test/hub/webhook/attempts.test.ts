// What becomes of a webhook's message after each answer, in virtual time; and its signature.
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  type Attempts,
  firstOf,
  judge,
  pauseMsMax,
  pauseMsMin,
  refusalsMax,
} from "../../../hub/control-room/webhook/attempts.js";
import { readSecret, signed } from "../../../hub/control-room/webhook/signature.js";

const giveUpMs = 3_600_000;
const answer = (status: number, retryAfter: number | null = null) => ({ status, detail: "", retryAfter });

/** The verdicts of the same answer again and again, each after the pause before it. */
function repeat(status: number, retryAfter: number | null = null) {
  let attempts: Attempts = firstOf(0);
  const pauses: number[] = [];
  for (let now = 0; ; ) {
    const next = judge(attempts, answer(status, retryAfter), { now, giveUpMs });
    if (next.kind !== "again") return { pauses, end: next.kind, at: now };
    pauses.push(next.inMs);
    attempts = next.attempts;
    now += next.inMs;
  }
}

describe("a webhook's message", () => {
  it.each([200, 202, 204])("is delivered by %i", (status) => {
    expect(judge(firstOf(0), answer(status), { now: 0, giveUpMs }).kind).toBe("delivered");
  });

  it.each([0, 301, 302, 401, 403, 408, 425, 429, 500, 502, 503])(
    "is tried again after %i with growing pauses, and stands aside only when time is up",
    (status) => {
      const { pauses, end, at } = repeat(status);
      expect(pauses.slice(0, 4)).toEqual([1, 2, 4, 8].map((factor) => factor * pauseMsMin));
      expect(Math.max(...pauses)).toBe(pauseMsMax);
      expect(end).toBe("set-aside");
      expect(at).toBeGreaterThanOrEqual(giveUpMs);
    },
  );

  it.each([400, 404, 410, 413, 422])("that is itself refused by %i soon lets those behind it pass", (status) => {
    expect(repeat(status)).toMatchObject({ end: "set-aside" });
    expect(repeat(status).pauses).toHaveLength(refusalsMax - 1);
  });

  it("waits as long as the receiver asks, within the limit", () => {
    expect(repeat(429, 60).pauses[0]).toBe(60_000);
    expect(repeat(503, 100_000).pauses[0]).toBe(pauseMsMax);
  });
});

describe("a webhook's signature", () => {
  it("is the one of the published scheme", () => {
    const secret = readSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? Buffer.alloc(0);
    const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const headers = signed(secret, { id, at: 1_614_265_330_000, body: '{"test": 2432232314}' });
    // The example of the scheme's own documentation.
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    expect(headers["webhook-timestamp"]).toBe("1614265330");
    const again = createHmac("sha256", secret).update(`${id}.1614265330.{"test": 2432232314}`).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${again}`);
  });

  it.each(["", "secret", "whsec_", "whsec_short", "whsec_!!!!", `whsec_${"A".repeat(200)}`])(
    "takes no secret like '%s'",
    (text) => {
      expect(readSecret(text)).toBeNull();
    },
  );
});
