// Duties that a person has done, and the self-test on demand.
import { dutyDoneFact } from "../duties.js";
import { selfTestFacts } from "../self-test.js";
import { type Carry, done, issuerOf, refused } from "./verdict.js";

/** A self-test is done by doing it, not by saying so. */
export const dutyDone: Carry<"duty-done"> = (act, command, desk) => {
  const duty = desk.config.duties?.find(({ id }) => id === act.duty);
  if (duty === undefined) return refused("command.unknown-target");
  if (duty.kind === "self-test") return refused("command.not-possible");
  return done([dutyDoneFact(duty, issuerOf(command), act.note, desk)]);
};

/** Counts for every self-test that is a duty. */
export const selfTest: Carry<"self-test"> = (_act, command, desk) => {
  const by = issuerOf(command);
  const duties = (desk.config.duties ?? []).filter(({ kind }) => kind === "self-test");
  return done([...selfTestFacts(by, desk, "all"), ...duties.map((duty) => dutyDoneFact(duty, by, "", desk))]);
};
