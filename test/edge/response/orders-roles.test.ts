// The controller asks for the right itself: whoever sent the order, the hub too, what the table forbids is refused.
import { describe, expect, it } from "vitest";
import { type Act, type ActKind, type Command, type Role, roles } from "../../../edge/model/command.js";
import { mayAct } from "../../../edge/model/rights.js";
import { consider } from "../../../edge/response/order.js";
import { wardOf, yard } from "./yard.js";

/** Each of something that the yard does not have, so that what is allowed is refused for that. */
const acts: { readonly [K in ActKind]: Extract<Act, { kind: K }> } = {
  "lock-down": { kind: "lock-down", group: "nowhere" },
  "stand-down": { kind: "stand-down", group: "nowhere", barriers: ["nowhere"] },
  acknowledge: { kind: "acknowledge", incident: "nowhere" },
  silence: { kind: "silence" },
  reset: { kind: "reset", incident: "nowhere" },
  arm: { kind: "arm", area: "nowhere" },
  disarm: { kind: "disarm", area: "nowhere" },
  isolate: { kind: "isolate", zone: "nowhere", forMs: null },
  inhibit: { kind: "inhibit", zone: "nowhere" },
  reinstate: { kind: "reinstate", zone: "nowhere" },
  "take-out-for-repair": { kind: "take-out-for-repair", zone: "nowhere", guard: "zhao", forMs: 1 },
  "set-posture": { kind: "set-posture", level: "normal", issuer: "", reference: "", leader: null },
  "declare-risk": { kind: "declare-risk", colour: "none", issuer: "", reference: "" },
  "let-pass": { kind: "let-pass", barrier: "nowhere", forMs: 1 },
  open: { kind: "open", barrier: "nowhere" },
  report: { kind: "report", step: "nowhere" },
  "work-order": { kind: "work-order", number: "nowhere", to: "fixed", note: "" },
  "duty-done": { kind: "duty-done", duty: "nowhere", note: "" },
  "self-test": { kind: "self-test" },
  "start-drill": { kind: "start-drill", drill: "d", zones: [], forMs: 1 },
  "end-drill": { kind: "end-drill" },
  "start-walk-test": { kind: "start-walk-test", zones: [], forMs: 1 },
  "end-walk-test": { kind: "end-walk-test" },
  "lock-out": { kind: "lock-out", barrier: "nowhere", note: "" },
  "clear-lock-out": { kind: "clear-lock-out", barrier: "nowhere" },
  "test-run": { kind: "test-run", barrier: "nowhere", direction: "close", mode: "normal" },
  "hold-run": { kind: "hold-run", barrier: "nowhere", direction: "close" },
  "end-run": { kind: "end-run", barrier: "nowhere" },
  "test-annunciator": { kind: "test-annunciator", annunciator: "nowhere", forMs: 1 },
};
const rows = Object.values(acts).flatMap((act) => roles.map((role) => [act.kind, role, act] as const));

function codeOf(act: Act, held?: readonly Role[]): string {
  const by: Pick<Command, "roles"> = held === undefined ? {} : { roles: held };
  const verdict = consider(
    { id: "c", issuers: ["li", "wang"], reason: "test", onSite: true, act, ...by },
    wardOf(yard([])),
  );
  return verdict.ok ? "" : verdict.code;
}

describe("the right to an order", () => {
  it.each(rows)("A-22: %s by a person who is %s is obeyed as the table of rights says", (kind, role, act) => {
    expect(codeOf(act, [role]) === "command.not-allowed").toBe(!mayAct(role, kind));
  });

  it.each(Object.values(acts))("A-22: $kind by somebody of whom nothing is said is an operator's", (act) => {
    expect(codeOf(act)).toBe(codeOf(act, ["operator"]));
  });

  it("is nobody's who is nothing", () => {
    expect(codeOf({ kind: "silence" }, [])).toBe("command.not-allowed");
    expect(codeOf({ kind: "lock-down", group: "nowhere" }, [])).toBe("command.not-allowed");
  });

  it("A-30: is given where one asks who may only propose, and one agrees who may", () => {
    expect(codeOf(acts["take-out-for-repair"], ["technician"])).toBe("command.not-allowed");
    expect(codeOf(acts["take-out-for-repair"], ["technician", "supervisor"])).toBe("command.unknown-target");
  });
});
