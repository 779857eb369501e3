// Answers what people ask of the running box, from the controller's state and the books; cheap enough for the reaction thread.
import type { Question, QuestionKind, QuestionOf, Reply } from "../commissioning/questions.js";
import { PortcullisError } from "../model/error.js";
import { check, drives, holdOn, letGo } from "./answers/drives.js";
import { guidedLook, guidedNote, guidedPlan } from "./answers/guided.js";
import { due, handover, noteTest, sign } from "./answers/handover.js";
import { command, record } from "./answers/orders.js";
import type { AnswerParts } from "./answers/parts.js";
import { points } from "./answers/points.js";
import { seal } from "./answers/seal.js";
import { site } from "./answers/site.js";
import { vibration } from "./answers/vibration.js";
import { walk } from "./answers/walk.js";
import { why } from "./answers/why.js";
import { wiring } from "./answers/wiring.js";
import { tellFaults } from "./faults.js";

type Answer<K extends QuestionKind> = (question: QuestionOf<K>, parts: AnswerParts) => Reply<K> | Promise<Reply<K>>;

const answers: { readonly [K in QuestionKind]: Answer<K> } = {
  seal,
  why,
  faults: (_question, { state, now }) => ({ ok: true, body: tellFaults(state, now) }),
  points,
  site,
  drives,
  "hold-on": holdOn,
  "let-go": letGo,
  check,
  command,
  record,
  wiring,
  walk,
  "guided-plan": guidedPlan,
  "guided-look": guidedLook,
  "guided-note": guidedNote,
  vibration,
  handover,
  sign,
  "note-test": noteTest,
  due,
};

/** Never rejects. */
export async function answerQuestion(question: Question, parts: AnswerParts): Promise<Reply> {
  // The table is complete by type; the compiler cannot carry the kind from the key into the question.
  const answer = answers[question.kind] as (question: Question, parts: AnswerParts) => Reply | Promise<Reply>;
  try {
    return await answer(question, parts);
  } catch (error) {
    if (error instanceof PortcullisError) return { ok: false, ...error.trouble };
    return { ok: false, code: "api.internal", place: question.kind, detail: String(error) };
  }
}
