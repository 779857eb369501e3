// The report as a file for others: each of its parts has a digest, and the box signs the digests, so that whoever has the box's
// public key finds on any machine whether something was altered, and what.
import { hash } from "node:crypto";
import type { Trouble } from "../../model/error.js";
import { canonical } from "../../record/canonical.js";
import type { KeyRing, Signer } from "../../record/sign.js";
import type { Report, ReportContent } from "./report.js";

export const reportFormat = "commissioning-report/1";

export interface SignedReport extends Report {
  readonly portcullis: typeof reportFormat;
  /** Of the content: what people sign. */
  readonly hash: string;
  /** SHA-256 (hex) of each part, by its place. */
  readonly digests: Readonly<Record<string, string>>;
  /** Empty, as the signature, where the box has no key. */
  readonly key: string;
  readonly signature: string;
}

/** SHA-256 (hex) of the canonical content. */
export function contentHash(content: ReportContent): string {
  return hash("sha256", canonical(content));
}

export function signReport(report: Report, signer: Signer | null): SignedReport {
  const { content, state } = report;
  const stated = {
    portcullis: reportFormat,
    hash: contentHash(content),
    digests: digestsOf(report),
    key: signer?.key ?? "",
  } as const;
  return { ...stated, content, state, signature: signer?.sign(canonical(stated)) ?? "" };
}

/** What does not agree with the box's signature; empty when all does. */
export function verifyReport(report: SignedReport, keys: KeyRing): readonly Trouble[] {
  const { portcullis, hash: stated, digests, key, signature } = report;
  const verdict =
    key === "" ? "unsigned" : keys.verify(key, canonical({ portcullis, hash: stated, digests, key }), signature);
  const altered = (place: string, detail: string): Trouble => ({ code: "report.altered", place, detail });
  const faults: Trouble[] = [];
  if (verdict === "unsigned") faults.push(altered("signature", "the box had no key; it is not signed"));
  if (verdict === "unknown-key") faults.push(altered("key", `signed with key ${key}, which is not given`));
  if (verdict === "wrong") faults.push(altered("signature", "not the key's over hash, digests and key"));
  const present = digestsOf(report);
  for (const [place, digest] of Object.entries(present)) {
    if (!Object.hasOwn(digests, place)) faults.push(altered(place, "added"));
    else if (digests[place] !== digest) faults.push(altered(place, "changed"));
  }
  for (const place of Object.keys(digests)) if (!Object.hasOwn(present, place)) faults.push(altered(place, "removed"));
  if (faults.length === 0 && contentHash(report.content) !== stated) faults.push(altered("content", "its order"));
  return [...faults, ...signatureFaults(report)];
}

/** What the report says of people's signatures must follow from its own content. */
function signatureFaults({ content, state }: SignedReport): readonly Trouble[] {
  const wanted = contentHash(content);
  return state.signatures
    .filter(({ hash: signed, isValid }) => isValid !== (signed === wanted))
    .map(({ by }) => ({
      code: "report.altered",
      place: `state/signatures/${by}`,
      detail: "does not fit the content that it is said to stand under",
    }));
}

/** One for each member, and of a list one for each entry, by what names it. */
function digestsOf({ content, state }: Report): Readonly<Record<string, string>> {
  const digests = new Map<string, string>();
  for (const [part, members] of Object.entries({ content, state })) {
    for (const [member, value] of Object.entries(members as object)) {
      for (const [name, entry] of entriesOf(value)) {
        const place = [part, member, ...(name === null ? [] : [name])].join("/");
        digests.set(digests.has(place) ? `${place}#${digests.size}` : place, hash("sha256", canonical(entry)));
      }
    }
  }
  return Object.fromEntries(digests);
}

function entriesOf(value: unknown): readonly (readonly [name: string | null, entry: unknown])[] {
  if (!Array.isArray(value)) return [[null, value]];
  return value.map((entry, at) => [nameOf(entry, at), entry]);
}

function nameOf(entry: unknown, at: number): string {
  const { id, by, what, subject, response, step, target } = Object(entry) as Readonly<Record<string, unknown>>;
  if (typeof id === "string") return id;
  if (typeof what === "string") return `${what}/${subject}`;
  if (typeof response === "string") return `${response}/${step}/${target}`;
  return typeof by === "string" ? by : String(at);
}

/** Null for what is no such report. */
export function reportIn(value: unknown): SignedReport | null {
  const {
    portcullis,
    hash: stated,
    digests,
    key,
    signature,
    content,
    state,
  } = Object(value) as Readonly<Record<string, unknown>>;
  const areTexts = [stated, key, signature].every((text) => typeof text === "string");
  const isMap = (each: unknown) => typeof each === "object" && each !== null && !Array.isArray(each);
  if (portcullis !== reportFormat || !areTexts || ![digests, content, state].every(isMap)) return null;
  const { signatures } = state as Readonly<Record<string, unknown>>;
  return Array.isArray(signatures) && signatures.every(isMap) ? (value as SignedReport) : null;
}
