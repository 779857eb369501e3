// Questions on their way to the reaction thread: a few at a time, each with a time limit, so that a stalled controller is told
// and never waited for.
import type { Clock, Timer } from "../machine/ports.js";
import type { Question, Reply } from "./questions.js";

export const inquiryLimits = { pending: 16, withinMs: 2_000 } as const;

export interface Inquiry {
  /** Never rejects. */
  ask(question: Question): Promise<Reply>;
  replied(id: number, reply: Reply): void;
}

export function createInquiry(
  machine: { readonly clock: Clock; readonly timer: Timer },
  send: (id: number, question: Question) => void,
): Inquiry {
  const pending = new Map<number, (reply: Reply) => void>();
  let lastId = 0;

  return {
    ask(question) {
      if (pending.size >= inquiryLimits.pending) {
        return Promise.resolve(refuse("api.throttled", `${inquiryLimits.pending} questions wait`));
      }
      return new Promise((resolve) => {
        lastId += 1;
        const id = lastId;
        const late = () => settle(refuse("api.no-answer", `not within ${inquiryLimits.withinMs} ms`));
        const cancel = machine.timer.at(machine.clock.mono() + inquiryLimits.withinMs, late);
        const settle = (reply: Reply) => {
          cancel();
          pending.delete(id);
          resolve(reply);
        };
        pending.set(id, settle);
        send(id, question);
      });
    },
    replied: (id, reply) => pending.get(id)?.(reply),
  };
}

function refuse(code: "api.throttled" | "api.no-answer", detail: string): Reply {
  return { ok: false, code, place: "controller", detail };
}
