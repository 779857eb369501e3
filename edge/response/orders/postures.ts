// Posture and risk colour by order. Each comes with its issuer, its reference and the person who enters it.
import { type Fact, fact } from "../../model/fact.js";
import { type PostureLevel, postureLevels, riskColours } from "../../model/plan.js";
import type { Ward } from "../../model/state.js";
import { armedFacts } from "../arming/period.js";
import { responsesToPosture, responsesToRisk } from "../plan.js";
import { selfTestFacts } from "../self-test.js";
import { type Carry, done, issuerOf, refused } from "./verdict.js";

const isEmpty = (text: string | null) => text === null || text.trim() === "";
const reaches = (level: PostureLevel, other: PostureLevel) =>
  postureLevels.indexOf(level) >= postureLevels.indexOf(other);

/** Up: every level that is reached or passed responds. Down: frees nothing, for a lock-down is stood down by two persons. */
export const setPosture: Carry<"set-posture"> = ({ level, issuer, reference, leader }, command, desk) => {
  const from = desk.durable.posture.level;
  const isNamed = !isEmpty(issuer) && !isEmpty(reference) && (level !== "level-1" || !isEmpty(leader));
  if (!postureLevels.includes(level) || level === from || !isNamed) return refused("command.not-possible");
  const by = issuerOf(command);
  const changed = fact("posture.changed", desk.config.id, { level, from, issuer, reference, by, leader, at: desk.now });
  if (reaches(from, level)) return done([changed]);
  const responses = responsesToPosture(desk.config, from, level);
  return done([changed, ...standBy(level, desk), ...armPerimeter(level, desk)], {
    calls: [{ kind: "posture", place: desk.config.id, responses }],
  });
};

/** From level 2 on all that acts stands by ("待命", A-24). */
function standBy(level: PostureLevel, desk: Ward): readonly Fact[] {
  return reaches(level, "level-2") ? selfTestFacts("posture", desk, "acting") : [];
}

/** Level 1 arms every perimeter, whatever is active there. */
function armPerimeter(level: PostureLevel, desk: Ward): readonly Fact[] {
  if (level !== "level-1") return [];
  return desk.config.areas
    .filter(({ id, kind }) => kind === "perimeter" && desk.durable.armed[id] !== true)
    .flatMap((area) => armedFacts(area, "posture", desk));
}

/** The colour's own responses; never merged with the posture. */
export const declareRisk: Carry<"declare-risk"> = (
  { colour, issuer, reference },
  command,
  { config, durable, now },
) => {
  const from = durable.risk.colour;
  const isNamed = !isEmpty(issuer) && !isEmpty(reference);
  if (!riskColours.includes(colour) || colour === from || !isNamed) return refused("command.not-possible");
  const by = issuerOf(command);
  const declared = fact("risk.declared", config.id, { colour, from, issuer, reference, by, at: now });
  if (colour === "none") return done([declared]);
  return done([declared], { calls: [{ kind: "risk", place: config.id, responses: responsesToRisk(config, colour) }] });
};
