// Questions on their way to the reaction thread: a few at a time, each with a time limit, so that a stalled controller is told
// and never waited for.
import type { Clock, Timer } from "../machine/ports.js";
import type { Question, QuestionKind, QuestionOf, Reply } from "./questions.js";

export const inquiryLimits = {
  pending: 16,
  /** Room that only orders and records may use, so that no flood of questions keeps a lock-down out. */
  reserved: 32,
  withinMs: 2_000,
  /** Orders and records wait for the disk. */
  durableWithinMs: 10_000,
} as const;

const durable: readonly QuestionKind[] = ["command", "record", "guided-note", "sign", "note-test", "check"];
/** What stops a drive finds room where orders do. */
const urgent: readonly QuestionKind[] = [...durable, "let-go"];

export interface Inquiry {
  /** Never rejects. */
  ask<K extends QuestionKind>(question: QuestionOf<K>): Promise<Reply<K>>;
  replied(id: number, reply: Reply): void;
}

export function createInquiry(
  machine: { readonly clock: Clock; readonly timer: Timer },
  send: (id: number, question: Question) => void,
): Inquiry {
  const pending = new Map<number, (reply: Reply) => void>();
  // An answer that a dead thread had waited for comes to the one that follows it: no two may ask under the same number.
  let lastId = Math.round(machine.clock.mono() * 1000);

  return {
    ask<K extends QuestionKind>(question: QuestionOf<K>) {
      const isDurable = durable.includes(question.kind);
      const room = inquiryLimits.pending + (urgent.includes(question.kind) ? inquiryLimits.reserved : 0);
      if (pending.size >= room) return Promise.resolve(refuse("api.throttled", `${pending.size} questions wait`));
      const withinMs = isDurable ? inquiryLimits.durableWithinMs : inquiryLimits.withinMs;
      return new Promise<Reply<K>>((resolve) => {
        lastId += 1;
        const id = lastId;
        const late = () => settle(refuse("api.no-answer", `not within ${withinMs} ms`));
        const cancel = machine.timer.at(machine.clock.mono() + withinMs, late);
        const settle = (reply: Reply) => {
          cancel();
          pending.delete(id);
          // The answer to a question has its kind; the thread's messages do not carry it.
          resolve(reply as Reply<K>);
        };
        pending.set(id, settle);
        send(id, question as Question);
      });
    },
    replied: (id, reply) => pending.get(id)?.(reply),
  };
}

function refuse(code: "api.throttled" | "api.no-answer", detail: string): Extract<Reply, { ok: false }> {
  return { ok: false, code, place: "controller", detail };
}
