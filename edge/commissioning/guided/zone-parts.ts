// Zones whose detector is more than one contact: which parts are tested alone, which together, and what the zone's rule makes of each.
import type { Cause } from "../../model/incident.js";
import type { Text } from "../../model/text.js";
import type { BeamPairConfig, FibreConfig, RushConfig, TurnstileConfig, ZoneConfig } from "../../model/zone.js";
import type { GuidedKind, ZoneRule } from "./guided-test.js";

export interface ZonePart {
  /** Null: the zone as a whole. */
  readonly part: string | null;
  readonly kind: GuidedKind;
  readonly name: Text;
  readonly causes: readonly Cause[];
  readonly rule: ZoneRule;
  readonly words: Readonly<Record<string, string>>;
}

/** For so long a fibre at rest must count nothing, ms: a gust comes within it. */
export const quietMs = 30_000;
/** After one knock nothing more may count for its mask time and the ringing of a fence. */
const ringingMs = 2_000;

const t = (zh: string, en: string): Text => ({ zh, en });
const seconds = (ms: number) => String(ms / 1000);

export function partsOf(zone: ZoneConfig): readonly ZonePart[] {
  switch (zone.kind) {
    case "vibration-fibre":
      return fibreParts(zone);
    case "beam-pair":
      return pairParts(zone);
    case "vehicle-rush":
    case "pedestrian-rush":
      return rushParts(zone);
    case "turnstile":
      return turnstileParts(zone);
    default:
      return [];
  }
}

/** Quiet, and a knock for each of its sensitivities: one event, as many as are a cut, and activity that is a climb. */
function fibreParts({ level, settings }: FibreConfig): readonly ZonePart[] {
  const { eventCount, eventWindowMs, maskMs, sustainedMs } = settings;
  const points = [level];
  const whole = { points, expects: { kind: "breach" } } as const;
  const words = {
    n: String(eventCount),
    s: seconds(eventWindowMs),
    climb: seconds(sustainedMs),
    quiet: seconds(quietMs),
  };
  const oneEvent = { kind: "one-event", windowMs: eventWindowMs, settleMs: maskMs + ringingMs } as const;
  const knock: ZonePart = {
    part: "knock",
    kind: "fibre-knock",
    name: t("单次敲击", "one knock"),
    causes: [],
    rule: { points, expects: oneEvent },
    words,
  };
  return [
    {
      part: "quiet",
      kind: "fibre-quiet",
      name: t("静态电平", "quiet level"),
      causes: [],
      rule: { points, expects: { kind: "quiet", forMs: quietMs } },
      words,
    },
    // Where one event is enough a knock is the cut itself.
    ...(eventCount > 1 ? [knock] : []),
    { part: null, kind: "fibre-cut", name: t("剪切", "cut"), causes: ["fibre-cut"], rule: whole, words },
    { part: "climb", kind: "fibre-climb", name: t("攀爬", "climb"), causes: ["fibre-climb"], rule: whole, words },
  ];
}

function alone(
  kind: "beam-alone" | "loop-alone",
  which: { readonly part: string; readonly point: string; readonly name: Text },
  points: readonly string[],
): ZonePart {
  const { part, point, name } = which;
  return { part, kind, name, causes: [], rule: { points, expects: { kind: "alone", point } }, words: { point } };
}

function pairParts({ first, second, withinMs, counts }: BeamPairConfig): readonly ZonePart[] {
  const points = [first, second];
  const way = (from: string, to: string) => ({ from, to, s: seconds(withinMs) });
  const [inward, outward] = [way(first, second), way(second, first)];
  const breach = { points, expects: { kind: "breach" } } as const;
  const together: ZonePart = {
    part: null,
    kind: "beam-pair",
    name: t("两束依次", "both in order"),
    causes: [counts === "outward" ? "passed-outward" : "passed-inward"],
    rule: breach,
    words: counts === "outward" ? outward : inward,
  };
  const back = { part: "reverse", name: t("反向", "the other way"), words: counts === "outward" ? inward : outward };
  const uncounted = {
    kind: "look",
    verdict: "wrong-order",
    seen: counts === "outward" ? "inward" : "outward",
  } as const;
  return [
    alone("beam-alone", { part: "first", point: first, name: t("仅第一光束", "first beam alone") }, points),
    alone("beam-alone", { part: "second", point: second, name: t("仅第二光束", "second beam alone") }, points),
    together,
    counts === "both"
      ? { ...back, kind: "beam-pair", causes: ["passed-outward"], rule: breach }
      : { ...back, kind: "beam-reverse", causes: [], rule: { points, expects: uncounted } },
  ];
}

function rushParts({ kind, first, second, rushMs }: RushConfig): readonly ZonePart[] {
  const points = [first, second];
  return [
    alone("loop-alone", { part: "first", point: first, name: t("仅第一检测器", "first one alone") }, points),
    alone("loop-alone", { part: "second", point: second, name: t("仅第二检测器", "second one alone") }, points),
    {
      part: null,
      kind,
      name: t("依次", "both in order"),
      causes: [kind],
      rule: { points, expects: { kind: "breach" } },
      words: { from: first, to: second, s: seconds(rushMs) },
    },
  ];
}

function turnstileParts({ granted, passed, grantMs }: TurnstileConfig): readonly ZonePart[] {
  const points = [granted, passed];
  const words = { s: seconds(grantMs) };
  return [
    {
      part: "granted",
      kind: "turnstile-granted",
      name: t("授权通行", "passage on a grant"),
      causes: [],
      rule: { points, expects: { kind: "look", verdict: "granted" } },
      words,
    },
    {
      part: null,
      kind: "turnstile",
      name: t("尾随", "tailgating"),
      causes: ["tailgating"],
      rule: { points, expects: { kind: "breach" } },
      words,
    },
  ];
}
