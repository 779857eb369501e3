// All that report and inventory are made of, in one answer, so that it belongs to one moment; and what is signed, entered and due.
import type { Durable } from "../../model/durable.js";
import type { FactMap } from "../../model/fact.js";
import type { EdgeConfig } from "../../model/site.js";
import type { Stamp } from "../../model/time.js";
import type { Book } from "../book.js";
import type { FaultsReply } from "../questions.js";
import type { TestResult } from "../tests-book.js";

export interface HandoverReply {
  readonly site: string;
  /** Of the program. */
  readonly version: string;
  readonly revision: number;
  /** Of the configuration. */
  readonly hash: string;
  readonly config: EdgeConfig;
  /** Without silent hold-ups. */
  readonly durable: Durable;
  readonly book: Book;
  readonly faults: FaultsReply;
  /** Share 0 to 1 of the trial run for which inputs could be seen. */
  readonly trialAvailability: number;
  readonly now: Stamp;
}

export interface SignAsk {
  readonly signature: Omit<FactMap["report.signed"], "at">;
  readonly duress: boolean;
}

export interface NoteTestAsk {
  readonly result: Omit<TestResult, "at">;
}

export interface DueAsk {
  /** As `{kind}:{id}`. */
  readonly devices: readonly string[];
}

/** It is done. */
export type DoneReply = Readonly<Record<string, never>>;
