// Answers what people ask of the running box, from the controller's state and the trace book; cheap enough for the reaction thread.
import type { Moment, Question, Reply, SealReply, WhyReply } from "../commissioning/questions.js";
import type { State } from "../controller.js";
import { type TraceBook, traceLimits } from "../health/trace-book.js";
import type { ZoneTrace } from "../model/state.js";
import type { Text } from "../model/text.js";
import { type MonoMs, type Stamp, stampAt } from "../model/time.js";
import { sealNow } from "../response/seal.js";
import { tellFaults } from "./faults.js";

const minuteMs = 60_000;

export interface AnswerParts {
  readonly state: State;
  readonly traces: TraceBook;
  readonly now: Stamp;
}

export function answerQuestion(question: Question, parts: AnswerParts): Reply {
  switch (question.kind) {
    case "seal":
      return seal(question.group, parts);
    case "why":
      return why(question, parts);
    case "faults":
      return { ok: true, body: tellFaults(parts.state, parts.now) };
  }
}

function seal(asked: string | null, { state: { config, durable, transient }, now }: AnswerParts): Reply {
  const groups = config.groups.filter(({ id }) => asked === null || id === asked);
  if (asked !== null && groups.length === 0) return notFound("group", asked);
  const { readings, linksDown } = transient;
  const nameOf = (id: string) => config.barriers.find((barrier) => barrier.id === id)?.name ?? nameless(id);
  const looked = groups.map(({ id, name }) => {
    const { ok, totalMs, barriers } = sealNow({ config, durable, readings, linksDown, now }, id);
    return {
      group: id,
      name,
      ok,
      totalMs,
      barriers: barriers.map((each) => ({ ...each, name: nameOf(each.barrier) })),
    };
  });
  return {
    ok: true,
    body: { ok: looked.length > 0 && looked.every(({ ok }) => ok), groups: looked } satisfies SealReply,
  };
}

function why({ zone: id, at }: Extract<Question, { kind: "why" }>, { state, traces, now }: AnswerParts): Reply {
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

function nameless(id: string): Text {
  return { zh: id, en: id };
}

function notFound(place: string, detail: string): Reply {
  return { ok: false, code: "api.not-found", place, detail };
}
