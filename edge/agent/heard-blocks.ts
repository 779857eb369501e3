// Keeps the blocks that a vibration fibre's detector took, beside the step that judged them.
import type { BlockBook } from "../commissioning/vibration/block-book.js";
import { initialFibre } from "../detection/vibration-fibre.js";
import type { Sample } from "../model/point.js";
import type { Runner } from "./runner.js";

/** Steps the sample; what the controller did not hand to a detector, such as history, is not kept. */
export function feedSample(runner: Runner, book: Pick<BlockBook, "note">, sample: Sample): void {
  const { value } = sample;
  const before = runner.state().transient.zones;
  runner.feed({ kind: "sample", sample });
  if (typeof value !== "object" || value === null) return;
  const { index, transient } = runner.state();
  for (const zone of index.zonesOfPoint.get(sample.point) ?? []) {
    const after = transient.zones[zone.id]?.fibre;
    if (zone.kind !== "vibration-fibre" || after === undefined || after === before[zone.id]?.fibre) continue;
    book.note(zone, value, { before: before[zone.id]?.fibre ?? initialFibre(), after });
  }
}
