// The self-test: all that is not as it should be at this moment, each with its reason. It switches nothing.
import type { Obstacle, ObstacleReason } from "../model/command.js";
import type { BarrierState } from "../model/durable.js";
import { type Fact, fact } from "../model/fact.js";
import type { Quality } from "../model/point.js";
import { pointsOf } from "../model/site.js";
import type { Ward } from "../model/state.js";
import { availabilityOf } from "./faults.js";

/** `acting`: only what acts, for stand-by in posture level 2. */
export type SelfTestScope = "all" | "acting";

/** `by`: a person, or what began it by itself. */
export function selfTestFacts(by: string, ward: Ward, scope: SelfTestScope): readonly Fact[] {
  const { config, durable, now } = ward;
  const findings = [...actingFindings(ward), ...(scope === "all" ? sensingFindings(ward) : [])];
  const availability = availabilityOf(config, durable, now);
  return [fact("selftest.done", config.id, { by, findings, availability, at: now })];
}

const finding =
  (why: ObstacleReason) =>
  (subject: string): Obstacle => ({ subject, why });

const wrongStates: Partial<Record<BarrierState, ObstacleReason>> = {
  unknown: "contact-unknown",
  obstructed: "obstructed",
  "locked-out": "locked-out",
  fault: "drive-fault",
  manual: "manual",
  "power-lost": "power-lost",
};

function actingFindings({ config, durable, linksDown, unconfirmed }: Ward): readonly Obstacle[] {
  const barriers = config.barriers.flatMap(({ id }) => {
    const why = wrongStates[durable.barriers[id] ?? "unknown"];
    return why === undefined ? [] : [finding(why)(id)];
  });
  return [
    ...Object.keys(linksDown).map(finding("driver-lost")),
    ...unconfirmed.map(finding("output-not-confirmed")),
    ...barriers,
  ];
}

const wrongQualities: Partial<Record<Quality, ObstacleReason>> = {
  stale: "silent",
  lost: "signal-lost",
  tampered: "tampered",
  "out-of-range": "loop-out-of-range",
};

function sensingFindings({ config, durable, conditions, readings, now }: Ward): readonly Obstacle[] {
  const points = pointsOf(config).filter(({ direction }) => direction === "in");
  const wrong = points.flatMap(({ id }) => {
    const quality = readings[id]?.sample.quality;
    const why = quality === undefined ? "not-seen" : wrongQualities[quality];
    return why === undefined ? [] : [finding(why)(id)];
  });
  const unseen = config.zones.filter(({ id }) => (conditions[id]?.kind ?? "unknown") === "unknown");
  return [
    ...wrong,
    ...unseen.map(({ id }) => finding("not-seen")(id)),
    ...Object.values(durable.workOrders).map(({ device }) => finding("work-order-open")(device)),
    ...(now.clock === "never-set" ? [finding("clock-untrusted")(config.id)] : []),
  ];
}
