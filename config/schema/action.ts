// Schemas of what acts: barriers, groups, annunciators, and the responses that set them off.
import { type Static, Type } from "typebox";
import type { ResponseConfig, TriggerConfig } from "../../edge/model/plan.js";
import { type AnnunciatorConfig, type BarrierConfig, barrierKinds, type GroupConfig } from "../../edge/model/site.js";
import { zoneKindTexts } from "../words.js";
import { type Assert, choice, closed, id, ids, line, list, ms, type Same, text } from "./terms.js";

const word = (description: string) => line(`Word that makes the drive ${description}.`, 64);

const drive = choice(
  closed({
    kind: Type.Literal("demand"),
    point: id("Output that takes the words."),
    close: word("close"),
    open: word("open"),
    stop: word("stop"),
    emergency: Type.Optional(word("close at emergency speed")),
  }),
  closed({
    kind: Type.Literal("relays"),
    close: id("Output that closes."),
    open: id("Output that opens."),
    emergency: Type.Optional(id("Output that closes at emergency speed.")),
  }),
);

const status = (description: string) => Type.Optional(id(`Input that is true ${description}.`));

export const barrier = closed({
  id: id(),
  name: text,
  area: id("Area to which the barrier belongs."),
  kind: Type.Enum([...barrierKinds]),
  entrance: Type.Enum(["main", "other"]),
  drive,
  closed: id("Position contact: true when it stops vehicles."),
  open: id("Position contact: true when the lane is free."),
  obstructed: status("when something blocks the motion"),
  fault: status("when the drive reports a fault"),
  powerOk: status("while the drive has power"),
  manual: status("while it is worked by hand"),
  lockOut: status("while a person has locked the drive"),
  interlocks: ids("Loop or light barrier, true when occupied; not good counts as occupied."),
  signal: Type.Optional(closed({ red: id("Output, red."), green: id("Output, green.") }, "Lane signal.")),
  sounder: Type.Optional(id("Output that warns before motion.")),
  travelMs: ms("Full run by the datasheet.", 100, 300_000),
  emergencyTravelMs: Type.Optional(ms("Full run at emergency speed.", 100, 300_000)),
  warnMs: ms("Red signal and sounder before motion.", 0, 60_000),
  emergencyWarnMs: Type.Optional(ms("The same before emergency motion.", 0, 60_000)),
  clearMs: ms("After a blocked close the interlocks must stay free this long.", 100, 60_000),
  onFire: Type.Enum(["open", "hold"], { description: "What it does on fire; must be declared (rule 8)." }),
  afterStandDown: Type.Enum(["open", "stay"]),
});

export const group = closed({
  id: id(),
  name: text,
  barriers: ids("Barrier, in the order of starting.", 1),
  staggerMs: ms("Pause between two starts, for the power supply.", 0, 60_000),
});

export const annunciator = closed({
  id: id(),
  name: text,
  kind: Type.Literal("siren-strobe"),
  points: ids("Output; all go on together.", 1),
  soundMsMax: ms("Cut-off, 90 s to 15 min.", 90_000, 900_000),
});

const zoneKind = Type.Enum(Object.keys(zoneKindTexts));

const trigger = Type.Unsafe<TriggerConfig>(
  Type.Object(
    {
      zones: Type.Optional(ids("Zone.", 1)),
      zoneKind: Type.Optional(zoneKind),
      area: Type.Optional(id("All zones of this area.")),
      command: Type.Optional(Type.Literal("lock-down")),
    },
    { additionalProperties: false, minProperties: 1, maxProperties: 1 },
  ),
);

const step = {
  id: id("Unique within the response."),
  withinMs: ms("From the deciding sample to the confirmed effect.", 100, 3_600_000),
  fallback: Type.Optional(closed({ announce: id("Annunciator.") }, "What else to do when the step is missed.")),
};

const steps = choice(
  closed({ ...step, kind: Type.Literal("announce"), annunciator: id("Annunciator.") }),
  closed({
    ...step,
    kind: Type.Literal("close"),
    group: id("Group of barriers."),
    mode: Type.Enum(["normal", "emergency"]),
  }),
  closed({ ...step, kind: Type.Literal("release"), group: id("Group of barriers.") }),
);

export const response = closed({ id: id(), name: text, on: list(trigger, 1, 32), steps: list(steps, 1, 32) });

export type BarrierMatches = Assert<Same<Static<typeof barrier>, BarrierConfig>>;
export type GroupMatches = Assert<Same<Static<typeof group>, GroupConfig>>;
export type AnnunciatorMatches = Assert<Same<Static<typeof annunciator>, AnnunciatorConfig>>;
export type ResponseMatches = Assert<Same<Static<typeof response>, ResponseConfig>>;
