// What an answer may look at and do on the reaction thread: all of it quick, or handed to the journal's worker.
import type { Reply } from "../../commissioning/questions.js";
import type { BlockBook } from "../../commissioning/vibration/block-book.js";
import type { State } from "../../controller.js";
import type { PointBook } from "../../health/point-book.js";
import type { TraceBook } from "../../health/trace-book.js";
import type { Command, CommandResult } from "../../model/command.js";
import type { Fact } from "../../model/fact.js";
import type { Stamp } from "../../model/time.js";

export interface AnswerParts {
  readonly site: string;
  readonly state: State;
  readonly traces: TraceBook;
  readonly points: PointBook;
  readonly blocks: BlockBook;
  /** Of the configuration in force. */
  readonly revision: number;
  readonly now: Stamp;
  /** Durable before it acts, but for urgent acts. */
  readonly obey: (command: Command) => Promise<CommandResult>;
  /** Resolves when they are durable. */
  readonly record: (facts: readonly Fact[]) => Promise<void>;
}

export function notFound(place: string, detail: string): Extract<Reply, { ok: false }> {
  return { ok: false, code: "api.not-found", place, detail };
}
