// What an answer may look at and do on the reaction thread: all of it quick, or handed to the journal's worker.
import type { BookKeeper } from "../../commissioning/book.js";
import type { Reply } from "../../commissioning/questions.js";
import type { BlockBook } from "../../commissioning/vibration/block-book.js";
import type { State } from "../../controller.js";
import type { PointBook } from "../../health/point-book.js";
import type { TraceBook } from "../../health/trace-book.js";
import type { Command, CommandResult } from "../../model/command.js";
import type { Fact } from "../../model/fact.js";
import type { Input } from "../../model/state.js";
import type { Stamp } from "../../model/time.js";
import type { CheckDesk } from "../checks.js";
import type { Settings } from "../settings.js";

export interface AnswerParts {
  readonly site: string;
  /** Of the program. */
  readonly version: string;
  readonly settings: Pick<Settings, "revision" | "hash">;
  readonly state: State;
  readonly book: BookKeeper;
  readonly traces: TraceBook;
  readonly points: PointBook;
  readonly checks: CheckDesk;
  readonly blocks: BlockBook;
  readonly now: Stamp;
  /** Hands the controller an input at once; `present` is the state after it. */
  readonly feed: (input: Input) => void;
  readonly present: () => State;
  /** Durable before it acts, but for urgent acts. */
  readonly obey: (command: Command) => Promise<CommandResult>;
  /** Resolves when they are durable. */
  readonly record: (facts: readonly Fact[]) => Promise<void>;
}

export function notFound(place: string, detail: string): Extract<Reply, { ok: false }> {
  return { ok: false, code: "api.not-found", place, detail };
}
