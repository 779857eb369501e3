// What a site consists of, as a hub must know it to show names and places.
import type { ChannelConfig, DeviationConfig, DutyConfig } from "./plan.js";
import type { AreaConfig, BarrierConfig, FixtureConfig, GroupConfig } from "./site.js";
import type { Text } from "./text.js";
import type { Subsystem, ZoneConfig, ZoneKind } from "./zone.js";

/** What a hub needs to show names; sent with every `config.applied`. */
export interface Inventory {
  readonly edge: Text;
  readonly areas: readonly AreaConfig[];
  readonly zones: readonly (Pick<ZoneConfig, "id" | "name" | "area" | "camera" | "position"> & {
    readonly kind: ZoneKind;
    readonly subsystem: Subsystem;
    /** False: a bare contact, whose cable can be cut unseen. */
    readonly supervised: boolean;
  })[];
  readonly barriers: readonly Pick<
    BarrierConfig,
    "id" | "name" | "area" | "kind" | "entrance" | "impactRating" | "onControlLoss" | "dualOpen"
  >[];
  readonly fixtures: readonly FixtureConfig[];
  readonly channels: readonly ChannelConfig[];
  readonly duties: readonly DutyConfig[];
  /** Always displayed. */
  readonly deviations: readonly DeviationConfig[];
  readonly groups: readonly GroupConfig[];
  readonly annunciators: readonly { readonly id: string; readonly name: Text }[];
}
