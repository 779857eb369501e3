// Who may order what, complete for every act and role.
import { describe, expect, it } from "vitest";
import { type ActKind, type Role, roles } from "../../edge/model/command.js";
import { mayAct, mayPropose } from "../../edge/model/rights.js";

const all: readonly Role[] = roles;
const guards: readonly Role[] = ["operator", "supervisor", "administrator"];
const mechanics: readonly Role[] = ["technician", "administrator"];
const leaders: readonly Role[] = ["supervisor", "administrator"];

const may: Readonly<Record<ActKind, readonly Role[]>> = {
  "lock-down": all,
  "stand-down": guards,
  acknowledge: all,
  silence: all,
  reset: all,
  arm: all,
  disarm: all,
  isolate: ["supervisor", "technician", "administrator"],
  inhibit: guards,
  reinstate: all,
  "take-out-for-repair": leaders,
  "set-posture": leaders,
  "declare-risk": leaders,
  "let-pass": guards,
  open: leaders,
  report: all,
  "work-order": all,
  "duty-done": all,
  "self-test": all,
  "start-drill": leaders,
  "end-drill": leaders,
  "start-walk-test": all,
  "end-walk-test": all,
  "lock-out": mechanics,
  "clear-lock-out": all,
  "test-run": mechanics,
  "hold-run": mechanics,
  "end-run": all,
  "test-annunciator": all,
};

describe("a person's rights", () => {
  it.each(Object.entries(may) as [ActKind, readonly Role[]][])("A-22: let %s be ordered by %j only", (act, allowed) => {
    expect(roles.filter((role) => mayAct(role, act))).toEqual(roles.filter((role) => allowed.includes(role)));
  });

  it("let a technician propose to take a zone out for repair, and nothing else that he may not do", () => {
    const proposed = (Object.keys(may) as ActKind[]).filter(
      (act) => mayPropose("technician", act) && !mayAct("technician", act),
    );
    expect(proposed).toEqual(["take-out-for-repair"]);
  });
});
