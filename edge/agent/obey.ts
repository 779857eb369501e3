// A person's order on its way to the controller, and what must be on the disk before it acts or is answered.
import { inquiryLimits } from "../commissioning/inquiry.js";
import type { Clock } from "../machine/ports.js";
import { type Command, type CommandResult, urgentActs } from "../model/command.js";
import { fact } from "../model/fact.js";
import type { LockOutKeeper } from "./lock-outs.js";
import type { Recorder } from "./recorder.js";
import type { Records } from "./records.js";
import type { Runner } from "./runner.js";

export interface ObeyParts {
  readonly recorder: Pick<Recorder, "append">;
  readonly records: Pick<Records, "written" | "note">;
  readonly lockOuts: Pick<LockOutKeeper, "kept">;
  readonly machine: { readonly clock: Pick<Clock, "now" | "mono"> };
}

/** A command is durable before it acts, except where waiting would cost what it is to protect (rule 2). */
export async function obey(
  command: Command,
  runner: Pick<Runner, "command">,
  { recorder, records, lockOuts, machine }: ObeyParts,
): Promise<CommandResult> {
  if (!urgentActs.includes(command.act.kind)) {
    const { id, issuers, act, reason } = command;
    const now = machine.clock.now();
    const known = fact("operator.commanded", id, { command: id, issuers, act, reason });
    await recorder.append([{ fact: known, now, exercise: false }]);
    if (command.onSite === true && machine.clock.mono() - now.mono >= inquiryLimits.durableWithinMs)
      return late(command);
  }
  const result = runner.command(command);
  const { kind } = command.act;
  if (!result.ok || (kind !== "lock-out" && kind !== "clear-lock-out")) return result;
  await records.written();
  const isKept = await lockOuts.kept();
  // Nobody climbs into a pit on the word of a lock-out that the next power cut would undo; one that comes back does no harm.
  return isKept || kind === "clear-lock-out" ? result : { id: command.id, ok: false, code: "drive.lock-out-unkept" };

  /** Whoever gave it was told that there is no answer: a drive must not start by itself when the disk comes back. */
  function late({ id }: Command): CommandResult {
    records.note(fact("command.refused", id, { command: id, code: "command.expired" }));
    return { id, ok: false, code: "command.expired" };
  }
}
