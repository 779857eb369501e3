// The wiring of a zone or point for programs and the command line: addresses, bands, what is probably wrong, how to test.
import { zoneKindTexts } from "../../../config/kinds.js";
import type { Text } from "../../model/text.js";
import type { ZoneConfig } from "../../model/zone.js";
import type { WiredPoint, WiringReply } from "../questions/wiring.js";
import { type CaseWords, wiringCases } from "./cases.js";
import { diagnose, roleOf, type ZoneRole } from "./diagnose.js";
import { type Found, type Offer, sayFound } from "./found.js";
import { howToTest } from "./how-to-test.js";
import { type Band, bandsOf } from "./loop.js";

export interface FoundView {
  readonly zone: string | null;
  readonly role: ZoneRole | null;
  readonly case: Found["case"];
  readonly tone: CaseWords["tone"];
  readonly seen: Text;
  readonly next: Text;
  /** The first of them; null where there is none. */
  readonly offer: Offer | null;
  readonly offers: readonly Offer[];
}

export type WiringView = Omit<WiringReply, "points"> & {
  readonly points: readonly (WiringReply["points"][number] & { readonly found: readonly FoundView[] })[];
  readonly loops: Readonly<Record<string, readonly Band[]>>;
  readonly howToTest: Readonly<Record<string, Text>>;
  readonly kinds: Readonly<Record<string, Text>>;
};

export function wiringView({ zones, points }: WiringReply): WiringView {
  const byZone = <T>(of: (zone: ZoneConfig) => T) => Object.fromEntries(zones.map((zone) => [zone.id, of(zone)]));
  return {
    zones,
    points: points.map((point) => ({ ...point, found: foundAt(point, zones, point.now) })),
    loops: Object.fromEntries(
      zones.flatMap((zone) => ("loop" in zone && zone.loop !== undefined ? [[zone.id, bandsOf(zone.loop)]] : [])),
    ),
    howToTest: byZone(({ kind }) => howToTest[kind]),
    kinds: byZone(({ kind }) => zoneKindTexts[kind]),
  };
}

/** In each zone that reads the point; of a point that none reads by itself. */
export function foundAt(
  wired: WiredPoint,
  zones: readonly ZoneConfig[],
  live: Parameters<typeof diagnose>[2],
): readonly FoundView[] {
  const readers = zones.filter((zone) => roleOf(zone, wired.config.id) !== null);
  const places = readers.length === 0 ? [null] : readers;
  return places.flatMap((zone) =>
    diagnose(wired, zone, live).map((found) => {
      const offers = found.offers ?? (found.offer === undefined ? [] : [found.offer]);
      const [zh, en] = [sayFound(found, "zh"), sayFound(found, "en")];
      return {
        zone: zone?.id ?? null,
        role: zone === null ? null : roleOf(zone, wired.config.id),
        case: found.case,
        tone: wiringCases[found.case].tone,
        seen: { zh: zh.seen, en: en.seen },
        next: { zh: zh.next, en: en.next },
        offer: offers[0] ?? null,
        offers,
      };
    }),
  );
}
