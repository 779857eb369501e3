// Two boxes on one data folder: they give the same numbers to different records. Told from what each says of its lanes when it
// greets, so that the one that is behind is noticed too, although it has nothing to send.
import type { AlarmMark } from "../../edge/model/hub-fact.js";
import type { LaneHead } from "../../edge/model/record.js";
import { laneKey } from "../../edge/record/verify.js";
import { type Book, keyText, type Ledger, type OwnFact } from "../ledger/ledger.js";
import { numberKey, unknownHash } from "./receive.js";

export interface BoxName {
  readonly site: string;
  readonly edge: string;
}

export interface Greeting {
  readonly heads: readonly LaneHead[];
  /** False when the broker kept it from earlier: the box may have gone on since. */
  readonly isLive: boolean;
}

export interface ForkPorts {
  readonly book: Pick<Book, "headsOf">;
  readonly ledger: Pick<Ledger, "hashes">;
  /** Whether an alarm with this key stands. */
  readonly stands: (key: string) => boolean;
}

/** The alarm of an epoch that two boxes continue: one, whichever of its lanes show it. */
export function forkFact({ site, edge }: BoxName, { epoch }: Pick<LaneHead, "epoch">, detail: string): OwnFact {
  const alarm = { key: `chain.forked/${site}/${edge}/${epoch}`, priority: 1 };
  return { type: "chain.forked", lane: "alarm", subject: edge, data: { alarm, site, edge, detail } };
}

function forkKey({ data }: OwnFact): string {
  return (data["alarm"] as AlarmMark).key;
}

/**
 * Of the heads that a box told: those under whose number the ledger holds another record, and those that are behind what
 * the box itself has sent. Such a box begins a new epoch before it writes anything; its journal was copied, cut or restored.
 * A fork shows at every greeting and in several lanes; its epoch is told once, while that alarm does not stand.
 */
export async function findForks(
  box: BoxName,
  { heads, isLive }: Greeting,
  ports: ForkPorts,
): Promise<readonly OwnFact[]> {
  const here = new Map(ports.book.headsOf(box.site, box.edge).map((head) => [laneKey(head), head.sequence]));
  const known = heads.filter((head) => head.sequence <= (here.get(laneKey(head)) ?? 0));
  const hashes = await ports.ledger.hashes(known.map(({ hash: _, ...key }) => ({ ...box, ...key })));
  const forks = known.flatMap((head) => {
    const { hash: theirs, ...key } = head;
    const ours = hashes.get(keyText({ ...box, ...key })) ?? unknownHash;
    const sequence = here.get(laneKey(head)) ?? 0;
    if (head.sequence > 0 && ours !== unknownHash && ours !== theirs)
      return [forkFact(box, head, `${numberKey(head)} has the hash ${ours} here and ${theirs} at the box`)];
    if (isLive && head.sequence < sequence)
      return [forkFact(box, head, `${laneKey(head)} reaches ${sequence} here and ${head.sequence} at the box`)];
    return [];
  });
  const keys = forks.map(forkKey);
  return forks.filter((fork, index) => keys.indexOf(forkKey(fork)) === index && !ports.stands(forkKey(fork)));
}
