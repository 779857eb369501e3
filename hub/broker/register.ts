// The hub's register of box certificates in its key folder: one file per certificate that was issued or met, one per
// revocation. Single files, because the command line revokes beside a running hub.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../edge/machine/whole-file.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { Admission } from "./admission.js";

export interface Certificate {
  /** `{site}.{edge}`. */
  readonly name: string;
  /** Capital hexadecimal digits. */
  readonly serial: string;
  /** `met`: somebody else has signed it with our authority's key, and a box has come with it. */
  readonly via: "enrolment" | "renewal" | "met";
  /** ISO 8601 UTC: when it was issued, or met first. */
  readonly since: string;
  /** Whoever gave the code, or the box itself. */
  readonly by: string;
  /** ISO 8601 UTC; null where the hub has not seen the certificate itself. */
  readonly expiresAt: string | null;
  /** SHA-256 of its public key; null where the hub has not seen it. */
  readonly keyId: string | null;
  readonly pem: string | null;
}

export interface Revocation {
  readonly name: string;
  /** Null: whatever bears the name, unless the hub has issued it itself after this. */
  readonly serial: string | null;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  /** Stands in the hub's chain. */
  readonly recorded: boolean;
}

export interface Register {
  /** Oldest first. */
  certificates(): readonly Certificate[];
  revocations(): readonly Revocation[];
  isRevoked(serial: string): boolean;
  add(certificate: Certificate): void;
  revoke(...revocations: readonly Revocation[]): void;
  /** Takes in what another process has written; true when there was something. */
  reload(): boolean;
  admission(): Admission;
}

const keptAfterExpiryMs = 30 * 86_400_000;

/** `now`: wall clock, ms; certificates that ended long before are forgotten. @throws PortcullisError for a damaged file. */
export function openRegister(pkiDir: string, now: number): Register {
  const folders = { issued: join(pkiDir, "issued"), revoked: join(pkiDir, "revoked") };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const certificates = new Map<string, Certificate>();
  const revocations = new Map<string, Revocation>();

  let admission: Admission | null = null;

  function reload(): boolean {
    const isNew = readNew(folders.issued, certificates);
    const isOther = readNew(folders.revoked, revocations);
    if (isNew || isOther) admission = null;
    return isNew || isOther;
  }

  function forgetExpired(): void {
    for (const [file, { expiresAt }] of certificates) {
      if (expiresAt === null || Date.parse(expiresAt) + keptAfterExpiryMs > now) continue;
      certificates.delete(file);
      rmSync(join(folders.issued, file), { force: true });
    }
  }

  const isRevoked = (serial: string) => revocations.has(`${serial}.json`);
  reload();
  forgetExpired();
  return {
    certificates: () => [...certificates.values()].sort((one, other) => (one.since < other.since ? -1 : 1)),
    revocations: () => [...revocations.values()],
    isRevoked,
    add(certificate) {
      const file = `${certificate.serial}.json`;
      write(join(folders.issued, file), certificate);
      certificates.set(file, certificate);
      admission = null;
    },
    revoke(...added) {
      for (const revocation of added) {
        const file = `${revocation.serial ?? revocation.name}.json`;
        write(join(folders.revoked, file), revocation);
        revocations.set(file, revocation);
      }
      admission = null;
    },
    reload,
    admission() {
      admission ??= admissionOf([...certificates.values()], [...revocations.values()]);
      return admission;
    },
  };
}

function admissionOf(certificates: readonly Certificate[], revocations: readonly Revocation[]): Admission {
  const revoked = new Set(revocations.flatMap(({ serial }) => serial ?? []));
  const closed = revocations.filter(({ serial }) => serial === null).map(({ name }) => name);
  const only = new Map<string, string[]>(closed.map((name) => [name, []]));
  for (const { name, serial, via } of certificates)
    if (via !== "met" && !revoked.has(serial)) only.get(name)?.push(serial);
  return { revoked: [...revoked], only: Object.fromEntries(only) };
}

/** Certificates of a box that are not revoked. */
export function livingOf(register: Register, name: string): readonly Certificate[] {
  return register.certificates().filter((each) => each.name === name && !register.isRevoked(each.serial));
}

/** Everything that bears the name, known or not. */
export function revocationsOf(
  register: Register,
  name: string,
  why: Pick<Revocation, "at" | "by" | "reason">,
): readonly Revocation[] {
  const serials = [...livingOf(register, name).map(({ serial }) => serial), null];
  return serials.map((serial) => ({ name, serial, ...why, recorded: false }));
}

/**
 * Shuts out whatever bears the name but the certificate of one key, once for the same reason; gives the serial numbers that
 * have lost their force for it.
 */
export function shutOut(
  register: Register,
  name: string,
  { except, ...why }: Pick<Revocation, "at" | "by" | "reason"> & { readonly except: string },
): readonly string[] {
  const ofReason = () => register.revocations().filter((each) => each.name === name && each.reason === why.reason);
  const spared = livingOf(register, name).find(({ keyId }) => keyId === except)?.serial ?? "";
  // The word on the name is written last: where it stands all is done.
  if (!ofReason().some(({ serial }) => serial === null))
    register.revoke(...revocationsOf(register, name, why).filter(({ serial }) => serial !== spared));
  return ofReason().flatMap(({ serial }) => serial ?? []);
}

/** A certificate with what became of it. */
export interface CertificateState extends Omit<Certificate, "pem" | "keyId"> {
  readonly revoked: Pick<Revocation, "at" | "by" | "reason"> | null;
  readonly connected: boolean;
}

/** `present`: serial number by name of those who are connected. */
export function statesOf(register: Register, present: ReadonlyMap<string, string>): readonly CertificateState[] {
  const revoked = new Map(register.revocations().map((each) => [each.serial, each]));
  return register.certificates().map(({ pem: _pem, keyId: _keyId, ...shown }) => {
    const { at, by, reason } = revoked.get(shown.serial) ?? {};
    const mark = at === undefined || by === undefined || reason === undefined ? null : { at, by, reason };
    return { ...shown, revoked: mark, connected: present.get(shown.name) === shown.serial };
  });
}

function write(path: string, content: object): void {
  writeWhole(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Adds to `known` the files of `folder` that are not in it; names are file names. */
function readNew<T>(folder: string, known: Map<string, T>): boolean {
  const added = readdirSync(folder).filter((file) => file.endsWith(".json") && !known.has(file));
  for (const file of added) known.set(file, read<T>(join(folder, file)));
  return added.length > 0;
}

/** Fails rather than leaves a certificate admitted that somebody has revoked. */
function read<T>(path: string): T {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (cause) {
    throw new PortcullisError({ code: "keys.register-damaged", place: path, detail: String(cause) }, { cause });
  }
}
