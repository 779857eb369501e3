// Why no alarm? From the trace book.
import type { Moment, QuestionOf, Reply, WhyReply } from "../../commissioning/questions.js";
import { traceLimits } from "../../health/trace-book.js";
import type { ZoneTrace } from "../../model/state.js";
import { type MonoMs, type Stamp, stampAt } from "../../model/time.js";
import { type AnswerParts, notFound } from "./parts.js";

const minuteMs = 60_000;

export function why({ zone: id, at }: QuestionOf<"why">, { state, traces, now }: AnswerParts): Reply<"why"> {
  const zone = state.config.zones.find((each) => each.id === id);
  if (zone === undefined) return notFound("zone", id);
  const minute = Math.floor((at ?? now.wall) / minuteMs) * minuteMs;
  if (minute > now.wall || minute <= now.wall - traceLimits.minutes * minuteMs) {
    return { ok: false, code: "api.invalid-query", place: "at", detail: "not within the last 24 hours" };
  }
  // Its middle: the clocks may have drifted apart since the book was begun.
  const { from, to, detail, before, ...told } = traces.ask(id, now.mono + (minute + minuteMs / 2 - now.wall));
  const moment = momentOf(now);
  const look = ({ at: lookedAt, verdict, seen, limit }: ZoneTrace) => ({ at: moment(lookedAt), verdict, seen, limit });
  const body: WhyReply = {
    ...told,
    name: zone.name,
    from: moment(from),
    to: moment(to),
    detail: detail.map(look),
    before: before === null ? null : look(before),
  };
  return { ok: true, body };
}

const momentOf =
  (now: Stamp) =>
  (mono: MonoMs): Moment => ({ time: new Date(stampAt(now, mono).wall).toISOString(), mono });
