// Would a lock-down succeed now?
import type { QuestionOf, Reply, SealReply } from "../../commissioning/questions.js";
import type { Text } from "../../model/text.js";
import { sealNow } from "../../response/seal.js";
import { type AnswerParts, notFound } from "./parts.js";

export function seal({ group: asked }: QuestionOf<"seal">, { state, now }: AnswerParts): Reply<"seal"> {
  const { config, durable, transient } = state;
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

function nameless(id: string): Text {
  return { zh: id, en: id };
}
