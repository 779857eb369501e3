// Texts that the hub keeps for a spare box, in pieces that each fit into a record: the site's file and the commissioning book.
import { createHash } from "node:crypto";
import type { BookKeeper } from "../commissioning/book.js";
import type { Clock, Timer } from "../machine/ports.js";
import { type Fact, fact } from "../model/fact.js";
import { keptParts } from "../model/kept-parts.js";
import type { Settings } from "./settings.js";

/** The book changes with every run of a barrier; it goes up at most so often. */
export const bookEveryMs = 600_000;

/** What is told beside `config.applied`. The subject names the part, so that the hub keeps the last word on each. */
export function configKept({ config, revision, hash, text }: Settings): readonly Fact[] {
  return keptParts(text, hash).map((each) => fact("config.kept", `${config.id}/${each.part}`, { ...each, revision }));
}

interface BookCopyParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly book: Pick<BookKeeper, "read">;
  readonly edge: string;
  readonly note: (...facts: readonly Fact[]) => void;
}

export interface BookCopy {
  /** The book is on the disk. */
  saved(): void;
  stop(): void;
}

/** Tells the book after it was saved, if it says something else than when it was told last. */
export function copyBook({ clock, timer, book, edge, note }: BookCopyParts): BookCopy {
  let told = "";
  let toldAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;

  function tell(): void {
    cancel = null;
    const text = JSON.stringify(book.read());
    if (text === told) return;
    told = text;
    toldAt = clock.mono();
    const hash = createHash("sha256").update(text).digest("hex");
    note(...keptParts(text, hash).map((each) => fact("book.kept", `${edge}/${each.part}`, each)));
  }

  return {
    saved() {
      const at = toldAt + bookEveryMs;
      if (clock.mono() >= at) tell();
      else cancel ??= timer.at(at, tell);
    },
    stop() {
      cancel?.();
      if (cancel !== null) tell();
    },
  };
}
