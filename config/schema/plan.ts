// Schemas of responses, ways out for notifications, duties and signed deviations, the same as the types in edge/model/plan.ts.
import { type Static, Type } from "typebox";
import { causes } from "../../edge/model/incident.js";
import {
  type ChannelConfig,
  type DeviationConfig,
  type DutyConfig,
  dutyKinds,
  type FallbackConfig,
  type ResponseConfig,
  type TriggerConfig,
} from "../../edge/model/plan.js";
import { zoneTraits } from "../../edge/model/zone.js";
import { type Assert, choice, closed, id, ids, line, list, ms, type Same, text } from "./terms.js";

const trigger = Type.Unsafe<TriggerConfig>(
  Type.Object(
    {
      zones: Type.Optional(ids("Zone.", 1)),
      zoneKind: Type.Optional(Type.Enum(Object.keys(zoneTraits))),
      area: Type.Optional(id("All zones of this area.")),
      cause: Type.Optional(Type.Enum([...causes], { description: "One cause, whatever its zone." })),
      command: Type.Optional(Type.Literal("lock-down")),
      posture: Type.Optional(
        Type.Enum(["level-3", "level-2", "level-1"], { description: "Reached, or passed on the way." }),
      ),
      risk: Type.Optional(Type.Enum(["yellow", "orange", "red"], { description: "A declared risk colour." })),
    },
    { additionalProperties: false, minProperties: 1, maxProperties: 1 },
  ),
);

const fallback = Type.Unsafe<FallbackConfig>(
  Type.Object(
    {
      announce: Type.Optional(id("Annunciator.")),
      step: Type.Optional(id("Step of the same response, which waits for it.")),
    },
    {
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      description: "What else to do when the step is missed.",
    },
  ),
);

const step = {
  id: id("Unique within the response."),
  withinMs: ms("From the deciding sample to the confirmed effect.", 100, 86_400_000),
  fallback: Type.Optional(fallback),
};
const group = id("Group of barriers.");

const steps = choice(
  closed({ ...step, kind: Type.Literal("announce"), annunciator: id("Annunciator.") }),
  closed({ ...step, kind: Type.Literal("close"), group, mode: Type.Enum(["normal", "emergency"]) }),
  closed({ ...step, kind: Type.Literal("release"), group }),
  closed({ ...step, kind: Type.Literal("notify"), channel: id("Channel.") }),
  closed({
    ...step,
    kind: Type.Literal("report"),
    task: text,
    everyMs: Type.Optional(ms("Asked for again while the incident is open.", 10_000, 86_400_000)),
  }),
  closed({ ...step, kind: Type.Literal("switch"), point: id("Output that is held on.") }),
);

export const response = closed({ id: id(), name: text, on: list(trigger, 1, 32), steps: list(steps, 1, 32) });

export const channel = choice(
  closed({ id: id(), name: text, kind: Type.Literal("hub") }),
  closed({
    id: id(),
    name: text,
    kind: Type.Literal("output"),
    point: id("Output of a dialler, radio or broadcast, confirmed by the device."),
    payload: Type.Enum(["on", "text"], { description: "text: the message is written; on: the output goes on." }),
  }),
);

const minuteMs = 60_000;
const twoYearsMs = 63_072_000_000;

export const duty = closed({
  id: id(),
  name: text,
  kind: Type.Enum([...dutyKinds]),
  everyMs: ms("To be done again within.", minuteMs, twoYearsMs),
  everyRaisedMs: Type.Optional(ms("The same in any posture above normal.", minuteMs, twoYearsMs)),
  graceMs: ms("Overdue so long after that.", 0, twoYearsMs),
  device: Type.Optional(line("Device that a work order names.", 64)),
});

export const deviation = closed({
  response: id("Response."),
  step: id("Its step."),
  target: id("Barrier, annunciator, channel or output, as the timing proof shows it."),
  worstMs: ms("Accepted worst case.", 100, 86_400_000),
  reason: line("Why it is accepted.", 200),
  signedBy: list(
    closed({
      name: line("Who signed.", 64),
      on: Type.String({
        pattern: "^2[0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        description: "Date, YYYY-MM-DD, quoted.",
      }),
    }),
    2,
    8,
  ),
});

export type ResponseMatches = Assert<Same<Static<typeof response>, ResponseConfig>>;
export type ChannelMatches = Assert<Same<Static<typeof channel>, ChannelConfig>>;
export type DutyMatches = Assert<Same<Static<typeof duty>, DutyConfig>>;
export type DeviationMatches = Assert<Same<Static<typeof deviation>, DeviationConfig>>;
