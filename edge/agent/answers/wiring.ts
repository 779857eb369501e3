// How something is wired, for who stands before it with a screwdriver.
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import type { DriverConfig } from "../../model/wiring.js";
import { pointsOfZone } from "../../model/zone.js";
import { type AnswerParts, notFound } from "./parts.js";
import { pointNow } from "./points.js";

export function wiring({ zone, point }: QuestionOf<"wiring">, parts: AnswerParts): Reply<"wiring"> {
  const { config, index } = parts.state;
  const asked = config.zones.find(({ id }) => id === zone);
  if (zone !== null && asked === undefined) return notFound("zone", zone);
  const ids = new Set(asked === undefined ? [point] : pointsOfZone(asked));
  const book = { state: parts.state, book: parts.points, now: parts.now };
  const points = config.drivers.flatMap((driver) =>
    driver.points
      .filter(({ id }) => ids.has(id))
      .map((each) => ({
        driver: driver.id,
        kind: driver.kind,
        config: each,
        at: addressOf(driver),
        now: pointNow({ point: each, driver: driver.id, since: null }, book),
      })),
  );
  if (points.length === 0) return notFound("point", String(point ?? zone));
  const zones = asked === undefined ? (index.zonesOfPoint.get(String(point)) ?? []) : [asked];
  return { ok: true, body: { zones, points } };
}

function addressOf(driver: DriverConfig): string | null {
  if (driver.kind === "gpio") return driver.chip;
  return driver.kind === "opcua" ? driver.endpoint : null;
}
