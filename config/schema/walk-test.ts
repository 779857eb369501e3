// Schema of how a box is walk-tested.
import { type Static, Type } from "typebox";
import type { WalkTestConfig } from "../../edge/model/site.js";
import { type ZoneKind, zoneTraits } from "../../edge/model/zone.js";
import { type Assert, choice, closed, id, list, ms, type Same } from "./terms.js";

const hourMs = 3_600_000;
const twoYearsMs = 63_072_000_000;

/** What is protected is never quiet, so it is tried in drills and guided tests. */
const walkableKinds = (Object.keys(zoneTraits) as ZoneKind[]).filter((kind) => !zoneTraits[kind].isProtected);

const chirpMs = ms("How long it sounds.", 50, 2_000);
const every = (description: string) => ms(description, hourMs, twoYearsMs);

export const walkTest = closed(
  {
    chirp: Type.Optional(
      choice(
        closed({ kind: Type.Literal("annunciator"), annunciator: id("Answers each trigger."), ms: chirpMs }),
        closed({
          kind: Type.Literal("point"),
          point: id("Output that answers each trigger, and serves nothing else."),
          ms: chirpMs,
        }),
      ),
    ),
    everyMs: Type.Optional(every("Each detector must be walked again within; overdue it is a work order (A-20).")),
    everyOf: Type.Optional(
      list(
        closed({
          kind: Type.Unsafe<ZoneKind>(Type.Enum(walkableKinds)),
          everyMs: every("The same for zones of this kind."),
        }),
        1,
        32,
      ),
    ),
  },
  "Walk tests: what answers a trigger, and how often each zone must be walked.",
);

export type WalkTestMatches = Assert<Same<Static<typeof walkTest>, WalkTestConfig>>;
