// What a walk test gave goes into the commissioning book, zone by zone, when it ends.
import type { BookKeeper } from "../commissioning/book.js";
import type { RecorderEntry } from "./recorder-messages.js";

export function noteWalkTests(book: Pick<BookKeeper, "noteWalkTest">, entries: readonly RecorderEntry[]): void {
  for (const { fact: known } of entries) {
    if (known.type !== "walktest.ended") continue;
    const { at, person, by, results } = known.data;
    const zones = results.map(({ zone, count, worstMs, worstHeardMs }) => {
      const result = count > 0 ? ("passed" as const) : ("not-triggered" as const);
      return [zone, { hits: count, worstMs, worstHeardMs, result }] as const;
    });
    book.noteWalkTest({
      at: new Date(at.wall).toISOString(),
      person,
      endedBy: by,
      zones: Object.fromEntries(zones),
    });
  }
}
