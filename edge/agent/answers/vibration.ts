// What a vibration fibre's detector was given lately; it is judged again elsewhere.
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { type AnswerParts, notFound } from "./parts.js";

export function vibration(
  { zone: id, since }: QuestionOf<"vibration">,
  { state, blocks, settings: { revision }, now }: AnswerParts,
): Reply<"vibration"> {
  const zone = state.config.zones.find((each) => each.id === id);
  if (zone?.kind !== "vibration-fibre") return notFound("zone", `${id} is no vibration fibre with a level`);
  const { name, settings } = zone;
  return { ok: true, body: { zone: id, name, now: now.mono, revision, settings, run: blocks.since(id, since) } };
}
