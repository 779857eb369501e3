// Evidence of one incident: its records in full, between them the headers only of what does not concern it, up to a signed
// checkpoint. Whoever has the public key verifies that nothing was changed, left out or added.
import type { Trouble } from "../model/error.js";
import { isWhole, type JournalRecord, type KeptRecord } from "../model/record.js";
import { createAudit, type Findings } from "./audit.js";
import { canonical } from "./canonical.js";
import { checkpointType } from "./checkpoint.js";
import { dataHash, headerOf } from "./hash.js";
import { isShallow, misfitIn, misshapen, nestingMax } from "./shape.js";
import type { KeyRing, Signer } from "./sign.js";

export interface EvidenceContent {
  readonly portcullis: "evidence/1";
  readonly incident: string;
  /** Of every record in it. */
  readonly source: string;
  /** When and by which version it was made; ISO 8601 UTC. */
  readonly madeAt: string;
  readonly version: string;
  /** The configuration that was in force when the incident began; outside of the chain that is shown. */
  readonly config: JournalRecord | null;
  /** In the order of the journal. */
  readonly records: readonly KeptRecord[];
}

export interface Evidence extends EvidenceContent {
  readonly key: string;
  readonly signature: string;
}

/** Levels above its records. */
const recordsAt = 2;

export interface EvidenceFindings extends Findings {
  readonly ok: boolean;
}

/** While an incident is open these belong to it also when they do not name it: what people did, and what the box went through. */
const besides = [
  "operator.",
  "barrier.",
  "annunciator.",
  "lockdown.",
  "lane.",
  "posture.",
  "drill.",
  "agent.",
  "clock.",
];

/** Orders of an epoch between which the incident's records lie. */
interface Extent {
  readonly first: number;
  last: number;
  isCovered: boolean;
}

/** What `read` gives of the incident, read twice; null when nothing names it. */
export async function gatherEvidence(
  read: () => AsyncIterable<KeptRecord>,
  incident: string,
  about: Pick<EvidenceContent, "madeAt" | "version">,
): Promise<EvidenceContent | null> {
  const { extents, config, source } = await findExtents(read(), incident);
  if (extents.size === 0) return null;
  const records: KeptRecord[] = [];
  for await (const record of read()) {
    const extent = extents.get(record.epoch);
    if (extent === undefined || extent.isCovered || record.order < extent.first) continue;
    records.push(isWhole(record) && isShown(record, incident, extent) ? record : headerOf(record));
    extent.isCovered = record.type === checkpointType && record.order > extent.last;
  }
  return { portcullis: "evidence/1", incident, source, ...about, config, records };
}

async function findExtents(records: AsyncIterable<KeptRecord>, incident: string) {
  const extents = new Map<string, Extent>();
  let config: JournalRecord | null = null;
  let source = "";
  for await (const record of records) {
    if (!isWhole(record)) continue;
    if (extents.size === 0 && record.type === "config.applied") config = record;
    if (!concerns(record, incident)) continue;
    const extent = extents.get(record.epoch) ?? { first: record.order, last: record.order, isCovered: false };
    extents.set(record.epoch, Object.assign(extent, { last: record.order }));
    source = record.source;
  }
  return { extents, config, source };
}

export function signEvidence(content: EvidenceContent, signer: Signer): Evidence {
  return { ...content, key: signer.key, signature: signer.sign(canonical({ ...content, key: signer.key })) };
}

/** Faults of the signature, the chain, and the checkpoints. Records behind the last checkpoint stand under the bundle's own signature. */
export function verifyEvidence(evidence: Evidence, keys: KeyRing): EvidenceFindings {
  const { signature, ...signed } = evidence;
  const audit = createAudit({ keys, unsignedRecordsMax: Number.POSITIVE_INFINITY });
  const place = `evidence of ${evidence.incident}`;
  if (!isShallow(evidence, nestingMax + recordsAt)) {
    audit.fault({ code: "journal.oversize", place, detail: `nested deeper than ${nestingMax + recordsAt} levels` });
    return { ...audit.finish(), ok: false };
  }
  const verdict = keys.verify(evidence.key, canonical(signed), signature);
  const wrong = (detail: string): Trouble => ({ code: "journal.signature-wrong", place, detail });
  if (verdict === "unknown-key") audit.fault(wrong(`signed with key ${evidence.key}, which is not given`));
  else if (verdict === "wrong") audit.fault(wrong("the bundle's signature is not the key's"));
  for (const [at, record] of evidence.records.entries()) audit.check(record, `record ${at + 1}`);
  const { config } = evidence;
  const ofConfig = `${place}, configuration`;
  const misfit =
    config === null ? null : (misfitIn(config) ?? (isWhole(config) ? null : misshapen("/data", "missing")));
  if (misfit !== null) audit.fault({ ...misfit, place: ofConfig });
  else if (config !== null && config.datahash !== dataHash(config.salt, config.data))
    audit.fault({ code: "journal.chain-broken", place: ofConfig, detail: "data does not match datahash" });
  const findings = audit.finish();
  return { ...findings, ok: findings.faults.length === 0 };
}

/** The records that are there in full. */
export function shownRecords({ records }: Pick<EvidenceContent, "records">): readonly JournalRecord[] {
  return records.filter(isWhole);
}

function isShown(record: JournalRecord, incident: string, { last }: Extent): boolean {
  if (record.type === checkpointType || concerns(record, incident)) return true;
  return record.order <= last && besides.some((prefix) => record.type.startsWith(prefix));
}

function concerns({ type, subject, data }: JournalRecord, incident: string): boolean {
  return type !== "state.kept" && names({ subject, data }, incident);
}

/** The incident's id, or that of a step of it, is somewhere in the value. */
function names(value: unknown, incident: string): boolean {
  if (typeof value === "string") return value === incident || value.startsWith(`${incident}/`);
  return typeof value === "object" && value !== null && Object.values(value).some((each) => names(each, incident));
}
