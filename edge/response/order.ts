// An operator's command: what it may do now, as facts. Life safety waits for none, and none overrules an interlock.
import { type Act, type ActKind, type Command, dualActs, onSiteActs } from "../model/command.js";
import { mayOrder } from "../model/rights.js";
import type { Ward } from "../model/state.js";
import { arm, disarm } from "./orders/areas.js";
import { clearLockOut, endRun, holdRun, lockOut, testRun } from "./orders/drives.js";
import { dutyDone, selfTest } from "./orders/duties.js";
import { endDrill, endWalkTest, startDrill, startWalkTest } from "./orders/exercises.js";
import { acknowledge, reset, silence } from "./orders/incidents.js";
import { letPass, open } from "./orders/lanes.js";
import { lockDown, standDown } from "./orders/lock-downs.js";
import { declareRisk, setPosture } from "./orders/postures.js";
import { report } from "./orders/reports.js";
import { testAnnunciator } from "./orders/sound-tests.js";
import { type Carry, personsOf, refused, rolesOf, type Verdict } from "./orders/verdict.js";
import { moveWorkOrder } from "./orders/work-orders.js";
import { inhibit, isolate, reinstate, takeOutForRepair } from "./orders/zones.js";

export type { Call, Verdict } from "./orders/verdict.js";

const carries: { readonly [K in ActKind]: Carry<K> } = {
  "lock-down": lockDown,
  "stand-down": standDown,
  acknowledge,
  silence,
  reset,
  arm,
  disarm,
  isolate,
  inhibit,
  reinstate,
  "take-out-for-repair": takeOutForRepair,
  "set-posture": setPosture,
  "declare-risk": declareRisk,
  "let-pass": letPass,
  open,
  report,
  "work-order": moveWorkOrder,
  "duty-done": dutyDone,
  "self-test": selfTest,
  "start-drill": startDrill,
  "end-drill": endDrill,
  "start-walk-test": startWalkTest,
  "end-walk-test": endWalkTest,
  "lock-out": lockOut,
  "clear-lock-out": clearLockOut,
  "test-run": testRun,
  "hold-run": holdRun,
  "end-run": endRun,
  "test-annunciator": testAnnunciator,
};

/** Somebody who may stands for every command, two different persons for acts that need them (design section 4). */
export function consider(command: Command, desk: Ward): Verdict {
  const persons = personsOf(command).length;
  if (persons === 0 || !mayOrder(rolesOf(command), command.act.kind)) return refused("command.not-allowed");
  if (onSiteActs.includes(command.act.kind) && command.onSite !== true) return refused("command.on-site-only");
  if (dualActs.includes(command.act.kind) && persons < 2) return refused("command.needs-two-persons");
  // The table is complete by type; the compiler cannot carry the kind from the key into the act.
  const carry = carries[command.act.kind] as (act: Act, command: Command, desk: Ward) => Verdict;
  return carry(command.act, command, desk);
}
