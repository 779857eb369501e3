// What the box accepts of the hub's commands: every act, by shape and size.
import { describe, expect, it } from "vitest";
import type { Act, ActKind } from "../../../edge/model/command.js";
import { InvalidMessage, parseCommand } from "../../../edge/uplink/messages.js";

const dayMs = 24 * 60 * 60 * 1000;
const acts: { readonly [K in ActKind]: Extract<Act, { kind: K }> } = {
  "lock-down": { kind: "lock-down", group: "gate" },
  "stand-down": { kind: "stand-down", group: "gate", barriers: ["b1"] },
  acknowledge: { kind: "acknowledge", incident: "i1" },
  silence: { kind: "silence" },
  reset: { kind: "reset", incident: "i1" },
  arm: { kind: "arm", area: "a1" },
  disarm: { kind: "disarm", area: "a1" },
  isolate: { kind: "isolate", zone: "z1", forMs: dayMs },
  inhibit: { kind: "inhibit", zone: "z1" },
  reinstate: { kind: "reinstate", zone: "z1" },
  "take-out-for-repair": { kind: "take-out-for-repair", zone: "z1", guard: "li", forMs: dayMs },
  "set-posture": { kind: "set-posture", level: "level-1", issuer: "office", reference: "7", leader: "wang" },
  "declare-risk": { kind: "declare-risk", colour: "red", issuer: "office", reference: "7" },
  "let-pass": { kind: "let-pass", barrier: "b1", forMs: 60_000 },
  open: { kind: "open", barrier: "b1" },
  report: { kind: "report", step: "i1/r/s" },
  "work-order": { kind: "work-order", number: "W1", to: "fixed", note: "" },
  "duty-done": { kind: "duty-done", duty: "round", note: "all well" },
  "self-test": { kind: "self-test" },
  "start-drill": { kind: "start-drill", drill: "d1", zones: ["z1", "z2"], forMs: dayMs },
  "end-drill": { kind: "end-drill" },
  "start-walk-test": { kind: "start-walk-test", zones: [], forMs: 31 * dayMs },
  "end-walk-test": { kind: "end-walk-test" },
  "lock-out": { kind: "lock-out", barrier: "b1", note: "in the pit" },
  "clear-lock-out": { kind: "clear-lock-out", barrier: "b1" },
  "test-run": { kind: "test-run", barrier: "b1", direction: "close", mode: "normal" },
  "hold-run": { kind: "hold-run", barrier: "b1", direction: "close" },
  "end-run": { kind: "end-run", barrier: "b1" },
  "test-annunciator": { kind: "test-annunciator", annunciator: "siren-strobe", forMs: 2_000 },
};
const envelope = { id: "c1", issuers: ["anna"], reason: "", session: "s", ttlMs: 5000 };
const parse = (part: object) => parseCommand(JSON.stringify({ ...envelope, ...part }));

describe("a command from the hub", () => {
  it.each(Object.values(acts))("may be %o", (act) => {
    expect(parse({ act: { ...act, more: "is left out" } })).toEqual({ ...envelope, act });
  });

  it("may isolate without an end, and set a posture without a leader", () => {
    expect(parse({ act: { ...acts.isolate, forMs: null } }).act).toMatchObject({ forMs: null });
    expect(parse({ act: { ...acts["set-posture"], leader: null } }).act).toMatchObject({ leader: null });
  });

  it("A-01: carries what the issuers are, so that the box can ask for a technician, and knows no other role", () => {
    expect(parse({ act: acts.disarm, roles: ["technician"] }).roles).toEqual(["technician"]);
    expect(() => parse({ act: acts.disarm, roles: ["king"] })).toThrow(InvalidMessage);
    expect(parse({ act: { ...acts.arm, despite: true } }).act).toEqual({ ...acts.arm, despite: true });
  });

  it("carries the sign of duress", () => {
    expect(parse({ act: acts.disarm, duress: true }).duress).toBe(true);
    expect(() => parse({ act: acts.disarm, duress: "yes" })).toThrow(InvalidMessage);
  });

  const fields = Object.values(acts).flatMap((act) =>
    Object.keys(act)
      .filter((key) => key !== "kind")
      .map((key) => [act.kind, key, act] as const),
  );
  it.each(fields)("%s is refused without a sound %s", (_kind, key, act) => {
    const { [key]: _, ...without } = act as Act & Record<string, unknown>;
    const rubbish = [
      undefined,
      7,
      -1,
      1.5,
      32 * dayMs,
      {},
      true,
      "x".repeat(257),
      ["x".repeat(257)],
      Array(513).fill("a"),
    ];
    for (const value of rubbish) {
      const isSpan = key === "forMs" && value === 7;
      if (!isSpan) expect(() => parse({ act: { ...without, [key]: value } }), String(value)).toThrow(InvalidMessage);
    }
  });

  it.each([
    [{ kind: "self-destruct" }],
    [{ kind: "toString" }],
    [{ ...acts["set-posture"], level: "level-9" }],
    [{ ...acts["declare-risk"], colour: "green" }],
    [{ ...acts["work-order"], to: "open" }],
    [{ ...acts.arm, area: "" }],
    [null],
  ])("is refused as %o", (act) => {
    expect(() => parse({ act })).toThrow(InvalidMessage);
  });

  it.each([
    [{ issuers: Array(5).fill("a") }],
    [{ reason: "x".repeat(501) }],
    [{ reason: 1 }],
    [{ ttlMs: 0 }],
    [{ id: "" }],
  ])("is refused with %o around it", (part) => {
    expect(() => parse({ act: acts.silence, ...part })).toThrow(InvalidMessage);
  });
});
