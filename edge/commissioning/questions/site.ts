// What the box guards, by name: what a page needs beside the status to speak of zones and barriers.
import type { AreaConfig, BarrierConfig, GroupConfig } from "../../model/site.js";
import type { Text } from "../../model/text.js";
import type { ZoneKind } from "../../model/zone.js";

export interface SiteReply {
  readonly site: string;
  readonly edge: string;
  readonly name: Text;
  /** It has a hub to report to. */
  readonly hasHub: boolean;
  readonly areas: readonly Pick<AreaConfig, "id" | "name" | "kind">[];
  readonly zones: readonly {
    readonly id: string;
    readonly name: Text;
    readonly area: string;
    readonly kind: ZoneKind;
    readonly points: readonly string[];
  }[];
  readonly barriers: readonly Pick<BarrierConfig, "id" | "name" | "area" | "kind" | "travelMs" | "dualOpen">[];
  readonly groups: readonly Pick<GroupConfig, "id" | "name" | "barriers">[];
  readonly channels: readonly { readonly id: string; readonly name: Text }[];
  readonly annunciators: readonly { readonly id: string; readonly name: Text }[];
  readonly drivers: readonly { readonly id: string; readonly kind: string }[];
}
