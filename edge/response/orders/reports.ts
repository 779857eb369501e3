// A person's report that a step is done: stamped with the moment it was given, in time or late.
import { reportedFacts } from "../steps.js";
import { type Carry, done, issuerOf, refused } from "./verdict.js";

export const report: Carry<"report"> = (act, command, { durable, now }) => {
  const step = durable.steps[act.step];
  if (step === undefined || step.action.kind !== "report") return refused("command.unknown-target");
  const facts = reportedFacts(step, issuerOf(command), now);
  return facts.length === 0 ? refused("command.not-possible") : done(facts);
};
