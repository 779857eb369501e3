// Schemas of areas, of detectors that confirm each other, and of fixed obstacles.
import { type Static, Type } from "typebox";
import { type AreaConfig, areaKinds, type ConfirmationConfig, type FixtureConfig } from "../../edge/model/site.js";
import { type Assert, closed, flag, id, ids, line, list, ms, type Same, text, whole } from "./terms.js";

const time = (description: string) =>
  Type.Optional(
    Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", description: `${description} HH:MM, quoted.` }),
  );

const schedule = closed({
  days: Type.Array(whole("1 = Monday to 7 = Sunday.", 1, 7), { minItems: 1, maxItems: 7, uniqueItems: true }),
  armAt: time("Arms by itself at."),
  disarmAt: time("Disarms by itself at."),
});

export const area = closed({
  id: id(),
  name: text,
  kind: Type.Enum([...areaKinds], { description: "Kind of place, by norm 001 clause 5." }),
  armedAtStart: flag("State before any operator has armed or disarmed it."),
  grade: Type.Optional(Type.Enum([1, 2, 3, 4], { description: "Security grade; 2 where it is not said." })),
  entryMs: Type.Optional(ms("From a breach on the entry route to the alarm; never on a perimeter.", 0, 45_000)),
  exitMs: Type.Optional(ms("From the order to arm to the armed state.", 0, 300_000)),
  schedule: Type.Optional(list(schedule, 1, 32)),
});

export const confirmation = closed({
  id: id(),
  zones: ids("Zone.", 2),
  needed: whole("So many of them make the alarm.", 2, 64),
  withinMs: ms("Within this time.", 100, 600_000),
});

/** Of a barrier or a fixed obstacle. */
export const impactRating = Type.Optional(line("For example 7.5 t at 48 km/h.", 64));

export const fixture = closed({
  id: id(),
  name: text,
  area: id("Area to which it belongs."),
  count: whole("How many stand there.", 1, 1000),
  impactRating,
});

export type AreaMatches = Assert<Same<Static<typeof area>, AreaConfig>>;
export type ConfirmationMatches = Assert<Same<Static<typeof confirmation>, ConfirmationConfig>>;
export type FixtureMatches = Assert<Same<Static<typeof fixture>, FixtureConfig>>;
