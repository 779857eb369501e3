// Schemas of what acts: barriers, groups, annunciators, fail-safe relays.
import { type Static, Type } from "typebox";
import {
  type AnnunciatorConfig,
  type BarrierConfig,
  barrierKinds,
  type DriveConfig,
  type FailSafeConfig,
  type GroupConfig,
} from "../../edge/model/site.js";
import { impactRating } from "./area.js";
import { type Assert, choice, closed, flag, id, ids, line, ms, type Same, text, whole } from "./terms.js";

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
  // The type says that a lock has no emergency order; a schema says so by not naming it.
  Type.Unsafe<Extract<DriveConfig, { kind: "lock" }>>(
    closed({ kind: Type.Literal("lock"), lock: id("Output that is held on to lock; off it is unlocked.") }),
  ),
);

const status = (description: string) => Type.Optional(id(`Input that is true ${description}.`));

export const barrier = closed({
  id: id(),
  name: text,
  area: id("Area to which the barrier belongs."),
  kind: Type.Enum([...barrierKinds]),
  entrance: Type.Enum(["main", "other"]),
  drive,
  closed: id("Position contact: true when it stops whom it is to stop; of a lock, door shut and bolted."),
  open: Type.Optional(id("Position contact: true when the lane is free; may be absent for a passage lock only.")),
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
  onControlLoss: Type.Optional(
    Type.Enum(["hold", "opens"], {
      description: "What the drive does by itself when the box cannot reach it; absent: hold.",
    }),
  ),
  afterStandDown: Type.Enum(["open", "stay"]),
  releaseWired: Type.Optional(
    Type.Literal(true, { description: "The fire panel releases the lock by its own wiring (rule 8)." }),
  ),
  releaseInside: Type.Optional(Type.Literal(true, { description: "A release stands inside (rule 8)." })),
  keepFree: Type.Optional(
    Type.Enum(["emergency-exit", "fire-lane"], { description: "May stand in no group, so nothing can close it." }),
  ),
  dualOpen: Type.Optional(flag("Two persons must order it to open.")),
  impactRating,
  serviceCycles: Type.Optional(whole("Runs between two services.", 1, 10_000_000)),
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
  kind: Type.Enum(["siren-strobe", "strobe", "evacuation"]),
  points: ids("Output; all go on together.", 1),
  soundMsMax: ms("Cut-off, 90 s to 15 min.", 90_000, 900_000),
  yieldsToEvacuation: Type.Optional(flag("Silent while an evacuation announcement plays.")),
  resoundMs: Type.Optional(
    ms(
      "Sounds again so long after it was silenced while its incident is neither acknowledged nor reset.",
      30_000,
      3_600_000,
    ),
  ),
});

export const failSafe = closed(
  {
    alarm: Type.Optional(id("Output that is on while no alarm stands.")),
    healthy: Type.Optional(id("Output that is on while the box is sound.")),
    pulseMs: Type.Optional(
      ms("Half a period of `healthy`, for a time relay that falls when nothing switches.", 500, 60_000),
    ),
  },
  "Relays that speak by falling; de-energised is bad.",
);

export type FailSafeMatches = Assert<Same<Static<typeof failSafe>, FailSafeConfig>>;
export type BarrierMatches = Assert<Same<Static<typeof barrier>, BarrierConfig>>;
export type GroupMatches = Assert<Same<Static<typeof group>, GroupConfig>>;
export type AnnunciatorMatches = Assert<Same<Static<typeof annunciator>, AnnunciatorConfig>>;
