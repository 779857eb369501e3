// A person lets an annunciator sound for a moment, to hear that it does; what really sounds is never touched.
import { fact } from "../../model/fact.js";
import { later } from "../../model/time.js";
import { isEvacuating, soundTestMsMax } from "../test-sounds.js";
import { type Carry, done, issuerOf, refused } from "./verdict.js";

export const testAnnunciator: Carry<"test-annunciator"> = ({ annunciator, forMs }, command, desk) => {
  const { config, durable, now } = desk;
  if (!config.annunciators.some(({ id }) => id === annunciator)) return refused("command.unknown-target");
  const isBusy = durable.soundTest !== null || durable.annunciators[annunciator] !== undefined;
  if (isBusy || isEvacuating(config, durable) || !(forMs > 0 && forMs <= soundTestMsMax))
    return refused("command.not-possible");
  const data = { annunciator, by: issuerOf(command), at: now, until: later(now, forMs) };
  return done([fact("soundtest.started", annunciator, data)]);
};
