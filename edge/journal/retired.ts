// How a segment goes, so that at no moment anything is missing without a word: it gets a name that says so and gives its room
// back, its tombstone is recorded, and only then the rest of the file is removed. What a power cut leaves is ended after the start.
import type { Disk } from "../machine/ports.js";
import { isWhole, type KeptRecord, type LaneHead } from "../model/record.js";
import { isText } from "../record/shape.js";
import { alarmsOf } from "./alarm-places.js";
import type { SegmentHeader } from "./line.js";
import { encodeHeader, epochOf, isSegmentName, openSegment, type Segment } from "./segment.js";

/** Why segments go. */
export const retirementLimits = ["journal.retention", "journal.quota"] as const;
export type RetirementLimit = (typeof retirementLimits)[number];

/** A stretch that is gone: for the tombstone. */
export interface Retired {
  readonly limit: RetirementLimit;
  readonly epoch: string;
  readonly ranges: string;
  /** Until there nothing is left of the lanes; not known when the epoch is gone and with it what followed. */
  readonly upTo: readonly Pick<LaneHead, "lane" | "sequence">[];
  /** What is left of the segment until its tombstone is on the medium. */
  readonly file: string;
}

const suffixOf = (limit: RetirementLimit) => `.${limit.slice("journal.".length)}`;

/** The segment that the file was, and why it goes; null for any other file. */
export function retiredIn(file: string): { readonly name: string; readonly limit: RetirementLimit } | null {
  for (const limit of retirementLimits) {
    const name = file.slice(0, -suffixOf(limit).length);
    if (file.endsWith(suffixOf(limit)) && isSegmentName(name)) return { name, limit };
  }
  return null;
}

/** From here on the segment counts as gone. Rejects with the system's error while it is still there. */
export async function retire(disk: Disk, { name, header }: Segment, limit: RetirementLimit): Promise<string> {
  const file = name + suffixOf(limit);
  await disk.rename(name, file);
  await disk.syncFolder();
  try {
    const rest = await disk.open(file, "append");
    await rest.truncate(encodeHeader(header).length).finally(() => rest.close());
    await disk.remove(alarmsOf(name));
  } catch {
    // What gives no room back now does so when the file goes.
  }
  return file;
}

/** `after`: where the lanes stood at the segment's end, null when that is not known. */
export function retiredOf(
  { header, file, limit }: { header: SegmentHeader; file: string; limit: RetirementLimit },
  after: readonly LaneHead[] | null,
): Retired {
  const startOf = (lane: string) => header.heads.find((head) => head.lane === lane)?.sequence ?? 0;
  const rangeOf = ({ lane, sequence }: LaneHead) => `${lane} ${startOf(lane) + 1}..${sequence}`;
  const ranges =
    after === null
      ? header.heads.map(({ lane }) => `${lane} ${startOf(lane) + 1}..`)
      : after.filter(({ lane, sequence }) => sequence > startOf(lane)).map(rangeOf);
  const upTo = (after ?? []).map(({ lane, sequence }) => ({ lane, sequence }));
  return { limit, epoch: header.epoch, ranges: ranges.join(", "), upTo, file };
}

/** What the last life has left of segments that it let go: `names` of the folder, `segments` that are kept. */
export async function leftOver(disk: Disk, names: readonly string[], segments: readonly Segment[]): Promise<Retired[]> {
  const found: { readonly name: string; readonly file: string; readonly limit: RetirementLimit }[] = [];
  for (const file of names) {
    const retired = retiredIn(file);
    if (retired !== null) found.push({ ...retired, file });
  }
  const opened = await Promise.all(found.map(async (each) => ({ ...each, ...(await openSegment(disk, each.file)) })));
  const headers = segments.map(({ name, header }) => ({ name, header }));
  for (const each of opened) if ("segment" in each) headers.push({ name: each.name, header: each.segment.header });
  headers.sort((one, other) => (one.name < other.name ? -1 : 1));
  return opened.map((each) => {
    const { name, file, limit } = each;
    const epoch = epochOf(name);
    if (!("segment" in each)) return { limit, epoch, ranges: "", upTo: [], file };
    const next = headers.find((other) => other.name > name)?.header;
    return retiredOf({ header: each.segment.header, file, limit }, next?.epoch === epoch ? next.heads : null);
  });
}

/** The file whose tombstone the record is; null when it is none, or of an older version. */
export function buriedIn(record: KeptRecord): string | null {
  const file = isWhole(record) && record.type === "limit.reached" ? record.data["file"] : null;
  return isText(file) ? file : null;
}
