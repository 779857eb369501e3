// Every point as it stands, with its newest samples.
import type { PointNow, PointsReply } from "../../commissioning/questions/points.js";
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { type PointBook, seenValue } from "../../health/point-book.js";
import type { PointConfig } from "../../model/wiring.js";
import type { AnswerParts } from "./parts.js";

export function points({ since }: QuestionOf<"points">, { state, points: book, now }: AnswerParts): Reply<"points"> {
  const heardSince = ({ id }: PointConfig) =>
    since === null || (state.transient.readings[id]?.heardAt ?? Number.NEGATIVE_INFINITY) > since;
  const told = state.config.drivers.flatMap((driver) =>
    driver.points
      .filter(heardSince)
      .map((point) => pointNow({ point, driver: driver.id, since }, { state, book, now })),
  );
  return { ok: true, body: { now: now.mono, points: told } satisfies PointsReply };
}

interface Which {
  readonly point: PointConfig;
  readonly driver: string;
  readonly since: number | null;
}

export function pointNow(
  { point: { id, direction }, driver, since }: Which,
  { state: { index, transient }, book, now }: Pick<AnswerParts, "state" | "now"> & { readonly book: PointBook },
): PointNow {
  const reading = transient.readings[id];
  const ids = (things: readonly { readonly id: string }[] | undefined) => (things ?? []).map((thing) => thing.id);
  return {
    point: id,
    direction,
    driver,
    driverUp: transient.linksDown[driver] === undefined,
    zones: ids(index.zonesOfPoint.get(id)),
    barriers: ids(index.barriersOfPoint.get(id)),
    quality: reading?.sample.quality ?? null,
    value: seenValue(reading?.sample.value ?? null),
    occurredAt: reading?.sample.occurredAt ?? null,
    sourceTime: reading?.sample.sourceTime ?? null,
    ageMs: reading === undefined ? null : Math.max(0, now.mono - reading.heardAt),
    samples: book.since(id, since),
  };
}
